"""Asks for the reason of a voiding or of missing numbers: it is kept and printed beside the number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop import theme

_EDGE = 24  # px
_NAMED = 10  # titles that the question names; the list behind it shows them all


class ReasonDialog(QDialog):
    """One line for a reason; the verb stays shut until it is given."""

    def __init__(
        self, title: str, words: str, hint: str, verb: str, close: str, reason: str = "", parent: QWidget | None = None
    ) -> None:
        """`hint` names the reason and gives an example; `reason` is the one that was given before."""
        super().__init__(parent)
        self.setWindowTitle(verb)
        head, below = QLabel(title), QLabel(words)
        theme.set_role(head, "h2")
        theme.set_role(below, "muted")
        for label in (head, below):
            label.setWordWrap(True)
        self.reason = QLineEdit(reason)
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName(hint.partition("，")[0])
        self.reason.setPlaceholderText(hint)
        self.reason.textChanged.connect(self._follow)
        self.verb_button = QPushButton(verb)
        theme.set_role(self.verb_button, "primary")
        self.verb_button.setToolTip("先写原因")
        self.verb_button.clicked.connect(self.accept)
        shut = QPushButton(close)
        shut.clicked.connect(self.reject)
        pane, foot = QFrame(), QFrame()
        theme.set_role(pane, "pane")
        theme.set_role(foot, "foot")
        body = QVBoxLayout(pane)
        body.setContentsMargins(_EDGE, 16, _EDGE, 16)
        for widget in (head, below, self.reason):
            body.addWidget(widget)
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        line.addStretch(1)
        line.addWidget(shut)
        line.addWidget(self.verb_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(pane)
        column.addWidget(foot)
        self.verb_button.setDefault(True)  # only now: a button without its dialog is the default of none
        self.setFixedWidth(theme.up4(36 * theme.em()))
        for label in (head, below):  # the dialog would ask for the height of fewer, longer lines
            label.ensurePolished()
            label.setMinimumHeight(label.heightForWidth(self.width() - 2 * _EDGE))
        self._follow(reason)

    def _follow(self, text: str) -> None:
        self.verb_button.setEnabled(bool(text.strip()))


def voiding(number: str, parent: QWidget | None = None) -> ReasonDialog:
    """Asks why a number is voided."""
    words = "编号留着，不再用；可以撤销。请写明原因，会印在登记簿上。"
    return ReasonDialog(f"作废{number}", words, "作废原因，如：文种有误", "作废", "不作废", parent=parent)


def emptying(register: str, titles: Sequence[str], parent: QWidget | None = None) -> ReasonDialog:
    """Asks why a register's recycle bin is emptied of the records with these titles."""
    named = "".join(titles[:_NAMED]) + (f"等{len(titles):,}条" if len(titles) > _NAMED else "")
    words = (
        f"{named}。\n内容、关联和附件都清掉，不能撤销；占了的编号仍占用，不再给别的记录。"
        "谁、什么时候、为什么清空，清了哪几条，都写进操作记录。"
    )
    title = f"清空{register}回收站里的 {len(titles):,} 条"
    return ReasonDialog(title, words, "清空原因，如：重复录入的草稿", "清空", "不清空", parent=parent)


def locking(month: str, is_locked: bool, parent: QWidget | None = None) -> ReasonDialog:
    """Asks why a month (2022年12月) is locked, or unlocked again."""
    if is_locked:
        words = "锁定后仍可登记和修改本月的记录，但会作为补录、更正印在月度汇总上。请写明原因，会印在上面。"
        return ReasonDialog(f"锁定{month}", words, "锁定原因，如：已签发报送", "锁定", "不锁定", parent=parent)
    words = "解锁后的改动不再单列，直到重新锁定。解锁的人、时间和原因会印在月度汇总上。"
    return ReasonDialog(f"解锁{month}", words, "解锁原因，如：数字有误，重新签发", "解锁", "不解锁", parent=parent)


def missing(numbers: str, reason: str, parent: QWidget | None = None) -> ReasonDialog:
    """Asks why numbers were never given."""
    words = "这些号没有用过。请写明原因，会印在编号核查表上；可以撤销。"
    return ReasonDialog(f"缺号：{numbers}", words, "缺号原因，如：拟稿后停发", "写明原因", "不写", reason, parent)
