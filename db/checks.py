"""What may be wrong whatever the register: values by the kind of their field, and fields by one another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from db.errors import Kind, Problem
from db.fields import (
    DateField,
    DecimalField,
    DocumentNumberField,
    LineField,
    NumberField,
    ParagraphField,
    TermField,
    TermsField,
    YearField,
)
from db.rules.numbering import mend
from db.rules.rulebook import Rulebook
from db.rules.typed_dates import mend_time

if TYPE_CHECKING:
    from db.tables import Table

FIRST_YEAR, LAST_YEAR = 1949, 2100  # outside of these a year is a slip of the keys


Wrong = Callable[[Any, Rulebook], str]  # (value, rules) -> what is wrong with it, empty when nothing is


@cache
def _checked_fields(table: type[Table]) -> tuple[tuple[str, Wrong, int, str], ...]:
    """(name, check, longest, vocabulary) of those fields whose kind or choices say what may stand in them.

    Sorted out once for a table. `longest` is the most characters of a text of which nothing else is to be checked, -1
    for every other field; of the words of a vocabulary nothing is to be checked.
    """
    kinds = (LineField, NumberField, DecimalField, DateField)
    fields: list[Any] = [field for field in table._meta.sorted_fields if isinstance(field, kinds) or field.choices]
    return tuple(
        (field.name, _check_of(field), field.longest if _is_free(field) else -1, getattr(field, "vocabulary", ""))
        for field in fields
    )


def _is_free(field: Any) -> bool:
    return isinstance(field, LineField) and not isinstance(field, TermField) and not field.choices


@cache
def _written_fields(table: type[Table]) -> tuple[tuple[str, bool, bool, int], ...]:
    """(name, is of several lines, is a time, longest document number to be mended) of a table's texts; 0: no number."""
    return tuple(
        (
            field.name,
            isinstance(field, ParagraphField),
            field.is_time,
            field.longest if isinstance(field, DocumentNumberField) or field.name == "number" else 0,
        )
        for field in table._meta.sorted_fields
        if isinstance(field, LineField)
    )


def fold(row: Table) -> None:
    """Fold what was typed: surrounding blanks, line breaks in one-line fields, document numbers, times of day."""
    values = row.__data__
    for name, is_paragraph, is_time, longest_number in _written_fields(type(row)):
        value = values.get(name)
        if not value:
            continue
        folded = value.strip() if is_paragraph else " ".join(value.split())
        if len(folded) <= longest_number:
            folded = mend(folded)
        elif is_time:
            folded = mend_time(folded)
        if folded != value:
            setattr(row, name, folded)


def malformed(row: Table, rules: Rulebook) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of a record or a line by the kind of each field: too long, no such word, negative."""
    values = row.__data__
    for name, check, longest, vocabulary in _checked_fields(type(row)):
        value = values.get(name)
        if value is None or value == "" or (longest >= 0 and len(value) <= longest):
            continue
        if vocabulary and value in rules.known_words(vocabulary):
            continue
        if wrong := check(value, rules):
            yield name, wrong


def _check_of(field: Any) -> Wrong:
    """What looks at the values of a field, by its kind."""
    label: str = field.verbose_name
    longest: int = getattr(field, "longest", sys.maxsize)

    def term(value: str, rules: Rulebook) -> str:
        known = rules.known_words(field.vocabulary)
        words = value.split("、") if isinstance(field, TermsField) else (value,)
        unknown = [word for word in words if word not in known] if known else []
        return "；".join(f"{label}没有“{word[:20]}”这一项" for word in unknown)

    def choice(value: Any, _rules: Rulebook) -> str:
        is_known = value in (word for word, _label in field.choices)
        return "" if is_known else f"{label}没有“{str(value)[:20]}”这一项"

    def year(value: int, _rules: Rulebook) -> str:
        return "" if FIRST_YEAR <= value <= LAST_YEAR else f"{label}{value}不对"

    def number(value: Any, _rules: Rulebook) -> str:
        if value < 0:
            return f"{label}不能是负数"
        least = getattr(field, "least", 0)  # a decimal has none
        return f"{label}从{least}起，不能是{value}" if value < least else ""

    def day(value: Any, _rules: Rulebook) -> str:
        return "" if FIRST_YEAR <= value.year <= LAST_YEAR else f"{label}的年份{value.year}不对"

    def nothing(_value: Any, _rules: Rulebook) -> str:
        return ""

    kinds: tuple[tuple[bool, Wrong], ...] = (
        (isinstance(field, TermField), term), (bool(field.choices), choice), (isinstance(field, YearField), year),
        (isinstance(field, NumberField | DecimalField), number), (isinstance(field, DateField), day),
    )  # fmt: skip
    check = next((check for is_kind, check in kinds if is_kind), nothing)

    def short(value: Any, rules: Rulebook) -> str:
        if len(value) > longest:
            return f"{label}太长：{len(value):,}字，最多{longest:,}字；没有保存，请删短"
        return check(value, rules)

    return short if isinstance(field, LineField) else check


class Checks:
    """What a register asks of its fields by name; `Record` has it."""

    TWINS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Fields by which an imported row without a number is told to be a record that is there, the surest first."""

    if TYPE_CHECKING:

        @classmethod
        def label(cls, name: str) -> str:
            """The Chinese label of a field."""
            ...

        def filled(self, name: str) -> bool:
            """Whether a field holds anything."""
            ...

    def not_before(self, later: str, earlier: str, kind: str = "must") -> Iterator[Problem]:
        """Yield a problem at `later` when that date lies before the date `earlier`."""
        first, last = getattr(self, earlier), getattr(self, later)
        if first and last and last < first:
            yield Problem(later, f"{self.label(later)}{last}早于{self.label(earlier)}{first}", kind)  # type: ignore[arg-type]

    def at_least(
        self, rules: Rulebook, key: str, later: str, earlier: str, reason: str = "", kind: Kind = "missing"
    ) -> Iterator[Problem]:
        """Yield a problem when `later` comes before the deadline rule `key` has run from `earlier`.

        With `reason`, a field in which the clerk may write why it was shorter, nothing is said once that is filled.
        """
        first, last = getattr(self, earlier), getattr(self, later)
        due, rule = rules.due(key, first), rules.deadlines.rule(key, first)
        if not (due and rule and last and last < due.on):
            return
        words = f"{self.label(later)}{last}早于{due.on}：{rule.label}（{rule.basis}）"
        if not reason:
            yield Problem(later, words, kind)
        elif not self.filled(reason):
            yield Problem(reason, f"{words}，短于此的要写明理由", kind)

    def at_most(self, rules: Rulebook, key: str, later: str, earlier: str, reason: str = "") -> Iterator[Problem]:
        """Note that `later` came after the deadline of the rule `key` from `earlier`, unless `reason` is filled."""
        first, last = getattr(self, earlier), getattr(self, later)
        due, rule = rules.due(key, first), rules.deadlines.rule(key, first)
        if due and rule and last and last > due.on and not (reason and self.filled(reason)):
            yield Problem(later, f"{self.label(later)}{last}晚于{due.on}：{rule.label}（{rule.basis}）", "note")

    def expect(self, because: str, *names: str) -> Iterator[Problem]:
        """Yield that each of these fields is to be filled, if it is not: 已公布的，要写施行日期."""
        for name in names:
            if not self.filled(name):
                yield Problem(name, f"{because}，要写{self.label(name)}", "missing")

    def together(self, one: str, other: str) -> Iterator[Problem]:
        """Yield that one of two fields is empty and the other is not."""
        for name, partner in ((one, other), (other, one)):
            if self.filled(partner) and not self.filled(name):
                yield Problem(name, f"写了{self.label(partner)}，也要写{self.label(name)}", "missing")
