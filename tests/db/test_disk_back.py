"""The disk goes away in the middle of the work and comes back: nothing confirmed is lost, nothing is entered twice."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from db.errors import StoreTrouble, Trouble
from db.registers.outgoing import Outgoing
from db.store import health, keys, sealing
from db.store.places import LEDGER, LOCK, Lock
from db.store.store import Store
from tests.db.office import Clock, again, outgoing, saved
from tests.db.unplugging import plugged_anew, unmount

GONE = "关于春耕的通知"


def titles(store: Store) -> list[str]:
    """The titles of the outgoing documents, in the order of entry."""
    return [row.title for row in Outgoing.select(Outgoing.title).order_by(Outgoing.id)]


def test_a_folder_that_goes_in_the_middle_of_a_save_leaves_nothing_of_it_and_takes_it_once_later(store: Store) -> None:
    saved(store, outgoing())
    record = outgoing(title=GONE)
    away = store.folder.with_name("拔下的U盘")

    def interrupted() -> None:
        with store.change("登记发文") as change:
            change.save(record)
            store.folder.rename(away)

    with pytest.raises(StoreTrouble, match="台账文件不见了"):
        interrupted()
    away.rename(store.folder)
    assert len(titles(store)) == 1
    saved(store, outgoing(title=GONE))
    assert titles(store)[1:] == [GONE]
    assert list(health.findings(store)) == []


@pytest.mark.parametrize("comes_back", [unmount, plugged_anew], ids=["as the same device", "as another device"])
def test_work_goes_on_after_the_disk_was_away(store: Store, comes_back: Callable[[Path], None]) -> None:
    first = saved(store, outgoing())
    comes_back(store.folder)
    record = outgoing(title=GONE)
    if comes_back is unmount:  # nothing tells that it was away before something is read or written
        with pytest.raises(StoreTrouble, match="读写磁盘出错") as failed:
            store.save(record)
        assert failed.value.trouble is Trouble.UNREACHABLE
        assert "您刚输入的内容还在窗口里" in failed.value.text
        assert (record.id, record.title) == (None, GONE)
    store.save(record)
    assert titles(store) == [first.title, GONE]
    assert again(store, record).title == GONE
    assert store.keep_draft(Outgoing, None, '{"title": "半"}')
    store.undo()
    assert again(store, first).title == first.title
    assert list(health.findings(store)) == []
    folder = store.folder
    with pytest.raises(StoreTrouble) as caught:
        Lock(folder / LOCK).take()
    assert caught.value.trouble is Trouble.IN_USE, "the lock is held on the disk that is there now"
    assert store.head()[0] == store.connection.execute("SELECT count(*) FROM journal").fetchone()[0]


def test_what_cannot_be_read_is_read_again_once_the_disk_is_back(store: Store) -> None:
    first = saved(store, outgoing())
    for at in range(40):
        saved(store, outgoing(title=f"第{at}号"))
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.connection.execute("PRAGMA cache_size = 1")
    unmount(store.folder)
    with pytest.raises(sqlite3.DatabaseError) as caught:
        store.connection.execute("SELECT sum(length(after)) FROM journal").fetchall()
    told = store.presence.named(caught.value)
    assert told is not None
    assert (told.trouble, told.title) == (Trouble.UNREACHABLE, "读写磁盘出错"), "it does not answer: it is not damaged"
    assert store.presence.revive()
    assert again(store, first).title == first.title
    assert list(health.findings(store)) == []
    again_told = store.presence.named(caught.value)
    assert again_told is not None
    assert again_told.trouble is Trouble.DAMAGED, "SQLite says so of the ledger opened anew as well"


def test_a_disk_that_comes_back_with_less_is_not_written(store: Store, tmp_path: Path) -> None:
    saved(store, outgoing())
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    older = shutil.copytree(store.folder, tmp_path / "少了最后一条")
    saved(store, outgoing(title=GONE))
    unmount(store.folder)
    store.folder.rename(tmp_path / "拔下的")
    older.rename(store.folder)
    before = (store.folder / LEDGER).read_bytes()
    for _time in range(2):
        with pytest.raises(StoreTrouble, match="换成了另一个"):
            store.save(outgoing(title="再来一条"))
    assert (store.folder / LEDGER).read_bytes() == before


def test_a_ledger_whose_disk_is_gone_is_closed_and_checked_at_the_next_start(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    first = saved(store, outgoing())
    unmount(folder)
    store.connection.execute("PRAGMA shrink_memory")  # nothing of it is known without the disk
    store.close()
    lock = Lock(folder / LOCK)
    lock.take()
    assert not lock.was_clean
    lock.give_back(clean=False)
    store = Store.open(folder, "李喆", clock)
    assert again(store, first).title == first.title
    store.close()


@pytest.mark.parametrize("comes_back", [unmount, plugged_anew], ids=["as the same device", "as another device"])
def test_an_encrypted_ledger_is_gone_on_with_as_well(
    folder: Path, clock: Clock, comes_back: Callable[[Path], None]
) -> None:
    store = Store.open(folder, "李喆", clock)
    first = saved(store, outgoing())
    store.close()
    sealing.seal(folder, "清风明月照我还乡", "ABCD-EFGH-JKLM-NPQR", clock())
    store = Store.open(folder, "李喆", clock)
    comes_back(folder)
    record = outgoing(title=GONE)
    if comes_back is unmount:
        with pytest.raises(StoreTrouble, match="读写磁盘出错"):
            store.save(record)
    store.save(record)
    assert titles(store) == [first.title, GONE]
    assert list(health.findings(store)) == []
    assert not keys.is_plain(folder / LEDGER)
    store.close()
    keys.ring.forget()
