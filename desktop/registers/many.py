"""What a list does with several selected records: their own pane in place of the record's, copying, filling down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from db.record import Record
from db.store.search import Filter
from desktop import theme
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.cell_editing import CellEditing
from desktop.registers.copying import ListCopy
from desktop.registers.detail import RecordDetail
from desktop.registers.picked import Picked, Stretches, count_of
from desktop.registers.reading import ListReading
from desktop.registers.table import FOLLOWED, RecordTable
from desktop.registers.whole import WholeOffer, covers
from desktop.registers.words import OfficeWords

_COMMANDS = (
    ("fill", "统一填写一项...", "Ctrl+D 用第一条的内容填下面的"),
    ("lines", "添加或清空明细...", ""), ("advance", "推进阶段...", ""),
    ("void", "作废...", "Delete"), ("delete", "移入回收站...", "只限没有编号的"),
    ("restore", "恢复...", "作废的、在回收站里的"),
    ("copy", "复制", "Ctrl+C；连同栏目名 Ctrl+Shift+C"), ("export", "导出...", ""), ("print", "打印...", ""),
)  # fmt: skip
_LOOKED_AT = 200  # selected records that tell whether they have numbers
_WRITING = {
    "fill": "save",
    "lines": "save",
    "advance": "save",
    "void": "void",
    "delete": "void",
    "restore": "void",
}  # what each asks for


def _commands(register: type[Record]) -> list[tuple[str, str, str]]:
    """(command, label, hint) of all that can be done to several records; a register without lines offers none."""
    kinds = "、".join(kind.TITLE for kind in register.LINES)
    return [
        (command, label, kinds if command == "lines" else hint)
        for command, label, hint in _COMMANDS
        if kinds or command != "lines"
    ]


def reordered(listed: Filter | None, wanted: Filter) -> bool:
    """Whether two filters list the same records, be it in another order."""
    return listed is not None and replace(listed, order=wanted.order, descending=wanted.descending) == wanted


class ManyPane(QFrame):
    """How many are selected, and what can be done with them; `asked(command)`."""

    asked = Signal(str)

    def __init__(self, register: type[Record], actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "pane")
        self._title, self._words = QLabel(), QLabel("下面的操作对选中的每一条做，合成一步，可以撤销。")
        theme.set_role(self._title, "h2")
        theme.set_role(self._words, "muted")
        self._words.setWordWrap(True)
        self.every = QPushButton()
        self.every.clicked.connect(partial(self.asked.emit, "every"))
        theme.set_role(self.every, "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        for widget in (self._title, self._words, self.every):
            column.addWidget(widget)
        column.addSpacing(12)
        self.buttons: dict[str, QPushButton] = {}
        for command, label, hint in _commands(register):
            button = self.buttons[command] = QPushButton(label)
            button.setObjectName(command)
            button.setToolTip(hint)
            if command in _WRITING:
                actions.permit(button, _WRITING[command])
            button.setFocusPolicy(self.every.focusPolicy())
            button.clicked.connect(partial(self.asked.emit, command))
            column.addWidget(button)
            if command == "restore":
                column.addSpacing(12)
        column.addStretch(1)

    def show_count(self, picked: int, listed: int) -> None:
        """Say how many of how many are selected."""
        self._title.setText(f"选中 {picked:,} 条")
        self.every.setText(f"选中全部列出的 {listed:,} 条  Ctrl+A")
        self.every.setVisible(picked < listed)


class ManySelected(QObject):
    """Swaps the panes as the selection changes, and reads the records behind it.

    `asked(command)`: fill, fill_down, lines, advance, void, delete, restore, export or print, for the window to do.
    """

    asked = Signal(str)
    void_asked = Signal(int)
    """One record: it is asked for the reason, or goes to the bin."""

    def __init__(
        self, register: type[Record], actions: Actions, table: RecordTable, detail: RecordDetail,
        reading: ListReading, jobs: Jobs,
        words: OfficeWords,
    ) -> None:  # fmt: skip
        super().__init__(table)
        self._register, self._actions, self._table, self._reading = register, actions, table, reading
        self._detail = detail
        self._held: Sequence[int] = ()  # selected, but where they stand in the new order is not known yet
        self.copying = ListCopy(register, actions, jobs, self)
        self.copying.copied.connect(table.refused)  # a sentence in the list's toast
        self.copying.trouble.connect(table.failed)
        table.copy_asked.connect(self._copy)
        self.cells = CellEditing(register, actions, words, table)
        self.pane = ManyPane(register, actions)
        self.pane.asked.connect(self._take)
        self.beside = QStackedWidget()
        self.beside.addWidget(detail)
        self.beside.addWidget(self.pane)
        self.beside.setMinimumWidth(detail.minimumWidth())
        self.whole = WholeOffer()
        self.whole.taken.connect(self._pick_all)
        table.picked_changed.connect(self._swap)
        reading.counted.connect(self._put_held_back)
        table.delete_asked.connect(self._ask_delete)
        table.fill_asked.connect(self._fill_down)
        table.menu_made.connect(self._add_commands)

    def hold(self) -> Sequence[int] | None:
        """The selected records before the list shows the same ones in another order, for `put_back`; None: all."""
        if self._is_all(self._table.stretches()):
            return None
        if self._held:
            return self._held
        picked = self._table.picked_count()
        if picked > FOLLOWED:
            self._table.refused.emit(
                f"换了顺序，选中的 {picked:,} 条没有保持选中；全部选中（Ctrl+A）或选中不超过 {FOLLOWED:,} 条时会保持。"
            )
        return self._table.picked_ids() if 1 < picked <= FOLLOWED else ()

    def put_back(self, held: Sequence[int] | None) -> None:
        """Select again what was held, now that the rows have changed; at once, or when all of them are known."""
        if held is None:
            self._table.selectAll()
            return
        self._held, rows = held, self._reading.rows()
        if rows is not None and rows.ids is not None and not self._reading.is_running:  # else only the top is known
            self._put_held_back()

    def _put_held_back(self) -> None:
        held, rows = frozenset(self._held), self._reading.rows()
        places = rows.rows_on_show(held) if held and rows is not None else []
        if places:
            self._table.go(places[0])  # what is selected stays in sight
            self._table.pick(places)

    def _swap(self, _rows: int) -> None:
        self._held = ()
        stretches, rows = self._table.stretches(), self._reading.rows()
        picked, listed = self.count(), self._table.records().rowCount()
        if rows is not None and rows.listing.filter.group:
            listed = rows.records()
        if picked > 1:
            self.pane.show_count(picked, listed)
        self.whole.show_counts(picked, listed, covers(stretches, self._table.rows_on_screen()))
        self.beside.setCurrentIndex(1 if picked > 1 else 0)

    def count(self) -> int:
        """How many records are selected; the headings of groups are none, and with all rows their folded ones are."""
        stretches, rows = self._table.stretches(), self._reading.rows()
        if rows is None or not rows.listing.filter.group:
            return count_of(stretches)
        return rows.records() if self._is_all(stretches) else rows.records_in(stretches)

    def _is_all(self, stretches: Stretches) -> bool:
        """Whether every row of the list is selected: then what is meant are all records under its filter."""
        listed = self._table.records().rowCount()
        return listed > 1 and stretches == (range(listed),)

    def _pick_all(self) -> None:
        self._table.selectAll()
        self._table.setFocus()

    def _take(self, command: str) -> None:
        if command == "every":
            self._pick_all()
        elif command == "copy":
            self._table.copy()
        else:
            self._table.setFocus()  # what opens now gives the keys back to the list, not to the button
            self.asked.emit(command)

    def _add_commands(self, menu: QMenu) -> None:
        """The commands for several selected records, or those of one that have a key."""
        table, permit = self._table, self._actions.permit
        record, key = table.current_id(), table.current_key()
        menu.addSeparator()
        menu.setToolTipsVisible(True)
        if self.count() > 1:
            for command, label, _hint in _commands(self._register):
                action = menu.addAction(label, partial(self._take, command))
                if command in _WRITING:
                    permit(action, _WRITING[command])
        elif record is not None:
            permit(menu.addAction("就地改这一格\tF2", partial(table.edit_asked.emit, record, key)), "save")
            menu.addAction("复制\tCtrl+C", table.copy)
            permit(menu.addAction("作废或移入回收站...\tDelete", partial(table.delete_asked.emit, (record,))), "void")

    def _copy(self, headed: bool) -> None:
        self.copying.copy(self._table.picked_ids(), self._table.records().headings, headed)

    def _fill_down(self) -> None:
        if self._table.picked_count() > 1 and self._actions.allows("save"):
            self.asked.emit("fill_down")

    def advance(self) -> None:
        """Make the next move: of the record beside the list, or of all that are selected."""
        if self.count() < 2:
            self._detail.advance()
        elif self._register.MOVES and self._actions.allows("save"):
            self.asked.emit("advance")

    def _ask_delete(self, _ids: object) -> None:
        """Delete on several: those with a number are voided; only if none has one they go to the bin."""
        if not self._actions.allows("void"):
            return
        if self._table.picked_count() > 1:
            listing = self._actions.listing(self._register, Filter())
            numbered = any(row[1] for row in listing.values(("number",), self._table.picked_ids(_LOOKED_AT)))
            self.asked.emit("void" if numbered else "delete")
        elif (record := self._table.current_id()) is not None:
            self.void_asked.emit(record)

    def picked(self) -> Picked:
        """The selected records."""
        stretches, rows = self._table.stretches(), self._reading.rows()
        actions, register, is_all = self._actions, self._register, self._is_all(stretches)

        def read() -> Sequence[int]:
            if rows is None:
                return ()
            if rows.ids is None:  # not all of them were read yet
                rows.know_ids(actions.listing(register, rows.listing.filter).ids())
            return (rows.ids or ()) if is_all else rows.ids_of(stretches)

        return Picked(self.count(), read)
