"""Hits of a search in the cells of a list: a ground under the pieces that were found, and where else a hit is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPainter

from db.record import Record
from db.store.attachment_texts import of_record
from db.store.hits import Hits, hits_of
from db.store.search import Listing
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.rows import Row

_REMEMBERED = 4_096  # texts
_HINT_SHARE = 0.55  # of a cell's room at most
_BEFORE = 6  # characters that stay before a hit when the text is moved to it
_GAP = 12  # px between a text and the hint behind it
EACH_PAINT = 8  # records that one repaint reads to tell where a hit is: 2 ms each
_INSET = 4  # px of the row above and below the ground
_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class FoundText:
    """What the rows of a list were found by; for each row, where that stands when it is in none of its columns."""

    def __init__(self, register: type[Record], actions: Actions, hits: Hits) -> None:
        self._register, self._actions, self.hits = register, actions, hits
        self._told: dict[int, str] = {}

    def told(self, row: Row | None) -> str:
        """…批示内容：请公路局…; "" when everything that was searched for is on show in the row."""
        if row is None or row[0] is None:
            return ""
        record: int = row[0]
        if record not in self._told:
            shown = [text for text in row[2:] if isinstance(text, str)]
            self._told[record] = self._tell(record, shown) if self.hits.missing(shown) else ""
        return self._told[record]

    def is_known(self, row: Row | None) -> bool:
        """Whether `told` need not read the record: it was asked before, or all is on show in the row."""
        if row is None or row[0] is None or row[0] in self._told:
            return True
        return not self.hits.missing([text for text in row[2:] if isinstance(text, str)])

    def _tell(self, number: int, shown: list[str]) -> str:
        return self.tell_of(self._register, number, shown)

    def tell_of(self, register: type[Record], number: int, shown: list[str]) -> str:
        """The same of a record of any register, with the texts of it that are on show."""
        record = self._actions.load(register, number)
        return self.hits.told(record, shown, of_record(self._actions.store.connection, record))


def found_text(listing: Listing, actions: Actions) -> FoundText | None:
    """What the rows of a listing were found by; None when no words were searched for."""
    hits = hits_of(listing.matching, actions.store.initials)
    return FoundText(listing.register, actions, hits) if hits else None


def files_holding(actions: Actions, record: Record, hits: Hits) -> int:
    """In how many attachments of a record a searched word stands, in their names or their texts."""
    files = of_record(actions.store.connection, record)
    return sum(bool(hits.spans(name) or hits.spans(text, is_folded=True)) for name, text in files)


class CellMarks:
    """Paints the ground under hits; their places are remembered, since to measure takes longer than to paint."""

    def __init__(self) -> None:
        self._hits: Hits | None = None
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._moved: dict[tuple[str, int], str] = {}
        self._font = ""

    def moved(self, painter: QPainter, hits: Hits, words: str, shown: str, room: int) -> str:
        """What to paint of `words` in `room` px: `shown` as it was cut, or cut anew to have the first hit in sight."""
        self._renew(painter, hits)
        found = self._moved.get((words, room))
        if found is None:
            found = self._moved[words, room] = _moved(hits, words, shown, room, painter.fontMetrics())
        return found

    def paint(self, painter: QPainter, hits: Hits, words: str, place: tuple[int, int, int], room: int) -> None:
        """Mark the hits in `words`, which will be painted from x on as they are, cut to `room` already.

        `place` = x, top, height; all in px.
        """
        self._renew(painter, hits)
        found = self._places.get(words)
        if found is None:
            found = self._places[words] = _measured(hits, words, painter.fontMetrics())
        left, top, height = place
        if found:
            ground = theme.colour("hit")
            for start, width in found:
                width = min(width, room - start)  # noqa: PLW2901
                if width > 0:
                    painter.fillRect(left + start, top + _INSET, width, height - 2 * _INSET, ground)

    def _renew(self, painter: QPainter, hits: Hits) -> None:
        """Forget what was measured for another search or in another font."""
        font = painter.font().key()
        if hits != self._hits or font != self._font or len(self._places) + len(self._moved) > _REMEMBERED:
            self._hits, self._font = hits, font
            self._places.clear()
            self._moved.clear()

    def hint(self, painter: QPainter, hits: Hits, hint: str, place: tuple[int, int, int, int]) -> int:
        """Paint where else the hit is at the right end of a cell's room; give back the px that it takes.

        `place` = x, top, width, height of the room in px.
        """
        left, top, room, height = place
        metrics = painter.fontMetrics()
        words = _hint_words(hits, hint, int(room * _HINT_SHARE), metrics)
        width = metrics.horizontalAdvance(words)
        at = left + room - width
        self.paint(painter, hits, words, (at, top, height), width)
        painter.setPen(theme.colour("ink2"))
        painter.drawText(at, top, width + 2, height, _FLAGS, words)
        return width + _GAP


def _hint_words(hits: Hits, hint: str, room: int, metrics: QFontMetrics) -> str:
    """What of a hint fits: rather than lose the hit, its label takes half the room and the rest begins with the hit."""
    shown = metrics.elidedText(hint, Qt.TextElideMode.ElideRight, room)
    label, _colon, rest = hint.partition("：")
    spans = hits.spans(rest)
    if shown == hint or not spans or hits.spans(shown):
        return shown
    label = f"{metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, room // 2)}：…"
    room -= metrics.horizontalAdvance(label)
    return f"{label}{metrics.elidedText(rest[spans[0][0] :], Qt.TextElideMode.ElideRight, room)}"


def _moved(hits: Hits, words: str, shown: str, room: int, metrics: QFontMetrics) -> str:
    if words == shown or hits.spans(shown):
        return shown
    flat = words if words.isprintable() else " ".join(words.split())
    spans = hits.spans(flat)
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    if not start:
        return shown
    while start and metrics.horizontalAdvance(f"…{flat[start - 1 :]}") <= room:  # no room is left empty at the end
        start -= 1
    return metrics.elidedText(f"…{flat[start:]}", Qt.TextElideMode.ElideRight, room)


def _measured(hits: Hits, words: str, metrics: QFontMetrics) -> list[tuple[int, int]]:
    """Where the hits stand in the words when they are painted: (x, width) in px."""
    return [
        (metrics.horizontalAdvance(words[:start]), metrics.horizontalAdvance(words[start:end]))
        for start, end in hits.spans(words)
    ]
