"""Numbers in running text: how they are written, what they count, and what is no count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.rules.written_numbers import Folded, chinese_number, find


def numbers(text: str) -> list[tuple[Decimal, str]]:
    """The numbers of a text with their units."""
    return [(one.value, one.unit) for one in find(Folded.of(text))]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("印发文件283件", 283, "件"),
        ("印发文件 283 件", 283, "件"),
        ("印发文件２８３件", 283, "件"),
        ("印发文件283\n件", 283, "件"),
        ("印发文件1,003件", 1003, "件"),
        ("印发文件1，003件", 1003, "件"),
        ("印发文件二百八十三件", 283, "件"),
        ("印发文件一千零三件", 1003, "件"),
        ("督查督办事项86    件", 86, "件"),
        ("发放资料1.5万余份", 15000, "份"),
        ("开展活动30余场次", 30, "场次"),
        ("受教育约500人次", 500, "人次"),
        ("办复率均达100%", 100, "%"),
        ("办复率均达100％", 100, "%"),
        ("办复率达百分之百", 100, "%"),
        ("满意率百分之九十八点五", "98.5", "%"),
        ("集体学法十二次", 12, "次"),
        ("印发文件283。", 283, ""),
        ("中心组学习三期", 3, "期"),
        ("收文2万余件", 20000, "件"),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, value: int | str, unit: str) -> None:
    assert numbers(text) == [(Decimal(value), unit)]


@pytest.mark.parametrize(
    "text",
    [
        "2022年12月31日",
        "2021—2035年",
        "蓝政办发〔2022〕58号",
        "第12次会议",
        "第三次会议",
        "拨付资金200万元",
        "工期3个月",
        "10个工作日内办结",
        "提高2个百分点",
        "12345热线",
        "树牢“四个意识”",
        "每月召开一次",
        "《安全生产十五条措施》",
        "县十八届人大二次会议",
        "长12公里",
        "办理时限24小时",
        "1.加强领导",
        "一是加强领导",
        "“十四五”规划",
        "八五普法",
    ],
)
def test_dates_ordinals_names_and_measures_are_no_counts(text: str) -> None:
    assert numbers(text) == []


def test_a_number_is_told_with_its_place_in_the_text_as_it_was_written() -> None:
    text = "全年 印发文件约２８３\n件，"
    (one,) = find(Folded.of(text))
    assert text[one.start : one.end] == "约２８３"
    assert one.is_rough


@pytest.mark.parametrize(("text", "number"), [("壹", 1), ("贰拾叁", 23), ("壹佰零伍", 105), ("叁仟", 3000)])
def test_formal_numerals_are_numbers_too(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "十百", "二三百", "点"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert chinese_number(text) is None


def test_wrapped_lines_are_joined_and_paragraphs_stay() -> None:
    body = "    全年印发文件二百五十六件，办理人大代表\n建议135件。"
    text = f"2021年度工作的报告\n县委依法治县办：\n{body}\n二、存在问题\n一是宣传不够。"
    assert Folded.of(text).text.split("\n") == [
        "2021年度工作的报告",
        "县委依法治县办：",
        "全年印发文件二百五十六件，办理人大代表建议135件。",
        "二、存在问题",
        "一是宣传不够。",
    ]
