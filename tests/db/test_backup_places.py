"""The backups of a ledger in two places: made when something was changed, known without being read, told in words."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from db.errors import Refused, Trouble
from db.registers.outgoing import Outgoing
from db.store import backup, health
from db.store.backup_places import LATE_DAYS, SOON_DAYS, STATE, Backups
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved
from tests.db.sticks import known

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "U盘"
    folder.mkdir()
    return folder


def backups(store: Store, stick: Path | None = None) -> Backups:
    """The backups of a ledger, with or without a second place."""
    settings = {**store.rules.settings, **(known(stick) if stick else {})}
    return Backups(store.folder, store.catalogue, settings)


def names(folder: Path) -> list[str]:
    """The backups in a folder, oldest first."""
    return [path.name for path in reversed(backup.backups_in(folder))]


def unplug(stick: Path) -> Path:
    """Take the stick away; give back what plugs it in again."""
    return stick.rename(stick.with_name("口袋"))


def test_a_second_backup_is_made_only_after_a_change_and_reads_no_backup_to_know(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(store, outgoing())
    assert len(backups(store).make(clock()).written) == 1
    monkeypatch.setattr(backup, "verify", lambda *_values: pytest.fail("a verified backup was read again"))
    clock.tick(3600)
    assert backups(store).make(clock()).written == ()
    assert len(names(store.folder / BACKUPS)) == 1


@pytest.mark.parametrize("change", ["record", "draft", "office"])
def test_whatever_a_clerk_changes_is_backed_up(store: Store, clock: Clock, change: str) -> None:
    saved(store, outgoing())
    backups(store).make(clock())
    clock.tick(3600)
    if change == "record":
        saved(store, outgoing(title="关于春耕的通知"))
    elif change == "draft":
        store.keep_draft(Outgoing, None, '{"title":"半"}')
    else:
        store.set_office({"office": "青禾县人民政府办公室"}, ("青政发",))
    assert backups(store).is_due(clock())
    (written,) = backups(store).make(clock()).written
    assert written.entries == store.head()[0]
    assert backups(store).make(clock()).written == ()


@pytest.mark.parametrize("harm", ["removed", "shortened", "touched", "forgotten", "garbled"])
def test_a_backup_that_is_no_longer_the_one_that_was_checked_is_made_again(
    store: Store, clock: Clock, harm: str
) -> None:
    saved(store, outgoing())
    (written,) = backups(store).make(clock()).written
    path, known = Path(written.path), store.folder / BACKUPS / STATE
    if harm == "removed":
        path.unlink()
    elif harm == "shortened":
        path.write_bytes(path.read_bytes()[:-4096])
    elif harm == "touched":
        path.touch()
    elif harm == "forgotten":
        known.unlink()
    else:
        known.write_text('{"first": {"path": 3}}', encoding="utf-8")
    clock.tick(60)
    assert len(backups(store).make(clock()).written) == 1


def test_a_backup_by_hand_is_made_whether_or_not_something_was_changed(store: Store, clock: Clock) -> None:
    for _time in range(2):
        assert len(backups(store).make(clock(), only_changed=False).written) == 1
        clock.tick(60)


def test_two_backups_in_one_second_do_not_overwrite_one_another(store: Store, clock: Clock) -> None:
    for _time in range(2):
        backup.back_up(store.folder / LEDGER, backup.free_name(store.folder / BACKUPS, clock()))
    assert names(store.folder / BACKUPS) == ["台账备份-20221230-100000.db", "台账备份-20221230-100001.db"]


def test_both_places_hold_the_same_verified_backup(store: Store, clock: Clock, stick: Path) -> None:
    saved(store, outgoing())
    made = backups(store, stick).make(clock())
    assert [Path(one.path).parent for one in made.written] == [store.folder / BACKUPS, stick]
    here, there = (Path(one.path) for one in made.written)
    assert here.read_bytes() == there.read_bytes()
    assert backup.verify(there)[0] == store.head()[0]
    state = backups(store, stick).state(clock())
    assert (state.light, state.words) == ("green", "备份：今天 10:00，第二份已存")
    assert str(stick) in state.more


def test_a_missing_stick_is_no_error_but_is_told_and_gets_its_copy_when_it_is_back(
    store: Store, clock: Clock, stick: Path
) -> None:
    pocket = unplug(stick)
    saved(store, outgoing())
    made = backups(store, stick).make(clock())
    assert (len(made.written), made.troubles) == (1, ())
    assert not stick.exists()
    state = backups(store, stick).state(clock())
    assert (state.light, state.words) == ("ochre", "备份：今天 10:00，第二备份位置不在")
    assert not backups(store, stick).is_due(clock())
    pocket.rename(stick)
    assert backups(store, stick).is_due(clock())
    assert len(backups(store, stick).make(clock()).written) == 1
    assert backups(store, stick).state(clock()).light == "green"


def test_a_stick_that_was_away_too_long_is_red(store: Store, clock: Clock, stick: Path) -> None:
    saved(store, outgoing())
    backups(store, stick).make(clock())
    unplug(stick)
    clock.tick(8 * 86_400)
    saved(store, outgoing(title="关于春耕的通知"))
    backups(store, stick).make(clock())
    assert backups(store, stick).state(clock()).light == "red"


def test_a_second_place_that_cannot_be_written_is_named_and_the_first_is_written(
    store: Store, clock: Clock, stick: Path
) -> None:
    saved(store, outgoing())
    known(stick)
    (stick / clock().strftime(backup.NAME)).with_suffix(".part").mkdir()  # also root cannot write there
    made = backups(store, stick).make(clock())
    assert len(made.written) == 1
    assert [trouble.trouble for trouble in made.troubles] == [Trouble.UNREACHABLE]
    assert str(stick) in made.troubles[0].text


@pytest.mark.logs("the state of the backups")
def test_the_stick_is_written_even_when_the_own_folder_cannot_be(store: Store, clock: Clock, stick: Path) -> None:
    saved(store, outgoing())
    (store.folder / BACKUPS).write_text("", encoding="utf-8")
    made = backups(store, stick).make(clock())
    assert [Path(one.path).parent for one in made.written] == [stick]
    assert len(made.troubles) == 1


def test_a_cancelled_backup_leaves_what_was_there(store: Store, clock: Clock, stick: Path) -> None:
    saved(store, outgoing())
    backups(store, stick).make(clock())
    before = {path.name for folder in (stick, store.folder / BACKUPS) for path in folder.iterdir()}
    clock.tick(3600)
    saved(store, outgoing())
    with pytest.raises(Refused):
        backups(store, stick).make(clock(), lambda _done, _total: False)
    assert {path.name for folder in (stick, store.folder / BACKUPS) for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("days", "changed", "light"),
    [(3, True, "green"), (3.1, True, "ochre"), (7, True, "ochre"), (7.1, True, "red"), (40, False, "green")],
)
def test_an_old_backup_is_ochre_and_then_red_unless_nothing_was_changed_since(
    store: Store, clock: Clock, days: float, changed: bool, light: str
) -> None:
    saved(store, outgoing())
    backups(store).make(clock())
    if changed:
        saved(store, outgoing())
    clock.tick(days * 86_400)
    state = backups(store).state(clock())
    assert state.light == light
    assert state.is_complete is not changed


def test_the_limits_are_settings_of_the_office(store: Store, clock: Clock) -> None:
    saved(store, outgoing())
    backups(store).make(clock())
    saved(store, outgoing())
    clock.tick(86_400 + 60)
    for limits, light in (({SOON_DAYS: "1"}, "ochre"), ({SOON_DAYS: "0", LATE_DAYS: "1"}, "red"), ({}, "green")):
        settings = {**store.rules.settings, **limits}
        assert Backups(store.folder, store.catalogue, settings).state(clock()).light == light


@pytest.mark.parametrize(
    ("later", "words"),
    [(0, "今天 10:00"), (86_400, "昨天 10:00"), (3 * 86_400, "2022-12-30")],
)
def test_the_age_is_told_as_people_say_it(store: Store, clock: Clock, later: int, words: str) -> None:
    saved(store, outgoing())
    backups(store).make(clock())
    clock.tick(later)
    assert backups(store).state(clock()).words == f"备份：{words}"


def test_without_a_backup_only_a_ledger_with_records_is_red(store: Store, clock: Clock) -> None:
    assert (backups(store).state(clock()).light, backups(store).state(clock()).words) == ("green", "还没有备份")
    saved(store, outgoing())
    assert backups(store).state(clock()).light == "red"
    assert backups(store).is_due(clock())


def test_a_backup_is_due_after_an_hour_with_a_change_or_when_the_clock_went_back(store: Store, clock: Clock) -> None:
    saved(store, outgoing())
    backups(store).make(clock())
    clock.tick(7200)
    assert not backups(store).is_due(clock())
    saved(store, outgoing())
    assert backups(store).is_due(clock())
    clock.tick(-3700)
    assert not backups(store).is_due(clock())
    clock.tick(-7200)
    assert backups(store).is_due(clock())


def test_the_backups_of_another_ledger_on_the_same_stick_are_left_alone(
    store: Store, clock: Clock, stick: Path, tmp_path: Path
) -> None:
    other = tmp_path / "别的台账.db"
    backup.back_up(store.folder / LEDGER, other)
    saved(store, outgoing())
    foreign = [stick / (clock() - timedelta(minutes=minute)).strftime(backup.NAME) for minute in range(1, 5)]
    for path in foreign:
        shutil.copy(other, path)
    for _time in range(3):
        clock.tick(20)
        backups(store, stick).make(clock(), only_changed=False)
    assert all(path.exists() for path in foreign)
    assert len(names(stick)) == len(foreign) + 1


def test_a_kill_in_the_middle_of_a_backup_harms_neither_ledger_nor_backups(
    folder: Path, clock: Clock, stick: Path
) -> None:
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing(title="关于春耕的通知", remarks="备" * 1_900))
    backups(store, stick).make(clock())
    saved(store, outgoing())
    head = store.head()
    store.close()
    good = {path: path.read_bytes() for place in (folder / BACKUPS, stick) for path in backup.backups_in(place)}
    assert len(good) == 2
    left: set[Path] = set()
    for moment in range(6):
        child = subprocess.run(
            [sys.executable, "-m", "tests.db.backup_child", str(folder), str(stick), str(moment)],
            cwd=HOUSE,
            check=False,
        )
        assert child.returncode == -signal.SIGKILL
        found = {path for place in (folder / BACKUPS, stick) for path in backup.backups_in(place)}
        assert {path: path.read_bytes() for path in good} == good
        for path in found:
            backup.verify(path)
        left |= {path for place in (folder / BACKUPS, stick) for path in place.glob("*.part")}
    assert left
    store = Store.open(folder, "李喆", clock)
    assert store.head() == head
    assert list(health.findings(store)) == []
    clock.tick(3600)
    state = backups(store, stick).state(clock())
    assert state.at is not None
    assert backups(store, stick).make(clock(), only_changed=False).troubles == ()
    store.close()
    assert not [path for place in (folder / BACKUPS, stick) for path in place.glob("*.part")]


def test_what_is_known_of_the_backups_is_plain_json(store: Store, clock: Clock) -> None:
    saved(store, outgoing())
    (written,) = backups(store).make(clock()).written
    known = json.loads((store.folder / BACKUPS / STATE).read_text(encoding="utf-8"))
    assert known["first"]["path"] == written.path
    assert known["first"]["entries"] == 1


def test_writing_on_does_not_make_the_backup_begin_anew(store: Store, clock: Clock) -> None:
    for at in range(40):
        saved(store, outgoing(title=f"关于第{at}项工作的通知", remarks="备" * 1_900))
    seen: list[int] = []

    def write_at_each_step(done: int, total: int) -> bool:
        if total:
            seen.append(done)
            saved(store, outgoing(title="备份时登记的通知"))
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "PAGES", 20)
        (written,) = backups(store).make(clock(), write_at_each_step).written
    assert seen == sorted(set(seen))
    assert len(seen) > 3
    with closing(sqlite3.connect(written.path)) as copy:
        assert copy.execute("SELECT count(*) FROM outgoing").fetchone() == (40,)
    assert backups(store).state(clock()).is_complete is False
