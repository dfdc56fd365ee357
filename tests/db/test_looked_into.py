"""Another program looks into the ledger while it is open: nothing of what is saved then or later is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from db.registers.outgoing import Outgoing
from db.store import backup
from db.store.keys import is_plain
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import outgoing, saved

LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM outgoing").fetchone()[0])
connection.close()
"""


def looked_into(ledger: Path) -> int:
    """How many papers another program finds in a ledger, which it closes as the last one if it sees nobody else."""
    return int(subprocess.run([sys.executable, "-c", LOOK, str(ledger)], capture_output=True, check=True).stdout)


def test_the_log_of_an_open_ledger_is_not_taken_away_by_who_looks_into_it(store: Store) -> None:
    ledger, log = store.folder / LEDGER, store.folder / f"{LEDGER}-wal"
    saved(store, outgoing())
    with backup.snapshot(ledger):  # as a worker reads it: its connection asks what kind of file it is
        assert is_plain(ledger)
    assert looked_into(ledger) == 1
    assert log.exists()
    saved(store, outgoing(title="关于防汛的通知"))
    assert looked_into(ledger) == Outgoing.select().count() == 2
