"""What the program is made of and under which licences: itself, the interpreter, the bundled libraries and the fonts.

Read from what is installed (dist-info), from what the package says that it brought (`bundled`) and from the resources,
so that it tells of what is really there. `packaging/sbom.py` makes the bill of materials of the same parts.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from db.resources import RESOURCES
from desktop import __version__

# What packaging/requirements/run.in asks for, and what that brings along.
LIBRARIES = (
    "PySide6-Essentials", "shiboken6", "peewee", "platformdirs", "PyNaCl", "cffi", "pypdfium2", "python-calamine",
    "reportlab", "pillow", "charset-normalizer", "rl_accel", "sqlcipher3", "XlsxWriter",
)  # fmt: skip
FONTS = ("Fandol", "NotoSerifSC")
QT = "Qt"
_QT_FROM = "PySide6-Essentials"  # which brings Qt itself, of its own version
_TEXT = re.compile(r"(^|/)(LICEN[CS]ES?|COPYING|NOTICE)[^/]*(/|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One part: its name, version ("" when it has none), licence in a few words, and the whole text ("": none).

    `purl`: how lists of advisories name it (package-url); "" when they do not know it.
    """

    name: str
    version: str
    licence: str
    text: str
    purl: str = ""


def parts(app: Path = RESOURCES.parent, site: Path | None = None) -> Iterator[Part]:
    """Every part of a program, by default of this one; a library that is not installed is left out.

    `app`: the folder of `resources`; `site`: where the libraries are installed, by default where this one looks.
    """
    facts = {row["name"]: row for row in _rows(app / "resources" / "licences" / "parts.csv")}
    found = [*_own(app), *_bundled(app), *_libraries(site)]
    if not any(part.name == "Python" for part in found):
        version = sys.version.split()[0]
        found.insert(1, Part("Python", version, "Python-2.0.1", _interpreter(), f"pkg:generic/python@{version}"))
    qt = next((part.version for part in found if part.name == _QT_FROM), "")
    if qt:
        found.append(Part(QT, qt, "", "", f"pkg:generic/qt@{qt}"))
    others = [*(["ICU"] if qt and _brings_icu(site) else []), *FONTS]
    found += [Part(name, "", "", "", f"pkg:generic/{name.lower()}@{facts[name]['version']}") for name in others]
    for part in found:
        yield _completed(part, facts.get(part.name), app / "resources")


def _completed(part: Part, facts: dict[str, str] | None, resources: Path) -> Part:
    """What the part does not tell of itself, as the resources have it."""
    if facts is None:
        return part
    texts = [_read(resources / name) for name in facts["texts"].split(";") if name]
    return replace(
        part, version=part.version or facts["version"], licence=facts["licence"],
        text="\n\n".join(filter(None, (part.text, *texts))),
    )  # fmt: skip


def _own(app: Path) -> Iterator[Part]:
    yield Part("法治台账", __version__, "MIT", _read(app / "LICENSE"), f"pkg:generic/fazhi-ledger@{__version__}")


def _bundled(app: Path) -> Iterator[Part]:
    """What a package brings that the libraries do not tell of: written by packaging/*/stage."""
    for row in _rows(app / "bundled" / "parts.csv"):
        text = _read(app / "bundled" / row["text"])
        yield Part(row["name"], row["version"], row["licence"], text, row["purl"])


def _libraries(site: Path | None) -> Iterator[Part]:
    path = [str(site)] if site else sys.path
    for name in LIBRARIES:
        found = next(iter(metadata.Distribution.discover(name=name, path=path)), None)
        if found is not None:
            purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{found.version}"
            yield Part(name, found.version, _licence(found), "\n\n".join(_texts(found)), purl)


def _brings_icu(site: Path | None) -> bool:
    """Whether Qt came with Unicode's tables as libraries of their own: on Linux."""
    import PySide6

    folder = site / "PySide6" if site else Path(PySide6.__path__[0])
    return any(folder.glob("Qt/lib/libicudata.*"))


def _licence(found: metadata.Distribution) -> str:
    named = (found.metadata.get_all(name) or [""] for name in ("License-Expression", "License"))
    told = next((str(words[0]) for words in named if words[0]), "")
    classifiers = [str(one) for one in found.metadata.get_all("Classifier") or []]
    classed = next((one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")), "")
    return told.strip().partition("\n")[0] or classed


def _texts(found: metadata.Distribution) -> Iterator[str]:
    """The licence texts among the metadata of a distribution."""
    folder = Path(str(found.locate_file("")))
    stem = f"{found.metadata['Name']}-{found.version}".replace("-", "_").lower()
    for made in folder.glob("*.dist-info"):
        if made.name.removesuffix(".dist-info").replace("-", "_").lower() == stem:
            for path in sorted(made.rglob("*")):
                if path.is_file() and _TEXT.search(path.relative_to(made).as_posix()):
                    yield _read(path)


def _interpreter() -> str:
    """The licence of the interpreter, where it lies beside its library."""
    return _read(Path(sys.base_prefix) / "lib" / f"python3.{sys.version_info.minor}" / "LICENSE.txt")


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
