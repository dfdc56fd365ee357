"""The rows of a list as Qt's model: a million records, of which only the pages on show are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

if TYPE_CHECKING:
    from desktop.registers.marking import FoundText

LIGHT = "light"  # key of the heading under which the light of a record stands
PAGE = 256  # rows read at once
PAGES = 64  # pages kept; 16,384 rows of some 600 bytes are 10 MB

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Index = QModelIndex | QPersistentModelIndex
Row = tuple[Any, ...]
T = TypeVar("T")


class Rows(Protocol):
    """The records under a filter, in its order."""

    def count(self) -> int:
        """The number of rows; may be an estimate, which `RecordModel.set_count` corrects."""
        ...

    def page(self, start: int, size: int) -> list[Row]:
        """At most `size` rows from row `start`: (id, Light or None, *texts).

        The texts stand in the order of the headings; a heading with the key `LIGHT` shows the light and has no text.
        """
        ...


class ListedRows(Generic[T]):
    """A few things that are all at hand, as the rows of a list; `row_of(place, thing)` gives the row of each."""

    def __init__(self, things: Sequence[T], row_of: Callable[[int, T], Row]) -> None:
        self._things, self._row_of = things, row_of

    def count(self) -> int:
        """The number of things."""
        return len(self._things)

    def page(self, start: int, size: int) -> list[Row]:
        """At most `size` rows from row `start`."""
        return [self._row_of(start + at, one) for at, one in enumerate(self._things[start : start + size])]


@dataclass(frozen=True)
class Heading:
    """A column of a list. `width_em` is in ems with padding; 0 = shares the rest.

    `gives_way`: 0 = never, else columns with 1 are hidden first when the rest grows too narrow, then those with 2 …
    """

    key: str
    label: str
    width_em: float = 0.0
    align: Literal["left", "right"] = "left"
    gives_way: int = 0
    sortable: bool = True


class RecordModel(QAbstractTableModel):
    """Rows read by pages of 256 when they are asked for; 64 pages are kept, the longest unused goes first.

    `failed` carries what `Rows.page` raised, after the paint during which it happened; the rows of that page stay
    blank until `reload`.
    """

    failed = Signal(object)
    _page_failed = Signal(object)

    def __init__(self, headings: Sequence[Heading], parent: QObject | None = None) -> None:
        """An empty list with these columns."""
        super().__init__(parent)
        self.headings = tuple(headings)
        self._rows: Rows | None = None
        self.found: FoundText | None = None  # what was searched for; the delegate marks it
        self._count = 0
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._order: tuple[str, bool] = ("", False)
        texts = iter(range(2, 2 + len(self.headings)))
        self._at = [1 if heading.key == LIGHT else next(texts) for heading in self.headings]
        self._page_failed.connect(self.failed, Qt.ConnectionType.QueuedConnection)

    def set_rows(self, rows: Rows, count: int | None = None) -> None:
        """Show other rows from the start; `count` saves asking them for it."""
        self.beginResetModel()
        self._rows = rows
        self._pages.clear()
        self._count = rows.count() if count is None else count
        self.endResetModel()

    def set_count(self, count: int) -> None:
        """Correct the number of rows (a worker has counted them); what is on show stays where it is."""
        for number in [number for number, page in self._pages.items() if len(page) < PAGE]:
            del self._pages[number]
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def reload(self, count: int | None = None, rows: Rows | None = None) -> None:
        """Read everything anew, from `rows` if given, without a reset: row numbers, scroll place, selection stay."""
        self._rows = rows or self._rows
        if self._rows is None:
            return
        self._pages.clear()
        self.set_count(self._rows.count() if count is None else count)
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(self.headings) - 1))

    def set_order(self, key: str, descending: bool) -> None:
        """Show the arrow of the sort order in the heading `key`; "" shows none."""
        self._order = (key, descending)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.headings) - 1)

    def order(self) -> tuple[str, bool]:
        """Key of the column that the rows are sorted by, and whether descending."""
        return self._order

    def row_at(self, row: int) -> Row | None:
        """The tuple behind a row, read if need be; None if the rows end before."""
        page = self._pages.get(row // PAGE)
        if page is None:
            page = self._read(row // PAGE)
        else:
            self._pages.move_to_end(row // PAGE)
        at = row % PAGE
        return page[at] if at < len(page) else None

    def text_at(self, row: int, column: int) -> str:
        """What stands in a cell; "" where there is nothing."""
        found = self.row_at(row)
        if found is None:
            return ""
        value = found[self._at[column]]
        if value is None:
            return ""
        return value if isinstance(value, str) else value.words

    def id_at(self, row: int) -> int | None:
        """The id of the record in a row; None beyond the end."""
        found = self.row_at(row) if 0 <= row < self._count else None
        return found[0] if found is not None else None

    def row_of(self, record: int) -> int | None:
        """The row of a record among the pages in memory."""
        for number in reversed(self._pages):
            for at, row in enumerate(self._pages[number]):
                if row[0] == record:
                    found = number * PAGE + at
                    return found if found < self._count else None
        return None

    def find(self, record: int, near: int) -> int | None:
        """The row of a record among the pages in memory and those around row `near`, which are read if need be."""
        middle = max(0, min(near, self._count - 1)) // PAGE
        for number in (middle, middle + 1, middle - 1):
            found = self.row_of(record)
            if found is not None:
                return found
            if number >= 0 and number * PAGE < self._count and number not in self._pages:
                self._read(number)
        return self.row_of(record)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Rows of the list; no row has children."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """One for each heading."""
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = _DISPLAY, _display: int = _DISPLAY) -> Any:
        """Text and alignment; the light's shape and colour are the delegate's.

        Called a thousand times for one repaint: the role is compared with an int bound as an argument, since looking
        up Qt's enumeration costs more than the rest of this method.
        """
        if role == _display:
            return self.text_at(index.row(), index.column()) if index.isValid() else None
        if role == _ALIGNMENT and index.isValid():
            return _RIGHT if self.headings[index.column()].align == "right" else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The label with the arrow of the sort order behind it; the order in words for a screen reader."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.headings):
            return None
        heading = self.headings[section]
        sorted_by, descending = self._order
        if role == _DISPLAY:
            return heading.label + ("" if heading.key != sorted_by else " ↓" if descending else " ↑")
        if role == _SPOKEN:
            return heading.label + ("" if heading.key != sorted_by else "，降序" if descending else "，升序")
        if role == _ALIGNMENT:
            return _RIGHT if heading.align == "right" else _LEFT
        return None

    def _read(self, number: int) -> list[Row]:
        """Page `number` from the rows, into memory."""
        page: list[Row] = []
        if self._rows is not None:
            try:
                page = self._rows.page(number * PAGE, PAGE)
            except Exception as error:  # noqa: BLE001  told by `failed`; raised in a paint it would come again and again
                self._page_failed.emit(error)
        self._pages[number] = page
        if len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        return page
