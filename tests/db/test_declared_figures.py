"""Each kind of figure that a register may declare, over two registers made for these tests and rows counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import peewee as pw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import catalogue as catalogue_module
from db.catalogue import BadRegister, Catalogue
from db.figures import Figures, Period, Value, shares
from db.record import (
    Count,
    DateField,
    DecimalField,
    Line,
    LineField,
    Mean,
    Median,
    NumberField,
    Rate,
    Record,
    Shares,
    Sum,
)  # fmt: skip
from db.rules.workdays import Day, Workdays
from db.store.store import Store
from db.summaries.wording import number

YEAR, DECEMBER = Period.year(2022), Period.month(2022, 12)
ALWAYS = Period(date(2000, 1, 1), date(2100, 1, 1))


class Sitting(Line):
    """One sitting of the court."""

    TITLE, COLUMNS = "开庭", ("on", "leader")
    owner = pw.DeferredForeignKey("Dispute", on_delete="CASCADE")
    on = DateField("日期")
    leader = LineField("负责人")
    minutes = NumberField("时长", unit="分")
    answered_on = DateField("答复")


class Dispute(Record):
    """A case of law."""

    TITLE, BUSINESS_DATE, LINES = "案件", "came_on", (Sitting,)
    came_on = DateField("收案")
    answered_on = DateField("答复")
    closed_on = DateField("结案")
    title = LineField("案由")
    verdict = LineField("结果")
    cost = DecimalField("费用", unit="万元")

    _all = Count("dispute", "案件", "收案日期在期内的案件。")
    FIGURES = (
        _all,
        Count("dispute_by", "案件（按结果）", "案件按结果分列。", by="verdict"),
        Count("dispute_open", "在办", "期末未结的案件。", until="closed_on"),
        Count("dispute_units", "案由", "不同的案由。", distinct="title"),
        Sum("dispute_cost", "费用", "费用之和。", unit="万元", field="cost"),
        Sum("dispute_cost_by", "费用（按结果）", "费用按结果分列。", unit="万元", field="cost", by="verdict"),
        Sum("sitting_minutes", "开庭时长", "各次开庭时长之和。", unit="分", of=Sitting, on="on", field="minutes"),
        Count("sitting_by", "开庭（按负责人）", "开庭按负责人分列。", of=Sitting, on="on", by="leader"),
        Rate("sitting_rate", "出庭率", "负责人出庭的开庭÷开庭。",
             part=Count("sitting_led", "出庭", "负责人出庭的开庭。", of=Sitting, on="on", where=Sitting.leader != ""),
             base=Count("sitting", "开庭", "开庭日期在期内的开庭。", of=Sitting, on="on")),
        Rate("sitting_per_case", "开庭的案件占比", "败诉案件的开庭÷全部案件。",
             part=Count("sitting_lost", "败诉案件开庭", "败诉案件的开庭。", of=Sitting, where=verdict == "败诉"),
             base=_all),
        Shares("verdict", "结果占比", "各结果占案件的比。", of=_all, by="verdict", values=("胜诉", "败诉", "和解")),
        Mean("dispute_days", "平均用时", "收案到结案。", of=_all, start="came_on", end="closed_on"),
        Median("dispute_median", "用时中位数", "收案到结案。", of=_all, start="came_on", end="closed_on"),
        Mean("sitting_days", "开庭后答复用时", "开庭到答复。", start="on", end="answered_on",
             of=Count("sittings", "开庭", "收案在期内的。", of=Sitting)),
        Count("dispute_raw", "胜诉或败诉", "胜诉或败诉的。", where=pw.SQL("verdict = '胜诉' OR verdict = '败诉'")),
        Count("undone", "被撤销", "被撤销的。", where=verdict == "撤销", on="closed_on", adds=True, nil="未发生"),
    )  # fmt: skip


class Bylaw(Record):
    """A rule that ends one day."""

    TITLE, BUSINESS_DATE = "规定", "issued_on"
    issued_on = DateField("印发")
    valid_until = DateField("有效期至")
    ended_on = DateField("废止")
    title = LineField("标题")
    FIGURES = (
        Count("bylaw_valid", "现行有效", "期末有效的。", until="valid_until"),
        Count("bylaw_expiring", "即将到期", "期末后180日内到期的。", on="valid_until", ahead=180, until="ended_on"),
        Count("undone", "被撤销", "被撤销的。", where=ended_on.is_null(False), on="ended_on", adds=True, nil="未发生"),
    )


CASES: tuple[tuple[str, str | None, str, str, float | None], ...] = (
    # came, closed, title, verdict, cost
    ("2022-12-01", "2022-12-08", "《征收》", "胜诉", 0.1),
    ("2022-12-05", "2022-12-30", "征收", "败诉", 0.2),
    ("2022-12-31", None, "许可", "", None),
    ("2022-11-30", "2022-12-02", "处罚", "撤销", 0.7),
    ("2021-12-01", "2022-11-30", "公开", "胜诉", 1),
)
SITTINGS: tuple[tuple[int, str, str, int, str | None], ...] = (
    # case, on, leader, minutes, answered
    (1, "2022-12-06", "王堃", 60, "2022-12-07"),
    (1, "2023-01-06", "", 30, None),
    (2, "2022-12-20", "", 90, "2022-12-23"),
    (4, "2022-12-01", "李喆", 45, "2022-12-02"),
)
BYLAWS: tuple[tuple[str, str | None, str | None], ...] = (
    # issued, valid until, ended
    ("2020-06-01", "2022-12-31", None),
    ("2020-06-01", "2023-01-01", None),
    ("2020-06-01", "2023-06-29", None),
    ("2020-06-01", "2023-06-30", None),
    ("2020-06-01", "2023-02-01", "2022-12-15"),
    ("2020-06-01", "2023-02-01", "2023-01-15"),
    ("2023-01-02", "2023-05-01", None),
    ("2022-12-31", None, None),
)


@pytest.fixture
def figures(store: Store) -> Figures:
    """The figures of both registers over the rows above, one of each register void and one deleted besides."""
    models: tuple[Any, ...] = (Dispute, Sitting, Bylaw)
    for model in models:
        model.create_table()
    listed: dict[Any, list[dict[str, Any]]] = {
        Dispute: [
            {"came_on": came, "closed_on": closed, "title": title, "verdict": verdict, "cost": cost, "listed_on": came}
            for came, closed, title, verdict, cost in CASES
        ],
        Bylaw: [
            {"issued_on": issued, "valid_until": until, "ended_on": ended, "listed_on": issued}
            for issued, until, ended in BYLAWS
        ],
    }
    for model, rows in listed.items():
        gone = [rows[0] | {"voided_on": date(2022, 12, 31)}, rows[0] | {"deleted_at": "2022-12-31"}]
        for row in rows + gone:
            model.insert(**row).execute()
    for owner, on, leader, minutes, answered in SITTINGS:
        Sitting.insert(owner=owner, on=on, leader=leader, minutes=minutes, answered_on=answered).execute()
    Sitting.insert(owner=len(CASES) + 1, on="2022-12-06", leader="废", minutes=1, answered_on="2022-12-07").execute()
    return Figures(store.connection, Catalogue((Dispute, Bylaw)), store.rules.days)


EXPECTED: list[tuple[str, Period, int | Decimal | None]] = [
    ("dispute", DECEMBER, 3),
    ("dispute_by", DECEMBER, 3),
    ("dispute_open", DECEMBER, 1),
    ("dispute_open", Period.month(2022, 11), 1),
    ("dispute_units", DECEMBER, 2),
    ("dispute_units", YEAR, 3),
    ("dispute_cost", DECEMBER, Decimal("0.3")),
    ("dispute_cost", YEAR, Decimal("1.0")),
    ("sitting_minutes", DECEMBER, 195),
    ("sitting", DECEMBER, 3),
    ("sitting_rate", DECEMBER, Decimal(200) / 3),
    ("sitting_per_case", DECEMBER, Decimal(100) / 3),
    ("dispute_days", DECEMBER, Decimal(12)),
    ("dispute_median", YEAR, Decimal(5)),
    ("dispute_median", DECEMBER, Decimal(12)),
    ("sitting_days", DECEMBER, Decimal(2)),
    ("undone", DECEMBER, 2),
    ("undone", YEAR, 2),
    ("undone", Period.year(2023), 1),
    ("undone", Period.year(2019), 0),
    ("dispute_raw", DECEMBER, 2),
    ("bylaw_valid", YEAR, 6),
    ("bylaw_valid", Period(date(2022, 12, 31), date(2023, 1, 1)), 6),
    ("bylaw_expiring", YEAR, 3),
    ("bylaw_expiring", DECEMBER, 3),
    ("dispute_days", Period.year(2019), None),
    ("verdict", Period.year(2019), None),
]


def test_each_kind_of_figure_is_what_counting_by_hand_gives(figures: Figures) -> None:
    assert [(key, period, figures.value(key, period).value) for key, period, _value in EXPECTED] == EXPECTED


def test_many_periods_at_once_give_what_each_gives_alone(figures: Figures) -> None:
    periods = [YEAR, DECEMBER, Period.month(2022, 11), ALWAYS, Period(date(2022, 12, 6), date(2022, 12, 7))]
    keys = [figure.key for figure in figures]
    assert figures.values(keys, periods) == {
        (key, period): figures.value(key, period) for key in keys for period in periods
    }


def test_each_calendar_counts_its_own_working_days(figures: Figures, store: Store) -> None:
    holidays = Workdays(own=[Day(date(2022, 12, day), is_workday=False) for day in range(1, 32)])
    resting = Figures(store.connection, Catalogue((Dispute, Bylaw)), holidays)
    assert resting.value("dispute_days", DECEMBER) == Value(Decimal(0), 2)
    assert figures.value("dispute_days", DECEMBER) == Value(Decimal(12), 2)
    again = Figures(store.connection, Catalogue((Dispute, Bylaw)), holidays)
    assert again.value("dispute_days", YEAR) == Value(Decimal(0), 3)
    assert again.value("dispute_median", YEAR) == Value(Decimal(0), 3)


def test_a_split_of_a_sum_adds_up_to_it(figures: Figures) -> None:
    assert figures.value("dispute_cost_by", ALWAYS) == Value(
        Decimal("2.0"),
        parts=(("胜诉", Decimal("1.1")), ("撤销", Decimal("0.7")), ("败诉", Decimal("0.2"))),
    )


def test_a_split_of_lines_is_by_a_field_of_the_lines(figures: Figures) -> None:
    assert figures.value("sitting_by", DECEMBER).parts == (("李喆", 1), ("王堃", 1), ("（空）", 1))


def test_each_value_of_a_split_is_a_figure_with_its_own_rows(figures: Figures) -> None:
    for label, count in figures.value("dispute_by", YEAR).parts:
        assert figures.value(f"dispute_by_{label}", YEAR) == Value(count)
        assert len(figures.rows(f"dispute_by_{label}", YEAR)) == count
    assert figures.rows("dispute_by_（空）", YEAR) == [3]
    assert figures["dispute_by_胜诉"].label == "案件（按结果）：胜诉"
    assert figures.rows("sitting_by_王堃", YEAR) == [1]
    for key in ("dispute_x", "bylaw_valid_x", "undone_x"):
        with pytest.raises(KeyError):
            figures.value(key, YEAR)


def test_shares_add_up_to_a_hundred_and_each_opens_its_rows(figures: Figures) -> None:
    value = figures.value("verdict", ALWAYS)
    assert value == Value(
        Decimal("100.0"), 5,
        (("胜诉", Decimal("40.0")), ("败诉", Decimal("20.0")), ("和解", Decimal("0.0")), ("撤销", Decimal("20.0")),
         ("（空）", Decimal("20.0"))),
    )  # fmt: skip
    assert figures.value("verdict_胜诉", DECEMBER) == Value(Decimal("33.4"), 3)
    assert figures.value("verdict_败诉", DECEMBER) == Value(Decimal("33.3"), 3)
    assert figures.value("verdict_和解", DECEMBER) == Value(Decimal(0), 3)
    assert figures.value("verdict_和解", Period.year(2019)) == Value(None, 0)
    assert figures.rows("verdict_败诉", ALWAYS) == [2]
    assert figures.rows("verdict", DECEMBER) == [3, 2, 1]


def test_a_figure_of_several_registers_is_their_sum_and_opens_the_rows_of_each(figures: Figures) -> None:
    assert figures.registers_of("undone") == (Dispute, Bylaw)
    assert figures.rows("undone", YEAR) == [4]
    assert figures.rows("undone", YEAR, Bylaw) == [5]
    assert figures.all_rows("undone", YEAR) == [("dispute", 4), ("bylaw", 5)]
    assert [figure.key for figure in figures].count("undone") == 1


def test_a_zero_that_has_a_word_is_printed_as_the_word(figures: Figures) -> None:
    nil = figures["undone"]
    assert isinstance(nil, Count)
    assert number(figures.value("undone", Period.year(2019)), nil.nil) == "未发生"
    assert number(figures.value("undone", YEAR), nil.nil) == "2"
    assert number(figures.value("dispute", Period.year(2019))) == "0"


def test_what_expires_is_counted_from_the_day_after_the_period_for_so_many_days(figures: Figures) -> None:
    assert figures.rows("bylaw_expiring", YEAR) == [6, 3, 2]
    assert Period.year(2022).end.toordinal() + 180 == date(2023, 6, 30).toordinal()


def test_the_start_of_a_period_does_not_matter_to_a_stock(figures: Figures) -> None:
    for key in ("dispute_open", "bylaw_valid", "bylaw_expiring"):
        for end in (date(2022, 12, 1), date(2023, 1, 1), date(2023, 3, 1)):
            found = [figures.value(key, Period(start, end)) for start in (date(2000, 1, 1), date(2022, 11, 30))]
            assert found[0] == found[1]
            assert found[0].value == len(figures.rows(key, Period(date(2022, 11, 30), end)))


@given(st.dictionaries(st.sampled_from("甲乙丙丁戊己庚"), st.integers(0, 5_000)))
def test_shares_are_rounded_so_that_they_add_up(counts: dict[str, int]) -> None:
    found = shares(counts)
    assert sum(found.values()) == (100 if sum(counts.values()) else 0)
    for name, share in found.items():
        assert abs(share - Decimal(counts[name]) * 100 / sum(counts.values())) < Decimal("0.1")


def test_what_is_missing_goes_to_the_largest_remainder() -> None:
    assert shares({"甲": 1, "乙": 1, "丙": 1}) == {"甲": Decimal("33.4"), "乙": Decimal("33.3"), "丙": Decimal("33.3")}
    assert shares({"甲": 2, "乙": 2, "丙": 3}) == {"甲": Decimal("28.6"), "乙": Decimal("28.6"), "丙": Decimal("42.8")}
    assert shares({"甲": 1, "乙": 6}, places=0) == {"甲": Decimal(14), "乙": Decimal(86)}


BAD: list[tuple[Callable[[], tuple[Any, ...]], str]] = [
    (lambda: (Count("x", "", "", of=type("Other", (Sitting,), {})),), "counts Other, which is not among its LINES"),
    (lambda: (Count("x", "", "", of=Sitting, by="leade"),), "FIGURES x names unknown fields ['leade']"),
    (lambda: (Sum("x", "", "", of=Sitting, field="hours"),), "FIGURES x names unknown fields ['hours']"),
    (lambda: (Shares("x", "", "", of=Dispute.FIGURES[0], by="clas"),), "FIGURES x names unknown fields ['clas']"),
    (lambda: (Median("x", "", "", Dispute.FIGURES[0], "came_on", "y_on"),), "FIGURES x names unknown fields ['y_on']"),
    (lambda: (Count("x", "", "", distinct="titel"),), "FIGURES x names unknown fields ['titel']"),
    (lambda: (Count("x", "", "", ahead=180),), "FIGURES x looks ahead without a date `on`"),
    (lambda: (Count("x", "", "", by="title", distinct="title"),), "x is distinct and split or added up at once"),
    (lambda: (Count("x", "", "", by="title", adds=True),), "x adds to other registers and is split or distinct"),
]  # fmt: skip


@pytest.mark.parametrize(("figures", "words"), BAD, ids=[words for _figures, words in BAD])
def test_a_figure_that_cannot_be_is_refused(figures: Callable[[], tuple[Any, ...]], words: str) -> None:
    register = type("Dispute2", (Dispute,), {"__module__": __name__, "FIGURES": figures()})
    with pytest.raises(BadRegister) as refusal:
        catalogue_module.check(register)
    assert words in str(refusal.value)


def test_registers_share_a_key_only_when_both_add_up_under_one_label() -> None:
    catalogue_module.check_figures(Catalogue((Dispute, Bylaw)).figures())
    for other in (
        Count("undone", "被撤销", "", on="ended_on"),
        Count("undone", "撤销", "", on="ended_on", adds=True),
        Count("undone", "被撤销", "", unit="次", on="ended_on", adds=True),
    ):
        with pytest.raises(BadRegister, match="FIGURES names undone twice"):
            catalogue_module.check_figures([*Catalogue((Dispute,)).figures(), (Bylaw, other)])
    with pytest.raises(BadRegister, match="FIGURES names undone twice"):
        catalogue_module.check_figures([*Catalogue((Bylaw,)).figures(), (Bylaw, Dispute.FIGURES[-1])])
