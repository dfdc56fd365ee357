"""Paints the cells of a list: selection by fill and bar, the light by shape, colour and word (look.md §1, §5)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from db.rules.lights import Light
from desktop import theme
from desktop.registers.rows import LIGHT, RecordModel

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


class LedgerDelegate(QStyledItemDelegate):
    """Paints the cells of a view on a `RecordModel`. The view calls `prepare` before each repaint."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Colours are looked up by `prepare`, not for every cell."""
        super().__init__(parent)
        self._current = -1
        self._colours: dict[str, QColor] = {}
        self._shapes: dict[str, QPixmap] = {}
        self._elided: dict[tuple[str, int], str] = {}
        self._font_key = ""
        self.prepare(-1)

    def prepare(self, current_row: int) -> None:
        """Take the colours of this moment; `current_row` gets the bar even if it is not selected (-1: none)."""
        self._current = current_row
        tokens = ("base", "alt", "pick", "accent", "ink", *LIGHTS.values())
        self._colours = {token: theme.colour(token) for token in tokens}
        self._shapes = {kind: theme.pixmap(kind, token, SHAPE) for kind, token in LIGHTS.items()}

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
        ink = colours["ink"]
        before = FIRST if left == 0 else PADDING
        if heading.key == LIGHT:
            light = (model.row_at(row) or (0, None))[1]
            if light is None:
                return
            ink = colours[LIGHTS[light.kind]]
            painter.drawPixmap(left + before, top + (height - SHAPE) // 2, self._shapes[light.kind])
            before += SHAPE + AFTER_SHAPE
        room = width - before - PADDING
        words = self._fitting(model.text_at(row, column), room, painter)
        if words:
            painter.setPen(ink)
            painter.drawText(left + before, top, room, height, _RIGHT if heading.align == "right" else _LEFT, words)

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
            flat = words if words.isprintable() else " ".join(words.split())
            found = painter.fontMetrics().elidedText(flat, Qt.TextElideMode.ElideRight, room)
            self._elided[words, room] = found
        return found


def light_token(light: Light) -> str:
    """The colour token of a light."""
    return LIGHTS[light.kind]
