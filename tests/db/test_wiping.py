"""Encrypting overwrites what was legible before it goes, and never what is still in use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.errors import Refused
from db.store import keys, sealing, second_place, wiping
from db.store.backup_places import Backups
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from tests.db.office import Clock, cheap_hashes, outgoing, saved
from tests.db.sticks import known

PASSWORD, CODE = "台账的口令2026", "ABCD-EFGH-JKLM-NPQR-STUV"
TITLE = "关于加强冬季防火督查工作的紧急通知"


@pytest.fixture
def plain(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed ledger with a record and a backup of it."""
    cheap_hashes(monkeypatch)
    keys.ring.forget()
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing(title=TITLE))
    Backups(folder, store.catalogue, store.rules.settings).make(clock())
    store.close()
    clock.tick(3600)
    return folder


def test_what_was_legible_is_overwritten_on_the_disk(plain: Path, clock: Clock) -> None:
    paths = [plain / LEDGER, *(plain / BACKUPS).glob("*.db")]
    held = [path.open("rb") for path in paths]  # the old content by its own handle, whatever its name becomes
    assert all(TITLE.encode() in file.read() for file in held)
    sealing.seal(plain, PASSWORD, CODE, clock())
    for file in held:
        file.seek(0)
        content = file.read()
        file.close()
        assert content == bytes(len(content)) != b""
    assert not list(plain.rglob("*.wiping"))


def test_what_was_interrupted_is_overwritten_at_the_next_opening(plain: Path, clock: Clock) -> None:
    old = (plain / LEDGER).read_bytes()
    sealing.seal(plain, PASSWORD, CODE, clock())
    left = plain / f"{LEDGER}.wiping"
    left.write_bytes(old)
    (plain / keys.CONVERTING).touch()
    with pytest.raises(Refused, match="接着做"):
        sealing.settle(plain, lambda _done, _of: False)
    assert left.exists()
    with left.open("rb") as held:
        Store.open(plain, "李喆", clock).close()
        assert held.read() == bytes(len(old))
    assert not left.exists()


@pytest.mark.parametrize("is_pulled", [False, True], ids=["at the next opening", "when the stick is back"])
def test_what_was_stopped_on_the_second_place_is_overwritten(
    plain: Path, clock: Clock, tmp_path: Path, is_pulled: bool
) -> None:
    stick, away = tmp_path / "U盘", tmp_path / "抽屉里"
    stick.mkdir()
    store = Store.open(plain, "李喆", clock)
    second_place.keep(store, known(stick))
    Backups(plain, store.catalogue, store.rules.settings).make(clock())
    store.close()

    def until_it_is_replaced(_done: int, _of: int) -> bool:
        return all(path.stat().st_nlink > 1 for path in stick.glob("*.wiping"))

    with pytest.raises(Refused, match="接着做"):
        sealing.seal(plain, PASSWORD, CODE, clock(), until_it_is_replaced)
    (left,) = stick.glob("*.wiping")
    (stick / "别人的.wiping").write_bytes(b"1234")
    with left.open("rb") as held:
        assert TITLE.encode() in held.read()
        if is_pulled:
            stick.rename(away)
        store = Store.open(plain, "李喆", clock)
        if is_pulled:
            away.rename(stick)
            Backups(plain, store.catalogue, store.rules.settings).make(clock())
        store.close()
        held.seek(0)
        assert not any(held.read())
    assert not left.exists()
    assert (stick / "别人的.wiping").read_bytes() == b"1234"


def test_a_second_name_of_what_is_in_use_is_only_taken_away(plain: Path, clock: Clock) -> None:
    """As a crash leaves it between the second name and the replacing."""
    content = (plain / LEDGER).read_bytes()
    left = plain / f"{LEDGER}.wiping"
    os.link(plain / LEDGER, left)
    (plain / keys.CONVERTING).touch()
    sealing.settle(plain)
    assert not left.exists()
    assert (plain / LEDGER).read_bytes() == content


def test_a_replacing_that_fails_takes_only_the_second_name_away(tmp_path: Path) -> None:
    path = tmp_path / "文件"
    path.write_bytes(b"1234")
    with pytest.raises(OSError, match="disk"), wiping.replacing(path, lambda _done, _of: True):
        raise OSError("disk")
    assert [one.name for one in tmp_path.iterdir()] == ["文件"]
    assert path.read_bytes() == b"1234"
