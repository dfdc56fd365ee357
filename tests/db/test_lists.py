"""Lists of units and people: separators, encodings, headings, and what cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.directory.lists import MOST, decode, read_people, read_units
from db.errors import Refused
from db.rules.workdays import Workdays

TODAY = date(2026, 11, 25)
DAYS = Workdays.from_csv(Path(__file__).parents[2] / "resources" / "holidays" / "days.csv")


@pytest.mark.parametrize("mark", ["\t", ",", ";", "，"])
def test_a_list_with_headings_is_read_by_them(mark: str) -> None:
    text = "\n".join(mark.join(row) for row in (
        ("序号", "单位名称", "简称", "级别", "撤销日期"),
        ("1", "县扶贫开发办公室", "县扶贫办", "县直部门", "2021.5.27"),
        ("", "", "", "", ""),
        ("2", "塔峰镇人民政府", "", "乡镇（街道）"),
    ))  # fmt: skip
    units = read_units(text, TODAY, DAYS)
    assert [(unit.name, unit.short_name, unit.level, unit.active_to) for unit in units] == [
        ("县扶贫开发办公室", "县扶贫办", "县直部门", date(2021, 5, 27)),
        ("塔峰镇人民政府", "", "乡镇（街道）", None),
    ]


def test_a_list_without_headings_is_names() -> None:
    assert [unit.name for unit in read_units("县财政局\r\n县水利局\r\n", TODAY, DAYS)] == ["县财政局", "县水利局"]
    assert [one.name for one in read_people("龙䶮\n陈𫖯", TODAY, DAYS)] == ["龙䶮", "陈𫖯"]


def test_people_bring_their_unit_and_post() -> None:
    (person,) = read_people("姓名\t部门\t职务\t类别\n李喆\t县政府办\t副主任\t领导", TODAY, DAYS)
    assert (person.unit, person.post, person.role) == ("县政府办", "副主任", "领导")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_are_read_as_utf_8_or_gb18030(encoding: str) -> None:
    assert decode("姓名\n龙䶮".encode(encoding)) == "姓名\n龙䶮"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "清单里没有内容"),
        ("简称,级别\n财政局,县直部门", "表头里没有“全称”这一列"),
        ("全称,停用\n县财政局,2021.13.40", "第1行"),
        ("局\n" * (MOST + 1), "一次最多5,000行"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_units(text, TODAY, DAYS)


def test_a_file_that_is_no_text_says_so() -> None:
    with pytest.raises(Refused, match="另存为 CSV"):
        decode(b"PK\x03\x04\xff\xff\x80")
