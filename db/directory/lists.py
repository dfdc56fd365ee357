"""Lists of units or people as offices have them: a .csv file (UTF-8 or GB18030), or cells pasted from a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from db.directory.people import Person
from db.directory.units import Unit
from db.errors import Problem, Refused
from db.rules.typed_dates import read_date
from db.rules.workdays import Workdays

UNIT_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("全称", "单位全称", "单位名称", "单位", "名称"),
    "short_name": ("简称", "单位简称"),
    "aliases": ("别名", "曾用名", "其他名称"),
    "level": ("级别", "类别", "单位级别", "来文级别"),
    "parent": ("上级单位", "上级", "主管单位"),
    "active_from": ("启用", "成立", "成立日期", "启用日期"),
    "active_to": ("停用", "撤销", "停用日期", "撤销日期"),
    "successor": ("并入或改为", "并入", "改为", "继任单位"),
    "pinyin": ("拼音", "拼音首字母"),
}
PERSON_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "名字"),
    "unit": ("单位", "工作单位", "部门", "科室"),
    "post": ("职务", "职位", "岗位"),
    "role": ("类别", "身份"),
    "active_from": ("任职", "任职日期", "到任"),
    "active_to": ("离任", "离任日期", "离职"),
    "pinyin": ("拼音", "拼音首字母"),
}
MOST = 5_000  # rows of one list
_DATES = ("active_from", "active_to")


def decode(content: bytes) -> str:
    """The text of a file as UTF-8 or, where it is not, GB18030.

    Raises:
        Refused: when it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("这个文件不是文字清单：请在表格软件里另存为 CSV，或复制后粘贴")


def read_units(text: str, today: date, days: Workdays) -> list[Unit]:
    """The units of a list. Raises Refused as `_read` does."""
    return [Unit(**values) for values in _read(text, UNIT_HEADS, today, days)]


def read_people(text: str, today: date, days: Workdays) -> list[Person]:
    """The people of a list. Raises Refused as `_read` does."""
    return [Person(**values) for values in _read(text, PERSON_HEADS, today, days)]


def _read(text: str, heads: Mapping[str, tuple[str, ...]], today: date, days: Workdays) -> list[dict[str, Any]]:
    """Field -> value of every row; without a line of headings the first column is the name.

    Raises:
        Refused: when there is no row, too many, no column for the name, or a date that cannot be read; with the line.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max("\t,;，", key=first.count)
    if mark == "，":  # a clerk's own comma
        text, mark = text.replace("，", ","), ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise Refused("清单里没有内容")
    if len(rows) > MOST:
        raise Refused(f"清单有{len(rows):,}行，一次最多{MOST:,}行；请分几次导入")
    known = {word: name for name, words in heads.items() for word in words}
    columns = [known.get(cell, "") for cell in rows[0]]
    if any(columns):
        rows = rows[1:]
        if "name" not in columns:
            raise Refused(f"表头里没有“{heads['name'][0]}”这一列")
    else:
        columns = ["name"]
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for at, row in enumerate(rows, 1):
        values: dict[str, Any] = {name: cell for name, cell in zip(columns, row, strict=False) if name}
        for name in _DATES:
            try:
                values[name] = read_date(values.get(name, ""), today, days)
            except ValueError as error:
                problems.append(Problem(name, f"第{at}行：{error}"))
        found.append(values)
    if problems:
        raise Refused(problems)
    return found
