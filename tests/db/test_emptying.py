"""Emptying the recycle bin: content goes for good, id and number are never given again, and everything still agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Cancelled, Refused
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.rules.permissions import CLERK
from db.store import accounts, attachments, health, links
from db.store.backup import back_up
from db.store.bringing import bring
from db.store.bulk import Inserter, NewRecord
from db.store.deletions import standing
from db.store.emptying import binned, empty_bin
from db.store.files import copy_in, path_of
from db.store.many import Fill, Restore, carry_out
from db.store.places import LEDGER
from db.store.search import Filter, Listing
from db.store.store import Store
from db.summaries.document import Note, Table
from db.summaries.life import life
from db.summaries.numbers import numbers, series_of
from tests.db.office import Clock, contents, draft, incoming, outgoing, plan, saved

WHY = "年底清理"


def thrown(store: Store, record: Record) -> Record:
    """A record that was saved and lies in the bin, because its creation was taken back."""
    made = saved(store, record)
    store.undo(store.history(type(made), made.id)[0].change)
    return store.load(type(made), made.id)


def kept_number(store: Store) -> Record:
    """A numbered record in the bin whose number another has passed, so that it stays taken."""
    first = saved(store, outgoing(title="关于停发的通知"))
    created = store.history(Outgoing, first.id)[0].change
    saved(store, outgoing())
    store.undo(created)
    return store.load(Outgoing, first.id)


def listed(store: Store, text: str = "", deleted: bool = True) -> list[int]:
    """The ids that a list of outgoing documents shows."""
    rules = store.rules
    wanted = Filter(text=text, deleted=deleted)
    listing = Listing(store.connection, Outgoing, store.register_numbers["outgoing"], wanted, rules.today, rules.days)
    return list(listing.ids())


def test_what_is_emptied_is_in_no_list_and_found_by_no_word(store: Store) -> None:
    gone = thrown(store, draft(title="关于秋粮收购的草稿"))
    assert listed(store) == listed(store, "秋粮") == [gone.id]
    done = empty_bin(store, Outgoing, WHY)
    assert [one.called for one in done.records] == ["《关于秋粮收购的草稿》"]
    assert listed(store) == listed(store, "秋粮") == listed(store, "秋粮", deleted=False) == []
    assert binned(store, Outgoing) == ()
    assert list(health.findings(store)) == []


def test_the_journal_says_who_emptied_it_when_why_and_which(store: Store, clock: Clock) -> None:
    gone = kept_number(store)
    clock.tick(3_600)
    store.user = "王堃"
    empty_bin(store, Outgoing, " 年底  清理 ")
    last = store.history(Outgoing, gone.id)[-1]
    assert (last.by, last.at[:16], last.title) == ("王堃", "2022-12-30T11:00", "清空发文回收站：年底 清理")
    husk = store.load(Outgoing, gone.id)
    assert (husk.number, husk.title) == (gone.number, "关于停发的通知")
    assert husk.drafter == husk.main_to == ""


def test_a_number_stays_taken_after_its_record_was_emptied(store: Store) -> None:
    gone = kept_number(store)
    empty_bin(store, Outgoing, WHY)
    with pytest.raises(Refused, match="已被《关于停发的通知》使用（已从回收站清除，号仍占用），请改用别的号"):
        store.save(outgoing(number=gone.number))
    (series,) = series_of(store, Outgoing, 2022)
    assert [one.number for one in series.deleted] == [gone.number]
    assert series.missing == 0


def test_what_was_emptied_is_said_to_be_cleared_and_no_longer_to_lie_in_the_bin(store: Store, clock: Clock) -> None:
    gone, bare = kept_number(store), thrown(store, draft())
    clock.tick(3_600)
    empty_bin(store, Outgoing, WHY)
    told = f"2022-12-30 11:00，{store.user}，清空发文回收站：{WHY}"
    assert standing(store, store.load(Outgoing, gone.id)) == f"（已从回收站清除，号仍占用：{told}）"
    assert standing(store, store.load(Outgoing, bare.id)) == f"（已从回收站清除：{told}）"
    assert "，已从回收站清除（" in life(store, Outgoing, gone.id, clock()).under
    with pytest.raises(Refused, match=r"没有可改的：.*从回收站清空"):
        carry_out(store, Outgoing, [gone.id], Fill("drafter", "王堃"))


def test_the_sheet_of_numbers_tells_those_in_the_bin_from_those_cleared(store: Store, clock: Clock) -> None:
    gone = kept_number(store)

    def said() -> tuple[list[str], str]:
        (table, note) = numbers(store, Outgoing, 2022, clock()).parts[-1].blocks
        assert isinstance(table, Table)
        assert isinstance(note, Note)
        return [cell.text for cell in table.rows[0]], note.text

    assert said()[1].startswith("记录在回收站里的，")
    clock.tick(3_600)
    empty_bin(store, Outgoing, WHY)
    row, note = said()
    assert row == [gone.number, gone.title, "2022-12-30 11:00", store.user, f"清空发文回收站：{WHY}"]
    assert note.startswith("已从回收站清除的，内容没有了")
    assert "恢复记录" not in note


def test_the_id_of_an_emptied_record_is_never_given_again(store: Store, folder: Path, clock: Clock) -> None:
    gone = thrown(store, draft())
    empty_bin(store, Outgoing, WHY)
    store.close()
    again = Store.open(folder, "李喆", clock)
    assert saved(again, draft()).id == gone.id + 1
    empty_bin_of = thrown(again, draft())
    empty_bin(again, Outgoing, WHY)
    shape = again.shapes[Outgoing]
    with again.change("导入") as change:
        (imported,) = Inserter(change, Outgoing).write([NewRecord(list(shape.values(draft()).values()))])
    assert imported == empty_bin_of.id + 1
    again.close()


def test_emptying_takes_a_reason_and_something_to_empty(store: Store) -> None:
    with pytest.raises(Refused, match="回收站是空的"):
        empty_bin(store, Outgoing, WHY)
    gone = thrown(store, draft())
    for reason, words in ((" ", "要写明原因"), ("长" * 101, "原因太长：101字")):
        with pytest.raises(Refused, match=words):
            empty_bin(store, Outgoing, reason)
    assert [one.id for one in binned(store, Outgoing)] == [gone.id]


def test_only_who_has_the_permission_empties(store: Store) -> None:
    thrown(store, draft())
    accounts.begin(store, "王堃", "Lanshan-2022-tafeng")
    accounts.add(store, "李喆", CLERK, "Lanshan-2022-tafeng")
    accounts.sign_in(store, "李喆", "Lanshan-2022-tafeng")
    with pytest.raises(Refused, match="请由管理员来做"):
        empty_bin(store, Outgoing, WHY)
    assert len(binned(store, Outgoing)) == 1


def test_one_who_stops_it_leaves_everything_in_the_bin(store: Store) -> None:
    thrown(store, draft())
    before = contents(store)
    with pytest.raises(Cancelled):
        empty_bin(store, Outgoing, WHY, lambda _done, _of: False)
    assert contents(store) == before


def test_emptying_is_not_undone_and_says_why(store: Store) -> None:
    thrown(store, draft())
    done = empty_bin(store, Outgoing, WHY)
    with pytest.raises(Refused, match="清空回收站不能撤销"):
        store.undo(done.change.id)


def test_earlier_changes_of_an_emptied_record_are_not_undone(store: Store) -> None:
    gone = thrown(store, draft())
    changes = [entry.change for entry in store.history(Outgoing, gone.id)]
    empty_bin(store, Outgoing, WHY)
    for change in changes:
        with pytest.raises(Refused, match="从回收站清空，内容不在台账里了"):
            store.undo(change)
    with pytest.raises(Refused, match="从回收站清空"):
        store.restore(Outgoing, gone.id)
    with pytest.raises(Refused, match="从回收站清空"):
        carry_out(store, Outgoing, [gone.id], Restore())
    with pytest.raises(Refused, match="从回收站清空"):
        store.save(store.load(Outgoing, gone.id))


def test_links_go_with_the_record_and_do_not_come_back(store: Store) -> None:
    paper, reply = saved(store, incoming(number="")), saved(store, draft())
    links.link(store, paper, reply, "答复")
    store.undo(store.history(Outgoing, reply.id)[0].change)
    (link,) = links.of_record(store, paper)
    removed = links.unlink(store, link.link or 0)
    empty_bin(store, Outgoing, WHY)
    with pytest.raises(Refused, match="从回收站清空"):
        store.undo(removed.id)
    assert links.of_record(store, store.load(Incoming, paper.id)) == []
    assert list(health.findings(store)) == []


def test_files_are_removed_once_nobody_else_needs_them(store: Store, tmp_path: Path) -> None:
    gone, other = saved(store, draft()), saved(store, draft())
    held = []
    for name, owners in (("甲.pdf", (gone,)), ("乙.pdf", (gone, other)), ("丙.pdf", (gone, other))):
        source = tmp_path / name
        source.write_bytes(name.encode() * 99)
        file = copy_in(store.folder, source, 1 << 20)
        held.append(path_of(store.folder, file.sha256))
        for owner in owners:
            attachments.attach(store, owner, [file])
    attachments.detach(store, attachments.of_record(store, other)[1].id)  # could be undone: the file stays
    store.delete(Outgoing, gone.id)
    assert empty_bin(store, Outgoing, WHY).files == 1
    assert [path.exists() for path in held] == [False, True, True]
    assert list(health.findings(store)) == []


def test_lines_go_and_a_backup_brings_the_whole_record_back(store: Store, tmp_path: Path) -> None:
    made = saved(store, plan())
    kind = type(made)
    before = {line.key(): len(store.load(kind, made.id).lines(line)) for line in kind.LINES}
    copy = back_up(store.folder / LEDGER, tmp_path / "备份.db")
    store.undo(store.history(kind, made.id)[0].change)
    empty_bin(store, kind, WHY)
    assert not any(store.load(kind, made.id).lines(line) for line in kind.LINES)
    bring(store, copy, kind, made.id)
    back = store.load(kind, made.id)
    assert (back.emptied_at, back.deleted_at, getattr(back, kind.SUBJECT)) == (None, None, getattr(made, kind.SUBJECT))
    assert {line.key(): len(back.lines(line)) for line in kind.LINES} == before
    assert list(health.findings(store)) == []
