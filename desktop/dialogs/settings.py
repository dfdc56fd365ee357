"""The few things that an office sets: its name, its 机关代字, who signs; and the look of this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from db.rules.numbering import mask_of
from desktop import theme
from desktop.registers.marks import NoteLine, ProblemLine
from desktop.settings import MachineSettings

_SEPARATORS = re.compile(r"[、,，;；\s]+")
# The county's own name in that of its office: 湖南省永州市蓝山县人民政府办公室.
_COUNTY = re.compile(r"(?:.+?(?:省|自治区))?(?:.+?市(?=.))?(?P<name>[^省市]{1,8}?)(?:自治)?[县区市旗]")
_HOME = re.compile(r"^[^政]*")  # the county in a 机关代字
_LETTERS = re.compile(r"^[A-Z]+")  # the county in a number of the kind of LSDR—2022—00001
SECOND_PLACE = "backup_folder"
SCHEMES = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))
SIZES = ("标准", "大一号", "大两号", "大三号", "大四号")


@dataclass(frozen=True)
class OfficeChoices:
    """What the dialog shows and gives back: settings by name, and the 机关代字.

    `examples` are (setting, label) of the numbers whose form the office sets by an example (LSDR—2022—00001).
    """

    values: dict[str, str]
    organ_codes: tuple[str, ...]
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Refined:
    """A figure, or one of the `choices`, with what it does (`words`) beside it."""

    name: str
    label: str
    words: str
    choices: tuple[str, ...] = ()


class SettingsDialog(QDialog):
    """Edits the office's settings and the look; nothing is changed before 保存."""

    FIELDS = (
        ("office", "单位全称", "如蓝山县人民政府办公室，印在每张表上"),
        ("county", "县名", "如蓝山县，写进年度报告"),
        ("tabulator", "制表人", "可空"),
        ("reviewer", "审核人", "可空"),
    )
    REFINED = (  # what is good as it comes: not asked at the first start
        Refined("near_days", "临期提醒", "个工作日以内到期的，标为临期"),
        Refined("far_days", "剩余日数", "个工作日以内写“剩 n 日”，更远的写到期的日子"),
        Refined("ranking_base", "排名基数", "件：应办结的不足这么多，不参加排名"),
        Refined("ranking_merges", "排名并入", "排名时，更名、合并的单位并入现单位", ("否", "是")),
        Refined("reply_classes", "答复类别", "建议提案的答复按哪一套分类", ("三类", "四类", "四类解释")),
        Refined("feedback_base", "满意率", "按哪些答复算", ("已反馈", "含未反馈")),
        Refined("attachment_mb", "附件上限", "MB：更大的文件不收"),
        Refined("backup_soon_days", "备份提醒", "天没有备份而有改动，状态栏变黄"),
        Refined("backup_late_days", "备份告急", "天没有备份而有改动，状态栏变红"),
    )

    wants_backup = False  # whether, at the first start, the ledger is to come from a backup

    def __init__(
        self, choices: OfficeChoices, settings: MachineSettings, first: bool, parent: QWidget | None = None,
        initials: Callable[[str], str] = str, why: str = "",
    ) -> None:  # fmt: skip
        """`first`: the very first start, when nothing is set yet; `initials` gives the pinyin initials of a text.

        `why` says why whoever works here may not change what the office has set; the look is his own.
        """
        super().__init__(parent)
        self.setWindowTitle("设置")
        title = QLabel("先填好单位，就可以登记了" if first else "设置")
        theme.set_role(title, "h1")
        words = QLabel("数据只存在这台电脑上；这些以后都可以改。")
        theme.set_role(words, "muted")
        form = QFormLayout()
        self.editors: dict[str, QLineEdit] = {}
        numbers = ((name, label, "写一个样子，如LSDR—2022—00001") for name, label in choices.examples)
        self._examples = tuple(name for name, _label in choices.examples)
        for name, label, hint in (*self.FIELDS, *numbers):
            editor = QLineEdit(choices.values.get(name, ""))
            editor.setObjectName(name)
            editor.setPlaceholderText(hint)
            self.editors[name] = editor
            form.addRow(label, editor)
        self.choices: dict[str, QComboBox] = {}
        for refined in self.REFINED:
            self._make_refined(refined, choices.values.get(refined.name, ""))
        self.codes = QLineEdit("、".join(choices.organ_codes))
        self.codes.setObjectName("organ_codes")
        self.codes.setPlaceholderText("用顿号分开，如蓝政办发、蓝政办函")
        form.addRow("机关代字", self.codes)
        form.addRow("第二备份位置", self._second_place(choices.values.get(SECOND_PLACE, "")))
        self._add_look(form, settings)
        if not first:
            self._add_refined(form)
        self._last: QWidget = self.larger if first or why else self.editors[self.REFINED[-1].name]
        pane = QFrame()
        theme.set_role(pane, "pane")
        body = QVBoxLayout(pane)
        body.setContentsMargins(32, 24, 32, 24)
        body.addWidget(title)
        body.addWidget(words)
        body.addLayout(form)
        self._add_lines(body, why)
        body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(pane if first else _scrolled(pane), 1)
        column.addWidget(self._foot(first))
        self._save.setDefault(True)  # only now: a button without its dialog is the default of none
        self.setMinimumWidth(theme.up4(42 * theme.em()))
        self._initials, self._samples = initials, choices.organ_codes
        if first:
            self._wait_for_name()
        self.editors["office"].selectAll()  # the name that stands there is a sample, or is replaced whole

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field as in every form, so that no 机关代字 is taken unseen; in the last it saves."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(self.focusWidget(), (QLineEdit, QComboBox)) and not self._last.hasFocus():
            self.focusNextChild()
            while isinstance(self.focusWidget(), QPushButton):  # Enter on 选择... would open it
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Close with what was typed; an example or a figure that cannot be read is told and stays to be mended."""
        for name in self._examples:
            try:
                mask_of(self.editors[name].text())
            except ValueError as error:
                self._complain(self.editors[name], str(error))
                return
        for refined in self.REFINED:
            if not refined.choices and not re.fullmatch("[0-9]{0,4}", self.editors[refined.name].text().strip()):
                self._complain(self.editors[refined.name], f"{refined.label}写不超过四位的整数")
                return
        super().accept()

    def _complain(self, editor: QLineEdit, words: str) -> None:
        self.problem.set_sentence(f"{words}；没有保存")
        self.problem.show()
        editor.setFocus()

    def _add_look(self, form: QFormLayout, settings: MachineSettings) -> None:
        """What belongs to this machine."""
        self.scheme, self.larger = QComboBox(), QComboBox()
        for key, label in SCHEMES:
            self.scheme.addItem(label, key)
        self.scheme.setCurrentIndex(max(self.scheme.findData(settings.scheme), 0))
        self.larger.addItems(SIZES)
        self.larger.setCurrentIndex(settings.larger)
        form.addRow("颜色", self.scheme)
        form.addRow("字号", self.larger)

    def _add_refined(self, form: QFormLayout) -> None:
        for refined in self.REFINED:
            told = QLabel(refined.words)
            theme.set_role(told, "muted")
            control = self.choices.get(refined.name) or self.editors[refined.name]
            control.setFixedWidth(theme.up4(7 * theme.em()))
            control.setAccessibleDescription(refined.words)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(control)
            line.addWidget(told, 1)
            form.addRow(refined.label, line)

    def _make_refined(self, refined: Refined, value: str) -> None:
        if not refined.choices:
            self.editors[refined.name] = QLineEdit(value)
            self.editors[refined.name].setObjectName(refined.name)
            return
        self.choices[refined.name] = control = QComboBox()
        control.setObjectName(refined.name)
        control.addItems(list(dict.fromkeys((*refined.choices, *filter(None, [value])))))
        control.setCurrentText(value or refined.choices[0])

    def _add_lines(self, body: QVBoxLayout, why: str) -> None:
        """The line that tells of a problem; if there is a reason, the one that tells it, and the office's is shut."""
        self.problem = ProblemLine("")
        self.problem.hide()
        body.addWidget(self.problem)
        self.may_set = not why
        if why:
            body.insertWidget(2, NoteLine(why))  # over the fields: the page may be longer than the window
            for shut in (*self.editors.values(), *self.choices.values(), self.codes, self._pick):
                shut.setEnabled(False)
                shut.setToolTip(why)

    def _wait_for_name(self) -> None:
        """Show no 机关代字 of another county; the office's name tells what they begin with."""
        self.codes.setText("")
        self.editors["office"].textEdited.connect(self._propose)

    def _propose(self, name: str) -> None:
        """Let 机关代字 and numbers begin like those of the county in the name, as long as nobody has typed others."""
        found = _COUNTY.match(name)
        place = found["name"] if found else ""
        if not self.editors["county"].isModified():
            self.editors["county"].setText(name[found.start("name") : found.end()] if found else "")
        if not self.codes.isModified():
            codes = [f"{place[0]}{_HOME.sub('', code)}" for code in self._samples] if place else []
            self.codes.setText("、".join(codes))
        letters = self._initials(place[:2]).upper() if place else ""
        for example in self._examples:
            editor = self.editors[example]
            if letters and not editor.isModified():
                editor.setText(_LETTERS.sub(f"{letters}DR", editor.text()))

    def _second_place(self, folder: str) -> QWidget:
        """Where a second copy of each backup goes, typed or picked; empty for nowhere."""
        editor, pick = QLineEdit(folder), QPushButton("选择...")
        self._pick = pick
        editor.setObjectName(SECOND_PLACE)
        editor.setPlaceholderText("另一块磁盘或 U 盘上的文件夹，可空")
        self.editors[SECOND_PLACE] = editor
        pick.setAutoDefault(False)  # Enter elsewhere does not mean it
        pick.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        pick.clicked.connect(self._pick_second_place)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(editor, 1)
        line.addWidget(pick)
        return whole

    def _pick_second_place(self) -> None:
        editor = self.editors[SECOND_PLACE]
        folder = QFileDialog.getExistingDirectory(self, "第二备份位置", editor.text())
        if folder:
            editor.setText(folder)

    def _foot(self, first: bool) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        keep = "保存" if self.may_set else "保存颜色和字号"
        save, close = QPushButton("开始使用" if first else keep), QPushButton("以后再填" if first else "不改")
        theme.set_role(save, "primary")
        self._save = save
        save.clicked.connect(self.accept)
        close.clicked.connect(self.reject)
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        if first:
            line.addWidget(self._new_restore_button())
        line.addStretch(1)
        line.addWidget(close)
        line.addWidget(save)
        return foot

    def _new_restore_button(self) -> QPushButton:
        """On a new computer the ledger may come from a backup."""
        restore = QPushButton("从备份恢复...")
        restore.setAutoDefault(False)
        theme.set_role(restore, "quiet")
        restore.clicked.connect(self._ask_backup)
        return restore

    def _ask_backup(self) -> None:
        self.wants_backup = True
        self.reject()

    def office(self) -> OfficeChoices:
        """What stands in the dialog."""
        values = {name: editor.text().strip() for name, editor in self.editors.items()}
        values |= {name: control.currentText() for name, control in self.choices.items()}
        codes = dict.fromkeys(filter(None, _SEPARATORS.split(self.codes.text())))
        return OfficeChoices(values, tuple(codes))

    def look(self) -> tuple[str, int]:
        """The chosen colours and size of type."""
        return self.scheme.currentData(), self.larger.currentIndex()


def _scrolled(pane: QWidget) -> QScrollArea:
    """The pane with a scroll bar where the screen is too low for it."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(pane)
    return scroll
