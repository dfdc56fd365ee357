"""The foot of the record beside the list: void at the left; what became of it, save and the next step at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from db.record import Record
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.discarding import DiscardButton


class RecordFoot(QFrame):
    """Buttons that whoever works here may not press are shut, and say why; `state` tells what became of the form."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "foot")
        self._actions = actions
        self.side, self.save, self.next = QPushButton("作废..."), QPushButton("保存"), QPushButton()
        self.discard = DiscardButton("放弃修改", actions)
        self.state = QLabel()
        self.discard.thrown_away.connect(self.state.clear)
        theme.set_role(self.state, "small")
        theme.set_role(self.next, "primary")
        self.save.setToolTip("Ctrl+S")
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 16, 8)
        line.addWidget(self.side)
        line.addStretch(1)
        for widget in (self.state, self.discard, self.save, self.next):
            line.addWidget(widget)
        for button in (self.side, self.save, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_record(self, record: Record, step: str) -> None:
        """Offer what can be done with a record; `step` is the verb of its next step, "" when there is none."""
        self.next.setVisible(bool(step) and not record.voided_on)
        self.next.setText(step)
        self.side.setText("作废..." if record.number else "删除")
        self._actions.permit(self.side, "void", may=not record.voided_on)
        for button in (self.save, self.next):
            self._actions.permit(button, "save")
