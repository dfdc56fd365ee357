"""Attachments in backups: copied once, checked by their hash, thinned with the backups, brought back by a restore."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from db import catalogue
from db.errors import Refused
from db.store import attachments, backup, backup_files, health
from db.store.backup_places import Backups
from db.store.files import copy_in, path_of
from db.store.places import ATTACHMENTS, BACKUPS, LEDGER
from db.store.restore import restore
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved
from tests.db.sticks import known

MOST = 1 << 24


def attached(store: Store, desk: Path, content: bytes) -> str:
    """A record with an attachment of that content; the hash of the file."""
    desk.mkdir(exist_ok=True)
    source = desk / "附件.pdf"
    source.write_bytes(content)
    copied = copy_in(store.folder, source, MOST)
    attachments.attach(store, saved(store, outgoing()), [copied])
    return copied.sha256


def backups(store: Store, stick: Path) -> Backups:
    """The backups of a ledger in both places."""
    stick.mkdir(exist_ok=True)
    return Backups(store.folder, store.catalogue, {**store.rules.settings, **known(stick)})


def kept(place: Path) -> set[str]:
    """The files of attachments in a place."""
    return {path.name for path in (place / ATTACHMENTS).rglob("*") if path.is_file()}


def test_both_places_get_each_attachment_once(store: Store, clock: Clock, tmp_path: Path) -> None:
    stick = tmp_path / "U盘"
    first = attached(store, tmp_path / "桌", b"one")
    backups(store, stick).make(clock())
    stamps = {place: path_of(place, first).stat().st_mtime_ns for place in (store.folder / BACKUPS, stick)}
    second = attached(store, tmp_path / "桌", b"two")
    clock.tick(3600)
    made = backups(store, stick).make(clock())
    assert made.troubles == ()
    for place, stamp in stamps.items():
        assert kept(place) == {first, second}
        assert path_of(place, first).stat().st_mtime_ns == stamp
    assert backups(store, stick).state(clock()).light == "green"


def test_an_attachment_taken_off_lies_in_the_backup_since_it_can_be_undone(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    digest = attached(store, tmp_path / "桌", b"one")
    attachments.detach(store, 1)
    backups(store, tmp_path / "U盘").make(clock())
    assert kept(tmp_path / "U盘") == {digest}


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_file_that_is_not_whole_is_not_backed_up_and_that_is_told_until_it_is_back(
    store: Store, clock: Clock, tmp_path: Path, harm: str
) -> None:
    stick = tmp_path / "U盘"
    digest = attached(store, tmp_path / "桌", b"one")
    path = path_of(store.folder, digest)
    path.unlink() if harm == "missing" else path.write_bytes(b"two")
    backups(store, stick).make(clock())
    state = backups(store, stick).state(clock())
    assert state.light == "ochre"
    assert "有1个附件的文件没有备到" in state.more
    assert kept(stick) == set()
    path.write_bytes(b"one")
    assert backups(store, stick).make(clock()).written == ()  # the backup itself is good: only the file was lacking
    assert kept(stick) == {digest}
    assert backups(store, stick).state(clock()).light == "green"


def test_a_cancelled_copy_leaves_no_half_file(store: Store, tmp_path: Path) -> None:
    attached(store, tmp_path / "桌", bytes(3 << 20))
    place = tmp_path / "U盘"
    with pytest.raises(Refused):
        backup_files.copy_new(store.folder, place, {}, lambda _done, _total: False)
    assert kept(place) == set()


def test_files_go_only_when_neither_the_ledger_nor_a_backup_names_them(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    stick = tmp_path / "U盘"
    digest = attached(store, tmp_path / "桌", b"one")
    backups(store, stick).make(clock())
    path_of(store.folder, digest).unlink()
    assert backup_files.thin(stick, store.folder) == 0
    (old,) = backup.backups_in(stick)
    garbled = stick / "别的.db"
    garbled.write_bytes(b"no database at all" * 100)
    old.unlink()
    assert backup_files.thin(stick, store.folder) == 0
    garbled.unlink()
    assert backup_files.thin(stick, store.folder) == 1
    assert kept(stick) == set()


def test_on_a_new_computer_the_attachments_come_back_with_the_backup(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    stick, new = tmp_path / "U盘", tmp_path / "新电脑"
    digest = attached(store, tmp_path / "桌", b"one")
    backups(store, stick).make(clock())
    (source,) = backup.backups_in(stick)
    done = restore(new, source, catalogue.load(), clock())
    assert (done.files.copied, done.files.lacking) == (1, ())
    assert "补回附件1个" in done.words()
    assert path_of(new, digest).read_bytes() == b"one"
    again = Store.open(new, "李喆", clock)
    assert list(health.findings(again)) == []
    again.close()


def test_an_altered_attachment_is_set_aside_and_a_lost_one_told(folder: Path, clock: Clock, tmp_path: Path) -> None:
    store = Store.open(folder, "李喆", clock)
    altered, lost = (attached(store, tmp_path / "桌", content) for content in (b"one", b"two"))
    store.close()
    source = backup.back_up(folder / LEDGER, folder / BACKUPS / "旧.db")
    backup_files.beside(folder, source)
    path_of(folder, altered).write_bytes(b"1")
    path_of(folder, lost).unlink()
    shutil.rmtree(path_of(source.parent, lost).parent)
    done = restore(folder, source, catalogue.load(), clock() + timedelta(hours=1))
    assert (done.files.copied, done.files.lacking) == (1, (lost,))
    assert "有1个附件的文件在备份和数据文件夹里都没有" in done.words()
    assert path_of(folder, altered).read_bytes() == b"one"
    assert (folder / backup_files.DAMAGED / altered).read_bytes() == b"1"
