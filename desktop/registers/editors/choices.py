"""Editors of a closed list: one word of it, or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from db.rules.pinyin import fit
from desktop import theme
from desktop.registers.completion import Completion
from desktop.registers.editors.base import SettlingEditor, Unreadable
from desktop.registers.editors.completing import SEPARATOR, CompletingEditor, parts

Choice = str | tuple[str, str]


def found_among(rows: Sequence[Completion], typed: str) -> list[Completion]:
    """The rows that `typed` may mean, best first (db.rules.pinyin.fit).

    A figure means the place in the list (1 = first) unless a word holds that figure.
    """
    ranks = {at: rank for at, row in enumerate(rows) if (rank := fit(row.text, row.initials, typed)) is not None}
    fitting = [rows[at] for at in sorted(ranks, key=ranks.__getitem__)]
    if not fitting and typed.isdecimal() and 0 < int(typed) <= len(rows):
        return [rows[int(typed) - 1]]
    return fitting


class _ListEditor(SettlingEditor, CompletingEditor):
    """What one choice and several have in common: the ∨, the list of words, the refusal of others."""

    def __init__(
        self,
        choices: Iterable[Choice],
        several: bool,
        initials: Callable[[str], str] | None,
        required: bool,
        parent: QWidget | None,
    ) -> None:
        super().__init__(several, parent=parent)
        self._initials = initials
        self._required = required
        self._rows: tuple[Completion, ...] = ()
        self._values: dict[str, str] = {}
        self.set_choices(choices)
        self._last = ""
        self._opener = QAction(self.control)
        self._opener.setText("列出可选的  Alt+↓")
        theme.set_icon(self._opener, "down")
        self.control.addAction(self._opener, QLineEdit.ActionPosition.TrailingPosition)
        self._opener.triggered.connect(self._toggle_list)
        self.control.clicked.connect(self.open_list)

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """The words to choose from, or pairs (value, word)."""
        self._values = {}
        for choice in choices:
            value, word = (choice, choice) if isinstance(choice, str) else choice
            self._values[word] = value
        of = self._initials
        self._rows = tuple(Completion(word, of(word) if of else "", 0) for word in self._values)

    def offers(self, typed: str) -> Sequence[Completion]:
        """The words that `typed` may mean."""
        return found_among(self._rows, typed)

    def all_offers(self) -> Sequence[Completion]:
        """All words in their order."""
        return self._rows

    def _word(self, value: object) -> str:
        """The word of a value; a value that is no longer in the list shows as it is and stays valid."""
        for word, its in self._values.items():
            if its == value:
                return word
        self._values.setdefault(str(value), str(value))
        return str(value)

    def _checked(self, words: tuple[str, ...]) -> list[str]:
        """The values of `words`. Raises Unreadable naming the first that is not in the list."""
        words = tuple(word if word in self._values else self._only(word) for word in words)
        for word in words:
            if word not in self._values:
                near = "、".join(row.text for row in (self.offers(word) or self._rows)[:6])
                raise Unreadable(word, f"没有“{word}”这一项，可选：{near}" + ("……" if len(self._rows) > 6 else ""))
        return [self._values[word] for word in words]

    def settle(self) -> None:
        """On leaving: initials or a beginning that mean one word only become that word; else complain once."""
        if self.composing():
            return
        super().settle()
        typed = parts(self.control.text()) if self._several else tuple(filter(None, (self.control.text().strip(),)))
        meant = tuple(word if word in self._values else self._only(word) for word in typed)
        if not meant and self._required and self._last:
            meant = (self._last,)
        text = SEPARATOR.join(meant)
        if text != self.control.text():
            told = text != SEPARATOR.join(typed)
            self.control.show_text(text)
            if told:
                self.changed.emit()
        try:
            self._checked(meant)
        except Unreadable as trouble:
            self._complain(trouble)
            return
        self._last = text
        self._withdraw()

    def _only(self, word: str) -> str:
        rows = self.offers(word)
        return rows[0].text if len(rows) == 1 else word

    def _toggle_list(self) -> None:
        if self.popup() is None:
            self.control.setFocus()
            self.open_list()
        else:
            self._close()

    def opens_on_down(self) -> bool:
        """↓ opens the list."""
        return True


class ChoiceEditor(_ListEditor):
    """One word of a list: typed by its beginning, its initials or its place, or chosen from the list (Alt+↓, ↓, ∨).

    The wheel never changes it. `required` gives the last word back when the field is left empty.
    """

    def __init__(
        self,
        choices: Iterable[Choice],
        initials: Callable[[str], str] | None = None,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`initials` gives the pinyin initials of a word, for instance db.rules.pinyin.Initials(...).of."""
        super().__init__(choices, several=False, initials=initials, required=required, parent=parent)

    def value(self) -> str | None:
        """The value of the word; None if empty. Raises Unreadable if the text is no word of the list."""
        text = self.control.text().strip()
        return self._checked((text,))[0] if text else None

    def set_value(self, value: object | None) -> None:
        """Show the word of `value`; one that is not in the list shows as it is."""
        self._complained = ""
        self._last = "" if value in (None, "") else self._word(value)
        super().set_value(self._last)


class ChoicesEditor(_ListEditor):
    """Several words of a list, joined by 、."""

    def __init__(
        self,
        choices: Iterable[Choice],
        initials: Callable[[str], str] | None = None,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """As ChoiceEditor."""
        super().__init__(choices, several=True, initials=initials, required=required, parent=parent)

    def value(self) -> str | None:
        """The values joined by 、; None if empty. Raises Unreadable if a part is no word of the list."""
        return SEPARATOR.join(self._checked(parts(self.control.text()))) or None

    def set_value(self, value: object | None) -> None:
        """Show the words of values that are joined by 、 or given one by one."""
        self._complained = ""
        values = parts(value) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()
        self._last = SEPARATOR.join(self._word(one) for one in values)
        super().set_value(self._last)
