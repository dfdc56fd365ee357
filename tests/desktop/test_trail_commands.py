"""The check from the command line: the whole ledger, or a page on paper against the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.store.store import Store
from tests.db.office import Clock
from tests.desktop.conftest import CLERK, Run


@pytest.fixture
def code(folder: Path, clock: Clock) -> str:
    """What is printed on a page of the ledger, which is closed again."""
    store = Store.open(folder, CLERK, clock)
    head = store.head()[1]
    store.close()
    return head


def test_a_page_on_paper_proves_the_file(run: Run, code: str) -> None:
    status, said, _ = run("check", "--code", code, "--on", "2022-12-30")
    assert (status, said[:3]) == (0, "相符：")


def test_a_page_of_another_ledger_does_not(run: Run, code: str) -> None:
    status, _, complained = run("check", "--code", code[::-1], "--on", "2022-12-30")
    assert status == 3
    assert complained.startswith("对不上：")


def test_a_day_without_a_code_is_a_wrong_use_and_a_code_without_a_day_is_refused(run: Run, code: str) -> None:
    assert run("check", "--on", "2022-12-30")[0] == 2
    status, _, complained = run("check", "--code", code)
    assert status == 1
    assert "请写上纸上打印的日期" in complained
