"""Whole ledgers of offices as real files: every record is read as a careful clerk reads it, nothing is lost unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.directory.units import Unit
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.exchange.targets import MORE
from db.store.store import Store
from tests.db.ledgers_of_matters import MATTERS
from tests.db.ledgers_of_other_words import OTHER_WORDS
from tests.db.ledgers_of_papers import PAPERS
from tests.db.office_ledgers import Ledger, write

LEDGERS = PAPERS | MATTERS | OTHER_WORDS
FIXTURES = Path(__file__).parents[1] / "fixtures"
OLD = {
    "printed_pages.xls": "printed pages with their heading, sums and footers",
    "two_tables.ods": "two tables one below the other on one sheet",
    "merged_units.xls": "units merged in blocks with their sums",
}


@pytest.fixture
def office(store: Store) -> Store:
    """A ledger without records whose office knows some units."""
    store.set_office({**store.rules.settings, "county": "蓝山县"}, store.rules.words("organ_code"))
    with store.change("单位") as change:
        for name, aliases in (("县财政局", "财政局"), ("塔峰镇人民政府", "塔峰镇")):
            change.put(Unit(name=name, aliases=aliases))
    return store


def values_of(office: Store, plan: Plan, at: int, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the plan would write of a row, for the names that are wanted; of lines the fields that are wanted."""
    row = plan.rows()[at]
    values = dict(zip(office.shapes[plan.register].names, row.values, strict=True))
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        if name == "is_closed":
            found[name] = plan.register.stage_of(values["stage"]).closed
        elif isinstance(value, list):
            lines = (row.lines or {}).get(name, [])
            found[name] = [
                {field: str(getattr(line, field)) for field in one} for line, one in zip(lines, value, strict=True)
            ]
        else:
            found[name] = values[name]
    return found


def check(office: Store, ledger: Ledger, path: Path) -> None:
    """Hold the plan of a file against what is to be read of it."""
    plan = Plan(office, office.catalogue[ledger.register], read(path))
    rows = [plan.row(at) for at in range(len(plan))]
    assert [row.kind for row in rows] == [kind for kind, _values in ledger.records], [row.reason for row in rows]
    assert tuple(row.why for row in plan.left_out) == ledger.left
    for at, (_kind, wanted) in enumerate(ledger.records):
        assert not wanted or values_of(office, plan, at, wanted) == wanted, f"row {rows[at].number}"
    for said in ledger.told:
        assert any(said in note for note in plan.notes), plan.notes


@pytest.mark.parametrize("name", list(LEDGERS))
def test_a_ledger_is_read_as_a_careful_clerk_reads_it(office: Store, tmp_path: Path, name: str) -> None:
    check(office, LEDGERS[name], write(LEDGERS[name], tmp_path))


@pytest.mark.parametrize("file", list(OLD))
def test_a_ledger_in_an_old_format_is_read_alike(office: Store, file: str) -> None:
    check(office, LEDGERS[OLD[file]], FIXTURES / file)


def test_a_column_that_nobody_knows_goes_into_the_remarks_with_its_heading(office: Store, tmp_path: Path) -> None:
    ledger = PAPERS["columns that nobody knows"]
    plan = Plan(office, office.catalogue["incoming"], read(write(ledger, tmp_path)))
    for label in ("存放位置", "复印张数"):
        plan.set_column([column.label for column in plan.columns].index(label), MORE)
    assert values_of(office, plan, 0, {"remarks": ""}) == {"remarks": "存放位置：三楼档案柜；复印张数：12"}
    assert values_of(office, plan, 1, {"remarks": ""}) == {"remarks": ""}
    assert not any("没有导入的列" in note for note in plan.notes)
    assert plan.row(0).reason == ""
