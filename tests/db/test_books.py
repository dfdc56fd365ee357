"""Register books: their rows, columns, range of numbers, and what the heading says of them."""

from __future__ import annotations

from datetime import date

import pytest

from db.record import Record
from db.store.conditions import is_one_of
from db.store.search import Filter
from db.store.store import Store
from db.summaries.book import Binding, book, book_names, book_title, is_crowded, series_of
from db.summaries.wording import masked
from tests.db.office import NOON, case, draft, event, incoming, outgoing, saved
from tests.desktop.clerk import REGISTERS, by_key

YEAR = Filter(year=2022)
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)


def texts(found: object, at: int) -> list[str]:
    """A column of a book."""
    return [row[at].text for row in found.rows]  # type: ignore[attr-defined]


def papers(store: Store, count: int) -> type[Record]:
    """So many numbered documents of one series."""
    for number in range(1, count + 1):
        saved(store, outgoing(title=f"关于第{number}件工作的通知"))
    return store.catalogue["outgoing"]


def test_rows_stand_in_the_order_of_their_numbers_whatever_was_entered_first(store: Store) -> None:
    register = papers(store, 3)
    saved(store, outgoing(title="关于第十件工作的通知", number="蓝政办发〔2022〕10号"))
    saved(store, outgoing(title="关于第九件工作的通知", number="蓝政办发〔2022〕9号"))
    found = book(store, register, YEAR, NOON)
    assert texts(found, 0) == [f"蓝政办发〔2022〕{number}号" for number in (1, 2, 3, 9, 10)]
    assert (found.count, found.last_number, found.is_part) == (5, 10, False)


def test_a_range_of_numbers_continues_a_bound_book(store: Store) -> None:
    register = papers(store, 6)
    wanted = Filter(year=2022, numbers=(3, 5), conditions=(is_one_of("series", "蓝政办发"),))
    found = book(store, register, wanted, NOON, (), Binding(first_page=13, gutter="left"))
    assert texts(found, 0) == [f"蓝政办发〔2022〕{number}号" for number in (3, 4, 5)]
    assert (found.first_page, found.gutter, found.last_number) == (13, "left", 5)
    assert "筛选：分册＝蓝政办发；编号第3至5号" in found.under
    assert book(store, register, Filter(year=2022, numbers=(5, 0)), NOON).count == 2


def test_the_heading_says_period_range_filters_and_cutoff(store: Store) -> None:
    register = papers(store, 2)
    found = book(store, register, Filter(year=2022, month=(2022, 12), text="工作", light="done"), NOON)
    assert found.under.startswith("2022年12月　")
    assert "筛选：已办结；含“工作”" in found.under
    assert found.under.endswith("截至2022年12月30日10时00分")
    assert "制表人：" in found.footer
    assert "审核人：" in found.footer


def test_the_first_rows_are_a_part_and_say_so(store: Store) -> None:
    register = papers(store, 5)
    found = book(store, register, YEAR, NOON, (), Binding(most=2))
    assert (len(found.rows), found.count, found.is_part) == (2, 0, True)
    assert "条" not in found.under
    assert book(store, register, YEAR, NOON, (), Binding(most=5)) == book(store, register, YEAR, NOON)


def test_what_has_no_number_yet_stands_behind_what_has(store: Store) -> None:
    saved(store, draft(title="还在拟的通知"))
    register = papers(store, 2)
    assert texts(book(store, register, YEAR, NOON), 0) == ["蓝政办发〔2022〕1号", "蓝政办发〔2022〕2号", ""]
    assert texts(book(store, register, YEAR, NOON, (), Binding(most=2)), 0)[-1] == "蓝政办发〔2022〕2号"
    assert len(book(store, register, Filter(year=2022, numbers=(1, 0)), NOON).rows) == 2


def test_the_volumes_of_a_year_are_its_series(store: Store) -> None:
    saved(store, incoming())
    saved(store, incoming(source_level="市", from_unit="永州市人民政府", from_doc_no="永政发〔2022〕3号"))
    register = store.catalogue["incoming"]
    assert set(series_of(store, register, 2022)) == {"上", "下"}
    assert series_of(store, register, 2021) == []


def test_identity_numbers_are_masked_and_other_numbers_are_not(store: Store) -> None:
    saved(store, case(applicant="李某（43112719800101123X）", organ_case_no="（2022）湘11行初62号"))
    found = book(store, store.catalogue["legal_case"], YEAR, NOON)
    told = "".join(cell.text for row in found.rows for cell in row)
    assert "李某（431127********123X）" in told
    assert "19800101" not in told
    assert "湘11行初62号" in told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("431127198001011234", "431127********1234"),
        ("证号431127198001011234，电话13900001111", "证号431127********1234，电话13900001111"),
        ("6222021001116245702", "6222021001116245702"),
        ("4311271980010112345", "4311271980010112345"),
        ("短", "短"),
    ],
)
def test_only_whole_identity_numbers_are_masked(text: str, wanted: str) -> None:
    assert masked(text) == wanted


def test_a_void_number_keeps_its_row_with_the_reason(store: Store) -> None:
    register = papers(store, 2)
    store.void(register, 1, "重复登记")
    found = book(store, register, YEAR, NOON)
    assert found.rows[0][-1].text == "作废：重复登记"


def test_a_statement_is_yes_or_nothing(store: Store) -> None:
    register = papers(store, 1)
    found = book(store, register, YEAR, NOON, ("number", "title", "is_normative"))
    assert texts(found, 2) == [""]


@every_register
def test_a_register_that_declares_no_columns_of_a_book_prints_those_of_its_list(
    store: Store, register: type[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "BOOK", ())
    found = book(store, register, YEAR, NOON)
    assert [column.head for column in found.columns] == [register.label(name) for name in register.COLUMNS]
    assert book_names(register)[: len(register.COLUMNS)] == register.COLUMNS


@every_register
def test_every_book_fits_its_page_with_a_readable_title(store: Store, register: type[Record]) -> None:
    columns = book(store, register, YEAR, NOON).columns
    assert sum(column.width for column in columns) <= 736 - 120
    assert [column.head for column in columns if not column.width] == [register.label(register.SUBJECT)]
    assert not is_crowded(register, register.BOOK, store.rules)
    assert is_crowded(register, book_names(register)[:40], store.rules) or len(book_names(register)) < 20


@every_register
def test_every_field_of_the_form_may_be_a_column(store: Store, register: type[Record]) -> None:
    names = book_names(register)
    assert names[: len(register.BOOK)] == register.BOOK
    found = book(store, register, YEAR, NOON, names)
    assert len(found.columns) == len(names)
    assert book_title(register)


def test_an_event_of_the_other_year_is_not_in_the_book(store: Store) -> None:
    saved(store, event(held_on=date(2021, 12, 2)))
    assert book(store, store.catalogue["publicity_event"], YEAR, NOON).rows == ()
