"""The journal over all records: each change by whom, when, of what; any of them can be taken back from here.

A change's entries follow one another, and its number is that of the first: so the changes are walked from the newest
back by the numbers alone. Taking back a change is a change itself that names it, and so on: the last of this row, the
tip, tells whether the first is in force, and is what has to be inverted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from db.directory.tables import EDITED, LOGS
from db.errors import Cancelled, Refused
from db.store import journal, links, undo
from db.store.store import LONG, Store

if TYPE_CHECKING:
    from db.store.change import Change

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop
MOST_OPENED = 20_000  # records of one change that a list shows

_STEP = 512
_FIRST = "SELECT change FROM journal WHERE id = ?"
_TITLES = {model.key(): model.TITLE for model in EDITED}
_LOGS = frozenset(model.key() for model in LOGS)


@dataclass(frozen=True)
class Wanted:
    """Which changes are listed; "" and None: all. `since` is the first day, ISO."""

    by: str = ""
    register: str = ""
    since: str = ""


@dataclass(frozen=True)
class Operation:
    """One change: its number, when (local ISO time), by whom, what, how many entries, which register or table.

    `tip` is the change that undoing or redoing inverts; `undoes` the change that it took back itself.
    """

    change: int
    at: str
    by: str
    title: str
    register: str
    count: int
    tip: int
    is_undone: bool
    undoes: int | None

    @property
    def may_turn(self) -> bool:
        """Whether it can be asked to be undone or redone: what undid another is turned by that other one."""
        return self.undoes is None and self.register not in _LOGS

    @property
    def is_long(self) -> bool:
        """Whether it is so much that turning it is better waited for on a worker."""
        return self.count > LONG


def walk(store: Store, wanted: Wanted, progress: Progress = lambda _done, _of: True) -> Iterator[Operation]:
    """The changes, newest first. Raises Cancelled when `progress` gave False."""
    run = store.connection.execute
    last = total = journal.head(store.connection)[0]
    steps = 0
    while last > 0 and (row := run(_FIRST, (last,)).fetchone()):
        first = row[0] if 0 < row[0] <= last else last  # whoever edited it behind our back shall not stop the walk
        if (found := operation(store, first, last - first + 1)) and _fits(store, found, wanted):
            yield found
        if found and wanted.since and found.at < wanted.since:
            return
        last, steps = first - 1, steps + 1
        if not steps % _STEP and not progress(total - last, total):
            raise Cancelled


def newest(
    store: Store, wanted: Wanted, size: int, progress: Progress = lambda _done, _of: True
) -> tuple[Operation, ...]:
    """At most `size` changes, newest first. Raises Cancelled when `progress` gave False."""
    return tuple(islice(walk(store, wanted, progress), size))


def operation(store: Store, change: int, count: int) -> Operation | None:
    """One change by its number; None when there is none."""
    row = store.connection.execute(
        "SELECT at, by, title, register, undoes FROM journal WHERE id = ?", (change,)
    ).fetchone()
    if row is None:
        return None
    at, by, title, register, undoes = row
    tip, turns = _tip(store, change)
    return Operation(change, at, by, title, register, count, tip, bool(turns % 2), undoes)


def _tip(store: Store, change: int) -> tuple[int, int]:
    """The last of the row of changes that took one another back, and how many there are after the first."""
    turns = 0
    sql = "SELECT max(change) FROM journal WHERE undoes = ?"
    while (following := store.connection.execute(sql, (change,)).fetchone()[0]) and following > change:
        change, turns = following, turns + 1
    return change, turns


def _fits(store: Store, found: Operation, wanted: Wanted) -> bool:
    if (wanted.by and found.by != wanted.by) or (wanted.since and found.at < wanted.since):
        return False
    if not wanted.register or found.register == wanted.register:
        return True
    sql = "SELECT 1 FROM journal WHERE id BETWEEN ? AND ? AND register = ? LIMIT 1"
    values = (found.change, found.change + found.count - 1, wanted.register)
    return store.connection.execute(sql, values).fetchone() is not None


def called(store: Store, found: Operation) -> str:
    """What a change is about: the first of its records by number and subject, and how many there are besides."""
    register = next((one for one in store.catalogue if one.key() == found.register), None)
    if register is None:
        return _TITLES.get(found.register, "")
    first = store.connection.execute("SELECT record FROM journal WHERE id = ?", (found.change,)).fetchone()[0]
    row = store.connection.execute(
        f'SELECT number, "{register.SUBJECT}" FROM "{register.key()}" WHERE id = ?', (first,)
    ).fetchone()
    name = f"{row[0] or ''}《{row[1].strip('《》')}》" if row else "已清空的一条"
    records = 1 if found.count == 1 else len(records_of(store, found).get(found.register, ()))
    if found.count > MOST_OPENED:  # an import: an entry for each record
        records = found.count
    return name if records <= 1 else f"{name}等{records:,}条"


def touched(store: Store, change: Change) -> str:
    """The record that a finished change touched, by number and the beginning of its subject; how many, if several.

    A number that the change gave back still names it. "" when it touched none.
    """
    registers = {register.key(): register for register in store.catalogue}
    keys = {(key, record) for key, record in change.keys if key in registers}
    if len(keys) != 1:
        return f"{len(keys):,} 条" if keys else ""
    key, number = keys.pop()
    record = store.load(registers[key], number)
    entries = journal.of_change(store.connection, change.id)
    before = next((str(one.before["number"]) for one in entries if one.before.get("number")), "")
    return f"{record.number or before}{links.brief(record)}"


def title_of(store: Store, key: str) -> str:
    """The clerk's word for a register, or a table of the office, by its key."""
    register = next((one for one in store.catalogue if one.key() == key), None)
    return register.TITLE if register else "设置"


def records_of(store: Store, found: Operation) -> dict[str, tuple[int, ...]]:
    """The records of the registers that a change touched, at most MOST_OPENED, by register."""
    held: dict[str, dict[int, None]] = {register.key(): {} for register in store.catalogue}
    rows = store.connection.execute(
        "SELECT register, record FROM journal WHERE id BETWEEN ? AND ? LIMIT ?",
        (found.change, found.change + found.count - 1, MOST_OPENED),
    )
    for register, record in rows:
        if register in held:
            held[register][record] = None
    return {register: tuple(records) for register, records in held.items() if records}


def people(store: Store) -> list[str]:
    """Everybody who has changed anything; walks the whole journal."""
    return [row[0] for row in store.connection.execute("SELECT DISTINCT by FROM journal ORDER BY by")]


def last_in_force(store: Store) -> Operation | None:
    """The newest change that can be taken back and has not been: what Ctrl+Z means in a session without changes."""
    return next((found for found in walk(store, Wanted()) if found.may_turn and not found.is_undone), None)


def asked(store: Store, found: Operation) -> tuple[str, ...]:
    """The permissions that taking a change back, or making it again, asks for."""
    return undo.asked(store, found.tip)


def turn(store: Store, change: int, redoing: bool, progress: Progress = lambda _done, _of: True) -> Change:
    """Take an earlier change back, or make it again (`redoing`).

    Raises:
        Refused: when it is so already, or a later change stands in the way, which is named.
        Cancelled: when `progress` gave False; nothing is altered.
    """
    found = operation(store, change, 1)
    if found is None or not found.may_turn:
        raise Refused("这一步不能撤销；撤销、重做请在原来那一步上做")
    if found.is_undone != redoing:
        raise Refused("这一步已经撤销了" if found.is_undone else "这一步没有撤销，不用重做")
    return store.redo(found.tip, progress) if redoing else store.undo(found.tip, progress)
