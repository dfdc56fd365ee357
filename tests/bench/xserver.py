"""A virtual X server and a watcher that sees windows being mapped on it (Xlib through ctypes)."""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager

SCREEN = "1920x1080x24"
_SUBSTRUCTURE_NOTIFY = 1 << 19
_MAP_NOTIFY = 19


class _MapEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("event", ctypes.c_ulong),
        ("window", ctypes.c_ulong),
        ("override_redirect", ctypes.c_int),
    )


class _Event(ctypes.Union):
    _fields_ = (("type", ctypes.c_int), ("map", _MapEvent), ("pad", ctypes.c_long * 24))


class Watcher:
    """Listens for windows of the root window of a display. Raises OSError when Xlib or the display is not there."""

    def __init__(self, display: str) -> None:
        self._x = xlib = ctypes.CDLL("libX11.so.6")
        xlib.XOpenDisplay.restype = ctypes.c_void_p
        xlib.XDefaultRootWindow.restype = ctypes.c_ulong
        pointer, number = ctypes.c_void_p, ctypes.c_ulong
        for name in ("XDefaultRootWindow", "XPending", "XConnectionNumber"):
            getattr(xlib, name).argtypes = [pointer]
        xlib.XSelectInput.argtypes = [pointer, number, ctypes.c_long]
        xlib.XNextEvent.argtypes = [pointer, pointer]
        xlib.XGetGeometry.argtypes = [pointer, number] + [pointer] * 7
        xlib.XSync.argtypes = [pointer, ctypes.c_int]
        self._ignore = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer)(_ignored)  # a window may be gone again
        xlib.XSetErrorHandler(self._ignore)
        self._display = xlib.XOpenDisplay(display.encode())
        if not self._display:
            raise OSError(f"no X display {display}")
        xlib.XSelectInput(self._display, xlib.XDefaultRootWindow(self._display), _SUBSTRUCTURE_NOTIFY)
        xlib.XSync(self._display, 0)

    def forget(self) -> None:
        """Drop what has happened so far."""
        event = _Event()
        self._x.XSync(self._display, 0)
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, ctypes.byref(event))

    def mapped(self, limit: float, least: tuple[int, int] = (300, 200)) -> int | None:
        """The moment (time.monotonic_ns) at which a window of at least this size is mapped; None after `limit` s."""
        event, end = _Event(), time.monotonic() + limit
        while time.monotonic() < end:
            if not self._x.XPending(self._display):
                select.select([self._x.XConnectionNumber(self._display)], [], [], 0.05)
                continue
            self._x.XNextEvent(self._display, ctypes.byref(event))
            moment = time.monotonic_ns()
            if event.type == _MAP_NOTIFY and self._is_large(event.map.window, least):
                return moment
        return None

    def _is_large(self, window: int, least: tuple[int, int]) -> bool:
        root, x, y = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        places = [ctypes.byref(value) for value in (root, x, y, width, height, border, depth)]
        found = self._x.XGetGeometry(self._display, window, *places)
        return bool(found) and width.value >= least[0] and height.value >= least[1]


def _ignored(_display: int, _event: int) -> int:
    return 0


@contextmanager
def virtual_display() -> Generator[str | None]:
    """A fresh Xvfb and its display's name; None where Xvfb is not installed or does not start."""
    program = shutil.which("Xvfb")
    if program is None:
        yield None
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        yield f":{number}" if number else None
    finally:
        server.terminate()
        server.wait(10)
