"""What a record goes through before it is written: what follows from what, its number, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from db.errors import Problem, Refused
from db.fields import LONGEST, TermField
from db.record import Record
from db.rules.numbering import LONGEST_SHORT, Numbering, parts_of
from db.store import guard

if TYPE_CHECKING:
    from db.store.store import Store


def awaits_number(record: Record) -> bool:
    """Whether a record has come so far that its next save gives it a number."""
    numbering = record.NUMBERING
    if numbering is None or record.number or record.voided_on:
        return False
    if "{series}" in numbering.mask and not record.series:
        return False
    if record.is_placeholder or not numbering.at:  # a placeholder is kept without the steps that lead to a number
        return True
    order = [stage.key for stage in record.STAGES]
    is_aside = record.stage_of(record.stage).side and record.stage not in numbering.sides
    return order.index(record.stage) >= order.index(numbering.at) and not is_aside


def number_waits_for(record: Record) -> list[str]:
    """The empty fields of a record without a number that give it one once they are filled.

    [] when none would, or one of them is not the clerk's to fill.
    """
    numbering = record.NUMBERING
    if numbering is None or record.number or record.voided_on or "sequence" in record.MUSTS:
        return []
    moves = (move for move in record.moves_from(record.stage) if move.target == numbering.at)
    needs = () if record.is_placeholder else next((move.needs for move in moves), ())
    series = ("series",) if "{series}" in numbering.mask else ()
    empty = [name for name in dict.fromkeys((*series, *needs)) if not record.filled(name)]
    own = {name for section in record.FORM for name in section.fields}
    return empty if own.issuperset(empty) else []


class Checking:
    """Checks records as a save does, and writes nothing.

    With `gives_numbers` a record that has come so far gets the next number of its series, which is certain only inside
    a change; without, it is left for later (a placeholder, which is nothing but its number, gets one all the same).
    With `takes_any_number` a new record keeps a number of another form (3-1号) as an old ledger wrote it; it takes no
    place in the sequence.
    """

    def __init__(
        self, store: Store, gives_numbers: bool = True, is_free: Callable[[Record], bool] | None = None,
        takes_any_number: bool = False,
    ) -> None:  # fmt: skip
        """`is_free` tells of some numbers without a query that no record has them."""
        self._store, self._gives_numbers, self._is_free = store, gives_numbers, is_free
        self._takes_any_number = takes_any_number

    def check(self, record: Record, before: dict[str, Any]) -> list[Problem]:
        """Let everything follow that follows, and give back every problem; `before` is what is stored, {} for nothing.

        Raises:
            Refused: when the record cannot even be looked at: an unreadable number, a paper kept apart.
        """
        is_numbered_now = self._prepare(record, before)
        problems = guard.problems(record, self._store.rules)
        if not before and record.number and record.sequence is None and record.NUMBERING is not None:
            text = f"编号“{record.number}”不是台账的写法，照原样留下，不占顺序号"
            problems.append(Problem("number", text, "note"))
        if not is_numbered_now:  # else the number is above all others of its series
            problems += self._clash(record, before)
        record.missing = sum(problem.kind == "missing" for problem in problems)
        record.rank()
        return problems

    def _prepare(self, record: Record, before: dict[str, Any]) -> bool:
        """Let everything follow that follows: normalised text, hand-set deadline, number, derived columns, stage.

        Tells whether the record was given the next number.
        """
        record.normalise()
        due = record.due_on.isoformat() if record.due_on else None
        if before and due != before["due_on"] and record.due_rule == before["due_rule"]:
            record.due_rule, record.due_version, record.is_provisional = "", 0, False
            record.due_basis = record.due_basis if record.due_basis != before["due_basis"] else "手工指定"
        typed = self._take_typed_number(record, before)
        if before and record.security_field():
            guard.keep_apart(record, before[record.security_field()])
        record.follow(self._store.rules)
        is_numbered_now = False
        if typed:
            self._complete_number(record, *typed)
        elif self._gives_numbers or record.is_placeholder:
            is_numbered_now = self._give_number(record)
        if record.is_placeholder:
            guard.empty(record)
        return is_numbered_now

    def _take_typed_number(self, record: Record, before: dict[str, Any]) -> tuple[str, int, int] | None:
        """Take a number that was typed apart; give back the parts of one that is short for what is still to follow."""
        numbering = record.numbering(self._store.rules)
        if numbering is None or record.number == before.get("number", ""):
            return None
        if not record.number:
            record.number = before["number"]
            return None
        parsed = numbering.parse(record.number) if len(record.number) <= LONGEST else None
        if parsed is None or ("{series}" in numbering.mask and not (parsed[0] or record.series)):
            if not before and (found := numbering.short(record.number)) and self._knows_series(record, found[0]):
                record.number = ""
                return found
            if before or not self._takes_any_number or not _may_stay(record.number):
                raise self._unreadable(record)
            self._keep_number(record, numbering)
            return None
        series, year, sequence = parsed
        record.series, record.year, record.sequence = series or record.series, year or record.year, sequence
        record.number = numbering.render(record.series, record.year, sequence)
        return None

    def _knows_series(self, record: Record, series: str) -> bool:
        """Whether the register may have numbers of a series; where it chooses from a vocabulary, of those alone."""
        one = record._meta.fields["series"]
        return not series or not isinstance(one, TermField) or series in self._store.rules.known_words(one.vocabulary)

    def _keep_number(self, record: Record, numbering: Numbering) -> None:
        """Keep a number as it is written, with the series and year that it tells."""
        found = parts_of(record.number) if "{series}" in numbering.mask else None
        if found is None:
            return
        series, record.year, rest = found
        record.series, record.number = record.series or series, f"{series}〔{record.year}〕{rest}"

    def _complete_number(self, record: Record, series: str, year: int, sequence: int) -> None:
        """Make a whole number of one that is short (15, 2022-15, 信3); without a series by that which follows."""
        numbering = record.numbering(self._store.rules)
        record.series = series or record.series
        if numbering is None or ("{series}" in numbering.mask and not record.series):
            record.number = str(sequence)
            raise self._unreadable(record)
        record.year, record.sequence = year or record.year, sequence
        record.number = numbering.render(record.series, record.year, sequence)
        record.settle()

    def _unreadable(self, record: Record) -> Refused:
        numbering = record.numbering(self._store.rules)
        example = numbering.render(record.series or "某", self._store.rules.today.year, 5) if numbering else ""
        return Refused([Problem("number", f"看不懂编号“{record.number[:40]}”，写法如{example}；留空则自动编号")])

    def _give_number(self, record: Record) -> bool:
        sequence, numbering = self._store.sequence_for(record), record.numbering(self._store.rules)
        if sequence is None or numbering is None:
            return False
        record.sequence = sequence
        record.number = numbering.render(record.series, record.year, sequence)
        return True

    def _clash(self, record: Record, before: dict[str, Any]) -> list[Problem]:
        if record.sequence is None or record.NUMBERING is None:
            return []
        is_kept = record.number == before.get("number") and "{series}" in record.NUMBERING.mask
        if is_kept and record.series != before["series"]:
            label = record.label("series")
            return [Problem("series", f"已编为{record.number}，{label}不能单改；要改请直接改编号")]
        place = (record.series, record.year, record.sequence)
        if before and place == (before["series"], before["year"], before["sequence"]):
            return []  # it is stored there, and no two can be
        if self._is_free and self._is_free(record):
            return []
        row = self._store.connection.execute(
            f'SELECT id, "{record.SUBJECT}", voided_on, deleted_at, emptied_at FROM "{record.key()}" '
            "WHERE series = ? AND year = ? AND sequence = ? AND id IS NOT ?",
            (*place, record.id),
        ).fetchone()
        if row is None:
            return []
        text = f"{record.number}已被《{row[1].strip('《》')}》使用{_standing(*row[2:])}，请改用别的号"
        return [Problem("number", text, other=(record.key(), row[0]))]


def _may_stay(number: str) -> bool:
    """Whether a text that is no number of the register's may be one of another form: 3-1号, 12之1."""
    return len(number) <= LONGEST_SHORT and number.isprintable() and any(map(str.isdigit, number))


def _standing(voided_on: str | None, deleted_at: str | None, emptied_at: str | None) -> str:
    """How the record stands that has a number already; "" when it is in the register."""
    if emptied_at:
        return "（已从回收站清除，号仍占用）"
    return "（已作废，号不复用）" if voided_on else "（在回收站）" if deleted_at else ""
