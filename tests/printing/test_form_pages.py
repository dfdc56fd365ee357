"""The office's forms on paper: one sheet that can be read, or a second one under the same heading."""

from __future__ import annotations

import dataclasses

import pytest

from db.summaries.document import Box, BoxRow, Cell, Column, Form, Forms, Gap, Grid, Table, Words
from desktop.printing.faces import Faces
from desktop.printing.form import render_forms
from tests.printing.documents import MOMENT, OFFICE
from tests.printing.reading import boxes_of, opened, pages_of, squeezed

LONG = "关于开展岁末年初安全生产重大隐患专项整治和督导检查的紧急通知"
SIGN = "签名：　　　　　　　　年　　月　　日"


def slip(title: str = LONG, opinion: str = "请县应急管理局牵头。", least: float = 176) -> Form:
    """A form with every kind of box."""
    rows = (
        BoxRow(104, (Box("head", 43, "签发：", "年　　月　　日"), Box("head", 43, "会签：", "年　　月　　日"))),
        BoxRow(30, (Box("label", 16, "来文单位"), Box("value", 44, "永州市安委办"), Box("label", 14, "份数"),
                    Box("value", 12, "1份"))),
        BoxRow(46, (Box("label", 16, "来文标题"), Box("value", 70, title))),
        BoxRow(112, (Box("upright", 9, "拟办意见"), Box("text", 77, opinion, "拟办人：欧阳喆"))),
        BoxRow(least, (Box("upright", 9, "领导批示"), Box("text", 77, "", SIGN))),
    )  # fmt: skip
    return Form(f"{OFFICE}收文处理笺", "收文编号：上〔2022〕2688号", "2022年12月27日", "", (Grid(rows),))


def forms(*found: Form, wide: bool = False) -> Forms:
    """These forms, to be printed together."""
    return Forms(OFFICE, "收文处理笺", wide, found)


def text_of(printed_pages: list[str]) -> str:
    return squeezed("".join(printed_pages))


def test_a_form_fills_one_sheet_without_a_page_number(faces: Faces) -> None:
    (text,) = pages_of(render_forms(forms(slip()), faces, printed_at=MOMENT))
    for words in ("收文处理笺", "上〔2022〕2688号", "永州市安委办", LONG, "请县应急管理局牵头。", "拟办人：欧阳喆"):
        assert words in squeezed(text)
    assert "页" not in squeezed(text)


@pytest.mark.parametrize("length", [1, 100, 500])
def test_a_long_title_is_printed_whole_on_one_sheet(faces: Faces, length: int) -> None:
    title = (LONG * 20)[:length]
    document = render_forms(forms(slip(title)), faces, printed_at=MOMENT)
    (text,) = pages_of(document)
    assert title in squeezed(text)
    assert all(right < width - 50 and bottom > 40 for _, _, bottom, right, _, width, _ in boxes_of(document))


def test_what_is_too_long_for_one_sheet_goes_on_under_the_same_heading(faces: Faces) -> None:
    opinion = "\n".join(f"第{at}项，{LONG}。" for at in range(1, 90))
    pages = pages_of(render_forms(forms(slip(opinion=opinion)), faces, printed_at=MOMENT))
    assert len(pages) > 1
    whole = [f"第{at}项，{LONG}。" in text_of(pages) for at in range(1, 90)]
    assert whole.count(False) < len(pages)  # a paragraph may be divided by the end of a page
    assert sum(page.count("第") for page in pages) == 89 + len(pages)
    for at, text in enumerate(pages, 1):
        assert "收文处理笺" in text
        assert f"第{at}页　共{len(pages)}页" in text


def test_no_character_leaves_the_paper(faces: Faces) -> None:
    opinion = "\n".join(f"第{at}项，{LONG}。" for at in range(1, 60))
    document = render_forms(forms(slip("标" * 900, opinion)), faces, printed_at=MOMENT)
    assert all(
        left > 50 and right < width - 50 and bottom > 20 and top < height - 20
        for _, left, bottom, right, top, width, height in boxes_of(document)
    )


def test_rare_characters_are_printed_and_what_no_face_has_is_told(faces: Faces) -> None:
    document = render_forms(forms(slip("王䶮、周𫖯、黄𬀩、欧阳喆𠮷")), faces, printed_at=MOMENT)
    assert "王䶮、周𫖯、黄𬀩、欧阳喆〓" in squeezed(pages_of(document)[0])
    assert document.missing == {"𠮷"}


def test_forms_that_are_printed_together_are_counted_each_for_itself(faces: Faces) -> None:
    long = slip(opinion="\n".join(f"第{at}项，{LONG}。" for at in range(1, 90)))
    document = render_forms(forms(slip(), long, slip("另一件")), faces, printed_at=MOMENT)
    pages = pages_of(document)
    assert "共" not in pages[0]
    assert f"第1页　共{len(pages) - 2}页" in pages[1]
    assert "另一件" in pages[-1]
    assert "共" not in pages[-1]


def test_tables_notes_cuts_and_sides_follow_one_another(faces: Faces) -> None:
    columns, rows = (Column("序号", 40, "centre"), Column("姓名")), ((Cell("1"), Cell("王堃")), (Cell("2"), Cell("")))
    blocks = (
        Words("flush", "县财政局："), Words("text", "现将有关事项通知如下。"), Gap(12),
        Table(columns, rows, 10.5, least=26), Words("cut", "回执"),
        Words("sides", "制表人：李喆", "审核人：王堃"), Words("note", "注：请于当日退回。"),
    )  # fmt: skip
    (text,) = pages_of(
        render_forms(forms(dataclasses.replace(slip(), blocks=blocks), wide=True), faces, printed_at=MOMENT)
    )
    found = [squeezed(text).index(words) for words in
             ("县财政局：", "现将有关事项", "王堃", "回执", "制表人：李喆", "审核人：王堃", "注：请于")]  # fmt: skip
    assert found == sorted(found)


def test_a_slip_to_cut_off_stays_with_its_heading(faces: Faces) -> None:
    slip = Grid((BoxRow(300, (Box("value", 1, "签收人签收"),)),))
    for length in range(900, 1400, 20):
        blocks = (Grid((BoxRow(40, (Box("text", 1, "正" * length),)),)), Words("cut", "办理回执"), slip)
        document = render_forms(Forms(OFFICE, "试", False, (Form("试", "", "", "", blocks),)), faces)
        pages = [squeezed(page) for page in pages_of(document)]
        assert ["办理回执" in page for page in pages] == ["签收人签收" in page for page in pages]


def test_the_code_changes_the_drawing_and_no_word(faces: Faces) -> None:
    plain = render_forms(forms(slip()), faces, printed_at=MOMENT)
    coded = render_forms(
        forms(dataclasses.replace(slip(), code=f"fazhi:incoming:{'a' * 32}")), faces, printed_at=MOMENT
    )
    assert pages_of(plain) == pages_of(coded)
    with opened(coded) as pdf:
        image = pdf[0].render(scale=4, grayscale=True)
        dots = bytes(image.buffer)
        left, right = int((595.28 - 62.36 - 42.5) * 4), int((595.28 - 62.36) * 4)
        corner = b"".join(dots[down * image.stride + left : down * image.stride + right] for down in range(100, 260))
        image.close()
    assert 0.3 < sum(dot < 128 for dot in corner) / len(corner) < 0.7


def test_the_same_form_gives_the_same_bytes(faces: Faces) -> None:
    first, second = (render_forms(forms(slip()), faces, printed_at=MOMENT) for _turn in range(2))
    assert first.pdf == second.pdf
