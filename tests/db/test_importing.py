"""The seam of the import: a messy sheet is read, planned, edited, written in one change and taken back by one undo."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from db.errors import Cancelled, Refused, StoreTrouble, Trouble
from db.exchange.applying import apply
from db.exchange.book import Book, Sheet
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.registers.incoming import Incoming
from db.registers.study_session import StudySession
from db.registers.supervision_matter import SupervisionMatter
from db.store.health import findings
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import Clock, no_room


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    """A ledger as an office keeps it: title lines, two rows of heading, merged cells, a sum and a footer."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "县直"
    for row in (
        ["2022年蓝山县人民政府办公室收文登记表"],
        ["单位：县政府办"],
        ["序号", "收文日期", "来文", None, "文件标题", "文种", "承办单位"],
        [None, None, "单位", "字号"],
        [1, "2022.1.4", "县财政局", "蓝财[2022]1号", "关于下达预算指标的报告", "报告", None],
        [2, "1月5日", "大桥镇", "大政【２０２２】3号", "关于春节慰问资金的请示", "请示报告", "县财政局"],
        [3, "2022.2.30", "县水利局", "蓝水〔2022〕4号", "关于水库调度方案的请示", "请示", "县水利局"],
        [4, 44567, "〃", "无号", "关于冬春救助情况的报告", None, None],
        [5, "3.5", "县财政局", "蓝财〔2022〕1号", "关于下达预算指标的报告", "报告", None],
        ["合计", None, None, None, "5件"],
        ["制表人：张三"],
    ):
        sheet.append(row)
    for place in ("A1:G1", "C3:D3", "A3:A4", "B3:B4", "E3:E4"):
        sheet.merge_cells(place)
    path = tmp_path / "收文.xlsx"
    book.save(path)
    return path


def test_a_messy_ledger_is_planned_row_by_row(store: Store, ledger_file: Path) -> None:
    plan = Plan(store, Incoming, read(ledger_file))
    assert [plan.kind(at) for at in range(len(plan))] == ["new", "new", "refused", "new", "refused"]
    assert [row.why for row in plan.left_out] == ["合计行", "表尾说明"]
    assert plan.row(2).reason == "2022 年没有 2 月 30 日"
    assert plan.row(4).reason == "与第5行来文单位、来文字号重复；两行都是《关于下达预算指标的报告》"
    assert plan.row(1).cells[3].after == "大政〔2022〕3号"
    assert plan.row(1).cells[5].after == "请示"
    assert plan.row(3).cells[2].after == "县水利局"


def test_a_cell_is_mended_in_place_and_only_its_row_is_looked_at_again(store: Store, ledger_file: Path) -> None:
    plan = Plan(store, Incoming, read(ledger_file))
    assert plan.edit(2, 1, "2022.2.28") == {2}
    assert plan.kind(2) == "new"
    assert plan.skip(0) == {0, 4}
    assert (plan.kind(0), plan.kind(4)) == ("skipped", "new")


def test_an_import_is_one_change_that_one_undo_takes_back(store: Store, ledger_file: Path) -> None:
    applied = apply(store, Plan(store, Incoming, read(ledger_file)))
    assert (applied.counts.new, applied.counts.refused) == (3, 2)
    numbers = [row[0] for row in store.connection.execute("SELECT number FROM incoming ORDER BY id")]
    assert numbers == ["下〔2022〕1号", "下〔2022〕2号", "下〔2022〕3号"]
    assert list(findings(store)) == []
    listing = Listing(
        store.connection, Incoming, store.register_numbers["incoming"], Filter(text="慰问资金"), store.rules.today,
        store.rules.days,
    )  # fmt: skip
    assert listing.ids() == [2]
    store.undo()
    assert store.connection.execute("SELECT count(*) FROM incoming WHERE deleted_at IS NULL").fetchone() == (0,)
    assert list(findings(store)) == []


def test_the_same_file_again_changes_nothing(store: Store, ledger_file: Path) -> None:
    apply(store, Plan(store, Incoming, read(ledger_file)))
    again = Plan(store, Incoming, read(ledger_file))
    assert (again.counts.same, again.counts.new, again.counts.changed) == (3, 0, 0)
    with pytest.raises(Refused, match="没有可导入的行"):
        apply(store, again)


def test_a_cancelled_import_leaves_nothing_behind(store: Store, ledger_file: Path) -> None:
    plan = Plan(store, Incoming, read(ledger_file))
    with pytest.raises(Cancelled):
        apply(store, plan, lambda _done, _total: False)
    assert store.connection.execute("SELECT count(*) FROM incoming").fetchone() == (0,)
    assert store.head()[0] == 0


def test_a_disk_that_fills_midway_leaves_nothing_of_the_import(folder: Path, clock: Clock, tmp_path: Path) -> None:
    rows = [["收文日期", "来文单位", "文号", "标题", "文种"]]
    rows += [["2022.1.4", "县财政局", f"蓝财〔2022〕{at}号", f"关于第{at}号预算的报告", "报告"] for at in range(1, 901)]
    with closing(Store.open(folder, "李喆", clock)) as store:
        plan = Plan(store, Incoming, Book("收文.xlsx", (Sheet("表", rows),)))
        with no_room(400_000), pytest.raises(StoreTrouble) as told:
            apply(store, plan)
        assert told.value.trouble in (Trouble.FULL, Trouble.UNREACHABLE)
        assert store.connection.execute("SELECT count(*) FROM incoming").fetchone() == (0,)
        assert (store.head()[0], store.undoable(), list(findings(store))) == (0, None, [])
        assert apply(store, plan).counts.new == 900
        assert list(findings(store)) == []


def test_a_cell_that_numbers_what_it_lists_gives_a_line_for_each(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["学习时间", "学习内容", "主持人", "参加人员"],
        ["2022.1.18", "1.《森林防火条例》\n2.习近平总书记重要讲话精神", "肖国平", "肖国平 周翱  李敏、黄军"],
    ):
        book.active.append(row)
    book.save(tmp_path / "学习.xlsx")
    plan = Plan(store, StudySession, read(tmp_path / "学习.xlsx"))
    (row,) = plan.rows()
    assert row.lines is not None
    assert [line.title for line in row.lines["study_item"]] == ["《森林防火条例》", "习近平总书记重要讲话精神"]
    assert [line.person for line in row.lines["attendance"]] == ["肖国平", "周翱", "李敏", "黄军"]


def test_the_third_session_may_be_written_in_words(store: Store) -> None:
    rows = [
        ["次数", "时间", "学习内容"],
        ["第三次", "2023.1.16", "《森林防火条例》"],
        ["第十二次", "2023.5.16", "《种子法》"],
    ]
    plan = Plan(store, StudySession, Book("学习.xlsx", (Sheet("表", rows),)))
    assert [row.kind for row in plan.rows()] == ["new", "new"]
    apply(store, plan)
    found = store.connection.execute("SELECT number FROM study_session ORDER BY held_on").fetchall()
    assert [number for (number,) in found] == ["第3次", "第12次"]


def test_the_first_session_of_another_year_is_another_session(store: Store) -> None:
    def plan(*days: str) -> Plan:
        rows = [["次数", "时间", "学习内容"], *(["第1次", day, f"《{day}的条例》"] for day in days)]
        return Plan(store, StudySession, Book("学习.xlsx", (Sheet("表", rows),)))

    apply(store, plan("2022.1.16"))
    later = plan("2023.1.18")
    assert [row.kind for row in later.rows()] == ["new"]
    apply(store, later)
    again = plan("2022.1.17", "2023.1.18")
    assert [(row.kind, row.record) for row in again.rows()] == [("changed", 1), ("same", 2)]
    assert [row.kind for row in plan("").rows()] == ["refused"], "of which year is not said"


def test_a_time_limit_that_comes_again_and_again_goes_into_the_remarks(store: Store) -> None:
    rows = [["督查事项", "任务来源", "立项日期", "牵头单位", "办理时限"],
            ["城北小学扩建", "领导批示", "2023.3.1", "县教育局", "每月25日前"]]  # fmt: skip
    plan = Plan(store, SupervisionMatter, Book("督查.xlsx", (Sheet("表", rows),)))
    (row,) = plan.rows()
    assert row.kind == "new", row.problems
    apply(store, plan)
    assert store.connection.execute("SELECT remarks FROM supervision_matter").fetchone() == ("办理时限：每月25日前",)


def test_what_a_ledger_calls_done_is_done(store: Store) -> None:
    head = ["收文日期", "来文单位", "文号", "标题", "办理情况"]
    said = ("已办结", "办毕。", "阅毕", "已办", "已办结算手续", "在办", "")
    rows = [
        ["2022.1.4", "县财政局", f"蓝财〔2022〕{at}号", f"关于第{at}号预算的报告", text]
        for at, text in enumerate(said, 1)
    ]
    plan = Plan(store, Incoming, Book("收文.xlsx", (Sheet("表", [head, *rows]),)))
    assert "阶段没有写的 4 行，按结果说明填上（办结 4），请核对" in plan.notes
    apply(store, plan)
    found = store.connection.execute("SELECT result_text, is_open FROM incoming ORDER BY from_doc_no").fetchall()
    assert [(text, bool(is_open)) for text, is_open in found] == [(text, at >= 4) for at, text in enumerate(said)]


def test_what_was_guessed_is_said_once_with_its_count_and_shown_at_each_row(store: Store, tmp_path: Path) -> None:
    head = ["收文日期", "来文单位", "文号", "标题"]
    rows = [["2022.1.4", "县财政局", f"蓝财〔2022〕{at}号", f"关于第{at}号预算的{kind}"]
            for at, kind in enumerate(("报告", "请示", "报告", "意见建议"), 1)]  # fmt: skip
    plan = Plan(store, Incoming, Book("收文.xlsx", (Sheet("表", [head, *rows]),)))
    assert plan.notes == (
        "表里没有“来文种类”这一列，1 行从别处也看不出来，没有导入",
        "来文种类没有写的 3 行，按标题填上（报告 2、请示 1），请核对",
        "来文级别没有写的 3 行，按来文单位填上（县直部门 3），请核对",
    )
    assert plan.lacks == {"kind": 1}
    assert [plan.row(at).reason for at in range(4)] == ["", "", "", "请填写来文种类"]
    guessed = plan.row(1).guessed["kind"]
    assert (guessed.after, guessed.note, guessed.is_mended) == ("请示", "表里没有写来文种类，按标题记作“请示”", True)
    plan.skip(1)
    assert plan.notes[1] == "来文种类没有写的 2 行，按标题填上（报告 2），请核对"
