"""What a database from elsewhere may not bring along: statements of its own that would run when the program writes.

A ledger holds tables and indexes and the program's own search index. A trigger, a view under the name of a table or
another module's virtual table was put there by somebody else (sqlite.org/security.html).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from db.errors import StoreTrouble, Trouble

_STRANGE = (
    "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') "
    "OR (type = 'table' AND rootpage = 0 AND name NOT IN ('search', 'search_attachment')) LIMIT 1"
)


def require_own_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that carries triggers, views or virtual tables of its own; nothing is written to it.

    Raises:
        StoreTrouble: NOT_A_LEDGER, naming what it carries.
    """
    strange = connection.execute(_STRANGE).fetchone()
    if strange is not None:
        kind = {"trigger": "触发器", "view": "视图"}.get(strange[0], "虚拟表")
        raise StoreTrouble(
            Trouble.NOT_A_LEDGER, "这个文件被别的程序动过手脚，没有打开",
            f"{path.name}里有不属于法治台账的{kind}，可能会偷偷改动数据；程序没有改动它，现有台账没有动。",
            "请用自己的备份恢复；要查这个文件的来历，请找维护人员。",
        )  # fmt: skip
