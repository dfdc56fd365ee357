"""Names that come into the ledger complete at once: typed or imported, of a record or of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from db.directory.units import Unit
from db.exchange.applying import apply
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.legal_case import Agent, LegalCase
from db.registers.study_session import StudySession
from db.store.office import put_unit
from db.store.search import RECENT
from db.store.store import Store
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords

pytestmark = pytest.mark.usefixtures("qapp")  # telling of a change starts a timer
STUDY = ["学习时间", "学习内容", "主持人", "参加人员", "记录人"]


@pytest.fixture
def known(words: OfficeWords) -> OfficeWords:
    """The names of the office, asked for once already."""
    assert words.complete("person", "zgl") == words.complete("unit", "zgl") == []
    return words


def names(words: OfficeWords, kind: str, typed: str) -> list[str]:
    """What is proposed."""
    return [one.text for one in words.complete(kind, typed)]


def bring_in(actions: Actions, register: type[Record], path: Path, *rows: Sequence[object]) -> int:
    """Import a workbook with these rows; give back the number of the change."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    change = apply(actions.store, Plan(actions.store, register, read(path))).change
    actions.told(change)
    return change.id


@pytest.mark.parametrize("count", [1, 30], ids=["one row", "many rows"])
def test_people_and_units_of_an_import_complete_without_a_new_start(
    known: OfficeWords, actions: Actions, tmp_path: Path, count: int
) -> None:
    head = ("收文日期", "来文单位", "来文字号", "标题", "承办人")
    rows = [
        ("2022.3.5", "县瞻仰馆", f"蓝瞻〔2022〕{at}号", f"关于第{at}次布展的报告", "祝广陵")
        for at in range(1, count + 1)
    ]
    bring_in(actions, Incoming, tmp_path / "收.xlsx", head, *rows)
    assert names(known, "person", "zgl") == ["祝广陵"]
    assert names(known, "unit", "xzyg") == ["县瞻仰馆"]


def test_people_in_the_lines_of_an_import_complete(known: OfficeWords, actions: Actions, tmp_path: Path) -> None:
    bring_in(
        actions,
        StudySession,
        tmp_path / "学.xlsx",
        STUDY,
        ["2022.1.18", "《森林防火条例》", "肖国平", "祝广陵、周翱", "陈思远"],
    )
    assert names(known, "person", "zgl") == ["祝广陵"]
    assert names(known, "person", "za") == ["周翱"]


def test_people_in_lines_complete_after_the_next_start_too(store: Store, tmp_path: Path) -> None:
    rows = ["2022.1.18", "《森林防火条例》", "肖国平", "祝广陵", "陈思远"]
    bring_in(Actions(store), StudySession, tmp_path / "学.xlsx", STUDY, rows)
    assert names(OfficeWords(Actions(store)), "person", "zgl") == ["祝广陵"]


def test_a_lone_letter_proposes_only_names_that_it_begins(known: OfficeWords) -> None:
    assert names(known, "unit", "c") == []
    assert "县财政局" in names(known, "unit", "x")
    assert names(known, "unit", "cz") == ["县财政局"]


def test_a_unit_is_proposed_by_the_letters_of_what_it_is_called_for_short_as_in_a_search(known: OfficeWords) -> None:
    assert names(known, "unit", "tfzzf") == names(known, "unit", "tfzrmzf") == ["塔峰镇人民政府"]


def test_whose_letters_were_typed_whole_comes_before_one_that_goes_on(known: OfficeWords, actions: Actions) -> None:
    for unit in ("永州市人民政府办公室", "永州市人民政府办公室", "永州市人民政府"):
        actions.save(Incoming(received_on=date(2022, 3, 1), from_unit=unit, source_level="市", title="函", kind="函"))
    for typed in ("yzsrmzf", "yzszf"):
        assert names(known, "unit", typed) == ["永州市人民政府", "永州市人民政府办公室"]
    assert names(known, "unit", "yzs")[0] == "永州市人民政府办公室"


def test_one_who_is_typed_into_a_line_completes_in_the_next_record(known: OfficeWords, actions: Actions) -> None:
    case = LegalCase(kind="行政诉讼一审", title="张某某诉县政府", received_on=date(2022, 3, 1))
    case.rows[Agent.key()] = [Agent(kind="公职律师", person="祝广陵", unit="县瞻仰馆")]
    actions.save(case)
    assert names(known, "person", "zgl") == ["祝广陵"]
    assert names(known, "unit", "xzyg") == ["县瞻仰馆"]


def test_letters_that_were_saved_instead_of_a_name_are_no_name(known: OfficeWords, actions: Actions) -> None:
    for _time in range(2):
        letter = Incoming(received_on=date(2022, 3, 1), from_unit="xczj", source_level="市", title="函", kind="函")
        actions.save(letter)
        assert names(known, "unit", "xczj") == ["县财政局"]
        assert [one.field for one in known.strangers(letter, {"from_unit"})] == ["from_unit"]
    assert names(OfficeWords(actions), "unit", "xczj") == ["县财政局"]


def test_those_who_are_met_more_often_come_first(known: OfficeWords, actions: Actions, tmp_path: Path) -> None:
    rows = [
        ["2022.1.18", "《森林防火条例》", "祝国力", "赵高良", ""],
        ["2022.2.18", "《种子法》", "赵高良", "赵高良", ""],
    ]
    bring_in(actions, StudySession, tmp_path / "学.xlsx", STUDY, *rows)
    assert [(one.text, one.uses) for one in known.complete("person", "zgl")] == [("赵高良", 3), ("祝国力", 1)]


@pytest.fixture
def read_again(known: OfficeWords, store: Store) -> list[str]:
    """The registers' tables whose names are read from now on."""
    tables: list[str] = []

    def note(statement: str) -> None:
        if statement.endswith(f"LIMIT {RECENT}"):
            tables.append(statement.partition(' FROM "')[2].partition('"')[0])

    store.connection.set_trace_callback(note)
    return tables


def test_a_new_unit_in_the_directory_completes_and_no_register_is_read_again(
    known: OfficeWords, read_again: list[str], actions: Actions
) -> None:
    actions.edit(lambda store: put_unit(store, Unit(name="县瞻仰馆", level="县直部门")))
    assert names(known, "unit", "xzyg") == ["县瞻仰馆"]
    assert read_again == []


def test_after_many_records_only_their_own_register_is_read_again(
    known: OfficeWords, read_again: list[str], actions: Actions, tmp_path: Path
) -> None:
    head = ("收文日期", "来文单位", "来文字号", "标题", "承办人")
    rows = [("2022.3.5", "县瞻仰馆", f"蓝瞻〔2022〕{at}号", "关于布展的报告", "祝广陵") for at in range(1, 31)]
    bring_in(actions, Incoming, tmp_path / "收.xlsx", head, *rows)
    assert names(known, "person", "zgl") == ["祝广陵"]
    assert set(read_again) <= {table.key() for table in (Incoming, *Incoming.LINES)}
