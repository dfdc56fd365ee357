"""The window: side bar, keys, status bar, trouble and defects in words, a ledger that can only be read."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from db.errors import Refused, StoreTrouble, Trouble
from db.record import Record
from db.registers.outgoing import Outgoing
from db.store.store import Store
from desktop.dialogs.help import HelpDialog
from desktop.dialogs.office import OfficeDialog
from desktop.dialogs.problem import ProblemDialog
from desktop.dialogs.reason import ReasonDialog
from desktop.dialogs.settings import SettingsDialog
from desktop.registers.actions import Actions
from desktop.registers.page import RegisterPage
from desktop.settings import MachineSettings
from desktop.summaries.print_page import PrintPage
from desktop.window.main import FIRST_SIZE, MainWindow
from tests.db.readonly import make_unwritable
from tests.desktop.clerk import (
    CTRL,
    ESC,
    NONE,
    REGISTERS,
    SHIFT,
    button,
    by_key,
    click,
    press,
    sample,
    texts,
    type_text,
)

Open = Callable[[str], RegisterPage]
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)
one_register = pytest.mark.parametrize("register", REGISTERS[:1], ids=by_key)  # what no declaration has a say in
DIGITS = [Qt.Key(Qt.Key.Key_1.value + at) for at in range(9)]


def dialogs(window: MainWindow) -> list[QDialog]:
    """The dialogs on show."""
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def only_dialog(window: MainWindow) -> QDialog:
    """The one dialog on show."""
    shown = dialogs(window)
    assert len(shown) == 1
    return shown[0]


def free() -> None:
    """Let `deleteLater` and the garbage collector do their work."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def test_the_side_bar_counts_the_records_of_the_year_and_follows_every_change(
    window: MainWindow, actions: Actions, store: Store
) -> None:
    assert window.windowTitle().startswith("蓝山县人民政府办公室")
    for register in REGISTERS:
        assert window.side.entry(register.key()).accessibleDescription() == "3 条"
        actions.save(sample(register, store.rules, 7))
        assert window.side.entry(register.key()).accessibleDescription() == "4 条"
        actions.undo()
        assert window.side.entry(register.key()).accessibleDescription() == "3 条"


def test_ctrl_and_a_digit_opens_the_pages_in_their_order(window: MainWindow) -> None:
    for digit, key in zip(DIGITS, [*window.side.keys()], strict=False):
        press(digit, CTRL)
        assert window.side.current() == key
        page = window.current_register()
        others = {"today": window.current_board(), "print": window._printing}
        assert (page.register.key() == key) if page else (window.stack.currentWidget() is others[key])


def test_f6_goes_round_side_bar_list_and_form(window: MainWindow) -> None:
    page = window.current_register()
    assert page is not None
    assert page.table.hasFocus()
    press(Qt.Key.Key_F6)
    assert page.detail.form.isAncestorOf(QApplication.focusWidget())
    press(Qt.Key.Key_F6)
    assert window.side.isAncestorOf(QApplication.focusWidget())
    press(Qt.Key.Key_F6)
    assert page.table.hasFocus()
    press(Qt.Key.Key_F6, SHIFT)
    assert window.side.isAncestorOf(QApplication.focusWidget())
    press(Qt.Key.Key_F6, SHIFT)
    assert page.detail.form.isAncestorOf(QApplication.focusWidget())


def test_the_side_bar_is_a_rail_in_a_narrow_window(window: MainWindow) -> None:
    assert not window.side.is_rail()
    window.resize(1024, 700)
    QTest.qWait(0)
    assert window.side.is_rail()
    window.resize(1200, 700)
    QTest.qWait(0)
    assert not window.side.is_rail()


def test_place_and_size_of_the_window_come_back(
    new_window: Callable[[], MainWindow], settings: MachineSettings
) -> None:
    first = new_window()
    first.resize(790, 666)  # no larger than the screen of a test
    first.show()
    left = first.size()  # a little more where the type is larger
    first.close()
    assert new_window().size() == left != FIRST_SIZE


def test_ctrl_n_on_the_print_page_enters_into_the_first_register(window: MainWindow) -> None:
    window.open_page("print")
    press(Qt.Key.Key_N, CTRL)
    page = window.current_register()
    assert page is not None
    assert page.register is REGISTERS[0]
    assert page.entry is not None


def test_what_is_half_typed_is_kept_when_another_page_is_opened(window: MainWindow, store: Store) -> None:
    press(Qt.Key.Key_N, CTRL)
    type_text("半句话")
    press(Qt.Key.Key_3, CTRL)
    assert [draft.register for draft in store.drafts()] == [REGISTERS[0].key()]
    assert "草稿 1" in texts(window)
    press(Qt.Key.Key_2, CTRL)
    page = window.current_register()
    assert page is not None
    assert page.entry is not None


def test_there_is_nothing_to_redo_at_first(window: MainWindow) -> None:
    page = window.current_register()
    assert page is not None
    press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert page.toast.sentence() == "没有可重做的操作"
    assert page.toast.isVisible()


def test_a_record_without_a_number_goes_to_the_recycle_bin_and_comes_back(
    new_window: Callable[[], MainWindow], window: MainWindow, open_page: Open, actions: Actions
) -> None:
    actions.save(Outgoing(title="未编号的稿子", series="蓝政发", kind="通知"))
    page = open_page(Outgoing.key())
    assert page.table.select_id(4)
    page.table.setFocus()
    press(Qt.Key.Key_Delete)
    assert page.toast.sentence() == "已移入回收站：《未编号的稿子》"
    assert page.table.records().rowCount() == 3
    window.side.bin_asked.emit()
    assert page.table.records().rowCount() == 1
    assert "回收站" in [chip.text() for chip in page.filters._chips]
    assert page.detail.record.title == "未编号的稿子"
    (restore,) = (action for action in page.detail._menu.actions() if action.text() == "恢复（移出回收站）")
    restore.trigger()
    assert page.table.records().rowCount() == 0
    window.side.chosen.emit(Outgoing.key())
    page._clear()
    assert page.table.records().rowCount() == 4


def test_trouble_of_the_machine_is_told_in_words_without_details(window: MainWindow) -> None:
    window.show_trouble(StoreTrouble(Trouble.FULL, "没能保存：磁盘已满", "已登记的内容都在。", "请删去不用的文件。"))
    dialog = only_dialog(window)
    assert texts(dialog) == ["没能保存：磁盘已满", "已登记的内容都在。", "请删去不用的文件。", "知道了"]


def planted_defect(window: MainWindow) -> None:
    """Something that nobody foresaw."""
    try:
        int("planted")
    except ValueError as error:
        window.show_trouble(error)


def test_a_defect_is_told_in_plain_words_and_its_details_only_go_to_the_clipboard(window: MainWindow) -> None:
    planted_defect(window)
    dialog = only_dialog(window)
    words = " ".join(texts(dialog))
    assert "程序遇到没有料到的问题" in words
    for foreign in ("Traceback", "ValueError", "planted", "Error", "错误"):
        assert foreign not in words
    click(button(dialog, "复制详情"))
    copied = QGuiApplication.clipboard().text()
    assert "Traceback" in copied
    assert "ValueError" in copied
    assert "invalid literal" not in copied  # an error may quote what was typed
    assert "planted_defect" in copied


def test_a_refusal_is_a_toast_and_no_dialog(window: MainWindow) -> None:
    window.show_trouble(Refused("不行"))
    page = window.current_register()
    assert page is not None
    assert page.toast.sentence() == "不行"
    assert dialogs(window) == []


@one_register
def test_trouble_while_saving_keeps_what_was_typed(
    open_page: Open, window: MainWindow, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    page.detail.form.focus(register.SUBJECT)
    press(Qt.Key.Key_A, CTRL)
    type_text("写不进去")
    store.connection.execute("PRAGMA query_only = 1")
    press(Qt.Key.Key_S, CTRL)
    store.connection.execute("PRAGMA query_only = 0")
    dialog = only_dialog(window)
    assert "没能保存：台账文件只能读" in texts(dialog)
    dialog.close()
    assert page.detail.form.editors[register.SUBJECT].value() == "写不进去"
    page.detail.form.focus(register.SUBJECT)
    press(Qt.Key.Key_S, CTRL)
    assert getattr(store.load(register, page.detail.record.id), register.SUBJECT) == "写不进去"


def test_a_ledger_in_a_folder_that_cannot_be_written_is_shown_and_not_changed(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    unwritable = make_unwritable()
    request.addfinalizer(lambda: unwritable.__exit__(None, None, None))
    unwritable.__enter__()(folder)
    window: MainWindow = request.getfixturevalue("window")
    assert "只能查看，不能修改" in texts(window)
    open_page: Open = request.getfixturevalue("open_page")
    for register in REGISTERS:
        page = open_page(register.key())
        assert page.table.records().rowCount() == 3
        page.detail.form.focus(register.SUBJECT)
        type_text("改")
        press(Qt.Key.Key_S, CTRL)
        assert not page.detail.form.is_dirty
        assert not page.detail.save_button.isEnabled()
        assert page.detail.save_button.toolTip() == window._actions.store.reason != ""
        assert window._actions.store.reason in texts(page.toast)


def test_the_office_is_renamed_and_the_look_is_changed_in_the_settings(
    window: MainWindow, store: Store, settings: MachineSettings, qapp: QApplication
) -> None:
    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, OfficeDialog)
        dialog = dialog.own
        dialog.editors["office"].setText("青禾县人民政府办公室")
        dialog.codes.setText("青政发、青政办发、青政发")
        dialog.scheme.setCurrentIndex(dialog.scheme.findData("dark"))
        dialog.larger.setCurrentIndex(1)
        dialog.accept()

    size = qapp.font().pointSizeF()
    QTimer.singleShot(0, fill_in)
    window.open_settings()
    assert store.rules.setting("office") == "青禾县人民政府办公室"
    assert store.rules.words("organ_code") == ("青政发", "青政办发")
    assert (settings.scheme, settings.larger) == ("dark", 1)
    assert qapp.font().pointSizeF() == size + 1
    assert window.windowTitle().startswith("青禾县人民政府办公室")


def test_settings_that_are_not_saved_change_nothing(window: MainWindow, store: Store) -> None:
    def reject() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, OfficeDialog)
        dialog = dialog.own
        dialog.editors["office"].setText("别的单位")
        dialog.reject()

    QTimer.singleShot(0, reject)
    window.open_settings()
    assert store.rules.setting("office") == "蓝山县人民政府办公室"


@every_register
def test_f1_shows_the_page_of_this_screen_and_the_keys(
    open_page: Open, window: MainWindow, register: type[Record]
) -> None:
    open_page(register.key())
    press(Qt.Key.Key_F1)
    dialog = only_dialog(window)
    assert isinstance(dialog, HelpDialog)
    words = dialog.text.toPlainText()
    assert register.TITLE in words
    assert "Ctrl+N" in words


def help_dialog(window: MainWindow) -> None:
    """Open and close the help."""
    press(Qt.Key.Key_F1)
    only_dialog(window).close()


def settings_dialog(window: MainWindow) -> None:
    """Open and close the settings."""
    QTimer.singleShot(0, close_modal)
    window.open_settings()


def reason_dialog(window: MainWindow) -> None:
    """Ask for a reason and give none."""
    QTimer.singleShot(0, close_modal)
    press(Qt.Key.Key_Delete)


def problem_dialog(window: MainWindow) -> None:
    """Show a defect and close it."""
    planted_defect(window)
    only_dialog(window).close()


def close_modal() -> None:
    """Close the dialog that waits."""
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.close()


@pytest.mark.parametrize(
    ("kind", "use"),
    [(HelpDialog, help_dialog), (SettingsDialog, settings_dialog), (ReasonDialog, reason_dialog),
     (ProblemDialog, problem_dialog)],
)  # fmt: skip
def test_a_dialog_that_was_closed_is_freed(
    window: MainWindow, kind: type[QDialog], use: Callable[[MainWindow], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[QDialog]] = []
    original = kind.__init__

    def remember(dialog: QDialog, *args: object, **options: object) -> None:
        original(dialog, *args, **options)
        made.append(weakref.ref(dialog))

    monkeypatch.setattr(kind, "__init__", remember)
    use(window)
    free()
    assert len(made) == 1
    assert made[0]() is None
    assert window.findChildren(kind) == []


def test_ctrl_p_prints_the_list_on_show(window: MainWindow) -> None:
    press(Qt.Key.Key_P, CTRL)
    page = window.stack.currentWidget()
    assert isinstance(page, PrintPage)
    assert page.choices.report.currentData() == REGISTERS[0].key()


def test_esc_in_quick_entry_goes_back_to_the_list(window: MainWindow) -> None:
    press(Qt.Key.Key_N, CTRL)
    press(ESC, NONE)
    page = window.current_register()
    assert page is not None
    assert page.entry is None
    assert page.table.hasFocus()


def test_on_a_screen_too_small_for_its_first_size_the_window_fills_the_screen(
    new_window: Callable[[], MainWindow],
) -> None:
    window = new_window()
    window.show_first(QSize(1920, 1040))
    assert not window.isMaximized()
    window.show_first(QSize(1366, 738))  # 1366 × 768 less a task bar: the title bar would push the status bar off it
    assert window.isMaximized()
