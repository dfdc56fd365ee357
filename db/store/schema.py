"""Completes a ledger with what the program brings: tables, columns, indexes, bundled words and rules.

A register that is new, or has a new field, needs no upgrade step: its table and its column are added at the next
opening. A mark of all that the program brings is kept with the ledger, so that an ordinary start compares one hash.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import peewee as pw

from db.catalogue import Catalogue
from db.directory import settings
from db.directory.calendar import DeadlineRule
from db.directory.settings import Setting
from db.directory.tables import SHARED
from db.directory.views import SavedView
from db.directory.vocabulary import TermRow
from db.record import Line, Record, ReferenceField, Table, database
from db.resources import RESOURCES, rows_of
from db.store import index, journal
from db.store.clock import TURNS
from db.store.shapes import plain
from db.store.upgrades import runner
from db.tables import open_duty

APPLICATION_ID = 0x465A545A  # "FZTZ": marks the file as a ledger of this program
MARK = "brought"  # the setting that holds the mark
WORDS, RULES, VIEWS = "vocabularies/terms.csv", "deadlines/rules.csv", "views/views.csv"
RANKS = "2: done, with its deadline"  # part of the mark: see _rank_what_is_done
_ROWS = 50  # a statement; SQLite before 3.32 takes 999 values


def is_short(connection: sqlite3.Connection, catalogue: Catalogue) -> bool:
    """Whether the ledger lacks a table or a column that the program knows, so that it must be written first."""
    there = _tables(connection)
    models = models_of(catalogue)
    return "search_merged" not in there or any(
        model.key() not in there or any(_missing_fields(connection, model)) for model in models
    )


def complete(connection: sqlite3.Connection, catalogue: Catalogue, is_new: bool) -> dict[str, int]:
    """Add in one transaction what the ledger does not have yet; give back each register's number in the search index.

    Words are added for vocabularies, rules for keys that the ledger does not have at all: what the office has changed
    or no longer offers stays as it is.

    Raises:
        RuntimeError: when a new column has no default, so that it needs an upgrade step.
    """
    mark = mark_of(catalogue)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in (*_statements(journal.SCHEMA), *_statements(index.SCHEMA)):
            connection.execute(statement)
        has_views = SavedView.key() in _tables(connection)
        _add_tables(connection, catalogue)
        if not has_views:
            _add_views()
        _rank_what_is_done(connection, catalogue)
        _add_words()
        _add_rules()
        numbers = index.register_numbers(connection, catalogue.keys())
        settings.put(MARK, mark)
        if is_new:
            settings.put(TURNS, "")
            connection.execute(index.MERGES)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
            connection.execute(f"PRAGMA user_version = {runner.SCHEMA_VERSION:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise
    return numbers


def is_complete(connection: sqlite3.Connection, catalogue: Catalogue) -> bool:
    """Whether the ledger has all that this program brings, by its mark."""
    return _is_marked(connection, mark_of(catalogue))


def mark_of(catalogue: Catalogue) -> str:
    """A hash of the columns and indexes that the program declares and of the words and rules that it brings."""
    found = hashlib.sha256((RANKS + index.SCHEMA + journal.SCHEMA).encode())
    for model in models_of(catalogue):
        columns = [(field.column_name, field.field_type) for field in model._meta.sorted_fields]
        indexes = list(_indexes(model))
        found.update(json.dumps([model.key(), columns, repr(model._meta.indexes), indexes]).encode())
    for name in (WORDS, RULES):
        found.update((RESOURCES / name).read_bytes())
    return found.hexdigest()


def models_of(catalogue: Catalogue) -> list[type[Table]]:
    """Every table that the program declares; the journal and the search index are the store's own."""
    return [*SHARED, *catalogue.registers, *(line for register in catalogue for line in register.LINES)]


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _is_marked(connection: sqlite3.Connection, mark: str) -> bool:
    if Setting.key() not in _tables(connection):
        return False
    row = connection.execute(f'SELECT value FROM "{Setting.key()}" WHERE name = ?', (MARK,)).fetchone()
    return row is not None and row[0] == mark


def _add_tables(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    there = _tables(connection)
    for model in models_of(catalogue):
        if issubclass(model, Line):
            model._meta.fields["owner"].deferred = False  # peewee leaves the constraint of a deferred key out
        if model.key() in there:
            for field in list(_missing_fields(connection, model)):
                connection.execute(_adding(model, field))
        model.create_table(safe=True)  # and its indexes
        for statement in _indexes(model):
            connection.execute(statement)


def _rank_what_is_done(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    """Give what is done its deadline in `sort_due`, where a ledger of an older program does not have it yet."""
    for register in catalogue:
        connection.execute(
            f"UPDATE \"{register.key()}\" SET sort_due = '2' || ifnull(due_on, '-') WHERE sort_due = '2'"
        )


def _missing_fields(connection: sqlite3.Connection, model: type[Table]) -> Iterator[Any]:
    """The fields whose column an existing table does not have."""
    columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{model.key()}")')}
    return (field for field in model._meta.sorted_fields if field.column_name not in columns)


def _adding(model: type[Table], field: Any) -> str:
    """The statement that adds a column; the rows that are there get its default."""
    context = database.get_sql_context()
    definition = context.sql(field.ddl(context)).query()[0]
    if not field.null:
        if field.default is None or callable(field.default):
            raise RuntimeError(f"{model.key()}.{field.name} has no default: it needs an upgrade step")
        value = plain(field.default)
        definition += f" DEFAULT {value}" if isinstance(value, int | float) else f" DEFAULT '{value}'"
    return f'ALTER TABLE "{model.key()}" ADD COLUMN {definition}'


def _statements(script: str) -> Iterable[str]:
    return (statement for statement in script.split(";") if statement.strip())


def _indexes(model: type[Table]) -> Iterator[str]:
    """The indexes of every register: its list by day and by urgency (open deadlines first), its numbers, its bin.

    Those who name another record by its number are found by an index of their own, empty references are not in it.

    Each index costs every save a page of the log, so there are no more than the lists and the numbering need.
    """
    table = model.key()
    for field in model._meta.sorted_fields:
        if isinstance(field, ReferenceField):
            name = field.column_name
            yield f'CREATE INDEX IF NOT EXISTS {table}_{name} ON "{table}" ("{name}") WHERE "{name}" <> \'\''
    if not issubclass(model, Record):
        return
    live = "WHERE deleted_at IS NULL"
    yield f'CREATE INDEX IF NOT EXISTS {table}_day ON "{table}" (listed_on, id) {live}'
    if model.YEAR:
        yield f'CREATE INDEX IF NOT EXISTS {table}_year ON "{table}" ("{model.YEAR}", id) {live}'
    yield f'CREATE INDEX IF NOT EXISTS {table}_urgency ON "{table}" (sort_due, id) {live}'
    yield f'CREATE UNIQUE INDEX IF NOT EXISTS {table}_sequence ON "{table}" (series, year, sequence)'
    yield f'CREATE INDEX IF NOT EXISTS {table}_deleted ON "{table}" (deleted_at) WHERE deleted_at IS NOT NULL'
    columns = {name: field.column_name for name, field in model._meta.fields.items()}
    for day, done in model.ALSO_DUE:
        duty = open_duty(columns[day], columns.get(done, ""))
        yield f'CREATE INDEX IF NOT EXISTS {table}_{columns[day]} ON "{table}" ("{columns[day]}", id) WHERE {duty}'
    todo = "WHERE missing > 0 AND voided_on IS NULL AND deleted_at IS NULL"  # complete records are not in it
    yield f'CREATE INDEX IF NOT EXISTS {table}_todo ON "{table}" (id) {todo}'


def _add_words() -> None:
    """Add the words of the vocabularies that the ledger does not have at all."""
    there = {row.vocabulary for row in TermRow.select(TermRow.vocabulary).distinct()}
    rows = [{**row, "position": at} for at, row in enumerate(rows_of(WORDS)) if row["vocabulary"] not in there]
    for chunk in pw.chunked(rows, _ROWS):
        TermRow.insert_many(chunk).execute()


def _add_views() -> None:
    """Add the views that the program brings, once: what the office then deletes stays deleted."""
    for position, row in enumerate(rows_of(VIEWS), 1):
        SavedView.insert(**row, position=position).execute()


def _add_rules() -> None:
    """Add the deadline rules whose key the ledger does not have."""
    there = {row.name for row in DeadlineRule.select(DeadlineRule.name).distinct()}
    versions: Counter[str] = Counter()  # a key that stands twice was changed by the law: the later line is the newer
    rows: list[dict[str, Any]] = []
    for row in rows_of(RULES):
        if row["key"] in there:
            continue
        versions[row["key"]] += 1
        rows.append({
            "name": row["key"], "register": row["register"], "label": row["label"],
            "quantity": int(row["quantity"]), "unit": row["unit"], "rolls": row["rolls"] == "1",
            "basis": row["basis"], "valid_from": row["valid_from"] or None, "valid_to": row["valid_to"] or None,
            "extension": int(row["extension"] or 0), "extension_unit": row["extension_unit"] or "",
            "approver": row["approver"] or "", "version": versions[row["key"]],
        })  # fmt: skip
    for chunk in pw.chunked(rows, _ROWS):
        DeadlineRule.insert_many(chunk).execute()
