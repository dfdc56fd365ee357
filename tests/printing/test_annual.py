"""The annual report on paper by GB/T 9704—2012, as a clean copy, as a working copy, and as a Word document."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from db.summaries.annual.reading import report_text
from db.summaries.annual.report import Claim, Claimed, Copy, Fact, Paragraph, Report, Told, Words
from db.summaries.document import Cell, Column, Note, Part, Source, Table
from desktop.printing.annual import GRID, PAPER, PITCH, render_annual
from desktop.printing.faces import Faces
from desktop.printing.pdf import render
from desktop.printing.sheet import MM
from desktop.printing.word import render_word
from tests.printing.reading import boxes_of, opened, pages_of, squeezed, text_in

MOMENT = datetime(2023, 1, 10, 9, 0)
OFFICE = "蓝山县人民政府办公室"
YEAR = (date(2022, 1, 1), date(2023, 1, 1))
FACT = Fact(
    "out_total", "印发文件", "件", "已印发的发文。", *YEAR, 283, None, 271, "283", "+4.4%", "增加12件", (("o", 1),)
)
RATE = Fact("reply_rate", "办复率", "%", "已办复÷应办。", *YEAR, 98, 95, 95, "97.9%", "+2.9点", "", (("p", 1),))
LONG = "深入贯彻落实习近平法治思想和省、市、县关于法治政府建设的决策部署，认真履行法治政府建设部门职能；" * 12


def report(*paragraphs: Paragraph, signed: str = OFFICE) -> Report:
    """A report of these paragraphs after some usual ones."""
    claim = Claim("办复率均达100%", "", ("reply_rate",), "broken", "", (), "办复率达97.9%", 2)
    sent = (Words("全年共印发文件"), Told("283", "out_total"), Words("件。"))
    claimed = Claimed((Words("办复率均达"), Told("100%", "reply_rate")), 0)
    usual = (
        Paragraph(1, (Words("一、法治政府建设情况"),), (), 3),
        Paragraph(2, (Words("（一）强化组织领导。"),), sent, 4),
        Paragraph(0, (), (Words("督促办理，"), claimed, Words("。")), 5),
    )
    return Report(
        OFFICE, 2022, date(2022, 1, 1), date(2023, 1, 1), False, (OFFICE, "2022年度法治政府建设工作报告"),
        (*usual, *paragraphs), signed, "2023年1月10日", (FACT, RATE), (claim,), (), "试",
    )  # fmt: skip


def working(*paragraphs: Paragraph) -> Copy:
    """A working copy with the rows behind each figure."""
    table = Table(
        (Column("编号", 100), Column("事项", 0)), ((Cell("蓝政办发〔2022〕1号"), Cell("关于森林防火的通知")),)
    )
    parts = (Part("须处理的事项", (Note("办复率不成立"),)), Part("1.印发文件", (table,), "out_total"),
             Part("2.办复率", (table,), "reply_rate"))  # fmt: skip
    return Copy(report(*paragraphs), parts)


def test_the_text_stands_on_the_grid_of_the_standard(faces: Faces) -> None:
    printed = render(Copy(report(Paragraph(0, (), (Words(LONG),), 6))), faces, MOMENT)
    middles: dict[int, set[float]] = {}
    for page, left, bottom, right, top, _width, height in boxes_of(printed):
        if top < height - (297 - 35) * MM:  # the folio
            continue
        assert left >= PAPER.left * MM - 0.5
        assert right <= PAPER.left * MM + GRID + 8  # the last mark's blank half may lie over the edge
        middles.setdefault(page, set()).add(round((height - (top + bottom) / 2 - PAPER.top * MM) / PITCH))
    assert len(middles) >= 2
    assert all(max(rows) <= 22 for rows in middles.values())
    assert middles[0] >= {0, 1, *range(3, 12)}  # one row is free under the title


def test_a_full_line_holds_28_characters_and_a_page_22_lines(faces: Faces) -> None:
    printed = render(Copy(report(Paragraph(0, (), (Words("法" * 28 * 60),), 6))), faces, MOMENT)
    lines = pages_of(printed)[1].split("\n")
    full = [line for line in lines if line.strip() and set(line.strip()) == {"法"}]
    assert {len(line.strip()) for line in full} == {28}
    assert len(full) == 22


def test_the_page_number_stands_at_the_outer_edge(faces: Faces) -> None:
    printed = render(Copy(report(Paragraph(0, (), (Words(LONG * 3),), 6))), faces, MOMENT)
    assert printed.pages >= 2
    texts = [squeezed(text) for text in pages_of(printed)]
    assert [f"—{page}—" in text for page, text in enumerate(texts, 1)] == [True] * printed.pages
    below = {page: left for page, left, _b, _r, top, _w, height in reversed(list(boxes_of(printed)))
             if top < height - (297 - 35) * MM}  # fmt: skip
    assert below[0] > 400
    assert below[1] < 120


def test_headings_are_set_in_their_faces_and_stand_in_the_outline(faces: Faces) -> None:
    printed = render(Copy(report()), faces, MOMENT)
    with opened(printed) as document:
        entries = [(entry.level, entry.get_title()) for entry in document.get_toc()]
    assert entries == [(0, "一、法治政府建设情况"), (1, "（一）强化组织领导")]
    with opened(printed) as document:
        text = document[0].get_textpage()
        faces_of = {text.get_text_range(at, 1): _face(text, at) for at in range(text.count_chars())}
    assert "FandolHei" in faces_of["、"] or "FandolHei" in faces_of["情"]
    assert "FandolKai" in faces_of["织"]
    assert "FandolFang" in faces_of["促"]


def _face(text: pypdfium2.PdfTextPage, at: int) -> str:
    buffer = pdfium.c_char * 200
    name = buffer()
    pdfium.FPDFText_GetFontInfo(text, at, name, 200, None)
    return name.value.decode()


def test_the_signature_ends_two_characters_from_the_right_and_stays_with_its_date(faces: Faces) -> None:
    for rows in range(22):
        filler = Paragraph(0, (), (Words("法" * (26 + 28 * rows)),), 6)
        last = pages_of(render(Copy(report(filler)), faces, MOMENT))[-1]
        assert squeezed(last).count(OFFICE) >= 1
        assert "2023年1月10日" in squeezed(last)


def test_a_heading_never_stands_alone_at_the_foot(faces: Faces) -> None:
    for rows in range(22):
        filler = Paragraph(0, (), (Words("法" * (26 + 28 * rows)),), 6)
        heading = Paragraph(1, (Words("二、存在问题"),), (), 7)
        printed = render(Copy(report(filler, heading, Paragraph(0, (), (Words("一是不够。"),), 8))), faces, MOMENT)
        (page,) = [squeezed(text) for text in pages_of(printed) if "二、存在问题" in squeezed(text)]
        assert "一是不够。" in page


def test_each_number_of_a_working_copy_leads_to_its_rows(faces: Faces) -> None:
    printed = render(working(), faces, MOMENT)
    assert {(squeezed(text_in(printed, spot)), spot.source) for spot in printed.spots} >= {
        ("283", Source("out_total", date(2022, 1, 1), date(2023, 1, 1))),
        ("办复率均达100%", Source("reply_rate", date(2022, 1, 1), date(2023, 1, 1))),
    }
    with opened(printed) as document:
        raw = document[0]
        links = sum(1 for at in range(pdfium.FPDFPage_GetAnnotCount(raw)))
    assert links == 2
    pages = [squeezed(text) for text in pages_of(printed)]
    assert "数据来源" in pages[1]
    assert "蓝政办发〔2022〕1号" in pages[1]
    assert "第1页共1页" in pages[1]
    assert printed.pages == 2


def test_a_clean_copy_has_no_links_and_no_appendix(faces: Faces) -> None:
    printed = render(Copy(report()), faces, MOMENT)
    with opened(printed) as document:
        assert pdfium.FPDFPage_GetAnnotCount(document[0]) == 0
    assert (printed.pages, printed.spots) == (1, ())


def test_rare_characters_print_and_a_title_of_500_characters_wraps(faces: Faces) -> None:
    rare = Paragraph(0, (), (Words("周𬀩、陈𫖯、龙䶮、李喆。"), Told("《" + "长" * 500 + "》", "out_total")), 6)
    printed = render(working(rare), faces, MOMENT)
    assert "周𬀩、陈𫖯、龙䶮、李喆。" in squeezed("".join(pages_of(printed)))
    assert squeezed("".join(pages_of(printed))).count("长") == 500
    assert printed.missing == frozenset()


def test_the_same_report_gives_the_same_bytes(faces: Faces) -> None:
    first, second = (render_annual(working(), faces, printed_at=MOMENT).pdf for _time in range(2))
    assert first == second
    assert render_word(report(), MOMENT) == render_word(report(), MOMENT)


def test_the_word_document_says_what_the_report_says(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(render_word(report(Paragraph(0, (), (Words("甲<乙>&“丙”\x07周𬀩"),), 6)), MOMENT))
    lines = [line for line in report_text(path).split("\n") if line]
    assert lines == [
        OFFICE, "2022年度法治政府建设工作报告", "一、法治政府建设情况", "（一）强化组织领导。全年共印发文件283件。",
        "督促办理，办复率均达100%。", "甲<乙>&“丙”周𬀩", OFFICE, "2023年1月10日",
    ]  # fmt: skip


def test_the_parts_of_the_word_document_are_sound_and_live_page_numbers_stand_on_both_sides() -> None:
    with zipfile.ZipFile(BytesIO(render_word(report(), MOMENT))) as package:
        parts = {name: ET.fromstring(package.read(name)) for name in package.namelist()}
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    sides = [parts[f"word/footer{at}.xml"].find(f".//{w}jc") for at in (1, 2)]
    assert [side.get(f"{w}val") for side in sides if side is not None] == ["right", "left"]
    assert all(" PAGE " in ET.tostring(parts[f"word/footer{at}.xml"], "unicode") for at in (1, 2))
    assert parts["word/settings.xml"].find(f"{w}evenAndOddHeaders") is not None
    order = [[child.tag.removeprefix(w) for child in one] for one in parts["word/document.xml"].iter(f"{w}pPr")]
    known = ["keepNext", "snapToGrid", "ind", "jc", "outlineLvl"]  # CT_PPr: Word refuses another order
    assert all(known.index(a) < known.index(b) for tags in order for a, b in pairwise(tags))


@pytest.mark.parametrize("signed", ["", "甲", "甲" * 40])
def test_any_signature_can_be_printed(faces: Faces, signed: str) -> None:
    assert render(Copy(report(signed=signed)), faces, MOMENT).pages >= 1
    assert render_word(report(signed=signed), MOMENT)
