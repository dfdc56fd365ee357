"""The bill of materials that packaging writes: valid, the same twice, each part with its licence on the page."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from fontTools.ttLib import TTFont

from desktop import licences

ROOT = Path(__file__).parents[1]
SITE = Path(sysconfig.get_path("platlib"))
BUNDLED = """name,version,licence,text,purl,file
Python,3.11.2-6,Python-2.0.1,Python.txt,pkg:deb/debian/python3.11@3.11.2-6?arch=source,python3.11
xcb-util,0.4.0-1,MIT,xcb-util.txt,pkg:deb/debian/libxcb-util1@0.4.0-1?arch=amd64,
"""


def write(staged: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "packaging" / "sbom.py", staged, SITE, out]
    moment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    return subprocess.run(command, env=moment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stage puts together: the program's resources, the licence, what was bundled."""
    folder = tmp_path_factory.mktemp("staged")
    shutil.copytree(ROOT / "resources", folder / "app" / "resources")
    shutil.copy(ROOT / "LICENSE", folder / "app")
    bundled = folder / "app" / "bundled"
    bundled.mkdir()
    (bundled / "parts.csv").write_text(BUNDLED, encoding="utf-8")
    (bundled / "Python.txt").write_text("PSF LICENSE AGREEMENT", encoding="utf-8")
    (bundled / "xcb-util.txt").write_text("Permission is hereby granted", encoding="utf-8")
    (folder / "python3.11").write_bytes(b"\x7fELF")
    return folder


@pytest.fixture(scope="module")
def bill(staged: Path) -> dict[str, Any]:
    made = write(staged, staged / "bill.json")
    assert made.returncode == 0, made.stderr
    return json.loads((staged / "bill.json").read_text(encoding="utf-8"))


def test_the_bill_is_valid_by_the_published_schema(staged: Path, bill: dict[str, Any]) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_5)
    assert validator.validate_str((staged / "bill.json").read_text(encoding="utf-8")) is None
    assert validator.validate_str(json.dumps(bill | {"serialNumber": "1"})) is not None
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"


def test_two_builds_write_the_same_bill_and_another_font_another_serial_number(
    staged: Path, bill: dict[str, Any], tmp_path: Path
) -> None:
    write(staged, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (staged / "bill.json").read_bytes()
    other = tmp_path / "other"
    shutil.copytree(staged, other)
    with (other / "app" / "resources" / "fonts" / "FandolKai-Regular.ttf").open("ab") as font:
        font.write(b"\0")
    write(other, tmp_path / "other.json")
    assert json.loads((tmp_path / "other.json").read_text(encoding="utf-8"))["serialNumber"] != bill["serialNumber"]


def test_each_component_has_a_licence_text_on_the_page(staged: Path, bill: dict[str, Any]) -> None:
    page = {part.name: part.text for part in licences.parts(staged / "app", SITE)}
    named = [bill["metadata"]["component"]["name"], *(one["name"] for one in bill["components"])]
    assert len(named) == len(set(named)) == len(page)
    assert [name for name in named if not page[name].strip()] == []
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page["Qt"]
    assert "GNU GENERAL PUBLIC LICENSE" in page["PySide6-Essentials"]


def test_every_locked_library_the_interpreter_qt_fonts_and_what_was_bundled_stand_in_it(bill: dict[str, Any]) -> None:
    found = {one["name"]: one for one in bill["components"]}
    assert set(licences.LIBRARIES) | {"Python", "Qt", "xcb-util", *licences.FONTS} <= set(found)
    for name, one in found.items():
        assert one["version"], name
        assert one["licenses"], name
        assert one["purl"], name
    for name in licences.LIBRARIES:
        assert {held["alg"] for held in found[name]["hashes"]} == {"SHA-256"}, name
    python = found["Python"]["components"]
    assert [one["hashes"][0]["content"] for one in python] == [hashlib.sha256(b"\x7fELF").hexdigest()]
    kai = next(one for one in found["Fandol"]["components"] if "Kai" in one["name"])
    font = ROOT / "resources" / "fonts" / "FandolKai-Regular.ttf"
    assert kai["hashes"][0]["content"] == hashlib.sha256(font.read_bytes()).hexdigest()


def test_the_fonts_have_the_versions_that_they_tell_themselves() -> None:
    told = {part.name: part.version for part in licences.parts()}
    for path in (ROOT / "resources" / "fonts").glob("*.ttf"):
        family = next(name for name in licences.FONTS if path.name.startswith(name))
        assert f"Version {told[family]}" in str(TTFont(path)["name"].getDebugName(5))


def test_a_part_without_its_licence_stops_the_build(staged: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(staged, other)
    (other / "app" / "bundled" / "xcb-util.txt").unlink()
    refused = write(other, tmp_path / "bill.json")
    assert refused.returncode == 1
    assert "xcb-util" in refused.stderr
    assert not (tmp_path / "bill.json").exists()
