"""导入导出 over a list: the menu tells what would be written, the worker writes it, the toast says where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from db.errors import Refused
from db.store.search import Filter
from desktop.jobs import Jobs
from desktop.registers.exporting import FORMATS, WORKBOOKS
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import RECORDS
from tests.desktop.conftest import rest

OpenPage = Callable[[str], RegisterPage]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], None]:
    """Lets the clerk choose a file and its kind in the system's dialog."""

    def give(path: Path, kind: str = WORKBOOKS) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(path) if path.name else "", kind))

    return give


def labels(page: RegisterPage) -> list[str]:
    """What the menu offers now."""
    page.files.menu.aboutToShow.emit()
    return [action.text() for action in page.files.menu.actions() if action.text()]


def take(page: RegisterPage, begin: str) -> None:
    """Choose from the menu."""
    labels(page)
    next(action for action in page.files.menu.actions() if action.text().startswith(begin)).trigger()


def rows(path: Path) -> list[list[object]]:
    """The rows of the first sheet."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def test_the_menu_tells_how_many_records_would_be_written(open_page: OpenPage) -> None:
    page = open_page("incoming")
    page.set_filter(Filter(text="第1件"))
    assert labels(page) == [
        "从表格导入...", "存一份导入模板...", "导出列出的 1 条，列表的栏目...", "导出列出的 1 条，全部栏目...",
        f"导出全部 {RECORDS} 条，全部栏目...",
    ]  # fmt: skip
    page.set_filter(Filter())
    page.table.selectAll()
    assert labels(page)[2:4] == [f"导出选中的 {RECORDS} 条，列表的栏目...", f"导出选中的 {RECORDS} 条，全部栏目..."]


def test_the_columns_that_the_clerk_chose_are_those_of_the_file(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("outgoing")
    page.columns.set_names(("title", "draft_unit"))
    page.refresh()
    rest(jobs, qtbot)
    choose(tmp_path / "发文")
    take(page, "导出列出的")
    rest(jobs, qtbot)
    assert rows(tmp_path / "发文.xlsx")[0] == ["标题", "拟稿单位"]


def test_the_pane_of_several_selected_offers_their_export_under_its_button(
    open_page: OpenPage, window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    page.table.setFocus()
    page.table.selectAll()
    rest(jobs, qtbot)
    page.many.pane.buttons["export"].click()
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    assert [action.text() for action in menu.actions()] == [
        f"导出选中的 {RECORDS} 条，列表的栏目...", f"导出选中的 {RECORDS} 条，全部栏目...",
    ]  # fmt: skip
    menu.close()


def test_what_is_listed_is_written_and_the_toast_leads_to_the_folder(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = open_page("incoming")
    page.set_filter(Filter(text="第1件"))
    choose(tmp_path / "收文")
    take(page, "导出列出的 1 条，列表的栏目")
    rest(jobs, qtbot)
    head, *found = rows(tmp_path / "收文.xlsx")
    assert head == [page.register.label(name) for name in (*page.register.COLUMNS, "due_on", "stage")]
    assert len(found) == 1
    assert page.toast.sentence() == "已导出 1 条到“收文.xlsx”"
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    next(one for one in page.toast.findChildren(QPushButton) if one.text() == "打开所在文件夹").click()
    assert opened == [str(tmp_path)]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_kind_of_file_gives_its_ending(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    page = open_page("outgoing")
    choose(tmp_path / "发文2022.12", kind)
    take(page, "导出全部")
    rest(jobs, qtbot)
    suffix, encoding = FORMATS[kind]
    path = tmp_path / f"发文2022.12{suffix}"
    assert path.exists()
    if suffix == ".csv":
        assert len(path.read_text(encoding).splitlines()) == 1 + RECORDS


def test_a_template_is_saved(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("incoming")
    choose(tmp_path / "模板")
    take(page, "存一份导入模板")
    rest(jobs, qtbot)
    assert "标题*" in rows(tmp_path / "模板.xlsx")[0]
    assert "模板.xlsx" in page.toast.sentence()


def test_a_stopped_export_leaves_nothing_and_says_so(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("incoming")
    choose(tmp_path / "收文")
    take(page, "导出全部")
    page.files.strip.stop.click()
    rest(jobs, qtbot)
    assert page.toast.sentence() == "已停止导出，没有留下文件"
    assert not (tmp_path / "收文.xlsx").exists()
    assert page.files.strip.isHidden()


def test_a_file_open_elsewhere_is_told_and_kept(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("incoming")
    (tmp_path / "收文.xlsx").write_text("打开着")
    (tmp_path / "~$收文.xlsx").write_text("")
    said: list[object] = []
    page.trouble.connect(said.append)
    choose(tmp_path / "收文.xlsx")
    take(page, "导出全部")
    rest(jobs, qtbot)
    assert isinstance(said[0], Refused)
    assert (tmp_path / "收文.xlsx").read_text() == "打开着"


def test_nothing_happens_when_the_dialog_is_left(
    open_page: OpenPage, choose: Callable[..., None], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("incoming")
    choose(Path())
    for begin in ("导出全部", "存一份导入模板"):
        take(page, begin)
        rest(jobs, qtbot)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["数据"]
