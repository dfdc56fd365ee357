"""What is pasted or dropped into a field: how much of it is taken, and in what form."""

from __future__ import annotations

import re

from PySide6.QtCore import QMimeData

LONGEST_LINE = 2_000  # characters in one paste into a field of one line
LONGEST_TEXT = 100_000  # characters in one paste into a field of several lines

_BREAK = re.compile(r"[^\S\n]*[\r\n\v\f\u0085\u2028\u2029][\s\u2028\u2029]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def folded(text: str) -> str:
    """`text` as one line: a break between Latin words becomes a blank, between 汉字 nothing; tabs become blanks."""

    def joint(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return " " if before.isascii() and after.isascii() and before and after else ""

    text = text.strip()
    return _CONTROL.sub("", _BREAK.sub(joint, text).replace("\t", " "))


def too_long(count: int, longest: int) -> str:
    """The sentence that refuses a paste of `count` characters."""
    return f"粘贴的内容有 {count:,} 字，这一栏一次最多粘贴 {longest:,} 字；没有粘贴，原来的内容不变。"


def has_files(mime: QMimeData) -> bool:
    """Whether files are dropped: they belong to the record, not into a field."""
    return any(url.isLocalFile() for url in mime.urls())
