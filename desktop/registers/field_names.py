"""Names of fields offered in a search box while one is typed, 单位: 阶段:, and behind one the words that it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from db.record import Record, TermField
from db.store.field_words import LIGHT, LIGHT_WORDS, STAGE, labels
from desktop.registers.completion import ROWS_SHOWN, Completion, CompletionPopup

_LEAST = 2  # characters from which a name is offered
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS_SHOWN, Qt.Key.Key_PageUp: -ROWS_SHOWN}
_TAKE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class FieldNames(QObject):
    """The proposals under a search box; nothing is chosen until ↓ is pressed, so that Enter goes on as ever."""

    def __init__(
        self, box: QLineEdit, registers: Sequence[type[Record]], initials: Callable[[str], str],
        terms: Callable[[str], Sequence[str]],
    ) -> None:  # fmt: skip
        """`terms` gives the words of a vocabulary."""
        super().__init__(box)
        self._box, self._registers, self._initials, self._terms = box, registers, initials, terms
        self._popup: CompletionPopup | None = None
        self._names: dict[str, str] = {}
        self._offered: list[str] = []
        box.textEdited.connect(self.offer)

    def offer(self, _text: str = "") -> None:
        """Offer what the word before the cursor may become."""
        word = self._word()
        found = [name for name in self._proposals(word) if name != word][:ROWS_SHOWN]
        self._offered = found
        if found and self._popup is None:
            self._popup = CompletionPopup(self._box)
            self._popup.taken.connect(self.take)
        if self._popup is not None:
            rows = [Completion(name, "", 0) for name in found]
            self._popup.propose(rows, word.rpartition("：")[2].rpartition(":")[2], -1)

    def takes_key(self, event: QKeyEvent) -> bool:
        """Whether a key was for the proposals: walk, take, close."""
        popup = self._popup
        if popup is None or not popup.is_open():
            return False
        key = Qt.Key(event.key())
        if key in _STEPS:
            popup.step(_STEPS[key])
        elif key == Qt.Key.Key_Escape:
            popup.close_up()
        elif key in _TAKE and popup.chosen() >= 0:
            self.take(popup.chosen())
        else:
            if key in _TAKE:
                popup.close_up()
            return False
        return True

    def take(self, row: int) -> None:
        """Put a proposal in place of the word before the cursor."""
        box, word = self._box, self._word()
        text, end = box.text(), box.cursorPosition()
        taken = self._offered[row]
        if self._popup is not None:
            self._popup.close_up()
        box.setText(text[: end - len(word)] + taken + text[end:])
        box.setCursorPosition(end - len(word) + len(taken))
        box.setFocus()
        box.textEdited.emit(box.text())

    def _word(self) -> str:
        """What stands between the last blank and the cursor."""
        before = self._box.text()[: self._box.cursorPosition()]
        return before.split()[-1] if before and not before[-1].isspace() else ""

    def _proposals(self, word: str) -> list[str]:
        name, colon, typed = word.removeprefix("-").replace("：", ":").partition(":")
        minus = "-" if word.startswith("-") else ""
        if colon:
            letters = typed.lower()
            return [
                f"{minus}{name}:{value}"
                for value in self._values(name)
                if value.startswith(typed) or self._initials(value).startswith(letters)
            ]
        if len(name) < _LEAST:
            return []
        names, wanted = self._known(), name.lower()
        first = [one for one, letters in names.items() if one.startswith(name) or letters.startswith(wanted)]
        within = [one for one in names if name in one and one not in first]  # 单位 offers 来文单位 as well
        return [f"{minus}{label}:" for label in (*first, *within)]

    def _known(self) -> dict[str, str]:
        """The names with their initials; those of the first register come first."""
        if not self._names:
            every = dict.fromkeys(label for register in self._registers for label in labels(register))
            self._names = {label: self._initials(label) for label in every}
        return self._names

    def _values(self, name: str) -> list[str]:
        if name in STAGE:
            return list(dict.fromkeys(stage.label for register in self._registers for stage in register.STAGES))
        if name in LIGHT:
            return list(LIGHT_WORDS)
        vocabularies = dict.fromkeys(
            field.vocabulary
            for register in self._registers
            for table in (register, *register.LINES)
            for field in table._meta.sorted_fields
            if isinstance(field, TermField) and field.verbose_name == name
        )
        return list(dict.fromkeys(word for one in vocabularies for word in self._terms(one)))

    def finished(self, text: str) -> str:
        """A text without the name of a field at its end behind whose colon nothing stands yet."""
        before, _blank, last = text.rstrip().rpartition(" ")
        name = last.removeprefix("-").replace("：", ":")
        return before if name.endswith(":") and name[:-1] in self._known() else text
