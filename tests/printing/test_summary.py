"""Summaries on paper: headings, tables over several pages, notes, places to sign."""

from __future__ import annotations

import dataclasses
import functools
import gc
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfdoc import PDFPage

from db.summaries.document import Cell, Column, Note, Part, Printed, Summary, Table
from desktop.printing.faces import Faces
from desktop.printing.summary import render_summary
from desktop.printing.table import column_widths
from tests.printing.documents import MOMENT, OFFICE, columns, month, source
from tests.printing.reading import boxes_of, opened, pages_of, squeezed

LIST = columns("序号 事项 件数", (40.0, 0.0, 60.0), "clr")


def summary(*parts: Part, **changes: str) -> Summary:
    """A summary with these parts and nothing to sign."""
    plain = Summary(OFFICE, "汇总", "2022年12月", "页脚", parts, (), "")
    return dataclasses.replace(plain, **changes)


def listing(count: int, text: str = "事项") -> Table:
    """A table of `count` numbered rows."""
    return Table(LIST, tuple((Cell(f"#{at}#"), Cell(text), Cell(str(at), source(str(at)))) for at in range(count)))


def printed(faces: Faces, *parts: Part, **changes: str) -> Printed:
    """The summary printed at the fixed moment."""
    return render_summary(summary(*parts, **changes), faces, printed_at=MOMENT)


def inside(document: Printed) -> bool:
    """Whether all characters stand in the type area or the foot line."""
    boxes = boxes_of(document)
    return all(left > 50 and right < width - 45 and bottom > 20 for _, left, bottom, right, _, width, _ in boxes)


def test_a_long_title_wraps_and_is_not_clipped(faces: Faces) -> None:
    title = "关于蓝山县人民政府办公室法治政府建设工作情况（含重大行政决策、规范性文件、督查督办）的月度汇总及说明"
    under = "统计期间：2022年12月1日至31日，截至2022年12月31日24时，补录、更正均已计入，" * 3
    document = printed(faces, Part("一、事项", (listing(2),)), title=title, under=under)
    text = squeezed(pages_of(document)[0])
    assert title in text
    assert under in text
    assert inside(document)


def test_a_long_heading_wraps_and_is_not_clipped(faces: Faces) -> None:
    heading = "八、建议提案办理（县十八届人大二次会议、县政协十届二次会议）以及历年承诺事项的后续落实、跟踪督办情况"
    document = printed(faces, Part(heading, (listing(2),)))
    assert heading in squeezed(pages_of(document)[0])
    assert inside(document)


def test_long_cells_wrap_and_are_not_clipped(faces: Faces) -> None:
    text = "关于印发《永州市“十四五”县域商业体系建设实施方案》的通知，" * 9
    code = "https://example.invalid/" + "a1" * 120
    document = printed(faces, Part("一、事项", (listing(3, text), listing(2, code))))
    pages = squeezed("".join(pages_of(document)))
    assert pages.count(squeezed(text)) == 3
    assert pages.count(code) == 2
    assert inside(document)


def test_a_table_breaks_between_rows_and_repeats_its_head(faces: Faces) -> None:
    document = printed(faces, Part("一、事项", (listing(120, "两行的事项，" * 9),)))
    pages = pages_of(document)
    assert len(pages) > 3
    assert all(text.count("件数") == 1 for text in pages)
    row = squeezed("两行的事项，" * 9)
    numbers = [[at for at in range(120) if f"#{at}#{row}{at}" in squeezed(text)] for text in pages]
    assert functools.reduce(operator.iadd, numbers, []) == list(range(120))
    assert inside(document)


def test_spots_follow_their_rows_to_the_next_page(faces: Faces) -> None:
    document = printed(faces, Part("一、事项", (listing(120),)))
    pages = pages_of(document)
    assert len(document.spots) == 120
    assert all(f"#{spot.source.figure}#" in pages[spot.page] for spot in document.spots)


def test_a_row_higher_than_a_page_goes_on_on_the_next(faces: Faces) -> None:
    text = "".join(f"第{at}句，很长的内容；" for at in range(900))
    table = Table(LIST, ((Cell("1"), Cell(text), Cell("7")), (Cell("2"), Cell("后一行"), Cell("8"))))
    document = printed(faces, Part("一、事项", (table,)))
    pages = pages_of(document)
    joined = squeezed("".join(pages))
    assert len(pages) >= 3
    assert {char: joined.count(char) for char in "句很长的容；"} == dict.fromkeys("句很长的容；", 900)
    assert "后一行" in pages[-1]
    assert inside(document)


def test_a_table_without_rows_says_so(faces: Faces) -> None:
    document = printed(faces, Part("一、事项", (Table(LIST, (), empty="本月无逾期事项"),)))
    assert "本月无逾期事项" in pages_of(document)[0]


def test_an_empty_part_prints_its_heading(faces: Faces) -> None:
    assert "一、空" in pages_of(printed(faces, Part("一、空", ())))[0]


@pytest.mark.parametrize("above", range(30, 62, 2))
def test_a_heading_never_stands_without_its_first_rows(faces: Faces, above: int) -> None:
    note = Note("\n".join(f"第{at}行" for at in range(above)))
    document = printed(faces, Part("一、前文", (note,)), Part("二、清单", (listing(80),)))
    page = next(text for text in pages_of(document) if "二、清单" in text)
    assert "#0#" in page
    assert "#1#" in page


@pytest.mark.parametrize("above", range(30, 62, 2))
def test_a_small_part_stays_on_one_page(faces: Faces, above: int) -> None:
    note = Note("\n".join(f"第{at}行" for at in range(above)))
    document = printed(faces, Part("一、前文", (note,)), Part("二、清单", (listing(8), Note("注：完"))))
    page = next(text for text in pages_of(document) if "二、清单" in text)
    assert "#7#" in page
    assert "注：完" in page


def test_a_note_longer_than_a_page_goes_on_on_the_next(faces: Faces) -> None:
    note = Note("\n".join(f"第{at}行" for at in range(150)))
    document = printed(faces, Part("一、说明", (note,)))
    joined = "".join(pages_of(document))
    assert all(joined.count(f"第{at}行") == 1 for at in range(150))
    assert inside(document)


@pytest.mark.parametrize("above", range(40, 60))
def test_places_to_sign_and_the_check_sum_stay_together(faces: Faces, above: int) -> None:
    note = Note("\n".join(f"第{at}行" for at in range(above)))
    whole = dataclasses.replace(
        summary(Part("一、说明", (note,)), printed_on="2023年1月3日", checksum="7c1e 90ab"),
        signatures=("制表", "审核", "签发"),
    )
    pages = pages_of(render_summary(whole, faces, printed_at=MOMENT))
    last = [text for text in pages if "制表" in text]
    assert len(last) == 1
    assert all(word in last[0] for word in ("审核", "签发", "2023年1月3日", "7c1e"))


def test_many_places_to_sign_take_several_rows(faces: Faces) -> None:
    roles = ("制表", "审核", "签发", "分管领导", "主要领导", "蓝山县人民政府办公室主任")
    whole = dataclasses.replace(summary(printed_on="2023年1月3日"), signatures=roles)
    document = render_summary(whole, faces, printed_at=MOMENT)
    text = pages_of(document)[0]
    assert all(f"{role}：" in text for role in roles)
    assert inside(document)


def test_without_places_to_sign_nothing_is_printed_there(faces: Faces) -> None:
    text = pages_of(printed(faces, Part("一、事项", (listing(1),))))[0]
    assert "：" not in text
    assert "校验码" not in text


def test_figures_are_right_aligned_with_their_block_under_the_heading(faces: Faces) -> None:
    table = Table((Column("件数", 0.0, "right"),), tuple((Cell(text),) for text in ("7", "1259", "33")))
    document = printed(faces, Part("一、事项", (table,)))
    with opened(document) as pdf:
        text = pdf[0].get_textpage()
        whole = text.get_text_range()
        ends = [
            text.get_charbox(whole.index(figure) + len(figure) - 1, loose=True)[2] for figure in ("7", "1259", "33")
        ]
        start = text.get_charbox(whole.index("1259"), loose=True)[0]
    assert max(ends) - min(ends) < 0.1
    middle = 20 * 72 / 25.4 + 493.2 / 2
    assert (start + ends[1]) / 2 == pytest.approx(middle, abs=0.6)


@given(
    widths=st.lists(st.one_of(st.just(0.0), st.floats(10, 400)), min_size=1, max_size=14),
)
def test_columns_never_leave_the_type_area(widths: list[float]) -> None:
    found = column_widths([Column("头", width) for width in widths], 493.2, 24.0)
    assert sum(found) <= 493.2 + 0.01
    assert all(width > 0 for width in found)
    if 0.0 in widths:
        assert sum(found) == pytest.approx(493.2)


def test_the_month_takes_three_pages_as_designed(faces: Faces) -> None:
    pages = pages_of(render_summary(month(), faces, printed_at=MOMENT))
    first = ["一、主要指标", "三、督查事项逾期清单", "七、下月到期事项"]
    assert [heading in text for heading, text in zip(first, pages, strict=True)] == [True, True, True]


def test_what_was_drawn_is_freed_without_a_collection(faces: Faces) -> None:
    gc.collect()
    gc.disable()
    try:
        printed(faces, Part("", (listing(200),)))
        left = [one for one in gc.get_objects() if isinstance(one, PDFPage)]
    finally:
        gc.enable()
    assert left == [], "else the window's thread has to go over all of it"
