"""A ledger whose folder or file goes away while it is open: told before anything is written into nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db.errors import StoreTrouble, Trouble
from db.registers.outgoing import Outgoing
from db.store import health
from db.store.backup import back_up
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import contents, draft, outgoing, saved


def test_what_is_saved_while_the_folder_is_gone_is_refused_and_saved_once_it_is_back(store: Store) -> None:
    saved(store, outgoing())
    away = store.folder.rename(store.folder.with_name("拔下的U盘"))
    record = outgoing(title="关于防汛的通知")
    with pytest.raises(StoreTrouble, match="台账文件不见了") as caught:
        store.save(record)
    assert caught.value.trouble is Trouble.UNREACHABLE
    assert "还在窗口里" in caught.value.text
    assert (record.id, record.title) == (None, "关于防汛的通知")
    with pytest.raises(StoreTrouble):
        store.keep_draft(Outgoing, None, '{"title": "半"}')
    away.rename(store.folder)
    saved(store, record)
    assert store.load(Outgoing, record.id).title == "关于防汛的通知"
    assert list(health.findings(store)) == []


def test_nothing_is_written_into_a_file_that_was_deleted_or_replaced(store: Store, tmp_path: Path) -> None:
    path, aside, older = store.folder / LEDGER, tmp_path / "原件.db", tmp_path / "以前的.db"
    back_up(path, older)
    saved(store, outgoing())
    path.rename(aside)
    before = contents(store)
    with pytest.raises(StoreTrouble, match="不见了"):
        store.save(draft())
    for log in store.folder.glob(f"{LEDGER}-*"):
        log.rename(tmp_path / log.name)
    shutil.copy(older, path)
    with pytest.raises(StoreTrouble, match="换成了另一个"):
        store.save(draft())
    for file in store.folder.glob(f"{LEDGER}*"):
        file.unlink()
    for log in tmp_path.glob(f"{LEDGER}-*"):
        log.rename(store.folder / log.name)
    aside.rename(path)
    assert contents(store) == before
    saved(store, draft())
