"""The guard at the border of secrecy: what every register refuses of a classified paper, and the number kept for it."""

from __future__ import annotations

from collections.abc import Iterator

from db.errors import Fix, Problem, Refused
from db.record import Record, TermField
from db.rules import secrecy
from db.rules.rulebook import Rulebook


def problems(record: Record, rules: Rulebook) -> list[Problem]:
    """Every problem of a record; of a classified paper only that, of a placeholder that it keeps nothing."""
    if record.is_placeholder:
        return [Problem(record.security_field(), secrecy.RESERVING, "note", at_once=True)]
    return list(_classified(record)) or list(record.problems(rules))


def _classified(record: Record) -> Iterator[Problem]:
    """What may not be kept on this computer, at its field; the number of a new paper may be kept."""
    name = record.security_field()
    if name and secrecy.is_classified(getattr(record, name)):
        fixes = (Fix("只占号，不留内容", name, secrecy.RESERVED),) if record.NUMBERING and not record.id else ()
        yield Problem(name, secrecy.SENTENCE, fixes=fixes, at_once=True)
    for field in secrecy.marked(record.__data__):
        if field != name:
            yield Problem(field, secrecy.SENTENCE, at_once=True)
    for kind, lines in record.rows.items():
        if any(True for line in lines for _field in secrecy.marked(line.__data__)):
            yield Problem(kind, secrecy.SENTENCE, at_once=True)


def keep_apart(record: Record, before: str) -> None:
    """A record with contents becomes no placeholder, since the journal keeps them; a placeholder gets no contents.

    `before` is what stood in the field of 密级 so far.

    Raises:
        Refused: with the reason, at that field.
    """
    if record.is_placeholder and before != secrecy.RESERVED:
        text = f"{record.number or '这条'}已登记了内容，不能改成占号，没有保存；请作废这一条，另登记一条只占号"
        raise Refused([Problem(record.security_field(), text)])
    if before == secrecy.RESERVED and not record.is_placeholder:
        text = f"{record.number}是给涉密文件占的号，不能再填内容，没有保存；不用这个号请作废"
        raise Refused([Problem(record.security_field(), text)])


def empty(record: Record) -> None:
    """Let go of everything but the number, its series and year, the day under which it is listed, and 密级.

    Without a date of its own it stands in no figure.

    Raises:
        Refused: when it has no number to keep.
    """
    if record.sequence is None:
        text = "占号前请先填决定编号的项（如来文级别、机关代字）；没有占号，也没有保存内容"
        raise Refused([Problem(record.security_field(), text)])
    record.rank()  # the business date gives the listing date before it goes
    record.due_on, record.first_due_on, record.is_provisional = None, None, False
    record.due_basis, record.due_rule, record.due_version = "", "", 0
    for name, field in record._meta.fields.items():
        if name not in Record._meta.fields and name != record.security_field():
            setattr(record, name, "" if isinstance(field, TermField) else field.default)
    setattr(record, record.SUBJECT, secrecy.TITLE)
    record.rows = {kind.key(): [] for kind in record.LINES}
    record.stage = [stage.key for stage in record.STAGES if not stage.side][-1]
