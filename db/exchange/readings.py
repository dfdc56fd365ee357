"""What a cell says, as the readers of cells tell it, and a cell as text."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, NamedTuple

from db.exchange.book import Cell
from db.rules.numbering import DOCUMENT_NUMBER, WRITTEN_NUMBER, mend

NOTHING = frozenset(("", "-", "--", "—", "——", "/", "\\", "／", "无数据", "空", "#N/A"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how .xlsx writes characters that XML has no place for
# What ends a title, behind which a number may follow with nothing between; a 机关代字 holds none of it.
_ENDINGS = "通知|报告|请示|批复|意见|决定|方案|办法|纪要|通报|公告|通告|的函"
_JOINED = re.compile(
    rf"(?:^|(?<=[\s《》“”\"：:，,；;。、（）()\[\]【】])|(?<={_ENDINGS}))(?![\u4e00-\u9fff]*(?:关于|的|通知|报告|请示))"
    rf"{WRITTEN_NUMBER}(?:\s*号|(?=\s|$|关于|[《）)\]】]))"
)
_AROUND = " \t\r\n　：:，,、；;。"
_OPENING, _CLOSING = '（([【〔“"', '）)]】〕”"'
_WRAPPED = re.compile(r"(?<=[^\x00-\x7f])[ \t]*[\r\n]+[ \t]*|[ \t]*[\r\n]+[ \t]*(?=[^\x00-\x7f])")  # breaks beside 汉字
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")


class Reading(NamedTuple):
    """What a cell says: the value (None for an empty one), how it is shown, what is wrong, what to know.

    `left` is what the value does not hold and must not be lost.
    """

    value: Any
    text: str
    problem: str = ""
    note: str = ""
    left: str = ""


class DayOfYear(NamedTuple):
    """A day without a year, and without a month (0) where only the sheet tells it; `time` (HH:MM) for a moment."""

    month: int
    day: int
    time: str = ""


class Both(NamedTuple):
    """What a cell says that fills two fields: a title and beside it its number, a unit and beside it a person.

    None for what it does not hold.
    """

    own: Any
    beside: Any


EMPTY = Reading(None, "")


def plain_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days in ISO, control characters gone."""
    if isinstance(cell, str):
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell) if "_x" in cell else cell
        return (text if text.isprintable() else _CONTROLS.sub("", text)).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return _shown_day(cell) if isinstance(cell, date) else getattr(cell, "text", "") or str(cell)


def _shown_day(day: date) -> str:
    has_hour = isinstance(day, datetime) and (day.hour or day.minute)
    return day.isoformat(" ", "minutes") if isinstance(day, datetime) and has_hour else day.isoformat()[:10]


def line_text(cell: Cell, keep_lines: bool = False) -> str:
    """A cell as text of one line, or of several; a line that was broken beside 汉字 has no blank there."""
    text = plain_text(cell)
    if keep_lines:
        return _SPACES.sub(" ", text)
    return " ".join((_WRAPPED.sub("", text) if "\n" in text or "\r" in text else text).split())


def parted(text: str) -> tuple[str, str]:
    """The document number (empty when there is none) and the title that stand in a text, in any order.

    A number amid a title is that of another paper: 关于转发……〔2022〕5号文件的通知.
    """
    for found in _JOINED.finditer(text):
        before = text[: found.start()].strip(_AROUND).rstrip(_OPENING).strip(_AROUND)
        after = text[found.end() :].strip(_AROUND).lstrip(_CLOSING).strip(_AROUND)
        number = mend(f"{found[0].removesuffix('号')}号")
        if not (before and after) and DOCUMENT_NUMBER.fullmatch(number):
            title = before or after
            is_quoted = title.startswith("《") and title.endswith("》") and title.count("《") == 1
            return number, title[1:-1] if is_quoted else title
    return "", text
