"""The template of a report: places to fill in, claims, and faults that are told at their line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.summaries.annual.template import Condition, Guarded, Names, Plain, Slot, read

NAMES = Names([("out_total", "印发文件"), ("revoked", "被责令改正或撤销"), ("reply_rate", "办复率")])


def test_places_are_named_by_key_or_by_label() -> None:
    (line,) = read("{{year}}年印发文件{{ out_total }}件，{{印发文件.同比}}，{{机关}}", NAMES).lines
    assert line == (
        Slot("year"),
        Plain("年印发文件"),
        Slot("out_total"),
        Plain("件，"),
        Slot("out_total", "同比"),
        Plain("，"),
        Slot("office"),
    )


def test_a_claim_holds_its_conditions_and_its_words() -> None:
    written = "{{revoked=0且办复率>=98.5%：未发生撤销，办复率达{{reply_rate}}}}"
    (line,) = read(f"{written}。", NAMES).lines
    conditions = (Condition("revoked", "=", Decimal(0)), Condition("reply_rate", "≥", Decimal("98.5")))
    assert line == (Guarded(conditions, (Plain("未发生撤销，办复率达"), Slot("reply_rate")), written), Plain("。"))


@pytest.mark.parametrize(
    ("sign", "value", "holds"),
    [("=", 0, True), ("≥", 1, True), ("≤", 1, False), (">", 0, False), ("<", -1, True)],
)
def test_a_condition_compares(sign: str, value: int, holds: bool) -> None:
    assert Condition("revoked", sign, Decimal(0)).holds(value) is holds


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("印发{{out_totl}}件", 3, "没有“out_totl”这个数字，是不是out_total"),
        ("印发{{out_total件", 3, "少了结尾的"),
        ("印发out_total}}件", 12, "多了一个 }}"),
        ("{{out_total.环比}}", 1, "不认识“.环比”"),
        ("{{year.同比}}", 1, "不认识“.同比”"),
        ("{{nobody=0：没有}}", 1, "断言里没有这个数字"),
        ("{{印发{{out_total}}件}}", 1, "只有断言的文字里可以再放数字"),
        ("{{revoked=0：共{{nothing}}件}}", 14, "没有“nothing”这个数字"),
    ],
)
def test_a_fault_is_told_at_its_line_and_nothing_is_lost(text: str, column: int, told: str) -> None:
    template = read(f"第一行\n{text}\n第三行", NAMES)
    (fault,) = template.faults
    assert (fault.line, fault.column) == (2, column)
    assert told in str(fault)
    assert len(template.lines) == 3
    kept = "".join(piece.text for piece in template.lines[1] if isinstance(piece, Plain))
    if not any(isinstance(piece, Guarded) for piece in template.lines[1]):
        assert kept == text
