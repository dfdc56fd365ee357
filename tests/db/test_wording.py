"""Running text with places in braces."""

from __future__ import annotations

import pytest

from db.errors import Refused
from db.rules import templates
from db.rules.templates import Grid, Rows
from db.rules.wording import Passage, Value, parse

WHOLE = "名称：试\n台账：incoming\n每张：记录\n标题：试\n"


def test_places_of_every_kind_are_read() -> None:
    assert parse("编号：{编号}，{公开属性□}、{事项编号→任务来源}") == (
        "编号：", Value("编号"), "，", Value("公开属性", ticks=True), "、", Value("事项编号", other="任务来源"),
    )  # fmt: skip
    assert parse("{审核会签（环节=会签）：{单位}{姓名}}{无签发日期：年　月　日}") == (
        Passage("审核会签", (Value("单位"), Value("姓名")), "环节", "会签"),
        Passage("无签发日期", ("年　月　日",)),
    )


@pytest.mark.parametrize("text", ["{标题", "标题}", "{}", "{{", "{标题：{编号}", "{：空}"])
def test_an_unfinished_place_is_told_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match=r"花括号|没有写完"):
        parse(text)


def test_every_line_that_cannot_be_read_is_named_by_its_number() -> None:
    with pytest.raises(Refused) as refused:
        templates.read("x", f"{WHOLE}框 高\n内容10：无框\n表\n段：{{标题\n框 30\n标签16：来文")
    assert [problem.text.partition("：")[0] for problem in refused.value.problems] == [
        f"第{number}行" for number in (5, 6, 7, 8)
    ]


def test_what_a_template_must_have_is_asked_for() -> None:
    with pytest.raises(Refused, match="缺“每张：”"):
        templates.read("x", "名称：试\n台账：incoming\n标题：试\n")


def test_text_goes_on_over_several_lines() -> None:
    form = templates.read(
        "x", f"{WHOLE}框 30\n正文77：第一段\n第二段，{{标题}}\n落款：年\n表 催办\n列0左：答复={{答复}}"
    )
    grid, table = form.blocks
    assert isinstance(grid, Grid)
    (box,) = grid.rows[0].boxes
    assert (box.text, box.note) == (("第一段\n第二段，", Value("标题")), ("年",))
    assert isinstance(table, Rows)
    assert (table.of, table.columns[0].head) == ("催办", "答复")
