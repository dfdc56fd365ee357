"""What can be done to one record within an open change: move it, void it, put it into the recycle bin, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Problem, Refused
from db.record import Move, Record
from db.store.obstacles import require_not_emptied

if TYPE_CHECKING:
    from db.store.change import Change


LONGEST_REASON = 100  # characters: it is printed beside the number, or stands in the journal's title of the change


def require_reason(reason: str, verb: str) -> None:
    """Take a reason as it is to be kept.

    Raises:
        Refused: when there is none, or it is too long.
    """
    words = " ".join(reason.split())
    if not words:
        raise Refused(f"{verb}要写明原因，没有{verb}")
    if len(words) > LONGEST_REASON:
        raise Refused(f"原因太长：{len(words)}字，最多{LONGEST_REASON}字；没有{verb}，请删短")


def move_to(record: Record, target: str) -> Move:
    """The permitted move of a record to a stage.

    Raises:
        Refused: when the move is not in MOVES or something that it needs is empty.
    """
    move = next((step for step in record.moves_from(record.stage) if step.target == target), None)
    if move is None:
        raise Refused(f"从“{record.stage_of(record.stage).label}”不能直接到“{record.stage_of(target).label}”")
    missing = [name for name in move.needs if not record.filled(name)]
    if missing:
        raise Refused([Problem(name, f"{move.verb or '这一步'}前请填写{record.label(name)}") for name in missing])
    return move


def next_move(register: type[Record], stage: str) -> Move | None:
    """The next step of the main line from a stage; None at its end."""
    keys = [one.key for one in register.STAGES if not one.side]
    wanted = keys[keys.index(stage) + 1 :] if stage in keys else keys
    moves = {move.target: move for move in register.moves_from(stage)}
    return next((moves[key] for key in wanted if key in moves), None)


def take(record: Record, move: Move) -> None:
    """Let a record, in memory, take a move: what the move clears is emptied, the stage is the target."""
    for name in move.clears:
        if any(kind.key() == name for kind in record.LINES):
            record.rows[name] = []
        else:
            setattr(record, name, None if record._meta.fields[name].null else "")
    record.stage = move.target


def void(change: Change, record: Record, reason: str) -> None:
    """Void a record as it is stored: it keeps its number and its place in the book.

    Raises:
        Refused: without a reason, with one that is too long, or when it is void already.
    """
    require_reason(reason, "作废")
    if record.voided_on:
        raise Refused(f"{record.number}已于{record.voided_on}作废")
    voided_on, void_reason = change.store.rules.today, reason.strip()
    _rank_anew(change, record, voided_on=voided_on, void_reason=void_reason)


def restore(change: Change, record: Record) -> None:
    """Take a voiding or a deletion back.

    Raises:
        Refused: when it was emptied out of the bin.
    """
    require_not_emptied(record)
    _rank_anew(change, record, voided_on=None, void_reason="", deleted_at=None)


def delete(change: Change, record: Record) -> None:
    """Put a record without a number into the recycle bin.

    Raises:
        Refused: when the record has a number, which is only ever voided.
    """
    if record.number:
        raise Refused(f"{record.number}已编号，不能删除，只能作废；号留着，不再用")
    change.write_columns(record, {"deleted_at": change.store.moment(), "is_open": 0}, {})


def _rank_anew(change: Change, record: Record, **values: object) -> None:
    """Set columns of a stored record together with those by which it is sorted."""
    shape = change.store.shapes[type(record)]
    stored = dict(record.__data__)
    for name, value in values.items():
        setattr(record, name, value)
    record.rank()
    after = shape.values(record)
    record.__data__ = stored
    change.write_columns(record, {name: after[name] for name in (*values, "is_open", "sort_due")}, {})
