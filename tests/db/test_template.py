"""Templates to fill in and import: what is asked for is marked, the office's words can be chosen, names stay text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.errors import Refused
from db.exchange.columns import CHOICES, NOTES, REQUIRED, number_label, sheet_title
from db.exchange.template import ROWS, export_template
from db.store.store import Store


def made(store: Store, key: str, folder: Path) -> Any:
    """The template of a register, opened."""
    path = folder / f"{key}.xlsx"
    export_template(store, store.catalogue[key], path)
    return openpyxl.load_workbook(path)


def test_every_register_has_a_template_with_what_it_asks_for(demo: Store, tmp_path: Path) -> None:
    for register in demo.catalogue:
        book = made(demo, register.key(), tmp_path)
        wanted = [sheet_title(register), *(sheet_title(register, kind) for kind in register.LINES), NOTES, CHOICES]
        assert book.sheetnames == wanted
        heads = [cell.value for cell in book[sheet_title(register)][1]]
        assert heads[0] == number_label(register)
        assert {head[:-1] for head in heads if head.endswith(REQUIRED)} == {
            register.label(name) for name in register.MUSTS if name not in register.DERIVED
        }
        assert book[sheet_title(register)].max_row == 1
        for kind in register.LINES:
            heads = [cell.value for cell in book[sheet_title(register, kind)][1]]
            assert heads[0] == f"{number_label(register)}{REQUIRED}"
            for name in kind.MUSTS:
                assert f"{kind._meta.fields[name].verbose_name}{REQUIRED}" in heads


def test_drop_downs_hold_the_words_of_the_office(demo: Store, tmp_path: Path) -> None:
    book = made(demo, "incoming", tmp_path)
    page, words = book["收文"], book[CHOICES]
    letters = {cell.value: cell.column_letter for cell in page[1]}
    found = {str(one.sqref).split(":")[0].rstrip("0123456789"): one for one in page.data_validations.dataValidation}
    for label, vocabulary, closed in (("来文级别*", "source_level", True), ("退文原因", "return_reason", False)):
        rule = found[letters[label]]
        assert str(rule.sqref).endswith(str(ROWS + 1))
        assert (rule.type, bool(rule.showErrorMessage)) == ("list", closed)
        column = rule.formula1.split("$")[1]
        chosen = [words[f"{column}{row}"].value for row in range(2, int(rule.formula1.split("$")[-1]) + 1)]
        assert tuple(chosen) == demo.rules.words(vocabulary)
    assert found[letters["收文日期*"]].type == "date"
    assert found[letters["份数"]].type == "whole"


def test_numbers_that_are_names_are_typed_as_text(demo: Store, tmp_path: Path) -> None:
    page = made(demo, "incoming", tmp_path)["收文"]
    places = {cell.value: at for at, cell in enumerate(page[1], 1)}
    spans = page.column_dimensions.values()  # openpyxl holds columns of one look together
    for label in ("编号", "来文字号", "电话", "归档号"):
        assert next(one.number_format for one in spans if one.min <= places[label] <= one.max) == "@"


def test_the_explanation_names_every_column(demo: Store, tmp_path: Path) -> None:
    for register in demo.catalogue:
        book = made(demo, register.key(), tmp_path)
        named = {(row[0], row[1]) for row in book[NOTES].iter_rows(min_row=2, values_only=True)}
        for page in book.worksheets[:-2]:
            assert {(page.title, cell.value.rstrip(REQUIRED)) for cell in page[1]} <= named


def test_a_template_is_a_workbook(demo: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\.xlsx"):
        export_template(demo, demo.catalogue["incoming"], tmp_path / "模板.csv")
