"""Ledgers as offices keep them, one case each: what is read of the first record, and what becomes of the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.exchange.planning import Plan
from db.exchange.reading import read
from db.exchange.rows import Options
from db.store.store import Store

Rows = list[list[Any]]


@dataclass(frozen=True)
class Case:
    """A sheet: its rows, the kinds of its records, what the first holds (by field), its merges, its name."""

    register: str
    rows: Rows
    kinds: str  # n new, r refused, s same
    first: dict[str, Any] = field(default_factory=dict[str, Any])
    merges: tuple[str, ...] = ()
    sheet: str = "Sheet1"
    options: Options | None = None


IN = ["收文日期", "来文单位", "来文字号", "标题"]
MAIL = ["2022.3.5", "县财政局", "蓝财〔2022〕1号", "关于预算的报告"]
CASES = {
    "heading with line breaks, blanks and brackets": Case(
        "incoming", [["收文\n日期", "来 文 单 位（全称）", "来文字号", "标题(事由)"], MAIL], "n",
        {"received_on": "2022-03-05", "title": "关于预算的报告"},
    ),
    "full-width digits and every bracket": Case(
        "incoming", [IN, ["２０２２年３月５日", "县财政局", "蓝财【２０２２】第００１号", "关于预算的报告"]], "n",
        {"received_on": "2022-03-05", "from_doc_no": "蓝财〔2022〕1号"},
    ),
    "dates in Chinese numerals": Case(
        "incoming", [IN, ["二〇二二年三月五日", *MAIL[1:]]], "n", {"received_on": "2022-03-05"}
    ),
    "eight figures": Case("incoming", [IN, [20220305, *MAIL[1:]]], "n", {"received_on": "2022-03-05"}),
    "a serial as text": Case("incoming", [IN, ["44625", *MAIL[1:]]], "n", {"received_on": "2022-03-05"}),
    "a day and an hour": Case("incoming", [IN, [datetime(2022, 3, 5, 16, 40), *MAIL[1:]]], "n",
                              {"received_on": "2022-03-05"}),
    "the year in the name of the sheet": Case(
        "incoming", [IN, ["3月5日", *MAIL[1:]]], "n", {"received_on": "2021-03-05"}, sheet="2021年"
    ),
    "the year in the title": Case(
        "incoming", [["2020年度收文登记簿"], IN, ["3.5", *MAIL[1:]]], "n", {"received_on": "2020-03-05"}
    ),
    "a number that lacks but its 号": Case(
        "outgoing", [["文号", "文件名称", "印发时间"], ["蓝政办发【2022】4", "关于春节放假的通知", "2022-2-9"]], "n",
        {"number": "蓝政办发〔2022〕4号", "kind": "通知"},
    ),
    "a column of yes and no that is but like a field's": Case(
        "incoming", [[*IN, "归档"], [*MAIL, "是"], [*MAIL[:2], "蓝财〔2022〕2号", "关于决算的报告", "否"]], "nn",
        {"archive_no": ""},
    ),
    "a ledger of calls, days without a year": Case(
        "incoming",
        [["来电记录（2022年）"], ["序号", "来电时间", "来电单位", "来电内容", "接听人"],
         [1, "3.8 下午4时", "市林业局", "催报造林进度，请今天报", "李喆"]],
        "n", {"received_on": "2022-03-08", "call_time": "2022-03-08 16:00", "title": "催报造林进度，请今天报",
              "medium": "电话", "kind": "电话记录", "receiver": "李喆"},
    ),
    "a source told at length": Case(
        "supervision_matter",
        [["督办事项", "任务来源", "责任单位", "完成时限"],
         ["完成高标准农田建设", "县政府常务会议纪要〔2022〕3期", "县农业农村局", "2022年第三季度"]],
        "n", {"source": "常务会议", "due_on": "2022-09-30", "remarks": "任务来源：县政府常务会议纪要〔2022〕3期"},
    ),
    "no day but words": Case(
        "supervision_matter", [["督办事项", "任务来源", "责任单位", "完成时限", "备注"],
                               ["解决饮水问题", "领导批示", "县水利局", "长期坚持", "已报"]],
        "n", {"due_on": None, "remarks": "已报；办理时限：长期坚持"},
    ),
    "a duration and an issuer in the title": Case(
        "normative_document",
        [["文件名称", "发文字号", "公布日期", "有效期"],
         ["蓝山县人民政府办公室关于加强养犬管理的通告", "蓝政办发〔2021〕8号", "2021-08-01", "5年"]],
        "n", {"issuer": "蓝山县人民政府办公室", "remarks": "载明有效至：5年"},
    ),
    "a day until which": Case(
        "normative_document",
        [["文件名称", "发文字号", "公布日期", "有效期"],
         ["蓝山县人民政府关于加强养犬管理的通告", "蓝政发〔2021〕8号", "2021-08-01", "至2026年7月31日"]],
        "n", {"issuer": "蓝山县人民政府", "stated_until": "2026-07-31"},
    ),
    "no year anywhere": Case("incoming", [IN, ["3月5日", *MAIL[1:]]], "r"),
    "a year that is chosen": Case("incoming", [IN, ["3月5日", *MAIL[1:]]], "n", {"received_on": "2019-03-05"},
                                  options=Options(year=2019)),
    "month and day in columns of their own": Case(
        "incoming",
        [["2022年收文登记簿"], ["收文日期", None, "来文单位", "文号", "标题"], ["月", "日", None, None, None],
         [3, 5, *MAIL[1:]], [None, 6, "县水利局", "蓝水〔2022〕2号", "关于水库的报告"]],
        "nn", {"received_on": "2022-03-05"}, ("A2:B2", "C2:C3", "D2:D3", "E2:E3"),
    ),
    "finished in the January after": Case(
        "incoming", [["2022年"], [*IN, "办结日期"], ["12月28日", *MAIL[1:], "1月5日"]], "n",
        {"received_on": "2022-12-28", "finished_on": "2023-01-05"}, options=None,
    ),
    "sums, empty lines, repeated headings and a footer": Case(
        "incoming", [IN, MAIL, [], ["小计", None, None, "1件"], IN, ["2022.3.6", "县水利局", "无", "关于水库的报告"],
                     ["合  计", None, None, "2件"], ["制表人：张三", "审核人：李四"], ["注：不含密件"]], "nn",
    ),
    "the same as above in three ways": Case(
        "incoming", [IN, MAIL, ["同上", "〃", "蓝财〔2022〕2号", "关于决算的报告"],
                     ["2022.3.6", '"', "蓝财〔2022〕3号", "关于债务的报告"]], "nnn",
    ),
    "a unit merged downwards": Case(
        "incoming", [IN, MAIL, ["2022.3.6", None, "蓝财〔2022〕2号", "关于决算的报告"]], "nn", {}, ("B2:B3",)
    ),
    "numbers of the office's own": Case(
        "incoming", [["收文号", *IN], ["007", *MAIL]], "n", {"number": "下〔2022〕7号"}
    ),
    "twice in the file, and no such day": Case("incoming", [IN, MAIL, MAIL, ["2022.2.30", *MAIL[1:]]], "nrr"),
    "1900 and 9999": Case("incoming", [IN, [date(1900, 3, 1), *MAIL[1:]], [date(9999, 12, 31), *MAIL[1:]]], "rr"),
    "a text too long": Case("incoming", [IN, [*MAIL[:3], "字" * 32_000]], "r"),
    "a classified paper": Case("incoming", [[*IN, "密级"], [*MAIL, "机密"]], "r"),
    "names of the vocabulary said otherwise": Case(
        "incoming", [[*IN, "缓急", "密级", "载体"], [*MAIL, "急件", "无密级", "OA"]], "n",
        {"urgency": "加急", "security": "无", "medium": "电子公文"},
    ),
    "copies with their unit": Case("incoming", [[*IN, "份数"], [*MAIL, "1,012份"]], "n", {"copies": 1012}),
    "outgoing with its numbers": Case(
        "outgoing", [["发文字号", "文件标题", "发文日期", "印发份数", "主送机关"],
                     ["蓝政办发[2022]12号", "关于做好秋收工作的通知", "2022/9/1", "80", "各乡镇、县直各单位"]], "n",
        {"number": "蓝政办发〔2022〕12号", "kind": "通知", "copies": 80},
    ),
    "proposals with their units": Case(
        "proposal", [["编号", "届次", "类别", "案由", "领衔人", "主办单位", "会办单位", "交办日期"],
                     [5, "十八届二次", "建议", "关于修路的建议", "王堃、李喆", "县交通局", "县财政局", "2022.3.1"]],
        "n", {"lead_unit": "县交通局", "lead_proposer": "王堃"},
    ),
    "study with its books": Case(
        "study_session", [["学习时间", "学习类别", "学习形式", "学习内容", "主持人", "应到", "实到"],
                          ["2022.3.5", "中心组学习", "集中学习", "《宪法》《民法典》", "王堃", "12人", "11人"]], "n",
        {"expected": 12, "present": 11, "form": "集体学习研讨"},
    ),
    "matters with their deadline": Case(
        "supervision_matter", [["序号", "督办事项", "任务来源", "牵头单位", "完成时限", "立项日期"],
                               [1, "管网改造", "常务会", "县住建局", "2022年12月底前", "2022.3.5"]], "n",
        {"due_on": "2022-12-31", "source": "常务会议"},
    ),
    "problems with their measures": Case(
        "rectification_plan", [["存在问题", "整改措施", "责任单位", "整改时限", "发现时间"],
                               ["学法不够", "1.订计划\n2.抓落实", "县政府办", "2022.12.31", "2022.3.5"]], "n",
        {"title": "学法不够"},
    ),
    "money counted in ten thousands by the heading": Case(
        "publicity_event", [["活动时间", "活动名称", "宣传对象", "经费（万元）", "参加人数（万人）"],
                            ["2022.12.4", "宪法宣传", "村民", 1.25, "0.3"]], "n", {"cost": 12500.0, "people": 3000},
    ),
    "words where a number may stand": Case(
        "publicity_event",
        [["活动时间", "活动名称", "宣传对象", "发放资料"], ["2022.12.4", "宪法宣传", "村民", "若干"]],
        "n", {"materials": None, "remarks": "发放资料：若干"},
    ),
    "people told in words": Case(
        "publicity_event",
        [["活动时间", "活动名称", "宣传对象", "参加人数"], ["2022.12.4", "宪法宣传", "村民", "共计120人参加"]],
        "n", {"people": 120, "remarks": "人数：共计120人参加"},
    ),
    "a day of the month, and no month anywhere": Case("incoming", [["2022年"], IN, ["5日", *MAIL[1:]]], "r"),
    "a month told only by the day on which the sheet was made": Case(
        "incoming", [["2022年收文"], ["填表日期：2022年12月31日"], IN, ["5日", *MAIL[1:]]], "r"
    ),
    "events": Case(
        "publicity_event", [["活动时间", "活动名称", "活动地点", "宣传对象", "参加人数", "发放资料"],
                            ["2022.12.4", "宪法宣传", "广场", "村民", "300余人", "500份"]], "n", {"people": 300},
    ),
}  # fmt: skip


def written(path: Path, case: Case) -> Path:
    """The workbook of a case."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = case.sheet
    for row in case.rows:
        sheet.append(row)
    for place in case.merges:
        sheet.merge_cells(place)
    book.save(path)
    return path


@pytest.mark.parametrize("name", list(CASES))
def test_a_messy_ledger_is_understood(store: Store, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    register = store.catalogue[case.register]
    plan = Plan(store, register, read(written(tmp_path / "表.xlsx", case)), options=case.options)
    reasons = [plan.row(at).reason for at in range(len(plan))]
    assert "".join(plan.kind(at)[0] for at in range(len(plan))) == case.kinds, reasons
    if case.first:
        names = store.shapes[register].names
        values = dict(zip(names, plan.rows()[0].values, strict=True))
        assert {name: values[name] for name in case.first} == case.first
