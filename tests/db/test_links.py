"""Links join records of any registers, from both ends; 同文 and the field that says it are one."""

from __future__ import annotations

import pytest

from db.directory.links import Link
from db.errors import Refused
from db.figures import Figures, Period
from db.record import Record
from db.registers.incoming import Incoming
from db.store import health, links
from db.store.links import Linked
from db.store.store import Store
from tests.db.office import Clock, again, contents, draft, incoming, outgoing, plan, saved


def seen(store: Store, record: Record) -> list[tuple[str, str, int]]:
    """The links of a record: (kind, register, record)."""
    return [(one.kind, one.record.key(), one.record.id) for one in links.of_record(store, record)]


def the_link(store: Store, record: Record) -> Linked:
    """The only link of a record."""
    (found,) = links.of_record(store, record)
    return found


def papers(store: Store) -> int:
    """How many requests of 2022 are counted."""
    figures = Figures(store.connection, store.catalogue, store.rules.days)
    return int(figures.value("in_below_reqrep", Period.parse("2022")).value or 0)


def test_a_link_is_seen_from_both_ends_each_in_its_own_words(store: Store) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    links.link(store, paper, reply, "答复")
    assert seen(store, paper) == [("答复", reply.key(), reply.id)]
    assert seen(store, reply) == [("所答来文", paper.key(), paper.id)]
    assert links.count(store.connection, reply) == 1


def test_a_link_stands_in_the_history_of_both_and_can_be_undone_and_made_again(store: Store) -> None:
    paper, matter = saved(store, incoming()), saved(store, plan())
    links.link(store, paper, matter, "整改")
    for record, words in (
        (paper, f"整改：整改{matter.number}《学法用法不够经常》"),
        (matter, "问题来源：收文下〔2022〕1号《塔峰镇人民政府关于拨付防汛经费的请示》"),
    ):
        entry = store.history(type(record), record.id)[-1]
        assert entry.title == "关联整改"
        ((before, after),) = zip(entry.before.values(), entry.after.values(), strict=True)
        assert before is None
        assert after["words"] == words
    store.undo()
    assert seen(store, paper) == seen(store, matter) == []
    store.redo()
    assert seen(store, matter) == [("问题来源", paper.key(), paper.id)]
    assert list(health.findings(store)) == []


def test_undoing_one_link_leaves_the_later_ones(store: Store) -> None:
    paper, first, second = saved(store, incoming()), saved(store, outgoing()), saved(store, plan())
    change = links.link(store, paper, first, "答复")
    links.link(store, paper, second, "整改")
    store.undo(change.id)
    assert seen(store, paper) == [("整改", second.key(), second.id)]


def test_removing_a_link_is_undone_with_its_maker_and_moment(store: Store, clock: Clock) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    links.link(store, paper, reply, "答复")
    before = contents(store)["link"]
    clock.tick(3600)
    links.unlink(store, the_link(store, paper).link or 0)
    assert seen(store, reply) == []
    store.undo()
    assert contents(store)["link"] == before


def test_a_link_is_removed_once_only_and_an_undo_that_it_overtook_is_refused(store: Store) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    made = links.link(store, paper, reply, "答复")
    number = the_link(store, paper).link or 0
    links.unlink(store, number)
    with pytest.raises(Refused, match="这个关联已经取消了"):
        links.unlink(store, number)
    with pytest.raises(Refused, match="关联之后又改过，不能撤销"):
        store.undo(made.id)


@pytest.mark.parametrize("other_way", [False, True])
def test_the_same_two_records_are_linked_once_only(store: Store, other_way: bool) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    links.link(store, paper, reply, "答复")
    ends = (reply, paper) if other_way else (paper, reply)
    with pytest.raises(Refused, match=r"已与.*关联过（答复），没有再加"):
        links.link(store, *ends, "相关")
    assert Link.select().count() == 1


def test_a_record_is_not_linked_with_itself_nor_by_an_unknown_kind(store: Store) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    with pytest.raises(Refused, match="不能与自己关联"):
        links.link(store, paper, paper, "相关")
    with pytest.raises(Refused, match="没有“亲戚”"):
        links.link(store, paper, reply, "亲戚")


def test_links_stay_when_a_record_is_voided_deleted_or_restored(store: Store) -> None:
    paper, reply, loose = saved(store, incoming()), saved(store, outgoing()), saved(store, draft(title="草稿的通知"))
    links.link(store, paper, reply, "答复")
    links.link(store, paper, loose, "相关")
    store.void(type(reply), reply.id, "印错")
    store.delete(type(loose), loose.id)
    voided, deleted = (one.record for one in links.of_record(store, paper))
    assert voided.voided_on
    assert deleted.deleted_at
    links.link(store, saved(store, plan()), again(store, reply), "相关")  # a voided record may be linked
    store.restore(type(loose), loose.id)
    assert len(seen(store, paper)) == 2


def test_the_same_paper_twice_counts_once_whichever_end_the_link_is_made_from(store: Store) -> None:
    first = saved(store, incoming())
    second = saved(store, incoming(medium="电子公文"))
    assert papers(store) == 2
    links.link(store, first, second, "同文")
    assert again(store, second).copy_of == first.number
    assert again(store, first).copy_of == ""
    assert papers(store) == 1
    links.unlink(store, the_link(store, first).link or 0)
    assert again(store, second).copy_of == ""
    assert papers(store) == 2
    store.undo()
    assert papers(store) == 1
    assert seen(store, first) == [("同文", "incoming", second.id)]
    store.undo()
    assert papers(store) == 2
    assert seen(store, first) == []
    assert list(health.findings(store)) == []


def test_the_field_of_a_copy_makes_changes_and_removes_the_link(store: Store) -> None:
    first, other = saved(store, incoming()), saved(store, incoming(from_doc_no="塔政〔2022〕8号"))
    copy = saved(store, incoming(medium="电子公文", copy_of=first.number))
    assert seen(store, first) == [("同文", "incoming", copy.id)]
    copy.copy_of = other.number
    store.save(copy)
    assert seen(store, first) == []
    assert seen(store, other) == [("同文", "incoming", copy.id)]
    copy.copy_of = ""
    store.save(copy)
    assert seen(store, other) == seen(store, copy) == []
    store.undo()
    assert seen(store, other) == [("同文", "incoming", copy.id)]
    assert again(store, copy).copy_of == other.number


def test_a_copy_is_of_one_other_paper_only_and_that_one_has_a_number(store: Store) -> None:
    first, other = saved(store, incoming()), saved(store, incoming(from_doc_no="塔政〔2022〕8号"))
    copy = saved(store, incoming(medium="电子公文", copy_of=first.number))
    with pytest.raises(Refused, match=r"下〔2022〕3号已标为下〔2022〕1号的同文"):
        links.link(store, copy, other, "同文")
    copy.copy_of = copy.number
    with pytest.raises(Refused, match="不能写自己的"):
        store.save(copy)


def test_a_number_field_that_names_a_record_shows_as_a_link(store: Store) -> None:
    reply = saved(store, outgoing())
    paper = saved(store, incoming(reply_number="蓝政办发[2022]1号"))
    found = the_link(store, paper)
    assert (found.link, found.kind, found.record.id) == (None, "回复文号", reply.id)
    links.link(store, paper, reply, "答复")
    assert [one.kind for one in links.of_record(store, paper)] == ["答复"]


def test_check_finds_a_link_that_no_journal_knows(store: Store) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    links.link(store, paper, reply, "答复")
    store.connection.execute("UPDATE link SET kind = '相关'")
    store.connection.execute(
        "INSERT INTO link SELECT 99, register, record, kind, other_register, other_record, made_at, made_by FROM link"
    )
    assert list(health.findings(store)) == ["关联有2条与日志对不上：日志缺了行，或有人绕过程序改过文件"]


def test_a_change_to_a_linked_record_needs_no_new_look_at_the_other(store: Store) -> None:
    paper, reply = saved(store, incoming()), saved(store, outgoing())
    links.link(store, paper, reply, "答复")
    paper.remarks, reply.remarks = "已阅", "已阅"
    store.save(paper)
    store.save(reply)
    assert again(store, paper).remarks == "已阅"


def test_a_link_to_a_record_that_is_gone_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="不在台账里"):
        store.load(Incoming, 7)
