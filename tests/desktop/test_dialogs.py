"""The few dialogs by themselves: what they show, which keys answer them, what they give back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from db.errors import StoreTrouble, Trouble
from db.resources import RESOURCES
from db.rules.pinyin import Initials
from desktop import input_methods, theme
from desktop.dialogs.help import HelpDialog
from desktop.dialogs.problem import ProblemDialog, dialog_for
from desktop.dialogs.reason import ReasonDialog, missing, voiding
from desktop.dialogs.settings import OfficeChoices, SettingsDialog
from desktop.settings import MachineSettings
from tests.desktop.clerk import ENTER, ESC, button, click, press, texts, type_text

D = TypeVar("D", bound=QDialog)
Show = Callable[[D], D]


@pytest.fixture
def show(qapp: QApplication) -> Iterator[Show[QDialog]]:
    """Shows a dialog with the focus in it; it is freed at the end."""
    theme.dress(qapp, "light")
    shown: list[QDialog] = []

    def show(dialog: QDialog) -> QDialog:
        shown.append(dialog)
        dialog.show()
        dialog.activateWindow()
        assert QTest.qWaitForWindowActive(dialog)
        return dialog

    yield show
    for dialog in shown:
        dialog.close()
        dialog.deleteLater()


def test_a_reason_is_needed_before_enter_voids(show: Show[ReasonDialog]) -> None:
    dialog = show(voiding("蓝政办发〔2022〕3号"))
    assert "作废蓝政办发〔2022〕3号" in texts(dialog)
    assert dialog.reason.hasFocus()
    type_text("  ")
    press(ENTER)
    assert dialog.isVisible()
    assert not dialog.verb_button.isEnabled()
    assert dialog.verb_button.toolTip()
    type_text("文种有误")
    press(ENTER)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_the_reason_of_missing_numbers_starts_with_the_one_that_was_given(show: Show[ReasonDialog]) -> None:
    dialog = show(missing("蓝政办发〔2022〕3号", "停发"))
    assert "缺号：蓝政办发〔2022〕3号" in texts(dialog)
    assert (dialog.reason.text(), dialog.verb_button.isEnabled()) == ("停发", True)
    press(ENTER)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_esc_and_the_other_button_void_nothing(show: Show[ReasonDialog]) -> None:
    for answer in (lambda dialog: press(ESC), lambda dialog: click(button(dialog, "不作废"))):
        dialog = show(voiding("1号"))
        type_text("文种有误")
        answer(dialog)
        assert dialog.result() == QDialog.DialogCode.Rejected
        assert not dialog.isVisible()


def test_a_problem_can_be_tried_again_when_that_makes_sense(show: Show[ProblemDialog]) -> None:
    dialog = show(ProblemDialog("没能保存", "内容都在。", "请再试一次。", can_retry=True))
    press(ENTER)
    assert dialog.retry
    other = show(ProblemDialog("没能保存", "内容都在。", "请再试一次。", can_retry=True))
    press(ESC)
    assert not other.retry


def test_every_word_of_a_problem_is_to_be_read_however_long_a_path_it_names(show: Show[ProblemDialog]) -> None:
    path = "/media/政府办/蓝山县人民政府办公室2026年台账备份/" * 3 + "ledger.db"
    dialog = show(
        ProblemDialog(
            "没能保存：台账文件不见了", f"{path}现在找不到：U 盘拔下了，或文件夹被移走、删去了。" * 2, "请插回。"
        )
    )
    labels = [label for label in dialog.findChildren(QLabel) if label.wordWrap()]
    assert len(labels) == 3
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)
    assert labels[1].height() > 3 * labels[2].height()


def test_a_problem_without_details_has_no_button_for_them(show: Show[ProblemDialog]) -> None:
    dialog = show(ProblemDialog("没能保存", "内容都在。", "请再试一次。"))
    assert [found.text() for found in dialog.findChildren(QPushButton)] == ["知道了"]
    press(ENTER)
    assert not dialog.isVisible()


def test_every_named_trouble_is_told_without_details(show: Show[ProblemDialog]) -> None:
    dialog = show(dialog_for(StoreTrouble(Trouble.BUSY, "正忙", "内容都在。", "请稍等。")))
    assert texts(dialog) == ["正忙", "内容都在。", "请稍等。", "知道了"]


def test_a_defect_is_copied_with_versions_and_place(show: Show[ProblemDialog]) -> None:
    dialog = show(dialog_for(ZeroDivisionError("planted")))
    assert "planted" not in " ".join(texts(dialog))
    click(button(dialog, "复制详情"))
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Python 3")
    assert "ZeroDivisionError" in copied
    assert "planted" not in copied  # an error may quote what was typed


@pytest.fixture
def machine(tmp_path: Path) -> MachineSettings:
    """Settings in a file of the test's own."""
    return MachineSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def test_the_settings_show_what_is_set_and_give_back_what_was_typed(
    show: Show[SettingsDialog], machine: MachineSettings
) -> None:
    machine.scheme, machine.larger = "dark", 2
    choices = OfficeChoices({"office": "蓝山县人民政府办公室", "near_days": "3"}, ("蓝政发", "蓝政办发"))
    dialog = show(SettingsDialog(choices, machine, first=False))
    assert dialog.editors["office"].text() == "蓝山县人民政府办公室"
    assert dialog.codes.text() == "蓝政发、蓝政办发"
    assert dialog.look() == ("dark", 2)
    dialog.editors["office"].setText("  青禾县人民政府办公室 ")
    dialog.codes.setText("青政发、、 青政办发，青政发")
    click(button(dialog, "保存"))
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.office().values["office"] == "青禾县人民政府办公室"
    assert dialog.office().organ_codes == ("青政发", "青政办发")


def test_the_form_of_numbers_is_set_by_an_example_and_one_that_cannot_be_read_is_told(
    show: Show[SettingsDialog], machine: MachineSettings
) -> None:
    choices = OfficeChoices({"normative_number": "LSDR—2022—00001"}, (), (("normative_number", "规范性文件编号"),))
    dialog = show(SettingsDialog(choices, machine, first=False))
    assert dialog.editors["normative_number"].text() == "LSDR—2022—00001"
    dialog.editors["normative_number"].setText("LSDR")
    click(button(dialog, "保存"))
    assert dialog.isVisible()
    assert "看不懂编号样式“LSDR”：要有年份和顺序号，如LSDR—2022—00001；没有保存" in texts(dialog)
    assert dialog.editors["normative_number"].hasFocus()
    dialog.editors["normative_number"].setText("LSGS-2022-001")
    click(button(dialog, "保存"))
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.office().values["normative_number"] == "LSGS-2022-001"


def test_the_first_settings_say_that_work_can_begin(show: Show[SettingsDialog], machine: MachineSettings) -> None:
    dialog = show(SettingsDialog(OfficeChoices({}, ()), machine, first=True))
    assert "先填好单位，就可以登记了" in texts(dialog)
    assert button(dialog, "开始使用").isDefault()
    click(button(dialog, "以后再填"))
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_the_first_settings_ask_for_nothing_that_is_good_as_it_comes(
    show: Show[SettingsDialog], machine: MachineSettings
) -> None:
    first = show(SettingsDialog(OfficeChoices({"near_days": "3"}, ()), machine, first=True))
    assert [name for name, editor in first.editors.items() if editor.isVisible()] == [
        "office", "county", "tabulator", "reviewer", "backup_folder",
    ]  # fmt: skip
    assert first.office().values["near_days"] == "3"
    later = show(SettingsDialog(OfficeChoices({"near_days": "3"}, ()), machine, first=False))
    assert later.editors["near_days"].isVisible()
    assert "个工作日以内到期的，标为临期" in texts(later)


def test_a_figure_that_is_none_is_told_and_a_choice_is_one_of_its_words(
    show: Show[SettingsDialog], machine: MachineSettings
) -> None:
    dialog = show(SettingsDialog(OfficeChoices({"near_days": "3", "reply_classes": "四类"}, ()), machine, first=False))
    assert dialog.office().values["reply_classes"] == "四类"
    dialog.choices["reply_classes"].setCurrentText("三类")
    dialog.editors["near_days"].setText("三天")
    click(button(dialog, "保存"))
    assert "临期提醒写不超过四位的整数；没有保存" in texts(dialog)
    assert dialog.editors["near_days"].hasFocus()
    dialog.editors["near_days"].setText("5")
    click(button(dialog, "保存"))
    assert {name: dialog.office().values[name] for name in ("near_days", "reply_classes")} == {
        "near_days": "5", "reply_classes": "三类",
    }  # fmt: skip


def test_enter_walks_through_the_first_settings_and_saves_in_the_last(
    show: Show[SettingsDialog], machine: MachineSettings
) -> None:
    dialog = show(SettingsDialog(OfficeChoices({"office": "县人民政府办公室"}, ("蓝政发",)), machine, first=True))
    assert dialog.editors["office"].selectedText() == "县人民政府办公室"
    QTest.keyClicks(dialog.editors["office"], "X")
    seen: list[QWidget] = []
    while dialog.isVisible() and len(seen) < 20:
        at = dialog.focusWidget()
        assert at is not None
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Return)
    assert dialog.codes in seen
    assert seen[-1] is dialog.larger
    assert dialog.result() == QDialog.DialogCode.Accepted


@pytest.mark.parametrize(
    ("typed", "county", "codes", "number"),
    [
        ("青田县人民政府办公室", "青田县", "青政发、青政办函", "QTDR—2022—00001"),
        ("湖南省永州市蓝山县人民政府办公室", "蓝山县", "蓝政发、蓝政办函", "LSDR—2022—00001"),
        ("江华瑶族自治县人民政府办公室", "江华瑶族自治县", "江政发、江政办函", "JHDR—2022—00001"),
        ("永州市人民政府办公室", "永州市", "永政发、永政办函", "YZDR—2022—00001"),
        ("办公室", "", "", "LSDR—2022—00001"),
    ],
)
def test_the_first_settings_propose_the_codes_of_the_county_that_is_typed(
    show: Show[SettingsDialog], machine: MachineSettings, typed: str, county: str, codes: str, number: str
) -> None:
    numbers = {"normative_number": "LSDR—2022—00001"}
    choices = OfficeChoices(numbers, ("蓝政发", "蓝政办函"), (("normative_number", "规范性文件编号"),))
    initials = Initials.from_file(RESOURCES / "pinyin/initials.txt").of
    dialog = show(SettingsDialog(choices, machine, first=True, initials=initials))
    assert not dialog.codes.text()
    type_text(typed)
    assert dialog.codes.text() == codes
    assert dialog.editors["county"].text() == county
    assert dialog.editors["normative_number"].text() == number


def test_codes_that_were_typed_are_not_proposed_over(show: Show[SettingsDialog], machine: MachineSettings) -> None:
    dialog = show(SettingsDialog(OfficeChoices({}, ("蓝政发",)), machine, first=True))
    dialog.codes.setFocus()
    type_text("南政发")
    dialog.editors["office"].setFocus()
    type_text("青田县人民政府办公室")
    assert dialog.codes.text() == "南政发"


def test_settings_of_the_machine_that_make_no_sense_are_passed_over(tmp_path: Path, qapp: QApplication) -> None:
    path = tmp_path / "settings.ini"
    path.write_text("[General]\nscheme=purple\nlarger=many\ngeometry=nonsense\n", encoding="utf-8")
    machine = MachineSettings(QSettings(str(path), QSettings.Format.IniFormat))
    assert (machine.scheme, machine.larger) == ("system", 0)
    assert machine.geometry.isEmpty()
    path.write_text("[General]\nlarger=99\n", encoding="utf-8")
    assert MachineSettings(QSettings(str(path), QSettings.Format.IniFormat)).larger == 4


@pytest.mark.parametrize("page", ["print", "no such page"])
def test_help_shows_the_keys_even_where_a_screen_has_no_page(show: Show[HelpDialog], page: str) -> None:
    dialog = show(HelpDialog(page))
    assert "Ctrl+N" in dialog.text.toPlainText()
    QTest.keyClick(dialog.text, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own page")
def test_help_says_how_to_remove_the_program_and_where_the_ledger_stays(show: Show[HelpDialog]) -> None:
    told = show(HelpDialog("today")).text.toPlainText()
    assert "sudo dpkg -r fazhi-ledger" in told
    assert "~/.local/share/fazhi-ledger" in told


def test_help_says_what_to_do_when_no_chinese_can_be_typed(show: Show[HelpDialog]) -> None:
    dialog = show(HelpDialog("print"))
    click(dialog.typing)
    assert "fcitx5" in dialog.text.toPlainText()
    assert f"这台电脑现在：{input_methods.words()}" in dialog.text.toPlainText()
