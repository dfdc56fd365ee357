"""The list of proposals under a field (look.md §2 "Completion popup").

It is a child of the window, not a window of its own: it takes no focus, so that the input method stays with the field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import theme

ROWS_SHOWN = 8
_GAP = 8


@dataclass(frozen=True)
class Completion:
    """One proposal: its text, its pinyin initials ("xfgj", may be empty) and how often it was used (0: not shown)."""

    text: str
    initials: str
    uses: int


def typed_part(completion: Completion, typed: str) -> tuple[range, range]:
    """Which characters of text and initials were typed: two ranges, empty where nothing matches.

    Where every character of the text has one initial, a match in one shows in the other.
    """
    wanted = typed.casefold().strip()
    if not wanted:
        return range(0), range(0)
    paired = len(completion.text) == len(completion.initials)
    at = completion.text.casefold().find(wanted)
    if at >= 0:
        found = range(at, at + len(wanted))
        return found, found if paired else range(0)
    at = completion.initials.casefold().find(wanted)
    if at >= 0:
        found = range(at, at + len(wanted))
        return found if paired else range(0), found
    return range(0), range(0)


class _Proposals(QAbstractListModel):
    """The proposals of the moment."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Completion, ...] = ()

    def show(self, rows: Sequence[Completion]) -> None:
        """Replace all proposals."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """How many proposals there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a proposal."""
        return self.rows[index.row()].text if index.isValid() and role == Qt.ItemDataRole.DisplayRole else None


class _ProposalDelegate(QStyledItemDelegate):
    """Paints name and initials with the typed letters semibold, and the use count at the right."""

    def __init__(self, model: _Proposals, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.typed = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A row of the ledger's height."""
        return QSize(0, theme.row())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one proposal; see the class."""
        area: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue]
        picked = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(area, theme.colour("pick" if picked else "base"))
        if picked:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), theme.colour("accent"))
        row = self._model.rows[index.row()]
        area = area.adjusted(_GAP, 0, -_GAP, 0)
        if row.uses:
            small = QFont(font)
            small.setPointSizeF(theme.points(-1))
            painter.setFont(small)
            painter.setPen(theme.colour("ink2"))
            count = f"{row.uses:,} 次"
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
            area.setRight(area.right() - QFontMetrics(small).horizontalAdvance(count) - _GAP)
        in_text, in_initials = typed_part(row, self.typed)
        left = _draw(painter, area, row.text, in_text, font, theme.colour("ink"))
        area.setLeft(left + _GAP)
        _draw(painter, area, row.initials, in_initials, font, theme.colour("ink2"))
        painter.restore()


def _draw(painter: QPainter, area: QRect, text: str, strong: range, font: QFont, pen: QColor) -> int:
    """Draw `text` into `area` with the characters of `strong` semibold, elided; return where it ends (px)."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    painter.setPen(pen)
    place = QRect(area)
    for part, face in (
        (text[: strong.start], font),
        (text[strong.start : strong.stop], bold),
        (text[strong.stop :], font),
    ):
        if not part or place.width() <= 0:
            continue
        painter.setFont(face)
        metrics = QFontMetrics(face)
        shown = metrics.elidedText(part, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        place.setLeft(place.left() + metrics.horizontalAdvance(shown))
    return place.left()


class CompletionPopup(QFrame):
    """Proposals under (or, for want of room, above) their field; the field keeps the focus and passes the keys."""

    taken = Signal(int)
    """A row was clicked."""
    new_asked = Signal()
    closed = Signal()

    def __init__(self, field: QWidget, new_label: str = "", width: float = 0) -> None:
        """`new_label` names the button for what is in no directory yet ("新增单位"); "" leaves the last row out.

        `width` is the least width in em.
        """
        super().__init__(field.window())
        self.hide()
        self._field, self._least = field, width
        theme.set_role(self, "popup")
        self.setAccessibleName("候选")
        self._model = _Proposals(self)
        self._list = QListView(self)
        self._delegate = _ProposalDelegate(self._model, self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._delegate)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.clicked.connect(self._click)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._list)
        self._foot = self._new_foot(new_label) if new_label else None
        if self._foot is not None:
            column.addWidget(self._foot)
        for widget in (self, self._list, *self.findChildren(QPushButton)):
            widget.ensurePolished()  # now, on entering the field, not at the first key

    def propose(self, rows: Sequence[Completion], typed: str, chosen: int = 0) -> None:
        """Show `rows` with row `chosen` selected (-1: none); `typed` is set semibold in them. No rows: close."""
        if not rows:
            self.close_up()
            return
        self._delegate.typed = typed
        self._model.show(rows)
        self._choose(max(-1, min(chosen, len(rows) - 1)))
        if self.parentWidget() is not self._field.window():
            self.setParent(self._field.window())
        self._place(len(rows))
        if self.isHidden():
            self.show()
            QApplication.instance().installEventFilter(self)  # pyright: ignore[reportOptionalMemberAccess]
        self.raise_()

    def close_up(self) -> None:
        """Hide; harmless when hidden."""
        if not self.isHidden():
            QApplication.instance().removeEventFilter(self)  # pyright: ignore[reportOptionalMemberAccess]
            self.hide()
            self.closed.emit()

    def is_open(self) -> bool:
        """Whether proposals are on show."""
        return not self.isHidden()

    def chosen(self) -> int:
        """The selected row, -1 if none."""
        return self._list.currentIndex().row() if self.is_open() else -1

    def step(self, by: int) -> None:
        """Move the choice by `by` rows; from the last by one to the first and back, larger steps stop at the ends."""
        count = self._model.rowCount()
        to = max(self._list.currentIndex().row() + by, -1)  # up, while none was chosen: the last
        self._choose(to % count if abs(by) == 1 else max(0, min(to, count - 1)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when something else is pressed, scrolled, or the window is left or changes its size."""
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            if (
                isinstance(watched, QWidget)
                and watched is not self._field
                and not self.isAncestorOf(watched)
                and watched is not self
            ):
                self.close_up()
        elif kind in (QEvent.Type.WindowDeactivate, QEvent.Type.Resize) and watched is self.parentWidget():
            self.close_up()
        return False

    def _choose(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row, 0))
        self.setAccessibleDescription(self._model.rows[row].text if row >= 0 else "")

    def _click(self, index: QModelIndex) -> None:
        self.taken.emit(index.row())

    def _place(self, count: int) -> None:
        """Under the field, as wide as it; above it if there is more room."""
        window = self._field.window()
        height = theme.row() * min(count, ROWS_SHOWN)
        self._list.setFixedHeight(height)
        height += 4 + (theme.row() + 1 if self._foot is not None else 0)
        top = self._field.mapTo(window, QPoint(0, 0)).y()
        below = top + self._field.height() + 2
        room_below = window.height() - below
        y = below if room_below >= height or room_below >= top else max(0, top - height - 2)
        width = max(self._field.width(), round(self._least * theme.em()))
        x = max(0, min(self._field.mapTo(window, QPoint(0, 0)).x(), window.width() - width))
        self.setGeometry(x, y, width, height)

    def _new_foot(self, label: str) -> QFrame:
        foot = QFrame(self)
        foot.setFixedHeight(theme.row() + 1)
        line = QFrame()
        line.setFixedHeight(1)
        theme.set_role(line, "rule")
        keys = QLabel("↑↓ 选   Enter 用")
        theme.set_role(keys, "small")
        new = QPushButton(label)
        new.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_role(new, "quiet")
        new.clicked.connect(self.new_asked)
        words = QHBoxLayout()
        words.setContentsMargins(_GAP, 0, 0, 0)
        words.addWidget(keys)
        words.addStretch(1)
        words.addWidget(new)
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addLayout(words)
        return foot
