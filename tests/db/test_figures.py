"""Every declared figure against a computation by hand over the same records; periods, rounding, rows behind a value."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.catalogue import Catalogue, counts_of
from db.figures import Figures, Period, Value, rounded
from db.record import Count, Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import Measure, RectificationPlan
from db.registers.study_session import Attendance, StudyItem, StudySession
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, plan, saved, study

BY_HAND = (Incoming, Outgoing, StudySession, RectificationPlan)  # the other registers' figures have tests of their own
FIRST, LAST = date(2021, 10, 1), date(2022, 12, 31)
EDGES = [
    date(2022, 1, 1),
    date(2021, 12, 31),
    date(2022, 12, 1),
    date(2022, 11, 30),
    date(2022, 12, 31),
    date(2022, 2, 28),
]
ITEMS = ("《宪法》", "宪法", "《民法典》", "《行政处罚法》", "《监察法》")
ABOVE, BELOW = ("中央", "省", "市"), ("县直部门", "乡镇（街道）", "园区", "垂直管理单位", "其他下级")
PERIODS = [
    Period.year(2022), Period.year(2021), Period.month(2022, 12), Period.month(2022, 11), Period.month(2021, 12),
    Period(date(2022, 1, 1), date(2022, 12, 1)), Period(date(2022, 2, 15), date(2022, 8, 16)),
    Period(date(2022, 12, 31), date(2023, 1, 1)),
]  # fmt: skip


def a_day(rng: random.Random) -> date:
    """A day of the office's fifteen months, often one at the edge of a month."""
    return rng.choice(EDGES) if rng.random() < 0.2 else FIRST + timedelta(rng.randrange((LAST - FIRST).days + 1))


def a_paper(rng: random.Random, at: int) -> Record:
    """Some paper received."""
    day, kind = a_day(rng), rng.choice(("请示", "报告", "函", "通知", "电话记录"))
    values: dict[str, Any] = {
        "kind": kind, "received_on": day, "from_doc_on": None, "from_doc_no": f"塔政〔2022〕{at + 1}号",
        "source_level": rng.choice((*ABOVE, *BELOW, "县人大", "群众来信")),
        "medium": rng.choice(("纸质公文", "电子公文", "明传电报", "电话", "传真")),
        "copy_of": rng.choice(("", "", "", "", "下〔2022〕1号")),
    }  # fmt: skip
    finished = day + timedelta(rng.randrange(30))
    if rng.random() < 0.6:
        values |= {"finished_on": finished, "result": "批复"}
    elif rng.random() < 0.3:
        values |= {"finished_on": finished, "return_reasons": "越级"}
    return incoming(**values)


def a_document(rng: random.Random, at: int) -> Record:
    """Some document sent out, or still a draft."""
    day = a_day(rng)
    dates = {"signed_on": day, "doc_on": day, "printed_on": rng.choice((None, day, day + timedelta(2)))}
    kind = rng.choice(("通知", "函", "电报", "会议通知", "批复"))
    drafted = rng.choice((None, day - timedelta(rng.randrange(9))))
    return outgoing(
        title=f"关于第{at}项的{kind}", kind=kind, series=rng.choice(("蓝政发", "蓝政办发")), drafted_on=drafted,
        publicity=rng.choice(("主动公开", "依申请公开")), **dates,
    )  # fmt: skip


def a_session(rng: random.Random, at: int) -> Record:
    """Some session, often held, with repeated items and absences."""
    states = ("出席", "出席", "出席", "请假（公务）", "缺席", "列席")
    day = a_day(rng)
    lines: list[Any] = [StudyItem(title=title) for title in rng.sample(ITEMS, rng.randint(1, 3))]
    for number in range(rng.randrange(6)):
        state = rng.choice(states)
        made_up = day + timedelta(9) if state not in {"出席", "列席"} and rng.random() < 0.5 else None
        lines.append(Attendance(person=f"第{number}位", status=state, made_up_on=made_up))
    form = rng.choice(("集体学习研讨", "专题讲座、集体学习研讨", "个人自学"))
    return study(
        *lines, held_on=day, form=form, is_law_study=rng.random() < 0.7, series=rng.choice(("支部学习", "机关集体学法"))
    )


def a_plan(rng: random.Random, at: int) -> Record:
    """Some problem, with a time limit or lasting, open or closed."""
    day = a_day(rng)
    if rng.random() < 0.3:
        kind = {"rect_kind": "长期坚持", "review_cycle": "每年"}
    else:
        kind = {"due_on": day + timedelta(rng.randrange(200))}
    finished = day + timedelta(rng.randrange(120))
    done = {"self_finished_on": finished} if rng.random() < 0.5 else {}
    if done and rng.random() < 0.6:
        done |= {"reviewer": "王堃", "reviewed_on": finished, "closed_on": finished + timedelta(rng.randrange(40))}
    return plan(Measure(text="一"), title=f"问题{at}", found_on=day, **kind, **done)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, empty_ledger: Path) -> Path:
    """A ledger with records of every register over fifteen months, some void, some undone, made once."""
    folder = tmp_path_factory.mktemp("figures")
    shutil.copy(empty_ledger, folder / LEDGER)
    clock, rng = Clock(), random.Random(15)
    store = Store.open(folder, "李喆", clock)
    for make, count in ((a_paper, 260), (a_document, 120), (a_session, 60), (a_plan, 60)):
        with store.change("导入") as change:
            for at in range(count):
                change.save(make(rng, at))
    for register in BY_HAND:
        for number in rng.sample(range(1, 60), 5):
            clock.tick()
            store.void(register, number, "重复")
    saved(store, incoming())
    store.undo()
    store.close()
    return folder / LEDGER


@pytest.fixture
def office(tmp_path: Path, filled: Path, clock: Clock) -> Iterator[Store]:
    """The filled ledger, open."""
    shutil.copy(filled, tmp_path / LEDGER)
    store = Store.open(tmp_path, "李喆", clock)
    yield store
    store.close()


def figures_of(store: Store) -> Figures:
    """The figures of a ledger."""
    return Figures(store.connection, store.catalogue, store.rules.days)


def keys_of(store: Store) -> list[str]:
    """The keys of the figures counted by hand here, and of the parts and bases of rates."""
    declared = [figure for register, figure in store.catalogue.figures() if register in BY_HAND]
    return list(dict.fromkeys(one.key for figure in declared for one in (figure, *counts_of(figure))))


class Hand:
    """The same figures counted one record after another, from the words of their definitions."""

    def __init__(self, store: Store, period: Period) -> None:
        self.store, self.period = store, period
        live = {register: self._live(register) for register in BY_HAND}
        self.papers = [row for row in live[Incoming] if self.inside(row.received_on)]
        self.due_papers = [row for row in live[Incoming] if self.inside(row.due_on)]
        self.sent = [
            row for row in live[Outgoing]
            if self.inside(row.doc_on) and row.printed_on and row.kind not in {"电报", "会议通知"}
        ]  # fmt: skip
        self.held = [row for row in live[StudySession] if self.inside(row.held_on) and row.rows["attendance"]]
        self.plans: list[Any] = live[RectificationPlan]

    def _live(self, register: type[Record]) -> list[Any]:
        rows = [self.store.load(register, row.id) for row in register.select(register.id)]
        return [row for row in rows if not row.voided_on and not row.deleted_at]

    def inside(self, day: date | None) -> bool:
        return day is not None and self.period.start <= day < self.period.end

    def once(self, *tests: Callable[[Any], bool]) -> int:
        return sum(not row.copy_of and all(test(row) for test in tests) for row in self.papers)

    def rate(self, part: int, base: int) -> Decimal | None:
        return Decimal(part) * 100 / base if base else None

    def mean(self, spans: Sequence[tuple[date, date]]) -> Decimal | None:
        days = [self.store.rules.days.between(*span) for span in spans]
        return Decimal(sum(days)) / len(days) if days else None

    def median(self, spans: Sequence[tuple[date, date]]) -> Decimal | None:
        days = [self.store.rules.days.between(*span) for span in spans]
        return Decimal(median(days)) if days else None

    def stock(self, *tests: Callable[[Any], bool], on: str = "found_on") -> int:
        end = self.period.end
        return sum(
            (getattr(row, on) or end) < end
            and (not row.closed_on or row.closed_on >= end)
            and all(t(row) for t in tests)
            for row in self.plans
        )

    def values(self) -> dict[str, Any]:
        """Every figure by its key."""
        mine = [row for row in self.papers if not row.copy_of and row.handling == "办件"]
        due = [row for row in self.due_papers if not row.copy_of and row.handling == "办件"]
        absent = [a for row in self.held for a in row.rows["attendance"] if a.status not in {"出席", "列席"}]
        dated = [row for row in self.plans if row.rect_kind != "长期坚持" and self.inside(row.due_on)]
        return {
            "out_total": len(self.sent),
            "out_by_series": len(self.sent),
            "out_by_kind": len(self.sent),
            "out_public": (public := sum(row.publicity == "主动公开" for row in self.sent)),
            "out_public_rate": self.rate(public, len(self.sent)),
            "out_avg_wd": self.mean([(row.drafted_on, row.printed_on) for row in self.sent if row.drafted_on]),
            "in_below_reqrep": self.once(is_below, lambda row: row.kind in {"请示", "报告"}),
            "in_below_request": self.once(is_below, lambda row: row.kind == "请示"),
            "in_below_report": self.once(is_below, lambda row: row.kind == "报告"),
            "in_above": self.once(is_above),
            "in_above_documents": self.once(is_above, lambda row: row.medium in {"纸质公文", "电子公文", "传真"}),
            "in_above_telegrams": self.once(is_above, lambda row: row.medium == "明传电报"),
            "in_above_calls": self.once(is_above, lambda row: row.medium == "电话"),
            "in_dup_linked": sum(bool(row.copy_of) for row in self.papers),
            "in_returned": self.once(lambda row: bool(row.return_reasons)),
            "in_mine": len(mine),
            "in_done": (done := sum(bool(row.finished_on) for row in mine)),
            "in_done_rate": self.rate(done, len(mine)),
            "in_finished": done,
            "in_avg_wd": self.mean([(row.received_on, row.finished_on) for row in mine if row.finished_on]),
            "in_median_wd": self.median([(row.received_on, row.finished_on) for row in mine if row.finished_on]),
            "in_due": len(due),
            "in_ontime": (ontime := sum(bool(row.finished_on) and row.finished_on <= row.due_on for row in due)),
            "in_ontime_rate": self.rate(ontime, len(due)),
            "study_total": len(self.held),
            "study_law": sum(row.is_law_study and "集体" in row.form for row in self.held),
            "study_items": len({item.title.strip("《》") for row in self.held for item in row.rows["study_item"]}),
            "study_present": (present := sum(row.present or 0 for row in self.held)),
            "study_expected": (expected := sum(row.expected or 0 for row in self.held)),
            "study_attend_rate": self.rate(present, expected),
            "study_absent": len(absent),
            "study_made_up": (made_up := sum(bool(row.made_up_on) for row in absent)),
            "study_makeup_rate": self.rate(made_up, len(absent)),
            "issue_total": sum(self.inside(row.found_on) for row in self.plans),
            "issue_closed": sum(self.inside(row.closed_on) for row in self.plans),
            "issue_open": self.stock(lambda row: row.rect_kind != "长期坚持"),
            "issue_overdue": self.stock(lambda row: row.rect_kind != "长期坚持", on="due_on"),
            "issue_longterm": self.stock(lambda row: row.rect_kind == "长期坚持"),
            "issue_due": len(dated),
            "issue_done": (finished := sum(bool(row.self_finished_on or row.closed_on) for row in dated)),
            "issue_done_rate": self.rate(finished, len(dated)),
        }


def is_above(row: Any) -> bool:
    """Whether a paper comes from above."""
    return row.source_level in ABOVE


def is_below(row: Any) -> bool:
    """Whether a paper comes from below."""
    return row.source_level in BELOW


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_every_figure_is_what_counting_by_hand_gives(office: Store, period: Period) -> None:
    figures, by_hand = figures_of(office), Hand(office, period).values()
    assert set(by_hand) == set(keys_of(office))
    values = figures.values(by_hand, [period])
    assert {key: values[key, period].value for key in by_hand} == by_hand


def test_many_periods_at_once_give_what_each_gives_alone(office: Store) -> None:
    figures = figures_of(office)
    keys = keys_of(office)
    together = figures.values(keys, PERIODS)
    assert together == {(key, period): figures.value(key, period) for key in keys for period in PERIODS}
    months = [Period.month(2022, month) for month in range(1, 13)]
    for key in ("out_total", "in_above", "in_below_reqrep", "study_total", "issue_total", "in_due"):
        by_month = [value.value or 0 for value in figures.values([key], months).values()]
        assert sum(by_month) == figures.value(key, Period.year(2022)).value


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_a_count_has_as_many_rows_behind_it_as_it_says(office: Store, period: Period) -> None:
    figures = figures_of(office)
    days: dict[str, dict[int, date]] = {}
    for register in office.catalogue:
        rows: list[Any] = list(register.select(register.id, register.listed_on))
        days[register.key()] = {row.id: row.listed_on for row in rows}
    for key in keys_of(office):
        figure, rows = figures[key], figures.rows(key, period)
        assert len(rows) == len(set(rows))
        if type(figure) is Count and figure.of is None:
            assert len(rows) == figures.value(key, period).value, key
        listed = [days[figures.register_of(key).key()][number] for number in rows]
        assert listed == sorted(listed, reverse=True)


def test_the_rows_behind_a_count_of_lines_are_the_records_that_hold_them(office: Store) -> None:
    by_hand = Hand(office, Period.year(2022))
    rows = figures_of(office).rows("study_absent", Period.year(2022))
    missed = {"请假（公务）", "缺席"}
    assert set(rows) == {row.id for row in by_hand.held if any(a.status in missed for a in row.rows["attendance"])}


def test_the_parts_of_a_split_add_up_to_the_whole(office: Store) -> None:
    figures, by_hand = figures_of(office), Hand(office, Period.year(2022))
    whole = figures.value("out_total", Period.year(2022)).value
    for key, name in (("out_by_series", "series"), ("out_by_kind", "kind")):
        parts = figures.value(key, Period.year(2022)).parts
        assert dict(parts) == Counter(getattr(row, name) for row in by_hand.sent)
        assert sum(count for _name, count in parts) == whole
        assert [count for _name, count in parts] == sorted((count for _name, count in parts), reverse=True)


def test_a_rate_says_its_base_and_an_empty_base_gives_no_value(office: Store) -> None:
    figures = figures_of(office)
    assert figures.value("in_done_rate", Period.year(2022)).base == figures.value("in_mine", Period.year(2022)).value
    for key in (
        "in_done_rate",
        "in_ontime_rate",
        "in_avg_wd",
        "out_public_rate",
        "study_attend_rate",
        "issue_done_rate",
    ):
        assert figures.value(key, Period.year(2019)) == Value(None, 0)
    assert figures.value("in_above", Period.year(2019)) == Value(0)


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2022, 11, 30), False), (date(2022, 12, 1), True), (date(2022, 12, 31), True), (date(2023, 1, 1), False)],
)
def test_a_month_holds_its_first_and_its_last_day(store: Store, day: date, inside: bool) -> None:
    saved(store, outgoing(doc_on=day, signed_on=day, printed_on=day))
    saved(store, incoming(received_on=day, from_doc_on=None))
    saved(store, study(held_on=day))
    saved(store, plan(found_on=day))
    figures, month = figures_of(store), Period.month(2022, 12)
    for key in ("out_total", "in_below_reqrep", "study_total", "issue_total"):
        assert figures.value(key, month).value == figures.value(key, Period(month.start, month.end)).value == inside


def test_the_stock_is_that_at_the_end_of_the_period(store: Store) -> None:
    closed = {"self_finished_on": date(2022, 11, 30), "reviewer": "王堃", "reviewed_on": date(2022, 11, 30)}
    saved(store, plan(found_on=date(2022, 10, 31), closed_on=date(2022, 12, 1), **closed))
    figures = figures_of(store)
    open_in = [figures.value("issue_open", Period.month(2022, month)).value for month in (9, 10, 11, 12)]
    assert open_in == [0, 1, 1, 0]
    closed_in = [figures.value("issue_closed", Period.month(2022, month)).value for month in (10, 11, 12)]
    assert closed_in == [0, 0, 1]


def test_a_figure_that_nobody_declares_is_unknown(office: Store, catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        figures_of(office).value("out_nothing", Period.year(2022))
    keys = [figure.key for _register, figure in catalogue.figures() if not getattr(figure, "adds", False)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("2022", date(2022, 1, 1), date(2023, 1, 1)), ("2022-12", date(2022, 12, 1), date(2023, 1, 1)),
     ("2022-02", date(2022, 2, 1), date(2022, 3, 1))],
)  # fmt: skip
def test_a_period_is_read_and_written(text: str, start: date, end: date) -> None:
    assert Period.parse(text) == Period(start, end)
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["", "22", "2022-13", "2022-00", "2022-", "去年", "2022-1-1"])
def test_a_period_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="看不懂期间"):
        Period.parse(text)


@given(st.integers(-10_000, 10_000))
def test_halves_are_rounded_away_from_zero(halves: int) -> None:
    value = Decimal(halves) / 20
    up = rounded(abs(value))
    assert rounded(value) == (up if value >= 0 else -up)
    assert abs(up - abs(value)) <= Decimal("0.05")
    assert rounded(Decimal("12.25")) == Decimal("12.3")
    assert rounded(Decimal("12.5"), 0) == 13
