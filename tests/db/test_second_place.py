"""The second place is known by its marker: a stranger's stick gets nothing, the office's own is found anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from db.errors import Refused
from db.rules.permissions import CLERK
from db.store import accounts, backup, health, keys, sealing, second_place
from db.store.backup_places import Backups
from db.store.places import BACKUPS, LEDGER
from db.store.second_place import (
    MARKER,
    MARKS,
    NAMES,
    SECOND_FOLDER,
    WITHIN,
    Found,
    SecondPlace,
    Volume,
    choose,
    leave,
    mark_in,
)
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved
from tests.db.sticks import MARK, known

PASSWORD, CODE = "清风明月照我还乡", "ABCD-EFGH-JKLM-NPQR"


@pytest.fixture
def drives(tmp_path: Path) -> Path:
    """Where sticks are plugged in."""
    folder = tmp_path / "媒体"
    folder.mkdir()
    return folder


def plug(drives: Path, letter: str, inside: str = "台账备份") -> Path:
    """A stick comes under a letter, with a folder on it; give back the folder."""
    folder = drives / letter / inside
    folder.mkdir(parents=True)
    return folder


def plugged(drives: Path) -> Callable[[], list[Volume]]:
    """What is plugged in, asked anew each time; a stick's name stands in a file on it."""

    def volumes() -> list[Volume]:
        roots = sorted(path for path in drives.iterdir() if path.is_dir())
        return [Volume(root, name.read_text() if (name := root / "卷标").exists() else "") for root in roots]

    return volumes


def backups(store: Store, drives: Path, settings: Mapping[str, str] | None = None) -> Backups:
    """The backups of a ledger, as the window makes them."""
    keep = partial(second_place.keep, store)
    return Backups(store.folder, store.catalogue, settings or store.rules.settings, plugged(drives), keep)


@pytest.fixture
def place(store: Store, drives: Path) -> Path:
    """The office's stick, under E, taken into use; something is entered."""
    folder = plug(drives, "E")
    (drives / "E" / "卷标").write_text("政府办备份")
    choose(store, folder, plugged(drives))
    saved(store, outgoing())
    return folder


def test_a_chosen_place_bears_a_marker_whose_number_stands_in_the_ledger(store: Store, place: Path) -> None:
    rules = store.rules
    assert mark_in(place) == rules.setting(MARKS)
    assert (rules.setting(SECOND_FOLDER), rules.setting(NAMES), rules.setting(WITHIN)) == (
        str(place), "政府办备份", "台账备份",
    )  # fmt: skip
    assert "请不要删去" in (place / MARKER).read_text(encoding="utf-8")


def test_a_strangers_stick_under_the_same_letter_gets_nothing_and_is_asked_about(
    store: Store, clock: Clock, drives: Path, place: Path
) -> None:
    (drives / "E").rename(drives.parent / "口袋")
    stranger = plug(drives, "E")
    made = backups(store, drives).make(clock(), only_changed=False)
    assert (len(made.written), made.troubles) == (1, ())
    assert list(stranger.iterdir()) == []
    state = backups(store, drives).state(clock())
    assert state.light == "ochre"
    assert state.words.endswith("第二备份位置不是原来的")
    assert "原来的是“政府办备份”" in state.question
    assert state.question in state.more
    assert not state.is_at_hand
    assert not backups(store, drives).is_due(clock())


@pytest.mark.parametrize("marker", ["", "0" * 32, "x" * 32, "短", "\0" * 4_000])
def test_another_or_a_spoilt_marker_is_a_strangers(
    store: Store, clock: Clock, drives: Path, place: Path, marker: str
) -> None:
    (place / MARKER).write_text(marker, encoding="utf-8")
    assert len(backups(store, drives).make(clock(), only_changed=False).written) == 1
    assert backup.backups_in(place) == []
    assert backups(store, drives).state(clock()).question


def test_the_offices_stick_under_another_letter_gets_its_backup(
    store: Store, clock: Clock, drives: Path, place: Path
) -> None:
    (drives / "E").rename(drives / "G")
    made = backups(store, drives).make(clock())
    assert [Path(one.path).parent for one in made.written] == [store.folder / BACKUPS, drives / "G" / "台账备份"]
    state = backups(store, drives).state(clock())
    assert (state.light, state.words[-5:]) == ("green", "第二份已存")
    (drives / "G").rename(drives / "F")
    assert backups(store, drives).state(clock()).light == "green", "it is the same stick, with the same backup"
    assert not backups(store, drives).is_due(clock())
    assert backups(store, drives).make(clock()).written == ()


def test_the_own_stick_is_found_although_a_strangers_has_its_letter(
    store: Store, clock: Clock, drives: Path, place: Path
) -> None:
    (drives / "E").rename(drives / "G")
    stranger = plug(drives, "E")
    assert len(backups(store, drives).make(clock()).written) == 2
    assert list(stranger.iterdir()) == []
    assert backups(store, drives).state(clock()).question == ""


def test_no_other_disk_is_looked_at_while_the_place_is_where_it_was(store: Store, place: Path) -> None:
    there = SecondPlace(store.rules.settings, lambda: pytest.fail("the other disks were looked at"))
    assert there.find() == Found(place, "here")


def test_a_stick_that_the_clerk_takes_into_use_takes_turns_with_the_one_before(
    store: Store, clock: Clock, drives: Path, place: Path
) -> None:
    backups(store, drives).make(clock())
    (drives / "E").rename(drives.parent / "口袋")
    second = plug(drives, "E")
    (drives / "E" / "卷标").write_text("乙盘")
    backups(store, drives).take()
    assert mark_in(second) in store.rules.setting(MARKS)
    assert len(backups(store, drives).make(clock()).written) == 2
    assert len(backup.backups_in(second)) == 1
    (drives / "E").rename(drives.parent / "抽屉")
    (drives.parent / "口袋").rename(drives / "E")
    assert SecondPlace(store.rules.settings).find() == Found(place, "here")
    assert SecondPlace(store.rules.settings).expected == "“政府办备份”或“乙盘”"
    assert backups(store, drives).is_due(clock()), "it lacks that the other was taken into use"


def test_a_place_of_an_older_program_is_known_by_its_backups(store: Store, clock: Clock, drives: Path) -> None:
    folder = plug(drives, "E")
    saved(store, outgoing())
    older = backup.back_up(store.folder / LEDGER, folder / clock().strftime(backup.NAME))
    store.set_office({SECOND_FOLDER: str(folder)}, ())
    saved(store, outgoing(title="关于春耕的通知"))
    clock.tick(7_200)
    state = backups(store, drives).state(clock())
    assert (state.question, state.is_at_hand) == ("", True)
    assert backups(store, drives).is_due(clock())
    made = backups(store, drives).make(clock())
    assert [Path(one.path).parent for one in made.written] == [store.folder / BACKUPS, folder]
    assert mark_in(folder) == store.rules.setting(MARKS)
    assert older.exists()
    assert not backups(store, drives).is_due(clock()), "what was kept of the marker is in the backup"
    assert list(health.findings(store)) == []


@pytest.mark.parametrize("holds", ["nothing", "another ledger's"])
def test_a_place_of_an_older_program_without_its_backups_is_asked_about(
    store: Store, clock: Clock, drives: Path, tmp_path: Path, holds: str
) -> None:
    folder = plug(drives, "E")
    if holds != "nothing":
        other = backup.back_up(store.folder / LEDGER, tmp_path / "别的台账.db")  # its journal is empty
        other.rename(folder / clock().strftime(backup.NAME))
    saved(store, outgoing())
    store.set_office({SECOND_FOLDER: str(folder)}, ())
    before = sorted(folder.iterdir())
    assert len(backups(store, drives).make(clock(), only_changed=False).written) == 1
    assert sorted(folder.iterdir()) == before
    state = backups(store, drives).state(clock())
    assert "还没有启用" in state.question
    assert state.words.endswith("第二备份位置没启用")
    clock.tick(60)
    backups(store, drives).take()
    assert len(backups(store, drives).make(clock()).written) == 2
    assert backups(store, drives).state(clock()).question == ""


def test_two_ledgers_share_a_place_and_its_marker(store: Store, drives: Path, place: Path) -> None:
    mark = mark_in(place)
    choose(store, place, plugged(drives))
    assert mark_in(place) == mark == store.rules.setting(MARKS)


def test_another_place_forgets_the_marks_of_the_one_before(store: Store, drives: Path, place: Path) -> None:
    store.set_office({"office": "青禾县人民政府办公室", SECOND_FOLDER: str(place)}, ())
    assert store.rules.setting(MARKS)
    store.set_office({SECOND_FOLDER: str(drives)}, ())
    assert (store.rules.setting(MARKS), store.rules.setting(NAMES), store.rules.setting(WITHIN)) == ("", "", "")
    found = SecondPlace(store.rules.settings).find()
    assert found == Found(drives, "new")


def test_a_place_without_a_chosen_path_is_none(store: Store) -> None:
    assert SecondPlace(store.rules.settings).find() is None


def test_a_whole_stick_is_a_place_as_well(store: Store, clock: Clock, drives: Path) -> None:
    root = plug(drives, "E", ".")
    choose(store, root, plugged(drives))
    saved(store, outgoing())
    root.rename(drives / "H")
    backups(store, drives).make(clock())
    assert len(backup.backups_in(drives / "H")) == 1


def test_who_may_not_set_the_office_chooses_no_place(store: Store, drives: Path) -> None:
    folder = plug(drives, "E")
    accounts.begin(store, "王堃", "Lanshan-2022-tafeng")
    accounts.add(store, "李喆", CLERK, "Lanshan-2022-tafeng")
    accounts.sign_in(store, "李喆", "Lanshan-2022-tafeng")
    with pytest.raises(Refused, match="没有改动"):
        choose(store, folder, plugged(drives))
    assert list(folder.iterdir()) == []


def test_an_encrypted_ledger_knows_its_stick_under_another_letter_and_turns_its_backups(
    folder: Path, clock: Clock, drives: Path
) -> None:
    store = Store.open(folder, "李喆", clock)
    choose(store, plug(drives, "E"), plugged(drives))
    saved(store, outgoing())
    backups(store, drives).make(clock())
    store.close()
    (drives / "E").rename(drives / "G")
    moved, stranger = drives / "G" / "台账备份", plug(drives, "E")
    clock.tick(60)
    sealing.seal(folder, PASSWORD, CODE, clock(), volumes=plugged(drives))
    assert [keys.is_plain(path) for path in backup.backups_in(moved)] == [False] * len(backup.backups_in(moved))
    assert list(stranger.iterdir()) == []
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing(title="关于春耕的通知"))
    clock.tick(60)
    assert [Path(one.path).parent for one in backups(store, drives).make(clock()).written][1:] == [moved]
    newest = backup.backups_in(moved)[0]
    assert not keys.is_plain(newest)
    assert backup.verify(newest)[0] == store.head()[0]
    assert mark_in(moved) == store.rules.setting(MARKS), "the marker tells nothing and stays legible"
    assert list(stranger.iterdir()) == []
    store.close()


def test_an_encrypted_place_of_an_older_program_is_known_by_its_backups(
    folder: Path, clock: Clock, drives: Path
) -> None:
    place = plug(drives, "E")
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing())
    store.set_office({SECOND_FOLDER: str(place)}, ())
    store.close()
    sealing.seal(folder, PASSWORD, CODE, clock())
    store = Store.open(folder, "李喆", clock)
    backup.back_up(folder / LEDGER, place / clock().strftime(backup.NAME))
    clock.tick(60)
    saved(store, outgoing())
    assert len(backups(store, drives).make(clock()).written) == 2
    assert mark_in(place) == store.rules.setting(MARKS) != ""
    store.close()


def test_a_marker_is_read_as_notepad_saves_it(tmp_path: Path) -> None:
    known(tmp_path)
    path = tmp_path / MARKER
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert mark_in(tmp_path) == MARK
    leave(tmp_path, "f" * 32)
    assert mark_in(tmp_path) == "f" * 32
