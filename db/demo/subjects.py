"""What papers are about: subjects by sender and season, with places, firms and numbers filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from db.demo.office import Sender
from db.resources import rows_of

_PLACE = re.compile(r"\{(\w+)\}")
_SPANS = ("上年度", "上年度", "年初以来", "一季度", "一季度", "前5个月", "上半年", "上半年", "前8个月", "前三季度",
          "前三季度", "全年")  # fmt: skip
_BATCHES = "一一一二二二三三三四四四"
_FIRST_TEACHERS_DAY = 1985
_TRIES = 40  # until a title is taken twice


@dataclass(frozen=True)
class Subject:
    """One row of a list of subjects; `who` names senders or a group of them, `lead` the unit in charge."""

    who: str
    months: frozenset[int]
    years: tuple[int, int]
    kind: str
    text: str
    lead: str
    series: str = ""
    to: str = ""
    publicity: str = ""

    def holds_in(self, day: date) -> bool:
        """Whether the subject belongs to the season and the year of a day."""
        return day.month in self.months and self.years[0] <= day.year <= self.years[1]


@dataclass(frozen=True)
class Topic:
    """A subject with everything filled in."""

    title: str
    kind: str
    lead: str
    subject: Subject


def _months(text: str) -> frozenset[int]:
    """1-3, or over the turn of the year 10-4; all when empty."""
    if not text:
        return frozenset(range(1, 13))
    first, _dash, last = text.partition("-")
    start, end = int(first), int(last or first)
    return frozenset(range(start, end + 1) if start <= end else [*range(start, 13), *range(1, end + 1)])


def _years(text: str) -> tuple[int, int]:
    first, _dash, last = text.partition("-")
    return int(first or 0), int(last or first or 9999)


def subjects(name: str) -> list[Subject]:
    """The rows of resources/demo/`name`.csv."""
    return [
        Subject(row.get("who", ""), _months(row["months"]), _years(row["years"]), row["kind"], row["text"],
                row["lead"] or "", row.get("series", ""), row.get("to", ""), row.get("publicity", ""))
        for row in rows_of(f"demo/{name}.csv")
    ]  # fmt: skip


class Wording:
    """Fills places into subjects.

    `{领域}` is a field of work that fits the sender, `{领域局}` the unit in charge of it.
    """

    def __init__(self, rng: Random, units: Sequence[Sender]) -> None:
        self._rng = rng
        self._words = {row["name"]: tuple(row["words"].split("、")) for row in rows_of("demo/places.csv")}
        self._fields = [
            (row["unit"], row["keyword"], tuple(row["fields"].split("、"))) for row in rows_of("demo/fields.csv")
        ]
        self._city = [unit.name for unit in units if unit.level == "市" and "人民政府" not in unit.name]
        self._towns = [unit for unit in units if unit.level == "乡镇（街道）"]
        self._bureaus = sorted({unit for unit, _keyword, _fields in self._fields})

    def word(self, name: str) -> str:
        """One word of a list of places (村, 校, 姓 …)."""
        return self._rng.choice(self._words[name])

    def town(self) -> str:
        """The short name of a township."""
        return self._rng.choice(self._towns).short_name

    def superior(self, unit: str) -> str:
        """The department of the city that a unit of the county answers to; empty when there is none."""
        keywords = [keyword for own, keyword, _fields in self._fields if own == unit]
        return next((name for name in self._city if any(keyword in name for keyword in keywords)), "")

    def person(self) -> str:
        """An invented name."""
        return self.word("姓") + self.word("名")

    def topic(self, subject: Subject, sender: str, day: date) -> Topic:
        """The subject with its places filled in, as a title: 关于……的通知."""
        filled: dict[str, str] = {}

        def fill(found: re.Match[str]) -> str:
            name = found[1]
            if name not in filled:
                filled.update(self._values(name, sender, day))
            return filled[name]

        text = _PLACE.sub(fill, subject.text)
        lead = _PLACE.sub(fill, subject.lead)
        if subject.kind in ("电话记录", "其他"):
            return Topic(text, subject.kind, lead, subject)
        kind = {"电报": "通知", "纪要": "会议纪要"}.get(subject.kind, subject.kind)
        title = text if text.startswith("关于") else f"关于{text}的{kind}"
        return Topic(title, subject.kind, lead, subject)

    def _values(self, name: str, sender: str, day: date) -> dict[str, str]:
        if name in ("领域", "领域局"):
            unit, field = self._field(sender)
            return {"领域": field, "领域局": unit}
        if name in ("镇", "镇府"):
            town = self._rng.choice(self._towns)
            return {"镇": town.short_name, "镇府": town.name}
        if name == "节":
            return {name: self._words[name][day.month - 1]}
        if name in self._words:
            return {name: self.word(name)}
        return {
            "年": str(day.year), "上年": str(day.year - 1), "下年": str(day.year + 1),
            "月": str((day.month - 2) % 12 + 1), "季": _SPANS[day.month - 1], "次": _BATCHES[day.month - 1],
            "教师节": str(day.year - _FIRST_TEACHERS_DAY + 1), "局": self._rng.choice(self._bureaus),
            "数": str(self._rng.randint(1, 12)),
        }  # fmt: skip

    def _field(self, sender: str) -> tuple[str, str]:
        fitting = [row for row in self._fields if row[1] in sender and "人民政府" not in sender]
        unit, _keyword, fields = self._rng.choice(fitting or self._fields)
        return unit, self._rng.choice(fields)


_GROUPS = {"乡镇（街道）": "镇", "县直部门": "局", "县外单位": "外县"}


def _groups(sender: Sender) -> tuple[str, ...]:
    """The words by which lists of subjects name this sender."""
    name, level = sender.name, sender.level
    group = _GROUPS.get(level, "")
    if level in ("省", "市"):
        group = _superior_group(name, level)
    elif level == "县委及县委部门":
        group = "县委办" if name.endswith("委办公室") else "县委部门"
    minority = "瑶族乡" if level == "乡镇（街道）" and "瑶族" in name else ""
    return tuple(filter(None, (name, group, minority)))


def _superior_group(name: str, level: str) -> str:
    """Government offices and departments write alike; commissions and the government itself have their own subjects."""
    if name.endswith(("人民政府办公厅", "人民政府办公室")):
        return f"{level}政府办"
    if name.endswith(("人民政府", "办公室", "中心")):
        return ""
    return "省厅" if level == "省" else "市局"


class Desk:
    """Draws senders and what they write about from one list of subjects; no title of a sender comes twice a year."""

    def __init__(self, rng: Random, wording: Wording, rows: Sequence[Subject], units: Iterable[Sender]) -> None:
        self._rng, self._wording = rng, wording
        self._rows = {unit: [row for row in rows if row.who in _groups(unit)] for unit in units if unit.weight}
        self._open: dict[tuple[int, int], dict[Sender, list[Subject]]] = {}
        self._taken: set[tuple[str, int, str]] = set()

    def draw(self, day: date) -> tuple[Sender, Topic]:
        """A sender and a topic for a day."""
        for _try in range(_TRIES):
            sender, topic = self._attempt(day)
            key = (sender.name, day.year, topic.title)
            if key not in self._taken:
                self._taken.add(key)
                break
        else:
            sender, topic = self._attempt(day)
        return sender, topic

    def _attempt(self, day: date) -> tuple[Sender, Topic]:
        fitting = self._fitting(day)
        sender = self._rng.choices(list(fitting), [unit.weight for unit in fitting])[0]
        return sender, self._wording.topic(self._pick(fitting[sender], sender), sender.name, day)

    def _fitting(self, day: date) -> dict[Sender, list[Subject]]:
        """Who has something to write about in a month, and what."""
        month = (day.year, day.month)
        if month not in self._open:
            found = {unit: [row for row in rows if row.holds_in(day)] for unit, rows in self._rows.items()}
            self._open[month] = {unit: rows for unit, rows in found.items() if rows}
        return self._open[month]

    def _pick(self, rows: Sequence[Subject], sender: Sender) -> Subject:
        """A sender's own subjects come up three times as often as those of its group."""
        return self._rng.choices(rows, [3 if row.who == sender.name else 1 for row in rows])[0]


class DocumentNumbers:
    """The senders' own document numbers, rising through the year, never dated before the one before."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._last: dict[str, date] = {}
        self._count: dict[tuple[str, int], int] = {}

    def give(self, codes: Sequence[str], wanted: date) -> tuple[str, date]:
        """The next number of one of the 机关代字 and the day it is dated: `wanted`, or the day of the last one."""
        code = self._rng.choices(codes, range(1, len(codes) + 1))[0]
        on = max(wanted, self._last.get(code, wanted))
        self._last[code] = on
        key = (code, on.year)
        if key not in self._count:
            self._count[key] = self._rng.randint(0, 3) + (on.timetuple().tm_yday - 1) // (4 if on.month < 12 else 3)
        self._count[key] += self._rng.randint(1, 3)
        return f"{code}〔{on.year}〕{self._count[key]}号", on
