"""编号核查表: every number of a series accounted for, the reasons of those missing, and what is out of order."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db.errors import Refused
from db.record import Record
from db.registers.normative_document import NormativeDocument
from db.registers.outgoing import Outgoing
from db.rules import secrecy
from db.rules.numbering import MissingNumbers
from db.store.numbers import LONGEST_REASON, explain
from db.store.store import Store
from db.summaries.document import Note, Table
from db.summaries.numbers import Series, numbers, series_of
from tests.db.office import Clock, norm, outgoing, saved

NOW = datetime(2022, 12, 30, 10)


def issued(store: Store, sequence: int, day: date = date(2022, 12, 26), **values: object) -> Outgoing:
    """A document with a given number of the series 蓝政办发."""
    number = f"蓝政办发〔{values.pop('year', day.year)}〕{sequence}号"
    record = outgoing(number=number, title=f"关于{sequence}的通知", signed_on=day, doc_on=day, printed_on=day, **values)
    return saved(store, record)


def only(store: Store, register: type[Record] = Outgoing, year: int = 2022) -> Series:
    """The one series of a register and year."""
    (series,) = series_of(store, register, year)
    return series


def tables(store: Store, year: int = 2022, now: datetime = NOW) -> dict[str, list[list[str]]]:
    """The rows of each part by its heading."""
    return {
        part.heading: [[cell.text for cell in row] for row in part.blocks[0].rows]
        for part in numbers(store, Outgoing, year, now).parts
        if isinstance(part.blocks[0], Table)
    }


def test_every_number_up_to_the_highest_is_used_void_kept_or_missing(store: Store) -> None:
    for sequence in (1, 2, 5, 9):
        issued(store, sequence)
    void = issued(store, 6)
    store.void(Outgoing, void.id, "文种有误")
    saved(store, Outgoing(series="蓝政办发", security=secrecy.RESERVED, doc_on=date(2022, 12, 27)))
    series = only(store)
    assert (series.used, len(series.void), len(series.reserved), series.missing) == (4, 1, 1, 4)
    assert series.used + len(series.void) + len(series.reserved) + series.missing == series.highest == 10
    assert [gap.text for gap in series.gaps] == [
        "蓝政办发〔2022〕3号至蓝政办发〔2022〕4号", "蓝政办发〔2022〕7号至蓝政办发〔2022〕8号",
    ]  # fmt: skip


def test_the_summary_has_a_row_for_each_series_and_each_gap(store: Store) -> None:
    issued(store, 2)
    issued(store, 3)
    saved(store, outgoing(series="蓝政发", title="另一系列的通知"))
    found = tables(store)
    assert found["一、各系列编号"] == [
        ["蓝政办发", "3", "2", "0", "0", "1", "1", "0", "0"], ["蓝政发", "1", "1", "0", "0", "0", "0", "0", "0"],
    ]  # fmt: skip
    assert found["二、缺号和原因（1个）"] == [["蓝政办发〔2022〕1号", "1", "未说明", "", ""]]
    assert found["三、作废的编号（0个）"] == []


def test_a_number_in_the_recycle_bin_stays_taken_and_is_told_with_who_when_and_how(store: Store, clock: Clock) -> None:
    first = issued(store, 1)
    created = store.history(Outgoing, first.id)[0].change
    issued(store, 2)
    clock.tick(60)
    store.user = "王堃"
    store.undo(created)
    found = tables(store)
    assert found["一、各系列编号"] == [["蓝政办发", "2", "1", "0", "1", "0", "0", "0", "0"]]
    assert found["二、缺号和原因（0个）"] == []
    assert found["六、已删除而号仍占用的编号（1个）"] == [
        [first.number, first.title, "2022-12-30 10:01", "王堃", "撤销：登记发文"]
    ]
    store.restore(Outgoing, first.id)
    assert only(store).used == 2
    assert store.load(Outgoing, first.id).number == first.number


def test_the_reason_of_a_gap_is_kept_printed_changed_and_undone(store: Store, clock: Clock) -> None:
    issued(store, 4)
    (gap,) = only(store).gaps
    explain(store, gap, " 停发，\n不再用 ")
    assert tables(store)["二、缺号和原因（3个）"] == [
        ["蓝政办发〔2022〕1号至蓝政办发〔2022〕3号", "3", "停发， 不再用", store.user, "2022-12-30"]
    ]
    assert only(store).unexplained == 0
    clock.tick()
    (gap,) = only(store).gaps
    explain(store, gap, "领导不同意印发")
    assert only(store).gaps[0].reason == "领导不同意印发"
    store.undo()
    assert only(store).gaps[0].reason == "停发， 不再用"
    clock.tick()
    explain(store, gap, "")
    assert only(store).unexplained == 3


def test_a_reason_stays_with_the_numbers_that_are_still_missing(store: Store, clock: Clock) -> None:
    issued(store, 4)
    (gap,) = only(store).gaps
    explain(store, gap, "停发")
    clock.tick()
    issued(store, 2)
    assert [(gap.first, gap.last, gap.reason) for gap in only(store).gaps] == [(1, 1, "停发"), (3, 3, "停发")]
    clock.tick()
    explain(store, only(store).gaps[1], "误编")
    assert [gap.reason for gap in only(store).gaps] == ["停发", "误编"]
    issued(store, 6)
    assert [(gap.first, gap.last, gap.reason) for gap in only(store).gaps] == [
        (1, 1, "停发"), (3, 3, "误编"), (5, 5, ""),
    ]  # fmt: skip


def test_what_cannot_be_a_reason_is_refused_in_words(store: Store) -> None:
    issued(store, 4)
    (gap,) = only(store).gaps
    with pytest.raises(Refused, match="请写明缺号原因"):
        explain(store, gap, "  ")
    with pytest.raises(Refused, match="缺号原因太长：101字，最多100字；没有保存"):
        explain(store, gap, "停" * (LONGEST_REASON + 1))
    issued(store, 2)
    with pytest.raises(Refused, match="蓝政办发〔2022〕2号已经用了，不再是缺号"):
        explain(store, gap, "停发")
    assert only(store).unexplained == 2


def test_a_number_whose_day_lies_before_that_of_the_number_before_it_is_listed(store: Store) -> None:
    issued(store, 1, date(2022, 3, 1))
    issued(store, 2, date(2022, 2, 1))
    issued(store, 3, date(2022, 2, 2))
    void = issued(store, 4, date(2022, 1, 1))
    store.void(Outgoing, void.id, "误编")
    assert [(late.sequence, early.sequence) for late, early in only(store).disordered] == [(2, 1)]
    assert tables(store)["四、编号靠后而日期靠前（1处）"] == [
        ["蓝政办发〔2022〕2号", "2022-02-01", "关于2的通知", "蓝政办发〔2022〕1号", "2022-03-01"]
    ]


def test_a_number_of_another_year_than_its_day_is_listed_and_an_open_series_of_last_year_is_warned_of(
    store: Store, clock: Clock
) -> None:
    clock.go(date(2023, 3, 1))
    issued(store, 1, date(2022, 12, 30))
    issued(store, 2, date(2023, 1, 31), year=2022)
    assert [one.sequence for one in only(store).other_year] == [2]
    assert only(store).too_late == ()
    issued(store, 3, date(2023, 2, 1), year=2022)
    made = numbers(store, Outgoing, 2022, datetime(2023, 3, 1, 10))
    notes = [block.text for block in made.parts[0].blocks if isinstance(block, Note)]
    assert notes[1:] == [
        (
            "蓝政办发：2022年的系列到2023年1月31日以后还在编号（1件，最晚蓝政办发〔2022〕3号，2023-02-01）；"
            "应当封存，改用新一年的系列。"
        )
    ]
    assert [part.heading for part in made.parts][4] == "五、编号年份与日期年份不同（2件）"


def test_a_series_without_a_name_is_written_in_its_own_form_and_runs_by_its_own_date(store: Store) -> None:
    saved(store, norm(number="LSDR—2022—00003"))
    early = date(2022, 7, 26)
    saved(store, norm(title="乙", number="LSDR—2022—00004", published_on=early, registered_on=early, filed_on=None,
                      filing_result=""))  # fmt: skip
    series = only(store, NormativeDocument)
    assert series.name == ""
    assert [gap.text for gap in series.gaps] == ["LSDR—2022—00001至LSDR—2022—00002"]
    assert series.disordered == ()  # by registration, not by publication


def test_a_huge_number_makes_one_gap_and_not_a_long_list(store: Store) -> None:
    issued(store, 1)
    issued(store, 99_999)
    (gap,) = only(store).gaps
    assert (gap.first, gap.last, only(store).missing) == (2, 99_998, 99_997)


def test_every_numbered_register_has_its_check_and_an_empty_year_says_so(store: Store) -> None:
    for register in store.catalogue:
        if register.NUMBERING:
            made = numbers(store, register, 2022, NOW)
            assert made.title == f"{register.TITLE}编号核查表"
            assert all(block.rows == () for part in made.parts for block in part.blocks if isinstance(block, Table))


def test_a_register_without_numbers_has_no_check(store: Store) -> None:
    bare = type("Bare", (Outgoing,), {"NUMBERING": None, "__module__": __name__})
    with pytest.raises(Refused, match="发文不编号，没有编号核查表"):
        series_of(store, bare, 2022)


def test_a_cell_of_a_gap_leads_to_its_reason(store: Store) -> None:
    issued(store, 2)
    table = numbers(store, Outgoing, 2022, NOW).parts[1].blocks[0]
    assert isinstance(table, Table)
    gap = MissingNumbers("outgoing", "蓝政办发", 2022, 1, 1, "蓝政办发〔2022〕1号")
    assert [cell.source for cell in table.rows[0]] == [gap, None, gap, None, None]
