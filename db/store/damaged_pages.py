"""Reads the rows of a damaged SQLite file page by page: what a page holds is there, whatever its neighbours became.

The layout is that of SQLite's "Database File Format": §1.3 header, §1.5 free pages, §1.6 b-tree pages, §2.1 records.
Pages that no table leads to any more are read as well.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from db.store.places import MAGIC

Row = tuple[int, tuple[Any, ...]]  # its rowid, its values
Tick = Callable[[int, int], object]

_LEAF, _INTERIOR = 0x0D, 0x05  # of tables; those of indexes are not needed
_USUAL = 4_096  # bytes of a page, where the head of the file does not tell
_LARGEST = 200_000_000  # bytes of a row; more is nonsense
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # serial type -> bytes


class Unreadable(Exception):
    """A page or a row that makes no sense."""


class DamagedFile:
    """The pages of a database file that may be damaged anywhere. Its write-ahead log has been folded in, or is lost."""

    def __init__(self, path: Path, reserved: int = 0) -> None:
        """`reserved`: bytes at the end of each page that hold no rows, where the head of the file does not tell."""
        self._file = path.open("rb")
        size = path.stat().st_size
        self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        head = bytes(self._bytes[:100]).ljust(100, b"\x00")
        told = int.from_bytes(head[16:18], "big") if head.startswith(MAGIC) else 0
        told = 65_536 if told == 1 else told
        self.page_size = told if 512 <= told <= 65_536 and told & (told - 1) == 0 else _USUAL
        told = head[20] if head.startswith(MAGIC) and head[20] < 64 else 0
        self._usable = self.page_size - (reserved or told)
        self.pages = -(-size // self.page_size)
        self._free = self._free_pages(head) if head.startswith(MAGIC) else set[int]()
        self.lost = 0
        """Pages and rows that could not be read."""

    def __enter__(self) -> Self:
        """Close it at the end of a block."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the file."""
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()

    def roots(self) -> dict[str, tuple[int, str]]:
        """The first page and the statement of each table; of a damaged table of contents what can be read of it."""
        found: dict[str, tuple[int, str]] = {}
        for _rowid, values in self.rows(1, set()):
            if len(values) == 5 and values[0] == "table" and isinstance(values[3], int) and isinstance(values[4], str):
                found[str(values[1])] = (values[3], values[4])
        return found

    def rows(self, root: int, seen: set[int], tick: Tick = lambda _page, _pages: None) -> Iterator[Row]:
        """The rows of the table that begins at a page; its pages are added to `seen`."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in seen or not 1 <= number <= self.pages:
                self.lost += number not in seen
                continue
            seen.add(number)
            tick(len(seen), self.pages)
            try:
                kind, cells, right = self._cells(number)
            except Unreadable:
                self.lost += 1
                continue
            if kind == _LEAF:
                yield from self._leaf(number, cells)
                continue
            children = [self._child(number, cell) for cell in cells]
            waiting += [child for child in reversed([*children, right]) if child]

    def strays(self, seen: set[int], tick: Tick = lambda _page, _pages: None) -> Iterator[Row]:
        """The rows of the leaves that no table led to and that are not free."""
        for number in range(1, self.pages + 1):
            tick(number, self.pages)
            if number in seen or number in self._free or self._kind(number) != _LEAF:
                continue
            try:
                _kind, cells, _right = self._cells(number)
            except Unreadable:
                continue
            yield from self._leaf(number, cells)

    def _free_pages(self, head: bytes) -> set[int]:
        found: set[int] = set()
        trunk = int.from_bytes(head[32:36], "big")
        while 1 <= trunk <= self.pages and trunk not in found:
            found.add(trunk)
            page = self._page(trunk)
            trunk, count = struct.unpack_from(">II", page)
            found.update(struct.unpack_from(f">{min(count, (len(page) - 8) // 4)}I", page, 8))
        return found

    def _page(self, number: int) -> bytes:
        page = bytes(self._bytes[(number - 1) * self.page_size : number * self.page_size])
        return page.ljust(self.page_size, b"\x00")  # the last one of a file that was cut

    def _kind(self, number: int) -> int:
        at = (number - 1) * self.page_size + (100 if number == 1 else 0)
        return self._bytes[at] if at < len(self._bytes) else 0

    def _cells(self, number: int) -> tuple[int, list[int], int]:
        """Kind of a page, the places of its cells in it, and its last child (0 for a leaf)."""
        page, start = self._page(number), 100 if number == 1 else 0
        kind, count = page[start], int.from_bytes(page[start + 3 : start + 5], "big")
        width = {_LEAF: 8, _INTERIOR: 12}.get(kind)
        if width is None or start + width + 2 * count > self._usable:
            raise Unreadable
        cells = list(struct.unpack_from(f">{count}H", page, start + width))
        right = int.from_bytes(page[start + 8 : start + 12], "big") if kind == _INTERIOR else 0
        return kind, cells, right

    def _child(self, number: int, cell: int) -> int:
        page = self._page(number)
        return int.from_bytes(page[cell : cell + 4], "big") if cell + 4 <= self._usable else 0

    def _leaf(self, number: int, cells: list[int]) -> Iterator[Row]:
        page = self._page(number)
        for cell in cells:
            try:
                size, at = _varint(page, cell)
                rowid, at = _varint(page, at)
                yield rowid - (1 << 64) if rowid >= 1 << 63 else rowid, _values(self._payload(page, at, size))
            except (Unreadable, IndexError, UnicodeDecodeError, struct.error):
                self.lost += 1

    def _payload(self, page: bytes, at: int, size: int) -> bytes:
        """The bytes of a row, with those on overflow pages (§1.6, "Cell Payload Overflow Pages")."""
        if size > _LARGEST:
            raise Unreadable
        usable = self._usable
        most = usable - 35
        if size <= most:
            local, following = size, 0
        else:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (size - least) % (usable - 4)
            local = local if local <= most else least
            following = int.from_bytes(page[at + local : at + local + 4], "big")
        if at + local > usable:
            raise Unreadable
        parts, missing, steps = [page[at : at + local]], size - local, 0
        while missing > 0:
            steps += 1
            if not 1 <= following <= self.pages or steps > self.pages:
                raise Unreadable
            more = self._page(following)
            following = int.from_bytes(more[:4], "big")
            parts.append(more[4 : 4 + min(missing, usable - 4)])
            missing -= usable - 4
        return b"".join(parts)


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """A number of variable length (§1.6), and the place behind it."""
    value = 0
    for step in range(8):
        byte = page[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | page[at + 8], at + 9


def _values(payload: bytes) -> tuple[Any, ...]:
    """The values of a record (§2.1)."""
    length, at = _varint(payload, 0)
    if not 1 <= length <= len(payload):
        raise Unreadable
    body, found = length, list[Any]()
    while at < length:
        kind, at = _varint(payload, at)
        if kind >= 12:
            size = (kind - 12) // 2
            raw = payload[body : body + size]
            if len(raw) != size:
                raise Unreadable
            found.append(raw.decode() if kind % 2 else raw)
            body += size
        elif kind in _INTEGERS:
            size = _INTEGERS[kind]
            found.append(int.from_bytes(payload[body : body + size], "big", signed=True))
            body += size
        elif kind == 7:
            found.append(struct.unpack_from(">d", payload, body)[0])
            body += 8
        elif kind in (8, 9):
            found.append(kind - 8)
        elif kind == 0:
            found.append(None)
        else:
            raise Unreadable
    if body > len(payload):
        raise Unreadable
    return tuple(found)
