"""The head of a list: its name, how much is listed, the search box with its manners, files, print and new."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from db.record import Record
from desktop import theme
from desktop.registers.actions import Actions

if TYPE_CHECKING:
    from desktop.registers.field_names import FieldNames

_CODE = re.compile(r"\s*fazhi[:：]\w+[:：][0-9a-fA-F]{32}\s*")  # what the QR code of a form says (db/store/codes.py)
_TIP = (
    "几个词之间空一格：都要有\n-词：不要有　“两个 词”：连着\n单位:住建　年:2022　阶段:办结：只在这一项里找\n"
    "打出项目名的两个字，下面会列出来；F1 看全部写法"
)


class SearchBox(QLineEdit):
    """The search box: Esc clears, again goes to the list; Backspace in the empty box takes the last chip.

    `code_given(str)` when the text of a form's QR code was scanned, pasted or typed; the box is then empty again.
    """

    emptied = Signal()
    left = Signal()
    code_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: FieldNames | None = None
        self.setToolTip(_TIP)
        self.textChanged.connect(self._take_code)

    def offer_names(
        self, registers: Sequence[type[Record]], initials: Callable[[str], str], terms: Callable[[str], Sequence[str]]
    ) -> None:
        """Offer the names of the registers' fields while one is typed, behind one the words that it may hold."""
        from desktop.registers.field_names import FieldNames  # with its popup, when the box is first entered

        self._names = FieldNames(self, registers, initials, terms)

    def wanted(self) -> str:
        """What is to be searched for: all that was typed but a field's name behind which nothing stands yet."""
        text = self.text().strip()
        return self._names.finished(text) if self._names else text

    def _take_code(self, text: str) -> None:
        if _CODE.fullmatch(text):
            self.clear()
            self.code_given.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that leave the box or take a condition away, if they are not for the proposals."""
        if self._names and self._names.takes_key(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchNotes(QLabel):
    """Under the search box: what of the search was not understood, a line each; hidden when everything was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search_notes")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(12, 0, 12, 6)
        theme.set_role(self, "ochre", "light")
        self.hide()

    def tell(self, notes: Sequence[str]) -> None:
        """Show these sentences."""
        self.setText("\n".join(notes))
        self.setVisible(bool(notes))


class ListHead(QFrame):
    """The line over the list of a register."""

    def __init__(self, register: type[Record], actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "head")
        self.setFixedHeight(theme.row() + 16)
        title, self.counts = QLabel(register.TITLE), QLabel()
        theme.set_role(title, "h1")
        theme.set_role(self.counts, "muted")
        self.search = SearchBox()
        self.search.setObjectName("search")
        self.search.setAccessibleName(f"搜索{register.TITLE}")
        self.search.setPlaceholderText("搜索文号、标题、单位、拼音首字母    Ctrl+F")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(theme.up4(20 * theme.em()))
        self.files_button, self.print_button, self.new_button = (
            QPushButton(words) for words in ("导入导出", "打印", register.VERB)
        )
        theme.set_role(self.new_button, "primary")
        theme.set_icon(self.new_button, "plus", "on")
        self.new_button.setToolTip("Ctrl+N")
        actions.permit(self.new_button, "save")
        self.print_button.setToolTip("Ctrl+P")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(title)
        line.addWidget(self.counts)
        line.addStretch(1)
        line.addWidget(self.search, 2)
        for button in (self.files_button, self.print_button, self.new_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
