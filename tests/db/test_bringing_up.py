"""What an older program left to be done at opening: watched, stopped, killed in the middle, and done again."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from db.catalogue import load
from db.errors import Refused
from db.registers.incoming import Incoming
from db.store import attachments, backup, reindexing
from db.store.files import copy_in
from db.store.health import findings
from db.store.indexing import MARK
from db.store.opening import Opening, Watch
from db.store.places import BACKUPS, LEDGER, LOCK
from db.store.search import Filter, Listing
from db.store.store import Store
from db.store.upgrades import runner
from db.store.upgrades.runner import Step
from tests.db.office import Clock, draft, incoming, saved, study

HOUSE = Path(__file__).parents[2]
TEXTS = "SELECT key, text FROM search_text ORDER BY key"
Texts = list[tuple[int, str]]


def peek(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a closed ledger."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        return connection.execute(sql).fetchall()


def make_old(folder: Path) -> None:
    """Let a closed ledger look as if an older program had indexed it and known fewer columns."""
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.execute("UPDATE setting SET value = 'old' WHERE name IN (?, 'brought')", (MARK,))
        connection.execute("DROP INDEX incoming_day")
        connection.commit()


def found(store: Store, text: str) -> list[int]:
    """The ids of papers received that a search finds."""
    number = store.register_numbers[Incoming.key()]
    return Listing(store.connection, Incoming, number, Filter(text=text), store.rules.today, store.rules.days).ids()


@pytest.fixture
def old(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An older ledger with forty papers, lines, an attachment and one record in the bin, indexed by sevens."""
    monkeypatch.setattr(reindexing, "READ", 5)
    monkeypatch.setattr(reindexing, "WRITTEN", 7)
    papers = [saved(store, incoming(title=f"关于第{at + 1}号公路的请示")) for at in range(40)]
    saved(store, study())
    gone = saved(store, draft(title="关于水库的函"))
    store.delete(type(gone), gone.id)
    paper = store.folder.parent / "水渠图.txt"
    paper.write_text("图", encoding="utf-8")
    attachments.attach(store, papers[-1], [copy_in(store.folder, paper, attachments.limit(store))])
    store.close()
    make_old(store.folder)
    return store.folder


def test_a_ledger_indexed_anew_holds_what_saving_had_put_in(old: Path, clock: Clock) -> None:
    before = peek(old, TEXTS)
    told: list[str] = []
    steps: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        steps.append((done, total))
        return True

    store = Store.open(old, "李喆", clock, Watch(told.append, progress))
    assert store.connection.execute(TEXTS).fetchall() == before
    store.connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    assert len(found(store, "公路")) == 40
    assert found(store, "水渠图") == [40]
    assert list(findings(store)) == []
    store.close()
    assert told == ["补上新的栏目和目录", "重新编制查找用的目录", "写入磁盘"]
    assert (42, 42) in steps
    assert peek(old, "SELECT name FROM sqlite_master WHERE name = 'incoming_day'")


def test_the_demo_year_indexed_anew_is_the_same(built: Path, tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "again"
    shutil.copytree(built, folder)
    before = peek(folder, TEXTS)
    make_old(folder)
    Store.open(folder, "李喆", clock).close()
    assert peek(folder, TEXTS) == before


def test_a_ledger_that_lacks_nothing_is_not_brought_up(store: Store, clock: Clock) -> None:
    store.close()
    opening = Opening(store.folder, load(), clock)
    assert not opening.must_bring_up()
    opening.finish().close()


@pytest.mark.parametrize("told", [1, 3])
def test_killed_in_the_middle_it_is_done_again_and_nothing_is_lost(old: Path, clock: Clock, told: int) -> None:
    before = peek(old, TEXTS)
    command = [sys.executable, "-m", "tests.db.bring_up_child", str(old), str(told)]
    ended = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert ended.returncode < 0
    assert "open" not in ended.stdout
    assert (old / LOCK).read_text(encoding="utf-8") != ""
    parts: list[str] = []
    store = Store.open(old, "李喆", clock, Watch(parts.append, lambda _done, _total: True))
    assert "重新编制查找用的目录" in parts
    assert store.connection.execute(TEXTS).fetchall() == before
    assert len(found(store, "公路")) == 40
    store.close()


def test_stopped_it_leaves_the_ledger_as_it_was_and_in_order(
    old: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "CHECKED", 100)
    before = peek(old, TEXTS)
    with pytest.raises(Refused, match="已停止"):
        Store.open(old, "李喆", clock, Watch(lambda _words: None, lambda done, _total: done < 14))
    assert peek(old, TEXTS) == before
    assert (old / LOCK).read_text(encoding="utf-8") == ""
    store = Store.open(old, "李喆", clock)
    assert len(found(store, "公路")) == 40
    store.close()


def test_an_upgrade_is_watched_from_its_backup_on(old: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    version = runner.SCHEMA_VERSION + 1

    def apply(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE incoming SET remarks = '升级'")

    monkeypatch.setattr(runner, "steps", lambda: [Step(version, apply)])
    monkeypatch.setattr(runner, "SCHEMA_VERSION", version)
    told: list[str] = []
    store = Store.open(old, "李喆", clock, Watch(told.append, lambda _done, _total: True))
    assert told[:2] == ["先备份一份，并检查这份备份", "升级台账"]
    assert runner.version_of(store.connection) == version
    assert len(found(store, "升级")) == 40
    store.close()
    assert len(backup.backups_in(old / BACKUPS)) == 1
