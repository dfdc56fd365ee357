"""What a clerk does to a list from its cells and its header: only this value, all but it, sort, group, columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import peewee as pw
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from db.record import Record, database
from db.store.condition_words import field_label, value_words
from db.store.conditions import LIGHT, LIGHTS, Condition, is_day, is_one_of
from db.store.search import Filter
from db.store.tallies import Tally, tally
from desktop import theme
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.choosing import MOST, ConditionPopup
from desktop.registers.columns import Columns
from desktop.registers.filters import group_names, with_condition
from desktop.registers.table import RecordTable
from desktop.registers.words import OfficeWords

if TYPE_CHECKING:
    from desktop.registers.column_dialog import ColumnDialog


class Refining(QObject):
    """Menus and popups of one list. `changed(filter)`: another filter or order; `columns_changed()`."""

    changed = Signal(object)
    columns_changed = Signal()
    trouble = Signal(object)

    def __init__(
        self, table: RecordTable, columns: Columns, actions: Actions, words: OfficeWords, jobs: Jobs
    ) -> None:  # fmt: skip
        super().__init__(table)
        self._table, self._columns, self._actions, self._words, self._jobs = table, columns, actions, words, jobs
        self.register: type[Record] = columns.register
        self.filter = Filter()
        self.popup: ConditionPopup | None = None
        self.menu: QMenu | None = None
        self._job: Job | None = None
        table.menu_asked.connect(self.open_cell_menu)
        table.filter_asked.connect(self._filter_column)
        table.header.filter_asked.connect(self._filter_column)
        table.header.menu_asked.connect(self.open_header_menu)
        table.header.moved.connect(self._move)
        table.header.widened.connect(self._widen)

    def show_filter(self, wanted: Filter) -> None:
        """Mark the columns that the filter limits."""
        self.filter = wanted
        limited = {one.name for one in wanted.conditions} | ({LIGHT} if wanted.light else set())
        keys = [heading.key for heading in self._table.records().headings]
        self._table.header.set_filtered(frozenset(at for at, key in enumerate(keys) if key in limited))

    def _key(self, column: int) -> str:
        headings = self._table.records().headings
        return headings[column].key if 0 <= column < len(headings) else ""

    def _filter_column(self, column: int, place: QPoint) -> None:
        if name := self._key(column):
            self.edit(name, place)

    def edit(self, name: str, place: QPoint) -> None:
        """Let the condition on a field be chosen."""
        held = next((one for one in self.filter.conditions if one.name == name), None)
        if name == LIGHT and self.filter.light:
            held = is_one_of(LIGHT, self.filter.light)
        popup = ConditionPopup(self.register, name, held, self._words, self._ask, self._table)
        popup.decided.connect(self._decide)
        popup.closed.connect(self._forget_popup)
        if self.popup is not None:
            self.popup.close()
        self.popup = popup
        popup.open_at(place)

    def _decide(self, condition: Condition | None) -> None:
        """A stretch of the days by which the list is kept says its own year: that of the chip would empty the list."""
        if self.popup is None:
            return
        wanted = with_condition(self.filter, self.popup.name, condition)
        is_own = condition is not None and condition.name == self.register.BUSINESS_DATE and not condition.negated
        if is_own and condition and condition.test in ("when", "span"):
            wanted = replace(wanted, year=None, month=None)
        self.changed.emit(wanted)

    def _forget_popup(self) -> None:
        """A popup has closed: what it asked for is asked no more."""
        if self.sender() is not self.popup:
            return
        self.popup = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _ask(self, name: str, holding: str, take: Callable[[Tally], None]) -> None:
        """Count the values of a field on the worker; the next question breaks the last one off."""
        actions, register, wanted = self._actions, self.register, self.filter
        if self._job is not None:
            self._job.cancel()

        def work(job: Job) -> Tally:
            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            return tally(actions.listing(register, wanted), name, MOST, holding)

        self._job = self._jobs.run("数值", work, take, self.trouble.emit)

    def cell_condition(self, column: int, negated: bool = False) -> Condition | None:
        """The condition that holds for records with the same value as the current cell; None where it cannot be."""
        name, record = self._key(column), self._table.current_id()
        if not name or record is None:
            return None
        if name == LIGHT:
            held = self._table.records().row_at(self._table.currentIndex().row())
            kind = getattr(held[1], "kind", "") if held else ""
            kind = "open" if kind == "ok" else kind
            return Condition(LIGHT, "is", (kind,), negated) if kind in LIGHTS else None
        value = self._actions.listing(self.register, Filter()).values((name,), [record])[0][1]
        if value in (None, ""):
            return Condition(name, "blank", (), negated)
        field: Any = self.register._meta.fields[name]
        text = str(int(value)) if isinstance(field, pw.BooleanField) else str(value)
        return Condition(name, "is", (text[:10] if is_day(field) else text,), negated)

    def open_cell_menu(self, column: int, place: QPoint) -> None:
        """只看, 排除 the value of the cell, then what concerns its column, then the selected records."""
        menu = self._new_menu()
        only = self.cell_condition(column)
        if only is not None:
            value = only.values[0] if only.values else ""
            words = value_words(self.register, only.name, value)[:16]
            menu.addAction(f"只看“{words}”", self._only_action(only))
            menu.addAction(f"排除“{words}”", self._only_action(replace(only, negated=True)))
        self._add_filtering(menu, column, place)
        self._table.menu_made.emit(menu)
        menu.popup(place)

    def _only_action(self, condition: Condition) -> Callable[[], None]:
        def take() -> None:
            self.changed.emit(with_condition(self.filter, condition.name, condition))

        return take

    def only(self, negated: bool = False) -> None:
        """只看 (排除) the value of the current cell, by a key."""
        condition = self.cell_condition(max(self._table.currentIndex().column(), 0), negated)
        if condition is not None:
            self.changed.emit(with_condition(self.filter, condition.name, condition))

    def open_header_menu(self, column: int, place: QPoint) -> None:
        """Sort, filter, group, columns."""
        menu = self._new_menu()
        name = self._key(column)
        if name:
            for words, descending in (("升序", False), ("降序", True)):
                action = QAction(words, menu)
                action.setData(("sort", name, descending))
                menu.addAction(action)
        self._add_filtering(menu, column, place)
        if name and (name in (self.register.BUSINESS_DATE, "stage") or name in group_names(self.register)):
            action = QAction(f"按{field_label(self.register, name)}分组", menu)
            action.setData(("group", name, False))
            menu.addAction(action)
        menu.addSeparator()
        if name:
            action = QAction("隐藏这一列", menu)
            action.setData(("hide", name, False))
            menu.addAction(action)
        menu.addAction("选择列...", self.choose_columns)
        menu.addAction("恢复默认列", self._restore)
        menu.popup(place)

    def _new_menu(self) -> QMenu:
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = menu = QMenu(self._table)
        menu.triggered.connect(self._take)
        return menu

    def _add_filtering(self, menu: QMenu, column: int, place: QPoint) -> None:
        name = self._key(column)
        if not name:
            return
        menu.addAction(f"筛选{field_label(self.register, name)}...\tAlt+↓", self._edit_action(name, place))
        if any(one.name == name for one in self.filter.conditions):
            menu.addAction(f"去掉{field_label(self.register, name)}的条件", self._drop_action(name))

    def _edit_action(self, name: str, place: QPoint) -> Callable[[], None]:
        def edit() -> None:
            self.edit(name, place)

        return edit

    def _drop_action(self, name: str) -> Callable[[], None]:
        def drop() -> None:
            self.changed.emit(with_condition(self.filter, name, None))

        return drop

    def _take(self, action: QAction) -> None:
        if not action.data():
            return
        what, name, descending = action.data()
        if what == "hide":
            self._columns.hide(name)
            self.columns_changed.emit()
        elif what == "group":
            self.changed.emit(replace(self.filter, group=name))
        else:
            self._table.sort_asked.emit(name, descending)

    def _move(self, before: int, after: int) -> None:
        self._columns.move(before, after)
        self.columns_changed.emit()

    def _widen(self, column: int, width: int) -> None:
        self._columns.set_width(self._key(column), width / theme.em())
        self.columns_changed.emit()

    def choose_columns(self) -> ColumnDialog:
        """Open the dialog of columns."""
        from desktop.registers.column_dialog import ColumnDialog

        columns = self._columns
        dialog = ColumnDialog(self.register, columns.names(), columns.offered(), self._words.initials, self._table)
        dialog.chosen.connect(self._set_columns)
        dialog.default_asked.connect(self._restore)
        dialog.open()
        return dialog

    def _set_columns(self, names: tuple[str, ...]) -> None:
        self._columns.set_names(names)
        self.columns_changed.emit()

    def _restore(self) -> None:
        self._columns.restore()
        self.columns_changed.emit()
