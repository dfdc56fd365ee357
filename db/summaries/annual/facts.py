"""The facts of a report: every figure and every text made of records, over its period, with the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from db.figures import Figures, Passages, Period, Told, Value
from db.record import Figure, Passage, Rate
from db.store.store import Store
from db.summaries.annual.bindings import in_text
from db.summaries.annual.report import Fact, Row
from db.summaries.annual.template import Names
from db.summaries.wording import DASH, change, numeral

_NOTHING = "【待补：{label}】"


class Facts:
    """Reads facts of one year from a store; one that still runs is counted up to `today`, like the year before."""

    def __init__(self, store: Store, year: int, today: date) -> None:
        self.figures = Figures(store.connection, store.catalogue, store.rules.days)
        self.passages = Passages(store.connection, store.catalogue, store.rules.days)
        self.period, self.before = spans(year, today)
        self._store = store

    def names(self) -> Names:
        """The names that a template may use."""
        labels = [(figure.key, figure.label) for figure in self.figures.every()]
        labels += [(one.of.key, one.of.label) for _register, one in self._store.catalogue.passages()]
        return Names(labels)

    def read(self, keys: Iterable[str]) -> list[Fact]:
        """The facts with these keys, in their order; the figures are asked for together."""
        wanted = list(dict.fromkeys(keys))
        counted = [key for key in wanted if key not in self.passages]
        values = self.figures.values(counted, [self.period, self.before])
        return [self._passage(key) if key in self.passages else self._figure(key, values) for key in wanted]

    def _figure(self, key: str, values: dict[tuple[str, Period], Value]) -> Fact:
        figure, now, then = self.figures[key], values[key, self.period], values[key, self.before]
        return Fact(
            key, figure.label, figure.unit, figure.definition, self.period.start, self.period.end, now.value, now.base,
            then.value, DASH if now.value is None else in_text(now.value, figure.unit), change(now, then, figure.unit),
            _difference(figure, now, then), tuple(self.figures.all_rows(key, self.period)),
        )  # fmt: skip

    def _passage(self, key: str) -> Fact:
        passage, told = self.passages[key], self.passages.told(key, self.period)
        register = self.passages.register_of(key).key()
        rows: dict[Row, None] = dict.fromkeys((register, one.record) for one in told)
        written = _titles(told) if passage.form == "titles" else _points(told)
        text = "".join(written) or _NOTHING.format(label=passage.of.label)
        count = passage.of
        return Fact(
            key, count.label, count.unit, count.definition, self.period.start, self.period.end, len(written), None,
            None, text, "", "", tuple(rows),
        )  # fmt: skip

    def told(self, key: str) -> tuple[Passage, list[Told]]:
        """A passage with what its records tell."""
        return self.passages[key], self.passages.told(key, self.period)

    def uncounted(self, key: str) -> tuple[Row, ...]:
        """The records of a rate's base that its numerator does not count."""
        is_rate = isinstance(self.figures[key], Rate)
        return tuple(self.figures.all_rows(key, self.period, "rest")) if is_rate else ()


def spans(year: int, today: date) -> tuple[Period, Period]:
    """The period of a report, and the same days of the year before."""
    whole = Period.year(year)
    if not whole.start <= today < whole.end - timedelta(1):
        return whole, Period.year(year - 1)
    end = today + timedelta(1)
    then = date(year - 1, 3, 1) if (end.month, end.day) == (2, 29) else end.replace(year=year - 1)
    return Period(whole.start, end), Period(date(year - 1, 1, 1), then)


def _titles(told: Iterable[Told]) -> list[str]:
    """Different titles, each in 《》; between them stands no mark (GB/T 15834-2011, 4.5.3.5)."""
    plain = (one.texts[0].strip().strip("《》").strip() for one in told)
    return [f"《{title}》" for title in dict.fromkeys(filter(None, plain))]


def _points(told: Iterable[Told]) -> list[str]:
    """一是…。二是…。, each point with its fields as sentences."""
    points = list(dict.fromkeys("".join(_sentences(one)) for one in told))
    return [f"{numeral(at)}是{point}" if len(points) > 1 else point for at, point in enumerate(points, 1)]


def _sentences(one: Told) -> Iterator[str]:
    for text in one.texts:
        sentence = text.strip().rstrip("。；;，,")
        if sentence:
            yield sentence if sentence[-1] in "？！" else f"{sentence}。"


def _difference(figure: Figure, now: Value, then: Value) -> str:
    """By how much the value is more or less than a year before: 增加5件."""
    if now.value is None or then.value is None:
        return DASH
    more = Decimal(now.value) - Decimal(then.value)
    unit = "个百分点" if figure.unit == "%" else figure.unit
    told = in_text(abs(more) if isinstance(now.value, Decimal) else int(abs(more)), "")
    return f"{'增加' if more > 0 else '减少'}{told}{unit}" if more else "持平"
