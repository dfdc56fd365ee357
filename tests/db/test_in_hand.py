"""What was in hand at the end of a month: by register and stage, late or not, and what is only in force left out."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from db.figures import Figures
from db.store.store import Store
from db.summaries.behind import behind
from db.summaries.document import Cell, Chart, Note, Summary, Table
from db.summaries.month import Month
from tests.db.office import Clock, incoming, matter, norm, plan, saved
from tests.db.test_month import closed

PRINTED = datetime(2023, 1, 10, 9, 5)
STAGES = "在办事项所处阶段"
NUMBER = re.compile(r"[+−]?[0-9]+(\.[0-9]+)?[%点]?|[0-9]+／[0-9]+|[0-9]+天\n.*|[0-9]+个工作日")


@pytest.fixture(autouse=True)
def in_january(clock: Clock) -> None:
    """The clerk prints December on 10 January."""
    clock.at = PRINTED


def summary(store: Store) -> Summary:
    """The summary of December."""
    return Month(store, 2022, 12, PRINTED).summary()


def blocks(store: Store, heading: str) -> tuple[Table | Chart | Note, ...]:
    """The blocks of a part of it."""
    return next(part.blocks for part in summary(store).parts if heading in part.heading)


def drawn(store: Store) -> dict[str, tuple[int, int]]:
    """Category -> (late, in time) of the chart."""
    chart = blocks(store, STAGES)[0]
    assert isinstance(chart, Chart)
    late, in_time = chart.stacked
    names = (name.replace("\n", "") for name in chart.categories)
    return dict(zip(names, zip(late.values, in_time.values, strict=True), strict=True))


def test_open_records_are_drawn_by_register_and_stage_as_they_were_at_the_end(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    saved(store, plan(title="一直在办"))
    saved(store, closed(date(2022, 12, 21), title="十二月已销号"))
    clock.at = PRINTED
    saved(store, closed(date(2023, 1, 5), title="一月销号"))
    found = drawn(store)
    assert sum(late + in_time for late, in_time in found.values()) == 2
    assert all(name.startswith("整改") and "销号" not in name for name in found)


def test_what_was_late_at_the_end_is_drawn_apart(store: Store) -> None:
    for due in (date(2022, 12, 9), date(2022, 12, 30), date(2023, 1, 6)):
        saved(store, matter(set_up_on=date(2022, 12, 1), handed_on=date(2022, 12, 1), due_on=due))
    assert list(drawn(store).values()) == [(2, 1)]
    assert len(next(one for one in blocks(store, "逾期清单") if isinstance(one, Table)).rows) == 2


def test_what_is_in_force_is_counted_in_a_note_instead(store: Store) -> None:
    saved(store, matter(set_up_on=date(2022, 12, 1), handed_on=date(2022, 12, 1)))
    for _time in range(3):
        assert saved(store, norm()).stage == "valid"
    assert [name[:4] for name in drawn(store)] == ["督查事项"]
    note = blocks(store, STAGES)[1]
    assert isinstance(note, Note)
    assert "规范性文件“有效”3件" in note.text


def test_a_month_in_which_only_documents_are_in_force_has_no_chart(store: Store) -> None:
    saved(store, norm())
    assert not any(STAGES in part.heading for part in summary(store).parts)


def test_every_number_of_the_month_has_rows_behind_it(store: Store) -> None:
    for due in (date(2022, 12, 9), date(2023, 1, 6)):
        saved(store, matter(set_up_on=date(2022, 12, 1), handed_on=date(2022, 12, 1), due_on=due, lead_unit="县水利局"))
        saved(store, incoming(received_on=date(2022, 12, 1), from_doc_on=None, from_doc_no="", lead_unit="县财政局",
                              due_on=due))  # fmt: skip
    saved(store, norm(stated_until=date(2023, 1, 31)))
    figures, made = Figures(store.connection, store.catalogue, store.rules.days), summary(store)
    cells = [(part.heading, cell) for part in made.parts for block in part.blocks if isinstance(block, Table)
             for row in block.rows for cell in row if len(row) > 1]  # fmt: skip
    for part in made.parts:
        for chart in (block for block in part.blocks if isinstance(block, Chart)):
            for series in (*chart.stacked, *filter(None, (chart.beside,))):
                told = zip(series.values, series.sources, strict=True)
                cells += [(part.heading, Cell(str(value), source)) for value, source in told]
    loose = [(heading, cell.text) for heading, cell in cells if NUMBER.fullmatch(cell.text) and cell.source is None]
    assert loose == []
    empty = [(heading, cell.text) for heading, cell in cells if cell.source and cell.text.strip("0.%") not in ("", "—")
             and not behind(figures, cell.source).rows]  # fmt: skip
    assert empty == []
    assert len({heading for heading, cell in cells if cell.source}) >= 6
