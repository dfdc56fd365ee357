"""Reads the rows of a list: what is quick at once, the rest on the worker, where the next filter breaks it off."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from db.record import Record, database
from db.store import tallies
from db.store.budget import TooLong, within
from db.store.search import Filter
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.grouped import GroupedRows
from desktop.registers.listing import RegisterRows
from desktop.registers.rows import PAGE

_PAINTING = 0.05  # seconds in which the window paints what has arrived, before the worker takes its share
_AT_ONCE = 2_000  # records of a grouped list that are read without a job


class ListReading(QObject):
    """The rows of one register under one filter after another.

    `slow()`: what was asked takes longer and runs on the worker; the list so far still stands. `arrived(rows, count)`:
    rows to show, at first perhaps only the top. `counted()`: all are known now, `count` and `whole` are exact.
    """

    slow = Signal()
    arrived = Signal(object, int)
    counted = Signal()
    trouble = Signal(object)

    def __init__(self, register: type[Record], actions: Actions, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._register, self._actions, self._jobs = register, actions, jobs
        self._job: Job | None = None
        self._rows: RegisterRows | None = None
        self._filter = Filter()
        self._has_arrived = True
        self.whole: int | None = None
        self.is_running = False

    def read(self, wanted: Filter, names: Sequence[str]) -> None:
        """Read the records under a filter with these columns; what was read before is broken off."""
        self.stop()
        self._filter = wanted
        listing, rules = self._actions.listing(self._register, wanted), self._actions.store.rules
        make = GroupedRows if wanted.group else RegisterRows
        self._rows = rows = make(listing, rules, names)
        try:
            if isinstance(rows, GroupedRows):
                self._read_groups(rows)
            else:
                self._read_top(rows)
        except TooLong:
            self.is_running, self._has_arrived = True, False
            self.slow.emit()
            self._run(is_slow=True)

    def _read_top(self, rows: RegisterRows) -> None:
        connection = self._actions.store.connection
        top = within(connection, partial(rows.listing.ids, 0, PAGE))
        if len(top) < PAGE:
            rows.know_ids(top)
        else:
            rows.know_top(top)
        self.arrived.emit(rows, len(top) if len(top) < PAGE else self._estimate())
        if len(top) == PAGE or self.whole is None:
            self._run(is_slow=False)

    def _read_groups(self, rows: GroupedRows) -> None:
        connection = self._actions.store.connection
        groups = within(connection, partial(tallies.groups, rows.listing))
        if sum(group.count for group in groups) > _AT_ONCE:
            raise TooLong
        rows.know_groups(groups)
        rows.know_ids(within(connection, rows.listing.ids))
        self.arrived.emit(rows, rows.count())
        if self.whole is None:
            self._run(is_slow=False)

    def stop(self) -> None:
        """Break off what is being read."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.is_running = False

    def forget_whole(self) -> None:
        """The number of all records has changed."""
        self.whole = None

    def rows(self) -> RegisterRows | None:
        """The rows that were read last; None before."""
        return self._rows

    def records(self) -> int:
        """How many records are listed, as far as it is known."""
        return self._rows.records() if self._rows is not None else 0

    def _estimate(self) -> int:
        """The count at once where it is cheap, else a little more than what is read until the worker has counted."""
        wanted = self._filter
        if wanted == Filter(year=wanted.year, order=wanted.order, descending=wanted.descending):
            return self._actions.count(self._register, wanted.year)
        return PAGE * 2

    def _run(self, is_slow: bool) -> None:
        """Read the ids of all rows on the worker; the list then jumps by them and the count is exact."""
        wanted, register, actions = self._filter, self._register, self._actions

        def work(job: Job) -> tuple[array[int], int, list[tallies.Group]]:
            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            if not is_slow and not job.pause(_PAINTING):
                return array("q"), 0, []
            listing = actions.listing(register, wanted)
            groups: list[tallies.Group] = []
            if is_slow and wanted.group:
                job.show(groups := tallies.groups(listing))
            reading = listing.reading()
            top = [row[0] for row in reading.fetchmany(PAGE)]
            if is_slow and not wanted.group:
                job.show(top)
            ids = array("q", top)  # a million in 8 MB; a list and its numbers take 40
            ids.extend(row[0] for row in reading)
            return ids, actions.count(register, None), groups

        self._job = self._jobs.run("筛选" if is_slow else "计数", work, self._take_all, self._fail)
        self._job.shown.connect(self._take_part)

    def _take_part(self, part: object) -> None:
        """The groups, or the top of the list."""
        rows = self._rows
        if self.sender() is not self._job or rows is None or not isinstance(part, list):
            return
        if isinstance(rows, GroupedRows):
            rows.know_groups(part)
        else:
            rows.know_ids(part)
        self._has_arrived = True
        self.arrived.emit(rows, rows.count())

    def _take_all(self, read: object) -> None:
        self._job = None
        self.is_running = False
        assert isinstance(read, tuple)
        ids, self.whole, groups = read
        rows = self._rows
        if rows is not None:
            if not self._has_arrived and isinstance(rows, GroupedRows):
                rows.know_groups(groups)
            rows.know_ids(ids)
            if not self._has_arrived:  # the worker was done before anybody listened for the first part
                self._has_arrived = True
                self.arrived.emit(rows, rows.count())
        self.counted.emit()

    def _fail(self, error: BaseException) -> None:
        self._job = None
        self.is_running = False
        self.trouble.emit(error)
