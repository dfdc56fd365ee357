"""The table of a dry run: signs and tints where something differs, cells edited in place (look.md §4.6)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from db.exchange.doubting import DOUBTED_WORDS
from db.exchange.outcome import CellPlan, RowPlan
from db.exchange.rows import Kind
from desktop import theme
from desktop.registers.ledger import BAR, FIRST, PADDING, dress, measure
from desktop.registers.plan_rows import PlanModel

Index = QModelIndex | QPersistentModelIndex

INKS: dict[Kind, str] = {
    "new": "green", "changed": "ochre", "same": "ink2", "doubted": "ochre", "refused": "red", "skipped": "ink2",
}  # fmt: skip
_GROUNDS: dict[Kind, str] = {
    "new": "greenbg",
    "doubted": "ochrebg",
    "refused": "redbg",
}  # the result's own cell; a green sheet hides the rest
_TOKENS = ("base", "alt", "pick", "accent", "ink", "ink2", "red", "redbg", "ochre", "ochrebg", "green", "greenbg")
_LINE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_PICKED = QStyle.StateFlag.State_Selected
_LEAST_OLD = 2  # heights of a line: narrower, a text that was cut says nothing
_GAP = 8  # px between what was and what will be


class PlanDelegate(QStyledItemDelegate):
    """Paints the cells of a `PlanModel`; the editor is a bare line."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self._view = parent
        self._colours: dict[str, QColor] = {}
        self._bold, self._struck = QFont(), QFont()
        self.prepare()

    def prepare(self) -> None:
        """Take the colours and fonts of this moment; before each repaint."""
        self._colours = {token: theme.colour(token) for token in _TOKENS}
        self._bold, self._struck = QFont(self._view.font()), QFont(self._view.font())
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._struck.setStrikeOut(True)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell: ground, bar, text."""
        model, area = index.model(), option.rect  # pyright: ignore[reportAttributeAccessIssue]
        assert isinstance(model, PlanModel)
        row, heading = model.row_plan(index.row()), model.headings[index.column()]
        picked = _PICKED in option.state  # pyright: ignore[reportAttributeAccessIssue]
        cell = model.cell(index.row(), index.column())
        ground = "pick" if picked else "alt" if index.row() % 2 else "base"
        painter.fillRect(area, self._colours[self._tint(row, heading.part, cell) or ground])
        is_first = heading.part == "kind"
        if is_first and picked:
            painter.fillRect(area.left(), area.top(), BAR, area.height(), self._colours["accent"])
        if index == self._view.currentIndex() and self._view.hasFocus() and heading.part == "cell":
            painter.setPen(self._colours["accent"])
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        if row is None:
            return
        room = area.adjusted(FIRST if is_first else PADDING, 0, -PADDING, 0)
        if cell is not None and is_told(row, cell):
            self._paint_change(painter, room, cell, row.kind == "new")
            return
        painter.setPen(self._colours[self._ink(row, heading.part)])
        painter.setFont(self._struck if row.kind == "skipped" and cell else self._view.font())
        words = model.text(index.row(), index.column())
        self._draw(painter, room, words)

    def _tint(self, row: RowPlan | None, part: str, cell: CellPlan | None) -> str:
        if row is None:
            return ""
        if part == "kind":
            return _GROUNDS.get(row.kind, "")
        if cell is not None and cell.problem:
            return "redbg"
        return "ochrebg" if cell is not None and is_told(row, cell) else ""

    def _ink(self, row: RowPlan, part: str) -> str:
        if part == "kind":
            return INKS[row.kind]
        if part == "reason":
            return "red" if row.kind == "refused" else "ochre" if row.kind in ("new", "changed", "doubted") else "ink2"
        return "ink2" if row.kind in ("same", "skipped") else "ink"

    def _paint_change(self, painter: QPainter, room: QRect, cell: CellPlan, is_new: bool) -> None:
        """What was, struck out, and what will be; where both do not fit, what was gives way."""
        old = cell.text if is_new or not cell.is_changed else cell.before
        room_old, room_new = change_rooms(
            room, QFontMetrics(self._struck), flat(old), QFontMetrics(self._bold), cell.after
        )
        if room_old.width():
            painter.setFont(self._struck)
            painter.setPen(self._colours["ink2"])
            self._draw(painter, room_old, old)
        painter.setFont(self._bold)
        painter.setPen(self._colours["ink"])
        self._draw(painter, room_new, cell.after)

    def _draw(self, painter: QPainter, room: QRect, words: str) -> None:
        cut = painter.fontMetrics().elidedText(flat(words), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LINE, cut)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line to type in, as wide as its text needs."""
        editor = QLineEdit(parent)
        model = index.model()
        assert isinstance(model, PlanModel)
        editor.setAccessibleName(model.headings[index.column()].label)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Narrow cells get room to type in."""
        area = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        room = self._view.viewport().width() - area.left()
        area.setWidth(max(area.width(), min(theme.up4(14 * theme.em()), room)))
        editor.setGeometry(area)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is one line high."""
        return QSize(0, theme.row())


def is_told(row: RowPlan, cell: CellPlan) -> bool:
    """Whether a cell shows what was and what will be: it changes the ledger, or was mended in a way worth telling."""
    if cell.problem or not cell.after or row.kind not in ("new", "changed", "doubted"):
        return False
    return (row.kind != "new" and cell.is_changed) or (bool(cell.note) and cell.is_mended)


def change_rooms(
    room: QRect, struck: QFontMetrics, old: str, bold: QFontMetrics, new: str
) -> tuple[QRect, QRect]:  # fmt: skip
    """The places of what was and of what will be, side by side; the first is empty where it could say nothing."""
    spare = room.width() - bold.horizontalAdvance(flat(new)) - 1 - _GAP  # 1: advances are rounded, a cut is not
    width = min(struck.horizontalAdvance(old), spare)
    if width < min(struck.horizontalAdvance(old), _LEAST_OLD * struck.height()):
        return QRect(room.topLeft(), QSize(0, room.height())), room
    left = width + _GAP if old else 0
    return QRect(room.topLeft(), QSize(width, room.height())), room.adjusted(left, 0, 0, 0)


def flat(words: str) -> str:
    """A text on one line."""
    return words if words.isprintable() else " ".join(words.split())


class PlanTable(QTableView):
    """The rows of a dry run. Enter, F2, a double click or typing edits a cell; Delete leaves a row out or takes it in.

    `skip_asked(row of the plan)`, `open_asked(id of the record that is there already)`, `choice_asked(row of the plan,
    Doubted)` from the menu of a row that bears the number of a record with another title.
    """

    skip_asked = Signal(int)
    open_asked = Signal(int)
    choice_asked = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("试导结果")
        self._delegate = PlanDelegate(self)
        self.setItemDelegate(self._delegate)
        dress(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.horizontalHeader().setMinimumSectionSize(0)
        self.clicked.connect(self._open)

    def plan_model(self) -> PlanModel | None:
        """The model on show."""
        model = self.model()
        return model if isinstance(model, PlanModel) else None

    def show_plan(self, model: PlanModel | None) -> None:
        """Show another plan; None shows nothing."""
        old, selection = self.model(), self.selectionModel()
        self.setModel(model)
        if isinstance(old, PlanModel):
            selection.deleteLater()
            old.deleteLater()
        self.fit()

    def fit(self) -> None:
        """Widths from the em. Where all fits what is said of the row stands last and takes the rest, else in front."""
        model = self.plan_model()
        if model is None:
            return
        em, header = theme.em(), self.horizontalHeader()
        widths = [int(heading.width_em * em) for heading in model.headings]
        last = len(widths) - 1
        spare = self.viewport().width() - sum(widths)
        if spare > 0:
            widths[last] += spare
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width)
        header.moveSection(header.visualIndex(last), last if spare >= 0 else min(2, last))

    def go_to(self, row: int) -> None:
        """Make a row current, at its first cell that can be edited."""
        model = self.plan_model()
        if model and 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, min(2, model.columnCount() - 1)))

    def _open(self, index: Index) -> None:
        """A click on the result, or on what is said of the row, opens the record that is there already."""
        model = self.plan_model()
        if model and model.headings[index.column()].part in ("kind", "reason"):
            found = model.row_plan(index.row())
            if found and found.record is not None and found.existing:
                self.open_asked.emit(found.record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits, or on the result opens the record that is there; Delete leaves a row out."""
        index, model = self.currentIndex(), self.plan_model()
        if model is None or not index.isValid() or self.state() is QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()  # the page goes on
            elif index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self._open(index)
        elif event.key() == Qt.Key.Key_Delete:
            self.skip_asked.emit(model.plan_index(index.row()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a row; of one in doubt, what becomes of it."""
        index, model = self.currentIndex(), self.plan_model()
        found = model.row_plan(index.row()) if model and index.isValid() else None
        if model is None or found is None or model.is_fixed:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice, words in DOUBTED_WORDS.items() if found.is_doubtful else ():
            if choice != "update" or found.existing:
                menu.addAction(words).triggered.connect(partial(self.choice_asked.emit, found.index, choice))
        words = "不再跳过" if found.kind == "skipped" else "跳过这一行"
        menu.addAction(words).triggered.connect(partial(self.skip_asked.emit, found.index))
        if found.record is not None and found.existing:
            menu.addAction("看台账里的").triggered.connect(partial(self.open_asked.emit, found.record))
        menu.popup(event.globalPos())

    def keyboardSearch(self, search: str) -> None:
        """Nothing: Qt's own would read the whole list."""

    def paintEvent(self, event: object) -> None:
        """Colours once for the repaint, then the cells."""
        self._delegate.prepare()
        super().paintEvent(event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns anew."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            measure(self)
            self.fit()
