"""Pinyin initials of units, people and places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.rules.pinyin import Initials

BUNDLED = Initials.from_file(Path(__file__).parents[2] / "resources" / "pinyin" / "initials.txt")


@pytest.mark.parametrize(
    ("text", "initials"),
    [
        ("蓝山县政府", "lsxzf"),
        ("县发展和改革局", "xfzhggj"),
        ("长沙市", "css"),
        ("重庆", "cq"),
        ("行政审批服务局", "xzspfwj"),
        ("农村商业银行", "ncsyyh"),
        ("会计", "kj"),
        ("", ""),
    ],
)
def test_units_are_found_by_their_initials(text: str, initials: str) -> None:
    assert BUNDLED.of(text) == initials


def test_rare_characters_of_names_have_initials() -> None:
    assert BUNDLED.of("喆堃") == "zk"


def test_latin_letters_and_digits_stay_and_all_else_falls_out() -> None:
    assert BUNDLED.of("《A股B2》（2022）、 县！\n") == "agb22022x"


def test_full_width_letters_and_digits_are_folded() -> None:
    assert BUNDLED.of("ＡＢ１２") == "ab12"


def test_a_phrase_reads_otherwise_than_its_characters() -> None:
    table = Initials({"长": "z", "沙": "s", "大": "d", "县": "x"}, {"长沙": "cs", "长沙县": "csx"})
    assert table.of("长大") == "zd"
    assert table.of("长沙县") == "csx"
    assert table.of("大长沙") == "dcs"


def test_a_table_without_phrases_reads_character_by_character() -> None:
    assert Initials({"县": "x"}, {}).of("县。县") == "xx"


def test_a_file_holds_letters_then_phrases_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "initials.txt"
    path.write_text("# 说明\na 阿啊\nc 长\n\n---\n# 词\n长阿 za\n", encoding="utf-8")
    table = Initials.from_file(path)
    assert table.of("长啊 长阿") == "caza"


@given(st.text())
def test_any_text_gives_lower_case_letters_and_digits_only(text: str) -> None:
    initials = BUNDLED.of(text)
    assert initials == "" or (initials.isascii() and initials.isalnum() and initials == initials.lower())


def test_each_character_of_gb2312_has_one_initial() -> None:
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = [char for char in (row.decode("gb2312", errors="ignore") for row in rows) if char]
    assert len(common) == 6763
    assert [char for char in common if len(BUNDLED.of(char)) != 1] == []
