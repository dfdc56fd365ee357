"""Conditions, orders and groups of a list against a plain scan of the demo year in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import peewee as pw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.fields import NumberField
from db.record import FlagField, Record
from db.registers.incoming import Incoming
from db.registers.major_decision import MajorDecision
from db.registers.normative_document import NormativeDocument
from db.registers.proposal import Proposal
from db.rules.stretches import NAMES, is_name, stretch
from db.rules.workdays import Workdays
from db.store import tallies
from db.store.budget import TooLong, within
from db.store.condition_words import said
from db.store.conditions import LIGHT, LIGHTS, Condition, is_day, is_joined, is_one_of
from db.store.search import Filter, Listing
from db.store.store import Store
from db.store.years import live_count, years
from tests.db.demo_year import rows_of
from tests.db.office import saved

REGISTERS = (Incoming, Proposal, MajorDecision, NormativeDocument)


def listing(store: Store, register: type[Record], wanted: Filter) -> Listing:
    """The records of a register under a filter, as the store's clerk sees them."""
    number, rules = store.register_numbers[register.key()], store.rules
    return Listing(store.connection, register, number, wanted, rules.today, rules.days, rules.near, store.user)


def stored(record: Record, name: str) -> Any:
    """The plain value of a field; a day as text."""
    value = getattr(record, name)
    return value.isoformat() if isinstance(value, date) else value


def holds(store: Store, record: Any, condition: Condition) -> bool:
    """What `db.store.conditions` says, said once more in Python."""
    if condition.name == LIGHT:
        return any(LIGHT_HOLDS[kind](record, store) for kind in condition.values) is not condition.negated
    value, values = stored(record, condition.name), condition.values
    kind = type(record)._meta.fields[condition.name]
    blank = value in (None, "")
    if condition.test == "blank":
        found = blank
    elif condition.test == "mine":
        found = value == store.user
    elif condition.test == "holds":
        found = any(one.lower() in value.lower() for one in values)
    elif condition.test == "when":
        first, last = stretch(values[0], store.rules.today, store.rules.days)
        found = not blank and first.isoformat() <= value[:10] <= last.isoformat()
    elif condition.test == "span" and is_day(kind):
        found = not blank and (values[0] or "0") <= value[:10] <= (values[1] or "9")
    elif condition.test == "span":
        low, high = (float(end) if end else None for end in values)
        found = not blank and (low is None or value >= low) and (high is None or value <= high)
    elif blank:
        found = "" in values
    elif is_day(kind):
        found = any(value.startswith(one) for one in values if one)
    elif is_joined(kind):
        found = not set(value.split("、")).isdisjoint(values)
    else:
        found = plain(value) in values
    return found is not condition.negated


LIGHT_HOLDS: dict[str, Callable[[Any, Store], bool]] = {
    "late": lambda row, store: bool(row.is_open and row.due_on and row.due_on < store.rules.today),
    "due": lambda row, store: bool(row.is_open and row.due_on == store.rules.today),
    "soon": lambda row, store: bool(
        row.is_open and row.due_on and store.rules.today < row.due_on <= store.rules.days.after(store.rules.today, 3)
    ),
    "open": lambda row, store: bool(row.is_open),
    "todo": lambda row, store: row.missing > 0 and row.voided_on is None,
    "done": lambda row, store: not row.is_open and row.voided_on is None,
    "void": lambda row, store: row.voided_on is not None,
}


@cache
def names_of(register: type[Record]) -> list[str]:
    """The fields that a clerk knows by a label."""
    return [field.name for field in register._meta.sorted_fields if field.verbose_name]


def plain(value: Any) -> str:
    """A value as conditions name it."""
    return str(int(value) if isinstance(value, bool) else value)


class Rows(list[Any]):
    """Records of one register, with what stands in each field of them, looked up once."""

    def __init__(self, records: Iterable[Any]) -> None:
        super().__init__(records)
        self.occurring = cache(self._occurring)
        self.filled = cache(lambda name: [value for value in self.occurring(name) if value not in (None, "")])

    def _occurring(self, name: str) -> list[Any]:
        return [stored(row, name) for row in self]


@st.composite
def conditions(  # noqa: PLR0911  one for each kind of test
    draw: st.DrawFn, register: type[Record], rows: Rows
) -> Condition:
    """Any condition that the kind of a field allows, mostly with values that occur."""
    name = draw(st.sampled_from([LIGHT, *names_of(register)]))
    negated = draw(st.booleans())
    if name == LIGHT:
        return Condition(LIGHT, "is", tuple(draw(st.lists(st.sampled_from(LIGHTS), min_size=1, max_size=3))), negated)
    kind = register._meta.fields[name]
    picks: st.SearchStrategy[Any] = st.sampled_from(rows.occurring(name) or [""])
    filled = st.sampled_from(rows.filled(name) or ["2022-05-05"])
    if is_day(kind):
        tests = ("is", "span", "when", "blank")
    elif isinstance(kind, pw.TextField):
        tests = ("is", "holds", "blank", "mine")
    else:
        tests = ("is", "blank") if isinstance(kind, FlagField) else ("is", "span", "blank")
    test = draw(st.sampled_from(tests))
    if test in ("blank", "mine"):
        return Condition(name, test, (), negated)
    if test == "when":
        return Condition(name, test, (draw(st.sampled_from(NAMES)),), negated)
    if test == "span":
        ends = [str(draw(st.one_of(st.just(""), filled)))[:10] for _end in range(2)]
        return Condition(name, test, tuple(ends), negated)
    if test == "holds":
        text = draw(filled)
        start = draw(st.integers(0, max(len(str(text)) - 1, 0)))
        return Condition(name, test, (str(text)[start : start + draw(st.integers(1, 4))].lower(),), negated)
    picked = ["" if one is None else one for one in draw(st.lists(picks, min_size=1, max_size=3))]
    if is_day(kind):
        return Condition(name, "is", tuple(str(one)[: draw(st.sampled_from((4, 7, 10)))] for one in picked), negated)
    if is_joined(kind):
        return Condition(name, "is", tuple(str(one).split("、")[0] for one in picked), negated)
    return Condition(name, "is", tuple(map(plain, picked)), negated)


@pytest.fixture
def rows(demo: Store) -> dict[type[Record], Rows]:
    """Every live record of some registers."""
    return {register: Rows(rows_of(register, register.deleted_at.is_null())) for register in REGISTERS}


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_conditions_list_what_a_plain_scan_finds(
    demo: Store, rows: dict[type[Record], Rows], data: st.DataObject
) -> None:
    register = data.draw(st.sampled_from(REGISTERS))
    wanted = Filter(
        year=data.draw(st.sampled_from((None, 2022))),
        conditions=tuple(data.draw(st.lists(conditions(register, rows[register]), min_size=1, max_size=3))),
        text=data.draw(st.sampled_from(("", "", "关于"))),
    )
    expected = {
        row.id for row in rows[register]
        if all(holds(demo, row, one) for one in wanted.conditions) and (not wanted.year or year_of(row) == wanted.year)
    }  # fmt: skip
    found = listing(demo, register, wanted)
    if wanted.text:
        expected &= set(listing(demo, register, Filter(text=wanted.text)).ids())
    assert set(found.ids()) == expected
    assert found.count() == len(expected)
    assert all(said(register, one) for one in wanted.conditions)


def year_of(row: Any) -> int:
    """The year under which a list shows a record."""
    return row.year if isinstance(row, MajorDecision) else row.listed_on.year


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_grouping_keeps_the_records_and_puts_what_is_empty_last(
    demo: Store, rows: dict[type[Record], Rows], data: st.DataObject
) -> None:
    register = data.draw(st.sampled_from(REGISTERS))
    order = data.draw(st.sampled_from([name for name in names_of(register) if name not in ("number", "due_on")]))
    group = data.draw(st.sampled_from(("", *names_of(register))))
    by_id = {row.id: row for row in rows[register]}
    wanted = listing(demo, register, Filter(order=order, group=group, descending=data.draw(st.booleans())))
    ids = wanted.ids()
    assert sorted(ids) == sorted(by_id)
    if not group and order not in (register.BUSINESS_DATE, "created_at"):
        empty = [stored(by_id[number], order) in (None, "") for number in ids]
        assert empty == sorted(empty)
    if group:
        found = tallies.groups(wanted)
        assert len({one.value for one in found}) == len(found)
        at = 0
        for one in found:
            members = [by_id[number] for number in ids[at : at + one.count]]
            at += one.count
            assert {group_value(member, group) for member in members} == {one.value}
            assert one.late == sum(LIGHT_HOLDS["late"](member, demo) for member in members)
        assert at == len(ids)


def group_value(row: Any, name: str) -> str:
    """The value under which a record is grouped."""
    value = stored(row, name)
    if value is None:
        return ""
    if is_day(type(row)._meta.fields[name]):
        return value[:7]
    return plain(value)


def test_the_values_of_a_column_are_counted_under_the_other_conditions(demo: Store) -> None:
    done = is_one_of("stage", "done")
    wanted = listing(demo, Incoming, Filter(conditions=(done, is_one_of("from_unit", "没有的单位"))))
    counted = tallies.tally(wanted, "from_unit", 1_000)
    rows = rows_of(Incoming, Incoming.deleted_at.is_null(), Incoming.stage == "done")
    expected = Counter(row.from_unit for row in rows)
    assert dict(counted.values) == expected
    assert counted.whole
    assert [count for _value, count in counted.values] == sorted(expected.values(), reverse=True)
    some = tallies.tally(wanted, "from_unit", 3)
    assert len(some.values) == 3
    assert not some.whole
    word = next(iter(expected))[-3:]
    assert {value for value, _count in tallies.tally(wanted, "from_unit", 1_000, word).values} == {
        value for value in expected if word in value
    }


def test_joined_words_days_and_lights_are_counted_as_they_are_chosen(demo: Store) -> None:
    every = listing(demo, MajorDecision, Filter())
    rows = list(rows_of(MajorDecision, MajorDecision.deleted_at.is_null()))
    words = Counter(word for row in rows for word in row.consulted_units.split("、"))
    assert dict(tallies.tally(every, "consulted_units", 1_000).values) == words
    months = Counter(row.proposed_on.isoformat()[:7] for row in rows)
    assert dict(tallies.tally(every, "proposed_on", 1_000).values) == months
    assert dict(tallies.tally(every, LIGHT, 10).values)["todo"] == sum(LIGHT_HOLDS["todo"](row, demo) for row in rows)


def test_a_register_by_catalogue_lists_a_record_under_the_year_of_its_catalogue(store: Store) -> None:
    for proposed, catalogue in ((2021, 2022), (2022, 2022), (2020, 2020)):
        record = MajorDecision(title="重大事项", proposed_on=date(proposed, 11, 20), catalogue_year=catalogue)
        saved(store, record)
    rows = list(rows_of(MajorDecision))
    assert years(store.connection, MajorDecision) == [2022, 2020]
    for year, count in ((2022, 2), (2021, 0), (2020, 1)):
        assert listing(store, MajorDecision, Filter(year=year)).count() == count
        assert live_count(store.connection, MajorDecision, year) == count
        assert sum(row.year == year for row in rows) == count


def test_words_of_a_column_stand_in_the_offices_order_and_names_by_their_sound(demo: Store) -> None:
    rows = {row.id: row for row in rows_of(Incoming)}
    ids = listing(demo, Incoming, Filter(order="source_level", descending=False)).ids()
    levels = [rows[number].source_level for number in ids]
    order = list(demo.rules.words("source_level"))
    assert [order.index(level) for level in levels if level] == sorted(order.index(level) for level in levels if level)
    names = [
        rows[number].handler for number in listing(demo, Incoming, Filter(order="handler", descending=False)).ids()
    ]
    filled = [name for name in names if name]
    assert filled == sorted(filled, key=lambda name: name.encode("gb18030"))
    assert names == filled + [""] * (len(names) - len(filled))


def test_a_reading_that_needs_more_steps_than_it_was_given_is_given_up(demo: Store) -> None:
    wanted = listing(demo, MajorDecision, Filter(order="remarks"))
    with pytest.raises(TooLong):
        within(demo.connection, wanted.ids, steps=100)
    assert len(within(demo.connection, wanted.ids)) == wanted.count()


DAYS = Workdays()
WEDNESDAY = date(2024, 2, 28)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("今天", "2024-02-28", "2024-02-28"),
        ("昨天", "2024-02-27", "2024-02-27"),
        ("明天", "2024-02-29", "2024-02-29"),
        ("本周", "2024-02-26", "2024-03-03"),
        ("上周", "2024-02-19", "2024-02-25"),
        ("下周", "2024-03-04", "2024-03-10"),
        ("本月", "2024-02-01", "2024-02-29"),
        ("上月", "2024-01-01", "2024-01-31"),
        ("下月", "2024-03-01", "2024-03-31"),
        ("本季度", "2024-01-01", "2024-03-31"),
        ("上季度", "2023-10-01", "2023-12-31"),
        ("下季度", "2024-04-01", "2024-06-30"),
        ("上半年", "2024-01-01", "2024-06-30"),
        ("下半年", "2024-07-01", "2024-12-31"),
        ("本年", "2024-01-01", "2024-12-31"),
        ("上年", "2023-01-01", "2023-12-31"),
        ("下年", "2025-01-01", "2025-12-31"),
        ("本年至今", "2024-01-01", "2024-02-28"),
        ("上年同期", "2023-01-01", "2023-02-28"),
        ("最近7日", "2024-02-22", "2024-02-28"),
        ("未来7日", "2024-02-28", "2024-03-05"),
        ("未来3个工作日", "2024-02-28", "2024-03-04"),
        ("最近2个工作日", "2024-02-26", "2024-02-28"),
    ],
)
def test_named_stretches_of_days_are_reckoned_from_today(name: str, first: str, last: str) -> None:
    assert tuple(day.isoformat() for day in stretch(name, WEDNESDAY, DAYS)) == (first, last)


def test_the_same_period_of_last_year_ends_on_the_28th_on_a_leap_day() -> None:
    assert stretch("上年同期", date(2024, 2, 29), DAYS)[1] == date(2023, 2, 28)


def every_day() -> Iterator[date]:
    """Each day of two years."""
    day = date(2023, 1, 1)
    while day.year < 2025:
        yield day
        day += timedelta(1)


@pytest.mark.parametrize("name", NAMES)
def test_every_stretch_offered_is_one_on_every_day(name: str) -> None:
    assert is_name(name)
    for day in every_day():
        first, last = stretch(name, day, DAYS)
        assert first <= last


@pytest.mark.parametrize("name", ["", "本旬", "最近0日", "未来个工作日", "最近12345日"])
def test_a_stretch_that_means_nothing_is_refused(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(ValueError, match="没有"):
        stretch(name, WEDNESDAY, DAYS)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (is_one_of("from_unit", "甲局", "乙局"), "来文单位：甲局、乙局"),
        (Condition("from_unit", "is", ("甲", "乙", "丙", "丁")), "来文单位：甲、乙等4项"),
        (Condition("kind", "is", ("请示",), negated=True), "来文种类排除请示"),
        (Condition("title", "holds", ("公路",)), "标题含“公路”"),
        (Condition("title", "holds", ("公路",), negated=True), "标题不含“公路”"),
        (Condition("handler", "blank"), "承办人为空"),
        (Condition("handler", "blank", negated=True), "承办人不为空"),
        (Condition("received_on", "when", ("本周",)), "收文日期：本周"),
        (Condition("received_on", "is", ("2022-12", "2021")), "收文日期：2022年12月、2021年"),
        (Condition("received_on", "span", ("2022-12-01", "")), "收文日期：2022-12-01起"),
        (Condition("copies", "span", ("2", "5")), "份数：2至5"),
        (Condition("created_by", "mine"), "我登记的"),
        (is_one_of("stage", "done"), "办结"),
        (is_one_of(LIGHT, "late", "due"), "逾期、今日到期"),
    ],
)
def test_conditions_are_said_in_the_clerks_words(condition: Condition, words: str) -> None:
    assert said(Incoming, condition) == words


def test_number_fields_are_compared_as_numbers(demo: Store) -> None:
    numbers = [field.name for field in Incoming._meta.sorted_fields if isinstance(field, NumberField)]
    for name in numbers:
        rows = rows_of(Incoming, Incoming.deleted_at.is_null(), getattr(Incoming, name) >= 10)
        assert sorted(listing(demo, Incoming, Filter(conditions=(Condition(name, "span", ("10", "")),))).ids()) == [
            row.id for row in rows
        ]
