"""Changes that the disk has lost are told of in numbers, though SQLite itself passes over them without a word."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from db import catalogue
from db.store import backup
from db.store.head_file import HEAD, loss_in_words
from db.store.health import findings
from db.store.places import BACKUPS, LEDGER
from db.store.restore import restore
from db.store.store import Store
from tests.db.office import Clock, outgoing
from tests.db.readonly import make_unwritable

WAL = f"{LEDGER}-wal"


def opened(folder: Path) -> Store:
    """The ledger in a folder."""
    return Store.open(folder, "赵晓燕", Clock())


@pytest.fixture
def after_power_cut(tmp_path: Path) -> Path:
    """A folder as a power cut leaves it: five changes, the last of them still in the log."""
    folder = tmp_path / "台账"
    opened(folder).close()
    with closing(opened(folder)) as store:
        for at in range(5):
            store.save(outgoing(title=f"关于第{at}项工作的通知"))
        for name in (LEDGER, WAL, HEAD):
            shutil.copy(folder / name, tmp_path / name)
    left = tmp_path / "断电"
    left.mkdir()
    for name in (LEDGER, WAL, HEAD):
        shutil.move(tmp_path / name, left / name)
    return left


def test_a_ledger_that_lost_nothing_says_nothing(after_power_cut: Path) -> None:
    with closing(opened(after_power_cut)) as store:
        assert store.lost == 0
        assert store.head()[0] == 5
        assert not list(findings(store))


def test_a_log_whose_end_is_damaged_is_told_of_in_numbers(after_power_cut: Path) -> None:
    log = after_power_cut / WAL
    content = bytearray(log.read_bytes())
    content[-2_000] ^= 1
    log.write_bytes(content)
    with closing(opened(after_power_cut)) as store:
        assert store.lost == 1
        assert store.head()[0] == 4
        assert "最后1条改动不见了" in next(findings(store))
        assert "日志有5条，现在只有4条" in loss_in_words(store.lost, 4)[1]


def test_a_log_that_is_gone_is_told_of_until_something_is_saved(after_power_cut: Path) -> None:
    (after_power_cut / WAL).unlink()
    for _time in range(2):
        with closing(opened(after_power_cut)) as store:
            assert store.lost == 5
    with closing(opened(after_power_cut)) as store:
        store.save(outgoing(title="补登"))
    with closing(opened(after_power_cut)) as store:
        assert store.lost == 0


def test_a_backup_that_was_restored_has_lost_nothing(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.save(outgoing(title="先"))
        made = backup.back_up(tmp_path / LEDGER, tmp_path / BACKUPS / "早.db")
        store.save(outgoing(title="后"))
    restore(tmp_path, made, catalogue.load(), datetime(2022, 12, 30, 9), sure=True)
    with closing(opened(tmp_path)) as store:
        assert store.head()[0] == 1
        assert store.lost == 0


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"9" * 78)])
def test_a_file_that_makes_no_sense_says_nothing(after_power_cut: Path, spoil: Callable[[Path], object]) -> None:
    spoil(after_power_cut / HEAD)
    with closing(opened(after_power_cut)) as store:
        assert store.lost == 0


def test_a_file_that_cannot_be_written_keeps_nobody_from_saving(after_power_cut: Path) -> None:
    with make_unwritable() as unwritable:
        unwritable(after_power_cut / HEAD)
        with closing(opened(after_power_cut)) as store:
            assert store.save(outgoing(title="照样保存")).id == 6
