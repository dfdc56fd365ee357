"""A register book: the records of one register on paper, in the order of their numbers, so that printed pages stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import peewee as pw

from db.record import (
    DateField,
    FlagField,
    LineField,
    NumberField,
    ParagraphField,
    PersonField,
    Record,
    TermField,
    TermsField,
    UnitField,
)  # fmt: skip
from db.rules.rulebook import Rulebook
from db.store.condition_words import LIGHT_WORDS, said
from db.store.search import NO_NUMBER, Filter, Listing
from db.store.store import Store
from db.summaries.document import Book, Cell, Column, Gutter
from db.summaries.wording import long_date, masked, text_of

# Widths in points (print.md 3); 0 shares what is left.
_WIDTHS = ((DateField, 54.0), (NumberField, 34.0), (pw.DecimalField, 34.0), (FlagField, 34.0), (UnitField, 84.0),
           (PersonField, 44.0), (TermsField, 84.0))  # fmt: skip
_SIZE, _PAD = 9.0, 6.0
_NARROW, _WIDE = 34.0, 66.0  # a column of words of a vocabulary
_OTHER = 84.0
_PARAGRAPH = 110.0
_PAGE, _TITLE = 736.0, 120.0  # width of the type area bound at the left; what a title keeps at least
_CROWDED = 1.15
_NUMBER, _STEP = (52.0, 112.0), 10.0  # the column of numbers grows by steps, so that pages stay as they are
_ONE_ROW = 5  # characters of a word that stands in one row


# what is read of each row behind its columns
_BESIDE = ("series", "sequence", "number", "voided_on", "void_reason")


@dataclass(frozen=True)
class Binding:
    """How a book is bound: the number of its first page, the edge where it is bound, the most rows (0: all)."""

    first_page: int = 1
    gutter: Gutter = "top"
    most: int = 0


def book_title(register: type[Record]) -> str:
    """What the register's book is called."""
    return register.BOOK_TITLE or f"{register.TITLE}登记簿"


def book_columns(register: type[Record]) -> tuple[str, ...]:
    """The fields that are columns of the book unless others are chosen: those of the list if none are declared."""
    return register.BOOK or register.COLUMNS


def book_names(register: type[Record]) -> tuple[str, ...]:
    """The fields that may be columns of the book: those that the register declares first, then those of its form."""
    fields = register._meta.fields
    shown = (name for section in register.FORM for name in section.fields if name in fields)
    own = (name for name in ("due_on", "stage", *shown) if fields[name].verbose_name)
    return tuple(dict.fromkeys((*book_columns(register), *own)))


def series_of(store: Store, register: type[Record], year: int | None) -> list[str]:
    """The series of numbers that a year holds (分册), in the order of the book."""
    sql = (
        f"SELECT DISTINCT series FROM \"{register.key()}\" WHERE deleted_at IS NULL AND series <> '' "
        "AND (? IS NULL OR year = ?) ORDER BY series"
    )
    return [row[0] for row in store.connection.execute(sql, (year, year))]


def book(
    store: Store, register: type[Record], wanted: Filter, now: datetime, names: tuple[str, ...] = (),
    binding: Binding | None = None,
) -> Book:  # fmt: skip
    """The book of the records under a filter; `names` are its columns (default: those the register declares)."""
    names, binding = names or book_columns(register), binding or Binding()
    rows, is_part = _rows(store, register, wanted, (*names, *_BESIDE), binding.most)
    whole = 0 if is_part else len(rows)
    write = _writers(register, names)
    rules = store.rules
    tabulator, reviewer = (rules.setting(name) or "　　　　" for name in ("tabulator", "reviewer"))
    count, checksum = store.head()
    return Book(
        office=rules.setting("office"),
        title=book_title(register),
        under=_under(register, wanted, rows, whole, now),
        footer=f"制表人：{tabulator}　　审核人：{reviewer}"
        f"　　打印：{now:%Y-%m-%d %H:%M}　　校验码：{checksum}（{count}条）",
        columns=_giving_way(_columns(register, names, rules, [row[-3] or "" for row in rows])),
        rows=tuple(tuple(map(Cell, _texts(row[1:], write))) for row in rows),
        first_page=binding.first_page,
        gutter=binding.gutter,
        is_part=is_part,
        count=whole,
        last_number=(rows[-1][-4] or 0) if len({row[-5] for row in rows}) == 1 else 0,
    )


def _rows(
    store: Store, register: type[Record], wanted: Filter, names: tuple[str, ...], most: int
) -> tuple[list[tuple[Any, ...]], bool]:
    """The rows by number, those without one last; at most so many (0: all), and whether there are more."""
    spans = [wanted.numbers] if wanted.numbers else [(1, 0), NO_NUMBER]
    rows: list[tuple[Any, ...]] = []
    for span in spans:
        ordered = replace(wanted, order="number", descending=False, numbers=span, group="")
        number, rules = store.register_numbers[register.key()], store.rules
        near, user = rules.near, store.user
        listing = Listing(store.connection, register, number, ordered, rules.today, rules.days, near, user)
        size = most + 1 - len(rows) if most else -1
        rows += listing.values(names, listing.ids(0, size)) if size else []
    return (rows[:most], True) if most and len(rows) > most else (rows, False)


def _writers(register: type[Record], names: tuple[str, ...]) -> list[Callable[[Any], str]]:
    """What writes the plain value of each column."""
    stages = {stage.key: stage.label for stage in register.STAGES}

    def stage(value: Any) -> str:
        return stages.get(value, "")

    def flag(value: Any) -> str:
        return "是" if value else ""

    def text(value: Any) -> str:
        return masked(text_of(value))

    fields = register._meta.fields
    return [stage if name == "stage" else flag if isinstance(fields[name], FlagField) else text for name in names]


def _texts(values: tuple[Any, ...], write: list[Callable[[Any], str]]) -> list[str]:
    texts = [written(value) for written, value in zip(write, values, strict=False)]
    *_shown, _number, voided, reason = values
    if voided and texts:
        texts[-1] = f"作废：{reason}"
    return texts


def _under(register: type[Record], wanted: Filter, rows: list[tuple[Any, ...]], whole: int, now: datetime) -> str:
    """Period, range of numbers, filters and cutoff: what a list must say of itself (domain.md 15B)."""
    conditions = "；".join(_conditions(register, wanted))
    filters = [f"筛选：{conditions}"] if conditions else []
    return "　".join(
        [*_range(wanted, rows, whole), *filters, f"截至{long_date(now.date())}{now.hour}时{now.minute:02}分"]
    )


def _range(wanted: Filter, rows: list[tuple[Any, ...]], whole: int) -> Iterator[str]:
    if wanted.month:
        yield f"{wanted.month[0]}年{wanted.month[1]}月"
    else:
        yield f"{wanted.year}年度" if wanted.year else "全部年度"
    numbers = [row[-3] for row in rows if row[-3]]
    if numbers and whole:
        yield f"{numbers[0]}至{numbers[-1]}，共{whole}条"
    elif whole:
        yield f"共{whole}条"


def _conditions(register: type[Record], wanted: Filter) -> Iterator[str]:
    for condition in wanted.conditions:
        yield said(register, condition, "＝", most=0)
    if wanted.numbers:
        first, last = wanted.numbers
        yield f"编号第{first}号起" if not last else f"编号第{first}至{last}号"
    if wanted.light:
        yield LIGHT_WORDS[wanted.light]
    if wanted.text:
        yield f"含“{wanted.text}”"


def _column(register: type[Record], name: str, rules: Rulebook) -> Column:
    field, label = register._meta.fields[name], register.label(name)
    if name == "number":
        return Column(label, _NUMBER[0], "centre")
    if name == register.SUBJECT:
        return Column(label, 0, "left")
    if name == "stage":
        return Column(label, _fitting([stage.label for stage in register.STAGES]), "centre")
    if isinstance(field, TermField) and not isinstance(field, TermsField):
        return Column(label, _fitting(rules.words(field.vocabulary)), "centre")
    if isinstance(field, ParagraphField):
        return Column(label, _PARAGRAPH, "left")
    width = next((points for kind, points in _WIDTHS if isinstance(field, kind)), _OTHER)
    is_text = isinstance(field, LineField) and not isinstance(field, PersonField)
    return Column(label, width, "left" if is_text else "centre")


def _columns(register: type[Record], names: tuple[str, ...], rules: Rulebook, numbers: list[str]) -> list[Column]:
    """The columns, the numbers' as wide as the longest of them."""
    columns = [_column(register, name, rules) for name in names]
    longest = max((sum(_SIZE if char >= "⺀" else _SIZE * 0.55 for char in number) for number in numbers), default=0.0)
    step = -(-(longest + _PAD) // _STEP) * _STEP
    width = min(max(step, _NUMBER[0]), _NUMBER[1])
    return [replace(one, width=width) if name == "number" else one for name, one in zip(names, columns, strict=True)]


def _giving_way(columns: list[Column]) -> tuple[Column, ...]:
    """With too many columns all give way, so that the title keeps its room."""
    fixed = sum(column.width for column in columns)
    room = _PAGE - _TITLE * sum(not column.width for column in columns)
    scale = min(room / fixed, 1.0) if fixed else 1.0
    return tuple(replace(column, width=column.width * scale) for column in columns)


def is_crowded(register: type[Record], names: tuple[str, ...], rules: Rulebook) -> bool:
    """Whether so many columns are chosen that their texts break where they should not."""
    natural = sum(_column(register, name, rules).width or _TITLE for name in names)
    return natural > _PAGE * _CROWDED


def _fitting(words: Sequence[str]) -> float:
    """The width in which every word stands in one row, long ones in two or three."""
    longest = max(map(len, words), default=0)
    shown = longest if longest <= _ONE_ROW else max(-(-longest // 2), _ONE_ROW)
    return min(max(shown * _SIZE + _PAD, _NARROW), _WIDE)
