"""The diagnostic package tells how the program and its ledger stand, and nothing that the office has entered."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from db.store import attachments
from db.store.files import copy_in
from db.store.places import LEDGER
from db.store.store import Store
from desktop import cli, diagnosis, paths
from desktop.dialogs.help import HelpDialog
from desktop.errors import start_log
from desktop.window.main import MainWindow
from tests.db.office import outgoing, saved

MARKERS = ("绝不外传", "marker-of-a-record", "430000199001011234", "秘密扫描")


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """The log of a program that met an error about a record."""
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    start_log(paths.log_folder())
    _forget()
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    _forget()


def _forget() -> None:
    """Remove what the programs of other tests logged into the same folder."""
    for path in paths.log_folder().glob("fazhi-ledger.log*"):
        path.unlink()


def texts(package: Path) -> dict[str, str]:
    """The files of a package."""
    with zipfile.ZipFile(package) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


@pytest.mark.logs("defect")
def test_a_package_holds_versions_logs_and_counts_but_no_contents(
    store: Store, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = saved(store, outgoing(title="".join(MARKERS), main_to=MARKERS[0], note=MARKERS[1]))
    scan = tmp_path / f"{MARKERS[3]}.pdf"
    scan.write_text(MARKERS[1], encoding="utf-8")
    attachments.attach(store, record, [copy_in(folder, scan, 1_000)])
    try:
        int("".join(MARKERS))
    except ValueError as error:
        logging.getLogger("desktop").error("defect", exc_info=error)  # noqa: TRY400  as the net does
    with (paths.log_folder() / "fazhi-ledger.log.1").open("w", encoding="utf-8") as old:
        old.write(f"2022-01-02 10:00:00,000 ERROR desktop: defect\nValueError: bad {MARKERS[1]}\n")
    target = tmp_path / "诊断.zip"
    assert cli.run(["--data", str(folder), "diagnose", "-o", str(target)]) == 0
    assert "没有登记的内容" in capsys.readouterr().out
    found = texts(target)
    whole = "\n".join([*found, *found.values()])
    for marker in MARKERS:
        assert marker not in whole.replace('int("".join(MARKERS))', "")
    assert str(folder) not in whole
    count = store.connection.execute("SELECT count(*) FROM outgoing").fetchone()[0]
    assert f"表 outgoing：{count} 条" in found["台账结构.txt"]
    assert "检查 完好" in found["台账结构.txt"]
    assert "SQLite 3" in found["版本.txt"]
    assert found["最近的错误.txt"].count("ERROR desktop: defect") == 2
    assert target.stat().st_mode & 0o077 == 0


def test_a_ledger_that_cannot_be_read_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b"SQLite format 3\0" + b"x" * 5_000)
    at = cli.now()
    assert "读不了" in texts(diagnosis.write_package(tmp_path, tmp_path / "a.zip", at))["台账结构.txt"]
    assert "没有台账文件" in texts(diagnosis.write_package(tmp_path / "无", tmp_path / "b.zip", at))["台账结构.txt"]


def test_the_help_leads_to_the_package_and_to_the_promises(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "诊断"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(target), ""))
    window.help()
    dialog = window.findChild(HelpDialog)
    assert dialog is not None
    QTest.mouseClick(dialog.promises, Qt.MouseButton.LeftButton)
    assert "不加密" in dialog.text.toPlainText()
    QTest.mouseClick(dialog.diagnose, Qt.MouseButton.LeftButton)
    made = target.with_name("诊断.zip")
    qtbot.waitUntil(made.exists)
    assert "表 outgoing" in texts(made)["台账结构.txt"]
    assert QApplication.activeModalWidget() is None
