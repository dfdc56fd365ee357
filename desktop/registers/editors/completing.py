"""A line of text with proposals under it: the keys, the part under the cursor, taking a proposal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.registers.completion import ROWS_SHOWN, Completion, CompletionPopup
from desktop.registers.editors.base import Editor
from desktop.registers.editors.inputs import LineInput

SEPARATOR = "、"
_SEPARATORS = re.compile(r"[、,，;；\n]")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS_SHOWN - 1,
    Qt.Key.Key_PageUp: 1 - ROWS_SHOWN,
}


def parts(text: str) -> tuple[str, ...]:
    """The names in `text`, which 、 or another comma or semicolon separates; each once, in order, none empty."""
    stripped = (part.strip() for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in stripped if part))


def part_at(text: str, cursor: int) -> range:
    """The characters of the part of `text` in which position `cursor` stands, without its separators."""
    start = max((found.end() for found in _SEPARATORS.finditer(text, 0, cursor)), default=0)
    after = _SEPARATORS.search(text, cursor)
    return range(start, after.start() if after else len(text))


class CompletingEditor(Editor):
    """The base of editors that propose; subclasses give the proposals in `offers` (and `all_offers` for a closed list).

    The list opens on typing only and its first row is chosen (or the row that is exactly what was typed). Enter takes
    the row and goes on, Tab takes it, and so does a save behind letters; Esc closes the list. Nothing happens during a
    composition.
    """

    control: LineInput
    list_width: ClassVar[float] = 0
    """The least width of the list in em; 0: that of the field."""

    def __init__(self, several: bool, new_label: str = "", parent: QWidget | None = None) -> None:
        """With `several`, the text holds parts separated by 、 and proposals concern the part under the cursor."""
        super().__init__(LineInput(), parent)
        self._several = several
        self._new_label = new_label
        self._popup: CompletionPopup | None = None
        self._offered: tuple[Completion, ...] = ()
        self.control.keys = self._take_key
        self.control.tab_pressed.connect(self._take_chosen)

    def offers(self, typed: str) -> Sequence[Completion]:
        """Proposals for `typed`, best first."""
        raise NotImplementedError

    def first_choice(self, rows: Sequence[Completion], typed: str) -> int:
        """The proposal that Enter takes without an arrow: what was typed exactly, else the best; -1: none."""
        return next((n for n, row in enumerate(rows) if row.text == typed), 0)

    def all_offers(self) -> Sequence[Completion]:
        """What Alt+↓ shows; nothing for an open directory."""
        return ()

    def value(self) -> str | None:
        """The text; of several parts, each once, joined by 、. None if empty."""
        text = self.control.text()
        return (SEPARATOR.join(parts(text)) if self._several else text.strip()) or None

    def set_value(self, value: object | None) -> None:
        """Show a text, or several parts from any iterable of texts."""
        self._close()
        joined = SEPARATOR.join(map(str, value)) if isinstance(value, list | tuple) else value
        self.control.show_text("" if joined is None else str(joined))

    def popup(self) -> CompletionPopup | None:
        """The list while it is open, for tests and for the form's own Esc."""
        return self._popup if self._popup is not None and self._popup.is_open() else None

    def is_choosing(self) -> bool:
        """Whether the list is open."""
        return self.popup() is not None

    def open_list(self) -> None:
        """Show all proposals of a closed list with the present one chosen."""
        if self.control.isReadOnly() or self.composing():
            return
        every = tuple(self.all_offers())
        typed = self._typed()
        at = next((n for n, row in enumerate(every) if row.text == typed), 0)
        self._propose(every, "", at)

    def settle(self) -> None:
        """Letters stand for the proposal that is chosen beside them, as after Enter; other text stays as typed."""
        typed = self._typed()
        if typed.isascii() and typed.isalpha() and not self.composing():
            self._take_chosen()

    def _typed(self) -> str:
        text = self.control.text()
        if not self._several:
            return text.strip()
        found = part_at(text, self.control.cursorPosition())
        return text[found.start : found.stop].strip()

    def _take_edit(self) -> None:
        typed = self._typed()
        if self._several and not typed:
            self._finish_part()
        rows = tuple(self.offers(typed)) if typed else ()
        if len(rows) == 1 and rows[0].text == typed:
            rows = ()
        self._propose(rows, typed, self.first_choice(rows, typed))
        super()._take_edit()

    def _finish_part(self) -> None:
        """A separator was typed behind initials ("xfg、"): the best proposal takes their place; other text stays."""
        text, cursor = self.control.text(), self.control.cursorPosition()
        if not cursor or not _SEPARATORS.match(text[cursor - 1]):
            return
        before = part_at(text, cursor - 1)
        typed = text[before.start : before.stop].strip()
        rows = self.offers(typed) if typed.isascii() and typed.isalnum() else ()
        name = rows[0].text if rows else typed
        if typed and (name != typed or text[cursor - 1] != SEPARATOR):
            head = text[: before.start] + name + SEPARATOR
            self.control.type_text(head + text[cursor:], len(head))

    def _propose(self, rows: tuple[Completion, ...], typed: str, chosen: int) -> None:
        self._offered = rows
        if not rows:
            self._close()
            return
        self._ready_popup().propose(rows, typed, chosen)
        self.control.menu_open = True

    def _ready_popup(self) -> CompletionPopup:
        """The list of this field: a child of the window, so it must go when the field goes."""
        if self._popup is None:
            self._popup = CompletionPopup(self.control, self._new_label, self.list_width)
            self._popup.taken.connect(self._take_row)
            self._popup.new_asked.connect(self._ask_new)
            self._popup.closed.connect(self._note_closed)
            self.destroyed.connect(self._popup.deleteLater)
        return self._popup

    def _close(self) -> None:
        if self._popup is not None:
            self._popup.close_up()

    def _note_closed(self) -> None:
        self.control.menu_open = False

    def _take_row(self, row: int) -> None:
        """Put proposal `row` into the text, for several: in place of the part under the cursor."""
        if not 0 <= row < len(self._offered):
            return
        name = self._offered[row].text
        self._close()
        text, cursor = self.control.text(), len(name)
        if self._several:
            found = part_at(text, self.control.cursorPosition())
            cursor = found.start + len(name)
            name = text[: found.start] + name + text[found.stop :]
        if name != text:
            self.control.blockSignals(True)  # the change is told once, and proposes nothing
            self.control.type_text(name, cursor)
            self.control.blockSignals(False)
            self.changed.emit()

    def _take_chosen(self) -> None:
        if self._popup is not None and self._popup.is_open():
            self._take_row(self._popup.chosen())

    def _ask_new(self) -> None:
        self._close()

    def _take_key(self, event: QKeyEvent) -> bool:
        """The keys of the open list; Alt+↓ opens a closed one."""
        key, alt = event.key(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        if self._popup is None or not self._popup.is_open():
            if key == Qt.Key.Key_Down and (alt or self.opens_on_down()):
                self.open_list()
                return True
            return False
        if key == Qt.Key.Key_Escape or (alt and key == Qt.Key.Key_Up):
            self._close()
        elif key in _STEPS and not alt:
            self._popup.step(_STEPS[Qt.Key(key)])
        elif key in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._take_chosen()
            self._go_forward()
        else:
            return False
        return True

    def _go_forward(self) -> None:
        self._close()
        super()._go_forward()

    def _go_back(self) -> None:
        self.settle()
        self._close()
        super()._go_back()

    def _take_focus(self, has: bool) -> None:
        super()._take_focus(has)
        if has:
            self._ready_popup()  # now, not at the first key
            return
        self._close()
        if self._several and not self.composing():
            tidy = SEPARATOR.join(parts(self.control.text()))
            if tidy != self.control.text():
                self.control.show_text(tidy)
