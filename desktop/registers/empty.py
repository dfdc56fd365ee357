"""What stands where a list would be: nothing was entered yet, or nothing was found (look.md §2 "Empty state")."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.registers.actions import Actions

ICON, EDGE = 48, 24  # px
LINE_EM = 40  # characters of a line of running text

_SHOWN = 12  # characters of what was searched for


class EmptyState(QFrame):
    """An icon, what is missing, what this register is for, and the ways to begin.

    `action_asked` (primary), `import_asked`, `help_asked`; `clear_asked` takes the place of all of them after
    `show_nothing_found`. A button without words is not shown.
    """

    action_asked = Signal()
    import_asked = Signal()
    help_asked = Signal()
    clear_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until `show_empty` or `show_nothing_found`."""
        super().__init__(parent)
        theme.set_role(self, "pane")
        self._icon, self._title, self._sentence = QLabel(), QLabel(), QLabel()
        theme.set_role(self._title, "h2")
        theme.set_role(self._sentence, "muted")
        self._sentence.setWordWrap(True)
        for label in (self._icon, self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._action = self._new_button("primary")
        self._import = self._new_button("")
        self._help = self._new_button("quiet")
        self._clear = self._new_button("")
        self._clear.setText("清除条件")
        theme.set_icon(self._action, "plus", "on")
        for button, asked in (
            (self._action, self.action_asked), (self._import, self.import_asked), (self._help, self.help_asked),
            (self._clear, self.clear_asked),
        ):  # fmt: skip
            button.clicked.connect(asked)
        self._lay_out()

    def permit(self, actions: Actions) -> None:
        """Shut the ways that whoever works here may not go."""
        actions.permit(self._action, "save")
        actions.permit(self._import, "import")

    def show_empty(
        self,
        icon: str,
        title: str,
        sentence: str,
        action: str,
        import_words: str = "从表格导入",
        help_words: str = "这本台账记什么  F1",
    ) -> None:
        """Nothing was entered yet: "还没有重大行政决策", what the register is for, "登记决策  Ctrl+N"."""
        theme.set_icon(self._icon, icon, "edge", ICON)
        self._title.setText(title)
        self._sentence.setText(sentence)
        for button, words in ((self._action, action), (self._import, import_words), (self._help, help_words)):
            button.setText(words)
            button.setVisible(bool(words))
        self._icon.show()
        self._sentence.setVisible(bool(sentence))
        self._clear.hide()
        self._lay_sentence()
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def show_nothing_found(self, words: str = "", title: str = "没有找到") -> None:
        """The filter found nothing: that, and the way out, nothing else.

        `words` are searched for among other conditions; they stay when these go, since it is often another year's.
        """
        self._title.setText(title)
        self._clear.setText(
            f"去掉条件，只找“{words[:_SHOWN]}{'…' if len(words) > _SHOWN else ''}”" if words else "清除条件"
        )
        for widget in (self._icon, self._sentence, self._action, self._import, self._help):
            widget.hide()
        self._clear.show()
        self.setAccessibleName(title)
        self.setAccessibleDescription("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the sentence anew."""
        super().resizeEvent(event)
        self._lay_sentence()

    def minimumSizeHint(self) -> QSize:
        """The sentence breaks into as many lines as it takes."""
        return QSize(int(16 * theme.em()), super().minimumSizeHint().height())

    def _lay_sentence(self) -> None:
        """Lines of about the same length, none longer than a line of running text or than there is room."""
        em = theme.em()
        room = min(LINE_EM * em, max(8 * em, self.width() - 2 * EDGE))
        words = self._sentence.fontMetrics().horizontalAdvance(self._sentence.text()) + 4
        lines = math.ceil(words / room)
        width = int(words if lines == 1 else min(room, words / lines + 2 * em))
        # Both: the layout would ask for the height at its own width, where the sentence takes fewer lines.
        self._sentence.setFixedSize(width, max(0, self._sentence.heightForWidth(width)))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self._action, self._import, self._clear):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(0)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        for widget, gap in ((self._icon, 12), (self._title, 8), (self._sentence, 16)):
            column.addWidget(widget, 0, centre)
            column.addSpacing(gap)
        column.addLayout(buttons)
        column.addSpacing(8)
        column.addWidget(self._help, 0, centre)
        column.addStretch(2)  # above the middle, where the eye is

    @staticmethod
    def _new_button(role: str) -> QPushButton:
        button = QPushButton()
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_role(button, role)
        button.hide()
        return button
