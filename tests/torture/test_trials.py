"""The program is killed, or its disk fails, at any write: what was confirmed is there, and nothing is half done."""

from __future__ import annotations

import pytest

from tests.torture.deeds import DEEDS
from tests.torture.runs import LONG, assert_nothing_broke, preloaded, run_trials

HONEST = [deed for deed in DEEDS if deed != "boast"]


def test_nothing_confirmed_is_lost_and_nothing_half_done_when_the_program_is_killed() -> None:
    found = run_trials("kill", HONEST, 0 if LONG else 26)
    assert_nothing_broke("killed with kill -9", found, 2_000 if LONG and preloaded() else 200)


@pytest.mark.skipif(not preloaded(), reason="no C compiler: writes cannot be made to fail")
def test_a_disk_that_fails_at_any_write_costs_nothing_that_was_confirmed() -> None:
    found = run_trials("disk", HONEST, 0 if LONG else 7)
    assert_nothing_broke("a write failed (I/O error, disk full)", found, 4_000 if LONG else 56)


def test_the_trials_notice_a_program_that_confirms_too_early() -> None:
    (found,) = run_trials("kill", ["boast"], 30)
    assert any("steps were confirmed" in words for words in found["broken"])
