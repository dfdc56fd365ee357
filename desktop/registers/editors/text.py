"""Editors of plain text and of a yes or no."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.registers.editors.base import Editor
from desktop.registers.editors.inputs import FlagInput, LineInput, TextInput

_LINE_EM = 1.45  # height of a line of text in em (look.md §1: Noto's own)


class LineEditor(Editor):
    """One line of text; a paste is folded into one line, one beyond 2,000 characters is refused."""

    control: LineInput

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty field."""
        super().__init__(LineInput(), parent)

    def value(self) -> str | None:
        """The text without blanks at its ends; None if nothing is left."""
        return self.control.text().strip() or None

    def set_value(self, value: object | None) -> None:
        """Show `value` as text."""
        self.control.show_text("" if value is None else str(value))


class ParagraphEditor(Editor):
    """Text of `lines` visible lines, scrolling beyond.

    With `enter_leaves` (default for up to two lines: titles) Enter goes on and pasted breaks are folded; without it
    Enter makes a new line and Ctrl+Enter goes on. Shift+Enter goes back in both.
    """

    control: TextInput

    def __init__(self, lines: int = 2, enter_leaves: bool | None = None, parent: QWidget | None = None) -> None:
        """`lines` ≥ 1."""
        super().__init__(TextInput(lines <= 2 if enter_leaves is None else enter_leaves), parent)
        self._lines = lines
        if lines == 1:  # one line is too low for a scroll bar; the cursor scrolls it
            self.control.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()

    def value(self) -> str | None:
        """The text without blanks at its ends; None if nothing is left."""
        return self.control.toPlainText().strip() or None

    def set_value(self, value: object | None) -> None:
        """Show `value` as text."""
        self.control.show_text("" if value is None else str(value))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the number of visible lines when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        by_grid = theme.row() + (self._lines - 1) * theme.up4(_LINE_EM * theme.em())
        frame = 2 * self.control.document().documentMargin() + 4
        self.control.setFixedHeight(
            max(by_grid, math.ceil(self._lines * self.control.fontMetrics().lineSpacing() + frame))
        )


class FlagEditor(Editor):
    """A yes or no: Space ticks, Enter goes on."""

    control: FlagInput

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """`text` stands right of the box, if the label of the form does not say it."""
        super().__init__(FlagInput(text), parent)
        self.control.setMinimumHeight(theme.row())

    def value(self) -> bool:
        """Whether the box is ticked."""
        return self.control.isChecked()

    def set_value(self, value: object | None) -> None:
        """Tick the box if `value` is true."""
        self.control.setChecked(bool(value))
