"""Which of the desktop's input methods the window can be typed into with: PyPI's Qt speaks to ibus alone.

fcitx5 answers ibus' protocol, fcitx4 needs its own plugin (packaging/linux/fcitx); packaging/linux/deb/fazhi-ledger
lets Qt take the first that gets an answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container, Iterable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

# Well-known names on the session's bus, and what the clerk knows each as. The first that is there is the one in use.
_RUNNING = (("org.fcitx.Fcitx5", "fcitx5"), ("org.freedesktop.IBus", "ibus"), ("org.fcitx.Fcitx", "fcitx4"))
_IDENTITIES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_PLUGINS = {"fcitx5": "ibus", "ibus": "ibus", "fcitx4": "fcitx"}  # by which plugin each is spoken to


def plugins() -> list[str]:
    """The names of Qt's own input method plugins on this machine, in order."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
    return sorted(
        path.stem.removeprefix("lib").removesuffix("platforminputcontextplugin") for path in folder.glob("*plugin.*")
    )


def on_the_bus() -> list[str] | None:
    """The input methods that run in this session; None where there is no session's bus to ask."""
    if not _has_bus():  # asking would start one
        return None
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return None
    names = bus.interface()
    return [called for name, called in _RUNNING if names.isServiceRegistered(name).value()]


def _has_bus() -> bool:
    return (
        bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
        or Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"), "bus").exists()
    )


def has_identity() -> bool:
    """Whether the machine has the id without which D-Bus, and so every input method but the plain keyboard, ends."""
    return any(path.is_file() and path.stat().st_size for path in _IDENTITIES)


def verdict(running: Iterable[str] | None, shipped: Container[str]) -> str:
    """One line for the clerk: what runs, and whether Chinese can be typed with it."""
    if running is None:
        return "不在桌面里运行，看不到输入法"
    running = list(running)
    if not running:
        return "没有看到正在运行的输入法，只能打英文和数字"
    if _PLUGINS[running[0]] in shipped:
        return f"{running[0]}，能输入中文"
    return f"{running[0]}，在本程序里打不出中文，请换成 fcitx5 或 ibus"


def words() -> str:
    """The line for this machine, now."""
    if sys.platform == "win32":
        return "Windows 自带的输入法，能输入中文"
    if not has_identity():
        return "这台电脑缺 /etc/machine-id，输入法不能用；请管理员执行 systemd-machine-id-setup，重新登录"
    return verdict(on_the_bus(), plugins())
