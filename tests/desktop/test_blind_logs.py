"""What an office has entered stands in no log and in no details that a clerk may send, whatever goes wrong with it."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.store.private import close_to_others
from desktop.errors import BlindFormatter, blind, details, start_log, trace

SECRET, DIGITS, WORD = "绝不外传的标题", "430000199001011234", "marker-of-a-record"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The file that the program logs to."""
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    start_log(tmp_path)
    yield tmp_path / "fazhi-ledger.log"
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def in_number(text: str) -> None:
    """A text where a number belongs."""
    int(text)


def in_key(text: str) -> None:
    """A name that nobody knows."""
    json.loads("{}")[text]


def in_file(text: str) -> None:
    """A file of that name."""
    Path("/nowhere", text).read_bytes()


def in_statement(text: str) -> None:
    """A column of that name."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f'SELECT * FROM "{text}"')


def in_cause(text: str) -> None:
    """An error about another error."""
    try:
        in_number(text)
    except ValueError as error:
        raise RuntimeError(f"{text} was refused") from error


def in_context(text: str) -> None:
    """An error while another was looked at."""
    try:
        in_key(text)
    except KeyError:
        in_number(text)


@pytest.mark.logs("defect")
@pytest.mark.parametrize("fail", [in_number, in_key, in_file, in_statement, in_cause, in_context])
def test_an_error_about_a_record_is_logged_without_the_record(log: Path, fail: Callable[[str], None]) -> None:
    try:
        fail(f"{SECRET}{DIGITS}{WORD}")
    except Exception as error:
        logging.getLogger("desktop").error("defect", exc_info=error)  # noqa: TRY400  as the net does
        told = details(error)
    logged = log.read_text(encoding="utf-8")
    assert fail.__name__ in logged
    assert fail.__name__ in told
    for marker in (SECRET, DIGITS, WORD):
        assert marker not in logged
        assert marker not in told


@pytest.mark.logs("qt")
def test_a_message_of_qt_that_quotes_a_record_is_logged_without_it(log: Path) -> None:
    logging.getLogger("qt").warning("%s", f"QText: cannot show {SECRET} {DIGITS}")
    assert "QText: cannot show" in log.read_text(encoding="utf-8")
    assert SECRET not in log.read_text(encoding="utf-8")
    assert DIGITS not in log.read_text(encoding="utf-8")


def test_what_others_log_of_the_same_error_keeps_its_words() -> None:
    try:
        in_number(WORD)
    except ValueError as error:
        record = logging.LogRecord("desktop", logging.ERROR, "", 1, "defect", None, (type(error), error, None))
    assert WORD not in BlindFormatter().format(record)
    assert WORD in logging.Formatter().format(record)


def test_an_error_that_is_its_own_cause_ends() -> None:
    error = ValueError(WORD)
    error.__cause__ = KeyError(WORD)
    error.__cause__.__cause__ = error
    assert trace(error).count("Traceback") == 2
    assert blind("stage 3 of 12345") == "stage 3 of 12345"


def test_the_folder_of_the_logs_is_the_users_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    close_to_others(tmp_path)
    assert tmp_path.stat().st_mode & 0o077 == 0
