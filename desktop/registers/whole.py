"""The offer to select all that a list holds, once what is on the screen is selected, as mail programs make it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop import theme
from desktop.registers.picked import Stretches


def covers(stretches: Stretches, rows: range) -> bool:
    """Whether all of some rows, more than one, are selected."""
    return len(rows) > 1 and any(one.start <= rows.start and rows.stop <= one.stop for one in stretches)


class WholeOffer(QFrame):
    """At the foot of a list, so that no row moves under the mouse when it comes; `taken()` when its link is used."""

    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "foot")
        self.setFixedHeight(theme.row() + 4)
        self._words, self.link = QLabel(), QPushButton()
        theme.set_role(self.link, "quiet")
        self.link.setObjectName("whole")
        self.link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.link.clicked.connect(self.taken)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(4)
        line.addWidget(self._words)
        line.addWidget(self.link)
        line.addStretch(1)
        self.hide()

    def show_counts(self, picked: int, listed: int, is_screen_picked: bool) -> None:
        """Offer all `listed` records when those on the screen are selected and some are not."""
        self._words.setText(f"屏幕上的都选中了，共选中 {picked:,} 条。")
        self.link.setText(f"选中全部 {listed:,} 条")
        self.setVisible(is_screen_picked and picked < listed)
