"""Rows of a register in groups: a heading with the count over the records of each, which can be folded away."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from db.store.condition_words import value_words
from db.store.tallies import Group
from desktop.registers.listing import RegisterRows
from desktop.registers.rows import Row

OPEN_BELOW = 200  # records; a longer list begins with its groups folded


@dataclass(frozen=True)
class GroupHead:
    """What stands in the row of a group instead of a light: name, counts, and whether its records are shown."""

    words: str
    late: str
    is_open: bool
    kind: str = "group"


class GroupedRows(RegisterRows):
    """The records of a listing under the headings of their groups."""

    def __init__(self, *rows: Any) -> None:
        super().__init__(*rows)
        self._groups: list[Group] = []
        self._open: set[str] = set()
        self._heads: list[int] = []
        self._firsts: list[int] = []
        self._length = 0

    def know_groups(self, groups: Sequence[Group]) -> None:
        """The groups in the order of the list."""
        self._groups = list(groups)
        first, self._firsts = 0, []
        for group in self._groups:
            self._firsts.append(first)
            first += group.count
        if first < OPEN_BELOW:
            self._open = {group.value for group in self._groups}
        self._arrange()

    def know_ids(self, ids: Sequence[int]) -> None:
        """All ids, group after group; only now groups can be opened."""
        super().know_ids(ids)
        self._arrange()

    def records(self) -> int:
        """How many records there are, folded ones included."""
        return sum(group.count for group in self._groups)

    def count(self) -> int:
        """Rows on show: headings, and the records of open groups."""
        return self._length

    def records_in(self, stretches: Sequence[range]) -> int:
        """How many records stand in some rows, which may hold headings of groups as well."""
        heads = self._heads
        return sum(len(one) - bisect_left(heads, one.stop) + bisect_left(heads, one.start) for one in stretches)

    def ids_of(self, stretches: Sequence[range]) -> list[int]:
        """The ids of the records in some rows; the heading of a group is none."""
        found: list[int] = []
        for head, first, group in zip(self._heads, self._firsts, self._groups, strict=True):
            if group.value not in self._open:
                continue
            for rows in stretches:
                start, stop = max(rows.start, head + 1), min(rows.stop, head + 1 + group.count)
                found += (self.ids or [])[first + start - head - 1 : first + stop - head - 1] if start < stop else ()
        return found

    def rows_on_show(self, records: Collection[int]) -> list[int]:
        """The rows in which some records stand; those in folded groups stand in none."""
        found: list[int] = []
        for place in super().rows_on_show(records):
            at = bisect_right(self._firsts, place) - 1
            if self._groups[at].value in self._open:
                found.append(self._heads[at] + 1 + place - self._firsts[at])
        return found

    def fold(self, row: int, is_open: bool | None = None) -> int:
        """Open or close (None: the other way) the group that a row belongs to; give back the row of its heading."""
        at = max(bisect_right(self._heads, row) - 1, 0)
        value = self._groups[at].value
        if is_open is None:
            is_open = value not in self._open
        (self._open.add if is_open else self._open.discard)(value)
        self._arrange()
        return self._heads[at]

    def fold_all(self, is_open: bool) -> None:
        """Open or close every group."""
        self._open = {group.value for group in self._groups} if is_open else set()
        self._arrange()

    def open_groups(self) -> frozenset[str]:
        """The values of the groups that are open."""
        return frozenset(self._open)

    def keep_open(self, values: frozenset[str]) -> None:
        """Open these groups and no other, as they were before the list was read anew."""
        self._open = set(values)
        self._arrange()

    def page(self, start: int, size: int) -> list[Row]:
        """Headings and records from row `start`."""
        found: list[Row] = []
        at = max(bisect_right(self._heads, start) - 1, 0)
        end = min(start + size, self._length)
        row = start
        while row < end and at < len(self._groups):
            head, group = self._heads[at], self._groups[at]
            if row == head:
                found.append(self._head(group))
                row += 1
            following = self._heads[at + 1] if at + 1 < len(self._heads) else self._length
            if row < min(following, end):
                first = self._firsts[at] + row - head - 1
                ids = (self.ids or [])[first : first + min(following, end) - row]
                found += self.rows_of(ids)
                row += len(ids)
            at += 1
        return found

    def _head(self, group: Group) -> Row:
        wanted = self.listing.filter
        name = value_words(self.listing.register, wanted.group, group.value)
        late = f"逾期 {group.late:,}" if group.late else ""
        head = GroupHead(f"{name}　{group.count:,} 条", late, group.value in self._open)
        return (None, head, *[""] * len(self.names))

    def _arrange(self) -> None:
        row, self._heads = 0, []
        for group in self._groups:
            self._heads.append(row)
            is_open = group.value in self._open and self.ids is not None
            row += 1 + (group.count if is_open else 0)
        self._length = row
