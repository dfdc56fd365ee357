"""The list of 今日: groups of matters with their light, number, subject, holder and register; rest days between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from db.rules.workdays import Workdays
from db.summaries.board import Group, Matter, Order, arranged
from desktop import theme
from desktop.registers.fitting import TITLE_EM
from desktop.registers.ledger import AFTER_SHAPE, BAR, FIRST, PADDING, SHAPE, light_token

_WIDTHS = {"light": 8.4, "number": 11.4, "holder": 8.4, "register": 6.0}  # em
_GIVE_WAY = ("holder", "number", "register")
_WEEK = "一二三四五六日"
ModelIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Line:
    """One line of the list: a heading with its count, a quiet part or rest line, or a matter."""

    kind: str  # heading, part, rest, matter, more
    words: str
    count: int = 0
    matter: Matter | None = None


def lines_of(groups: Sequence[Group], order: Order, today: date, days: Workdays) -> Iterator[Line]:
    """All lines of the groups in an order; the rest days of the coming week stand between its matters."""
    for group in groups:
        yield Line("heading", group.heading, group.count)
        before = today
        for name, matters in arranged(group, order):
            if name:
                yield Line("part", name, len(matters))
            for matter in matters:
                if group.key == "soon" and order == "day":
                    yield from _rest_between(before, matter.due_on, days)
                    before = matter.due_on
                yield Line("matter", _light_words(matter, group), matter=matter)
        left = group.count - len(group.matters)
        if left > 0:
            yield Line("rest", f"另有 {left:,} 件，请到各台账查看")


def _rest_between(first: date, last: date, days: Workdays) -> Iterator[Line]:
    between = [first + timedelta(at) for at in range(1, (last - first).days)]
    resting = [day for day in between if not days.is_workday(day)]
    if resting:
        start, end = resting[0], resting[-1]
        until = "" if start == end else f"–{end.day if end.month == start.month else f'{end.month}月{end.day}'}"
        yield Line("rest", f"{start.month}月{start.day}{until}日 休")


def _light_words(matter: Matter, group: Group) -> str:
    if group.key == "late":
        words = matter.light.words
    elif group.key == "due":
        words = "今天"
    else:
        words = f"{matter.due_on:%m-%d} 周{_WEEK[matter.due_on.weekday()]}"
    return f"{words}（暂按）" if matter.is_provisional else words


def widths_in(room: int) -> dict[str, int]:
    """The columns beside the subject in `room` px and how wide they are (px); it keeps 16 characters before they do."""
    em = theme.em()
    widths = {key: round(width * em) for key, width in _WIDTHS.items()}
    for key in _GIVE_WAY:
        if sum(widths.values()) + FIRST + TITLE_EM * em + PADDING <= room:
            break
        del widths[key]
    return widths


class MatterModel(QAbstractListModel):
    """The lines of the board; only matters can be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def set_lines(self, lines: list[Line]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a line, for readers and tooltips."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self.lines[index.row()]
        if line.matter is None:
            return f"{line.words} {line.count}" if line.kind == "heading" else line.words
        found = line.matter
        return "，".join(filter(None, (line.words, found.duty, found.number, found.subject, found.holder, found.title)))

    def flags(self, index: ModelIndex) -> Qt.ItemFlag:
        """Headings and rest days cannot be chosen."""
        if index.isValid() and self.lines[index.row()].matter is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class MatterDelegate(QStyledItemDelegate):
    """Paints the lines as the ledger's own rows (look.md §4.2)."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """One line."""
        model = index.model()
        assert isinstance(model, MatterModel)
        line = model.lines[index.row()]
        area: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setFont(font)
        if line.matter is None:
            self._paint_words(painter, area, font, line)
        else:
            picked = bool(state & QStyle.StateFlag.State_Selected)
            painter.fillRect(area, theme.colour("pick" if picked else "alt" if index.row() % 2 else "base"))
            if picked:
                painter.fillRect(QRect(area.left(), area.top(), BAR, area.height()), theme.colour("accent"))
            self._paint_matter(painter, area, line, line.matter)
        painter.restore()

    def _paint_words(self, painter: QPainter, area: QRect, font: QFont, line: Line) -> None:
        place = area.adjusted(FIRST, 0, -PADDING, 0)
        ink = "ink2"
        if line.kind == "heading":
            place.setTop(area.bottom() - theme.row())
            big = QFont(font)
            big.setPointSizeF(theme.points(1.5))
            big.setWeight(QFont.Weight.DemiBold)
            painter.setFont(big)
            ink = "ink"
        elif line.kind == "part":
            bold = QFont(font)
            bold.setWeight(QFont.Weight.DemiBold)
            painter.setFont(bold)
        else:
            painter.fillRect(area, theme.colour("alt"))
        painter.setPen(theme.colour(ink))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, left, line.words)
        if line.kind in ("heading", "part"):
            place.setLeft(place.left() + painter.fontMetrics().horizontalAdvance(line.words) + PADDING)
            painter.setFont(font)
            painter.setPen(theme.colour("ink2"))
            painter.drawText(place, left, f"{line.count:,}" if line.count or line.kind == "part" else "没有")

    def _paint_matter(self, painter: QPainter, area: QRect, line: Line, matter: Matter) -> None:
        widths, token = widths_in(area.width()), light_token(matter.light)
        top = area.top() + (area.height() - SHAPE) // 2
        painter.drawPixmap(area.left() + FIRST, top, theme.pixmap(matter.light.kind, token, SHAPE))
        at = area.left() + FIRST + SHAPE + AFTER_SHAPE
        until = area.left() + FIRST + widths["light"]
        self._draw(painter, QRect(at, area.top(), until - at, area.height()), line.words, token)
        right = area.right()
        for words, key in ((matter.title, "register"), (matter.holder or "—", "holder")):
            if width := widths.get(key, 0):
                self._draw(painter, QRect(right - width, area.top(), width - PADDING, area.height()), words, "ink")
                right -= width
        if width := widths.get("number", 0):
            place = QRect(until, area.top(), width - PADDING, area.height())
            self._draw(painter, place, matter.number or "未编号", "ink")
        place = QRect(until + width, area.top(), right - until - width - PADDING, area.height())
        self._draw(painter, place, f"{matter.duty}：{matter.subject}" if matter.duty else matter.subject, "ink")

    def _draw(self, painter: QPainter, place: QRect, words: str, ink: str) -> None:
        painter.setPen(theme.colour(ink))
        flat = words if words.isprintable() else " ".join(words.split())
        shown = painter.fontMetrics().elidedText(flat, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """A row, and half a row more above a heading."""
        model = index.model()
        assert isinstance(model, MatterModel)
        is_heading = model.lines[index.row()].kind == "heading"
        return QSize(0, theme.row() + (theme.row() // 2 if is_heading and index.row() else 8 if is_heading else 0))


class MatterList(QListView):
    """Matters by keyboard: up and down walk over headings, Enter opens the record in its register."""

    open_asked = Signal(str, int)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self._model = MatterModel(self)
        self._groups: Sequence[Group] = ()
        self._days: Workdays | None = None
        self._order: Order = "day"
        self.setModel(self._model)
        self.setItemDelegate(MatterDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("今日要办的事项")
        self.activated.connect(self._open)
        self.doubleClicked.connect(self._open)

    def show_groups(self, groups: Sequence[Group], today: date, days: Workdays) -> None:
        """Show groups of matters; the chosen matter stays chosen."""
        self.today, self._groups, self._days = today, groups, days
        self._fill()

    def set_order(self, order: Order) -> None:
        """Arrange the matters by day, by register or by unit."""
        self._order = order
        self._fill()

    def _fill(self) -> None:
        if self._days is None:
            return
        chosen = self.current()
        self._model.set_lines(list(lines_of(self._groups, self._order, self.today, self._days)))
        rows = [at for at, line in enumerate(self._model.lines) if line.matter is not None]
        same = [at for at in rows if chosen and _key(self._model.lines[at].matter) == _key(chosen)]
        for at in (same or rows)[:1]:
            self.setCurrentIndex(self._model.index(at, 0))

    def current(self) -> Matter | None:
        """The matter that is chosen."""
        at = self.currentIndex().row()
        return self._model.lines[at].matter if 0 <= at < len(self._model.lines) else None

    def shown(self) -> list[Line]:
        """The lines on show."""
        return self._model.lines

    def status_words(self) -> str:
        """How many matters each group holds."""
        names = {"late": "逾期", "due": "今天到期", "soon": "五日内"}
        return "，".join(f"{names[group.key]} {group.count:,}" for group in self._groups)

    def urgent(self) -> int:
        """How many matters are overdue or due today."""
        return sum(group.count for group in self._groups if group.key != "soon")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; the platform's own activation key may be another one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        matter = self.current() if index.isValid() else None
        if matter is not None:
            self.open_asked.emit(matter.register, matter.record)


def _key(matter: Matter | None) -> tuple[str, int, str] | None:
    return (matter.register, matter.record, matter.duty) if matter else None
