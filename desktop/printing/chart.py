"""Bars by category in greys that a black-and-white printer keeps apart; every bar carries its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from db.summaries.document import Chart, Origin, Series, Sources
from desktop.printing.sheet import BLACK, FINE, GREY, LEADING, LIGHT, S5X, THIN, WHITE, Sheet

HEIGHT = 190.0  # of legend, bars and categories, with one line of legend
ABOVE, BELOW = 30.0, 16.0  # from the legend to the top of the scale; under the base line
GREYS = (GREY, LIGHT, 0.25, 0.62, 0.92)
TICKS = 4  # steps of the scale at most
SLOT, BAR = 60.0, 0.42  # widest slot that the bars are made for; the bar's share of its slot
GAP = 2.0  # between the stacked bar and the one beside it
SMALLEST = 5.0  # type size in points of figures that would not fit otherwise
EMPTY = "无"  # instead of a chart without categories
FEWEST = 4  # characters in a line of a category's name, at least
EASY = 3.0  # least height of a clickable bar


@dataclass(frozen=True)
class Slot:
    """Where one category stands: left edge and width, left edge and width of its stacked bar, of the bar beside it."""

    left: float
    width: float
    bar: float
    bar_width: float
    beside: float
    beside_width: float


def nice_step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, … with which the scale reaches `most` in at most TICKS steps."""
    for power in count():
        for factor in (1, 2, 5):
            step = factor * 10**power
            if step * TICKS >= most:
                return step
    raise AssertionError("unreachable")


class ChartLayout:
    """A chart measured for the type area of `sheet`, not yet drawn."""

    def __init__(self, sheet: Sheet, chart: Chart) -> None:
        self._sheet, self._chart = sheet, chart
        self._style = sheet.style("宋体", S5X)
        by_category = zip(*(series.values for series in chart.stacked), strict=True)
        self._totals = [sum(max(value, 0) for value in values) for values in by_category]
        self._legend = list(self._place_legend())
        beside = chart.beside.values if chart.beside else ()
        most = max((*self._totals, *beside), default=0)
        self._step = nice_step(most)
        self._top = max(-(-most // self._step), 1) * self._step
        self._axis = max(self._style.width(str(self._top)) + 4, 30.0)
        lines = max((line for _, _, line, _ in self._legend), default=0)
        self._names = list(self._set_names())
        self._below = BELOW + (max(map(len, self._names), default=1) - 1) * S5X * LEADING
        high = HEIGHT + self._below - BELOW + lines * S5X * LEADING
        self.height = high if chart.categories else S5X * LEADING + 6

    @property
    def first_height(self) -> float:
        """A chart is never divided."""
        return self.height

    def _place_legend(self) -> Iterator[tuple[str, float, int, float]]:
        """(label, x, line, grey) of each series; the first line ends before the unit."""
        chart, sheet = self._chart, self._sheet
        greys = [GREYS[at % len(GREYS)] for at in range(len(chart.stacked))]
        series = [*zip(chart.stacked, greys, strict=True), *([(chart.beside, WHITE)] if chart.beside else [])]
        end = sheet.left + sheet.width - self._style.width(f"单位：{chart.unit}") - 10
        x, line = sheet.left + 34, 0
        for one, grey in series:
            width = 13 + self._style.width(one.label)
            if x + width > end and x > sheet.left + 34:
                x, line = sheet.left + 34, line + 1
            yield one.label, x, line, grey
            x += width + 25

    def draw(self) -> None:
        """Draws the chart from the sheet's `y` on; moves `y` to its end."""
        sheet = self._sheet
        if not self._chart.categories:
            sheet.line(EMPTY, sheet.left, sheet.y + self.height / 2, sheet.width, self._style)
            sheet.y += self.height
            return
        self._draw_legend()
        base = sheet.y + self.height - self._below
        scale = (HEIGHT - ABOVE - BELOW) / self._top
        left, right = sheet.left + self._axis, sheet.left + sheet.width - 4
        for value in range(0, self._top + 1, self._step):
            y = base - value * scale
            sheet.rule(left, y, right, y, FINE if value else THIN, GREY if value else BLACK)
            sheet.line(str(value), sheet.left, y, self._axis - 4, self._style, "right")
        slots = list(self._slots(left, right))
        self._draw_bars(slots, base, scale)
        self._draw_categories(slots, base + 2 + S5X * LEADING / 2)
        sheet.y += self.height

    def _draw_legend(self) -> None:
        sheet = self._sheet
        for label, x, line, grey in self._legend:
            y = sheet.y + 1 + line * S5X * LEADING
            sheet.box(x, y + 2, 9, 9, grey, FINE)
            sheet.line(label, x + 13, y + S5X * LEADING / 2, sheet.width, self._style)
        middle = sheet.y + 1 + S5X * LEADING / 2
        sheet.line(f"单位：{self._chart.unit}", sheet.left, middle, sheet.width, self._style, "right")

    def _slots(self, left: float, right: float) -> Iterator[Slot]:
        chart = self._chart
        step = (right - left) / len(chart.categories)
        bar_width = min(step, SLOT) * BAR
        wide = bar_width if chart.stacked else 0.0
        narrow = bar_width / 2 if chart.beside else 0.0
        gap = GAP if chart.beside and chart.stacked else 0.0
        for at in range(len(chart.categories)):
            bar = left + at * step + (step - wide - gap - narrow) / 2
            yield Slot(left + at * step, step, bar, wide, bar + wide + gap, narrow)

    def _draw_bars(self, slots: list[Slot], base: float, scale: float) -> None:
        """White patches under the numbers first, then bars, then numbers: no patch covers a bar."""
        sheet, beside = self._sheet, self._chart.beside
        labels = list(self._total_labels(slots, base, scale))
        if beside:
            labels.extend(self._beside_labels(slots, beside, base, scale))
        size = min((fitting(sheet, text, width) for text, _, _, width in labels), default=S5X)
        style = sheet.style("宋体", size)
        for text, x, middle, width in labels:
            wide = style.width(text) + 3
            sheet.box(x + (width - wide) / 2, middle - size / 2 - 0.5, wide, size + 1, WHITE)
        for at, slot in enumerate(slots):
            y = base
            for number, series in enumerate(self._chart.stacked):
                high = max(series.values[at], 0) * scale
                y -= high
                if high:
                    sheet.box(slot.bar, y, slot.bar_width, high, GREYS[number % len(GREYS)], FINE)
                    sheet.spot(series.sources[at], slot.bar, y, slot.bar_width, max(high, EASY))
            if beside and beside.values[at] > 0:
                high = beside.values[at] * scale
                sheet.box(slot.beside, base - high, slot.beside_width, high, WHITE, THIN)
        for text, x, middle, width in labels:
            sheet.line(text, x, middle, width, style, "centre")

    def _total_labels(self, slots: list[Slot], base: float, scale: float) -> Iterator[tuple[str, float, float, float]]:
        """(number, left, middle, width) over each stacked bar; notes what a click opens."""
        over = GAP / 2 if self._chart.beside else slots[0].width * 0.25
        for at, (slot, total) in enumerate(zip(slots, self._totals, strict=False)):
            left, y, width = slot.bar - over, base - total * scale - 6, slot.bar_width + 2 * over
            yield str(total), left, y, width
            self._sheet.spot(self._whole(at), left, y - 6, width, 12)

    def _whole(self, at: int) -> Origin | None:
        """What the number over a stacked bar opens: the rows of all that stands in it."""
        each = tuple(source for series in self._chart.stacked if (source := series.sources[at]) is not None)
        if len(each) < 2:
            return each[0] if each else None
        return Sources(self._chart.categories[at].replace("\n", ""), each)

    def _beside_labels(
        self, slots: list[Slot], beside: Series, base: float, scale: float
    ) -> Iterator[tuple[str, float, float, float]]:
        """The same for the bars beside: between the stacked bar and the next slot's; notes what a click opens."""
        for at, (slot, value) in enumerate(zip(slots, beside.values, strict=False)):
            left, right = slot.bar + slot.bar_width + GAP - 0.5, slot.bar + slot.width - GAP
            text = str(value)
            wide = min(self._style.width(text), right - left)
            start = min(max(slot.beside + (slot.beside_width - wide) / 2, left), right - wide)
            y = base - max(value, 0) * scale - 6
            yield text, start, y, wide
            edge = min(start, slot.beside)
            end = max(start + wide, slot.beside + slot.beside_width)
            self._sheet.spot(beside.sources[at], edge, y - 6, end - edge, base - y + 6)

    def _draw_categories(self, slots: list[Slot], middle: float) -> None:
        sheet = self._sheet
        texts = [text for lines in self._names for text in lines]
        size = min((fitting(sheet, text, slots[0].width - 2) for text in texts), default=S5X)
        style = sheet.style("宋体", size)
        for lines, slot in zip(self._names, slots, strict=True):
            for at, text in enumerate(lines):
                sheet.line(text, slot.left, middle + at * S5X * LEADING, slot.width, style, "centre")

    def _set_names(self) -> Iterator[list[str]]:
        """The lines of each category's name: as they are told, and cut where one is wider than its slot."""
        slot = (self._sheet.width - self._axis - 4) / max(len(self._chart.categories), 1) - 2
        for name in self._chart.categories:
            if name.isascii():
                yield [name]
                continue
            most = max(int(slot / S5X), FEWEST)
            parts = name.split("\n")
            yield [part[at : at + most] for part in parts for at in range(0, len(part), most)]


def fitting(sheet: Sheet, text: str, width: float) -> float:
    """The type size, 小五 at most, at which `text` fits into `width`; never under SMALLEST."""
    full = sheet.style("宋体", S5X).width(text)
    return S5X if full <= width else max(SMALLEST, int(S5X * width / full * 4) / 4)
