"""The lock of the month on show: whether it is locked, since when and by whom, and the button that changes it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.registers.actions import Actions


class MonthLockBar(QFrame):
    """Shown beside the monthly summary only; `changed` after the month was locked or unlocked."""

    changed = Signal()
    trouble = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._month: date | None = None
        self._is_locked = False
        self.words, self.button = QLabel(), QPushButton()
        self.words.setWordWrap(True)
        theme.set_role(self.words, "small")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self.words)
        column.addWidget(self.button)
        self.hide()

    def show_month(self, month: date | None) -> None:
        """Show the lock of the month that begins on a day; None: something else is on show."""
        from db.directory.locks import log_of
        from db.rules.rulebook import month_key

        self._month = month
        self.setVisible(month is not None)
        if month is None:
            return
        log = log_of(month_key(month))
        self._is_locked = bool(log and log[-1].is_locked)
        self.button.setText("解锁..." if self._is_locked else "锁定本月...")
        is_over = month_key(month) < month_key(self._actions.today)
        self._actions.permit(
            self.button, "unlock_month" if self._is_locked else "lock_month", self._is_locked or is_over
        )
        if log:
            said = "锁定" if self._is_locked else "解锁"
            when = str(log[-1].at)[:16].replace("T", " ")
            self.words.setText(f"{when} {log[-1].by}{said}：{log[-1].reason}")
        else:
            self.words.setText("签发后锁定：以后的补录、更正会印在汇总上。" if is_over else "本月还没有结束。")

    def _ask(self) -> None:
        from desktop.dialogs.reason import locking

        if self._month is None:
            return
        dialog = locking(f"{self._month.year}年{self._month.month}月", not self._is_locked, self)
        if dialog.exec():
            self.set_lock(dialog.reason.text())
        dialog.deleteLater()

    def set_lock(self, reason: str) -> None:
        """Lock the month on show, or unlock it when it is locked."""
        assert self._month is not None
        try:
            self._actions.lock_month(self._month, not self._is_locked, reason)
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
            return
        self.show_month(self._month)
        self.changed.emit()
