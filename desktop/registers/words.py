"""What editors need to know of the office: today, the calendar, vocabularies, and names by 汉字, pinyin or initials."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from db.directory.people import Person
from db.directory.units import Unit
from db.errors import Refused
from db.record import Line, PersonField, PersonsField, Record, UnitField, UnitsField
from db.rules.pinyin import Initials
from db.rules.workdays import Workdays
from db.store.change import Change
from db.store.search import Filter, names_in_use
from desktop.registers.actions import Actions

if TYPE_CHECKING:
    from desktop.registers.completion import Completion

SHOWN = 8
_FEW = 20  # records of a change that are looked at one by one
_DIRECTORY = (Unit.key(), Person.key())
_KINDS = {"unit": (UnitField, UnitsField), "person": (PersonField, PersonsField)}


class OfficeWords:
    """Names ranked by use in the newest records, then those of the directory. Read once, kept up by what is saved."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions
        self._store = store = actions.store
        self._names: dict[str, dict[str, str]] = {}
        self._uses: dict[str, Counter[str]] = {}
        self._initials: Initials = store.initials
        actions.changed.connect(self._follow)

    def _follow(self, change: Change) -> None:
        """Count the names of what was saved; read all again when many records, units or people were written."""
        if len(change.keys) > _FEW or any(table in _DIRECTORY for table, _row in change.keys):
            self._names.clear()
            self._uses.clear()
            return
        registers = self._store.catalogue.keys()
        for table, row in change.keys if self._names else ():
            if table in registers:
                with suppress(Refused):  # it was cleared out of the bin
                    self._count(self._store.load(self._store.catalogue[table], row))

    def _count(self, record: Record) -> None:
        """Count one more use of each name in a record and its lines, known or new."""
        for row in (record, *(line for lines in record.rows.values() for line in lines)):
            for kind, names in self._names.items():
                for field in _named(type(row), kind):
                    for name in filter(None, (getattr(row, field) or "").split("、")):
                        names.setdefault(name, self._initials.of(name))
                        self._uses[kind][name] += 1

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
        """Names that hold the typed characters or whose initials begin with or hold the typed letters."""
        from desktop.registers.completion import Completion  # the popup is not needed by lists

        names, uses = self._known(kind), self._uses[kind]
        wanted = typed.strip().lower()
        found = []
        for name, keys in names.items():
            rank = _rank(name, keys, wanted)
            if rank is not None:
                found.append((rank, -uses[name], len(name), name))
        return [
            Completion(name, self._initials.of(name), uses[name])
            for _rank_, _uses, _length, name in sorted(found)[:SHOWN]
        ]

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
                keys = [row.pinyin.lower(), *map(self._initials.of, others), *others[1:]]
                names[row.name] = "\n".join(filter(None, keys))
            uses: Counter[str] = Counter()
            tables = (table for register in self._store.catalogue for table in (register, *register.LINES))
            for table in tables:
                for name, count in names_in_use(self._store.connection, table, _named(table, kind)):
                    for part in filter(None, name.split("、")):
                        uses[part] += count
                        names.setdefault(part, self._initials.of(part))
            self._names[kind], self._uses[kind] = names, uses
        return self._names[kind]


def _named(table: type[Record | Line], kind: str) -> list[str]:
    """The fields of a register or of its lines that hold names of one kind."""
    return [field.name for field in table._meta.sorted_fields if isinstance(field, _KINDS[kind])]


def _rank(name: str, keys: str, wanted: str) -> int | None:
    """0 begins with it, 1 holds it, 2 initials begin with it, 3 initials hold it; None when it does not fit."""
    if name.lower().startswith(wanted):
        return 0
    if wanted in name.lower():
        return 1
    if any(key.startswith(wanted) for key in keys.split("\n")):
        return 2
    return 3 if wanted in keys else None
