"""How fast the journal's chain is verified, against hashing the same bytes alone."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from measuring import Result, interleaved, median, taken

from db.store import journal

ENTRIES = 200_000
LEAST = 200_000  # entries a second
_BATCH = 2_000
_AFTER = (  # what registering a paper leaves in the journal, some 300 bytes
    '{"uuid":"4f1d2c3b4a59687786a5b4c3d2e1f001","title":"关于印发二〇二二年重点任务分工方案的通知","unit":"县发展和改革局",'
    '"received_on":"2022-03-15","due_on":"2022-04-01","stage":"doing","person":"李喆","note":"请县发改局牵头办理",'
    '"updated_at":"2022-03-15T10:00:00.000","updated_by":"李喆"}'
)


def measure(rounds: int) -> Iterator[Result]:
    """The walk over a journal of its own, which lies in memory: what is measured is the walk, not the disk."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(journal.SCHEMA)
        head_of = (0, "2022-03-15T10:00:00.000", "李喆", "导入收文", "incoming")
        connection.execute("BEGIN")
        head = journal.head(connection)
        for first in range(0, ENTRIES, _BATCH):
            entries: list[tuple[int, str, str, int | None]] = [(first + at, "{}", _AFTER, None) for at in range(_BATCH)]
            head = journal.append_all(connection, head_of, entries, None, head)
        connection.execute("COMMIT")
        parts = [f"{row[0]}{row[1]}".encode() for row in connection.execute("SELECT after, hash FROM journal")]

        def verify() -> float:
            def walk() -> None:
                assert not list(journal.broken(connection))

            return taken(walk)

        def hash_alone() -> float:
            return taken(lambda: [hashlib.sha256(part).hexdigest() for part in parts])

        ours, floor = interleaved(rounds, [verify, hash_alone])
    yield Result(
        f"journal verified, {ENTRIES:,} entries", median(ours), median(floor), at_most=1e3 * ENTRIES / LEAST,
        note=f"{1e3 * ENTRIES / median(ours):,.0f} entries/s; floor: SHA-256 over the same bytes",
    )  # fmt: skip
