"""Backups: every committed row, checked before they count, thinned to the newest of hours, days and months."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refused, StoreTrouble, Trouble
from db.registers.outgoing import Outgoing
from db.store import backup, health
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import Clock, contents, outgoing, saved, study

NOW = datetime(2022, 12, 30, 10, 0)


def target_in(folder: Path, at: datetime = NOW) -> Path:
    """Where a backup made at a moment lies."""
    return folder / at.strftime(backup.NAME)


def rows(path: Path) -> list[tuple[str, ...]]:
    """The titles in a database file, read apart from the program."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT number, title FROM outgoing ORDER BY id").fetchall()


def test_a_backup_of_a_live_ledger_holds_every_committed_row(store: Store, tmp_path: Path) -> None:
    for at in range(120):
        saved(store, outgoing(title=f"关于第{at}项工作的通知"))
    saved(store, study())
    assert (store.folder / f"{LEDGER}-wal").stat().st_size > 0
    path = backup.back_up(store.folder / LEDGER, target_in(tmp_path / "U盘" / "备份"))
    assert len(rows(path)) == 120
    count, checksum = store.head()
    kept, head = backup.verify(path)
    assert (kept, head[:4]) == (count, checksum[:4])
    assert [part.name for part in path.parent.iterdir()] == [path.name]


def test_a_plain_copy_of_the_file_would_lose_rows(store: Store, tmp_path: Path) -> None:
    saved(store, outgoing())
    shutil.copy(store.folder / LEDGER, tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db") == []


def test_a_backup_opens_as_a_ledger_with_all_that_it_held(folder: Path, tmp_path: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    saved(store, study())
    store.keep_draft(Outgoing, None, '{"title":"半"}')
    before = contents(store)
    path = backup.back_up(store.folder / LEDGER, target_in(tmp_path))
    saved(store, outgoing())
    store.close()
    shutil.copy(path, folder / LEDGER)
    store = Store.open(folder, "李喆", clock)
    after = contents(store)
    found = list(health.findings(store))
    store.close()
    assert after == before
    assert [one[:9] for one in found] == ["最后1条改动不见了"]  # put there by hand: what it lacks is told


def test_writing_goes_on_while_a_backup_is_made(store: Store, tmp_path: Path) -> None:
    for at in range(40):
        saved(store, outgoing(title=f"关于第{at}项工作的通知", remarks="备" * 1_900))
    seen: list[tuple[int, int]] = []

    def write_meanwhile(done: int, total: int) -> bool:
        if not seen:
            saved(store, outgoing(title="备份时登记的通知"))
        seen.append((done, total))
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "PAGES", 20)
        path = backup.back_up(store.folder / LEDGER, target_in(tmp_path), write_meanwhile)
    assert len(seen) > 2
    assert seen[-1][0] == seen[-1][1]
    assert len(rows(path)) in {40, 41}


def test_a_cancelled_backup_leaves_nothing(store: Store, tmp_path: Path) -> None:
    saved(store, outgoing())
    with pytest.raises(Refused, match="备份已取消"):
        backup.back_up(store.folder / LEDGER, target_in(tmp_path / "备份"), lambda done, total: False)
    assert list((tmp_path / "备份").iterdir()) == []
    backup.back_up(store.folder / LEDGER, target_in(tmp_path / "备份"))


def spoil(path: Path) -> None:
    """Overwrite the middle of a file."""
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 8192] = b"\xa5" * 8192
    path.write_bytes(whole)


def cut(path: Path) -> None:
    """Keep the first half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def blank(path: Path) -> None:
    """Empty a file."""
    path.write_bytes(b"")


def another(path: Path) -> None:
    """Put another database in its place."""
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmark (title TEXT)")


@pytest.mark.parametrize("harm", [spoil, cut, blank, another])
def test_a_bad_copy_does_not_pass(store: Store, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    for at in range(50):
        saved(store, outgoing(title=f"关于第{at}项工作的通知"))
    path = backup.back_up(store.folder / LEDGER, target_in(tmp_path))
    harm(path)
    with pytest.raises(StoreTrouble) as trouble:
        backup.verify(path)
    assert trouble.value.trouble is Trouble.DAMAGED
    assert path.name in trouble.value.text


def test_a_copy_that_goes_bad_is_not_kept(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(store, outgoing())
    good = backup.back_up(store.folder / LEDGER, target_in(tmp_path))
    before = good.read_bytes()
    verify = backup.verify

    def spoilt_first(path: Path, progress: backup.Progress) -> tuple[int, str]:
        spoil(path)
        return verify(path, progress)

    monkeypatch.setattr(backup, "verify", spoilt_first)
    with pytest.raises(StoreTrouble):
        backup.back_up(store.folder / LEDGER, good)
    assert good.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [good.name]


def test_a_place_that_cannot_be_written_is_named(store: Store, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(StoreTrouble) as trouble:
        backup.back_up(store.folder / LEDGER, target_in(tmp_path / "文件"))
    assert trouble.value.trouble is Trouble.UNREACHABLE
    assert str(tmp_path / "文件") in trouble.value.text
    saved(store, outgoing())


def test_only_files_named_as_backups_are_backups(tmp_path: Path) -> None:
    for name in (
        "台账备份-20221230-100000.db",
        "台账备份-20221231-100000.db",
        "ledger.db",
        "台账备份-2022.db",
        "a.txt",
    ):
        (tmp_path / name).touch()
    assert [path.name for path in backup.backups_in(tmp_path)] == [
        "台账备份-20221231-100000.db", "台账备份-20221230-100000.db",
    ]  # fmt: skip
    assert backup.backups_in(tmp_path / "nowhere") == []


def must_stay(made: list[datetime], now: datetime) -> set[datetime]:
    """The newest of each hour of a day back, each day of thirty, each month of twenty-four; and the newest of all."""
    stay = {max(made)} if made else set()
    spans = ((timedelta(hours=24), "%Y%m%d%H"), (timedelta(days=30), "%Y%m%d"), (timedelta(days=744), "%Y%m"))
    for reach, slot in spans:
        near = [at for at in made if now - at <= reach]
        stay |= {max(at for at in near if at.strftime(slot) == name) for name in {at.strftime(slot) for at in near}}
    return stay


moments = st.datetimes(datetime(2020, 6, 1), datetime(2023, 1, 5)).map(lambda at: at.replace(microsecond=0))
lately = st.integers(0, 90_000).map(lambda back: NOW - timedelta(seconds=back))


@given(st.lists(moments | lately, max_size=60, unique=True))
def test_the_newest_of_hours_days_and_months_are_kept(made: list[datetime]) -> None:
    kept = backup.kept([target_in(Path("/backups"), at) for at in made], NOW)
    assert {backup.written_at(path) for path in kept} == must_stay(made, NOW)


def test_two_years_of_hourly_backups_are_thinned_to_those_of_hours_days_and_months(tmp_path: Path) -> None:
    made = [NOW - timedelta(hours=back) for back in range(2 * 365 * 24)]
    kept = backup.kept([target_in(tmp_path, at) for at in made], NOW)
    ages = [NOW - at for path in kept if (at := backup.written_at(path))]
    assert sum(age < timedelta(days=1) for age in ages) >= 24
    assert len({age.days for age in ages if age < timedelta(days=30)}) >= 29
    assert len({f"{NOW - age:%Y%m}" for age in ages}) >= 24
    assert len(kept) <= 24 + 30 + 24 + 3


def test_thinning_removes_files_and_leaves_others_alone(tmp_path: Path) -> None:
    rng = random.Random(3)
    for _ in range(80):
        target_in(tmp_path, NOW - timedelta(seconds=rng.randrange(40 * 86_400))).touch()
    (tmp_path / "别的.db").touch()
    before = set(tmp_path.iterdir())
    gone = backup.thin(tmp_path, NOW)
    assert gone
    assert set(tmp_path.iterdir()) == before - set(gone)
    assert backup.thin(tmp_path, NOW) == []
    assert (tmp_path / "别的.db").exists()
