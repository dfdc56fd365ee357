"""今日: the groups by urgency, what the year lacks, and the months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store.numbers import explain
from db.store.store import Store
from db.summaries.board import Board, Gap, Group, arranged
from db.summaries.numbers import series_of
from tests.db.office import Clock, case, decided, incoming, matter, norm, outgoing, plan, saved, study

TODAY = date(2022, 12, 29)  # a Thursday; 12-31 to 01-02 are rest days


@pytest.fixture(autouse=True)
def on_thursday(clock: Clock) -> None:
    """The board is looked at on a Thursday before a long weekend."""
    clock.go(TODAY)


def board(store: Store) -> Board:
    """The board of today."""
    return Board(store.connection, store.catalogue, store.rules)


def due(store: Store, day: date, number: int, unit: str = "县财政局") -> Incoming:
    """A paper that is due on a day."""
    return saved(
        store, incoming(due_on=day, from_doc_no=f"塔政〔2022〕{number}号", title=f"第{number}件", lead_unit=unit)
    )


def named(group: Group) -> list[str]:
    """The subjects of a group."""
    return [matter.subject for matter in group.matters]


def test_matters_of_all_registers_stand_by_urgency(store: Store) -> None:
    due(store, date(2022, 12, 28), 1)
    due(store, TODAY, 2)
    due(store, date(2023, 1, 6), 3)  # the fifth working day
    due(store, date(2023, 1, 9), 4)  # the sixth
    saved(store, plan(due_on=date(2022, 12, 26)))
    saved(store, case(received_on=date(2022, 12, 20)))  # 15 days: 01-04
    late, now, soon = board(store).groups()
    assert (late.heading, named(late)) == ("逾期", ["学法用法不够经常", "第1件"])
    assert named(now) == ["第2件"]
    assert named(soon) == ["李某不服征收补偿决定案", "第3件"]
    assert [matter.light.words for matter in late.matters] == ["逾期 3 日", "逾期 1 日"]


def test_what_is_done_void_or_deleted_does_not_burn(store: Store) -> None:
    done = due(store, TODAY, 1)
    done.finished_on, done.result = TODAY, "批复"
    saved(store, done)
    store.void(Incoming, due(store, TODAY, 2).id, "重复")
    assert [group.count for group in board(store).groups()] == [0, 0, 0]


def test_a_group_counts_what_it_does_not_show(store: Store) -> None:
    with store.change("导入") as change:
        for at in range(103):
            change.save(incoming(due_on=TODAY, from_doc_no="", from_doc_on=None, title=f"第{at}件"))
    now = board(store).groups()[1]
    assert (now.count, len(now.matters)) == (103, 100)


def test_matters_are_arranged_by_register_or_unit(store: Store) -> None:
    due(store, date(2022, 12, 27), 1)
    due(store, date(2022, 12, 28), 2, "县教育局")
    due(store, date(2022, 12, 28), 3)
    late = board(store).groups()[0]
    assert [name for name, _ in arranged(late, "register")] == ["收文"]
    assert [(name, len(matters)) for name, matters in arranged(late, "unit")] == [("县财政局", 2), ("县教育局", 1)]
    assert [name for name, _ in arranged(late, "day")] == [""]


def test_missing_numbers_are_named_by_series(store: Store) -> None:
    saved(store, incoming(number="下〔2022〕2号"))
    saved(store, outgoing(number="蓝政办发〔2022〕9号"))
    found = [gap for gap in board(store).gaps() if gap.action == "numbers"]
    assert [(gap.register, gap.words) for gap in found] == [
        ("incoming", "下第1号空缺"), ("outgoing", "蓝政办发第1、2、3、4……号空缺，共8个"),
    ]  # fmt: skip


def test_missing_numbers_with_a_reason_are_no_longer_asked_for(store: Store) -> None:
    saved(store, outgoing(number="蓝政办发〔2022〕4号"))
    (series,) = series_of(store, Outgoing, 2022)
    explain(store, replace(series.gaps[0], last=2), "停发")
    assert [gap.words for gap in board(store).gaps() if gap.action == "numbers"] == ["蓝政办发第3号空缺"]
    (series,) = series_of(store, Outgoing, 2022)
    explain(store, series.gaps[1], "误编")
    assert [gap.words for gap in board(store).gaps() if gap.action == "numbers"] == []


def test_two_lists_that_are_the_same_are_told(store: Store, clock: Clock) -> None:
    def told() -> list[str]:
        return [gap.words for gap in board(store).gaps() if gap.target == "norm_total"]

    words = "规范性文件和重大行政决策的清单完全相同（2件），请核对"
    assert told() == []
    first = saved(store, decided(title="城乡供水规划"))
    saved(store, decided(title="《农村自建房管理办法》"))
    saved(store, norm(title="农村自建房管理办法"))
    document = saved(store, norm(title="蓝山县供水一体化若干规定"))
    assert told() == []
    clock.tick()
    document.decision_number = first.number
    store.save(document)
    assert told() == [words]
    saved(store, norm(title="停车管理办法"))
    assert told() == []


def test_months_without_study_are_named_once_study_is_kept_here(store: Store, clock: Clock) -> None:
    assert [gap for gap in board(store).gaps() if gap.action == "new"] == []
    clock.go(date(2022, 4, 6))
    saved(store, study(held_on=date(2022, 1, 11)))
    gaps = board(store).gaps()
    assert Gap("todo", "2、3月没有集体学法记录", "补录", "new", "study_session") in gaps


def test_what_is_incomplete_is_counted_by_register(store: Store) -> None:
    saved(store, incoming(kind="请示", lead_unit=""))
    assert Gap("todo", "1 条收文待补全", "查看", "todo", "incoming") in board(store).gaps()


def test_months_of_this_year_stand_beside_those_of_last_year(store: Store) -> None:
    saved(store, incoming())
    day = date(2021, 3, 2)
    saved(store, incoming(received_on=day, from_doc_on=day - timedelta(1), from_doc_no="塔政〔2021〕7号"))
    pulse = board(store).pulses()[0]
    assert (pulse.register, pulse.this_year[11], pulse.last_year[2]) == ("incoming", 1, 1)
    assert (sum(pulse.this_year), sum(pulse.last_year), len(pulse.this_year)) == (1, 1, 12)


def test_a_duty_beside_the_time_limit_burns_until_it_is_done(store: Store) -> None:
    cyclic = {"report_cycle": "每月", "handed_on": date(2022, 10, 20), "set_up_on": date(2022, 10, 20)}
    late = saved(store, matter(**cyclic))
    reviewed = saved(
        store,
        matter(title="复核", **{**cyclic, "report_cycle": "一次性"}, finished_on=date(2022, 12, 1), reviewer="李喆",
               closed_on=date(2022, 12, 2), conclusion_on=date(2022, 12, 2), objected_on=date(2022, 12, 5)),
    )  # fmt: skip
    groups = board(store).groups()
    assert [(one.duty, one.record, one.due_on) for group in groups for one in group.matters] == [
        ("下次反馈", late.id, late.next_report_on),
        ("复核限期", reviewed.id, reviewed.review_due_on),
    ]
    assert groups[0].matters[0].light.kind == "late"
    reviewed.decided_on = date(2022, 12, 20)
    saved(store, reviewed)
    store.void(type(late), late.id, "重复")
    assert [group.count for group in board(store).groups()] == [0, 0, 0]
