"""A half-typed form is thrown away by one click, and brought back by the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from db.record import Record
from desktop import theme
from desktop.registers.actions import Actions

if TYPE_CHECKING:
    from desktop.registers.form import RegisterForm  # with all its editors: made after the list stands

_BACK = "取回"


class DiscardButton(QPushButton):
    """On show while something is typed; what was thrown away can be taken back until something else is typed."""

    thrown_away = Signal()

    def __init__(self, words: str, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        theme.set_role(self, "quiet")
        self._words, self._actions = words, actions
        self._form: RegisterForm | None = None
        self._thrown: Mapping[str, Any] | None = None
        self._carried: Mapping[str, Any] = {}
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._take_click)
        self.hide()

    def serve(self, form: RegisterForm) -> None:
        """Throw away what is typed into this form."""
        self._form = form
        form.edited.connect(self._take_edit)

    def offer(self, is_typed: bool) -> None:
        """Another record is on show; `is_typed`: with a draft."""
        self._thrown = None
        self.setText(self._words)
        self.setVisible(is_typed)

    def carry(self, values: Mapping[str, Any]) -> None:
        """These values of pinned fields came from the record before: they stay when what is typed is thrown away."""
        self._carried = values

    def _take_edit(self) -> None:
        self.offer(True)

    def _take_click(self) -> None:
        assert self._form is not None
        if self._thrown is None:
            self._throw_away(self._form)
        else:
            self._form.set_record(self._untouched(self._form), self._thrown)
            self._form.focus_first()
            self._form.edited.emit()

    def _throw_away(self, form: RegisterForm) -> None:
        typed = form.typed()
        pinned = {name: value for name, value in self._carried.items() if form.is_pinned(name)}
        self._actions.keep_draft(form.register, form.record_id, None)
        form.set_record(self._untouched(form), pinned)
        self._thrown = typed
        self.setText(_BACK)
        form.focus_first()
        self.thrown_away.emit()

    def _untouched(self, form: RegisterForm) -> Record:
        """The record as it is stored, or a new one."""
        record = form.record_id
        return self._actions.blank(form.register) if record is None else self._actions.load(form.register, record)
