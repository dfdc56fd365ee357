"""What was in hand at the end of a month, drawn by register and stage: in time, and late.

What is only in force or being carried out (`Stage.settled`) is in nobody's hand and would dwarf the rest: a note
counts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from db.record import Record, Stage
from db.store.store import Store
from db.summaries.document import Chart, Note, Records, Series
from db.summaries.matters import Matters

CHARTED = 13  # stages that the chart has room for, beside the others
IN_TIME, LATE = "时限内或无时限", "已逾期"
Pair = tuple[str, str]
Row = tuple[str, int]


def in_hand(store: Store, matters: Matters) -> tuple[Chart | Note, ...]:
    """The chart of what was in hand, and the note of what is not drawn; empty when nothing was."""
    drawn: dict[Pair, tuple[list[Row], list[Row]]] = {}
    settled: Counter[Pair] = Counter()
    for register, running in matters.running_at_end():
        order = {stage.key: at for at, stage in enumerate(register.STAGES)}
        known = list(_standing(store, matters, register, running))
        for stage, row, is_late in sorted(known, key=lambda one: order[one[0].key]):
            if stage.settled:
                settled[register.TITLE, stage.label] += 1
            elif not stage.closed:
                drawn.setdefault((register.TITLE, stage.label), ([], []))[is_late].append(row)
    if not drawn:
        return ()
    blocks: list[Chart | Note] = [_chart(_fitting(drawn))]
    if settled:
        counts = "、".join(f"{title}“{stage}”{count}件" for (title, stage), count in settled.items())
        blocks.append(Note(f"注：只画还要办的事项。已办好、只在施行或执行中的不画：{counts}。"))
    return tuple(blocks)


def _standing(
    store: Store, matters: Matters, register: type[Record], running: Any
) -> Iterator[tuple[Stage, Row, bool]]:
    """Every running record with its stage and whether it was late; what was changed since, as it stood at the end."""
    fields, since, late = register._meta.fields, matters.end.isoformat(), matters.late_before
    query = register.select(register.id, fields["stage"], fields["due_on"], register.updated_at >= since)
    rows: list[tuple[int, str, date | None, bool]] = list(query.where(running).tuples())  # pyright: ignore[reportAssignmentType]
    stages = {stage.key: stage for stage in register.STAGES}
    for number, key, due, is_changed in rows:
        stage = stages[matters.as_of_end(store.load(register, number)).stage if is_changed else key]
        yield _before(register, stage), (register.key(), number), due is not None and due < late


def _before(register: type[Record], stage: Stage) -> Stage:
    """The stage before one that a record is shown in only because it was finished since."""
    needs = {name for move in register.MOVES if move.target == stage.key for name in move.needs}
    if not stage.closed or register.FINISHED not in needs:
        return stage
    line = [one for one in register.STAGES if not one.side]
    return (
        next((one for one in reversed(line[: line.index(stage)]) if not one.closed), stage) if stage in line else stage
    )


def _fitting(drawn: dict[Pair, tuple[list[Row], list[Row]]]) -> dict[Pair, tuple[list[Row], list[Row]]]:
    """The stages that most stand in, in the order of the registers; the others together."""
    most = sorted(drawn, key=lambda pair: -sum(map(len, drawn[pair])))[:CHARTED]
    found = {pair: rows for pair, rows in drawn.items() if pair in most}
    rest = [rows for pair, rows in drawn.items() if pair not in most]
    if rest:
        found["其他", "阶段"] = ([row for rows in rest for row in rows[0]], [row for rows in rest for row in rows[1]])
    return found


def _chart(drawn: dict[Pair, tuple[list[Row], list[Row]]]) -> Chart:
    def series(label: str, side: int) -> Series:
        rows = [pair_rows[side] for pair_rows in drawn.values()]
        labels = [f"{title}“{stage}”：{label}" for title, stage in drawn]
        sources = tuple(Records(name, tuple(some)) for name, some in zip(labels, rows, strict=True))
        return Series(label, tuple(map(len, rows)), sources)

    names = tuple(f"{title}\n{stage}" for title, stage in drawn)
    return Chart("件", names, (series(LATE, 1), series(IN_TIME, 0)))
