"""Empties a register's recycle bin for good: what is left of a record holds its id, its number and its title.

The row stays, so that neither id nor number is ever given again and frozen figures still name something. Its fields,
lines, links and attachments go. The journal, which is a chain, keeps what it said before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.directory.attachments import Attachment
from db.errors import Cancelled, Refused
from db.record import Record
from db.store import annexes, attachments, index, links
from db.store.change import Change
from db.store.deeds import require_reason
from db.store.files import path_of

if TYPE_CHECKING:
    from db.store.store import Store

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop

_STEP = 16  # records between two tellings of progress
_OWN = frozenset(Record._meta.fields)
_GONE = frozenset({  # of what every record has; the rest tells which record it was
    "due_on", "first_due_on", "due_basis", "due_rule", "due_version", "is_provisional", "missing",
})  # fmt: skip


@dataclass(frozen=True)
class Binned:
    """A record in the bin: its id, its number ("" without one) and its title."""

    id: int
    number: str
    title: str

    @property
    def called(self) -> str:
        """Number and title, as a sentence names it."""
        return f"{self.number}《{self.title.strip('《》')}》"


@dataclass(frozen=True)
class Emptied:
    """What was emptied: the change, the records, and how many files of attachments were removed from the disk."""

    change: Change
    records: tuple[Binned, ...]
    files: int


def binned(store: Store, register: type[Record]) -> tuple[Binned, ...]:
    """What lies in a register's recycle bin, in the order of the ids."""
    rows = store.connection.execute(
        f'SELECT id, number, "{register.SUBJECT}" FROM "{register.key()}" WHERE {index.BINNED} ORDER BY id'
    )
    return tuple(Binned(*row) for row in rows)


def empty_bin(
    store: Store, register: type[Record], reason: str, progress: Progress = lambda _done, _of: True
) -> Emptied:
    """Empty a register's recycle bin, in one change that cannot be undone.

    Raises:
        Refused: by whoever may not, without a reason, or when the bin is empty; nothing was emptied.
        Cancelled: when `progress` gave False; nothing was emptied.
        StoreTrouble: when the machine cannot write; nothing was emptied.
    """
    store.require("empty_bin")
    reason = " ".join(reason.split())
    require_reason(reason, "清空")
    digests: set[str] = set()
    with store.change(f"清空{register.TITLE}回收站：{reason}", may="empty_bin") as change:
        found = binned(store, register)  # inside the change: what was put in meanwhile is counted too
        if not found:
            raise Refused(f"{register.TITLE}的回收站是空的，没有要清空的")
        for at, one in enumerate(found):
            if at % _STEP == 0 and not progress(at, len(found)):
                raise Cancelled
            digests |= _strip(change, store.load(register, one.id))
        progress(len(found), len(found))
    return Emptied(change, found, _remove_files(store, digests))


def _strip(change: Change, record: Record) -> set[str]:
    """Take everything off a record but what tells which one it was; give back the hashes of its attachments."""
    store, key = change.store, (record.key(), record.id)
    links.remove_all(change, record)
    held = attachments.of_record(store, record)
    for one in held:
        annexes.put(change, Attachment, one.id, None, {key: one.name})
    change.write_columns(record, _bare(store, record), {kind.key(): [] for kind in record.LINES if record.lines(kind)})
    return {one.sha256 for one in held}


def _bare(store: Store, record: Record) -> dict[str, Any]:
    """The columns to be written: the defaults where something else stands, and when it was emptied."""
    shape, fields = store.shapes[type(record)], record._meta.fields
    kept = {record.SUBJECT, record.YEAR, record.BUSINESS_DATE, record.security_field()} | (_OWN - _GONE)
    values = shape.values(record)
    bare = {
        name: shape.defaults[name]
        for name in shape.names
        if name not in kept and values[name] != shape.defaults[name]
        and (fields[name].null or shape.defaults[name] is not None)
    }  # fmt: skip
    return bare | {"emptied_at": store.moment()}


def _remove_files(store: Store, digests: Iterable[str]) -> int:
    """Remove the files that no record holds, nor one that is still there could get back by an undo; how many."""
    removed = 0
    for digest in sorted(digests):
        if _is_wanted(store, digest):
            continue
        try:
            path_of(store.folder, digest).unlink()
            removed += 1
        except OSError:  # in use or gone: it does no harm, and `check` knows it by the journal
            continue
    return removed


def _is_wanted(store: Store, digest: str) -> bool:
    connection = store.connection
    if connection.execute("SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1", (digest,)).fetchone():
        return True
    mark = f'"sha256":"{digest}"'
    said = "SELECT DISTINCT register, record FROM journal WHERE instr(before, ?) > 0 OR instr(after, ?) > 0"
    return any(
        not store.load(store.catalogue[register], record).emptied_at
        for register, record in connection.execute(said, (mark, mark)).fetchall()
    )
