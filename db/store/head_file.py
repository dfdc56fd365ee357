"""Keeps beside the ledger how far its journal went, so that changes which the disk has lost are told of.

SQLite takes of a damaged write-ahead log what is whole and passes over the rest without a word: the ledger is then
sound, and older. The file holds the number of entries and the hash of the last one; it is written behind each commit
without waiting for the disk, so after a power cut it may be older than the ledger, which says nothing.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import IO

from db.store import journal
from db.store.places import LEDGER
from db.store.private import make_private_file

HEAD = f"{LEDGER}-head"
_WRITTEN = re.compile(rb"([0-9]{12}) ([0-9a-f]{64})\n")


class HeadFile:
    """The file beside one open ledger. Failing to write it costs nothing but the warning that it is for."""

    def __init__(self, folder: Path) -> None:
        """Nothing is written before the first `keep`."""
        self._path = folder / HEAD
        self._file: IO[bytes] | None = None

    def lost(self, connection: sqlite3.Connection) -> int:
        """How many entries the journal once had and has no more; 0 when nothing is known to be lost."""
        try:
            written = _WRITTEN.fullmatch(self._path.read_bytes())
        except OSError:
            return 0
        return max(int(written[1]) - journal.head(connection)[0], 0) if written else 0

    def keep(self, head: journal.Head) -> None:
        """Note how far the journal goes now, after a commit."""
        count, last = head
        with suppress(OSError, ValueError):
            if self._file is None:
                make_private_file(self._path)
                self._file = self._path.open("r+b", buffering=0)
            self._file.seek(0)
            self._file.write(b"%012d %s\n" % (count, last.encode("ascii")))

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None


def loss_in_words(lost: int, entries: int) -> tuple[str, str, str]:
    """That so many entries are gone of which so many are left: what happened, what is there, what to do."""
    return (
        f"最后{lost:,}条改动不见了",
        f"上次保存时日志有{entries + lost:,}条，现在只有{entries:,}条；其余的内容都在，程序没有改动它们。",
        "多半是断电或磁盘出错。请在“备份与恢复”里看看最近的备份有没有这些改动；没有的，要照纸件补登。",
    )
