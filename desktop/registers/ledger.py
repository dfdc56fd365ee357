"""Paints the cells of a list: selection by fill and bar, the light by shape, colour and word (look.md §1, §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from db.rules.lights import Light
from desktop import theme
from desktop.registers.marking import EACH_PAINT, CellMarks, FoundText
from desktop.registers.rows import LIGHT, RecordModel, Row

if TYPE_CHECKING:
    from desktop.registers.grouped import GroupHead

LIGHTS = {
    "late": "red", "due": "orange", "soon": "ochre", "ok": "green", "done": "ink2", "todo": "accent", "void": "ink2",
}  # fmt: skip
BAR = 3  # px, the bar at the left of a selected row
FIRST, PADDING = 12, 8  # px before the text of the first column and around all others
SHAPE, AFTER_SHAPE = 12, 6  # px

_SELECTED = QStyle.StateFlag.State_Selected
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_REMEMBERED = 4096  # elided texts
_TELLING = ("关于", "《")  # a title says whose paper it is, then 关于 what, and of what it issues the name in 《》


def dress(view: QTableView) -> None:
    """Give a table the look of a ledger: no grid, whole rows are selected, one row is one line; see `measure`."""
    view.setViewport(_new_viewport())
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setCornerButtonEnabled(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.horizontalHeader().setHighlightSections(False)
    measure(view)


def _new_viewport() -> QWidget:
    """A viewport as Qt makes it: to name one that Qt made, PySide prepares every kind of widget that there is."""
    out = QWidget()
    out.setObjectName("qt_scrollarea_viewport")
    out.setBackgroundRole(QPalette.ColorRole.Base)
    out.setAutoFillBackground(True)
    return out


def measure(view: QTableView) -> None:
    """Give rows and head of a table the height of a line in its present font."""
    height, rows = theme.row(), view.verticalHeader()
    rows.setMinimumSectionSize(height)
    rows.setDefaultSectionSize(height)
    view.horizontalHeader().setFixedHeight(height)


class LedgerDelegate(QStyledItemDelegate):
    """Paints the cells of a view on a `RecordModel`. The view calls `prepare` before each repaint."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Colours are looked up by `prepare`, not for every cell."""
        super().__init__(parent)
        self._current = self._column = -1
        self._colours: dict[str, QColor] = {}
        self._shapes: dict[str, QPixmap] = {}
        self._elided: dict[tuple[str, int], str] = {}
        self._font_key = ""
        self._marks = CellMarks()
        self._read = 0  # records that this repaint has read to tell where a hit is
        self._again = QTimer(self, singleShot=True, interval=0)
        if isinstance(parent, QTableView):
            self._again.timeout.connect(parent.viewport().update)
        self.prepare(-1)

    def prepare(self, current_row: int, current_column: int = -1) -> None:
        """Take the colours of this moment; `current_row` gets the bar even if it is not selected (-1: none).

        The cell in `current_column` of it gets a frame: what a key does to one cell it does to this.
        """
        self._current, self._column, self._read = current_row, current_column, 0
        tokens = ("base", "alt", "pick", "accent", "ink", *LIGHTS.values())
        self._colours = {token: theme.colour(token) for token in tokens}
        self._shapes = {kind: theme.pixmap(kind, token, SHAPE) for kind, token in LIGHTS.items()}
        self._shapes |= {"open": theme.pixmap("down", "ink2", SHAPE), "folded": theme.pixmap("right", "ink2", SHAPE)}

    def _hint(self, found: FoundText, row: Row | None) -> str:
        """Where else a hit is; of the rows beyond what one repaint reads it is told by the next."""
        if not found.is_known(row):
            if self._read >= EACH_PAINT:
                self._again.start()
                return ""
            self._read += 1
        return found.told(row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell."""
        row, column = index.row(), index.column()
        left, top, width, height = option.rect.getRect()  # pyright: ignore[reportAttributeAccessIssue]
        picked = _SELECTED in option.state  # pyright: ignore[reportAttributeAccessIssue]
        colours = self._colours
        painter.fillRect(left, top, width, height, colours["pick" if picked else "alt" if row % 2 else "base"])
        if left == 0 and (picked or row == self._current):
            painter.fillRect(0, top, BAR, height, colours["accent"])
        model = index.model()
        assert isinstance(model, RecordModel)
        heading = model.headings[column]
        held = model.row_at(row)
        if held is not None and held[0] is None:
            self._paint_head(painter, held[1], left, top, width, height)
            return
        if row == self._current and column == self._column:
            painter.setPen(colours["accent"])
            painter.drawRect(left, top, width - 1, height - 1)
        ink = colours["ink"]
        before = FIRST if left == 0 else PADDING
        if heading.key == LIGHT:
            light = held[1] if held is not None else None
            if light is None:
                return
            ink = colours[LIGHTS[light.kind]]
            painter.drawPixmap(left + before, top + (height - SHAPE) // 2, self._shapes[light.kind])
            before += SHAPE + AFTER_SHAPE
        room = width - before - PADDING
        found = model.found
        if found and not heading.width_em and (hint := self._hint(found, held)):
            room -= self._marks.hint(painter, found.hits, hint, (left + before, top, room, height))
        words = self._fitting(model.text_at(row, column), room, painter)
        if words:
            if found and heading.align == "left" and heading.key != LIGHT:
                words = self._marks.moved(painter, found.hits, model.text_at(row, column), words, room)
                self._marks.paint(painter, found.hits, words, (left + before, top, height), room)
            painter.setPen(ink)
            painter.drawText(left + before, top, room, height, _RIGHT if heading.align == "right" else _LEFT, words)

    def _paint_head(self, painter: QPainter, head: GroupHead, left: int, top: int, width: int, height: int) -> None:
        """The part of a group's heading that falls into one cell: it runs over all columns."""
        painter.save()
        painter.setClipRect(left, top, width, height)
        arrow = self._shapes["open" if head.is_open else "folded"]
        painter.drawPixmap(FIRST, top + (height - SHAPE) // 2, arrow)
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        at = FIRST + SHAPE + AFTER_SHAPE
        for words, token in ((head.words, "ink"), (head.late, "red")):
            painter.setPen(self._colours[token])
            room = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(at, top, room + 2, height, _LEFT, words)
            at += room + 2 * FIRST
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A row is one line high, whatever stands in it."""
        return QSize(0, theme.row())

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """The whole text as a tooltip, if it was elided."""
        model = index.model()
        if event.type() != QEvent.Type.ToolTip or not isinstance(model, RecordModel):
            return super().helpEvent(event, view, option, index)
        words = self.hidden_text(view, index)
        QToolTip.showText(event.globalPos(), words, view.viewport(), view.visualRect(index) if words else QRect())
        return True

    def hidden_text(self, view: QAbstractItemView, index: QModelIndex | QPersistentModelIndex) -> str:
        """The whole text of a cell that has not enough room for it, else ""."""
        model = index.model()
        assert isinstance(model, RecordModel)
        words, rect = model.text_at(index.row(), index.column()), view.visualRect(index)
        room = rect.width() - PADDING - (FIRST if rect.left() == 0 else PADDING)
        if model.headings[index.column()].key == LIGHT:
            room -= SHAPE + AFTER_SHAPE
        return words if QFontMetrics(view.font()).horizontalAdvance(words) > room else ""

    def _fitting(self, words: str, room: int, painter: QPainter) -> str:
        """`words` cut to `room` px with an ellipsis; remembered, since measuring costs more than painting."""
        key = painter.font().key()
        if key != self._font_key or len(self._elided) > _REMEMBERED:
            self._elided.clear()
            self._font_key = key
        found = self._elided.get((words, room))
        if found is None:
            flat, metrics = words if words.isprintable() else " ".join(words.split()), painter.fontMetrics()
            for start in _TELLING:  # what all titles of an office begin with goes first, what tells them apart stays
                at = flat.find(start)
                if at > 0 and metrics.horizontalAdvance(flat) > room:
                    flat = f"…{flat[at:]}"
            found = metrics.elidedText(flat, Qt.TextElideMode.ElideRight, room)
            self._elided[words, room] = found
        return found


def light_token(light: Light) -> str:
    """The colour token of a light."""
    return LIGHTS[light.kind]
