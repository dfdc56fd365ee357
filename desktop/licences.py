"""What the program is made of and under which licences: itself, the interpreter, the bundled libraries and the fonts.

Read from what is installed (dist-info) and from the resources, so that it tells of what is really there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from db.resources import RESOURCES
from desktop import __version__

# What packaging/requirements/run.in asks for, and what that brings along.
LIBRARIES = (
    "PySide6-Essentials", "shiboken6", "peewee", "platformdirs", "PyNaCl", "cffi", "pypdfium2", "python-calamine",
    "reportlab", "pillow", "charset-normalizer", "rl_accel", "XlsxWriter",
)  # fmt: skip
_TEXT = re.compile(r"(^|/)(LICEN[CS]ES?|COPYING|NOTICE)[^/]*(/|$)", re.IGNORECASE)
_FONT_TEXTS = ("OFL-", "COPYING-")


@dataclass(frozen=True)
class Part:
    """One part: its name, version ("" for a font), licence in a few words, and the whole text as it came ("": none)."""

    name: str
    version: str
    licence: str
    text: str


def parts() -> Iterator[Part]:
    """Every part of the program; a library that is not installed here is left out."""
    yield Part("法治台账", __version__, "MIT", _read(RESOURCES.parent / "LICENSE"))
    yield Part("Python", sys.version.split()[0], "PSF-2.0", _interpreter())
    for name in LIBRARIES:
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        yield Part(name, found.version, _licence(found), "\n\n".join(_texts(found)))
    for path in sorted((RESOURCES / "fonts").glob("*.txt")):
        if path.name.startswith(_FONT_TEXTS):
            yield Part(path.stem.partition("-")[2], "", path.stem.partition("-")[0], _read(path))


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


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
