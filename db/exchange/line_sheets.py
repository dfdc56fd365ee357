"""Lines that stand in sheets of their own beside the records, as the program's export writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from db.errors import Problem
from db.exchange.book import Book, Cell, Sheet
from db.exchange.cells import Reader
from db.exchange.columns import LINE_MARK, line_columns, sheet_title
from db.exchange.heading import text_of
from db.exchange.readings import DayOfYear, Reading, plain_text
from db.exchange.targets import folded
from db.record import Line, Record
from db.store.shapes import plain

Owner = tuple[str, str]  # ("uuid", …) or ("number", …) of the record
Values = dict[str, Any]


class LineSheets:
    """The lines of a book by their record, each as the values of its fields; `problems` are what cannot be read."""

    def __init__(self, book: Book, register: type[Record], reader: Reader) -> None:
        self.kinds: dict[str, dict[Owner, list[Values]]] = {}
        self._models: dict[str, type[Line]] = {kind.key(): kind for kind in register.LINES}
        self.problems: dict[Owner, list[str]] = {}
        for kind in register.LINES:
            for sheet in book.sheets:
                if is_sheet_of(sheet, register, kind):
                    self._read(sheet, register, kind, reader)

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def of(self, uuid: str | None, number: str | None) -> dict[str, list[Line]]:
        """The lines of the record with this identity or number, by kind."""
        found: dict[str, list[Line]] = {}
        for key, owners in self.kinds.items():
            values = owners.get(("uuid", uuid or "")) or owners.get(("number", number or ""))
            if values:
                found[key] = [self._models[key](**one) for one in values]
        return found

    def troubles(self, uuid: str | None, number: str | None) -> list[Problem]:
        """What cannot be read in the lines of that record."""
        keys = (("uuid", uuid or ""), ("number", number or ""))
        return [Problem("", text) for key in keys for text in self.problems.get(key, ())]

    def _read(self, sheet: Sheet, register: type[Record], kind: type[Line], reader: Reader) -> None:
        columns = {folded(column.label): column for column in line_columns(register, kind)}
        heads = next(
            ((at, row) for at, row in enumerate(sheet.rows) if folded(text_of(row[0] if row else None)) in columns),
            None,
        )
        if heads is None:
            return
        first, labels = heads
        places: dict[str, tuple[int, Callable[[Cell], Reading]]] = {}
        for at, label in enumerate(map(text_of, labels)):
            if folded(label) in columns:
                column = columns[folded(label)]
                cells = (row[at] for row in sheet.rows[first + 1 :] if at < len(row))
                places.setdefault(column.name, (at, reader.column(column.field, register, "", label, cells)))
        owners = self.kinds.setdefault(kind.key(), {})
        for row in sheet.rows[first + 1 :]:
            owner = self._owner(row, places)
            if owner is not None:
                owners.setdefault(owner, []).append(dict(self._values(row, places, kind, owner)))

    def _owner(self, row: Any, places: dict[str, tuple[int, Callable[[Cell], Reading]]]) -> Owner | None:
        for name in ("uuid", "number"):
            at = places.get(f"owner.{name}", (len(row), None))[0]
            text = plain_text(row[at]) if at < len(row) else ""
            if text:
                return name, text
        return None

    def _values(
        self, row: Any, places: dict[str, tuple[int, Callable[[Cell], Reading]]], kind: type[Line], owner: Owner
    ) -> Iterator[tuple[str, Any]]:
        for name, (at, read) in places.items():
            if name.startswith("owner.") or at >= len(row):
                continue
            reading = read(row[at])
            if reading.problem or isinstance(reading.value, DayOfYear):
                text = reading.problem or f"“{reading.text}”没有写年份"
                self.problems.setdefault(owner, []).append(f"{kind.TITLE}：{text}")
            elif reading.value is not None:
                yield name, reading.value


def is_sheet_of(sheet: Sheet, register: type[Record], kind: type[Line]) -> bool:
    """Whether a sheet holds lines of this kind, by its name (with its part, if there are several)."""
    title = sheet_title(register, kind)
    return sheet.name in (title, f"{LINE_MARK}{kind.TITLE}") or sheet.name.startswith(f"{title}（")


def merge_lines(record: Record, wanted: dict[str, list[Line]]) -> set[str]:
    """Bring lines of a file among those that a record has; give back the kinds that changed.

    A line that says no more than one that is there changes nothing. One that shares what such a line must hold with
    one left over fills it in; all others are added. None is taken away.
    """
    changed: set[str] = set()
    for key, lines in wanted.items():
        there = record.rows.setdefault(key, [])
        free = list(there)
        fresh: list[Line] = []
        for line in lines:
            twin = next((one for one in free if told(line).items() <= told(one).items()), None)
            if twin is not None:
                free.remove(twin)
            else:
                fresh.append(line)
        for line in fresh:
            changed.add(key)
            values = told(line)
            twin = next(
                (one for one in free if any(told(one).get(name) == values.get(name) for name in line.MUSTS)), None
            )
            if twin is None:
                there.append(line)
                continue
            free.remove(twin)
            for name in values:
                setattr(twin, name, line.__data__[name])
    return changed


def told(line: Line) -> Values:
    """What a line says: its plain values without those that are empty, its id and its place."""
    return {
        name: plain(value)
        for name, value in line.__data__.items()
        if name not in ("id", "owner", "position") and value not in (None, "", False)
    }
