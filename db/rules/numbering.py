"""Document numbers: how they are written (GB/T 9704-2012, 7.2.5), mended when typed otherwise, and counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}〔(?:19|20)[0-9]{2}〕[1-9][0-9]{0,4}号")

# What mending leaves as it is: the standard's form, and the same behind a series of one character (上〔2022〕5号).
_MENDED = re.compile(DOCUMENT_NUMBER.pattern.replace("{2,12}", "{1,12}"))

LONGEST_SHORT = 40  # characters of a number that is written otherwise than its mask

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_OPEN, _CLOSE = r"\[(（【{〔［｛〈<〖﹝〘「《＜", r"\])）】}〕］｝〉>〗﹞〙」》＞"
_YEAR = r"((?:19|20)[0-9]{2})"
# A year in brackets of any kind, then the sequence. Without 号 or 期 it counts only at the end of the text, so that
# [2022]5月 in a sentence stays.
_WRITTEN = re.compile(rf"\s*[{_OPEN}]\s*{_YEAR}\s*年?\s*[{_CLOSE}]\s*第?\s*([0-9]+)(?:\s*([号期])|$)")
# 蓝政发2022第5号, 蓝政发2022 5号: the year without brackets, told from the sequence by 第, a blank or a hyphen.
_BARE = re.compile(rf"([\u4e00-\u9fff]{{2,12}})\s*{_YEAR}(?:\s*第\s*|\s*-\s*|\s+)([0-9]{{1,5}})\s*号")
# A number as it stands in a line, up to its sequence; the digits may be of full width.
WRITTEN_NUMBER = (
    rf"[\u4e00-\u9fff]{{2,12}}\s*(?:[{_OPEN}]\s*\d{{4}}\s*年?\s*[{_CLOSE}]\s*第?\s*\d{{1,5}}"
    r"|\d{4}(?:\s*第\s*|\s*-\s*|\s+)\d{1,5}(?=\s*号))"
)
# 公告 and 令 are numbered 公告2022年第5号, 令第5号: their 第 stays.
_OTHER_FORM = re.compile(r"公告|令|第$")
_ORDER = re.compile(r"第\s*([0-9]+)\s*号")
_SERIES = re.compile(r"[\u4e00-\u9fff]{2,12}")
_BLANKS = re.compile(r"\s+")
_BARE_NUMBER = re.compile(
    rf"(?:[{_OPEN}]?{_YEAR}(?:\s*年?\s*[{_CLOSE}]?\s*[-‐‑–—－.]?\s*第?\s*(?=[0-9]{{3}})|\s*[年{_CLOSE}‐‑–—－.第-]+\s*第?\s*))?"
    r"第?\s*([0-9]{1,5})\s*[号期次件]?"
)
# 信1, 信-3, 信字第3号, 2022-信1: a sequence behind the name of its series, with the year before either or not at all.
_LETTERED = re.compile(
    rf"(?:{_YEAR}\s*年?\s*[-‐‑–—－]?\s*)?([\u4e00-\u9fff]{{1,12}}?)字?\s*[-‐‑–—－]?\s*"
    rf"((?:{_YEAR}\s*[-‐‑–—－]\s*)?第?\s*[0-9]{{1,4}}\s*号?)"
)
# These words make no series: 补5 belongs to the numbers without 补, and the others are counted in forms of their own.
_NO_SERIES = re.compile(r"[补附增续加临插之第]|公告|通告|令|纪要|会议|次$|期$")
_DATED_SERIES = re.compile(rf"([\u4e00-\u9fff]{{1,12}})\s*[{_OPEN}]\s*{_YEAR}\s*年?\s*[{_CLOSE}]\s*(\S.*)")

_PLACES = {
    "series": r"(?P<series>.*?)",
    "year": r"(?P<year>(?:19|20)[0-9]{2})",
    "sequence": r"(?P<sequence>[0-9]{1,5})",
}
_PLACE = re.compile(r"\{(series|year|sequence)(?::[0-9]+)?\}")
_EXAMPLE = re.compile(r"([^{}]*?)((?:19|20)[0-9]{2})([^{}0-9]+)([0-9]{1,5})([^{}0-9]*)")
_DASHES = re.compile(r"(?:\\?[-‐‑–—－])+")  # in an escaped mask; typed, one dash stands for any other


@dataclass(frozen=True)
class Numbering:
    """How a register writes its numbers; `at` is the stage that gives one (None: the first save).

    Stages beside the main line give none, but for those in `sides`. `mask` holds {series}, {year} and {sequence}, the
    last with a width if wanted: "整{year}-{sequence:02}". `setting` names the office's setting that holds an example
    ("LSDR—2022—00001"), by which the mask goes when it can be read. `on` names the date in whose order the numbers run
    (default: the business date). `series` is one as long as any, for which lists leave room.
    """

    mask: str
    at: str | None = None
    sides: tuple[str, ...] = ()
    series: str = ""
    setting: str = ""
    on: str = ""

    def like(self, example: str) -> Numbering:
        """The same numbering in the form of an example; this one when the example is empty or none."""
        try:
            return replace(self, mask=mask_of(example))
        except ValueError:
            return self

    def render(self, series: str, year: int, sequence: int) -> str:
        """The written number."""
        return self.mask.format(series=series, year=year, sequence=sequence)

    def parse(self, text: str) -> tuple[str, int, int] | None:
        """Series, year and sequence of a written number, however its brackets and digits were typed.

        "" and 0 stand for what the mask does not hold. None if the text is no number of this mask, or number 0.
        """
        return _parsed(self.mask, text)

    def short(self, text: str) -> tuple[str, int, int] | None:
        """Series ("" where none is written), year (0) and sequence of a number that is short for one of this mask.

        15, 2022-015; 信3, 2022-信3 where the mask has a series, and 督3 where that is what the mask begins with.
        """
        if counted := bare_number(text):
            return ("", *counted)
        found = _LETTERED.fullmatch(text.strip().translate(_DIGITS)) if len(text) <= LONGEST_SHORT else None
        counted = bare_number(found[3]) if found and not _NO_SERIES.search(found[2]) else None
        if found is None or counted is None:
            return None
        head = "" if _PLACE.match(self.mask) else self.mask[: self.mask.find("{")].rstrip(_OPEN)
        if "{series}" not in self.mask and found[2] != head:
            return None
        return "" if found[2] == head else found[2], int(found[1] or 0) or counted[0], counted[1]


@dataclass(frozen=True)
class MissingNumbers:
    """Missing numbers from `first` to `last` of a series and year, whose reason can be written; `text` names them."""

    register: str
    series: str
    year: int
    first: int
    last: int
    text: str
    reason: str = ""


def mask_of(example: str) -> str:
    """The mask of numbers that look like an example: prefix, dashes and the width of the sequence are taken from it.

    Raises:
        ValueError: with a Chinese sentence, when it holds no year followed by a sequence.
    """
    found = _EXAMPLE.fullmatch(example.strip().translate(_DIGITS))
    if found is None:
        raise ValueError(f"看不懂编号样式“{example[:40]}”：要有年份和顺序号，如LSDR—2022—00001")
    before, _year, between, sequence, after = found.groups()
    width = f":0{len(sequence)}" if len(sequence) > 1 else ""
    return f"{before}{{year}}{between}{{sequence{width}}}{after}"


@lru_cache(maxsize=4_096)  # an import asks four times for the number of one row
def _parsed(mask: str, text: str) -> tuple[str, int, int] | None:
    found = _reader(mask).fullmatch(mend(text).translate(_DIGITS))
    if found is None:
        return None
    parts = found.groupdict()
    sequence = int(parts.get("sequence") or 0)
    return (parts.get("series") or "", int(parts.get("year") or 0), sequence) if sequence else None


@cache
def _reader(mask: str) -> re.Pattern[str]:
    """The pattern of the numbers of a mask."""
    pattern, at = "", 0
    for place in _PLACE.finditer(mask):
        pattern += _between(mask[at : place.start()]) + _PLACES[place[1]]
        at = place.end()
    return re.compile(pattern + _between(mask[at:]))


def _between(text: str) -> str:
    """The pattern of what stands between the places of a mask."""
    return _DASHES.sub("[-‐‑–—－]+", re.escape(text))


def _plain(digits: str) -> str:
    """A sequence without leading zeros (虚位)."""
    return digits.lstrip("0") or "0"


def _lone(typed: str, folded: str) -> str:
    """A text that is nothing but a number in another form: 第005号, or a year without brackets; else as typed."""
    if order := _ORDER.fullmatch(folded):
        return f"第{_plain(order[1])}号"
    bare = _BARE.fullmatch(folded)
    if bare and not _OTHER_FORM.search(bare[1]):
        return f"{bare[1]}〔{bare[2]}〕{_plain(bare[3])}号"
    return typed


@lru_cache(maxsize=4_096)  # one save asks several times for the same few
def mend(text: str) -> str:
    """Document numbers in the form of the standard: 〔〕 around the year, half-width digits, no blanks, 第 or 虚位.

    Numbers inside a longer text are mended where they stand. Text that holds none comes back as it was, but for
    surrounding blanks. Mending twice changes nothing more.
    """
    if _MENDED.fullmatch(text):  # what most texts are
        return text
    typed = text.strip()
    folded = typed.translate(_DIGITS)  # as long as `typed`, so that places in one are places in the other
    pieces: list[str] = []
    at = 0
    for found in _WRITTEN.finditer(folded):
        suffix = found[3] or ""
        ordinal = "第" if suffix == "期" and "第" in found[0] else ""
        head = typed[at : found.start()]
        if found.end() == len(folded) and _SERIES.fullmatch(_BLANKS.sub("", head)):
            head = _BLANKS.sub("", head)
        pieces += [head, f"〔{found[1]}〕{ordinal}{_plain(found[2])}{suffix}"]
        at = found.end()
    return "".join([*pieces, typed[at:]]) if pieces else _lone(typed, folded)


def bare_number(text: str) -> tuple[int, int] | None:
    """Year (0 where none is written) and sequence of a number without its series: 15, 2022-015, 〔2022〕15号, 第7号.

    None if the text is something else, or number 0.
    """
    found = _BARE_NUMBER.fullmatch(text.strip().translate(_DIGITS)) if len(text) <= LONGEST_SHORT else None
    sequence = int(found[2]) if found else 0
    return (int(found[1] or 0), sequence) if found and sequence else None


def parts_of(text: str) -> tuple[str, int, str] | None:
    """Series, year and the rest of a number whose sequence is of another form: 上〔2022〕3-1号; None for none."""
    found = _DATED_SERIES.fullmatch(text)
    return (found[1], int(found[2]), found[3]) if found else None


def is_document_number(text: str) -> bool:
    """Whether a text is a document number in the form of the standard."""
    return DOCUMENT_NUMBER.fullmatch(unicodedata.normalize("NFC", text)) is not None


def gaps(used: Iterable[int]) -> list[tuple[int, int]]:
    """The runs (first, last) of numbers missing between 1 and the highest used."""
    missing: list[tuple[int, int]] = []
    expected = 1
    for number in sorted(set(used)):
        if number > expected:
            missing.append((expected, number - 1))
        expected = max(expected, number + 1)
    return missing
