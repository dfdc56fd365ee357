"""Old ledgers of suggestions and proposals: several main units in a cell, no column for the kind, numbers in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.store.store import Store
from tests.db.old_files import held, kinds, lines, planned

HEAD = ["序号", "届次", "编号", "案由", "交办日期"]
ROW = [1, "十八届二次", 12, "关于加强校园安全的建议", "2022.3.5"]


@pytest.mark.parametrize("head", ["主办单位", "承办单位", "责任单位"])
@pytest.mark.parametrize(
    "cell", ["县教育局、县财政局", "县教育局 县财政局", "县教育局\n县财政局", "县教育局和县财政局"]
)
def test_several_main_units_in_a_cell_each_handle_it_by_themselves(
    store: Store, tmp_path: Path, head: str, cell: str
) -> None:
    plan = planned(store, tmp_path, "proposal", [[*HEAD, head, "协办单位"], [*ROW, cell, "县公安局"]])
    assert kinds(plan) == ["new"]
    assert lines(plan, "assignment") == [
        {"unit": "县教育局", "role": "分办"},
        {"unit": "县财政局", "role": "分办"},
        {"unit": "县公安局", "role": "会办"},
    ]
    assert held(store, plan)["lead_unit"] == "县教育局、县财政局"
    assert "主办的有2个单位，都记作分办" in plan.row(0).reason


def test_one_main_unit_stays_the_main_unit(store: Store, tmp_path: Path) -> None:
    units = ["县人力资源和社会保障局", "县住房和城乡建设局", "县教育局"]
    rows = [[*ROW[:2], at, f"关于第{at}项的建议", ROW[4], unit] for at, unit in enumerate(units, 1)]
    plan = planned(store, tmp_path, "proposal", [[*HEAD, "主办单位"], *rows])
    assert [lines(plan, "assignment", at) for at in range(3)] == [[{"unit": unit, "role": "主办"}] for unit in units]
    assert plan.row(0).reason == ""


def test_a_finished_one_with_several_main_units_is_taken(store: Store, tmp_path: Path) -> None:
    head = [*HEAD, "主办单位", "答复日期", "办理结果", "满意度", "面商日期"]
    row = [*ROW, "县教育局、县财政局", "2022.5.6", "A类", "满意", "2022.4.2"]
    plan = planned(store, tmp_path, "proposal", [head, row])
    assert kinds(plan) == ["new"]
    assert [str(one["on"]) for one in lines(plan, "reply")] == ["2022-05-06"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("蓝山县十八届二次政协提案办理台账", "个人提案"),
        ("政协蓝山县第十八届委员会第二次会议提案交办表", "个人提案"),
        ("蓝山县十八届二次会议建议办理台账", "人大代表建议"),
        ("十八届人大二次会议代表建议交办表", "人大代表建议"),
    ],
)
def test_the_title_tells_suggestions_from_proposals(store: Store, tmp_path: Path, title: str, kind: str) -> None:
    row = [1, "十八届二次", 12, "关于加强校园安全", "2022.3.5", "县教育局"]
    plan = planned(store, tmp_path, "proposal", [[title], [*HEAD, "主办单位"], row])
    assert (kinds(plan), held(store, plan).get("kind")) == (["new"], kind)
    assert any("类别没有写的 1 行，按表题填上" in note for note in plan.notes)


def test_the_nearest_title_that_names_one_of_them_tells(store: Store, tmp_path: Path) -> None:
    row = [1, "十八届二次", 12, "关于加强校园安全", "2022.3.5", "县教育局"]
    rows = [["2022年建议提案办理台账"], ["（政协提案）"], [*HEAD, "主办单位"], row]
    assert held(store, planned(store, tmp_path, "proposal", rows, name="人大代表建议"))["kind"] == "个人提案"
    rows = [["2022年建议提案办理台账"], [*HEAD, "主办单位"], row]
    assert held(store, planned(store, tmp_path, "proposal", rows, name="人大代表建议"))["kind"] == "人大代表建议"
    assert "请填写类别" in kinds(planned(store, tmp_path, "proposal", rows))[0]


@pytest.mark.parametrize(
    ("said", "number", "kind"),
    [
        ("提案12号", 12, "个人提案"), ("第13号提案", 13, "个人提案"), ("建议第014号", 14, "人大代表建议"),
        ("提15", 15, "个人提案"), ("十八届二次提案16号", 16, "个人提案"), ("政协第17号", 17, "个人提案"),
        ("人大18号", 18, "人大代表建议"),
    ],
)  # fmt: skip
def test_a_number_in_words_tells_the_kind(store: Store, tmp_path: Path, said: str, number: int, kind: str) -> None:
    row = [1, "十八届二次", said, "关于加强校园安全", "2022.3.5", "县教育局"]
    plan = planned(store, tmp_path, "proposal", [[*HEAD, "主办单位"], row])
    assert kinds(plan) == ["new"]
    record = held(store, plan)
    assert (record["sequence"], record["kind"], record["remarks"]) == (number, kind, f"编号：{said}")


def test_the_title_of_the_table_tells_before_the_title_of_the_matter(store: Store, tmp_path: Path) -> None:
    row = [1, "十八届二次", 12, "关于加强校园安全的建议", "2022.3.5", "县教育局"]
    plan = planned(store, tmp_path, "proposal", [["2022年政协提案办理台账"], [*HEAD, "主办单位"], row])
    assert held(store, plan)["kind"] == "个人提案"


def test_days_that_a_cell_lists_are_lines_of_their_own(store: Store, tmp_path: Path) -> None:
    head = [*HEAD, "主办单位", "答复日期", "满意度"]
    rows = [
        [*ROW, "县教育局、县财政局", "2022.5.6、2022.5.9", "满意"],
        [*ROW[:2], 13, "关于路的建议", ROW[4], "县教育局", "5月6日/不详", ""],
    ]
    plan = planned(store, tmp_path, "proposal", [head, *rows])
    assert [str(one["on"]) for one in lines(plan, "reply")] == ["2022-05-06", "2022-05-09"]
    assert (held(store, plan)["result"], held(store, plan)["remarks"]) == ("满意", "")
    assert kinds(plan)[1].startswith("refused: ")
    head = ["督办事项", "任务来源", "责任单位", "立项日期", "催办日期"]
    plan = planned(
        store, tmp_path, "supervision_matter", [head, ["农田", "领导批示", "县水利局", "2022.3.1", "4.6、5.9"]]
    )
    assert [str(one["on"]) for one in lines(plan, "matter_urging")] == ["2022-04-06", "2022-05-09"]
