"""What is true of every printed document: fonts, text, foot lines, outline, date, progress, clickable numbers."""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from db.errors import Cancelled
from db.summaries.document import Book, Printed, Source, Spot, Summary
from desktop.printing.book import render_book
from desktop.printing.faces import Faces, Role
from desktop.printing.sheet import Paper, Sheet
from desktop.printing.summary import render_summary
from tests.printing.documents import BELOW, MOMENT, OFFICE, SENT, book, month
from tests.printing.reading import boxes_of, opened, pages_of, squeezed, text_in

ROLES: tuple[Role, ...] = ("小标宋", "黑体", "宋体", "仿宋", "楷体")
PAPER = Paper(wide=False, top=20, right=20, bottom=20, left=20)


def render(document: Summary | Book, faces: Faces) -> Printed:
    """The document printed at the fixed moment."""
    if isinstance(document, Book):
        return render_book(document, faces, printed_at=MOMENT)
    return render_summary(document, faces, printed_at=MOMENT)


@pytest.fixture(scope="module")
def printed_month(faces: Faces) -> Printed:
    return render(month(), faces)


@pytest.fixture(scope="module", params=[month, book], ids=["summary", "book"])
def document(request: pytest.FixtureRequest) -> Summary | Book:
    return request.param()


def lines_on_a_page(faces: Faces, role: Role, text: str) -> Printed:
    """`text` on a page of its own in `role`."""
    sheet = Sheet(faces, PAPER, "试页", "", OFFICE, "", MOMENT)
    style = sheet.style(role, 16.0)
    sheet.block(style.set(text, sheet.width), style)
    return sheet.finish()


@pytest.mark.parametrize("role", ROLES)
def test_rare_characters_print_in_every_role_and_copy_as_themselves(faces: Faces, role: Role) -> None:
    text = "欧阳喆、王堃、刘䶮、周𫖯、黄𬀩〔2022〕〇−11.5%"
    printed = lines_on_a_page(faces, role, text)
    assert squeezed(pages_of(printed)[0]).startswith(text)
    assert printed.missing == frozenset()


def test_a_character_in_no_face_prints_as_a_mark_and_is_named(faces: Faces) -> None:
    printed = lines_on_a_page(faces, "宋体", "𠮷野家")
    assert squeezed(pages_of(printed)[0]).startswith("〓野家")
    assert printed.missing == {"𠮷"}


def test_control_characters_leave_no_trace(faces: Faces) -> None:
    printed = lines_on_a_page(faces, "宋体", "甲\x00\x07乙\ufeff丙")
    assert pages_of(printed)[0].startswith("甲乙丙")
    assert printed.missing == frozenset()


def test_only_embedded_subsets_are_used(document: Summary | Book, faces: Faces) -> None:
    pdf = render(document, faces).pdf
    names = re.findall(rb"/BaseFont /(\S+)", pdf)
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+[A-Za-z-]+", name) for name in names)
    assert len(set(names)) == len(re.findall(rb"/FontFile2 ", pdf))
    assert b"Helvetica" not in pdf


def test_the_same_input_gives_the_same_bytes_even_with_faces_read_anew(document: Summary | Book, faces: Faces) -> None:
    assert render(document, faces).pdf == render(document, Faces(search=())).pdf


def test_documents_made_at_once_in_two_threads_are_right(document: Summary | Book, faces: Faces) -> None:
    alone = render(document, faces).pdf
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(render, document, faces) for _ in range(4)]
    assert {job.result().pdf for job in jobs} == {alone}


def test_title_author_date_and_language_stand_in_the_file(document: Summary | Book, faces: Faces) -> None:
    printed = render(document, faces)
    with opened(printed) as pdf:
        found = pdf.get_metadata_dict()
    assert found["Title"] == document.title
    assert found["Subject"] == document.under
    assert found["Author"] == OFFICE
    assert found["CreationDate"] == found["ModDate"] == "D:20230103092000"
    assert b"/Lang (zh-CN)" in printed.pdf
    assert b"/DisplayDocTitle true" in printed.pdf


def test_a_moment_with_an_offset_keeps_it(faces: Faces) -> None:
    printed = render_book(book(1), faces, printed_at=datetime(2023, 1, 3, 1, 20, tzinfo=UTC))
    with opened(printed) as pdf:
        assert pdf.get_metadata_dict()["CreationDate"] == "D:20230103012000+00'00'"


def test_the_outline_leads_to_the_parts(printed_month: Printed) -> None:
    with opened(printed_month) as pdf:
        entries = [(entry.get_title(), entry.get_dest().get_index()) for entry in pdf.get_toc()]
    assert [title for title, _ in entries] == [part.heading for part in month().parts]
    pages = pages_of(printed_month)
    assert all(squeezed(title) in squeezed(pages[page]) for title, page in entries)


def test_each_page_says_which_of_how_many_it_is(document: Summary | Book, faces: Faces) -> None:
    pages = pages_of(render(document, faces))
    assert len(pages) == 3
    for number, text in enumerate(pages, 1):
        assert f"第{number}页　共3页" in text
        assert squeezed(document.footer) in squeezed(text)


def test_nothing_is_printed_outside_the_margins(document: Summary | Book, faces: Faces) -> None:
    for _, left, bottom, right, top, width, height in boxes_of(render(document, faces)):
        assert left > 35
        assert right < width - 35
        assert bottom > 14
        assert top < height - 30


def test_a_long_footer_wraps_and_the_body_makes_room(faces: Faces) -> None:
    footer = "筛选：级别＝上级，承办单位＝县应急管理局；" * 12
    printed = render(dataclasses.replace(book(), footer=footer), faces)
    for text in pages_of(printed):
        assert squeezed(footer) in squeezed(text)
    for _, left, bottom, right, top, width, height in boxes_of(printed):
        assert left > 35
        assert right < width - 35
        assert bottom > 8
        assert top < height - 30


def test_progress_rises_to_the_total(document: Summary | Book, faces: Faces) -> None:
    reports: list[tuple[int, int]] = []

    def report(done: int, total: int) -> bool:
        reports.append((done, total))
        return True

    if isinstance(document, Book):
        render_book(document, faces, report)
    else:
        render_summary(document, faces, report)
    assert reports == sorted(reports)
    assert reports[-1][0] == reports[-1][1]


def test_a_refusing_progress_stops_the_print(faces: Faces) -> None:
    calls: list[int] = []

    def refuse(done: int, total: int) -> bool:
        calls.append(done)
        return len(calls) < 3

    with pytest.raises(Cancelled):
        render_book(book(400), faces, refuse)
    assert calls == [50, 100, 150]


def single(document: Printed) -> list[Spot]:
    """The spots that open one figure; the number over a stacked bar opens several."""
    return [spot for spot in document.spots if isinstance(spot.source, Source)]


def test_spots_lie_on_their_page_and_hold_their_number(printed_month: Printed) -> None:
    figures = [spot for spot in single(printed_month) if spot.source.figure.isdecimal()]
    wanted = [
        cell for part in month().parts for block in part.blocks for row in getattr(block, "rows", ()) for cell in row
    ]
    assert len(figures) == len([cell for cell in wanted if cell.source])
    for spot in figures:
        assert squeezed(text_in(printed_month, spot)) == spot.source.figure


def test_spots_of_bars_stand_in_proportion_to_their_values(printed_month: Printed) -> None:
    below = [spot for spot in single(printed_month) if spot.source.figure.startswith("请示")]
    values = BELOW
    assert len(below) == 12
    for spot, value in zip(below, values, strict=True):
        assert spot.height / below[0].height == pytest.approx(value / values[0])


def test_the_bar_beside_is_clicked_with_its_number(printed_month: Printed) -> None:
    beside = [spot for spot in single(printed_month) if spot.source.figure.startswith("印发")]
    assert [squeezed(text_in(printed_month, spot)) for spot in beside] == [str(value) for value in SENT]


def test_spots_do_not_overlap_and_lie_on_the_paper(printed_month: Printed) -> None:
    for spot in printed_month.spots:
        assert 0 <= spot.page < printed_month.pages
        assert spot.left > 0
        assert spot.left + spot.width < 595.3
        assert spot.top > 0
        assert spot.top + spot.height < 841.9
    tables = [spot for spot in single(printed_month) if spot.source.figure.isdecimal()]
    assert len({(spot.page, spot.left, spot.top) for spot in tables}) == len(tables)
