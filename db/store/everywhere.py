"""One search over all registers: the newest hits first, the count of each register, the same words as in one list."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.record import Record
from db.store.search import Filter, Listing

if TYPE_CHECKING:
    from db.store.store import Store

_CHUNK = 50  # rows of a register read at once, as far as they come to be among the newest


@dataclass(frozen=True)
class Hit:
    """A record that was found: its register, number and day (YYYY-MM-DD), either empty if it has none, and subject."""

    register: type[Record]
    id: int
    number: str
    day: str
    subject: str


class Everywhere:
    """What a text finds in some registers, on this thread's connection; `deleted` looks into the recycle bins."""

    def __init__(
        self, store: Store, text: str, deleted: bool = False, registers: Iterable[type[Record]] | None = None
    ) -> None:  # fmt: skip
        self.listings = {
            register: Listing(
                store.connection, register, store.register_numbers[register.key()],
                Filter(text=text, deleted=deleted), store.rules.today, store.rules.days,
            )
            for register in (store.catalogue if registers is None else registers)
        }  # fmt: skip

    @property
    def notes(self) -> tuple[str, ...]:
        """What no register could understand, a sentence each."""
        said = [listing.matching.notes for listing in self.listings.values()]
        return tuple(dict.fromkeys(note for notes in said for note in notes)) if all(said) else ()

    def newest(self, size: int) -> list[Hit]:
        """The newest hits, at most `size` (-1: all)."""
        merged = heapq.merge(
            *(self._hits(listing, size) for listing in self.listings.values()),
            key=lambda hit: hit.day, reverse=True,
        )  # fmt: skip
        return [hit for hit, _at in zip(merged, range(size), strict=False)] if size >= 0 else list(merged)

    @staticmethod
    def _hits(listing: Listing, size: int) -> Iterator[Hit]:
        register, ids = listing.register, listing.ids(0, size)
        for at in range(0, len(ids), _CHUNK):
            rows = listing.values(("number", "listed_on", register.SUBJECT), ids[at : at + _CHUNK])
            for record, number, day, subject in rows:
                yield Hit(register, record, number or "", day or "", subject)

    def counts(self) -> Iterator[tuple[type[Record], int]]:
        """The exact number of hits of each register, one after another."""
        for register, listing in self.listings.items():
            yield register, listing.count()
