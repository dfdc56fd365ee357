"""Text that a spreadsheet program would take for something else when it opens a .csv file, and the way back.

A text that begins with = + - @ (half or full width), a tab or a line break would run as a formula; digits with a zero
in front or more than 11 of them would become a number and lose some. Both get an apostrophe in front, as a clerk types
it; reading takes it off again. An .xlsx file needs none of it: there a text is marked as one.
"""

from __future__ import annotations

import re

APOSTROPHE = "'"
_GUARDED = re.compile(r"'*(?:[=+\-@\t\r\n＝＋－＠].*|0[0-9]+|[0-9]{12,})", re.DOTALL)


def guarded(text: str) -> str:
    """The text as a .csv file may hold it; `unguarded` gives it back."""
    return APOSTROPHE + text if _GUARDED.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given; one that was not guarded comes back as it is."""
    return text[1:] if text.startswith(APOSTROPHE) and _GUARDED.fullmatch(text, 1) else text
