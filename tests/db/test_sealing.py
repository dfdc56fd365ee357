"""Encryption: on and off without a loss, nothing legible left, either the old or the new state after any crash."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import catalogue
from db.errors import Cancelled, Refused, Sealed, StoreTrouble, Trouble
from db.store import attachments, backup, backup_files, health, keys, sealing
from db.store.backup_places import Backups
from db.store.files import copy_in, path_of, save_as
from db.store.looking import look_into
from db.store.places import BACKUPS, LEDGER
from db.store.recovering import recover
from db.store.restore import restore
from db.store.sealing import Conversion
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved
from tests.db.seal_child import CODE, PASSWORD
from tests.db.sticks import known

TITLE = "关于加强冬季防火督查工作的紧急通知"
SCAN = "扫描件里的一句话，谁也不该看到".encode() * 4_000  # some 180 KB
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_key_is_known() -> Iterator[None]:
    """Every test begins and ends like a program that was just started."""
    keys.ring.forget()
    yield
    keys.ring.forget()


@pytest.fixture
def kept(folder: Path, clock: Clock, tmp_path: Path) -> tuple[Path, str]:
    """A closed ledger with a record, an attachment and a backup; its folder and the hash of the attachment's file."""
    store = Store.open(folder, "李喆", clock)
    record = saved(store, outgoing(title=TITLE))
    source = tmp_path / "扫描件.txt"
    source.write_bytes(SCAN)
    copied = copy_in(folder, source, 1 << 24)
    attachments.attach(store, record, [copied])
    Backups(folder, store.catalogue, store.rules.settings).make(clock())
    store.close()
    clock.tick(3600)
    return folder, copied.sha256


def legible(folder: Path) -> list[str]:
    """The files in which the record, the attachment or the head of an ordinary database can be read."""
    words = (TITLE.encode(), "督查工作".encode(), SCAN[:30], b"SQLite format 3")
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in files if any(word in path.read_bytes() for word in words))


def state(folder: Path, digest: str, clock: Clock) -> tuple[str, bool]:
    """The journal's head of the ledger as it opens now, and whether it is encrypted; all of it must be whole."""
    if keys.missing(folder):
        keys.unlock(folder, PASSWORD)
    is_sealed = not keys.is_plain(folder / LEDGER)
    store = Store.open(folder, "李喆", clock)
    try:
        assert list(health.findings(store)) == []
        assert store.load(store.catalogue["outgoing"], 1).title == TITLE  # type: ignore[attr-defined]
        target = folder.parent / "另存.txt"
        save_as(path_of(folder, digest), target)
        assert target.read_bytes() == SCAN
        for path in backup.backups_in(folder / BACKUPS):
            backup.verify(path)
        return store.head()[1], is_sealed
    finally:
        store.close()


def test_everything_is_illegible_once_encrypted_and_comes_back_unchanged(kept: tuple[Path, str], clock: Clock) -> None:
    folder, digest = kept
    head, is_sealed = state(folder, digest, clock)
    assert not is_sealed
    assert set(legible(folder)) >= {LEDGER, digest}
    sealing.seal(folder, PASSWORD, CODE, clock())
    assert legible(folder) == []
    assert state(folder, digest, clock) == (head, True)
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing(title="督查工作之二"))
    assert legible(folder) == []  # with the write-ahead log
    Backups(folder, store.catalogue, store.rules.settings).make(clock())
    store.undo()
    store.close()
    assert legible(folder) == []
    head, is_sealed = state(folder, digest, clock)
    sealing.unseal(folder, clock())
    keys.ring.forget()
    assert state(folder, digest, clock) == (head, False)
    assert all(keys.is_plain(path) for path in (folder / BACKUPS).glob("*.db"))


def test_without_its_password_an_encrypted_ledger_is_not_opened_and_not_touched(
    kept: tuple[Path, str], clock: Clock
) -> None:
    folder, _digest = kept
    sealing.seal(folder, PASSWORD, CODE, clock())
    keys.ring.forget()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StoreTrouble) as caught:
        Store.open(folder, "李喆", clock)
    assert caught.value.trouble is Trouble.SEALED
    with pytest.raises(Refused, match="口令不对"):
        keys.unlock(folder, "月白风清如此良夜何")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    keys.unlock(folder, CODE.lower().replace("-", " "))  # the recovery code, as it is typed from paper
    Store.open(folder, "李喆", clock).close()


def test_a_new_password_opens_the_ledger_and_the_old_one_does_not(kept: tuple[Path, str], clock: Clock) -> None:
    folder, _digest = kept
    sealing.seal(folder, PASSWORD, CODE, clock())
    own, key = folder / keys.KEY_FILE, keys.unlock(folder, PASSWORD)
    keys.set_password(own, key, "清风徐来水波不兴")
    keys.set_code(own, key, "WXYZ-2345")
    alone = folder.parent / "只有这一份"
    alone.mkdir()
    shutil.copy(own, alone / own.name)
    for secret in ("清风徐来水波不兴", "WXYZ2345"):
        keys.ring.forget()
        assert keys.unlock(alone, secret) == key
    for secret in (PASSWORD, CODE):
        with pytest.raises(Refused):
            keys.unlock(alone, secret)


def test_a_backup_on_another_machine_opens_with_the_password(
    kept: tuple[Path, str], clock: Clock, tmp_path: Path
) -> None:
    folder, digest = kept
    sealing.seal(folder, PASSWORD, CODE, clock())
    store, stick, other = Store.open(folder, "李喆", clock), tmp_path / "U盘", tmp_path / "新电脑"
    stick.mkdir()
    made = Backups(folder, store.catalogue, known(stick)).make(clock())
    head = store.head()
    store.close()
    assert made.troubles == ()
    assert legible(stick) == []
    shutil.rmtree(folder)
    keys.ring.forget()
    (source,) = backup.backups_in(stick)
    with pytest.raises(StoreTrouble) as caught:
        restore(other, source, catalogue.load(), clock())
    assert caught.value.trouble is Trouble.SEALED
    keys.unlock(stick, PASSWORD)
    done = restore(other, source, catalogue.load(), clock())
    assert (done.now.total, done.files.copied, done.files.lacking) == (1, 1, ())
    keys.ring.forget()
    keys.unlock(other, PASSWORD)
    store = Store.open(other, "李喆", clock)
    assert store.head() == head
    assert list(health.findings(store)) == []
    store.close()
    assert legible(other) == []
    assert digest in {path.name for path in other.rglob("*")}


def test_an_old_plain_backup_comes_back_encrypted_and_is_compared_first(
    kept: tuple[Path, str], clock: Clock, tmp_path: Path
) -> None:
    folder, digest = kept
    (old,) = backup.backups_in(folder / BACKUPS)
    aside = tmp_path / "以前抄走的"
    aside.mkdir()
    plain = Path(shutil.copy(old, aside / old.name))
    sealing.seal(folder, PASSWORD, CODE, clock())
    assert not look_into(plain, folder / LEDGER, catalogue.load()).is_less
    restore(folder, plain, catalogue.load(), clock())
    assert legible(folder) == []
    assert state(folder, digest, clock)[1]


def test_an_encrypted_backup_makes_an_ordinary_ledger_encrypted_with_all_that_lies_there(
    kept: tuple[Path, str], clock: Clock, tmp_path: Path
) -> None:
    folder, digest = kept
    other = Path(shutil.copytree(folder, tmp_path / "另一处"))
    sealing.seal(other, PASSWORD, CODE, clock())
    source = backup.backups_in(other / BACKUPS)[0]
    assert look_into(source, folder / LEDGER, catalogue.load()).there.total == 1
    restore(folder, source, catalogue.load(), clock())
    keys.ring.forget()
    assert state(folder, digest, clock)[1]
    assert legible(folder) == []


def test_a_ledger_encrypted_anew_renews_the_attachments_beside_its_backups(
    kept: tuple[Path, str], clock: Clock, tmp_path: Path
) -> None:
    folder, digest = kept
    stick = tmp_path / "U盘"
    stick.mkdir()
    for _time in range(2):
        sealing.seal(folder, PASSWORD, CODE, clock())
        backup_files.copy_new(folder, stick, {digest: len(SCAN)})
        assert path_of(stick, digest).read_bytes()[8:16] == path_of(folder, digest).read_bytes()[8:16]
        sealing.unseal(folder, clock())
    backup_files.copy_new(folder, stick, {digest: len(SCAN)})
    assert path_of(stick, digest).read_bytes() == SCAN


def test_a_ledger_that_has_lost_its_key_gets_it_back_from_beside_its_backups(
    kept: tuple[Path, str], clock: Clock
) -> None:
    folder, digest = kept
    sealing.seal(folder, PASSWORD, CODE, clock())
    keys.ring.forget()
    (folder / keys.KEY_FILE).unlink()
    with pytest.raises(StoreTrouble) as caught:
        Store.open(folder, "李喆", clock)
    assert caught.value.trouble is Trouble.SEALED
    assert state(folder, digest, clock)[1]
    assert (folder / keys.KEY_FILE).is_file()
    sealing.unseal(folder, clock())
    assert keys.key_files(folder) == []  # a damaged head is not taken for an encrypted one
    assert len(list((folder / BACKUPS).glob("*.key.old"))) == 1


def test_an_altered_or_shortened_encrypted_file_is_found(kept: tuple[Path, str], clock: Clock) -> None:
    folder, digest = kept
    sealing.seal(folder, PASSWORD, CODE, clock())
    path = path_of(folder, digest)
    whole = path.read_bytes()
    for content in (whole[:-1], whole[:40], whole[:100] + b"\0" + whole[101:], whole[: len(whole) // 2]):
        path.write_bytes(content)
        store = Store.open(folder, "李喆", clock)
        assert ["扫描件.txt" in words for words in health.findings(store)] == [True]
        store.close()


def test_a_damaged_encrypted_ledger_is_named_so_and_its_backup_takes_its_place(
    kept: tuple[Path, str], clock: Clock
) -> None:
    folder, digest = kept
    sealing.seal(folder, PASSWORD, CODE, clock())
    keys.ring.forget()
    keys.unlock(folder, PASSWORD)
    ledger = folder / LEDGER
    ledger.write_bytes(b"\1" * 4096 + ledger.read_bytes()[4096:])
    with pytest.raises(StoreTrouble) as caught:
        Store.open(folder, "李喆", clock)
    assert caught.value.trouble is Trouble.DAMAGED
    keys.ring.forget()
    with pytest.raises(Sealed):
        recover(folder, catalogue.load(), "李喆", clock)
    keys.unlock(folder, PASSWORD)
    done = restore(folder, backup.backups_in(folder / BACKUPS)[0], catalogue.load(), clock())
    assert done.before is None
    assert state(folder, digest, clock)[1]


def test_what_was_cancelled_leaves_the_ledger_as_it_was(kept: tuple[Path, str], clock: Clock) -> None:
    folder, digest = kept
    head, _is_sealed = state(folder, digest, clock)
    with pytest.raises((Refused, Cancelled)):
        sealing.seal(folder, PASSWORD, CODE, clock(), lambda _done, _total: False)
    assert not keys.key_files(folder)
    assert state(folder, digest, clock) == (head, False)
    sealing.seal(folder, PASSWORD, CODE, clock())
    with pytest.raises((Refused, Cancelled)):
        sealing.unseal(folder, clock(), lambda _done, _total: False)
    assert state(folder, digest, clock) == (head, True)
    assert legible(folder) == []


def test_a_password_too_short_changes_nothing(kept: tuple[Path, str], clock: Clock) -> None:
    folder, digest = kept
    with pytest.raises(Refused):
        Conversion("短口令", CODE).carry_out(folder, clock())
    assert not keys.key_files(folder)
    assert not state(folder, digest, clock)[1]


def test_an_old_file_that_stays_legible_is_named(kept: tuple[Path, str], clock: Clock) -> None:
    folder, _digest = kept
    shutil.copy(folder / LEDGER, folder / "损坏的台账-20220101-000000.db")
    said = Conversion(PASSWORD, CODE).carry_out(folder, clock())
    assert "损坏的台账-20220101-000000.db" in said


def run(folder: Path, deed: str, moment: int) -> subprocess.CompletedProcess[str]:
    """The conversion in a process of its own, which dies at that moment."""
    command = [sys.executable, "-m", "tests.db.seal_child", str(folder), deed, str(moment)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("deed", ["seal", "unseal"])
def test_killed_at_any_moment_the_ledger_is_the_old_or_the_new_one(
    deed: str, kept: tuple[Path, str], clock: Clock, tmp_path: Path
) -> None:
    folder, digest = kept
    head, _is_sealed = state(folder, digest, clock)
    if deed == "unseal":
        sealing.seal(folder, PASSWORD, CODE, clock())
    whole = run(Path(shutil.copytree(folder, tmp_path / "一次做完")), deed, 0)
    moments = int(whole.stdout)
    assert moments > 40
    found = set[bool]()
    for moment in range(1, moments + 1, moments // 14):
        keys.ring.forget()
        copy = Path(shutil.copytree(folder, tmp_path / f"第{moment}步"))
        assert run(copy, deed, moment).returncode == -9, moment
        after, is_sealed = state(copy, digest, clock)
        assert after == head
        found.add(is_sealed)
        assert not keys.is_unfinished(copy)
        if is_sealed:
            assert legible(copy) == [], moment
        else:
            assert all(keys.is_plain(path) for path in (copy / BACKUPS).glob("*.db"))
        shutil.rmtree(copy)
    assert found == {True, False}
