"""What takes long, told on stderr by the command line: each part in words, and how far it is on a terminal."""

from __future__ import annotations

import sys

from db.store.opening import Watch


def told_on_stderr(title: str = "正在整理台账") -> Watch:
    """A watch that writes each part on a line of its own, to which a terminal gets the percentage."""
    line = _Line(title)
    return Watch(line.part, line.progress)


class _Line:
    """The line of the part that is being done."""

    def __init__(self, title: str) -> None:
        self._title, self._words, self._percent = title, "", -1

    def part(self, words: str) -> None:
        """Begin a part."""
        self._words, self._percent = words, -1
        sys.stderr.write(f"{self._title}：{words}……\n")
        sys.stderr.flush()

    def progress(self, done: int, total: int) -> bool:
        """Write the percentage anew when it has changed; nothing stops it but the interrupt key."""
        percent = done * 100 // total if total else -1
        if percent != self._percent and sys.stderr.isatty():
            self._percent = percent
            sys.stderr.write(f"\r{percent:3d}%" if percent >= 0 else "\r    \r")
            sys.stderr.write("\n" if percent == 100 else "")
            sys.stderr.flush()
        return True
