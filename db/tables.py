"""Tables of the ledger: what only the store writes, and the lines that stand under a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, ClassVar, Self

import peewee as pw

from db.errors import StoreTrouble, Trouble
from db.fields import DateField, LastingIdField, LineField, PersonField

database = pw.DatabaseProxy()


class Table(pw.Model):
    """Every table of the ledger lives in the database that the store opens."""

    class Meta:
        database = database
        legacy_table_names = False

    TITLE: ClassVar[str] = ""

    id = pw.AutoField()

    @classmethod
    def key(cls) -> str:
        """The table's name, which is also the register's or the line's key."""
        return cls._meta.table_name

    @classmethod
    def of_row(cls, values: dict[str, Any]) -> Self:
        """A row read back from its plain SQLite values by field name (kept, not copied); 10 × as fast as by peewee.

        A field of which no value is given stays unset.

        Raises:
            StoreTrouble: DAMAGED, when a value is none that the program ever wrote.
        """
        try:
            return cls._read(values)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise StoreTrouble(
                Trouble.DAMAGED, "台账文件已损坏", f"{cls.TITLE or '台账'}里有读不懂的内容（{error}）；没有改动它。",
                "请不要删除它，用最近的备份恢复，或与管理员联系。",
            ) from error  # fmt: skip

    @classmethod
    def all_rows(cls) -> list[Self]:
        """Every row, in the order in which they were made, read as plainly.

        Raises:
            ValueError, TypeError, ArithmeticError: for a value that the program never wrote, or none where one must be.
        """
        fields: list[Any] = cls._meta.sorted_fields
        names, required = [field.name for field in fields], [at for at, field in enumerate(fields) if not field.null]
        columns = ",".join(f'held."{field.column_name}"' for field in fields)  # bare, SQLite takes a lost one for text
        found = database.connection().execute(f'SELECT {columns} FROM "{cls.key()}" held ORDER BY held.id')
        rows = found.fetchall()
        if any(row[at] is None for row in rows for at in required):
            raise TypeError(f"{cls.key()}: nothing stands where something must")
        return [cls._read(dict(zip(names, row, strict=True))) for row in rows]

    @classmethod
    def _read(cls, values: dict[str, Any]) -> Self:
        for name, read in _readers(cls):
            if values.get(name) is not None:
                values[name] = read(values[name])
        found = cls(__no_default__=True)
        found.__data__ = values
        return found

    def save(self, *_args: Any, **_options: Any) -> int:
        """Refuse: only the store writes, inside `Store.change()`, so that the journal misses nothing."""
        raise RuntimeError(f"{type(self).__name__}.save() outside Store.change()")

    delete_instance = save


@cache
def _readers(table: type[Table]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The fields whose values SQLite keeps otherwise than Python, and what turns them back."""
    kinds = (pw.DateField, pw.BooleanField, pw.DecimalField)
    return tuple(
        (field.name, date.fromisoformat if isinstance(field, pw.DateField) else field.python_value)
        for field in table._meta.sorted_fields
        if isinstance(field, kinds)
    )


def open_duty(day: str, done: str) -> str:
    """The SQL condition under which the duty that a record has on a day (both columns; "": none) is still open."""
    ended = f' AND "{done}" IS NULL' if done else ""
    return f'"{day}" IS NOT NULL{ended} AND deleted_at IS NULL AND voided_on IS NULL'


class Line(Table):
    """A row under a record: a study item, an instruction, a measure.

    A class of lines declares `owner`, its fields, TITLE, COLUMNS (shown in the form's small table) and MUSTS.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = ()
    MUSTS: ClassVar[tuple[str, ...]] = ()
    TAKEN_OVER: ClassVar[tuple[str, ...]] = ()
    """What 沿用上一条 brings along of these lines (the same people are there each time); the rest has its default."""

    id = LastingIdField()
    owner: Any  # each kind of lines declares its own foreign key
    position = pw.IntegerField(default=0)


class Extension(Line):
    """A prolonged time limit; a register that allows it declares a kind of lines derived from this, with `owner`.

    An approved one moves `due_on` to `until_on`; `first_due_on` keeps the limit as it was without any.
    """

    TITLE = "延期"
    COLUMNS = ("asked_on", "reason", "until_on", "approver", "approved_on")
    MUSTS = ("reason", "until_on")

    asked_on = DateField("申请日期")
    reason = LineField("延期理由")
    until_on = DateField("延至", planned=True)
    approver = PersonField("批准人")
    approved_on = DateField("批准日期")
