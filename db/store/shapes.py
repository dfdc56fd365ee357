"""How a model's values lie in its table: plain SQLite values, insert and select statements, text for the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import peewee as pw

from db.directory.tables import EDITED
from db.record import ApplicableField, DateField, Line, LineField, MomentField, Record, Table, TermField
from db.rules.pinyin import Initials
from db.store.index import MARK, day_line, fold

_KEPT_OUT = {"stage"}  # a key; its label is asked for as 阶段:办结, since most of all records are 办结
_CHOSEN = (TermField, ApplicableField, MomentField)  # nobody looks for these by letters
_BESIDE = ("id", "entry")  # columns of a row that are no values of its own
_CONVERTED = (pw.DateField, pw.BooleanField, pw.DecimalField)  # what SQLite keeps otherwise than Python
_SHORT, _REMEMBERED = 14, 8_192  # characters of a text whose folding and initials are remembered, and how many such
_INITIALS_UP_TO = 120  # characters of a text whose pinyin initials are searchable

Held = tuple[type[Line], Mapping[str, Any]]  # a kind of lines, the values of one by field name


def plain(value: Any) -> Any:
    """A field's value as SQLite keeps it: ISO dates, numbers, text."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, Decimal) else value


class Shape:
    """The columns of one model and the statements over them.

    `names` are field names, `columns` the table's columns in the same order, without the id and what the journal keeps
    in a record's row for itself.
    """

    def __init__(self, model: type[Table]) -> None:
        self.model = model
        fields = [field for field in model._meta.sorted_fields if field.name not in _BESIDE]
        self.table = model.key()
        self.names = tuple(field.name for field in fields)
        self.columns = tuple(field.column_name for field in fields)
        self.defaults = {field.name: plain(field.default) for field in fields}
        self._column_of = dict(zip(self.names, self.columns, strict=True))
        marks = ",".join("?" * len(fields))
        quoted = ",".join(f'"{column}"' for column in self.columns)
        self.insert = f'INSERT INTO "{self.table}" ({quoted}) VALUES ({marks})'
        self.insert_entered = f'INSERT INTO "{self.table}" ({quoted},entry) VALUES ({marks},?)'  # of a register
        self.select = f'SELECT {quoted} FROM "{self.table}" WHERE id = ?'
        self.select_entered = f'SELECT {quoted},entry FROM "{self.table}" WHERE id = ?'
        self.texts = tuple(
            field.name for field in fields if isinstance(field, LineField | MomentField) and field.name not in _KEPT_OUT
        )
        self.lettered = tuple(name for name in self.texts if not isinstance(model._meta.fields[name], _CHOSEN))
        self.days = tuple(field.name for field in fields if isinstance(field, DateField))
        self._unset = dict.fromkeys(self.names)
        self._converted = tuple(field.name for field in fields if isinstance(field, _CONVERTED))
        self.searched = {
            *self.texts,
            *self.days,
            "listed_on",
            "deleted_at",
            "emptied_at",
        }  # a change of one of these concerns the search index
        if issubclass(model, Record):
            self.searched.update(kind.key() for kind in model.LINES)
        if issubclass(model, Line):
            self.of_owner = f'SELECT id,{quoted} FROM "{self.table}" WHERE owner_id = ? ORDER BY position, id'

    def values(self, row: pw.Model) -> dict[str, Any]:
        """The plain values of a model instance by field name."""
        found: dict[str, Any] = {**self._unset, **row.__data__}
        for name in _BESIDE:
            found.pop(name, None)
        for name in self._converted:
            value = found[name]
            if value is not None:
                found[name] = value.isoformat() if type(value) is date else plain(value)
        return found

    def revive(self, record: int, row: Sequence[Any]) -> Any:
        """A model instance from a row as `select` gives it, with its id."""
        return self.model.of_row({"id": record, **dict(zip(self.names, row, strict=True))})

    def update(self, names: list[str]) -> str:
        """The statement that sets some fields of one row by id."""
        settings = ",".join(f'"{self._column_of[name]}"=?' for name in names)
        return f'UPDATE "{self.table}" SET {settings} WHERE id = ?'

    def update_entered(self, names: list[str]) -> str:
        """The same for a register's row, with the number of the journal's entry after the fields."""
        settings = "".join(f'"{self._column_of[name]}"=?,' for name in names)
        return f'UPDATE "{self.table}" SET {settings}entry=? WHERE id = ?'


@cache
def shape_of(model: type[Table]) -> Shape:
    """The shape of a model, made once."""
    return Shape(model)


class Shapes:
    """The shape of every register, kind of line and edited table; the text by which a record is found."""

    def __init__(self, registers: tuple[type[Record], ...], initials: Initials) -> None:
        lines = (line for register in registers for line in register.LINES)
        models: list[type[Table]] = [*EDITED, *registers, *lines]
        self._shapes = {model: shape_of(model) for model in models}
        self._initials = initials
        self._folded: dict[str, str] = {}
        self._letters: dict[str, str] = {}

    def __getitem__(self, model: type[Table]) -> Shape:
        """The shape of a model; KeyError when it is neither a register nor lines nor an edited table."""
        return self._shapes[model]

    def text(self, record: Record, beside: Iterable[str] = ()) -> str:
        """The folded text of a record and its lines, one value a line, the days in it, and the initials of the rest.

        `beside` are names that belong to it as well (those of its attachments).
        """
        lines = ((kind, line.__data__) for kind in record.LINES for line in record.lines(kind))
        return self._text(type(record), record.__data__, lines, beside)

    def joined(
        self, register: type[Record], values: Sequence[Any], lines: Iterable[Line], beside: Iterable[str] = ()
    ) -> str:
        """The same of a record by its plain values in the order of its shape."""
        return self.joined_rows(register, values, ((type(line), line.__data__) for line in lines), beside)

    def joined_rows(
        self, register: type[Record], values: Sequence[Any], lines: Iterable[Held], beside: Iterable[str] = ()
    ) -> str:
        """The same by plain values alone, of its lines too (their kind, their values by field name)."""
        return self._text(register, dict(zip(self[register].names, values, strict=True)), lines, beside)

    def _text(
        self, register: type[Record], record: Mapping[str, Any], lines: Iterable[Held], beside: Iterable[str] = ()
    ) -> str:
        values = dict.fromkeys(beside)
        lettered, days = dict.fromkeys(values), dict[str, None]()
        for model, held in ((register, record), *lines):
            shape = self[model]
            values.update(dict.fromkeys(filter(None, map(held.get, shape.texts))))
            lettered.update(dict.fromkeys(filter(None, map(held.get, shape.lettered))))
            days.update(dict.fromkeys(day_line(str(held[name])) for name in shape.days if held.get(name)))
        letters = dict.fromkeys(self._read(word) for word in lettered if len(word) <= _INITIALS_UP_TO)
        return "\n".join(filter(None, (*map(self._fold, values), *letters, *days)))

    def _fold(self, word: str) -> str:
        """A text as it is compared, remembered when it is short: names and chosen words come again and again."""
        found = self._folded.get(word)
        if found is None:
            found = fold(word).replace(MARK, " ")
            _remember(self._folded, word, found)
        return found

    def _read(self, word: str) -> str:
        found = self._letters.get(word)
        if found is None:
            found = self._initials.readings(word)
            _remember(self._letters, word, found)
        return found


def _remember(known: dict[str, str], word: str, found: str) -> None:
    if len(word) <= _SHORT:
        if len(known) >= _REMEMBERED:
            known.clear()
        known[word] = found
