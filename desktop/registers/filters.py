"""The chips over a list: year, light, and one for each choice of the register; each says what it limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from db.record import Record, TermField
from db.store.condition_words import LIGHT_WORDS, said
from db.store.conditions import is_one_of
from db.store.search import Filter
from desktop import theme
from desktop.registers.words import OfficeWords

_EMPTY: dict[str, Any] = {"ids": None, "deleted": False, "year": None, "month": None, "light": ""}


class FilterBar(QWidget):
    """Shows the conditions of a filter as chips; `changed` carries the filter after one was added or taken off."""

    changed = Signal(object)

    def __init__(self, register: type[Record], words: OfficeWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._register, self._words = register, words
        self._filter = Filter()
        self._years: list[int] = []
        self._chips: list[QPushButton] = []
        theme.set_role(self, "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 6, 4, 6)
        self._line.setSpacing(6)
        self._add = QPushButton("添加条件")
        theme.set_role(self._add, "chip")
        theme.set_icon(self._add, "plus", "ink2", 12)
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._take)
        self._add.setMenu(self._menu)
        self._line.addWidget(self._add)
        self._line.addStretch(1)

    def show_filter(self, wanted: Filter, years: list[int], note: str = "") -> None:
        """Show the chips of a filter; `years` are those offered; `note` names the rows of a figure."""
        self._filter, self._years = wanted, years
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips.clear()
        for key, label in self._conditions(wanted, note):
            chip = QPushButton(label)
            chip.setObjectName(key)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            theme.set_role(chip, "chipOn")
            theme.set_icon(chip, "x", "ink2", 12)
            chip.setToolTip("点一下去掉这个条件")
            chip.clicked.connect(self._remove)
            self._line.insertWidget(len(self._chips), chip)
            self._chips.append(chip)

    def _conditions(self, wanted: Filter, note: str) -> list[tuple[str, str]]:
        found = [("ids", note)] if wanted.ids is not None else []
        if wanted.deleted:
            found.append(("deleted", "回收站"))
        if wanted.year is not None:
            found.append(("year", f"{wanted.year}年"))
        if wanted.month is not None:
            found.append(("month", f"{wanted.month[0]}年{wanted.month[1]}月"))
        if wanted.light:
            found.append(("light", LIGHT_WORDS[wanted.light]))
        found += [(f"term:{one.name}", said(self._register, one)) for one in wanted.conditions]
        return found

    def last_removed(self) -> None:
        """Take the last chip off (Backspace in the empty search box)."""
        if self._chips:
            self._drop(self._chips[-1].objectName())

    def _remove(self) -> None:
        self._drop(self.sender().objectName())

    def _drop(self, key: str) -> None:
        if key in _EMPTY:
            changed = replace(self._filter, **{key: _EMPTY[key]})
        else:
            name = key.removeprefix("term:")
            kept = tuple(one for one in self._filter.conditions if one.name != name)
            changed = replace(self._filter, conditions=kept)
        self.changed.emit(changed)

    def _fill_menu(self) -> None:
        for part in self._menu.findChildren(QMenu):
            part.deleteLater()
        self._menu.clear()
        self._offer("年份", "year", [(str(year), f"{year}年") for year in self._years])
        self._offer("时限", "light", list(LIGHT_WORDS.items()))
        self._offer("阶段", "stage", [(stage.key, stage.label) for stage in self._register.STAGES])
        for name, field in self._register._meta.fields.items():
            if isinstance(field, TermField) and type(field) is TermField:
                words = self._words.terms(field.vocabulary)
                self._offer(field.verbose_name, name, [(word, word) for word in words])

    def _offer(self, title: str, name: str, values: list[tuple[str, str]]) -> None:
        menu = self._menu.addMenu(title)
        for value, label in values:
            action = QAction(label, menu)
            action.setData((name, value))
            menu.addAction(action)

    def _take(self, action: QAction) -> None:
        chosen = action.data()
        if not chosen:
            return
        name, value = chosen
        if name == "year":
            changed = replace(self._filter, year=int(value))
        elif name == "light":
            changed = replace(self._filter, light=value)
        else:
            held = {one.name: one for one in self._filter.conditions}
            values = held[name].values if name in held else ()
            held[name] = is_one_of(name, *dict.fromkeys((*values, value)))
            changed = replace(self._filter, conditions=tuple(held.values()))
        self.changed.emit(changed)
