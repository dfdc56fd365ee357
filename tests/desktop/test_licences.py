"""What the program is made of, under which licences, and which version it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop import __version__, cli, licences
from desktop.dialogs.about import AboutDialog
from desktop.dialogs.help import HelpDialog

LOCKED = Path(__file__).parents[2] / "packaging" / "requirements" / "run.txt"
BUILD_ONLY = {"pycparser"}  # cffi needs it to build; packaging/linux/stage takes it away


def test_every_locked_library_is_named() -> None:
    locked = set(re.findall(r"^([a-z0-9_-]+)==", LOCKED.read_text(encoding="utf-8"), re.MULTILINE))
    named = {name.lower().replace("_", "-") for name in licences.LIBRARIES}
    assert named == locked - BUILD_ONLY


def test_each_part_tells_its_licence_and_the_fonts_lie_with_their_texts() -> None:
    parts = {part.name: part for part in licences.parts()}
    assert parts["法治台账"].version == __version__
    assert "Permission is hereby granted" in parts["法治台账"].text
    assert "SIL OPEN FONT LICENSE" in parts["NotoSerifSC"].text
    assert "GNU GENERAL PUBLIC LICENSE" in parts["Fandol"].text
    assert "LGPL-3.0" in parts["PySide6-Essentials"].licence
    assert "Charles Leifer" in parts["peewee"].text
    assert "ZETETIC LLC" in parts["sqlcipher3"].text
    assert "Apache License" in parts["sqlcipher3"].text


def test_the_help_leads_to_the_licences(qtbot: QtBot) -> None:
    shown = HelpDialog("today")
    qtbot.addWidget(shown)
    QTest.mouseClick(shown.about, Qt.MouseButton.LeftButton)
    about = shown.findChild(AboutDialog)
    assert about is not None
    names = [about.parts.item(at).text() for at in range(about.parts.count())]
    assert names[0] == f"法治台账 {__version__}"
    about.parts.setCurrentRow(next(at for at, name in enumerate(names) if name.startswith("peewee")))
    assert "Charles Leifer" in about.text.toPlainText()


def test_the_command_line_tells_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.run(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"法治台账 {__version__}\n"
