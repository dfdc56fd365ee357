"""Writes the bill of materials (CycloneDX 1.5, JSON) of what is put together: every part, with licence and hashes.

usage: .venv/bin/python packaging/sbom.py STAGED SITE OUT

STAGED holds `app`, the program with what packaging/*/stage noted in `app/bundled`; SITE the installed libraries.
The moment is SOURCE_DATE_EPOCH's (seconds), the serial number follows from the contents: the same input gives the same
bytes. Exit status 1: a part has no licence text, which the program would then lack on its page of licences.

A library's hashes are those of its files in packaging/requirements/run.txt, one of which was installed; those of its
shared objects, of fonts and of what was bundled are of the very files in STAGED.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import sys
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cyclonedx.contrib.license.factories import LicenseFactory  # noqa: E402
from cyclonedx.model import HashAlgorithm, HashType  # noqa: E402
from cyclonedx.model.bom import Bom, BomMetaData  # noqa: E402
from cyclonedx.model.component import Component, ComponentType  # noqa: E402
from cyclonedx.output.json import JsonV1Dot5  # noqa: E402
from packageurl import PackageURL  # noqa: E402

from desktop import licences  # noqa: E402

LOCK = ROOT / "packaging" / "requirements" / "run.txt"
_SPACE = uuid.UUID("6f1a4c1e-2d0f-5d3b-9b52-1f6f3a0c7e11")  # of our serial numbers
_FILES = {  # below SITE: what a wheel keeps elsewhere than under its own name
    licences.QT: ("PySide6/Qt/lib/libQt6*", "PySide6/Qt6*.dll"),
    "ICU": ("PySide6/Qt/lib/libicu*",),
    "PySide6-Essentials": ("PySide6/*.abi3.so*", "PySide6/*.pyd", "PySide6/pyside6*.dll"),
    "pillow": ("PIL/*.so", "PIL/*.pyd", "pillow.libs/*"),
    "pypdfium2": ("pypdfium2_raw/*.so", "pypdfium2_raw/*.dll"),
    "PyNaCl": ("nacl/*.so", "nacl/*.pyd"),
    "cffi": ("_cffi_backend*", "cffi.libs/*"),
    "rl_accel": ("_rl_accel*",),
}


def sha256(path: Path) -> HashType:
    """The hash of a file."""
    with path.open("rb") as file:
        return HashType(alg=HashAlgorithm.SHA_256, content=hashlib.file_digest(file, "sha256").hexdigest())


def locked() -> dict[str, list[HashType]]:
    """The hashes of each locked library, by its name in lower case with hyphens."""
    found: dict[str, list[HashType]] = {}
    name = ""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if head := re.match(r"([A-Za-z0-9._-]+)==", line):
            name = head[1].lower().replace("_", "-")
        for one in re.findall(r"sha256:([0-9a-f]{64})", line):
            found.setdefault(name, []).append(HashType(alg=HashAlgorithm.SHA_256, content=one))
    return found


def bundled_files(staged: Path) -> dict[str, str]:
    """The file of each bundled part, relative to STAGED, where it is one of its own."""
    path = staged / "app" / "bundled" / "parts.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["file"] for row in csv.DictReader(lines) if row["file"]}


def files_of(name: str, staged: Path, site: Path) -> Iterator[Path]:
    """The files that a part consists of, as far as they are machine code or fonts."""
    stem = name.lower().replace("-", "_")
    patterns = _FILES.get(name, (f"{stem}/**/*.so*", f"{stem}/**/*.pyd", f"{stem}/**/*.dll", f"{stem}.libs/*"))
    yield from (path for pattern in patterns for path in site.glob(pattern) if path.is_file())
    yield from (staged / "app" / "resources" / "fonts").glob(f"{name}*.ttf")
    if name in (one := bundled_files(staged)):
        yield staged / one[name]


def component(part: licences.Part, files: Iterable[Path], staged: Path, hashes: Iterable[HashType]) -> Component:
    """One part with its files below it."""
    inner = [
        Component(
            name=path.name, type=ComponentType.FILE, hashes=[sha256(path)],
            bom_ref=f"{part.name}/{path.name}" if not path.is_relative_to(staged) else str(path.relative_to(staged)),
        )
        for path in sorted(set(files))
    ]  # fmt: skip
    is_program = part.purl.startswith("pkg:generic/fazhi-ledger@")
    return Component(
        name=part.name, version=part.version or None, bom_ref=part.purl or part.name, hashes=hashes, components=inner,
        type=ComponentType.APPLICATION if is_program else ComponentType.LIBRARY,
        purl=PackageURL.from_string(part.purl) if part.purl else None,
        licenses=[LicenseFactory().make_from_string(part.licence)],
    )  # fmt: skip


def bill(staged: Path, site: Path, moment: datetime) -> Bom:
    """The whole bill; its serial number follows from its contents."""
    hashes = locked()
    found = list(licences.parts(staged / "app", site))
    lacking = [part.name for part in found if not part.text.strip() or not part.licence]
    if lacking:
        raise SystemExit(f"没有许可全文：{'、'.join(lacking)}")
    made = [
        component(part, files_of(part.name, staged, site), staged, hashes.get(part.name.lower().replace("_", "-"), ()))
        for part in found
    ]
    bom = Bom(metadata=BomMetaData(component=made[0], timestamp=moment), components=made[1:], serial_number=_SPACE)
    bom.register_dependency(made[0], made[1:])
    bom.serial_number = uuid.uuid5(_SPACE, JsonV1Dot5(bom).output_as_string())
    return bom


if __name__ == "__main__":
    given_staged, given_site, out = map(Path, sys.argv[1:4])
    epoch = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    text = JsonV1Dot5(bill(given_staged, given_site, epoch)).output_as_string(indent=1)
    out.write_text(text + "\n", encoding="utf-8")
