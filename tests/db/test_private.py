"""On a machine that several people log in to, nobody else reads the ledger, its backups or its logs."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.catalogue import Catalogue
from db.store.backup import back_up
from db.store.backup_places import Backups
from db.store.files import copy_in
from db.store.places import ATTACHMENTS, BACKUPS, LEDGER
from db.store.private import make_private_folder
from db.store.restore import restore
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have the rights of their folder there")


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    """A system that lets everybody read what is made."""
    before = os.umask(0o000)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """The folder and all in it that others may use."""
    return [str(path) for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_a_new_ledger_with_all_that_is_beside_it_is_the_users_alone(
    tmp_path: Path, clock: Clock, catalogue: Catalogue
) -> None:
    folder = tmp_path / "新"
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing())
    (tmp_path / "扫描.pdf").write_bytes(b"%PDF-1.4")
    copy_in(folder, tmp_path / "扫描.pdf", 1_000)
    made = Backups(folder, catalogue, {}).make(clock())
    assert made.written
    assert {path.name for path in folder.iterdir()} >= {LEDGER, f"{LEDGER}-wal", BACKUPS, ATTACHMENTS}
    assert open_to_others(folder) == []
    store.close()
    assert open_to_others(folder) == []


def test_a_backup_elsewhere_and_a_restored_ledger_are_the_users_alone(
    folder: Path, tmp_path: Path, clock: Clock, catalogue: Catalogue
) -> None:
    target = back_up(folder / LEDGER, tmp_path / "别处" / "备份.db")
    assert open_to_others(target.parent) == []
    restore(tmp_path / "第二台", target, catalogue, clock())
    assert open_to_others(tmp_path / "第二台") == []


def test_an_older_ledger_that_others_could_read_is_closed_to_them(folder: Path, clock: Clock) -> None:
    folder.chmod(0o755)
    (folder / LEDGER).chmod(0o644)
    Store.open(folder, "李喆", clock).close()
    assert open_to_others(folder) == []


def test_a_folder_of_other_things_keeps_its_rights(tmp_path: Path) -> None:
    shared = tmp_path / "共用"
    shared.mkdir()
    (shared / "别的.txt").touch()
    make_private_folder(shared, LEDGER)
    assert stat.S_IMODE(shared.stat().st_mode) == 0o777


def test_rights_are_only_taken_away(tmp_path: Path) -> None:
    locked = tmp_path / "只读"
    locked.mkdir(mode=0o555)
    make_private_folder(locked, LEDGER)
    assert stat.S_IMODE(locked.stat().st_mode) == 0o500
