"""Bringing an older ledger up to date: one step, one transaction; a verified backup before; nothing half done."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.errors import StoreTrouble, Trouble
from db.store import backup, health
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from db.store.upgrades import runner
from db.store.upgrades.runner import Step, upgrade, version_of
from tests.db.office import Clock, outgoing, saved, study

Apply = Callable[[sqlite3.Connection], None]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A small database of version 1 with a parent and a child."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(
            """CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id));
            INSERT INTO parent VALUES (1, '甲'); INSERT INTO child VALUES (1, 1);
            PRAGMA user_version = 1; PRAGMA foreign_keys = ON;"""
        )
        yield connection


def shape(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The tables of a database and how they were made."""
    return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def executing(*statements: str) -> Apply:
    """A step that runs some statements."""

    def apply(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return apply


def interrupted(after: Apply) -> Apply:
    """A step that is broken off after it has done something."""

    def apply(connection: sqlite3.Connection) -> None:
        after(connection)
        raise KeyboardInterrupt

    return apply


ADD = executing("ALTER TABLE parent ADD COLUMN post TEXT")
FILL = executing("UPDATE parent SET post = '主任'")
RENAME = executing("ALTER TABLE parent RENAME COLUMN post TO office")


def test_steps_are_applied_in_their_order_up_to_the_version(connection: sqlite3.Connection) -> None:
    upgrade(connection, [Step(2, ADD), Step(3, FILL), Step(4, RENAME), Step(5, executing("DROP TABLE parent"))], 4)
    assert version_of(connection) == 4
    assert connection.execute("SELECT name, office FROM parent").fetchall() == [("甲", "主任")]
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_steps_already_taken_are_not_taken_again(connection: sqlite3.Connection) -> None:
    upgrade(connection, [Step(2, ADD)], 2)
    upgrade(connection, [Step(2, ADD), Step(3, FILL)], 3)
    assert version_of(connection) == 3


def test_an_interrupted_step_leaves_version_and_shape_and_goes_on_next_time(connection: sqlite3.Connection) -> None:
    planned = [Step(2, ADD), Step(3, interrupted(executing("CREATE TABLE half (n)", "UPDATE parent SET post = '半'")))]
    with pytest.raises(KeyboardInterrupt):
        upgrade(connection, planned, 3)
    assert version_of(connection) == 2
    assert not connection.in_transaction
    assert "half" not in dict(shape(connection))
    assert connection.execute("SELECT post FROM parent").fetchall() == [(None,)]
    upgrade(connection, [Step(2, ADD), Step(3, FILL)], 3)
    assert version_of(connection) == 3
    assert connection.execute("SELECT post FROM parent").fetchall() == [("主任",)]


def test_a_failing_statement_takes_its_whole_step_back(connection: sqlite3.Connection) -> None:
    before = shape(connection)
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        upgrade(connection, [Step(2, executing("CREATE TABLE half (n)", "DROP TABLE nowhere"))], 2)
    assert (version_of(connection), shape(connection)) == (1, before)


def test_a_step_that_breaks_a_reference_is_taken_back(connection: sqlite3.Connection) -> None:
    with pytest.raises(RuntimeError, match="1 broken reference"):
        upgrade(connection, [Step(2, ADD), Step(3, executing("DELETE FROM parent"))], 3)
    assert version_of(connection) == 2
    assert connection.execute("SELECT count(*) FROM parent").fetchone() == (1,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_table_may_be_made_anew_under_its_references(connection: sqlite3.Connection) -> None:
    anew = executing(
        "CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
        "INSERT INTO parent_new SELECT * FROM parent",
        "DROP TABLE parent",
        "ALTER TABLE parent_new RENAME TO parent",
    )
    upgrade(connection, [Step(2, anew)], 2)
    assert connection.execute("SELECT * FROM child JOIN parent ON parent.id = parent").fetchall() == [(1, 1, 1, "甲")]


def test_steps_that_do_not_lead_to_the_version_are_a_defect(connection: sqlite3.Connection) -> None:
    with pytest.raises(RuntimeError, match="from version 2 to 3"):
        upgrade(connection, [Step(2, ADD)], 3)


def test_the_bundled_steps_lead_to_the_version_of_the_program() -> None:
    versions = [step.version for step in runner.steps()]
    assert versions == list(range(2, runner.SCHEMA_VERSION + 1))


@pytest.fixture
def older(folder: Path, clock: Clock) -> Path:
    """A ledger with two records, of the version before the next program."""
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing())
    saved(store, study())
    store.close()
    return folder


def plan_steps(monkeypatch: pytest.MonkeyPatch, *applies: Apply) -> int:
    """Make the program one whose newest steps are these; give back its version."""
    first = runner.SCHEMA_VERSION + 1
    steps = [Step(first + at, apply) for at, apply in enumerate(applies)]
    monkeypatch.setattr(runner, "steps", lambda: steps)
    monkeypatch.setattr(runner, "SCHEMA_VERSION", steps[-1].version)
    return steps[-1].version


def peek(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a closed ledger."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        return connection.execute(sql).fetchall()


NOTE = executing("ALTER TABLE outgoing ADD COLUMN note TEXT NOT NULL DEFAULT ''")


def test_an_older_ledger_is_backed_up_and_brought_up_to_date(
    older: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = runner.SCHEMA_VERSION
    version = plan_steps(monkeypatch, NOTE, executing("UPDATE outgoing SET note = '升级'"))
    store = Store.open(older, "李喆", clock)
    assert version_of(store.connection) == version
    assert store.connection.execute("SELECT note FROM outgoing").fetchall() == [("升级",)]
    assert list(health.findings(store)) == []
    store.close()
    (kept,) = backup.backups_in(older / BACKUPS)
    assert kept.name == "台账备份-20221230-100000.db"
    with closing(sqlite3.connect(kept)) as copy:
        assert version_of(copy) == was
        assert copy.execute("SELECT count(*) FROM study_item").fetchone() == (1,)


def test_an_interrupted_upgrade_goes_on_at_the_next_start(
    older: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = runner.SCHEMA_VERSION
    with monkeypatch.context() as first:
        plan_steps(first, NOTE, interrupted(executing("UPDATE outgoing SET note = '半'")))
        with pytest.raises(KeyboardInterrupt):
            Store.open(older, "李喆", clock)
    assert peek(older, "PRAGMA user_version") == [(was + 1,)]
    clock.tick(60)
    version = plan_steps(monkeypatch, NOTE, executing("UPDATE outgoing SET note = '全'"))
    store = Store.open(older, "李喆", clock)
    assert version_of(store.connection) == version
    assert store.connection.execute("SELECT note FROM outgoing").fetchall() == [("全",)]
    store.close()
    assert len(backup.backups_in(older / BACKUPS)) == 2


def test_without_a_backup_nothing_is_upgraded(older: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    was = runner.SCHEMA_VERSION
    (older / BACKUPS).write_text("", encoding="utf-8")
    plan_steps(monkeypatch, NOTE)
    with pytest.raises(StoreTrouble) as trouble:
        Store.open(older, "李喆", clock)
    assert trouble.value.trouble is Trouble.UNREACHABLE
    assert peek(older, "PRAGMA user_version") == [(was,)]


def test_a_backup_of_an_older_version_is_restored_and_upgraded(
    older: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = plan_steps(monkeypatch, NOTE)
    Store.open(older, "李喆", clock).close()
    (kept,) = backup.backups_in(older / BACKUPS)
    shutil.copy(kept, older / LEDGER)
    clock.tick(60)
    store = Store.open(older, "李喆", clock)
    assert version_of(store.connection) == version
    assert list(health.findings(store)) == []
    store.close()
