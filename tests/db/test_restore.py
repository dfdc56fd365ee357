"""Restoring: the backup is checked, numbers are compared, the present state is kept; a failure changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db import catalogue
from db.errors import Refused, StoreTrouble, Trouble
from db.registers.outgoing import Outgoing
from db.store import backup, health
from db.store import restore as restore_module
from db.store.places import BACKUPS, LEDGER
from db.store.restore import restore
from db.store.store import Store
from db.store.upgrades import runner
from tests.db.office import Clock, contents, outgoing, saved, study

LATER = timedelta(hours=1)


def fill(folder: Path, clock: Clock, count: int) -> dict[str, list[tuple[Any, ...]]]:
    """Enter documents; give back all that the ledger holds then."""
    store = Store.open(folder, "李喆", clock)
    for at in range(count):
        saved(store, outgoing(title=f"关于第{at}项工作的通知"))
    found = contents(store)
    store.close()
    return found


def kept(folder: Path, target: Path) -> Path:
    """A backup of the ledger in a folder."""
    return backup.back_up(folder / LEDGER, target)


def held(folder: Path, clock: Clock) -> dict[str, list[tuple[Any, ...]]]:
    """All that a ledger holds, which must be sound."""
    store = Store.open(folder, "李喆", clock)
    found, wrong = contents(store), list(health.findings(store))
    store.close()
    assert wrong == []
    return found


def test_a_backup_takes_the_place_of_the_ledger_and_the_present_state_is_kept(
    folder: Path, clock: Clock, tmp_path: Path
) -> None:
    old = fill(folder, clock, 3)
    source = kept(folder, tmp_path / "U盘" / "旧.db")
    present = fill(folder, clock, 2)
    done = restore(folder, source, catalogue.load(), clock() + LATER, sure=True)
    assert done.before is not None
    assert (done.before.total, done.now.total) == (5, 3)
    assert "恢复前共5条（发文5）；现在共3条（发文3）" in done.words()
    assert held(folder, clock) == old
    assert done.kept is not None
    assert restore(folder, done.kept, catalogue.load(), clock() + 2 * LATER).now.total == 5
    assert held(folder, clock) == present


def test_a_backup_with_less_is_refused_in_numbers_until_that_is_meant(
    folder: Path, clock: Clock, tmp_path: Path
) -> None:
    fill(folder, clock, 1)
    source = kept(folder, tmp_path / "旧.db")
    present = fill(folder, clock, 4)
    with pytest.raises(Refused) as refused:
        restore(folder, source, catalogue.load(), clock() + LATER)
    assert "备份里共1条（发文1）、日志1条" in str(refused.value)
    assert "现有共5条（发文5）、日志5条" in str(refused.value)
    assert backup.backups_in(folder / BACKUPS) == []
    assert held(folder, clock) == present


def test_an_empty_backup_does_not_replace_a_ledger(folder: Path, clock: Clock, tmp_path: Path) -> None:
    source = kept(folder, tmp_path / "空.db")
    present = fill(folder, clock, 1)
    with pytest.raises(Refused, match="备份里共0条"):
        restore(folder, source, catalogue.load(), clock())
    assert held(folder, clock) == present


def test_a_backup_with_as_many_records_but_fewer_changes_is_refused(folder: Path, clock: Clock, tmp_path: Path) -> None:
    fill(folder, clock, 1)
    source = kept(folder, tmp_path / "旧.db")
    store = Store.open(folder, "李喆", clock)
    store.void(Outgoing, 1, "重复")
    store.close()
    with pytest.raises(Refused, match="日志1条，比现有台账少"):
        restore(folder, source, catalogue.load(), clock())


def test_on_a_new_computer_a_backup_becomes_the_ledger(folder: Path, clock: Clock, tmp_path: Path) -> None:
    old = fill(folder, clock, 2)
    done = restore(tmp_path / "新电脑" / "数据", kept(folder, tmp_path / "旧.db"), catalogue.load(), clock())
    assert (done.before, done.kept, done.now.total) == (None, None, 2)
    assert held(tmp_path / "新电脑" / "数据", clock) == old


def spoil(path: Path) -> None:
    """Overwrite most of a file."""
    whole = bytearray(path.read_bytes())
    whole[8192:] = b"\xa5" * (len(whole) - 8192)
    path.write_bytes(whole)


@pytest.mark.parametrize("harm", [spoil, lambda path: path.write_bytes(b"not a database" * 900)])
def test_a_damaged_ledger_is_set_aside_untouched(folder: Path, clock: Clock, tmp_path: Path, harm: Any) -> None:
    old = fill(folder, clock, 3)
    source = kept(folder, tmp_path / "旧.db")
    fill(folder, clock, 2)
    harm(folder / LEDGER)
    before = (folder / LEDGER).read_bytes()
    done = restore(folder, source, catalogue.load(), clock())
    assert done.kept is not None
    assert done.kept.name == "损坏的台账-20221230-100000.db"
    assert done.kept.read_bytes() == before
    assert str(done.kept) in done.words()
    assert held(folder, clock) == old


def test_changes_that_still_lie_in_the_log_are_kept_and_do_not_reach_the_restored_ledger(
    folder: Path, clock: Clock, tmp_path: Path
) -> None:
    old = fill(folder, clock, 1)
    source = kept(folder, tmp_path / "旧.db")
    with closing(sqlite3.connect(folder / LEDGER)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("UPDATE outgoing SET remarks = '还在日志里'")
        writer.commit()
        log = (folder / f"{LEDGER}-wal").read_bytes()
        whole = (folder / LEDGER).read_bytes()
    (folder / LEDGER).write_bytes(whole)  # as a crash would have left both
    (folder / f"{LEDGER}-wal").write_bytes(log)
    done = restore(folder, source, catalogue.load(), clock())
    assert done.kept is not None
    with backup.reading(done.kept) as keeping:
        assert keeping.execute("SELECT remarks FROM outgoing").fetchone() == ("还在日志里",)
    assert held(folder, clock) == old


def another(path: Path) -> None:
    """A database of another program."""
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE journal (id INTEGER PRIMARY KEY, hash TEXT)")


def newer(path: Path) -> None:
    """A ledger of the next version."""
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {runner.SCHEMA_VERSION + 1}")


@pytest.mark.parametrize(
    ("harm", "trouble"),
    [
        (spoil, Trouble.DAMAGED), (another, Trouble.NOT_A_LEDGER), (newer, Trouble.TOO_NEW),
        (Path.unlink, Trouble.UNREACHABLE),
    ],
)  # fmt: skip
def test_what_is_no_sound_backup_is_refused_and_nothing_is_touched(
    folder: Path, clock: Clock, tmp_path: Path, harm: Any, trouble: Trouble
) -> None:
    present = fill(folder, clock, 1)
    source = kept(folder, tmp_path / "旧.db")
    harm(source)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StoreTrouble) as met:
        restore(folder, source, catalogue.load(), clock(), sure=True)
    assert met.value.trouble is trouble
    assert "现有台账没有动" in met.value.text or "原台账没有动" in met.value.text
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert held(folder, clock) == present


def test_a_ledger_that_is_open_is_not_replaced(store: Store, clock: Clock, tmp_path: Path) -> None:
    source = kept(store.folder, tmp_path / "旧.db")
    with pytest.raises(StoreTrouble) as met:
        restore(store.folder, source, catalogue.load(), clock())
    assert met.value.trouble is Trouble.IN_USE
    saved(store, study())


def test_a_disk_that_fills_up_leaves_the_present_ledger(
    folder: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = fill(folder, clock, 1)
    source = kept(folder, tmp_path / "旧.db")

    def full(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restore_module.shutil, "copyfile", full)
    with pytest.raises(StoreTrouble) as met:
        restore(folder, source, catalogue.load(), clock())
    assert met.value.trouble is Trouble.UNREACHABLE
    assert not list(folder.glob("*.part"))
    assert held(folder, clock) == present
