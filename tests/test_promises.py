"""What help and README promise: each test that they name is there, and the program holds no way to a network."""

from __future__ import annotations

import re

from tests.test_house import HOUSE, PROGRAM, name_of, source

PAGES = (HOUSE / "README.md", HOUSE / "resources" / "help" / "promises.md")
NETWORK = {"urllib", "http", "httpx", "ftplib", "smtplib", "create_connection", "QNetworkAccessManager",
           "QTcpSocket", "QUdpSocket", "QSslSocket"}  # fmt: skip


def test_every_test_that_a_promise_names_is_there() -> None:
    there = {path.stem for path in (HOUSE / "tests").rglob("test_*.py")}
    for page in PAGES:
        named = set(re.findall(r"\btest_\w+", page.read_text(encoding="utf-8")))
        assert len(named) > 8
        assert named <= there


def test_nothing_in_the_program_reaches_a_network() -> None:
    found = {name_of(path): source(path).words & NETWORK for path in PROGRAM}
    assert {name: used for name, used in found.items() if used} == {}
