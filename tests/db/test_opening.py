"""Opening a ledger: what it may be, where it may lie, who else has it, how it ended last time."""

from __future__ import annotations

import getpass
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.catalogue import Catalogue
from db.errors import StoreTrouble, Trouble
from db.registers.outgoing import Outgoing
from db.store import backup, health, places
from db.store.opening import open_ledger
from db.store.places import BACKUPS, LEDGER, LOCK, Lock
from db.store.search import Filter, Listing
from db.store.store import Store
from db.store.upgrades import runner
from tests.db.office import Clock, no_room, outgoing, saved, study
from tests.db.readonly import make_unwritable

HOUSE = Path(__file__).parents[2]

Unwritable = Callable[[Path], None]


@pytest.fixture
def unwritable() -> Iterator[Unwritable]:
    """Make a file or folder unwritable for the time of the test."""
    with make_unwritable() as make:
        yield make


@pytest.fixture
def child() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a second program that holds a ledger; it is killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path, count: int = 0) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.db.open_child", str(folder), str(count)]
        process = subprocess.Popen(command, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def trouble_at(folder: Path, clock: Clock) -> StoreTrouble:
    """The trouble that opening a folder meets."""
    with pytest.raises(StoreTrouble) as trouble:
        Store.open(folder, "李喆", clock).close()
    assert trouble.value.title
    assert trouble.value.advice
    return trouble.value


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, but for the lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != LOCK}


def titles(store: Store) -> list[str]:
    """The titles of the outgoing documents, newest first, as a list shows them."""
    number = store.register_numbers["outgoing"]
    listing = Listing(store.connection, Outgoing, number, Filter(), store.rules.today, store.rules.days)
    return [title for _id, title in listing.rows(("title",), 0, 50)]


def spoil(path: Path) -> None:
    """Overwrite the middle of a database."""
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(whole)


def test_a_new_ledger_is_made_with_its_folder(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "办公室" / "台账"
    store = Store.open(folder, "李喆", clock)
    assert (folder / LEDGER).stat().st_size
    assert [row[0] for row in store.connection.execute("PRAGMA journal_mode")] == ["wal"]
    assert [store.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")] == [
        2,
        1,
    ]
    assert not store.read_only
    store.close()
    assert sorted(path.name for path in folder.iterdir()) == [LEDGER, LOCK]


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"\0" * 5000, "蓝山县\n".encode() * 900, b"x"])
def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path, clock: Clock, content: bytes) -> None:
    (tmp_path / LEDGER).write_bytes(content)
    trouble = trouble_at(tmp_path, clock)
    assert trouble.trouble is Trouble.NOT_A_LEDGER
    assert str(tmp_path / LEDGER) in trouble.text
    assert files(tmp_path) == {LEDGER: content}


@pytest.mark.parametrize("application_id", [0, 0x1234])
def test_the_database_of_another_program_is_refused_untouched(
    tmp_path: Path, clock: Clock, application_id: int
) -> None:
    with closing(sqlite3.connect(tmp_path / LEDGER)) as other:
        other.execute(f"PRAGMA application_id = {application_id}")
        other.execute("CREATE TABLE bookmark (title TEXT)")
        other.commit()
    before = files(tmp_path)
    assert trouble_at(tmp_path, clock).trouble is Trouble.NOT_A_LEDGER
    assert files(tmp_path) == before


def test_a_ledger_of_a_newer_version_is_refused_with_both_versions_and_the_newest_usable_backup(
    folder: Path, clock: Clock
) -> None:
    (folder / BACKUPS).mkdir()
    shutil.copy(folder / LEDGER, folder / BACKUPS / "台账备份-20221201-080000.db")
    shutil.copy(folder / LEDGER, folder / BACKUPS / "台账备份-20221202-080000.db")
    (folder / BACKUPS / "台账备份-20221204-080000.db").write_bytes(b"no database")
    with closing(sqlite3.connect(folder / LEDGER)) as newer:
        newer.execute(f"PRAGMA user_version = {runner.SCHEMA_VERSION + 6}")
    shutil.copy(folder / LEDGER, folder / BACKUPS / "台账备份-20221203-080000.db")
    before = files(folder)
    trouble = trouble_at(folder, clock)
    assert trouble.trouble is Trouble.TOO_NEW
    assert f"版本是{runner.SCHEMA_VERSION + 6}，本程序只认识到{runner.SCHEMA_VERSION}" in trouble.text
    assert "台账备份-20221202-080000.db" in trouble.advice
    assert files(folder) == before


def test_a_newer_ledger_without_backup_says_that_there_is_none(folder: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(folder / LEDGER)) as newer:
        newer.execute("PRAGMA user_version = 99")
    assert "最近备份：没有" in trouble_at(folder, clock).advice


def test_a_damaged_ledger_is_found_after_an_unclean_end_and_each_time_again(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    for at in range(60):
        saved(store, outgoing(title=f"关于第{at}项工作的通知"))
    back = backup.back_up(store.folder / LEDGER, folder / BACKUPS / clock().strftime(backup.NAME))
    store.close()
    spoil(folder / LEDGER)
    (folder / LOCK).write_text('{"user": "王堃", "host": "台式机", "pid": 4711}', encoding="utf-8")
    for _ in range(2):
        trouble = trouble_at(folder, clock)
        assert trouble.trouble is Trouble.DAMAGED
        assert back.name in trouble.advice
    backup.verify(back)


def test_a_file_is_looked_through_only_after_an_unclean_end(folder: Path, clock: Clock) -> None:
    statements: list[str] = []

    def open_and_close() -> bool:
        statements.clear()
        store = Store.open(folder, "李喆", clock)
        store.close()
        return any("quick_check" in statement for statement in statements)

    connect = sqlite3.connect

    def tracing(*args: object, **options: object) -> sqlite3.Connection:
        connection = connect(*args, **options)  # type: ignore[call-overload]
        connection.set_trace_callback(statements.append)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("peewee.sqlite3.connect", tracing)
        assert not open_and_close()
        (folder / LOCK).write_text('{"user": "王堃"}', encoding="utf-8")
        assert open_and_close()
        assert not open_and_close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    for folder in (tmp_path / "文件" / "台账", tmp_path / "文件", Path("/proc/法治台账")):
        trouble = trouble_at(folder, clock)
        assert trouble.trouble is Trouble.UNREACHABLE
        assert str(folder) in trouble.text


@pytest.mark.parametrize("kind", ["cifs", "nfs4", "smb3", "fuse.sshfs", "9p"])
def test_a_network_share_is_refused(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(places, "mount_type", lambda folder: kind)
    folder = tmp_path / "台账"
    assert trouble_at(folder, clock).trouble is Trouble.NETWORK_DRIVE
    assert not folder.exists()


def test_the_file_system_of_a_folder_is_known() -> None:
    assert places.mount_type(Path("/proc/self")) == "proc"


@pytest.mark.parametrize("name", ["OneDrive", "坚果云", "我的坚果云文件", "WPS云盘", "iCloud Drive", "BaiduNetdisk"])
def test_a_synchronised_folder_is_refused_by_its_name(tmp_path: Path, clock: Clock, name: str) -> None:
    folder = tmp_path / name / "台账"
    trouble = trouble_at(folder, clock)
    assert trouble.trouble is Trouble.NETWORK_DRIVE
    assert name in trouble.text
    assert not folder.exists()


def test_a_second_program_is_told_who_has_the_ledger(
    folder: Path, clock: Clock, child: Callable[..., subprocess.Popen[str]]
) -> None:
    process = child(folder)
    trouble = trouble_at(folder, clock)
    assert trouble.trouble is Trouble.IN_USE
    assert f"{socket.gethostname()}上的{getpass.getuser()}正在使用这个台账" in trouble.text
    process.communicate("")
    Store.open(folder, "李喆", clock).close()


def test_the_lock_of_a_dead_process_holds_nobody_out(
    folder: Path, clock: Clock, child: Callable[..., subprocess.Popen[str]]
) -> None:
    process = child(folder, 3)
    process.kill()
    process.wait()
    assert (folder / LOCK).read_text(encoding="utf-8")
    store = Store.open(folder, "李喆", clock)
    assert titles(store) == [f"关于第{at}项工作的通知" for at in (3, 2, 1)]
    assert list(health.findings(store)) == []
    store.close()


def test_a_ledger_whose_first_program_died_at_once_opens(
    tmp_path: Path, clock: Clock, child: Callable[..., subprocess.Popen[str]]
) -> None:
    process = child(tmp_path)
    process.kill()
    process.wait()
    store = Store.open(tmp_path, "李喆", clock)
    assert saved(store, outgoing()).sequence == 1
    store.close()


def assert_only_shown(store: Store) -> None:
    """Everything can be seen and nothing be changed."""
    assert store.read_only
    assert store.reason
    assert titles(store) == ["关于春耕的通知"]
    record: Any = store.load(Outgoing, 1)
    record.remarks = "改"
    for attempt in (
        lambda: store.save(record),
        lambda: store.void(Outgoing, 1, "重复"),
        lambda: store.save(study()),
        lambda: store.undo(1),
    ):
        with pytest.raises(StoreTrouble) as trouble:
            attempt()
        assert trouble.value.trouble is Trouble.READ_ONLY
    store.keep_draft(Outgoing, 1, '{"remarks":"改"}')
    assert store.drafts() == []


@pytest.mark.parametrize("part", [".", LEDGER])
def test_a_ledger_that_cannot_be_written_is_shown_and_not_changed(
    folder: Path, clock: Clock, unwritable: Unwritable, part: str
) -> None:
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing(title="关于春耕的通知"))
    store.close()
    before = files(folder)
    unwritable(folder / part)
    store = Store.open(folder, "李喆", clock)
    try:
        assert_only_shown(store)
    finally:
        store.close()
    assert files(folder) == before


def test_a_ledger_that_cannot_be_written_shows_what_its_log_holds(
    folder: Path, clock: Clock, unwritable: Unwritable, child: Callable[..., subprocess.Popen[str]]
) -> None:
    process = child(folder, 2)
    process.kill()
    process.wait()
    unwritable(folder)
    store = Store.open(folder, "李喆", clock)
    try:
        assert titles(store) == ["关于第2项工作的通知", "关于第1项工作的通知"]
    finally:
        store.close()


def test_an_unwritable_folder_without_ledger_is_named(tmp_path: Path, clock: Clock, unwritable: Unwritable) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    unwritable(folder)
    trouble = trouble_at(folder, clock)
    assert trouble.trouble is Trouble.READ_ONLY
    assert str(folder) in trouble.text


def test_another_file_in_an_unwritable_folder_is_no_ledger(
    tmp_path: Path, clock: Clock, unwritable: Unwritable
) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    (folder / LEDGER).write_bytes(b"no database" * 400)
    unwritable(folder)
    assert trouble_at(folder, clock).trouble is Trouble.NOT_A_LEDGER


def only(catalogue: Catalogue, *keys: str) -> Catalogue:
    """A program that knows fewer registers."""
    return Catalogue(tuple(register for register in catalogue if register.key() in keys))


def test_the_table_of_a_new_register_appears_in_an_old_ledger(
    tmp_path: Path, clock: Clock, catalogue: Catalogue
) -> None:
    opened = open_ledger(tmp_path, only(catalogue, "outgoing"), clock)
    assert set(opened.register_numbers) == {"outgoing"}
    opened.close()
    store = Store.open(tmp_path, "李喆", clock)
    assert set(store.register_numbers) == set(catalogue.keys())
    assert store.register_numbers["outgoing"] == 1
    assert saved(store, study()).number == "第1次"
    assert saved(store, outgoing(doc_on=date(2022, 12, 26))).sequence == 1
    assert list(health.findings(store)) == []
    store.close()


def test_an_unwritable_ledger_without_a_registers_table_says_that_it_must_be_brought_up_to_date(
    tmp_path: Path, clock: Clock, catalogue: Catalogue, unwritable: Unwritable
) -> None:
    open_ledger(tmp_path, only(catalogue, "outgoing"), clock).close()
    unwritable(tmp_path)
    trouble = trouble_at(tmp_path, clock)
    assert trouble.trouble is Trouble.READ_ONLY
    assert "能写入" in trouble.advice


def test_an_unwritable_ledger_whose_indexing_was_broken_off_says_so_too(
    folder: Path, clock: Clock, unwritable: Unwritable
) -> None:
    Store.open(folder, "李喆", clock).close()
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.execute("DELETE FROM search_merged")
        connection.commit()
    unwritable(folder)
    assert "能写入" in trouble_at(folder, clock).advice


def test_a_lock_that_the_disk_does_not_take_is_told_and_the_mark_of_an_unclean_end_stays(folder: Path) -> None:
    lock = Lock(folder / LOCK)
    lock.take()
    lock.give_back(clean=False)
    held = (folder / LOCK).read_text(encoding="utf-8")
    with no_room(0), pytest.raises(StoreTrouble) as trouble:
        Lock(folder / LOCK).take()
    assert trouble.value.trouble is Trouble.UNREACHABLE
    assert (folder / LOCK).read_text(encoding="utf-8") == held
    again = Lock(folder / LOCK)
    again.take()
    assert not again.was_clean
    again.give_back()


def test_a_name_that_was_altered_anywhere_in_the_file_is_refused_in_words_or_does_no_harm(tmp_path: Path) -> None:
    Store.open(tmp_path / "whole", "赵晓燕", Clock()).close()
    whole = (tmp_path / "whole" / LEDGER).read_bytes()
    places = [at for at in range(len(whole)) if whole.startswith(b"outgoing", at)]
    refused = 0
    for at in places:
        folder = tmp_path / str(at)
        folder.mkdir()
        altered = bytearray(whole)
        altered[at] ^= 1
        (folder / LEDGER).write_bytes(altered)
        try:
            Store.open(folder, "赵晓燕", Clock()).close()
        except StoreTrouble as trouble:
            refused += trouble.trouble in (Trouble.DAMAGED, Trouble.NOT_A_LEDGER)
    assert len(places) > 4
    assert refused > 0
