"""Time limits: the vectors of the domain, months, versions of a rule, and how a deadline stands."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import Refused
from db.rules.deadlines import LONGEST, Deadlines, Rule, Unit, add_months, succeed
from db.rules.workdays import Workdays

DAYS = Workdays.from_csv(Path(__file__).parents[2] / "resources" / "holidays" / "days.csv")
any_day = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def rule(quantity: int, unit: Unit, *, rolls: bool = False, **others: date | int | None) -> Rule:
    """A rule with the key "limit"."""
    return Rule("limit", "legal_case", "期限", quantity, unit, rolls, **others)  # type: ignore[arg-type]


def due_on(start: date, quantity: int, unit: Unit, *, rolls: bool = False) -> date:
    """Where one rule leads from a day."""
    due = Deadlines(DAYS, [rule(quantity, unit, rolls=rolls)]).due("limit", start)
    assert due is not None
    return due.on


@pytest.mark.parametrize(
    ("start", "quantity", "unit", "rolls", "end"),
    [
        (date(2026, 9, 24), 10, Unit.WORKING_DAY, False, date(2026, 10, 15)),
        (date(2026, 2, 13), 5, Unit.WORKING_DAY, False, date(2026, 2, 27)),
        (date(2025, 9, 26), 7, Unit.WORKING_DAY, False, date(2025, 10, 13)),
        (date(2026, 9, 16), 15, Unit.CALENDAR_DAY, True, date(2026, 10, 8)),
        (date(2026, 9, 16), 15, Unit.CALENDAR_DAY, False, date(2026, 10, 1)),
        (date(2025, 11, 30), 3, Unit.MONTH, False, date(2026, 2, 28)),
        (date(2026, 3, 31), 6, Unit.MONTH, False, date(2026, 9, 30)),
    ],
)
def test_the_vectors_of_the_domain_hold(start: date, quantity: int, unit: Unit, rolls: bool, end: date) -> None:
    assert due_on(start, quantity, unit, rolls=rolls) == end


def test_a_rolled_deadline_keeps_its_nominal_day() -> None:
    due = Deadlines(DAYS, [rule(15, Unit.CALENDAR_DAY, rolls=True, version=4)]).due("limit", date(2026, 9, 16))
    assert due is not None
    assert (due.nominal, due.on, due.rule, due.version) == (date(2026, 10, 1), date(2026, 10, 8), "limit", 4)


def test_a_month_from_the_end_of_january_ends_with_february() -> None:
    assert due_on(date(2024, 1, 31), 1, Unit.MONTH) == date(2024, 2, 29)
    assert due_on(date(2026, 1, 31), 1, Unit.MONTH) == date(2026, 2, 28)


def test_a_limit_of_no_days_falls_due_on_the_day_itself() -> None:
    assert due_on(date(2026, 10, 3), 0, Unit.WORKING_DAY) == date(2026, 10, 3)


def test_without_a_start_or_a_rule_there_is_no_deadline() -> None:
    deadlines = Deadlines(DAYS, [rule(3, Unit.WORKING_DAY)])
    assert deadlines.due("limit", None) is None
    assert deadlines.due("unknown", date(2026, 1, 5)) is None


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    deadlines = Deadlines(DAYS, [rule(3, Unit.MONTH, valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))])
    held = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [deadlines.due("limit", day) is not None for day in held] == [False, True, True, False]


def test_the_newest_version_in_force_on_the_start_decides() -> None:
    old = rule(15, Unit.CALENDAR_DAY, version=1)
    new = rule(10, Unit.CALENDAR_DAY, version=2, valid_from=date(2026, 7, 1))
    for rules in ([old, new], [new, old]):
        deadlines = Deadlines(DAYS, rules)
        before, since = deadlines.due("limit", date(2026, 6, 30)), deadlines.due("limit", date(2026, 7, 1))
        assert before is not None
        assert since is not None
        assert (before.version, before.on) == (1, date(2026, 7, 15))
        assert (since.version, since.on) == (2, date(2026, 7, 11))


@pytest.mark.parametrize("quantity", [-1, LONGEST + 1])
def test_a_quantity_out_of_reason_is_refused_in_chinese(quantity: int) -> None:
    with pytest.raises(ValueError, match="期限应在 0 到"):
        rule(quantity, Unit.MONTH)


@pytest.mark.parametrize(
    ("start", "quantity", "unit", "rolls", "provisional"),
    [
        (date(2026, 12, 30), 5, Unit.WORKING_DAY, False, True),
        (date(2026, 11, 23), 5, Unit.WORKING_DAY, False, False),
        (date(2003, 12, 30), 5, Unit.WORKING_DAY, False, True),
        (date(2026, 12, 30), 1, Unit.MONTH, False, False),
        (date(2026, 12, 30), 1, Unit.MONTH, True, True),
        (date(2003, 12, 30), 1, Unit.MONTH, True, False),
    ],
)
def test_a_deadline_is_provisional_only_if_it_leans_on_holidays_not_entered(
    start: date, quantity: int, unit: Unit, rolls: bool, provisional: bool
) -> None:
    due = Deadlines(DAYS, [rule(quantity, unit, rolls=rolls)]).due("limit", start)
    assert due is not None
    assert due.provisional is provisional


@pytest.mark.parametrize(
    ("due", "state"),
    [
        (date(2026, 11, 23), ("due", 0)),
        (date(2026, 11, 24), ("soon", 1)),
        (date(2026, 11, 26), ("soon", 3)),
        (date(2026, 11, 27), ("ok", 4)),
        (date(2026, 11, 20), ("late", 1)),
        (date(2026, 11, 16), ("late", 5)),
    ],
)
def test_a_deadline_stands_in_working_days(due: date, state: tuple[str, int]) -> None:
    assert Deadlines(DAYS, ()).state(due, date(2026, 11, 23)) == state


def test_a_deadline_that_passed_on_a_rest_day_is_late_by_one() -> None:
    assert Deadlines(DAYS, ()).state(date(2026, 11, 20), date(2026, 11, 22)) == ("late", 1)


def test_only_the_lateness_of_working_days_counts_over_national_day() -> None:
    assert Deadlines(DAYS, ()).state(date(2026, 9, 30), date(2026, 10, 8)) == ("late", 1)


def test_how_near_is_soon_can_be_chosen() -> None:
    assert Deadlines(DAYS, ()).state(date(2026, 11, 27), date(2026, 11, 23), near=5) == ("soon", 4)


@given(any_day, st.integers(0, 240))
def test_months_keep_the_day_or_end_with_the_month(day: date, count: int) -> None:
    end = add_months(day, count)
    assert (end.year - day.year) * 12 + end.month - day.month == count
    assert end.day == day.day or (end.day < day.day and (end + timedelta(1)).day == 1)


@given(any_day, any_day, st.integers(0, 60), st.sampled_from(Unit), st.booleans())
@settings(deadline=None)
def test_a_later_start_is_never_due_earlier(one: date, other: date, quantity: int, unit: Unit, rolls: bool) -> None:
    first, second = sorted((one, other))
    assert due_on(first, quantity, unit, rolls=rolls) <= due_on(second, quantity, unit, rolls=rolls)


@given(any_day, st.integers(0, 60), st.sampled_from((Unit.CALENDAR_DAY, Unit.MONTH)))
@settings(deadline=None)
def test_a_rolled_deadline_is_a_working_day_and_never_earlier(start: date, quantity: int, unit: Unit) -> None:
    rolled = due_on(start, quantity, unit, rolls=True)
    assert DAYS.is_workday(rolled)
    assert DAYS.between(due_on(start, quantity, unit), rolled) <= 1


@given(any_day, any_day, st.integers(0, 30))
@settings(deadline=None)
def test_the_state_follows_the_order_of_the_days(due: date, today: date, near: int) -> None:
    state, count = Deadlines(DAYS, ()).state(due, today, near)
    assert (state == "late") == (due < today)
    assert (state == "due") == (due == today) == (count == 0)
    assert state != "soon" or count <= near
    assert state != "ok" or count > near


def versions() -> list[Rule]:
    """Two versions of a rule, the second since 2025."""
    return [
        rule(3, Unit.WORKING_DAY, valid_to=date(2024, 12, 31)),
        rule(5, Unit.WORKING_DAY, version=2, valid_from=date(2025, 1, 1)),
    ]


def test_a_changed_rule_is_a_new_version_and_the_old_one_is_closed_the_day_before() -> None:
    closed, new = succeed(versions(), rule(7, Unit.CALENDAR_DAY, valid_from=date(2026, 3, 1)))
    assert (closed.version, closed.quantity, closed.valid_to) == (2, 5, date(2026, 2, 28))
    assert (new.version, new.quantity, new.valid_from, new.valid_to) == (3, 7, date(2026, 3, 1), None)
    rules = Deadlines(DAYS, [versions()[0], closed, new])
    starts = (date(2024, 6, 3), date(2026, 2, 28), date(2026, 3, 1))
    assert [found.version for start in starts if (found := rules.rule("limit", start))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("start", "end", "field", "said"),
    [
        (None, None, "valid_from", "请填写从哪一天起施行"),
        (date(2025, 1, 1), None, "valid_from", "第2版自2025-01-01起施行，新一版要晚于这一天；刚改错的请先撤销"),
        (date(2024, 1, 1), None, "valid_from", "第2版自2025-01-01起施行，新一版要晚于这一天；刚改错的请先撤销"),
        (date(2026, 3, 1), date(2026, 2, 1), "valid_to", "施行到2026-02-01，早于起始的2026-03-01"),
    ],
)
def test_a_version_that_overlaps_another_is_refused_at_its_field(
    start: date | None, end: date | None, field: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        succeed(versions(), rule(7, Unit.WORKING_DAY, valid_from=start, valid_to=end))
    assert [(problem.field, problem.text) for problem in refused.value.problems] == [(field, said)]


def test_a_version_beside_an_older_one_that_never_ended_is_refused() -> None:
    known = [rule(3, Unit.WORKING_DAY), rule(5, Unit.WORKING_DAY, version=2, valid_from=date(2025, 1, 1))]
    with pytest.raises(Refused, match="重叠"):
        succeed(known, rule(7, Unit.WORKING_DAY, valid_from=date(2026, 3, 1)))


@pytest.mark.parametrize(("quantity", "unit"), [(121, Unit.MONTH), (-1, Unit.MONTH), (LONGEST + 1, Unit.CALENDAR_DAY)])
def test_a_quantity_beyond_reason_is_refused(quantity: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match="期限应在 0 到"):
        rule(quantity, unit)


@pytest.mark.parametrize(
    ("end", "quantity", "unit", "day"),
    [
        (date(2027, 8, 31), 6, Unit.MONTH, date(2027, 2, 28)),
        (date(2023, 6, 30), 1, Unit.MONTH, date(2023, 5, 30)),
        (date(2023, 1, 5), 15, Unit.CALENDAR_DAY, date(2022, 12, 21)),
        (date(2022, 10, 10), 5, Unit.WORKING_DAY, date(2022, 9, 28)),  # 8 and 9 October were worked
    ],
)
def test_a_rule_also_counts_back_from_an_end(end: date, quantity: int, unit: Unit, day: date) -> None:
    deadlines = Deadlines(DAYS, [rule(quantity, unit)])
    assert deadlines.before("limit", end) == day
    assert deadlines.before("limit", None) is None
    assert deadlines.before("other", end) is None
