"""Truncated, flipped and scribbled-on ledgers: refused, told by the check, or every number is as it was."""

from __future__ import annotations

from collections import Counter

from tests.torture.runs import LONG, assert_nothing_broke, report, run_seeds

VARIANTS = 10_000 if LONG else 500


def test_a_damaged_ledger_is_refused_or_told_or_its_numbers_are_right() -> None:
    found = run_seeds("damage", VARIANTS)
    outcomes = sum((Counter(one["outcomes"]) for one in found), Counter[str]())
    report(f"damaged ledgers: {dict(outcomes)}")
    assert_nothing_broke("damaged files opened", found, VARIANTS)
    assert min(outcomes[kind] for kind in ("refused", "reported", "equal")) >= VARIANTS // 20
