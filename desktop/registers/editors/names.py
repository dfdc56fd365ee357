"""Editors of units and people: names complete from the directory, other names are taken as typed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.registers.completion import Completion
from desktop.registers.editors.base import Words
from desktop.registers.editors.completing import CompletingEditor

_NEW = {"unit": "新增单位", "person": "新增人员"}


class NameEditor(CompletingEditor):
    """One name from the directory `kind` ("unit" or "person"), completed by 汉字, pinyin and initials."""

    new_asked = Signal(str)
    """The clerk wants the typed name entered into the directory."""

    def __init__(self, kind: str, words: Words, parent: QWidget | None = None) -> None:
        """`words.complete` ranks the proposals."""
        super().__init__(several=False, new_label=_NEW.get(kind, "新增"), parent=parent)
        self._kind, self._words = kind, words

    def offers(self, typed: str) -> Sequence[Completion]:
        """What the directory proposes."""
        return self._words.complete(self._kind, typed)

    def _ask_new(self) -> None:
        super()._ask_new()
        self.new_asked.emit(self._typed())


class NamesEditor(NameEditor):
    """Several names separated by 、; the part under the cursor completes. "xfg、" takes the best proposal at once."""

    def __init__(self, kind: str, words: Words, parent: QWidget | None = None) -> None:
        """`words.complete` ranks the proposals."""
        super().__init__(kind, words, parent)
        self._several = True


class ReferenceEditor(CompletingEditor):
    """The number of a record of the register with key `register`, found by any piece of its number or text."""

    list_width = 30  # number and title

    def __init__(self, register: str, words: Words, parent: QWidget | None = None) -> None:
        """`words.records` finds the proposals."""
        super().__init__(several=False, parent=parent)
        self._register, self._words = register, words

    def offers(self, typed: str) -> Sequence[Completion]:
        """The newest records that hold what was typed: number, and title where names show their initials."""
        return self._words.records(self._register, typed)

    def first_choice(self, rows: Sequence[Completion], typed: str) -> int:
        """Enter takes a record whose number was typed; words that merely stand in a title stay as they were typed."""
        return next((n for n, row in enumerate(rows) if typed in row.text), -1)
