"""Makes files and folders unwritable as the system does it: by permissions, or for root by a read-only mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest


def mount(*arguments: str) -> None:
    """Run mount; skip the test where that is not permitted."""
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mount is not permitted: {done.stderr.strip()}")


@contextmanager
def make_unwritable() -> Generator[Callable[[Path], None]]:
    """Give a function that makes a file or folder unwritable until the block ends."""
    undo: list[Callable[[], object]] = []

    def make(path: Path) -> None:
        if os.geteuid():
            for part in (path, *path.glob("*")):
                mode = part.stat().st_mode
                undo.append(lambda part=part, mode=mode: part.chmod(mode))
                part.chmod(mode & 0o555)
        else:
            mount("--bind", str(path), str(path))
            undo.append(lambda: subprocess.run(["umount", "-l", str(path)], check=True))
            mount("-o", "remount,ro,bind", str(path))

    try:
        yield make
    finally:
        for step in reversed(undo):
            step()
