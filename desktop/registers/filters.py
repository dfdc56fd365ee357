"""The chips over a list: each says what it limits; a click changes it, its cross takes it off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from db.record import ApplicableField, PersonField, Record, TermField, UnitField
from db.store.condition_words import LIGHT_WORDS, field_label, said
from db.store.conditions import LIGHT, Condition, is_one_of
from db.store.search import Filter
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.flow import FlowLayout
from desktop.registers.words import OfficeWords

_EMPTY: dict[str, Any] = {
    "ids": None, "deleted": False, "year": None, "month": None, "light": "", "created_on": None, "group": "",
}  # fmt: skip
_CROSS = 24  # px at the right end of a chip


class Chip(QPushButton):
    """One condition: a click or Enter changes it (`edit_asked`), the cross or Delete takes it off (`removed`)."""

    edit_asked = Signal()
    removed = Signal()

    def __init__(self, key: str, label: str, parent: QWidget) -> None:
        super().__init__(label, parent)
        self.setObjectName(key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        theme.set_role(self, "chipOn")
        theme.set_icon(self, "x", "ink2", 12)
        self.setToolTip(f"{label}\n点一下改这个条件，点 × 去掉")
        self._on_cross = False
        self.clicked.connect(self._take)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where it was pressed."""
        self._on_cross = event.position().x() > self.width() - _CROSS
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace take the condition off, Enter changes it."""
        self._on_cross = False
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_asked.emit()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        (self.removed if self._on_cross else self.edit_asked).emit()


class FilterBar(QWidget):
    """Shows the conditions of a filter as chips.

    `changed(filter)` after a condition was added or taken off; `edit_asked(field name, point on the screen)` when a
    condition on a field is to be chosen; `command_asked(word)`: columns, view;
    `empty_asked("empty_bin")` while the recycle bin is listed.
    """

    changed = Signal(object)
    shown = Signal()  # the conditions of another filter, or the same ones again
    edit_asked = Signal(str, QPoint)
    command_asked = Signal(str)
    empty_asked = Signal(str)

    def __init__(
        self, register: type[Record], words: OfficeWords, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._register, self._words, self._actions = register, words, actions
        self._filter = Filter()
        self._years: list[int] = []
        self._chips: list[Chip] = []
        theme.set_role(self, "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._line = FlowLayout(self, (12, 6, 4, 6), 6)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._take)
        self._add = self._new_button("添加条件", "plus")
        self._add.setMenu(self._menu)
        self._more_menu = QMenu(self)
        self._more_menu.setToolTipsVisible(True)
        self._more_menu.aboutToShow.connect(self._fill_more)
        self._more_menu.triggered.connect(self._take_more)
        self._more = self._new_button("列表", "more")
        self._more.setToolTip("列、分组、存为视图")
        self._more.setMenu(self._more_menu)
        self.empty_bin = self._new_button("清空回收站...", "bin")
        self.empty_bin.setToolTip("这本台账回收站里的全部清掉，不能撤销；编号仍占用")
        self.empty_bin.clicked.connect(self._ask_empty)
        actions.permit(self.empty_bin, "empty_bin")
        self.empty_bin.hide()

    def _new_button(self, words: str, icon: str) -> QPushButton:
        button = QPushButton(words, self)
        theme.set_role(button, "chip")
        theme.set_icon(button, icon, "ink2", 12)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._line.addWidget(button)
        return button

    def show_filter(self, wanted: Filter, years: list[int], note: str = "") -> None:
        """Show the chips of a filter; `years` are those offered; `note` names the rows of a figure."""
        self._filter, self._years = wanted, years
        focused = next((chip.objectName() for chip in self._chips if chip.hasFocus()), "")
        for chip in self._chips:
            self._line.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips.clear()
        for key, label in self._conditions(wanted, note):
            chip = Chip(key, label, self)
            chip.removed.connect(self._remove)
            chip.edit_asked.connect(self._edit)
            self._line.insertWidget(len(self._chips), chip)
            chip.show()
            self._chips.append(chip)
            if key == focused:
                chip.setFocus()
        self.empty_bin.setVisible(wanted.deleted)
        self.updateGeometry()
        self.shown.emit()

    def _ask_empty(self) -> None:
        self.empty_asked.emit("empty_bin")

    def _conditions(self, wanted: Filter, note: str) -> list[tuple[str, str]]:
        found = [("ids", note)] if wanted.ids is not None else []
        if wanted.deleted:
            found.append(("deleted", "回收站"))
        if wanted.year is not None:
            found.append(("year", f"{wanted.year}年"))
        if wanted.month is not None:
            found.append(("month", f"{wanted.month[0]}年{wanted.month[1]}月"))
        if wanted.created_on is not None:
            found.append(("created_on", f"{wanted.created_on}登记的"))
        if wanted.light:
            found.append(("light", LIGHT_WORDS[wanted.light]))
        found += [(f"at:{at}", said(self._register, one)) for at, one in enumerate(wanted.conditions)]
        if wanted.group:
            found.append(("group", f"按{field_label(self._register, wanted.group)}分组"))
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
            kept = [one for at, one in enumerate(self._filter.conditions) if key != f"at:{at}"]
            changed = replace(self._filter, conditions=tuple(kept))
        self.changed.emit(changed)

    def _edit(self) -> None:
        """Let the condition of a chip be chosen anew; one that is only on or off is taken off."""
        chip = self.sender()
        assert isinstance(chip, Chip)
        key, place = chip.objectName(), chip.mapToGlobal(chip.rect().bottomLeft())
        if key == "light":
            self.edit_asked.emit(LIGHT, place)
        elif key in ("year", "group"):
            self._fill_menu() if key == "year" else self._fill_more()
            menu = self._menu if key == "year" else self._more_menu
            part = next(part for part in menu.findChildren(QMenu) if part.objectName() == key)
            part.popup(place)
        elif key in _EMPTY or self._filter.conditions[int(key.removeprefix("at:"))].test == "mine":
            self._drop(key)
        else:
            self.edit_asked.emit(self._filter.conditions[int(key.removeprefix("at:"))].name, place)

    def _fill_menu(self) -> None:
        self._clear(self._menu)
        register, fields = self._register, self._register._meta.fields
        self._offer("年份", "year", [(str(year), f"{year}年") for year in self._years])
        self._offer("时限", "light", list(LIGHT_WORDS.items()))
        self._offer("阶段", "stage", [(stage.key, stage.label) for stage in register.STAGES])
        for name, field in fields.items():
            if isinstance(field, TermField) and type(field) is TermField:
                self._offer(field.verbose_name, name, [(word, word) for word in self._words.terms(field.vocabulary)])
        self._menu.addSeparator()
        for section in register.FORM:
            part = self._menu.addMenu(section.title)
            self._offer_fields(part, [name for name in section.fields if name in fields])
        part = self._menu.addMenu("登记、作废")
        self._act(part, "今天登记的", ("when", "created_at"))
        self._act(part, "我登记的", ("mine", "created_by"))
        self._act(part, "已作废", ("light", "void"))
        self._offer_fields(part, ["created_at", "created_by", "updated_at", "updated_by", "voided_on", "void_reason"])

    def _fill_more(self) -> None:
        self._clear(self._more_menu)
        self._act(self._more_menu, "选择列...", ("command", "columns"))
        part = self._more_menu.addMenu("分组")
        part.setObjectName("group")
        self._act(part, "不分组", ("group", ""))
        register = self._register
        by = [register.BUSINESS_DATE, "stage", *group_names(register)]
        for name in dict.fromkeys(by):
            label = "月份" if name == register.BUSINESS_DATE else field_label(register, name)
            self._act(part, label, ("group", name))
        part.addSeparator()
        self._act(part, "全部展开", ("command", "unfold"))
        self._act(part, "全部收起", ("command", "fold"))
        self._actions.permit(self._act(self._more_menu, "存为视图...", ("command", "view")), "save")

    @staticmethod
    def _clear(menu: QMenu) -> None:
        for part in menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
            part.deleteLater()
        menu.clear()

    @staticmethod
    def _act(menu: QMenu, label: str, what: tuple[str, str]) -> QAction:
        action = QAction(label, menu)
        action.setData(what)
        menu.addAction(action)
        return action

    def _offer_fields(self, menu: QMenu, names: list[str]) -> None:
        for name in names:
            self._act(menu, f"{field_label(self._register, name)}...", ("field", name))

    def _offer(self, title: str, name: str, values: list[tuple[str, str]]) -> None:
        menu = self._menu.addMenu(title)
        menu.setObjectName(name)
        for value, label in values:
            self._act(menu, label, (name, value))

    def _take(self, action: QAction) -> None:
        chosen = action.data()
        if not chosen:
            return
        name, value = chosen
        wanted = self._filter
        if name == "field":
            self.edit_asked.emit(value, self._add.mapToGlobal(self._add.rect().bottomLeft()))
        elif name == "year":
            self.changed.emit(replace(wanted, year=int(value)))
        elif name == "light":
            self.changed.emit(replace(wanted, light=value))
        elif name in ("when", "mine"):
            found = Condition(value, "when", ("今天",)) if name == "when" else Condition(value, "mine")
            self.changed.emit(with_condition(wanted, value, found))
        else:
            held = next((one for one in wanted.conditions if one.name == name and one.test == "is"), None)
            values = held.values if held and not held.negated else ()
            self.changed.emit(with_condition(wanted, name, is_one_of(name, *dict.fromkeys((*values, value)))))

    def _take_more(self, action: QAction) -> None:
        chosen = action.data()
        if chosen and chosen[0] == "group":
            self.changed.emit(replace(self._filter, group=chosen[1]))
        elif chosen:
            self.command_asked.emit(chosen[1])


def with_condition(wanted: Filter, name: str, condition: Condition | None) -> Filter:
    """A filter with another condition on a field, in the place of the one so far; None takes it away."""
    others = [one for one in wanted.conditions if one.name != name]
    at = next((at for at, one in enumerate(wanted.conditions) if one.name == name), len(others))
    if condition is not None:
        others.insert(at, condition)
    return replace(wanted, conditions=tuple(others), light="" if name == LIGHT else wanted.light)


def group_names(register: type[Record]) -> list[str]:
    """The fields whose equal values make groups worth looking at: names of units and persons, words of vocabularies."""
    kinds = (TermField, UnitField, PersonField, ApplicableField)
    return [name for name, field in register._meta.fields.items() if isinstance(field, kinds)]
