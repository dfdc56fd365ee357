"""Editor of the lines under a record: a small table in which every cell is the editor of its column."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from desktop import theme
from desktop.registers.editors.base import Editor
from desktop.registers.editors.inputs import LineInput

LEAST_EM = 9.0  # of the column that takes the rest
WIDEST = 31.0  # em that the pane beside a list has room for; a line that needs more folds into tiers
_CTRL, _KEYPAD = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True)
class LineColumn:
    """One column: the key in the rows, its label, what makes its editor, its width in em (0: takes the rest)."""

    key: str
    label: str
    make: Callable[[], Editor]
    width_em: float = 0


@dataclass
class _Line:
    """A row on show: its editors by key, its row of the grid, and the row as given, with keys that have no column."""

    cells: dict[str, Editor]
    at: int
    given: dict[str, object] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(cell.is_empty() for cell in self.cells.values())


class _Sideways(QScrollArea):
    """As high as the table in it; a table with more than there is room for in a narrow window moves sideways."""

    def __init__(self, table: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWidget(table)
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A row more or less changes the height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In another width the bar may come or go."""
        super().resizeEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The table's height, and the bar's when it is needed."""
        needed = self.widget().minimumSizeHint()
        bar = self.horizontalScrollBar().sizeHint().height() if needed.width() > self.width() else 0
        return QSize(theme.up4(12 * theme.em()), needed.height() + bar)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(theme.up4(8 * theme.em()), self.sizeHint().height())


class LinesEditor(Editor):
    """Rows of cells with one empty row at the end; cells that are too many for the pane stand in two tiers.

    Enter goes from cell to cell and row to row; on an empty row it leaves the table. Shift+Enter goes back. ↑ and ↓
    change the row, Ctrl+Delete removes it (`restore_row` brings it back).
    """

    row_removed = Signal()

    def __init__(self, columns: Sequence[LineColumn], parent: QWidget | None = None) -> None:
        """`columns` from left to right; at least one."""
        self._frame = QFrame()
        self._area = _Sideways(self._frame)
        super().__init__(self._area, parent)
        self._columns = tuple(columns)
        self._rows: list[_Line] = []
        self._removed: list[tuple[int, dict[str, object]]] = []
        self._read_only = False
        self._grid = QGridLayout(self._frame)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        whole = sum(column.width_em or LEAST_EM for column in self._columns)
        self._tiers = max(math.ceil(whole / WIDEST), 1)
        self._across = math.ceil(len(self._columns) / self._tiers)
        for n in range(self._tiers * self._across):
            label = self._columns[n].label if n < len(self._columns) else ""
            self._grid.addWidget(self._new_head(label), *divmod(n, self._across))
        for across, width in enumerate(self._widths()):
            self._grid.setColumnStretch(across, 0 if self._is_fixed(across) else 1)
            self._grid.setColumnMinimumWidth(across, theme.up4(width * theme.em()))
        self.set_value(None)

    def _widths(self) -> list[float]:
        """The least width of each column of cells in em: the widest of its tiers."""
        return [
            max(column.width_em or LEAST_EM for column in self._columns[across :: self._across])
            for across in range(self._across)
        ]

    def _is_fixed(self, across: int) -> bool:
        """Whether a column of cells never grows: no tier of it has the cell that takes the rest."""
        return all(column.width_em for column in self._columns[across :: self._across])

    @property
    def width_em(self) -> float:
        """The least width of the table in em."""
        return sum(self._widths())

    def value(self) -> list[dict[str, object]]:
        """The rows that are not empty, with the keys they were given beyond the columns ("id").

        Raises Unreadable of the first cell whose text cannot be read.
        """
        return [self._content(line) for line in self._rows if not line.is_empty()]

    def set_value(self, value: object | None) -> None:
        """Show rows: a sequence of mappings from key to value; None for no rows. Sends no signal."""
        rows = value if isinstance(value, list | tuple) else ()
        wanted = [dict(given) if isinstance(given, Mapping) else {} for given in rows]
        if not self._read_only:
            wanted.append({})
        for line in self._rows[len(wanted) :]:
            self._drop(line)
        del self._rows[len(wanted) :]
        self._removed.clear()
        for line, given in zip(self._rows, wanted, strict=False):  # making editors anew takes ten times as long
            line.given = given
            for key, cell in line.cells.items():
                cell.show_problem(None)
                cell.set_value(given.get(key))
        for given in wanted[len(self._rows) :]:
            self._append(given)

    def typed(self) -> list[dict[str, object]]:
        """The rows that are not empty, each cell as `Editor.typed` gives it."""
        lines = [line for line in self._rows if not line.is_empty()]
        return [line.given | {key: cell.typed() for key, cell in line.cells.items()} for line in lines]

    def is_empty(self) -> bool:
        """Whether every row is empty."""
        return all(line.is_empty() for line in self._rows)

    def is_choosing(self) -> bool:
        """Whether proposals are on show in one of its cells."""
        return any(cell.is_choosing() for line in self._rows for cell in line.cells.values())

    def composing(self) -> bool:
        """Whether an input method is at work in a cell."""
        return any(cell.composing() for line in self._rows for cell in line.cells.values())

    def settle(self) -> None:
        """Settle every cell."""
        for line in self._rows:
            for cell in line.cells.values():
                cell.settle()

    def set_read_only(self, read_only: bool) -> None:
        """Show the rows but take no edits; the empty row goes."""
        self._read_only = read_only
        if read_only and self._rows and self._rows[-1].is_empty():
            self._drop(self._rows.pop())
        for line in self._rows:
            for cell in line.cells.values():
                cell.set_read_only(read_only)
        self._ensure_blank()

    def cell(self, row: int, key: str) -> Editor:
        """The editor in a row, for its problem or for a test. Raises IndexError or KeyError."""
        return self._rows[row].cells[key]

    def row_count(self) -> int:
        """Rows on show, the empty one included."""
        return len(self._rows)

    def restore_row(self) -> bool:
        """Bring back the row that was removed last; False if there is none."""
        if not self._removed:
            return False
        at, content = self._removed.pop()
        at = min(at, len(self._rows))
        contents = [(dict(line.given), self._typed_or_value(line)) for line in self._rows[at:]]
        for line in self._rows[at:]:
            self._drop(line)
        del self._rows[at:]
        for given, shown in [(content, content), *contents]:
            self._append(given | shown)
        self._ensure_blank()
        self.changed.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Delete removes the row of the cell; ↑ and ↓ go to its neighbour above or below."""
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or not isinstance(event, QKeyEvent):
            return False
        held = event.modifiers() & ~_KEYPAD
        removes = event.key() == Qt.Key.Key_Delete and held == _CTRL
        if kind == QEvent.Type.ShortcutOverride:
            if removes:
                event.accept()
            return removes
        if self.composing():
            return False
        if removes:
            return self._remove_at(watched)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        return bool(step) and not held and self._step_row(watched, step)

    def _new_head(self, label: str) -> QLabel:
        head = QLabel(label)
        theme.set_role(head, "column")
        head.setFixedHeight(theme.row())
        return head

    def _append(self, given: dict[str, object]) -> None:
        """Add a row at the end and put its cells into the tab order behind the row before."""
        before, widths = self._controls()[-1] if self._rows else None, self._widths()
        # Not rowCount(): a grid never gives a row up.
        at = (self._rows[-1].at if self._rows else 0) + self._tiers
        line = _Line({}, at, given)
        for n, column in enumerate(self._columns):
            cell = column.make()
            cell.setParent(self._frame)
            cell.set_cell()
            cell.set_value(given.get(column.key))
            cell.set_read_only(self._read_only)
            cell.setObjectName(column.key)
            cell.setAccessibleName(column.label)
            tier, across = divmod(n, self._across)
            if self._is_fixed(across):
                cell.setFixedWidth(theme.up4(widths[across] * theme.em()))
            self._connect(cell)
            self._grid.addWidget(cell, at + tier, across)
            cell.show()  # at once: the focus may go there in the same breath
            line.cells[column.key] = cell
            if before is not None:
                QWidget.setTabOrder(before, cell.control)
            before = cell.control
        self._rows.append(line)
        if len(self._rows) == 1:
            self.setFocusProxy(next(iter(line.cells.values())).control)

    def _connect(self, cell: Editor) -> None:
        cell.changed.connect(self._take_cell_edit)
        cell.left_forward.connect(self._walk_forward)
        cell.left_back.connect(self._walk_back)
        cell.refused.connect(self.refused)
        cell.mended.connect(self.mended)
        cell.control.installEventFilter(self)

    def _drop(self, line: _Line) -> None:
        for cell in line.cells.values():
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()

    def _ensure_blank(self) -> None:
        if not self._read_only and (not self._rows or not self._rows[-1].is_empty()):
            self._append({})

    def _content(self, line: _Line) -> dict[str, object]:
        return line.given | {key: cell.value() for key, cell in line.cells.items()}

    def _typed_or_value(self, line: _Line) -> dict[str, object]:
        """The values of a row, leaving out cells whose text cannot be read."""
        return {key: cell.value() for key, cell in line.cells.items() if not cell.is_unreadable()}

    def _controls(self) -> list[QWidget]:
        return [cell.control for line in self._rows for cell in line.cells.values()]

    def _place_of(self, control: QObject | None) -> tuple[int, int] | None:
        """Row and column of the cell with that control."""
        for n, line in enumerate(self._rows):
            for m, cell in enumerate(line.cells.values()):
                if control in (cell, cell.control):
                    return n, m
        return None

    def _go_to(self, row: int, column: int) -> None:
        cell = list(self._rows[row].cells.values())[column]
        cell.control.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(cell, 0, 0)

    def _take_cell_edit(self) -> None:
        self._ensure_blank()
        self.changed.emit()

    def _walk_forward(self) -> None:
        """Enter in a cell: the next one; on an empty row, or behind the last cell of all, out of the table."""
        place = self._place_of(self.sender())
        if place is None:
            return
        row, column = place
        if self._rows[row].is_empty():
            self.left_forward.emit()
        elif column + 1 < len(self._columns):
            self._go_to(row, column + 1)
        elif row + 1 < len(self._rows):
            self._go_to(row + 1, 0)
        else:
            self.left_forward.emit()

    def _walk_back(self) -> None:
        place = self._place_of(self.sender())
        if place is None:
            return
        row, column = place
        if column:
            self._go_to(row, column - 1)
        elif row:
            self._go_to(row - 1, len(self._columns) - 1)
        else:
            self.left_back.emit()

    def _step_row(self, control: QObject, by: int) -> bool:
        """Go up or down unless the cell has a list open or needs the arrow itself."""
        if not isinstance(control, LineInput) or control.menu_open:
            return False
        place = self._place_of(control)
        if place is None or not 0 <= place[0] + by < len(self._rows):
            return False
        if self._rows[place[0]].cells[self._columns[place[1]].key].opens_on_down():
            return False
        self._go_to(place[0] + by, place[1])
        return True

    def _remove_at(self, control: QObject) -> bool:
        place = self._place_of(control)
        if place is None or self._read_only or self._rows[place[0]].is_empty():
            return True
        line = self._rows[place[0]]
        self._removed.append((place[0], line.given | self._typed_or_value(line)))
        del self._rows[place[0]]
        self._ensure_blank()
        self.setFocusProxy(next(iter(self._rows[0].cells.values())).control)
        self._go_to(min(place[0], len(self._rows) - 1), place[1])
        self._drop(line)
        self.row_removed.emit()
        self.changed.emit()
        return True
