"""What may be typed into a search box, and what each way of writing it finds."""

from __future__ import annotations

from datetime import date

import pytest

from db.directory.units import Unit
from db.record import Record
from db.registers.incoming import Circulation, Incoming, Instruction
from db.registers.outgoing import Outgoing
from db.store import index
from db.store.everywhere import Everywhere
from db.store.field_words import labels
from db.store.query import Word, parse
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import Clock, draft, incoming, outgoing, saved, study, with_lines


def listing(store: Store, text: str, register: type[Record] = Incoming, deleted: bool = False) -> Listing:
    """A list of one register under a search."""
    number = store.register_numbers[register.key()]
    wanted = Filter(text=text, deleted=deleted)
    return Listing(store.connection, register, number, wanted, store.rules.today, store.rules.days)


def found(store: Store, text: str, register: type[Record] = Incoming) -> list[int]:
    """The ids that a search finds; the count agrees with them."""
    wanted = listing(store, text, register)
    assert wanted.count() == len(wanted.ids())
    return wanted.ids()


@pytest.fixture
def office(store: Store, clock: Clock) -> Store:
    """Three papers received: 1 of a township about a road, 2 of the county's housing bureau, 3 of the government."""
    store.save(with_lines(
        incoming(title="关于修缮乡村公路的请示", received_on=date(2022, 3, 5), from_doc_on=date(2022, 3, 1), copies=3,
                 handler="李喆"),
        Instruction(leader="龙䶮", text="请交通局办理，经费另议。\n限三日。", on=date(2022, 3, 7)),
        Circulation(person="王堃"),
    ))  # fmt: skip
    clock.tick()
    store.save(incoming(title="关于危房改造的报告", from_unit="蓝山县住房和城乡建设局", source_level="县直部门",
                        from_doc_no="蓝住建〔2022〕15号", kind="报告", handling="办件", urgency="加急", handler="王堃",
                        received_on=date(2022, 4, 6), from_doc_on=date(2022, 4, 6), finished_on=date(2022, 4, 20),
                        result="批复", stage="done", remarks="公路 沿线"))  # fmt: skip
    clock.tick()
    store.save(incoming(title="蓝山县人民政府关于2021年工作的报告", from_unit="蓝山县人民政府", source_level="县直部门",
                        from_doc_no="蓝政〔2021〕5号", kind="报告", received_on=date(2021, 12, 30),
                        from_doc_on=date(2021, 12, 29), remarks="e-mail：a@b.cn"))  # fmt: skip
    store.merge_index()
    return store


WRITTEN = [
    ("公路", [2, 1]),
    ("公路 请示", [1]),
    ("公路　请示", [1]),
    ("公路 -请示", [2]),
    ("关于 -报告", [1]),
    ("-报告", []),
    ('"公路 沿线"', [2]),
    ("“公路 沿线”", [2]),
    ('"沿线 公路"', []),
    ("沿线 公路", [2]),
    ("蓝住建〔2022〕15号", [2]),
    ("蓝住建[2022]15号", [2]),
    ("蓝住建（２０２２）１５号", [2]),
    ("蓝住建 【2022】 第 15 号", []),
    ("蓝住建 〔 2022 〕 15 号", [2]),
    ("蓝住建〖2022〗15", [2]),
    ("(2022)1", [2, 1]),  # 下〔2022〕1号 is the number of the first
    ("20221", []),  # the figures of two numbers are not read together
    ("加急", [2]),
    ("批复", [2]),
    ("2022.4.20", [2]),
    ("2022-04-20", [2]),
    ("2022年4月20日", [2]),
    ("2022/3/7", [1]),
    ("e-mail:a@b", [3]),
    ("16:40", []),
    ("lsxrmzf", [3]),
    ("lsxzf", [2, 3]),  # 蓝山县人民政府 by its short form; 蓝山县住房…
    ("lsxzjj", [2]),
    ("zfbzjj", []),
]


@pytest.mark.parametrize(("text", "ids"), WRITTEN)
def test_words_are_found_however_they_are_written(office: Store, text: str, ids: list[int]) -> None:
    assert found(office, text) == ids


FIELDS = [
    ("单位:住房", [2]),
    ("单位：塔峰", [1]),
    ("from_unit:塔峰", [1]),
    ("来文单位:住房 年:2022", [2]),
    ("来文:塔峰", [1]),  # a part of a label
    ("年:2022", [2, 1]),
    ("年:2021..2022", [2, 1, 3]),
    ("月:4", [2]),
    ("阶段:办结", [2]),
    ("-阶段:办结", []),
    ("关于 -阶段:办结", [1, 3]),
    ("时限:已办结", [2]),
    ("人:王堃", [2, 1]),
    ("承办人:王堃", [2]),
    ("批示:经费", [1]),
    ("批示内容:三日", [1]),
    ("领导:龙䶮", [1]),
    ("标题:公路", [1]),
    ("备注:公路", [2]),
    ('备注:"公路 沿线"', [2]),
    ("文号:蓝住建", [2]),
    ("编号:下", [1, 2, 3]),
    ("份数:3", [1]),
    ("份数:2..4", [1]),
    ("种类:报告", [2, 3]),
    ("紧急程度:加急", [2]),
    ("收文日期:2022", [2, 1]),
    ("收文日期:2022.3", [1]),
    ("收文日期:2022.3.5", [1]),
    ("收文日期:3月5日", [1]),
    ("收文日期:4月", [2]),
    ("收文日期:2022.3.1..2022.3.31", [1]),
    ("日期:2022年4月6日", [2]),
    ("办结日期:2022-04", [2]),
    ("暂按:是", []),
]


@pytest.mark.parametrize(("text", "ids"), FIELDS)
def test_a_field_is_asked_for_by_its_name(office: Store, text: str, ids: list[int]) -> None:
    assert sorted(found(office, text)) == sorted(ids)
    assert listing(office, text).matching.notes == ()


def test_a_unit_is_found_by_the_names_of_the_directory(office: Store) -> None:
    Unit.insert(name="蓝山县住房和城乡建设局", short_name="县住建局", aliases="县建设局、老房管局").execute()
    Unit.insert(name="塔峰镇人民政府", short_name="塔镇", pinyin="tfq").execute()
    assert found(office, "单位:县建设局") == found(office, "单位:xzjj") == found(office, "lfgj") == [2]
    assert found(office, "tfq") == [1]
    assert found(office, "zjj") == found(office, "jsj") == [2]  # without its beginning
    assert found(office, "fgj") == [2]
    assert found(office, "lfg") == []
    assert found(office, "县建设局") == []  # typed 汉字 find just themselves


def test_a_field_that_there_is_not_is_told_with_those_like_it(office: Store) -> None:
    wanted = listing(office, "来文单伟:塔峰")
    assert wanted.ids() == []
    assert wanted.matching.notes[0].startswith("没有“来文单伟”这一项，相近的有：来文单位")
    assert listing(office, "mail:a@b").ids() == [3]


@pytest.mark.parametrize(
    "text",
    ["收文日期:昨", "收文日期:2022.13", "收文日期:13月5日", "收文日期:2022.3.32", "份数:三", "暂按:也许", "阶段:承辨"],
)
def test_a_value_that_does_not_fit_its_field_is_told(office: Store, text: str) -> None:
    wanted = listing(office, text)
    assert wanted.ids() == []
    told = wanted.matching.notes[0]
    assert "看不懂" in told or "只有是、否" in told or told.startswith("阶段里没有“承辨”；")


def test_every_offered_name_is_understood(office: Store) -> None:
    for register in office.catalogue:
        for label in labels(register):
            assert listing(office, f"{label}:1", register).matching.notes in ((), *_unfit(office, register, label))


def _unfit(office: Store, register: type[Record], label: str) -> list[tuple[str, ...]]:
    notes = listing(office, f"{label}:1", register).matching.notes
    return [notes] if notes and not notes[0].startswith("没有") else []


def test_excluded_words_are_looked_for_among_those_that_wait(office: Store, clock: Clock) -> None:
    clock.tick()
    record = office.load(Incoming, 2)
    record.remarks = "公路桥"  # pyright: ignore[reportAttributeAccessIssue]
    office.save(record)
    assert index.pending(office.connection) == 1
    assert found(office, "公路 -沿线") == [2, 1]
    office.merge_index()
    assert found(office, "公路 -沿线") == [2, 1]


def test_a_minus_before_the_only_word_is_a_dash() -> None:
    assert parse("-11月") == (Word("-11月", typed="-11月"),)
    assert [word.is_excluded for word in parse("公路 -11月 -")] == [False, True, False]


def test_the_recycle_bin_is_searched_on_request(store: Store, clock: Clock) -> None:
    kept, gone = saved(store, draft(title="关于公路的通知")), saved(store, draft(title="关于公路的函", kind="函"))
    for merge in (False, True):
        clock.tick()
        store.delete(Outgoing, gone.id)
        if merge:
            store.merge_index()
        assert found(store, "公路", Outgoing) == [kept.id]
        in_bin = listing(store, "公路", Outgoing, deleted=True)
        assert (in_bin.ids(), in_bin.count()) == ([gone.id], 1)
        assert listing(store, "通知", Outgoing, deleted=True).ids() == []
        clock.tick()
        store.restore(Outgoing, gone.id)
        if merge:
            store.merge_index()
        assert sorted(found(store, "公路", Outgoing)) == [kept.id, gone.id]
        assert listing(store, "公路", Outgoing, deleted=True).ids() == []


def test_one_search_goes_over_all_registers_newest_first(store: Store, clock: Clock) -> None:
    for record in (
        incoming(title="关于公路的请示", received_on=date(2022, 12, 28)),
        outgoing(title="关于公路的通知", doc_on=date(2022, 12, 26)),
        study(held_on=date(2022, 12, 9), place="公路局"),
        incoming(title="关于公路的报告", kind="报告", received_on=date(2022, 12, 1), from_doc_on=date(2022, 12, 1),
                 from_doc_no=""),
    ):  # fmt: skip
        clock.tick()
        saved(store, record)
    everywhere = Everywhere(store, "公路")
    days = [hit.day for hit in everywhere.newest(10)]
    assert days == ["2022-12-28", "2022-12-26", "2022-12-09", "2022-12-01"]
    assert [hit.day for hit in everywhere.newest(2)] == days[:2]
    assert {register.key(): count for register, count in everywhere.counts() if count} == {
        "incoming": 2, "outgoing": 1, "study_session": 1,
    }  # fmt: skip
    assert Everywhere(store, "文种:通知").notes == ()
    assert Everywhere(store, "无此项:通知").notes[0].startswith("没有“无此项”这一项")


def test_a_ledger_that_was_indexed_otherwise_is_indexed_anew(office: Store, clock: Clock) -> None:
    run = office.connection.execute
    gone = saved(office, draft(title="关于公路的函"))
    clock.tick()
    office.delete(Outgoing, gone.id)
    office.merge_index()
    run("UPDATE setting SET value = '1' WHERE name = 'search_format'")
    run("DELETE FROM search_text")
    run("INSERT INTO search (search) VALUES ('delete-all')")
    folder = office.folder
    office.close()
    again = Store.open(folder, "李喆", clock)
    assert found(again, "公路") == [2, 1]
    assert listing(again, "公路", Outgoing, deleted=True).ids() == [gone.id]
    assert found(again, "加急") == [2]
    again.close()
