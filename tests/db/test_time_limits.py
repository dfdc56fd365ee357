"""What every register may build on: clocks of which the next one counts, extensions, references in both directions."""

from __future__ import annotations

from datetime import date
from typing import Any

import peewee as pw
import pytest

from db.record import Clock, DateField, Extension, LineField, Record
from db.registers.incoming import Incoming
from db.rules.rulebook import Rulebook
from db.store.store import Store
from tests.db.office import incoming, plan, saved, with_lines


class Prolonged(Extension):
    """An extension of the errand below."""

    owner = pw.DeferredForeignKey("Errand", on_delete="CASCADE")


class Errand(Record):
    """A register for these tests alone: an answer, then a filing."""

    BUSINESS_DATE = "asked_on"
    LINES = (Prolonged,)

    asked_on = DateField("收到")
    answered_on = DateField("答复")
    title = LineField("事由")
    by_hand = False

    def derive(self, rules: Rulebook) -> None:
        """The answer is due 3 working days after the request, the filing on the last day of the year."""
        if not self.by_hand:
            year_end = date(self.asked_on.year, 12, 31) if self.asked_on else None
            self.set_next_due(
                rules,
                Clock("答复", "incoming.plain", self.asked_on, done_on=self.answered_on, until=self.prolonged_until()),
                Clock("归档", on=year_end),
            )


def followed(store: Store, errand: Errand, *lines: Extension) -> Errand:
    """The errand with these extensions after its rules were applied."""
    errand.rows[Prolonged.key()] = list(lines)
    errand.follow(store.rules)
    return errand


def said(store: Store, errand: Errand) -> list[str]:
    """What is wrong with the extensions."""
    return [problem.text for problem in errand.problems(store.rules) if problem.field == Prolonged.key()]


def longer(**values: Any) -> Prolonged:
    """An approved extension to the last day of 2022."""
    sound: dict[str, Any] = {
        "asked_on": date(2022, 9, 29), "reason": "等上级批复", "until_on": date(2022, 12, 31), "approver": "王堃",
        "approved_on": date(2022, 9, 30),
    }  # fmt: skip
    return Prolonged(**(sound | values))


def test_the_earliest_clock_that_runs_sets_the_deadline(store: Store) -> None:
    errand = followed(store, Errand(asked_on=date(2022, 9, 28)))
    assert (errand.due_on, errand.due_basis, errand.due_rule) == (date(2022, 10, 8), "答复", "incoming.plain")


def test_a_clock_that_has_ended_leaves_the_next_one(store: Store) -> None:
    errand = followed(store, Errand(asked_on=date(2022, 9, 28), answered_on=date(2022, 9, 30)))
    assert (errand.due_on, errand.due_basis) == (date(2022, 12, 31), "归档")


def test_a_clock_without_a_start_does_not_run(store: Store) -> None:
    assert followed(store, Errand()).due_on is None


def test_only_a_computed_deadline_may_be_provisional(store: Store) -> None:
    assert followed(store, Errand(asked_on=date(2026, 12, 30))).is_provisional is False  # 31 December comes first
    assert followed(store, Errand(asked_on=date(2027, 3, 1))).is_provisional is True


def test_an_approved_extension_moves_the_deadline_and_keeps_the_first_one(store: Store) -> None:
    errand = followed(store, Errand(asked_on=date(2022, 9, 28)), longer(until_on=date(2022, 10, 20)))
    assert (errand.due_on, errand.first_due_on) == (date(2022, 10, 20), date(2022, 10, 8))
    errand.follow(store.rules)
    assert (errand.due_on, errand.first_due_on) == (date(2022, 10, 20), date(2022, 10, 8))


def test_an_extension_moves_only_the_clock_that_it_belongs_to(store: Store) -> None:
    errand = Errand(asked_on=date(2022, 9, 28), answered_on=date(2022, 10, 19))
    followed(store, errand, longer(until_on=date(2022, 10, 20)))
    assert (errand.due_on, errand.due_basis, errand.first_due_on) == (date(2022, 12, 31), "归档", None)


def test_an_extension_that_is_not_approved_moves_nothing(store: Store) -> None:
    errand = followed(store, Errand(asked_on=date(2022, 9, 28)), longer(approved_on=None))
    assert (errand.due_on, errand.first_due_on) == (date(2022, 10, 8), None)


@pytest.mark.parametrize("by_hand", [False, True])
def test_without_its_extension_a_record_has_its_first_deadline_again(store: Store, by_hand: bool) -> None:
    errand = Errand(asked_on=date(2022, 9, 28), due_on=date(2022, 10, 8))
    errand.by_hand = by_hand
    followed(store, errand, longer(until_on=date(2022, 10, 20)))
    assert (errand.due_on, errand.first_due_on) == (date(2022, 10, 20), date(2022, 10, 8))
    followed(store, errand)
    assert (errand.due_on, errand.first_due_on) == (date(2022, 10, 8), None)


def test_an_extension_is_asked_for_before_the_limit_and_moves_it_ahead(store: Store) -> None:
    late = followed(store, Errand(asked_on=date(2022, 9, 28)), longer(asked_on=date(2022, 10, 9)))
    assert said(store, late) == ["延期申请2022-10-09晚于原定时限2022-10-08：应在到期前提出"]
    back = followed(store, Errand(asked_on=date(2022, 9, 28)), longer(until_on=date(2022, 10, 8)))
    assert said(store, back) == ["延至2022-10-08不晚于原定时限2022-10-08"]
    twice = followed(
        store, Errand(asked_on=date(2022, 9, 28)), longer(until_on=date(2022, 10, 20)),
        longer(asked_on=date(2022, 10, 19), until_on=date(2022, 11, 1)),
    )  # fmt: skip
    assert said(store, twice) == []
    assert (twice.due_on, twice.first_due_on) == (date(2022, 11, 1), date(2022, 10, 8))
    unsigned = followed(store, Errand(asked_on=date(2022, 9, 28)), longer(approver=""))
    assert said(store, unsigned) == ["批准延期要写批准人"]


def test_a_record_knows_who_names_it_by_number(store: Store) -> None:
    first = saved(store, incoming())
    copy = saved(store, incoming(medium="电子公文", from_doc_no="", copy_of=first.number))
    assert first.referrers() == [(Incoming, copy.id)]
    assert copy.referrers() == []
    store.void(Incoming, copy.id, "重复")
    assert first.referrers() == []


def test_a_record_without_a_number_is_named_by_nobody(store: Store) -> None:
    assert with_lines(plan(recurrence_of="")).referrers() == []
