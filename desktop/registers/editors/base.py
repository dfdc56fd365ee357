"""What all editors have in common: the signals, the pin, the frame of a problem, and what they ask of the store."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from db.rules.workdays import Workdays
from desktop import theme
from desktop.registers.completion import Completion
from desktop.registers.editors.inputs import FlagInput, LineInput, TextInput


class Words(Protocol):
    """What editors know of the office: the day, its working days, its vocabularies and its directories."""

    @property
    def today(self) -> date:
        """The day on which the clerk works; asked anew each time, so that midnight may pass."""
        ...

    @property
    def days(self) -> Workdays:
        """The calendar of working days."""
        ...

    def terms(self, vocabulary: str) -> tuple[str, ...]:
        """The words of a vocabulary in their order."""
        ...

    def complete(self, kind: str, typed: str) -> list[Completion]:
        """What `typed` may be the beginning of, best first; `kind` is "unit" or "person"."""
        ...

    def records(self, register: str, typed: str) -> list[Completion]:
        """The newest numbered records of a register that hold what was typed, as number and title."""
        ...


class Unreadable(ValueError):
    """A field holds text that is no value of its kind; the form must not be saved so."""

    def __init__(self, text: str, sentence: str) -> None:
        """`text` is what the clerk typed, `sentence` says in Chinese what is wrong with it."""
        super().__init__(sentence)
        self.text = text
        self.sentence = sentence


class Editor(QWidget):
    """One field of a form: a control of Qt with the manners of this program.

    A buddy, setFocus, the accessible name and the hint reach the control; objectName stays with the editor.
    """

    changed = Signal()
    """The clerk changed the value; never sent by `set_value`, never while an input method is composing."""
    left_forward = Signal()
    left_back = Signal()
    """Enter and Shift+Enter: the form moves the focus."""
    pin_toggled = Signal(bool)
    refused = Signal(str)
    """A sentence to show at the field: a paste too long, a date that does not exist. The typed text stays."""
    mended = Signal()
    """What `refused` complained about is gone."""

    def __init__(self, control: LineInput | TextInput | FlagInput | QWidget, parent: QWidget | None = None) -> None:
        """`control` becomes the first widget of the editor's row and takes its focus."""
        super().__init__(parent)
        self.control = control
        self._pin: QAction | QPushButton | None = None
        self._pinned = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(control, 1)
        self.setFocusProxy(control)
        if isinstance(control, LineInput | TextInput | FlagInput):
            control.edited.connect(self._take_edit)
            control.forward.connect(self._go_forward)
            control.back.connect(self._go_back)
            control.focused.connect(self._take_focus)
            control.refused.connect(self.refused)
            control.pin_key.connect(self._toggle_pin)

    def value(self) -> object | None:
        """The value, None if the field is empty. Raises Unreadable if the text is no value of this kind."""
        raise NotImplementedError

    def set_value(self, value: object | None) -> None:
        """Show `value`; None empties the field. Sends no signal."""
        raise NotImplementedError

    def settle(self) -> None:
        """Finish what is being typed, as on leaving the field; the form asks for it before it reads the values."""

    def typed(self) -> object | None:
        """The value, or the text as it stands where that is no value of this kind; `set_value` takes both back."""
        try:
            return self.value()
        except Unreadable as trouble:
            return trouble.text

    def is_unreadable(self) -> bool:
        """Whether the field holds text that is no value of its kind."""
        try:
            self.value()
        except Unreadable:
            return True
        return False

    def is_empty(self) -> bool:
        """Whether the field holds nothing at all, not even text that cannot be read; an unticked box is empty."""
        if self.is_unreadable():
            return False
        value = self.value()
        return value is None or value is False

    def opens_on_down(self) -> bool:
        """Whether ↓ without Alt opens a list here: true for a choice, false for a directory."""
        return False

    def is_choosing(self) -> bool:
        """Whether proposals for what was typed are on show."""
        return False

    def composing(self) -> bool:
        """Whether an input method is at work in the field."""
        return bool(getattr(self.control, "composing", False))

    def show_problem(self, blocks: bool | None) -> None:
        """Frame the field in red (`blocks`), in ochre (a note) or, for None, as usual."""
        theme.set_role(self.control, {None: "", True: "bad", False: "noted"}[blocks], "state")

    def set_pinnable(self, pinned: bool | None) -> None:
        """Offer the pin that keeps the value for the next record: True filled, False open, None no pin at all."""
        if pinned is None:
            if isinstance(self._pin, QAction):
                self.control.removeAction(self._pin)
            if self._pin is not None:
                self._pin.deleteLater()
            self._pin = None
        elif self._pin is None:
            self._pin = self._new_pin()
        self._pinned = bool(pinned)
        if isinstance(self.control, LineInput | TextInput | FlagInput):
            self.control.pinnable = pinned is not None
        self._show_pin(self.control.hasFocus())

    def set_cell(self) -> None:
        """Show the field without a frame, as the cell of a table: a line under it, the ring when it has the focus."""
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.set_role(self, "cellRow")
        theme.set_role(self.control, "cell")

    def set_placeholder(self, text: str) -> None:
        """Grey words in the empty field, if its control can show them."""
        if isinstance(self.control, QLineEdit | TextInput):
            self.control.setPlaceholderText(text)

    def set_read_only(self, read_only: bool) -> None:
        """Show the value but take no edits."""
        if isinstance(self.control, QLineEdit | TextInput):
            self.control.setReadOnly(read_only)
        else:
            self.control.setEnabled(not read_only)

    def setAccessibleName(self, name: str) -> None:
        """Name the editor and its control, which is what a screen reader meets."""
        super().setAccessibleName(name)
        self.control.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        """Describe the editor and its control."""
        super().setAccessibleDescription(description)
        self.control.setAccessibleDescription(description)

    def _take_edit(self) -> None:
        self.changed.emit()

    def _go_forward(self) -> None:
        self.left_forward.emit()

    def _go_back(self) -> None:
        self.left_back.emit()

    def _take_focus(self, has: bool) -> None:
        self._show_pin(has)

    def _new_pin(self) -> QAction | QPushButton:
        if isinstance(self.control, QLineEdit):
            action = QAction(self.control)
            self.control.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
            action.triggered.connect(self._toggle_pin)
            return action
        button = QPushButton(self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_role(button, "icon")
        button.clicked.connect(self._toggle_pin)
        if isinstance(self.control, TextInput):
            self.control.set_corner(button)
        else:
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def _show_pin(self, focused: bool) -> None:
        if self._pin is None:
            return
        theme.set_icon(self._pin, "pinned" if self._pinned else "pin", "accent" if self._pinned else "ink2")
        words = "这一栏会留到下一条，按 Ctrl+K 取消" if self._pinned else "把这一栏留到下一条  Ctrl+K"
        self._pin.setToolTip(words)
        self._pin.setText(words) if isinstance(self._pin, QAction) else self._pin.setAccessibleName(words)
        self._pin.setVisible(self._pinned or focused)

    def _toggle_pin(self) -> None:
        if self._pin is None:
            return
        self._pinned = not self._pinned
        self._show_pin(self.control.hasFocus())
        self.pin_toggled.emit(self._pinned)


class SettlingEditor(Editor):
    """An editor that settles whenever it is left, and complains once about a text that is no value."""

    _complained = ""  # the text that was complained about

    def _complain(self, trouble: Unreadable) -> None:
        if trouble.text != self._complained:
            self._complained = trouble.text
            self.show_problem(True)
            self.refused.emit(trouble.sentence)

    def _withdraw(self) -> None:
        if self._complained:
            self._complained = ""
            self.show_problem(None)
            self.mended.emit()

    def _take_edit(self) -> None:
        self._withdraw()
        super()._take_edit()

    def _go_forward(self) -> None:
        self.settle()
        super()._go_forward()

    def _go_back(self) -> None:
        self.settle()
        super()._go_back()

    def _take_focus(self, has: bool) -> None:
        super()._take_focus(has)
        if not has:
            self.settle()
