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


def emptied(path: Path, table: str, column: str, insert: str) -> None:
    """Leave nothing in a column in which something always stands, as a page of another table does in its place."""
    looser = f"replace(sql, '\"{column}\" TEXT NOT NULL', '\"{column}\" TEXT')"
    for statements in (
        ("PRAGMA writable_schema = ON", f"UPDATE sqlite_master SET sql = {looser} WHERE name = '{table}'"),
        (insert, f"UPDATE {table} SET {column} = NULL"),
    ):
        with closing(sqlite3.connect(path)) as ledger:  # the schema is read once by each
            for statement in statements:
                found = ledger.execute(statement)
            assert found.rowcount
            ledger.commit()


@pytest.mark.parametrize("column", ["aliases", "name", "level"])
def test_a_unit_without_a_text_that_each_has_is_told_as_damage(folder: Path, clock: Clock, column: str) -> None:
    Store.open(folder, "李喆", clock).close()
    insert = (
        "INSERT INTO unit (name, short_name, aliases, level, successor, parent, pinyin) "
        "VALUES ('县司法局', '', '', '', '', '', '')"
    )
    emptied(folder / LEDGER, "unit", column, insert)
    with pytest.raises(StoreTrouble, match="台账文件已损坏") as told:
        Store.open(folder, "李喆", clock)
    assert told.value.trouble is Trouble.DAMAGED


@pytest.mark.parametrize("after", ['{"deed":null}', "[]", "x"])
def test_a_line_of_nonsense_in_the_log_of_accounts_is_no_sign_of_accounts(
    folder: Path, clock: Clock, after: str
) -> None:
    Store.open(folder, "李喆", clock).close()
    emptied(folder / LEDGER, "account_deed", "deed", "INSERT INTO account_deed (name, deed) VALUES ('李喆', '')")
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        ledger.execute(
            "INSERT INTO journal VALUES (1, 1, '', '', '', 'account_deed', 1, '{}', ?, NULL, NULL, '')", (after,)
        )
        ledger.commit()
    store = Store.open(folder, "李喆", clock)
    assert not store.has_accounts
    store.close()
