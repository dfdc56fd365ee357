"""A damaged ledger is filled in from its newest backup, wherever that lies, and never from another ledger's."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from db import catalogue
from db.store import backup, second_place
from db.store.places import BACKUPS, LEDGER
from db.store.recovering import recover
from db.store.second_place import Volume, leave
from db.store.store import Store
from tests.db.office import NOON, Clock, incoming, saved
from tests.db.sticks import MARK, known

PAGE = 4096


@pytest.fixture
def ledger(folder: Path, clock: Clock, tmp_path: Path) -> Path:
    """A closed ledger that knows a stick, with a backup on it; the ledger's last page is damaged."""
    stick = tmp_path / "U盘"
    stick.mkdir()
    store = Store.open(folder, "李喆", clock)
    saved(store, incoming(note="长" * 9_000))
    second_place.keep(store, known(stick))
    store.close()
    back_up(folder, stick, NOON)
    with (folder / LEDGER).open("r+b") as file:
        file.seek(-PAGE, 2)
        file.write(bytes(PAGE))
    return folder / LEDGER


def back_up(folder: Path, place: Path, at: datetime) -> Path:
    """A backup of the ledger in a folder, in a place."""
    return backup.back_up(folder / LEDGER, backup.free_name(place, at))


def found(ledger: Path, *volumes: Path) -> Path | None:
    """The backup that a rescue takes, with these volumes plugged in."""
    plugged_in = [Volume(root, root.name) for root in volumes]
    return recover(ledger.parent, catalogue.load(), "李喆", Clock(), volumes=lambda: plugged_in).backup


def test_the_stick_is_found_under_whatever_letter_it_has(ledger: Path, tmp_path: Path) -> None:
    other = (tmp_path / "U盘").rename(tmp_path / "另一个盘符")
    assert found(ledger) is None
    backed_up = found(ledger, other)
    assert backed_up is not None
    assert backed_up.parent == other


def test_a_marked_folder_of_a_volume_is_found_when_the_settings_are_lost(ledger: Path, tmp_path: Path) -> None:
    inner = tmp_path / "移动硬盘" / "台账备份"
    inner.parent.mkdir()
    (tmp_path / "U盘").rename(inner)
    content = bytearray(ledger.read_bytes())
    at = content.index(MARK.encode()) // PAGE * PAGE
    content[at : at + PAGE] = bytes(PAGE)
    ledger.write_bytes(content)
    backed_up = found(ledger, inner.parent)
    assert backed_up is not None
    assert backed_up.parent == inner


@pytest.mark.parametrize("where", [".", ".."])
def test_a_backup_that_somebody_laid_beside_the_ledger_is_found(ledger: Path, tmp_path: Path, where: str) -> None:
    (there,) = backup.backups_in(tmp_path / "U盘")
    beside = Path(shutil.move(there, (ledger.parent / where).resolve()))
    assert found(ledger) == beside


def test_a_newer_backup_of_another_ledger_on_the_same_stick_is_none_of_this_one(ledger: Path, tmp_path: Path) -> None:
    (own,) = backup.backups_in(tmp_path / "U盘")
    other, clock = tmp_path / "别的单位", Clock()
    store = Store.open(other, "王堃", clock)
    saved(store, incoming(title="别的单位的来文"))
    store.close()
    strange = back_up(other, tmp_path / "U盘", NOON.replace(hour=23))
    assert found(ledger) == own
    own.unlink()
    assert found(ledger) is None
    (ledger.parent / BACKUPS).mkdir(exist_ok=True)
    shutil.move(strange, ledger.parent / BACKUPS)
    leave(tmp_path / "U盘", MARK)
    assert found(ledger) is None
