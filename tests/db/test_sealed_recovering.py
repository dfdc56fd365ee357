"""A damaged encrypted ledger: with its password the pages that are whole are read, the others count as lost."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from db import catalogue
from db.store import backup, keys, leavings, sealing
from db.store.connecting import key_of
from db.store.places import BACKUPS, LEDGER, LOCK, Lock
from db.store.recovered import Recovered
from db.store.recovering import recover
from db.store.restore import restore
from db.store.sealed_pages import PAGE, SealedPages
from db.store.store import Store
from tests.db.office import Clock, cheap_hashes, incoming, saved

PASSWORD, CODE, COUNT = "台账的口令2026", "ABCD-EFGH-JKLM-NPQR-STUV", 300
ROOT = Path(__file__).parents[2]
Damage = Callable[[bytearray], None]


@pytest.fixture
def sealed(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted ledger with 300 papers and no backup but those of no use here; its password was given."""
    cheap_hashes(monkeypatch)
    store = Store.open(folder, "李喆", clock)
    for n in range(COUNT):
        saved(store, incoming(title=f"关于第{n}件事的请示", note="长" * 700))
    store.close()
    keys.ring.forget()
    sealing.seal(folder, PASSWORD, CODE, clock())
    for path in (folder / BACKUPS).glob("*.db"):
        path.unlink()
    keys.ring.forget()
    keys.unlock(folder, PASSWORD)
    return folder / LEDGER


def damaged(sealed: Path, damage: Damage) -> Recovered:
    """What is got out of the ledger once it was damaged."""
    content = bytearray(sealed.read_bytes())
    damage(content)
    sealed.write_bytes(content)
    return recover(sealed.parent, catalogue.load(), "李喆", Clock())


def titles(found: Recovered, sealed: Path, clock: Clock) -> set[str]:
    """The papers of what was saved, once it took the ledger's place."""
    restore(sealed.parent, found.ledger, catalogue.load(), clock(), sure=True)
    store = Store.open(sealed.parent, "李喆", clock)
    assert key_of(sealed) is not None
    rows = {title for (title,) in store.connection.execute("SELECT title FROM incoming")}
    store.close()
    return rows


WANTED = {f"关于第{n}件事的请示" for n in range(COUNT)}


def at_middle(content: bytearray) -> int:
    """Where a page in the middle begins."""
    return len(content) // PAGE // 2 * PAGE


def zero_a_page(content: bytearray) -> None:
    """A page of zeros."""
    content[at_middle(content) : at_middle(content) + PAGE] = bytes(PAGE)


def flip_bits(content: bytearray) -> None:
    """One bit in each of ten pages behind the first."""
    chance = random.Random(7)
    for page in chance.sample(range(1, len(content) // PAGE), 10):
        content[page * PAGE + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)


def cut(content: bytearray) -> None:
    """The last fifth is gone, in the middle of a page."""
    del content[len(content) * 4 // 5 // PAGE * PAGE + 1000 :]


@pytest.mark.parametrize(("damage", "noise"), [(zero_a_page, 1), (flip_bits, 10), (cut, 1)])
def test_pages_that_are_whole_are_read_and_the_others_are_counted(
    sealed: Path, clock: Clock, damage: Damage, noise: int
) -> None:
    found = damaged(sealed, damage)
    assert found.noise == noise
    assert not found.is_unproved
    assert f"有{noise}页坏了" in found.words()
    rows = titles(found, sealed, clock)
    assert rows <= WANTED, "nothing is made up"
    assert len(rows) > COUNT * 0.6


def test_a_lost_head_loses_no_paper_but_the_proof_of_each_page(sealed: Path, clock: Clock) -> None:
    def behead(content: bytearray) -> None:
        content[:PAGE] = bytes(PAGE)

    found = damaged(sealed, behead)
    assert found.is_unproved
    assert "各页是不是原样没法验" in found.words()
    assert titles(found, sealed, clock) == WANTED


def test_what_a_bit_was_flipped_in_is_never_taken_for_what_was_written(sealed: Path, tmp_path: Path) -> None:
    key = key_of(sealed)
    assert key is not None
    whole = sealed.read_bytes()

    def plain(content: bytes) -> tuple[list[bytes], int]:
        sealed.write_bytes(content)
        pages, target = SealedPages(sealed, key, tmp_path / "搬运.db"), tmp_path / "明文.db"
        pages.write_plain(target, lambda _done, _of: None)
        pages.close()
        made = target.read_bytes()
        return [made[at : at + PAGE] for at in range(0, len(made), PAGE)], pages.lost

    right, lost = plain(whole)
    assert lost == 0
    assert len(right) == len(whole) // PAGE
    chance = random.Random(11)
    for _trial in range(20):
        page, content = chance.randrange(1, len(right)), bytearray(whole)
        content[page * PAGE + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
        found, lost = plain(bytes(content))
        assert lost == 1
        assert found[page] == bytes(PAGE)
        assert found[:page] + found[page + 1 :] == right[:page] + right[page + 1 :]


def legible(folder: Path) -> list[Path]:
    """The files in which the subject of a paper stands for everybody to read."""
    return [path for path in folder.rglob("*") if path.is_file() and "件事的请示".encode() in path.read_bytes()]


def test_nothing_legible_is_left_beside_what_was_saved(sealed: Path) -> None:
    found = damaged(sealed, zero_a_page)
    assert not legible(sealed.parent)
    assert backup.verify(found.ledger)


def test_what_a_killed_rescue_had_decrypted_is_overwritten_before_the_password_is_asked_for(sealed: Path) -> None:
    folder, content = sealed.parent, bytearray(sealed.read_bytes())
    zero_a_page(content)
    sealed.write_bytes(content)
    child = [sys.executable, "-m", "tests.db.rescue_child", str(folder), PASSWORD]
    assert subprocess.run(child, cwd=ROOT, check=False).returncode == -9
    left = legible(folder)
    assert {path.name for path in left} >= {"明文.db"}
    assert leavings.are_legible(folder)
    keys.ring.forget()
    with ExitStack() as stack:
        held = [stack.enter_context(path.open("rb")) for path in left]
        leavings.sweep_first(folder, lambda _done, _of: True)
        assert not any(any(file.read()) for file in held), "overwritten, not only taken out of the folder"
    assert not legible(folder)
    assert not leavings.are_legible(folder)
    assert not list(folder.glob("受损文件-*/正在救"))
    assert list(folder.glob(f"受损文件-*/{LEDGER}")), "what was set aside stays"
    lock = Lock(folder / LOCK)
    lock.take()
    assert not lock.was_clean, "the ledger is still to be checked"
    lock.give_back(clean=False)


def test_what_a_running_rescue_has_decrypted_stays(sealed: Path) -> None:
    work = sealed.parent / "受损文件-20221230-100000" / leavings.WORK
    work.mkdir(parents=True)
    (work / "明文.db").write_bytes(b"1234")
    lock = Lock(sealed.parent / LOCK)
    lock.take()
    leavings.sweep_first(sealed.parent, lambda _done, _of: True)
    assert (work / "明文.db").read_bytes() == b"1234"
    lock.give_back()
