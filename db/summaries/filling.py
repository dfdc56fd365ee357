"""Fills the running text of forms from records: names are the Chinese labels of fields and kinds of lines.

Beside the fields of a register every record answers to the names of COMMON, and every text to those of OFFICE.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from db.record import (
    ApplicableField,
    FlagField,
    Line,
    NumberField,
    PersonField,
    PersonsField,
    Record,
    ReferenceField,
    Table,
    TermField,
    UnitField,
    UnitsField,
)  # fmt: skip
from db.rules.rulebook import Rulebook
from db.rules.wording import Passage, Value, Wording
from db.store import attachments, codes
from db.store.store import Store
from db.summaries.names import COMMON, HOLDER, lines_of, names_of
from db.summaries.wording import long_date, masked, text_of

TICKED, UNTICKED = "■", "□"
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)")
_MARKS = "、；，"
_IN_LINE = 4  # words to tick that stand in one line


@dataclass(frozen=True)
class Scope:
    """Where names are looked up: the line, then its record, then what the whole form is about.

    `extra` are the names of the form (组, 件数, 序); `long` writes dates as running text does, 2022年12月31日.
    """

    record: Record | None = None
    line: Line | None = None
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    long: bool = True

    def owners(self) -> Iterator[Table]:
        """Those whose fields are meant, the nearest first."""
        if self.line is not None:
            yield self.line
        if self.record is not None:
            yield self.record


class Filler:
    """Puts values into running text. `now` is the moment of printing."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now
        self._rules: Rulebook = store.rules
        self._office: dict[str, Callable[[], str]] = {
            "本单位": lambda: store.rules.setting("office"),
            "县名": lambda: store.rules.setting("county"),
            "今天": lambda: long_date(now.date()),
            "截止时间": lambda: f"{long_date(now.date())}{now.hour}时{now.minute:02}分",
            "制表人": lambda: store.rules.setting("tabulator"),
            "审核人": lambda: store.rules.setting("reviewer"),
            "经办人员": lambda: store.user,
        }

    @property
    def today(self) -> date:
        """The day by which deadlines are judged."""
        return self._rules.today

    def text(self, wording: Wording, scope: Scope) -> str:
        """The text with every place filled; what is not known stays empty."""
        found: list[str] = []
        for piece in wording:
            if isinstance(piece, str):
                found.append(piece)
            elif isinstance(piece, Value):
                found.append(self._value(piece, scope))
            else:
                found.append(self._passage(piece, scope))
        return "".join(found)

    def rows(self, scope: Scope, label: str) -> list[Line]:
        """The lines of the record with this label."""
        record = scope.record
        kind = lines_of(type(record), label) if record is not None else None
        return list(record.lines(kind)) if record is not None and kind else []

    def _passage(self, passage: Passage, scope: Scope) -> str:
        record = scope.record
        is_known = self._is_known(passage.name, scope)
        wants_empty = not is_known and passage.name.startswith("无")
        name = passage.name.removeprefix("无") if wants_empty else passage.name
        if record is not None and lines_of(type(record), name):
            lines = [line for line in self.rows(scope, name) if _holds(line, passage, scope.extra)]
            if wants_empty:
                return "" if lines else self.text(passage.pieces, scope)
            texts = [
                self.text(passage.pieces, replace(scope, line=line, extra={**scope.extra, "序": str(at)}))
                for at, line in enumerate(lines, 1)
            ]
            return _joined([text for text in texts if text.strip(f"{_MARKS} 　")])
        filled = bool(self._value(Value(name), scope).strip())
        return self.text(passage.pieces, scope) if filled != wants_empty else ""

    def _is_known(self, name: str, scope: Scope) -> bool:
        if name in scope.extra or name in self._office or name in COMMON:
            return True
        return any(name in names_of(type(owner)) for owner in scope.owners())

    def _value(self, place: Value, scope: Scope) -> str:
        name = place.name
        for owner in scope.owners():
            field_name = names_of(type(owner)).get(name)
            if field_name is not None:
                if place.other:
                    return self._followed(owner, field_name, place.other, scope)
                if place.ticks:
                    return self._ticks(owner, field_name)
                return self.value(owner, field_name, scope.long)
        if name in scope.extra:
            return scope.extra[name]
        if name in self._office:
            return self._office[name]()
        return self.common(scope.record, name, scope) if scope.record is not None else ""

    def value(self, owner: Table, name: str, long: bool) -> str:
        """One field of a record or line as paper writes it; lines of a kind are joined from their shown columns."""
        if isinstance(owner, Record) and name == "stage":
            return owner.stage_of(owner.stage).label if owner.stage else ""
        value = getattr(owner, name, None)
        if value is None and isinstance(owner, Record) and name not in owner._meta.fields:
            kind = next((kind for kind in owner.LINES if kind.key() == name), None)
            lines = owner.lines(kind) if kind else []
            return "\n".join(" ".join(filter(None, (self.value(line, one, long) for one in type(line).COLUMNS)))
                             for line in lines)  # fmt: skip
        text = masked(text_of(value))
        if not long:
            return text
        if isinstance(value, date):
            return long_date(value)
        shown = owner._meta.fields.get(name)
        if isinstance(shown, NumberField) and text:
            return f"{text}{shown.unit}"
        return _spoken(text)

    def _ticks(self, owner: Table, name: str) -> str:
        shown, value = owner._meta.fields[name], getattr(owner, name)
        if isinstance(shown, FlagField):
            words, chosen = ("是", "否"), {"是" if value else "否"}
        else:
            vocabulary = shown.vocabulary if isinstance(shown, TermField) else ""
            words = self._rules.words(vocabulary) if vocabulary else ()
            if isinstance(shown, ApplicableField):
                words = tuple(word for word, _label in shown.choices or ())
            chosen = set(filter(None, str(value or "").split("、")))
        listed = [*words, *sorted(chosen - set(words))]
        return _in_rows([f"{TICKED if word in chosen else UNTICKED}{word}" for word in listed])

    def _followed(self, owner: Table, name: str, other: str, scope: Scope) -> str:
        shown = owner._meta.fields.get(name)
        number = str(getattr(owner, name) or "")
        if not number or not isinstance(shown, ReferenceField):
            return ""
        register = self._store.catalogue[shown.register]
        found = codes.all_by_number(self._store, (register.key(),), number)
        if not found or other not in names_of(register):
            return ""
        return self.value(self._store.load(register, found[0].record), names_of(register)[other], scope.long)

    def common(self, record: Record, name: str, scope: Scope) -> str:
        """What every record answers, whatever its register calls it; empty for a name that is none of COMMON."""
        stage = self.value(record, "stage", long=False)
        told: dict[str, Callable[[], str]] = {
            "台账": lambda: record.TITLE,
            "事项": lambda: str(getattr(record, record.SUBJECT) or ""),
            HOLDER: lambda: self.value(record, record.HOLDER, long=False) if record.HOLDER else "",
            "身份": lambda: "、".join(capacities(record).get(scope.extra.get("人员", ""), ())),
            "逾期": lambda: self._late(record),
            "办理状态": lambda: "逾期" if self._late(record) else stage,
            "附件": lambda: "\n".join(
                one.name.rpartition(".")[0] or one.name for one in attachments.of_record(self._store, record)
            ),
        }
        return told[name]() if name in told else ""

    def _late(self, record: Record) -> str:
        """How late an open record is: 22天 / 15个工作日; empty when it is not."""
        today = self._rules.today
        if not record.is_open or record.due_on is None or record.due_on >= today:
            return ""
        days = (today - record.due_on).days
        return f"{days}天 / {max(self._rules.days.between(record.due_on, today), 1)}个工作日"


def capacities(record: Record) -> dict[str, list[str]]:
    """Everybody whose name stands in the record, with the labels of the fields where it does."""
    found: dict[str, list[str]] = {}
    for shown in record._meta.sorted_fields:
        if isinstance(shown, PersonField | PersonsField):
            for name in filter(None, str(getattr(record, shown.name) or "").split("、")):
                found.setdefault(name, []).append(str(shown.verbose_name))
    return found


def parts_of(record: Record, label: str) -> list[str]:
    """The values by which forms are made for a label: the units of its lines, its several units, or its one value."""
    names, kind = names_of(type(record)), lines_of(type(record), label)
    unit = next((one.name for one in kind._meta.sorted_fields if isinstance(one, UnitField)), "") if kind else ""
    if kind and unit:
        return list(dict.fromkeys(text for line in record.lines(kind) if (text := getattr(line, unit))))
    name = names.get(label) or (record.HOLDER if label == HOLDER else "")
    value: Any = getattr(record, name) if name else None
    if isinstance(record._meta.fields.get(name), UnitsField):
        return [part for part in str(value or "").split("、") if part]
    return [text_of(value)] if value not in (None, "") else []


def _holds(line: Line, passage: Passage, extra: Mapping[str, str]) -> bool:
    """Whether the passage is for this line; its word may be a name of the form, such as 组."""
    if not passage.field:
        return True
    words = extra.get(passage.word, passage.word).split("、")
    return text_of(getattr(line, names_of(type(line)).get(passage.field, ""), None)) in words


def _in_rows(words: list[str]) -> str:
    """A few words in one line; more in rows of three below one another, so that no word is divided."""
    if len(words) <= _IN_LINE:
        return "　".join(words)
    widest = max(map(len, words)) + 1
    rows = (words[at : at + 3] for at in range(0, len(words), 3))
    return "\n".join("".join(word.ljust(widest, "　") for word in row).rstrip("　") for row in rows)


def _joined(texts: list[str]) -> str:
    """Texts that end with a mark stand in one line, the last mark left out; others below one another."""
    if texts and all(text[-1] in _MARKS for text in texts):
        return "".join(texts)[:-1]
    return "\n".join(texts)


def _spoken(text: str) -> str:
    """A time of day or a moment as running text writes it: 16时40分, 2022年12月29日21时35分."""
    moment = _MOMENT.fullmatch(text)
    if moment:
        year, month, day, hour, minute = moment.groups()
        return f"{year}年{int(month)}月{int(day)}日{int(hour)}时{minute}分"
    clock = _CLOCK.fullmatch(text)
    return f"{int(clock[1])}时{clock[2]}分" if clock else text
