"""What the packages are made of: one version, scripts that shells can read, the desktop's own files."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import desktop
from db.store.schema import APPLICATION_ID
from desktop import paths
from desktop.updates.container import MAGIC, SUFFIX

ROOT = Path(__file__).parents[1]
LINUX = ROOT / "packaging" / "linux"
WINDOWS = ROOT / "packaging" / "windows"
SCRIPTS = sorted(path for path in (*LINUX.iterdir(), *(LINUX / "deb").iterdir(), *WINDOWS.iterdir())
                 if path.is_file() and path.read_bytes().startswith(b"#!"))  # fmt: skip


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "desktop.__version__"
    assert re.fullmatch(r"\d+\.\d+\.\d+", desktop.__version__)
    assert f"## [{desktop.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_read_by_its_shell(script: Path) -> None:
    shell = "bash" if b"bash" in script.read_bytes().splitlines()[0] else "sh"
    subprocess.run([shell, "-n", script], check=True)
    assert script.parent.name == "deb" or script.stat().st_mode & 0o111


def test_no_script_holds_the_address_of_a_registry() -> None:
    for script in (*SCRIPTS, *(ROOT / "packaging" / "requirements").iterdir()):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"(deb|security|snapshot|ftp)\.debian\.|pypi\.|npmjs", text), script.name


def test_the_desktop_finds_name_icon_and_program(qapp: QApplication) -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(LINUX / "deb" / "fazhi-ledger.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    assert (values["Name[zh_CN]"], values["Exec"], values["Icon"]) == ("法治台账", "fazhi-ledger %f", "fazhi-ledger")
    component = ET.parse(LINUX / "deb" / "metainfo.xml").getroot()
    assert component.findtext("launchable") == "fazhi-ledger.desktop"
    mime, update = ET.parse(LINUX / "deb" / "mime.xml").getroot()
    assert {mime.get("type", ""), update.get("type", "")} == set(filter(None, values["MimeType"].split(";")))
    assert [one.get("pattern") for one in update.iter() if one.get("pattern")] == [f"*{SUFFIX}"]
    told = [one.get("value", "") for one in update.iter() if one.get("value")]
    assert [one.encode().decode("unicode_escape").encode() for one in told] == [MAGIC]
    assert f"Classes\\{SUFFIX}" in (WINDOWS / "setup.nsi").read_text(encoding="utf-8")
    marks = [match.get("value", "") for match in mime.iter() if match.get("type") == "big32"]
    assert [int(mark, 16) for mark in marks] == [APPLICATION_ID]
    assert QSvgRenderer(str(ROOT / "resources" / "icons" / "app.svg")).isValid()


def test_no_interpreter_but_the_named_one_gets_into_a_setup(tmp_path: Path) -> None:
    _, name = (WINDOWS / "interpreter.sha256").read_text(encoding="utf-8").split()
    made, downloads = tmp_path / "made", tmp_path / "downloads"
    downloads.mkdir()
    command = [WINDOWS / "interpreter", made]
    asked = os.environ | {"PYTHON_EMBED": str(downloads)}
    missing = subprocess.run(command, env=asked, capture_output=True, text=True, check=False)
    assert missing.returncode == 1
    assert name in missing.stderr
    (downloads / name).write_bytes(b"PK another file")
    other = subprocess.run(command, env=asked, capture_output=True, text=True, check=False)
    assert other.returncode == 1
    assert "SHA-256" in other.stderr
    assert not any(made.iterdir())


def test_windows_pages_name_the_files_that_are_built() -> None:
    setup = (WINDOWS / "setup.nsi").read_text(encoding="utf-8")
    stage = (WINDOWS / "stage").read_text(encoding="utf-8")
    for launcher in ("fazhi-ledger", "fazhi-ledger-cli"):
        assert f'build_launcher "$OUT/{launcher}" ' in stage
    assert "program\\fazhi-ledger.exe" in setup
    assert "RequestExecutionLevel user" in setup
    assert f'"$LOCALAPPDATA\\{paths.NAME}"' in setup  # where the uninstaller says that the records are
