"""Register books on A4 landscape."""

from __future__ import annotations

import dataclasses
import functools
import operator

from db.summaries.document import Cell
from desktop.printing.book import render_book
from desktop.printing.faces import Faces
from tests.printing.documents import MOMENT, OFFICE, book, source
from tests.printing.reading import boxes_of, opened, pages_of, squeezed, text_in


def test_pages_lie_across_and_carry_the_same_head(faces: Faces) -> None:
    document = render_book(book(), faces, printed_at=MOMENT)
    with opened(document) as pdf:
        assert {tuple(map(round, page.get_size())) for page in pdf} == {(842, 595)}
    for text in pages_of(document):
        assert all(
            word in text
            for word in ("收文登记簿（上级来文）", "2022年度　第2641号至第2674号", OFFICE, "来文字号", "办理结果")
        )


def test_sixteen_rows_of_two_lines_stand_on_a_page(faces: Faces) -> None:
    pages = pages_of(render_book(book(), faces, printed_at=MOMENT))
    rows = [[at for at in range(34) if f"上{2641 + at}" in text] for text in pages]
    assert [len(found) for found in rows] == [16, 16, 2]
    assert functools.reduce(operator.iadd, rows, []) == list(range(34))


def test_every_text_of_every_row_is_printed(faces: Faces) -> None:
    whole = book()
    joined = squeezed("".join(pages_of(render_book(whole, faces, printed_at=MOMENT))))
    for row in whole.rows:
        assert squeezed("".join(cell.text for cell in row)) in joined


def test_a_long_title_and_long_filters_push_the_table_down(faces: Faces) -> None:
    title, under = "收文登记簿（上级来文及电话记录）" * 5, "筛选：级别＝上级，承办单位＝县应急管理局；" * 12
    document = render_book(dataclasses.replace(book(), title=title, under=under), faces, printed_at=MOMENT)
    boxes = list(boxes_of(document))
    for text in pages_of(document):
        assert title in squeezed(text)
        assert under in squeezed(text)
        assert OFFICE in text
    assert all(
        left > 35 and right < width - 35 and top < height - 30 for _, left, _, right, top, width, height in boxes
    )


def test_a_book_without_rows_says_so(faces: Faces) -> None:
    document = render_book(dataclasses.replace(book(), rows=()), faces, printed_at=MOMENT)
    (text,) = pages_of(document)
    assert "无记录" in text
    assert "办理结果" in text


def test_a_book_without_office_period_and_footer_has_its_table(faces: Faces) -> None:
    bare = dataclasses.replace(book(3), office="", under="", footer="", title="登记簿")
    (text,) = pages_of(render_book(bare, faces, printed_at=MOMENT))
    assert "上2643" in text
    assert "第1页　共1页" in text


def test_cells_with_a_source_are_clickable(faces: Faces) -> None:
    whole = book()
    rows = tuple((dataclasses.replace(row[0], source=source(row[0].text)), *row[1:]) for row in whole.rows)
    document = render_book(dataclasses.replace(whole, rows=rows), faces, printed_at=MOMENT)
    assert len(document.spots) == 34
    assert all(squeezed(text_in(document, spot)) == spot.source.figure for spot in document.spots)


def test_missing_characters_are_named_wherever_they_stand(faces: Faces) -> None:
    whole = dataclasses.replace(book(1), footer="登记人：𠮷", title="登记簿𪚥")
    rows = ((Cell("𡃁"), *whole.rows[0][1:]),)
    document = render_book(dataclasses.replace(whole, rows=rows), faces, printed_at=MOMENT)
    assert document.missing == {"𠮷", "𪚥", "𡃁"}
    assert pages_of(document)[0].count("〓") == 3


def test_the_least_row_is_nineteen_points_high(faces: Faces) -> None:
    whole = book(3)
    cells = tuple(Cell("甲", source("甲")) for _ in whole.columns)
    document = render_book(dataclasses.replace(whole, rows=(cells,)), faces, printed_at=MOMENT)
    assert {round(spot.height, 2) for spot in document.spots} == {19.0}
