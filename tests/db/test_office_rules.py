"""What a damaged file holds in the office's tables is told as damage when it is opened, not met as a defect later."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.errors import StoreTrouble, Trouble
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import Clock

DAMAGES = {
    "no unit of time": "UPDATE deadline_rule SET unit = '挈'",
    "no text": "UPDATE deadline_rule SET label = CAST(x'e697b6ff' AS TEXT)",
    "no number": "UPDATE deadline_rule SET version = '三' WHERE id = 1",
    "no column": "UPDATE sqlite_master SET sql = replace(sql, '\"position\"', '\"qosition\"') WHERE name LIKE 'term%'",
    "no number of a register": "UPDATE register_number SET number = 'a' WHERE register = 'incoming'",
}


@pytest.mark.parametrize("statement", DAMAGES.values(), ids=DAMAGES)
def test_a_ledger_whose_rules_are_damaged_is_told_to_be_damaged(folder: Path, clock: Clock, statement: str) -> None:
    Store.open(folder, "李喆", clock).close()
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        ledger.execute("PRAGMA writable_schema = ON")
        assert ledger.execute(statement).rowcount
        ledger.commit()
    with pytest.raises(StoreTrouble, match="台账文件已损坏") as told:
        Store.open(folder, "李喆", clock)
    assert told.value.trouble is Trouble.DAMAGED
