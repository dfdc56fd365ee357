"""What editors need to know of the office: today, the calendar, vocabularies, and names by 汉字, pinyin or initials."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from db.directory.people import Person
from db.directory.units import Unit
from db.errors import Problem, Refused
from db.record import Line, PersonField, PersonsField, Record, UnitField, UnitsField
from db.rules.pinyin import Initials, fit
from db.rules.workdays import Workdays
from db.store.change import Change
from db.store.search import Filter, names_in_use
from desktop.registers.actions import Actions

if TYPE_CHECKING:
    from desktop.registers.completion import Completion

SHOWN = 8
_FEW = 20  # records of a change that are looked at one by one
_DIRECTORY = (Unit.key(), Person.key())
_LETTERS = re.compile(r"[A-Za-z]+")
_STRANGER = {
    "unit": "没有叫“{}”的单位，能存，算一个新单位；本想选单位的，请删去重打首字母，从候选里选",
    "person": "没有叫“{}”的人员，能存，算一个新人员；本想选人的，请删去重打首字母，从候选里选",
}
_KINDS = {"unit": (UnitField, UnitsField), "person": (PersonField, PersonsField)}


class OfficeWords:
    """Names ranked by use in the newest records, then those of the directory. Read once, kept up by what is saved.

    Uses are kept table by table: reading those of every register anew would hold the window up.
    """

    def __init__(self, actions: Actions) -> None:
        self._actions = actions
        self._store = store = actions.store
        self._names: dict[str, dict[str, str]] = {}
        self._uses: dict[str, Counter[str]] = {}
        self._counted: dict[tuple[str, type[Record | Line]], Counter[str]] = {}
        self._initials: Initials = store.initials
        actions.changed.connect(self._follow)

    def _follow(self, change: Change) -> None:
        """Count the names of what was saved; a register in which many records were written is read again."""
        written = Counter(table for table, _row in change.keys)
        if any(count > _FEW for count in written.values()) or not written.keys().isdisjoint(_DIRECTORY):
            self._names.clear()
            self._uses.clear()
        for register in self._store.catalogue:
            if written[register.key()] > _FEW:
                for kind, table in product(_KINDS, (register, *register.LINES)):
                    self._counted.pop((kind, table), None)
            elif written[register.key()] and self._counted:
                for row in (row for table, row in change.keys if table == register.key()):
                    with suppress(Refused):  # it was cleared out of the bin
                        self._count(self._store.load(register, row))

    def _count(self, record: Record) -> None:
        """Count one more use of each name in a record and its lines, known or new."""
        for row in (record, *(line for lines in record.rows.values() for line in lines)):
            for kind in _KINDS:
                counts = self._counted.get((kind, type(row)))
                if counts is None:
                    continue
                found = [name for field in _named(type(row), kind) for name in _parts(getattr(row, field) or "")]
                counts.update(found)
                if kind in self._names:
                    self._uses[kind].update(found)
                    for name in filter(_is_spelt, found):
                        self._names[kind].setdefault(name, self._initials.readings(name))

    @property
    def today(self) -> date:
        """Today by the store's clock."""
        return self._store.rules.today

    @property
    def days(self) -> Workdays:
        """The working-day calendar."""
        return self._store.rules.days

    def initials(self, text: str) -> str:
        """The pinyin initials of a text."""
        return self._initials.of(text)

    def terms(self, vocabulary: str) -> tuple[str, ...]:
        """The words of a vocabulary."""
        return self._store.rules.words(vocabulary)

    def complete(self, kind: str, typed: str) -> list[Completion]:
        """Names that hold the typed characters or whose initials hold the typed letters, best first."""
        from desktop.registers.completion import Completion  # the popup is not needed by lists

        names, uses = self._known(kind), self._uses[kind]
        wanted = typed.strip()
        found = []
        for name, keys in names.items():
            rank = fit(name, keys, wanted)
            if rank is not None:
                found.append((rank, -uses[name], len(name), name))
        return [
            Completion(name, self._initials.of(name), uses[name])
            for _rank_, _uses, _length, name in sorted(found)[:SHOWN]
        ]

    def strangers(self, record: Record, fields: Collection[str]) -> list[Problem]:
        """Notes on letters in some fields or small tables that nobody is called: typed to choose by, never chosen."""
        found: dict[tuple[str, str], Problem] = {}
        for kind in _KINDS:
            cells = [(field, record, field) for field in _named(type(record), kind)]
            cells += [(table, line, field) for table, lines in record.rows.items() for line in lines
                      for field in _named(type(line), kind)]  # fmt: skip
            for place, row, field in cells:
                for name in _parts(getattr(row, field) or "") if place in fields else ():
                    if not _is_spelt(name) and not self._is_known(kind, name):
                        found[place, name] = Problem(place, _STRANGER[kind].format(name), "note")
        return [*found.values()]

    def noted(self, register: type[Record], name: str, value: object) -> str:
        """The note on letters that nobody is called in a value for one field; "" when there is none."""
        return "".join(one.text for one in self.strangers(register(**{name: value}), (name,))[:1])

    def _is_known(self, kind: str, name: str) -> bool:
        """Whether the directory or a record has a name, or the directory one of its others."""
        return name in self._known(kind) or (kind == "unit" and name in self._store.rules.unit_levels)

    def records(self, register: str, typed: str) -> list[Completion]:
        """The newest numbered records of a register that hold what was typed: number and title."""
        from desktop.registers.completion import Completion  # the popup is not needed by lists

        kind = self._store.catalogue[register]
        listing = self._actions.listing(kind, Filter(text=typed.strip()))
        rows = listing.rows(("number", kind.SUBJECT), 0, SHOWN)
        return [Completion(number, title, 0) for _id, number, title in rows if number]

    def _known(self, kind: str) -> dict[str, str]:
        """Name -> everything in Latin letters that finds it, for one kind of name."""
        if kind not in self._names:
            names: dict[str, str] = {}
            for row in Unit.select() if kind == "unit" else Person.select():
                others = row.names() if isinstance(row, Unit) else (row.name,)
                keys = [row.pinyin.lower(), *map(self._initials.readings, others), *others[1:]]
                names[row.name] = "\n".join(filter(None, keys))
            uses: Counter[str] = Counter()
            for table in (table for register in self._store.catalogue for table in (register, *register.LINES)):
                uses.update(self._counts(kind, table))
            for name in filter(_is_spelt, uses):
                names.setdefault(name, self._initials.readings(name))
            self._names[kind], self._uses[kind] = names, uses
        return self._names[kind]

    def _counts(self, kind: str, table: type[Record | Line]) -> Counter[str]:
        """The names of one kind in a table with how often each is used there."""
        if (kind, table) not in self._counted:
            counts = self._counted[kind, table] = Counter[str]()
            for names, count in names_in_use(self._store.connection, table, _named(table, kind)):
                for name in _parts(names):
                    counts[name] += count
        return self._counted[kind, table]


def _is_spelt(name: str) -> bool:
    """Whether a name found in records is one: letters alone were typed to choose by, and would be proposed first."""
    return not _LETTERS.fullmatch(name)


def _parts(names: str) -> list[str]:
    """The names in a field of one or several."""
    return [name for name in names.split("、") if name]


def _named(table: type[Record | Line], kind: str) -> list[str]:
    """The fields of a register or of its lines that hold names of one kind."""
    return [field.name for field in table._meta.sorted_fields if isinstance(field, _KINDS[kind])]
