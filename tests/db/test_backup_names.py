"""The names of backups under a code page that knows no Chinese (an English Windows, wine, LC_ALL=C)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from db.store import backup, leavings, restore

HOUSE = Path(__file__).parents[2]
PROGRAM = """
import sys
from datetime import datetime
from db.store import backup
from db.store import leavings, restore
for pattern in (backup.NAME, backup.BEFORE, restore.ASIDE, leavings.ASIDE):
    name = backup.name_at(datetime(2022, 12, 30, 9, 5, 7), pattern)
    sys.stdout.buffer.write(f"{name}\\n".encode())
"""


def test_backups_have_chinese_names_whatever_the_code_page() -> None:
    plain = os.environ | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    told = subprocess.run([sys.executable, "-c", PROGRAM], cwd=HOUSE, env=plain, capture_output=True, check=True)
    names = told.stdout.decode().splitlines()
    assert names == [
        "台账备份-20221230-090507.db", "恢复前备份-20221230-090507.db", "损坏的台账-20221230-090507.db",
        "受损文件-20221230-090507",
    ]  # fmt: skip
    for name, pattern in zip(names, (backup.NAME, backup.BEFORE, restore.ASIDE, leavings.ASIDE), strict=True):
        assert backup.written_at(Path(name), pattern)
