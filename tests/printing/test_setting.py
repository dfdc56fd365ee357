"""Lines of Chinese text: where they may end, how wide they are, that nothing gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.printing.faces import Faces
from desktop.printing.setting import BLANK, NOT_FIRST, NOT_LAST, TAIL, Line, Style, can_break, plain

SIZE = 10.0
LETTERS = st.text(
    "关于印发法治政府建设实施方案通知年月日件第2022115.8%abＡ，。、；：？！（）《》〈〉“”〔〕【】——…·- ", max_size=120
)
WIDTHS = st.sampled_from((40.0, 61.3, 94.0, 170.8, 493.2))


@pytest.fixture(scope="module")
def style(faces: Faces) -> Style:
    return Style(faces, "宋体", SIZE, set())


def texts(style: Style, text: str, width: float) -> list[str]:
    """The lines of `text` as strings."""
    return [text[line.start : line.end] for line in style.lines(text, width)]


def drawn_width(style: Style, text: str, line: Line) -> float:
    """Width of a line without the blank half of its last mark, in points."""
    piece = text[line.start : line.end]
    marks = sum(BLANK.get(char, 0.0) for char in piece[:-1])
    tail = TAIL.get(piece[-1], 0.0) if piece else 0.0
    return style.width(piece) + line.gap * max(len(piece) - 1, 0) - (line.squeeze * marks + tail) * SIZE


@given(text=LETTERS, width=WIDTHS, justify=st.booleans())
def test_the_lines_together_are_the_text(style: Style, text: str, width: float, justify: bool) -> None:
    lines = style.lines(text, width, justify=justify)
    assert "".join(text[line.start : line.end] for line in lines) == text
    assert all(line.end > line.start for line in lines) or lines == [Line(0, 0, 0.0, 0.0, 0.0)]


@given(text=LETTERS, width=WIDTHS, justify=st.booleans())
def test_no_line_is_wider_than_its_column(style: Style, text: str, width: float, justify: bool) -> None:
    for line in style.lines(text, width, justify=justify):
        assert line.width <= width + 0.02
        assert drawn_width(style, text, line) <= width + 0.02


@given(text=LETTERS, width=WIDTHS)
def test_a_line_ends_where_it_may_unless_it_holds_no_such_place(style: Style, text: str, width: float) -> None:
    for line in style.lines(text, width)[:-1]:
        inside = range(line.start + 1, line.end)
        assert can_break(text, line.end) or not any(can_break(text, at) for at in inside)


@given(text=LETTERS, width=WIDTHS)
def test_drawn_runs_hold_each_character_once_in_order(style: Style, text: str, width: float) -> None:
    for line in style.lines(text, width):
        set_line = style.runs(text, line)
        assert "".join(run.text for run in set_line.runs) == text[line.start : line.end]
        offsets = [run.dx for run in set_line.runs]
        assert offsets == sorted(offsets)


@given(text=LETTERS, width=WIDTHS)
def test_at_most_half_of_the_marks_blank_is_squeezed_out(style: Style, text: str, width: float) -> None:
    assert all(0.0 <= line.squeeze <= 0.5 for line in style.lines(text, width))


@pytest.mark.parametrize("mark", sorted(NOT_FIRST - set("— ")))
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    assert not can_break("字" + mark, 1)


@pytest.mark.parametrize("mark", sorted(NOT_LAST))
def test_no_line_ends_with_an_opening_mark(mark: str) -> None:
    assert not can_break(mark + "字", 1)


def test_a_double_dash_may_open_a_line_but_is_never_halved() -> None:
    assert can_break("字——字", 1)
    assert not can_break("字——字", 2)


def test_the_dash_of_a_range_stays_between_its_numbers() -> None:
    text = "规划2021—2035年"
    assert [at for at in range(1, len(text)) if can_break(text, at)] == [1, 2]


def test_ellipses_are_not_halved() -> None:
    assert not can_break("等……", 2)


def test_numbers_keep_their_digits_and_their_unit(style: Style) -> None:
    text = "截至2022年12月31日共收文1259件"
    assert texts(style, text, 45.0) == ["截至", "2022年", "12月31日", "共收文", "1259件"]


def test_a_word_longer_than_its_column_is_cut(style: Style) -> None:
    assert texts(style, "a" * 30, 61.0) == ["a" * 12, "a" * 12, "a" * 6]


def test_a_stop_that_does_not_fit_hangs_its_blank_half_over_the_edge(style: Style) -> None:
    assert texts(style, "依法行政，建设政府部门", 45.0) == ["依法行政，", "建设政府", "部门"]


def test_a_single_last_character_is_squeezed_into_the_line_above(style: Style) -> None:
    text = "《信访工作条例》、《中国共产党章程》学习"
    loose = style.width(text) - SIZE
    assert texts(style, text, loose) == [text]


def test_without_room_the_last_character_stands_alone(style: Style) -> None:
    assert texts(style, "县城市管理和综合执法局", 100.0) == ["县城市管理和综合执法", "局"]


def test_justified_lines_but_the_last_fill_the_column(style: Style) -> None:
    text = "关于2022年全县法治政府建设工作情况的报告和下一步打算安排"
    *body, last = style.lines(text, 95.0, justify=True)
    assert len(body) > 1
    assert all(line.width == pytest.approx(95.0) for line in body)
    assert last.width < 95.0
    assert last.gap == 0.0


def test_the_first_line_is_indented(style: Style) -> None:
    lines = style.lines("关于全县法治政府建设工作情况", 100.0, first=20.0)
    assert [line.end - line.start for line in lines] == [8, 6]


def test_paragraphs_are_set_one_by_one_and_empty_ones_keep_their_line(style: Style) -> None:
    lines = style.set("甲\r\n\n乙", 100.0)
    assert ["".join(run.text for run in line.runs) for line in lines] == ["甲", "", "乙"]


def test_what_prints_nothing_is_dropped_and_blanks_become_spaces() -> None:
    assert plain("甲\ufeff\u200b乙\t丙\xa0丁\x00戊︎") == "甲乙 丙 丁戊"
    assert plain("甲\u2028乙\r丙") == "甲\n乙\n丙"
    assert plain("　其中：请示") == "　其中：请示"


def test_latin_in_song_stands_on_the_base_line_and_fallback_ideographs_are_lowered(faces: Faces) -> None:
    style = Style(faces, "仿宋", 16.0, set())
    runs = {run.text: run for run in style.set("欧阳喆2022", 400.0)[0].runs}
    assert set(runs) == {"欧阳", "喆", "2022"}
    assert runs["欧阳"].dy == runs["2022"].dy == 0.0
    assert runs["喆"].dy < -0.5
    assert runs["2022"].font.postscript_name == "FandolSong-Regular"
