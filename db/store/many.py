"""One deed done to many records: foreseen first, then carried out as one change, one batch of the journal, one undo.

Each record goes through the same rules as when it is saved by itself. One that may not is left out with its reason and
does not stop the others; trouble of the machine, or the clerk's own stop, leaves nothing of the change.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from db.errors import Cancelled, Refused
from db.record import Record
from db.store import deeds, many_lines, many_values
from db.store.change import Change
from db.store.checking import Checking
from db.store.obstacles import require_not_emptied
from db.store.shapes import plain

if TYPE_CHECKING:
    from db.store.store import Store

Kind = Literal["filled", "replaced", "same", "refused"]
Progress = Callable[[int, int], bool]  # (done, of): False asks to stop

_KINDS: tuple[Kind, ...] = ("filled", "replaced", "same", "refused")
_STEP = 64  # records between two tellings of progress


@dataclass(frozen=True)
class Fill:
    """Give one field of each record a value (as the record holds it, not as SQLite keeps it).

    A record that holds something else keeps it unless `replaces` says otherwise.
    """

    name: str
    value: Any
    replaces: bool = False


@dataclass(frozen=True)
class Add:
    """Add names, divided by 、, to a field that holds several; what stands there stays."""

    name: str
    value: str


@dataclass(frozen=True)
class Clear:
    """Take away what stands in a field: only ever by the clerk's own word."""

    name: str


@dataclass(frozen=True)
class AddLines:
    """Add lines of one kind behind those that stand there, but for those that do already."""

    name: str  # the kind's key
    rows: tuple[many_lines.Row, ...]


@dataclass(frozen=True)
class ClearLines:
    """Take away all lines of one kind (its key)."""

    name: str


@dataclass(frozen=True)
class Advance:
    """Move each record to a stage, where MOVES allow it."""

    target: str


@dataclass(frozen=True)
class Void:
    """Void each record for one reason."""

    reason: str


@dataclass(frozen=True)
class Delete:
    """Put each record into the recycle bin for one reason; those with a number may not."""

    reason: str


@dataclass(frozen=True)
class Restore:
    """Take each record's voiding or deletion back."""


Deed = Fill | Add | Clear | AddLines | ClearLines | Advance | Void | Delete | Restore
_SAVED = Fill | Add | Clear | AddLines | ClearLines | Advance


def title_of(register: type[Record], deed: Deed) -> str:
    """What the deed is called in the journal and on the clerk's screen."""
    if isinstance(deed, Fill):
        return f"统一填写{register.label(deed.name)}"
    if isinstance(deed, Add | Clear | AddLines | ClearLines):
        verbs: dict[type[Deed], str] = {Add: "添上", AddLines: "添加"}
        return f"统一{verbs.get(type(deed), '清空')}{register.label(deed.name)}"
    if isinstance(deed, Advance):
        return f"统一转到{register.stage_of(deed.target).label}"
    if isinstance(deed, Delete):
        return f"统一删除：{' '.join(deed.reason.split())}"  # a record in the bin has no field for it
    return "统一作废" if isinstance(deed, Void) else "统一恢复"


def next_stage(register: type[Record], ids: Sequence[int]) -> str:
    """The stage that is the next of the main line for every one of some records; "" where it is not the same."""
    found = register.select(register.stage).where(register.id.in_(ids)).distinct()
    moves = {deeds.next_move(register, record.stage) for record in found}
    targets = {move.target if move else "" for move in moves}
    return targets.pop() if len(targets) == 1 else ""


@dataclass
class Foreseen:
    """What a deed would do to each record, by its place among `ids`; a byte and no object for each.

    `reasons` says of those refused why, by their place. `lines` and `lines_after` hold, for a deed to lines,
    how many of their kind each record has now and would have then; they are empty for any other deed.
    """

    ids: Sequence[int]
    kinds: bytearray
    reasons: dict[int, str] = field(default_factory=dict[int, str])
    lines: array[int] = field(default_factory=partial(array, "q"))
    lines_after: array[int] = field(default_factory=partial(array, "q"))

    def kind(self, at: int) -> Kind:
        """What becomes of one record: `filled` where nothing stood, `replaced` where something else stands."""
        return _KINDS[self.kinds[at]]

    def counts(self) -> dict[Kind, int]:
        """How many records there are of each kind."""
        found = Counter(self.kinds)
        return {kind: found[at] for at, kind in enumerate(_KINDS)}

    def places(self, *kinds: Kind) -> array[int]:
        """The places of the records of some kinds, in their order."""
        wanted = {_KINDS.index(kind) for kind in kinds}
        return array("q", (at for at, kind in enumerate(self.kinds) if kind in wanted))


@dataclass(frozen=True)
class Left:
    """A record that a deed left out, and why."""

    record: int
    called: str
    reason: str


@dataclass(frozen=True)
class Done:
    """What was done: the change, how many records it altered, which it had to leave out."""

    change: Change
    altered: int
    left: tuple[Left, ...]


def foresee(
    store: Store, register: type[Record], ids: Sequence[int], deed: Deed, progress: Progress = lambda _done, _of: True
) -> Foreseen:
    """What a deed would do to these records; nothing is written.

    `Fill` is foreseen as if it replaced what stands there: `replaced` are the records that it would change then. Of
    `Clear` and `ClearLines` all those that hold something are `replaced`.

    Raises:
        Cancelled: when `progress` gave False.
    """
    foreseen = Foreseen(ids, bytearray(len(ids)))
    checking = Checking(store, gives_numbers=False)
    for at, record_id in enumerate(ids):
        _tell(progress, at, len(ids))
        held = after = 0
        try:
            record = store.load(register, record_id)
            held = after = _held(record, deed)
            kind = _foreseen(store, checking, record, deed)
            after = _held(record, deed)
        except Refused as refused:
            kind, foreseen.reasons[at] = "refused", str(refused)
        foreseen.kinds[at] = _KINDS.index(kind)
        if isinstance(deed, AddLines | ClearLines):
            foreseen.lines.append(held)
            foreseen.lines_after.append(after)
    progress(len(ids), len(ids))
    return foreseen


def _held(record: Record, deed: Deed) -> int:
    """How many lines of the kind in question a record has; 0 where no lines are."""
    return len(record.rows.get(deed.name, [])) if isinstance(deed, AddLines | ClearLines) else 0


def _foreseen(store: Store, checking: Checking, record: Record, deed: Deed) -> Kind:
    if _is_so(record, deed):
        return "same"
    if isinstance(deed, _SAVED):
        before = store.shapes[type(record)].values(record)
        was_filled = isinstance(deed, ClearLines) or (
            isinstance(deed, Fill | Clear) and many_values.has_value(record, deed.name)
        )
        _prepare(record, deed)
        problems = checking.check(record, before)
        if any(problem.kind == "must" for problem in problems):
            raise Refused(problems)
        return "replaced" if was_filled else "filled"
    if isinstance(deed, Delete) and record.number:
        raise Refused(f"{record.number}已编号，不能删除，只能作废；号留着，不再用")
    return "filled"


def _is_so(record: Record, deed: Deed) -> bool:
    """Whether the record is already as the deed would have it."""
    if isinstance(deed, Fill | Add | Clear):
        return _value_is_so(record, deed)
    if isinstance(deed, AddLines):
        return not many_lines.lacking(record, deed.name, deed.rows)
    if isinstance(deed, ClearLines):
        return not _held(record, deed)
    if isinstance(deed, Advance):
        return record.stage == deed.target
    if isinstance(deed, Restore):
        return not (record.voided_on or record.deleted_at)
    return bool(record.voided_on if isinstance(deed, Void) else record.deleted_at)


def _value_is_so(record: Record, deed: Fill | Add | Clear) -> bool:
    if isinstance(deed, Fill):
        return plain(getattr(record, deed.name)) == plain(deed.value)
    if isinstance(deed, Add):
        return not many_values.lacking(record, deed.name, deed.value)
    return not many_values.has_value(record, deed.name)


def _prepare(record: Record, deed: _SAVED) -> None:
    """Let a record, in memory, be as the deed would have it, before the rules are asked."""
    _require_live(record)
    if isinstance(deed, Advance):
        deeds.take(record, deeds.move_to(record, deed.target))
    elif isinstance(deed, Add):
        many_values.add(record, deed.name, deed.value)
    elif isinstance(deed, Clear):
        many_values.clear(record, deed.name)
    elif isinstance(deed, AddLines):
        many_lines.add(record, deed.name, deed.rows)
    elif isinstance(deed, ClearLines):
        many_lines.clear(record, deed.name)
    else:
        setattr(record, deed.name, deed.value)


def _require_live(record: Record) -> None:
    require_not_emptied(record)
    if record.deleted_at:
        raise Refused("在回收站里，请先恢复")
    if record.voided_on:
        raise Refused(f"已于{record.voided_on}作废")
    if record.is_placeholder:
        raise Refused(f"{record.number}是给涉密文件占的号，不能再填内容")


def carry_out(
    store: Store, register: type[Record], ids: Sequence[int], deed: Deed, progress: Progress = lambda _done, _of: True
) -> Done:
    """Do a deed to these records in one change, which one undo takes back.

    Raises:
        Refused: when it alters none of them, or the reason is lacking or too long; nothing was written.
        Cancelled: when `progress` gave False; nothing was written.
        StoreTrouble: when the machine cannot write; nothing was written.
    """
    if isinstance(deed, Delete):
        deeds.require_reason(deed.reason, "删除")
    left: list[Left] = []
    altered = 0
    may = "void" if isinstance(deed, Void | Delete | Restore) else "save"
    with store.change(title_of(register, deed), may=may) as change:
        for at, record_id in enumerate(ids):
            _tell(progress, at, len(ids))
            try:
                with _by_itself(change):
                    record = store.load(register, record_id)
                    altered += _do(change, record, deed)
            except Refused as refused:
                left.append(Left(record_id, _called(store, register, record_id), str(refused)))
        if not altered:
            raise Refused(f"没有可改的：{left[0].reason}" if left else "没有要改的，都已经是这样")
        progress(len(ids), len(ids))
    return Done(change, altered, tuple(left))


def _do(change: Change, record: Record, deed: Deed) -> bool:
    """Do it to one record; whether that altered it."""
    if _is_so(record, deed):
        return False
    if isinstance(deed, Fill) and not deed.replaces and many_values.has_value(record, deed.name):
        return False
    if isinstance(deed, _SAVED):
        written = len(change.keys)
        _prepare(record, deed)
        change.save(record)
        return len(change.keys) > written
    if isinstance(deed, Void):
        deeds.void(change, record, deed.reason)
    elif isinstance(deed, Delete):
        deeds.delete(change, record)
    else:
        deeds.restore(change, record)
    return True


@contextmanager
def _by_itself(change: Change) -> Generator[None]:
    """What is refused leaves nothing in the change, whatever it had written by then."""
    written, number, head, run = len(change.keys), change.id, change.head, change.connection.execute
    run("SAVEPOINT one")
    try:
        yield
    except Refused:
        run("ROLLBACK TO one")
        del change.keys[written:]
        change.id, change.head = number, head
        raise
    finally:
        if change.connection.in_transaction:  # a full disk has rolled everything back
            run("RELEASE one")


def _called(store: Store, register: type[Record], record_id: int) -> str:
    row = store.connection.execute(
        f'SELECT number, "{register.SUBJECT}" FROM "{register.key()}" WHERE id = ?', (record_id,)
    ).fetchone()
    return f"{row[0]}《{row[1].strip('《》')}》" if row else "已不在台账里的一条"


def _tell(progress: Progress, done: int, total: int) -> None:
    if done % _STEP == 0 and not progress(done, total):
        raise Cancelled
