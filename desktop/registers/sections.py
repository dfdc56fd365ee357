"""The sections of a form, of which some are shown only while a field holds certain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from db.record import Section


class Sections:
    """The sections in their order, each with the widgets that show it."""

    def __init__(self) -> None:
        self._made: list[tuple[Section, list[QWidget]]] = []

    def add(self, section: Section, widgets: list[QWidget]) -> None:
        """Take in one more section."""
        self._made.append((section, widgets))

    def follow(self, value_of: Callable[[str], object]) -> None:
        """Show the sections whose condition holds; a field that is not shown itself shows no other section."""
        hidden: set[str] = set()
        for section, widgets in self._made:
            if section.when:
                name, words = section.when
                shown = name not in hidden and _holds(value_of(name), words)
                for widget in widgets:
                    widget.setVisible(shown)
                if not shown:
                    hidden.update(section.fields)


def _holds(value: object, words: Sequence[str]) -> bool:
    """Whether a value is one of the words; it may be several, joined by 、."""
    return any(word in words for word in str(value or "").split("、"))
