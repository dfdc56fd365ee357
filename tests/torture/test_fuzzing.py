"""Whatever is typed or pasted is read or refused in a sentence: few inputs here, a million by `make torture`."""

from __future__ import annotations

from tests.torture.runs import LONG, assert_nothing_broke, run_seeds

INPUTS = 1_000_000 if LONG else 6_000


def test_whatever_is_typed_or_pasted_is_read_or_refused_in_a_sentence() -> None:
    assert_nothing_broke("inputs of dates, numbers, notices, templates, sheets", run_seeds("fuzzing", INPUTS), INPUTS)
