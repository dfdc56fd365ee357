"""Looking into a backup, and bringing single records back from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refused, StoreTrouble
from db.registers.outgoing import Outgoing
from db.registers.study_session import StudySession
from db.store import backup, health
from db.store.bringing import bring
from db.store.looking import listed, look_into
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from tests.db.office import Clock, again, outgoing, saved, study


def kept(store: Store, clock: Clock) -> Path:
    """A backup of the ledger as it is now."""
    made = backup.back_up(store.folder / LEDGER, backup.free_name(store.folder / BACKUPS, clock()))
    clock.tick(60)
    return made


def test_a_look_counts_what_each_side_lacks_and_what_differs(store: Store, clock: Clock) -> None:
    changed, gone = saved(store, outgoing(title="春耕")), saved(store, study())
    path = kept(store, clock)
    store.undo()
    now = again(store, changed)
    now.title = "关于春耕生产的通知"
    store.save(now)
    saved(store, outgoing(title="防汛"))
    look = look_into(path, store.folder / LEDGER, store.catalogue)
    found = {one.title: (one.there, one.today, one.only_there, one.only_today, one.differing) for one in look.registers}
    assert found[Outgoing.TITLE] == (1, 2, 0, 1, 1)
    assert found[StudySession.TITLE] == (1, 0, 1, 0, 0)
    assert [one.words.partition("《")[2] for one in look.differing] == ["春耕》"]
    assert [one.words.partition("《")[2] for one in look.only_today] == ["防汛》"]
    assert [(one.register, one.id) for one in look.only_there] == [(StudySession.key(), gone.id)]
    assert len(look.newest) == 2
    assert look.is_less


def test_backups_of_all_places_are_listed_newest_first(store: Store, clock: Clock, tmp_path: Path) -> None:
    first, second = kept(store, clock), kept(store, clock)
    elsewhere = backup.copy_backup(first, tmp_path / "U盘" / first.name)
    found = listed([store.folder / BACKUPS, tmp_path / "U盘", tmp_path / "没插上"])
    assert [one.path for one in found] == [second, first, elsewhere]


def test_a_damaged_backup_is_not_looked_into(store: Store, clock: Clock) -> None:
    path = kept(store, clock)
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = b"x" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreTrouble):
        look_into(path, store.folder / LEDGER, store.catalogue)


def test_without_a_ledger_a_look_tells_all_that_the_backup_holds(store: Store, clock: Clock, tmp_path: Path) -> None:
    saved(store, outgoing())
    look = look_into(kept(store, clock), tmp_path / "新" / LEDGER, store.catalogue)
    assert (look.today, look.there.total, look.is_less) == (None, 1, False)


def test_a_look_can_be_stopped(store: Store, clock: Clock) -> None:
    with pytest.raises(Refused):
        look_into(kept(store, clock), store.folder / LEDGER, store.catalogue, lambda *_values: False)


def test_one_record_comes_back_as_it_was_and_that_is_undone(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(title="春耕"))
    path = kept(store, clock)
    now = again(store, record)
    now.title = "关于春耕生产的通知"
    store.save(now)
    store.void(Outgoing, record.id, "重复")
    bring(store, path, Outgoing, record.id)
    back = again(store, record)
    assert (back.title, back.voided_on, back.number) == ("春耕", None, record.number)
    store.undo()
    assert store.load(Outgoing, record.id).void_reason == "重复"
    assert list(health.findings(store)) == []


def test_lines_come_back_with_a_record(store: Store, clock: Clock) -> None:
    record = saved(store, study())
    lines = {kind.key(): len(record.lines(kind)) for kind in StudySession.LINES}
    path = kept(store, clock)
    loaded = store.load(StudySession, record.id)
    for kind in StudySession.LINES:
        loaded.rows[kind.key()] = []
    store.save(loaded)
    bring(store, path, StudySession, record.id)
    back = store.load(StudySession, record.id)
    assert {kind.key(): len(back.lines(kind)) for kind in StudySession.LINES} == lines
    assert list(health.findings(store)) == []


def test_a_record_that_the_ledger_never_had_is_entered_with_its_number(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    record = saved(store, outgoing(title="春耕"))
    path = kept(store, clock)
    store.close()
    other = Store.open(tmp_path / "另一台", "王堃", clock)
    bring(other, path, Outgoing, record.id)
    (back,) = Outgoing.select()
    assert (back.title, back.number, back.uuid) == ("春耕", record.number, record.uuid)
    with pytest.raises(Refused):
        bring(other, path, Outgoing, record.id)
    assert list(health.findings(other)) == []
    other.close()


def test_what_stands_so_already_is_told(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing())
    path = kept(store, clock)
    with pytest.raises(Refused, match="和备份里一样"):
        bring(store, path, Outgoing, record.id)
    later = saved(store, outgoing())
    with pytest.raises(Refused, match="备份里没有这条记录"):
        bring(store, path, Outgoing, later.id)
