"""What is exported comes back identical: into the ledger that it came from, and into one that holds no records."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from db.catalogue import Catalogue
from db.directory.calendar import DeadlineRule
from db.directory.people import Person
from db.directory.units import Unit
from db.directory.vocabulary import TermRow
from db.errors import Refused
from db.exchange.applying import apply
from db.exchange.exporting import Selection, export
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.record import LineField, ParagraphField, Record
from db.store.health import findings
from db.store.search import Filter
from db.store.store import Store
from tests.db.demo_year import NOW

WRITTEN = {"created_at", "created_by", "updated_at", "updated_by"}  # who has written it, and when
HARD = '=1+1，“甲”"乙"\n\n  第二行\t007；\n\'-@+ 𬀩䶮〔2022〕5号\n1%，1/2，000123456789012\n'
OFFICE = (TermRow, Unit, Person, DeadlineRule)


def contents(store: Store, register: type[Record], ids: Iterator[int]) -> dict[str, Any]:
    """Everything that records and their lines hold, by identity."""
    found: dict[str, Any] = {}
    for record_id in ids:
        record = store.load(register, record_id)
        values = {name: value for name, value in store.shapes[register].values(record).items() if name not in WRITTEN}
        for kind in register.LINES:
            lines = record.rows.get(kind.key(), [])
            values[kind.key()] = [
                {name: value for name, value in store.shapes[kind].values(line).items() if name != "owner"}
                for line in lines
            ]
        found[values["uuid"]] = values
    return found


def chosen(store: Store, register: type[Record]) -> Selection:
    """Everything of a register; of a long one those of its records that speak of floods."""
    sql = f'SELECT count(*) FROM "{register.key()}"'
    is_long = store.connection.execute(sql).fetchone()[0] > 1_000
    return Selection(register, Filter(text="防汛", order="number", descending=False) if is_long else None)


def live(store: Store, register: type[Record]) -> Iterator[int]:
    """The ids of the records that are not in the bin."""
    rows = store.connection.execute(
        f'SELECT id FROM "{register.key()}" WHERE deleted_at IS NULL ORDER BY id'
    ).fetchall()
    return (row[0] for row in rows)


@contextmanager
def without_records(before: Store, folder: Path) -> Generator[Store]:
    """A ledger of the same office that holds no records; the one before is closed."""
    office = {model: [dict(row.__data__) for row in model.select()] for model in OFFICE}
    settings, user = before.rules.settings, before.user
    before.close()
    store = Store.open(folder, user, lambda: NOW)
    try:
        for model, rows in office.items():
            model.delete().execute()
            for row in rows:
                model.insert(**row).execute()
        store.set_office(dict(settings), store.rules.words("organ_code"))
        yield store
    finally:
        store.close()


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_is_exported_and_imported_again_changes_nothing(
    demo: Store, catalogue: Catalogue, tmp_path: Path, suffix: str
) -> None:
    for register in catalogue:
        path = tmp_path / f"{register.key()}{suffix}"
        exported = export(demo, [chosen(demo, register)], path)
        counts = Plan(demo, register, read(path)).counts
        assert (counts.same, counts.rows) == (exported.records, exported.records), register.TITLE


def test_what_is_exported_comes_back_identical_into_a_ledger_without_records(
    demo: Store, catalogue: Catalogue, tmp_path: Path
) -> None:
    wanted: dict[str, dict[str, Any]] = {}
    for register in catalogue:
        export(demo, [chosen(demo, register)], tmp_path / f"{register.key()}.xlsx")
        wanted[register.key()] = contents(demo, register, live(demo, register))
    with without_records(demo, tmp_path / "另一本") as store:
        for register in catalogue:
            apply(store, Plan(store, register, read(tmp_path / f"{register.key()}.xlsx")))
            found = contents(store, register, live(store, register))
            there = wanted[register.key()]
            assert found, register.TITLE
            assert found == {uuid: there[uuid] for uuid in found}, register.TITLE
        assert list(findings(store)) == []


def test_long_texts_of_many_lines_and_signs_come_back_identical(
    built: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    copied = shutil.copytree(built, tmp_path / "试本")
    store = Store.open(copied, "李喆", lambda: NOW)
    wanted: dict[str, dict[str, Any]] = {}
    filled = 0
    for register in catalogue:
        first, second, *_others = live(store, register)
        filled += fill(store, store.load(register, first))
        store.void(register, second, "登记重复，以另一件为准")
        wanted[register.key()] = contents(store, register, iter((first, second)))
        for suffix in (".xlsx", ".csv"):
            path = tmp_path / f"{register.key()}{suffix}"
            export(store, [Selection(register, Filter(ids=(first, second)))], path)
            assert Plan(store, register, read(path)).counts.same == 2, (register.TITLE, suffix)
    assert filled > 90
    with without_records(store, tmp_path / "另一本") as other:
        for register in catalogue:
            apply(other, Plan(other, register, read(tmp_path / f"{register.key()}.csv")))
            assert contents(other, register, live(other, register)) == wanted[register.key()], register.TITLE
        assert list(findings(other)) == []


def fill(store: Store, record: Record) -> int:
    """Put hard texts into every field of a record that takes any text, and 1% into its reports; the number of such."""
    filled = 0
    for name, field in type(record)._meta.fields.items():
        if type(field) in (ParagraphField, LineField) and name not in Record._meta.fields:
            before = getattr(record, name)
            hard = HARD if type(field) is ParagraphField else " ".join(HARD.splitlines())
            setattr(record, name, (hard + "长" * field.longest)[: field.longest])
            try:
                store.save(record)
                filled += 1
            except Refused:
                setattr(record, name, before)
    for lines in record.rows.values():
        for line in lines:
            if "percent" in type(line)._meta.fields:
                setattr(line, "percent", 1)  # noqa: B010
    store.save(record)
    return filled
