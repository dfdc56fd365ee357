"""What a register's rules may look at beside the record: today, the calendar, the office's words and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from db.rules.deadlines import Deadlines, Due
from db.rules.lights import Clock, Light, light
from db.rules.workdays import Workdays


@dataclass(frozen=True)
class Term:
    """A word of a vocabulary; `group` is the class that figures count by, `series` the prefix that numbers take."""

    word: str
    group: str = ""
    series: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Rulebook:
    """The rules in force on one day; pure values, made by the store from the office's tables."""

    today: date
    deadlines: Deadlines
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict[str, tuple[Term, ...]])
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    unit_levels: Mapping[str, str] = field(default_factory=dict[str, str])
    locked_months: frozenset[str] = frozenset()

    @property
    def days(self) -> Workdays:
        """The calendar of working days."""
        return self.deadlines.days

    @property
    def near(self) -> int:
        """From how many working days left a deadline counts as close."""
        return self._number("near_days", 3)

    @property
    def far(self) -> int:
        """Up to how many working days left are told by their number; of what is due later the day is told."""
        return self._number("far_days", 60)

    def light(self, clock: Clock) -> Light:
        """The light of a record today."""
        return light(clock, self.today, self.deadlines, self.near, self.far)

    def _number(self, name: str, otherwise: int) -> int:
        """A setting that is a number; `otherwise` when nothing or no number was set."""
        setting = self.setting(name)
        return int(setting) if setting.isdigit() else otherwise

    def words(self, vocabulary: str) -> tuple[str, ...]:
        """The words that a vocabulary offers, in the office's order; empty when there is no such vocabulary."""
        return tuple(term.word for term in self.terms.get(vocabulary, ()) if term.is_active)

    def known_words(self, vocabulary: str) -> frozenset[str]:
        """The words that a record may hold: those offered, and those that older records still carry."""
        return self._known.get(vocabulary, frozenset())

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {vocabulary: frozenset(term.word for term in terms) for vocabulary, terms in self.terms.items()}

    def term(self, vocabulary: str, word: str) -> Term:
        """A word with its group and series; a bare `Term` when the vocabulary does not hold it."""
        return self._terms.get((vocabulary, word)) or Term(word)

    @cached_property
    def _terms(self) -> dict[tuple[str, str], Term]:
        named = ((vocabulary, term) for vocabulary, terms in self.terms.items() for term in reversed(terms))
        return {(vocabulary, term.word): term for vocabulary, term in named}

    def level_of(self, unit: str) -> str:
        """The level (来文级别) of a unit of the directory by any of its names; empty when it is not listed."""
        return self.unit_levels.get(unit, "")

    def due(self, key: str, start: date | None) -> Due | None:
        """The deadline that the rule `key` sets from `start`; None without a start or a valid rule."""
        return self.deadlines.due(key, start)

    def before(self, key: str, end: date | None) -> date | None:
        """The day that lies the time of the rule `key` before `end`; None without an end or a valid rule."""
        return self.deadlines.before(key, end)

    def is_locked(self, day: date) -> bool:
        """Whether the month of a day is locked: its page was signed."""
        return bool(self.locked_months) and month_key(day) in self.locked_months

    def setting(self, key: str) -> str:
        """A setting of the office; empty when it is not set."""
        return self.settings.get(key, "")


def month_key(day: date) -> str:
    """The month of a day as it is kept: 2022-12."""
    return day.isoformat()[:7]
