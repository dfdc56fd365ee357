"""A ledger made by an earlier program gets what the new one brings: tables, columns, words, rules; never twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from db.catalogue import Catalogue
from db.directory.calendar import DeadlineRule
from db.directory.vocabulary import TermRow
from db.figures import Figures, Period
from db.registers.outgoing import Outgoing
from db.store import schema
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import Clock, contents, incoming, outgoing, saved

CLERK = "李喆"


def change(folder: Path, *statements: str) -> None:
    """Make a closed ledger into what an earlier program left: without the mark."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection, connection:
        for statement in (*statements, f"DELETE FROM setting WHERE name = '{schema.MARK}'"):
            connection.execute(statement)


def words(vocabulary: str) -> list[str]:
    """The words of a vocabulary as they stand in the open ledger."""
    found = TermRow.select().where(TermRow.vocabulary == vocabulary).order_by(TermRow.position)
    return [row.word for row in found]


def test_a_vocabulary_that_an_older_ledger_lacks_is_added_with_all_its_words(folder: Path, clock: Clock) -> None:
    change(folder, "DELETE FROM term WHERE vocabulary = 'urgency'")
    store = Store.open(folder, CLERK, clock)
    assert words("urgency") == ["平件", "加急", "特急", "平急", "特提"]
    assert store.rules.words("urgency")[0] == "平件"
    store.close()


def test_words_that_the_office_changed_are_left_alone(folder: Path, clock: Clock) -> None:
    change(
        folder,
        "DELETE FROM term WHERE vocabulary = 'urgency' AND word <> '特急'",
        "UPDATE term SET is_active = 0 WHERE vocabulary = 'direction' AND word = '平行'",
    )
    store = Store.open(folder, CLERK, clock)
    assert words("urgency") == ["特急"]
    assert store.rules.words("direction") == ("下行", "上行")
    store.close()


def test_a_rule_whose_key_is_missing_is_added_and_a_changed_one_stays(folder: Path, clock: Clock) -> None:
    change(
        folder,
        "DELETE FROM deadline_rule WHERE name = 'incoming.urgent'",
        "UPDATE deadline_rule SET quantity = 5 WHERE name = 'incoming.plain'",
    )
    store = Store.open(folder, CLERK, clock)
    quantities = {(row.name, row.version): row.quantity for row in DeadlineRule.select()}
    assert (quantities["incoming.urgent", 1], quantities["incoming.plain", 1]) == (1, 5)
    assert DeadlineRule.select().count() == len(quantities)
    assert {version for name, version in quantities if name == "legal_case.answer"} == {1, 2}  # the law was changed
    store.close()


def test_opening_again_writes_nothing(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, CLERK, clock)
    before, changes = contents(store), store.connection.total_changes
    assert changes == 0
    store.close()
    store = Store.open(folder, CLERK, clock)
    assert contents(store) == before
    store.close()


def test_a_ledger_with_the_mark_is_only_compared(folder: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(folder / LEDGER)) as connection, connection:
        connection.execute("DELETE FROM term WHERE vocabulary = 'urgency'")
    store = Store.open(folder, CLERK, clock)
    assert words("urgency") == []
    store.close()


def test_a_new_field_gets_its_column_with_its_default(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, CLERK, clock)
    record = saved(store, outgoing())
    store.close()
    change(
        folder,
        "ALTER TABLE outgoing DROP COLUMN remarks",
        "ALTER TABLE outgoing DROP COLUMN copies",
        "ALTER TABLE deadline_rule DROP COLUMN extension",
    )
    store = Store.open(folder, CLERK, clock)
    found = store.load(Outgoing, record.id)
    assert isinstance(found, Outgoing)
    assert (found.remarks, found.copies) == ("", None)
    assert {row.extension for row in DeadlineRule.select()} == {0}
    found.remarks = "补记"
    assert saved(store, found).remarks == "补记"
    store.close()


def test_what_was_done_in_an_older_program_is_found_by_its_deadline(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, CLERK, clock)
    done = saved(store, incoming(result="批复", finished_on=date(2022, 12, 29)))
    figures = Figures(store.connection, store.catalogue, store.rules.days)
    assert figures.rows("in_due", Period.year(2023)) == [done.id]
    store.close()
    change(folder, "UPDATE incoming SET sort_due = '2'")
    store = Store.open(folder, CLERK, clock)
    assert Figures(store.connection, store.catalogue, store.rules.days).rows("in_due", Period.year(2023)) == [done.id]
    found = store.load(type(done), done.id)
    assert found.sort_due == f"2{found.due_on}" == done.sort_due
    store.close()


def test_a_new_column_without_a_default_is_a_defect(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TermRow._meta.fields["series"], "default", None)
    change(folder, "ALTER TABLE term DROP COLUMN series")
    with pytest.raises(RuntimeError, match="series has no default"):
        Store.open(folder, CLERK, clock)


def test_the_mark_follows_fields_indexes_and_resources(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {schema.mark_of(catalogue), schema.mark_of(Catalogue(catalogue.registers[:1]))}
    with monkeypatch.context() as patch:
        patch.setattr(Outgoing._meta, "sorted_fields", Outgoing._meta.sorted_fields[:-1])
        marks.add(schema.mark_of(catalogue))
    with monkeypatch.context() as patch:
        patch.setattr(Outgoing._meta, "indexes", ((("title",), False),))
        marks.add(schema.mark_of(catalogue))
    for name in (schema.WORDS, schema.RULES):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("key\n", encoding="utf-8")
    monkeypatch.setattr(schema, "RESOURCES", tmp_path)
    assert len(marks | {schema.mark_of(catalogue)}) == 5
