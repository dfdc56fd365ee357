"""The days of a procedure of law, counted back from the meeting that decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from db.rules.workdays import Workdays


@dataclass(frozen=True)
class Course:
    """One procedure; every day is a working day, least days are kept (713号令第15、26条; 国办发〔2018〕115号)."""

    started_on: date
    drafted_on: date
    public_from: date
    public_to: date
    expert_on: date
    risk_on: date
    legal_sent_on: date
    legal_done_on: date
    decided_on: date


def course(days: Workdays, decided_on: date, name: str) -> Course:
    """The procedure that ends with a meeting; the same days for the same meeting and name."""
    rng = Random(f"{decided_on} {name}")
    legal_done = days.before(decided_on, rng.randint(3, 7))
    legal_sent = days.before(legal_done, rng.randint(8, 13))
    risk = days.before(legal_sent, rng.randint(2, 5))
    expert = days.before(risk, rng.randint(2, 6))
    public_to = days.before(expert, rng.randint(2, 5))
    public_from = days.before(public_to - timedelta(rng.randint(30, 33)), 1)
    drafted = days.before(public_from, rng.randint(3, 8))
    return Course(days.before(drafted, rng.randint(10, 25)), drafted, public_from, public_to, expert, risk, legal_sent,
                  legal_done, decided_on)  # fmt: skip


def meeting_day(days: Workdays, year: int, month_and_day: str) -> date:
    """The working day on or after MM-DD on which the 常务会议 sits."""
    month, day = map(int, month_and_day.split("-"))
    return days.next_workday(date(year, month, day))


def meeting_number(day: date) -> str:
    """Two meetings a month are counted through the year."""
    return f"{day.year}年第{day.month * 2 - (day.day <= 15)}次"
