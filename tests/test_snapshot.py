"""The locked packages are held against advisories that somebody put into a folder."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "packaging" / "requirements" / "run.txt").read_text(encoding="utf-8")
FOUND = re.search(r"^peewee==(\S+)", LOCK, re.MULTILINE)
assert FOUND
LOCKED = FOUND[1]


def look(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it over a folder."""
    command = [sys.executable, ROOT / "packaging" / "snapshot.py", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def advisory(name: str = "Peewee", ecosystem: str = "PyPI", **affected: Any) -> dict[str, Any]:
    """A record as OSV has them."""
    package = {"ecosystem": ecosystem, "name": name}
    return {"id": "PYSEC-0000-1", "summary": "a hole", "affected": [{"package": package, **affected}]}


def span(*events: dict[str, str]) -> dict[str, Any]:
    """A range of versions."""
    return {"ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (advisory(versions=[LOCKED]), 1),
        (advisory(versions=["0.0.1"]), 0),
        (advisory(**span({"introduced": "0"})), 1),
        (advisory(**span({"introduced": "0"}, {"fixed": LOCKED})), 0),
        (advisory(**span({"introduced": "0"}, {"last_affected": LOCKED})), 1),
        (advisory(**span({"introduced": "9999"})), 0),
        (advisory(ecosystem="npm", versions=[LOCKED]), 0),
        (advisory(name="nothing-of-ours", versions=[LOCKED]), 0),
        (advisory(versions=[LOCKED]) | {"withdrawn": "2026-01-01T00:00:00Z"}, 0),
    ],
)
def test_an_advisory_about_a_locked_version_is_told_and_no_other(
    tmp_path: Path, record: dict[str, Any], status: int
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(record), encoding="utf-8")
    found = look(tmp_path)
    assert (found.returncode, found.stderr) == (status, "")
    assert (f"peewee {LOCKED}: PYSEC-0000-1 a hole" in found.stdout) == bool(status)


def test_the_whole_database_comes_as_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("PYSEC-0000-1.json", json.dumps(advisory(versions=[LOCKED])))
    assert look(tmp_path).returncode == 1


def test_without_a_snapshot_it_is_said_that_nothing_is_known_and_an_empty_one_is_none(tmp_path: Path) -> None:
    found = look(tmp_path / "none")
    assert found.returncode == 0
    assert "nothing is known" in found.stdout
    assert look(tmp_path).returncode == 1
