"""Holds the locked packages against a snapshot of advisories (OSV, JSON) that somebody put into a folder.

usage: .venv/bin/python packaging/snapshot.py [FOLDER]

FOLDER (build/advisories when none is named) holds OSV records of the ecosystem PyPI: one to a .json file, a list of
them, or the .zip of all that osv.dev gives out. Where the folder is not there nothing is known, which is said; exit
status 1: an advisory concerns a locked version. Format: https://ossf.github.io/osv-schema/
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "advisories"
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def locked() -> Iterator[tuple[str, str]]:
    """Name and version of each locked package."""
    for path in sorted((HERE / "requirements").glob("*.txt")):
        for name, version in _LOCKED.findall(path.read_text(encoding="utf-8")):
            yield canonicalize_name(name), version


def records(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of a snapshot. Raises ValueError for a file that holds none."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            found = json.loads(path.read_bytes())
            yield from found if isinstance(found, list) else [found]
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    if name.endswith(".json"):
                        yield json.loads(packed.read(name))


def concerns(affected: dict[str, Any], version: str) -> bool:
    """Whether one entry of `affected` names a version, singly or in a range."""
    if version in affected.get("versions", ()):
        return True
    ours = Version(version)
    for span in affected.get("ranges", ()):
        if span.get("type") not in ("ECOSYSTEM", "SEMVER"):
            continue
        inside = False
        for event in span.get("events", ()):
            (kind, at), *_others = event.items()
            try:
                reached = at == "0" or ours >= Version(at)
            except InvalidVersion:
                continue
            if kind == "introduced" and reached:
                inside = True
            elif (kind == "fixed" and reached) or (kind == "last_affected" and reached and ours != Version(at)):
                inside = False
        if inside:
            return True
    return False


def main(folder: Path) -> int:
    """Tell what is known; give back the exit status."""
    if not folder.is_dir():
        print(f"no snapshot of advisories in {folder}: nothing is known of the locked packages")
        return 0
    versions = dict.fromkeys(locked())
    known, told = 0, dict[str, None]()
    for record in records(folder):
        known += 1
        for affected in record.get("affected", ()) if not record.get("withdrawn") else ():
            package = affected.get("package", {})
            if package.get("ecosystem") != "PyPI":
                continue
            for name, version in versions:
                if name == canonicalize_name(package.get("name", "")) and concerns(affected, version):
                    told[f"{name} {version}: {record['id']} {record.get('summary', '')}".rstrip()] = None
    print(*told, f"{known} advisories, {len(versions)} locked packages, {len(told)} found", sep="\n")
    return 1 if told or not known else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER))
