"""Why the system refused a file, in the clerk's language."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from db.errors import reason_of

HOUSE = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EROFS, "只读"), (errno.EACCES, "没有权限"), (errno.ENOSPC, "磁盘已满")]
)
def test_a_common_reason_is_told_in_chinese(number: int, words: str) -> None:
    assert reason_of(OSError(number, os.strerror(number))) == words


def test_a_rare_reason_is_told_in_the_systems_own_words() -> None:
    assert reason_of(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert reason_of(OSError("an odd one")) == "an odd one"


def test_no_sentence_is_made_of_the_systems_own_words() -> None:
    sources = [path for package in ("db", "desktop") for path in (HOUSE / package).rglob("*.py")]
    telling = [path.relative_to(HOUSE).as_posix() for path in sources if "strerror" in path.read_text(encoding="utf-8")]
    assert telling == ["db/errors.py"]
