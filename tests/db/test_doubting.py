"""A row that bears the number of a record with another title is no change of that record until the clerk says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from db.errors import Refused
from db.exchange.applying import apply
from db.exchange.doubting import is_another
from db.exchange.exporting import Selection, export
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.exchange.rejects import write_rejects
from db.exchange.rows import Options
from db.registers.incoming import Incoming
from db.store.store import Store
from tests.db.office import incoming

HEAD = ("收文日期", "来文单位", "文号", "文件标题", "文种")
THERE = "关于下达2022年预算指标的报告"
ANOTHER = ("2022.12.28", "县财政局", "蓝财〔2022〕1号", "关于冬春救助情况的请示", "请示")


def written(path: Path, *rows: Sequence[str]) -> Path:
    """A workbook with these rows under the heading."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEAD, *rows):
        book.active.append(list(row))
    book.save(path)
    return path


@pytest.fixture
def there(store: Store) -> int:
    """A paper of the same unit and number that is in the ledger already."""
    record = incoming(title=THERE, from_unit="县财政局", from_doc_no="蓝财〔2022〕1号")
    store.save(record)
    return record.id


def titles(store: Store) -> list[str]:
    """The titles of all papers, oldest first."""
    return [row[0] for row in store.connection.execute("SELECT title FROM incoming ORDER BY id")]


def test_another_title_under_a_known_number_waits_for_the_clerk(store: Store, there: int, tmp_path: Path) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", ANOTHER)))
    assert (plan.counts.doubted, plan.counts.changed, plan.counts.written) == (1, 0, 0)
    row = plan.row(0)
    assert row.record == there
    assert "来文字号相同，标题不同" in row.whole_reason
    assert THERE in row.whole_reason
    with pytest.raises(Refused, match="台账没有动"):
        apply(store, plan)
    assert titles(store) == [THERE]


def test_a_row_in_doubt_is_made_a_record_of_its_own(store: Store, there: int, tmp_path: Path) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", ANOTHER)))
    assert plan.choose(0, "new") == {0}
    assert plan.kind(0) == "new"
    apply(store, plan)
    assert titles(store) == [THERE, ANOTHER[3]]


def test_a_row_in_doubt_is_written_over_the_record_only_when_that_is_chosen(
    store: Store, there: int, tmp_path: Path
) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", ANOTHER)), options=Options(doubted="update"))
    assert plan.kind(0) == "changed"
    assert plan.choose(0, "skip") == {0}
    assert plan.kind(0) == "doubted"
    plan.choose(0, "update")
    apply(store, plan)
    assert titles(store) == [ANOTHER[3]]


def test_what_was_said_of_a_row_stands_when_the_columns_are_matched_anew(
    store: Store, there: int, tmp_path: Path
) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", ANOTHER)), options=Options(doubted="update"))
    plan.choose(0, "skip")
    plan.set_layouts(plan.layouts, plan.options)
    assert plan.kind(0) == "doubted"
    assert titles(store) == [THERE]


@pytest.mark.parametrize(
    "title", ["关于下达2022年预算指标的请示报告", THERE[:2] + "不予" + THERE[2:], THERE.replace("下达", "收回")]
)
def test_a_title_of_a_few_other_signs_is_in_doubt_too(store: Store, there: int, tmp_path: Path, title: str) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", (*ANOTHER[:3], title, "报告"))))
    assert plan.kind(0) == "doubted"


def test_signs_and_blanks_make_no_other_title(store: Store, there: int, tmp_path: Path) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", (*ANOTHER[:3], f" 《{THERE}》。", "报告"))))
    assert plan.kind(0) == "changed"


def test_a_title_mended_in_what_the_program_exported_is_a_change_and_not_in_doubt(
    store: Store, there: int, tmp_path: Path
) -> None:
    path = tmp_path / "收文.xlsx"
    export(store, [Selection(Incoming)], path)
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == THERE)
    cell.value = ANOTHER[3]
    book.save(path)
    plan = Plan(store, Incoming, read(path))
    assert (plan.counts.changed, plan.counts.rows) == (1, 1)
    apply(store, plan)
    assert titles(store) == [ANOTHER[3]]


def test_a_number_of_the_register_with_another_title_is_in_doubt_too(store: Store, there: int, tmp_path: Path) -> None:
    number = store.load(Incoming, there).number
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("编号", *HEAD), (number, "2022.3.5", "县水利局", "无号", "关于水库调度方案的请示", "请示")):
        book.active.append(list(row))
    book.save(tmp_path / "收.xlsx")
    plan = Plan(store, Incoming, read(tmp_path / "收.xlsx"))
    assert plan.kind(0) == "doubted"
    assert "编号相同，标题不同" in plan.row(0).whole_reason
    plan.choose(0, "new")
    assert plan.kind(0) == "refused"
    assert number in plan.row(0).whole_reason


def test_two_rows_of_one_file_with_one_number_are_two_matters_when_the_clerk_says_so(
    store: Store, tmp_path: Path
) -> None:
    first = (*ANOTHER[:3], THERE, "报告")
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", first, ANOTHER)))
    assert [plan.kind(at) for at in range(2)] == ["new", "refused"]
    assert plan.row(1).is_doubtful
    said = f"与第2行来文单位、来文字号重复，第2行是《{THERE}》，这一行是《{ANOTHER[3]}》"
    assert plan.row(1).reason == said
    assert write_rejects(plan, tmp_path / "没有导入.xlsx") == 1
    sheet = openpyxl.load_workbook(tmp_path / "没有导入.xlsx").active
    assert sheet is not None
    assert sheet.cell(2, len(HEAD) + 1).value == said
    plan.choose(1, "new")
    assert [plan.kind(at) for at in range(2)] == ["new", "new"]


def test_rows_in_doubt_come_out_with_the_refused_ones(store: Store, there: int, tmp_path: Path) -> None:
    plan = Plan(store, Incoming, read(written(tmp_path / "收.xlsx", ANOTHER)))
    assert write_rejects(plan, tmp_path / "没有导入.xlsx") == 1
    sheet = openpyxl.load_workbook(tmp_path / "没有导入.xlsx").active
    assert sheet is not None
    assert THERE in str(sheet.cell(2, len(HEAD) + 1).value)


@pytest.mark.parametrize(
    ("before", "title", "another"),
    [
        ("关于开展防汛工作的通知", "关于开展防汛工作的通知。", False),
        ("关于开展防汛抗旱工作的通知", "关于开展防汛抗旱工作通知", True),
        ("关于拨付城东小学建设资金的请示", "关于拨付城西小学建设资金的请示", True),
        ("关于拨付城东小学建设资金的请示", "关于收回城东小学建设资金的请示", True),
        ("关于建设防洪堤的请示", "关于维修防洪堤的请示", True),
        ("关于拨付1.5万元的请示", "关于拨付15万元的请示", True),
        ("关于2021-2025年规划的请示", "关于2021—2025年规划的请示", False),
        ("关于印发2021年工作要点的通知", "关于印发2022年工作要点的通知", True),
        ("关于开展防汛工作的通知", "关于召开全县经济工作会议的通知", True),
        ("", "关于开展防汛工作的通知", False),
    ],
)
def test_titles_are_told_apart_as_a_clerk_would(before: str, title: str, another: bool) -> None:
    assert is_another(before, title) is another
