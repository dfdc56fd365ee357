"""What stands in the files of attachments: found by searches, kept once for each file, read from it in the background.

A file whose text was read, or could not be, is not read again; when no record holds it any more its text goes. The text
is all that is kept here: what gets it out of a file is a process of its own (`desktop.text_command`).
"""

from __future__ import annotations

import sqlite3

from db.record import Record
from db.store import index
from db.store.index import fold, grams

MOST = 100_000  # characters of a file that are searched; their tokens take some 30 ms to write
READ, NOTHING, FAILED = "read", "nothing", "failed"

_NEXT = (
    "SELECT a.sha256, min(a.name) FROM attachment a "
    "WHERE a.sha256 NOT IN (SELECT sha256 FROM search_attachment_text) GROUP BY a.sha256 ORDER BY min(a.id) LIMIT 1"
)
_UNREAD = (
    "SELECT count(DISTINCT a.sha256) FROM attachment a "
    "WHERE NOT EXISTS (SELECT 1 FROM search_attachment_text x WHERE x.sha256 = a.sha256)"
)
_UNHELD = "SELECT id, text FROM search_attachment_text WHERE sha256 NOT IN (SELECT sha256 FROM attachment) LIMIT 1"
_OF_RECORD = (
    "SELECT a.name, ifnull(x.text, '') FROM attachment a LEFT JOIN search_attachment_text x ON x.sha256 = a.sha256 "
    "WHERE a.register = ? AND a.record = ? ORDER BY a.id"
)


def unread(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """SHA-256 and a name of the next file that nobody has tried to read; None when there is none."""
    return connection.execute(_NEXT).fetchone()


def unread_count(connection: sqlite3.Connection) -> int:
    """How many files nobody has tried to read; 60 ms with 100,000 attachments, as `unread` takes, so off the window."""
    return connection.execute(_UNREAD).fetchone()[0]


def keep(connection: sqlite3.Connection, sha256: str, text: str, state: str = READ) -> None:
    """Keep the text of a file, or (with another state) that there is none; in a short transaction of its own."""
    folded = fold(text[:MOST]).replace(index.MARK, " ")
    tokens = " ".join(grams(folded))
    connection.execute("BEGIN IMMEDIATE")
    try:
        row = connection.execute(
            "INSERT OR IGNORE INTO search_attachment_text (sha256, state, text) VALUES (?, ?, ?)",
            (sha256, state if folded.strip() or state == FAILED else NOTHING, folded),
        )
        if row.rowcount and tokens:
            connection.execute("INSERT INTO search_attachment (rowid, grams) VALUES (?, ?)", (row.lastrowid, tokens))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise


def drop_unheld(connection: sqlite3.Connection) -> bool:
    """Forget the text of one file that no record holds any more; whether there was one."""
    row = connection.execute(_UNHELD).fetchone()
    if row is None:
        return False
    number, text = row
    connection.execute("BEGIN IMMEDIATE")
    try:
        if text:
            connection.execute(
                "INSERT INTO search_attachment (search_attachment, rowid, grams) VALUES ('delete', ?, ?)",
                (number, " ".join(grams(text))),
            )
        connection.execute("DELETE FROM search_attachment_text WHERE id = ?", (number,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise
    return True


def any_text(connection: sqlite3.Connection) -> bool:
    """Whether any file has text."""
    return connection.execute("SELECT 1 FROM search_attachment_text WHERE text <> '' LIMIT 1").fetchone() is not None


def of_record(connection: sqlite3.Connection, record: Record) -> list[tuple[str, str]]:
    """Name and text ("" where there is none) of each attachment of a record."""
    return connection.execute(_OF_RECORD, (record.key(), record.id)).fetchall()
