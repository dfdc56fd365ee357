"""A register book: the records of one register on paper, in the order of their numbers, so that printed pages stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from db.record import DateField, LineField, NumberField, PersonField, Record, TermField, UnitField
from db.store.search import Filter, Listing
from db.store.store import Store
from db.summaries.document import Book, Cell, Column
from db.summaries.wording import text_of

# Widths in points (print.md 3); 0 shares what is left.
_WIDTHS = ((DateField, 54.0), (NumberField, 34.0), (UnitField, 84.0), (PersonField, 44.0), (TermField, 40.0))


def book(store: Store, register: type[Record], wanted: Filter, now: datetime, names: tuple[str, ...] = ()) -> Book:
    """The book of the records under a filter; `names` are its columns (default: those the register declares)."""
    names = names or register.BOOK
    ordered = replace(wanted, order="number", descending=False)
    listing = Listing(
        store.connection, register, store.register_numbers[register.key()], ordered, store.rules.today, store.rules.days
    )
    rows = listing.values((*names, "number", "voided_on", "void_reason"), listing.ids())
    labels = {stage.key: stage.label for stage in register.STAGES}
    office = store.rules.setting("office")
    tabulator, reviewer = (store.rules.setting(name) or "　　　　" for name in ("tabulator", "reviewer"))
    count, checksum = store.head()
    return Book(
        office=office,
        title=f"{register.TITLE}登记簿",
        under=_under(register, wanted, rows),
        footer=f"登记人：{tabulator}　　审核：{reviewer}"
        f"　　打印：{now:%Y-%m-%d %H:%M}　　校验码：{checksum}（{count}条）",
        columns=tuple(_column(register, name) for name in names),
        rows=tuple(tuple(Cell(text) for text in _texts(names, row[1:], labels)) for row in rows),
    )


def _texts(names: tuple[str, ...], values: tuple[Any, ...], labels: dict[str, str]) -> list[str]:
    texts = [
        labels.get(value, "") if name == "stage" else text_of(value) for name, value in zip(names, values, strict=False)
    ]
    *_shown, _number, voided, reason = values
    if voided and texts:
        texts[-1] = f"作废：{reason}"
    return texts


def _under(register: type[Record], wanted: Filter, rows: list[tuple[Any, ...]]) -> str:
    parts = [f"{wanted.year}年度" if wanted.year else "全部年度"]
    numbers = [row[-3] for row in rows if row[-3]]
    if numbers:
        parts.append(f"{numbers[0]}至{numbers[-1]}，共{len(rows)}条")
    conditions = [
        f"{register.label(name)}＝{'、'.join(_value(register, name, value) for value in values)}"
        for name, values in wanted.terms
    ]
    if wanted.text:
        conditions.append(f"含“{wanted.text}”")
    if conditions:
        parts.append(f"筛选：{'；'.join(conditions)}")
    return "　".join(parts)


def _value(register: type[Record], name: str, value: str) -> str:
    return register.stage_of(value).label if name == "stage" else value


def _column(register: type[Record], name: str) -> Column:
    field = register._meta.fields[name]
    if name == "number":
        return Column(register.label(name), 76, "centre")
    if name == register.SUBJECT:
        return Column(register.label(name), 0, "left")
    if name == "stage":
        return Column(register.label(name), 44, "centre")
    width = next((points for kind, points in _WIDTHS if isinstance(field, kind)), 84.0)
    is_text = isinstance(field, LineField) and not isinstance(field, TermField | PersonField)
    return Column(register.label(name), width, "left" if is_text else "centre")
