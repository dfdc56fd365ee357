"""Reads one cell as the value of a field: dates, numbers, words of a vocabulary, units, document numbers.

What is meant but written otherwise is read with a note that says how; what cannot be read is a problem of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import peewee as pw

from db.directory.units import UnitNames
from db.exchange.amounts import (
    read_choice,
    read_decimal,
    read_flag,
    read_stage,
    read_two,
    read_whole,
    scale_of,
    with_shares,
    with_unit,
)
from db.exchange.book import Cell, Unreadable
from db.exchange.days import day_of_serial, days_amid, end_of_span, figures, known_day, told_amid, written_day
from db.exchange.pairs import holds_words, reader_of_two
from db.exchange.procedure import ASKS, first_day, read_step, step_of
from db.exchange.readings import (
    EMPTY,
    NOTHING,
    Both,
    DayOfYear,
    Reading,
    line_text,
    parted,
    plain_text,
)
from db.exchange.targets import NUMBER_PARTS, folded
from db.exchange.unit_and_person import read_both
from db.record import (
    ApplicableField,
    DateField,
    DecimalField,
    DocumentNumberField,
    FlagField,
    MomentField,
    NumberField,
    ParagraphField,
    PersonField,
    PersonsField,
    Record,
    TermField,
    TermsField,
    UnitField,
    UnitsField,
)
from db.resources import rows_of
from db.rules.numbering import Numbering, mend
from db.rules.rulebook import Rulebook
from db.rules.written_numbers import chinese_number

SYNONYMS = "exchange/words.csv"
_KEPT = 200_000  # different cells of a column that are remembered: keys are read twice
_PARTED = re.compile(r"[、,，;；/\n]+")
_LEADING = re.compile(r"^(?:截至|截止|至|到|于)\s*")
_HALF_DAY = re.compile(r"(?:上午|下午|中午|凌晨|早上|晚上|傍晚|早|晚)\s*$")
_AFTERNOON = re.compile(r"下午|晚上|傍晚|晚\s*$")
_ORDINAL = re.compile(r"^第([一二三四五六七八九十]+)(?=[次期号]$)")
_COUNTED = re.compile(r"[（(]([年月天日])[）)]$")  # 有效期（年）: 5 is five years
_NTH = re.compile(r"第[0-9一二三四五六七八九十百]+[次期]")  # in the name of a meeting: 第10次常务会议
_TELLING, _DENYING = 3, frozenset("不未非无")  # characters of a word that tells within a text; what turns it round
_UNNUMBERED = frozenset("无 无号 无编号 未编号 空号".split())
_DAY = re.compile(r"(0?[1-9]|[12][0-9]|3[01])[日号]?")  # of the month that the sheet is of


@dataclass(frozen=True)
class Reader:
    """Reads cells of one file by the office's rules and directory.

    `is_own`: the file was written by this program, so what stands in it is not completed from the directory.
    """

    rules: Rulebook
    units: UnitNames
    people: frozenset[str] = frozenset()
    is_1904: bool = False
    is_own: bool = False
    synonyms: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict[tuple[str, str], tuple[str, str]])
    county: str = ""

    def column(
        self, one: Any, register: type[Record], part: str = "", label: str = "", cells: Iterable[Cell] = ()
    ) -> Callable[[Cell], Reading]:
        """What reads the cells of a column under `label` that fills the field `one`; equal cells are read once.

        `cells` are those of the column, which tell in what it counts.
        """
        scale = 0 if self.is_own else scale_of(one, label, cells)
        step = None if self.is_own or ASKS.search(label) else step_of(register, one.name)
        if step:
            takes_span = bool(first_day(register, step))
            read = _guarded(lambda cell: read_step(cell, told_amid(self._date(cell)), takes_span))
        else:
            read = self._of_part(part) if part else self._of(one, register, scale)
        if holds_words(one) and not (part or self.is_own):
            read = with_shares(read, label, cells)
        if one.name == register.BUSINESS_DATE and not self.is_own:
            read = _from_first_day(read)
        counted = _COUNTED.search(label)
        if counted and isinstance(one, DateField):
            read = with_unit(read, counted[1])
        known: dict[Any, Reading] = {}

        def cached(cell: Cell) -> Reading:
            if cell is None or cell == "":
                return EMPTY
            key = cell if type(cell) is str else (type(cell), cell)
            found = known.get(key)
            if found is None:
                found = read(cell)
                if len(known) < _KEPT:
                    known[key] = found
            return found

        return cached

    def joined(self, own: Any, beside: Any, register: type[Record]) -> Callable[[Cell], Reading]:
        """What reads the cells of a column that holds two fields: number and title, unit and person, result and day."""
        if isinstance(beside, PersonField):
            return _guarded(lambda cell: read_both(cell, own, beside, self._unit, self.units, self.people))
        if isinstance(beside, TermField) and isinstance(own, TermField):
            return _guarded(lambda cell: read_two(cell, own, beside, self._word))
        if read_two_things := reader_of_two(own, beside, lambda one: self.column(one, register), self.people):
            return _guarded(read_two_things)
        numbered, titled = self.column(beside, register), self.column(own, register)

        def read(cell: Cell) -> Reading:
            said, title = parted(line_text(cell, keep_lines=True))
            if not said:
                said, title = parted(line_text(cell))  # the number itself is wrapped
            first, second = numbered(said), titled(title)
            note = f"文号记作“{first.value}”" if first.value else ""
            both = Both(second.value, first.value)
            return Reading(both, plain_text(cell), first.problem or second.problem, note)

        return _guarded(read)

    def noted(self, label: str, cells: Iterable[Cell] = ()) -> Callable[[Cell], Reading]:
        """What reads the cells of a column that goes into the remarks with its heading."""
        read = with_shares(_line, label, cells)

        def read_noted(cell: Cell) -> Reading:
            text = read(cell).text
            return EMPTY if text in NOTHING else Reading(None, text, left=f"{label}：{text}")

        return _guarded(read_noted)

    def _of_part(self, part: str) -> Callable[[Cell], Reading]:
        def read(cell: Cell) -> Reading:
            if part in NUMBER_PARTS:
                return Reading(plain_text(cell), plain_text(cell))
            text = plain_text(cell).replace(part, "").strip()
            value = int(text) if text.isdecimal() and len(text) <= 4 else chinese_number(text) or -1
            limits = {"年": (0, 2100), "月": (1, 12), "日": (1, 31)}[part]
            if not limits[0] <= value <= limits[1]:
                return Reading(None, plain_text(cell), f"“{plain_text(cell)[:20]}”不是{part}")
            return Reading(value, plain_text(cell))

        return _guarded(read)

    def _of(self, one: Any, register: type[Record], scale: int) -> Callable[[Cell], Reading]:
        if one.name == "stage":
            return _guarded(lambda cell: read_stage(cell, register))
        return _guarded(
            next((read for kind, read in self._readers(one, scale) if isinstance(one, kind)), _line)
            if one.name != "number"
            else partial(_own_number, numbering=register.numbering(self.rules), one=one)
        )

    def _readers(self, one: Any, scale: int) -> tuple[tuple[Any, Callable[[Cell], Reading]], ...]:
        return (
            (DateField, lambda c: told_amid(self._date(c, one.planned))), (FlagField, read_flag),
            (MomentField, self._moment),
            (TermsField, lambda c: self._terms(c, one)), (TermField, lambda c: self._term(c, one)),
            (ApplicableField, lambda c: read_choice(c, one)),
            ((DecimalField, pw.DecimalField), lambda c: read_decimal(c, one, scale)),
            ((NumberField, pw.IntegerField), lambda c: read_whole(c, one, scale)),
            (ParagraphField, _paragraph), (UnitField, self._unit), (UnitsField, self._units), (PersonsField, _people),
            (PersonField, self._person), (DocumentNumberField, lambda c: _number(c, one)),
        )  # fmt: skip

    def _date(self, cell: Cell, is_planned: bool = False) -> Reading:
        if isinstance(cell, datetime | date):
            return known_day(cell.date() if isinstance(cell, datetime) else cell)
        if isinstance(cell, timedelta | time):
            return Reading(None, str(cell), "只有时间，没有日期") if cell else EMPTY
        text = plain_text(cell)
        if text in NOTHING or text in ("0", "无", "1900-01-00", "1900/1/0"):
            return EMPTY
        number = figures(cell, text)
        serial = day_of_serial(number, self.is_1904) if number is not None else None
        if serial:
            return Reading(serial, serial.isoformat(), note=f"日期序号{text}读作{serial}")
        end = end_of_span(text) if is_planned else ""
        if end:
            found = written_day(end, end)
            note = "" if "底" in text else f"“{text[:20]}”记作{end}"
            return found if found.problem else found._replace(text=text, note=note)
        alone = None if is_planned else _DAY.fullmatch(text)  # 5日 as a time limit may be five days
        return Reading(DayOfYear(0, int(alone[1])), text) if alone else written_day(cell, _LEADING.sub("", text))

    def _moment(self, cell: Cell) -> Reading:
        if isinstance(cell, datetime):
            return Reading(cell.isoformat(" ", "minutes"), cell.isoformat(" ", "minutes"))
        text = plain_text(cell)
        found = re.search(r"([0-9]{1,2})[:：时点]([0-9]{1,2})?", text)
        day = self._date(_HALF_DAY.sub("", text if not found else text[: found.start()]))
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
        hour += 12 if found and hour < 12 and _AFTERNOON.search(text[: found.start()]) else 0
        if day.problem or day.value is None:
            return Reading(None, text, day.problem or f"“{text[:20]}”没有写全年月日")
        if hour > 23 or minute > 59:
            return Reading(None, text, f"“{text[:20]}”里的时间不对")
        if isinstance(day.value, DayOfYear):
            return Reading(day.value._replace(time=f"{hour:02}:{minute:02}"), text)
        return Reading(f"{day.value} {hour:02}:{minute:02}", text)

    def _term(self, cell: Cell, one: Any) -> Reading:
        text = line_text(cell)
        if text in NOTHING and text not in self.rules.known_words(one.vocabulary):
            return EMPTY
        word, note = self._word(text, one.vocabulary)
        if word is None:
            within = self._within(text, one.vocabulary)
            if not within and _NTH.search(text):
                within = self._word(_NTH.sub("", text), one.vocabulary)[0]
            if within:
                return Reading(within, text, note=f"“{text[:20]}”记作“{within}”", left=text)
            return Reading(text, text, self._unknown(text, one))
        return Reading(word, text, note=note)

    def _within(self, text: str, vocabulary: str) -> str:
        """The long word of a vocabulary that stands in a text (县政府常务会议纪要3期); "" for none or several."""
        found = [
            word for word in self.rules.words(vocabulary)
            if len(word) >= _TELLING and word in text and text[text.index(word) - 1 : text.index(word)] not in _DENYING
        ]  # fmt: skip
        longest = max(found, key=len, default="")
        return longest if all(word in longest for word in found) else ""

    def _terms(self, cell: Cell, one: Any) -> Reading:
        text = line_text(cell, keep_lines=True)
        if text in NOTHING:
            return EMPTY
        whole, note = self._word(text, one.vocabulary)
        if whole is not None:
            return Reading(whole, text, note=note)
        found: dict[str, None] = {}
        notes: list[str] = []
        for part in filter(None, map(str.strip, _PARTED.split(text))):
            word, note = self._word(part, one.vocabulary)
            if word is None:
                return Reading(text, text, self._unknown(part, one))
            found[word] = None
            notes += [note] if note else []
        return Reading("、".join(found), text, note="；".join(notes))

    def _unknown(self, text: str, one: Any) -> str:
        words = self.rules.words(one.vocabulary)
        offered = "、".join(words[:8]) + ("等" if len(words) > 8 else "")
        return f"{one.verbose_name}没有“{text[:20]}”这一项，可写{offered}"

    def _word(self, text: str, vocabulary: str) -> tuple[str | None, str]:
        """The word of a vocabulary that a text means, and a note where it is written otherwise; None for none."""
        known = self.rules.known_words(vocabulary)
        if not known or text in known:
            return text, ""
        wanted = folded(text)
        for word in self.rules.words(vocabulary):
            if folded(word) == wanted:
                return word, ""
        meant = self.synonyms.get((vocabulary, wanted))
        if meant and meant[0] in known:
            return meant[0], meant[1] or f"“{text[:20]}”记作“{meant[0]}”"
        begun = [word for word in self.rules.words(vocabulary) if len(wanted) > 1 and folded(word).startswith(wanted)]
        if len(begun) == 1:
            return begun[0], f"“{text[:20]}”记作“{begun[0]}”"
        return None, ""

    def _unit(self, cell: Cell) -> Reading:
        text = line_text(cell)
        if text in NOTHING:
            return EMPTY
        if self.is_own:
            return Reading(text, text)
        name = text.replace(" ", "") if not text.isascii() else text
        full = self._full_name(name)
        return Reading(full, text, note=f"单位写成全称“{full}”" if full != name else "")

    def _full_name(self, name: str) -> str:
        """The unit's name in the directory, which may leave the county's name out, or spell it out: 蓝山县财政局."""
        county = self.county
        kind = county[-1:]
        if county and not self.units.knows(name):
            other = name.replace(county, kind, 1) if name.startswith(county) else name.replace(kind, county, 1)
            if name.startswith((county, kind)) and self.units.knows(other):
                return self.units.full_name(other)
        return self.units.full_name(name)

    def _units(self, cell: Cell) -> Reading:
        text = line_text(cell, keep_lines=True)
        if text in NOTHING:
            return EMPTY
        if self.is_own:
            return Reading(line_text(cell), text)
        parts = [part for part in map(str.strip, re.split(r"[、;；\n]+|[,，](?![^（(]*[)）])", text)) if part]
        return Reading("、".join(dict.fromkeys(parts)), text)

    def _person(self, cell: Cell) -> Reading:
        text = line_text(cell)
        if text in NOTHING:
            return EMPTY
        name = re.sub(r"(?<=^[㐀-鿿]) +(?=[㐀-鿿]$)", "", text)  # 王 堃: set to the width of three characters
        return Reading(name, text)


def _guarded(read: Callable[[Cell], Reading]) -> Callable[[Cell], Reading]:
    def guarded(cell: Cell) -> Reading:
        if isinstance(cell, Unreadable):
            return Reading(None, cell.text, cell.reason)
        return read(cell)

    return guarded


def _from_first_day(read: Callable[[Cell], Reading]) -> Callable[[Cell], Reading]:
    """What lasted some days (6.26-6.28) is of the first; the text stays beside it."""

    def read_first(cell: Cell) -> Reading:
        found = read(cell)
        days, is_whole = days_amid(found.text) if found.problem else ((), False)
        return Reading(days[0], found.text, left=found.text) if is_whole and len(days) > 1 else found

    return read_first


def word_synonyms() -> dict[tuple[str, str], tuple[str, str]]:
    """(vocabulary, folded text) -> the word that it means and a note, from resources/exchange/words.csv."""
    return {
        (row["vocabulary"], folded(said)): (row["word"], row["note"])
        for row in rows_of(SYNONYMS)
        for said in row["said"].split()
    }


def _people(cell: Cell) -> Reading:
    text = line_text(cell, keep_lines=True)
    if text in NOTHING:
        return EMPTY
    return Reading("、".join(dict.fromkeys(part for part in map(str.strip, _PARTED.split(text)) if part)), text)


def _number(cell: Cell, one: Any) -> Reading:
    text = line_text(cell)
    if text in NOTHING:
        return EMPTY
    mended = mend(text) if len(text) <= one.longest else text
    return Reading(mended, text, note="文号写法已规范" if mended != text else "")


def _paragraph(cell: Cell) -> Reading:
    text = plain_text(cell)
    return Reading(text, text) if text else EMPTY


def _own_number(cell: Cell, numbering: Numbering | None, one: Any) -> Reading:
    """The number of a record; one that lacks but the 号 of its form gets it, and 第三次 is the third.

    What has no figure at all (待编) is no number.
    """
    found = _number(cell, one)
    if not found.value or not numbering or numbering.parse(found.value):
        return found
    if found.value in _UNNUMBERED:
        return EMPTY
    counted = _ORDINAL.sub(lambda said: f"第{number}" if (number := chinese_number(said[1])) else said[0], found.value)
    for written in (f"{found.value}号", counted):
        if numbering.parse(written):
            return Reading(mend(written), found.text, note="文号写法已规范")
    return found if any(map(str.isdigit, found.value)) else Reading(None, found.text, left=found.text)


def _line(cell: Cell) -> Reading:
    text = line_text(cell)
    return Reading(text, text) if text else EMPTY
