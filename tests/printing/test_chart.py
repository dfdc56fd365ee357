"""Charts: scales, and bars with their numbers whatever the values."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.summaries.document import Chart, Part, Printed, Series, Sources, Summary
from desktop.printing.chart import TICKS, nice_step
from desktop.printing.faces import Faces
from desktop.printing.summary import render_summary
from tests.printing.documents import ABOVE, BELOW, MOMENT, OFFICE, SENT, series
from tests.printing.reading import boxes_of, opened, pages_of, squeezed, text_in

MONTHS = tuple(f"{number}月" for number in range(1, 13))
ZEROS = (0,) * 12


def printed(faces: Faces, chart: Chart) -> Printed:
    """A summary that consists of the chart."""
    return render_summary(Summary(OFFICE, "图", "", "", (Part("一、图", (chart,)),), (), ""), faces, printed_at=MOMENT)


def numbers(document: Printed) -> list[str]:
    """The words of the page that are figures."""
    return [word for word in pages_of(document)[0].split() if word.isdecimal()]


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (17, 5), (33, 10), (563, 200), (801, 500), (1_000_000, 500_000)]
)
def test_scales_rise_in_ones_twos_and_fives(most: int, step: int) -> None:
    assert nice_step(most) == step


@given(st.integers(0, 10**12))
def test_a_scale_reaches_the_highest_bar_in_few_steps_without_waste(most: int) -> None:
    step = nice_step(most)
    assert most <= step * TICKS
    assert step == 1 or most * 5 >= step * TICKS


def test_each_bar_carries_its_number(faces: Faces) -> None:
    document = printed(faces, Chart("件", MONTHS, (series("甲", BELOW), series("乙", ABOVE)), series("丙", SENT)))
    found = numbers(document)
    for total in map(sum, zip(BELOW, ABOVE, strict=True)):
        assert str(total) in found
    for value in SENT:
        assert str(value) in found
    text = squeezed(pages_of(document)[0])
    assert all(word in text for word in (*MONTHS, "甲", "乙", "丙", "单位：件", "600"))


def test_twelve_zeros_stand_on_the_base_line(faces: Faces) -> None:
    document = printed(faces, Chart("件", MONTHS, (series("甲", ZEROS),), series("丙", ZEROS)))
    assert numbers(document).count("0") == 1 + 12 + 12  # the scale's, and each bar's


def test_one_month_keeps_its_bar_narrow(faces: Faces) -> None:
    document = printed(faces, Chart("件", ("12月",), (series("甲", (32,)),), series("丙", (5,))))
    opened_here = [spot for spot in document.spots if spot.source.figure == "甲0"]
    assert len(opened_here) == 2  # the bar, and the number over it
    assert all(spot.width < 60 for spot in opened_here)
    assert {"32", "5"} <= set(numbers(document))


def test_large_numbers_are_whole_and_stay_on_the_page(faces: Faces) -> None:
    large = tuple(value * 12345 for value in BELOW)
    document = printed(faces, Chart("元", MONTHS, (series("甲", large),), series("丙", tuple(v * 54321 for v in SENT))))
    text = squeezed(pages_of(document)[0])
    assert all(str(value) in text for value in large)
    assert all(left > 40 and right < width - 40 for _, left, _, right, _, width, _ in boxes_of(document))


def test_numbers_of_neighbouring_bars_do_not_touch(faces: Faces) -> None:
    same = (123456,) * 12
    document = printed(faces, Chart("元", MONTHS, (series("甲", same),), series("丙", same)))
    with opened(document) as pdf:
        text = pdf[0].get_textpage()
        whole = text.get_text_range()
        starts = [at for at in range(len(whole)) if whole.startswith("123456", at)]
        spans = sorted((text.get_charbox(at)[0], text.get_charbox(at + 5)[2]) for at in starts)
    assert len(spans) == 24
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(spans))


def test_without_bars_beside_only_the_stacked_ones_stand(faces: Faces) -> None:
    document = printed(faces, Chart("件", MONTHS, (series("甲", BELOW),)))
    assert len(document.spots) == 2 * 12  # the bars, and the numbers over them
    assert all(str(value) in numbers(document) for value in BELOW)


def test_only_bars_beside_are_enough(faces: Faces) -> None:
    document = printed(faces, Chart("件", MONTHS, (), series("丙", SENT)))
    assert [squeezed(text_in(document, spot)) for spot in document.spots] == [str(value) for value in SENT]


def test_a_chart_without_categories_says_so(faces: Faces) -> None:
    document = printed(faces, Chart("件", (), (Series("甲", (), ()),)))
    assert "无" in pages_of(document)[0]
    assert document.spots == ()


def test_many_long_labels_take_more_lines_of_legend(faces: Faces) -> None:
    labels = [f"第{at}个系列，名字很长很长" for at in range(6)]
    chart = Chart("件", MONTHS, tuple(series(label, SENT) for label in labels), series("丙", BELOW))
    document = printed(faces, chart)
    text = squeezed(pages_of(document)[0])
    assert all(label in text for label in labels)
    assert all(right < width - 40 for _, _, _, right, _, width, _ in boxes_of(document))


def test_a_zero_segment_has_no_spot_of_its_own(faces: Faces) -> None:
    document = printed(faces, Chart("件", ("1月", "2月"), (series("甲", (0, 3)),)))
    assert sorted(spot.source.figure for spot in document.spots) == ["甲0", "甲1", "甲1"]  # two numbers, one bar


def test_the_number_over_a_stacked_bar_opens_what_stands_in_it(faces: Faces) -> None:
    document = printed(faces, Chart("件", ("1月",), (series("甲", (2,)), series("乙", (3,)))))
    (whole,) = (spot for spot in document.spots if isinstance(spot.source, Sources))
    assert [one.figure for one in whole.source.each] == ["甲0", "乙0"]
    assert squeezed(text_in(document, whole)) == "5"


def test_a_small_segment_can_still_be_clicked(faces: Faces) -> None:
    document = printed(faces, Chart("件", ("1月", "2月"), (series("甲", (1, 90000)),)))
    assert min(spot.height for spot in document.spots) >= 3
