"""What a heading says of its cells is kept with them: a quarter, a unit, the meeting behind its ordinal."""

from __future__ import annotations

from db.exchange.book import Book, Cell, Sheet
from db.exchange.planning import Plan
from db.record import Record
from db.registers.normative_document import NormativeDocument
from db.registers.study_session import StudySession
from db.registers.supervision_matter import SupervisionMatter
from db.store.store import Store


def planned(store: Store, register: type[Record], head: list[Cell], *rows: list[Cell]) -> Plan:
    """A file of one sheet, every row of which is new."""
    plan = Plan(store, register, Book("台账.xlsx", (Sheet("台账", [head, *rows]),)))
    assert [row.kind for row in plan.rows()] == ["new"] * len(rows), [row.reason for row in plan.rows()]
    return plan


def held(store: Store, plan: Plan, register: type[Record], name: str) -> list[str]:
    """What the rows of a plan have in a field."""
    place = store.shapes[register].names.index(name)
    return [str(row.values[place]) for row in plan.rows()]


def test_what_was_done_in_each_quarter_or_month_is_kept_with_its_name(store: Store) -> None:
    head: list[Cell] = ["学习时间", "学习类别", "学习内容", "一季度学习情况", "二季度学习情况", "7月学习情况", "备注"]
    row: list[Cell] = ["2022.3.5", "中心组", "宪法", "讨论", "辅导", "测试", "重点"]
    plan = planned(store, StudySession, head, row)
    said = held(store, plan, StudySession, "remarks")
    assert said == ["重点；一季度学习情况：讨论；二季度学习情况：辅导；7月学习情况：测试"]
    assert not any("没有导入的列" in note for note in plan.notes)


def test_a_single_column_of_progress_is_still_progress(store: Store) -> None:
    head: list[Cell] = ["督办事项", "任务来源", "责任单位", "立项日期", "工作进展"]
    plan = planned(store, SupervisionMatter, head, ["推进公路建设", "政府工作报告", "县交通局", "2022.3.5", "开工"])
    assert [column.key for column in plan.columns][-1] == "matter_progress.text"


def test_the_tenth_meeting_is_a_meeting_of_its_kind(store: Store) -> None:
    head: list[Cell] = ["会议名称", "时间", "学习内容"]
    rows: list[list[Cell]] = [["第10次常务会议", "2022-5-6", "宪法"], ["县政府第十一次常务会议", "2022-6-6", "民法典"]]
    plan = planned(store, StudySession, head, *rows)
    assert held(store, plan, StudySession, "series") == ["会前学法（常务会）"] * 2
    assert held(store, plan, StudySession, "remarks") == ["类别：第10次常务会议", "类别：县政府第十一次常务会议"]


def test_a_number_of_years_is_kept_with_its_unit(store: Store) -> None:
    head: list[Cell] = ["文件名称", "制定机关", "发布日期", "有效期（年）"]
    row: list[Cell] = ["关于印发《蓝山县停车管理办法》的通知", "蓝山县人民政府", "2022-3-1", 5.0]
    plan = planned(store, NormativeDocument, head, row)
    assert held(store, plan, NormativeDocument, "remarks") == ["载明有效至：5年"]
