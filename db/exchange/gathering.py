"""The rows of records in a sheet: below its heading, without sums, captions, repeated headings and footers.

A cell under 同上, 〃 or a merged cell takes the value from above; so does the month or year of a day written apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from db.exchange.book import Cell, Sheet
from db.exchange.heading import text_of
from db.exchange.layout import Layout
from db.exchange.targets import folded
from db.rules.numbering import mend

_SUMS = re.compile(
    r"(?:本页|本月|本年|全年|年度|月度|以上|部门|单位)?(?:合计|小计|总计|共计|累计|总数|汇总)(?:[:：（(].*)?|合\s*计|.{0,12}(?:合计|小计)"
    r"|(?:(?:本页|本月|本年|全年|以上)共?|共)[0-9]+[件份项个]"
)
_FOOTER = re.compile(
    r"(?:填报|填表|制表|审核|审批|登记|经办|复核|负责|联系|校对|统计|单位负责|分管领导|主管领导)(?:人|单位|领导|时间|日期)?(?:[（(]?(?:签字|签章|盖章)[)）]?)?\s*[:：]"
    r"|(?:注|备注|说明|填表说明|附注)\s*[:：]|第\s*\d+\s*页|共\s*\d+\s*页|[—-]\s*\d+\s*[—-]$|以下空白|\(?以下无正文"
)
# 一、行政执法方面: a heading over the rows of a group, amid rows that are numbered in figures.
_GROUP = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?")
_MOST_OF_A_GROUP, _LEAST_COLUMNS = 2, 4
_AGAIN = ("同上", "同前", "〃")
_TAIL = re.compile(
    r"(?:同上|同前|〃)字?\s*(?P<year>[^\w\s]\s*[0-9]{4}\s*年?\s*[^\w\s])?\s*第?\s*(?P<order>[0-9]{1,5})\s*号?"
)
_HEAD = re.compile(r"(?P<series>[\u4e00-\u9fff]{2,12})(?P<year>〔[0-9]{4}〕)[0-9]")
_DITTO = frozenset('〃 " ″ “ ” ″″ "" ′′ \'\' 〞 同上 同前 同 同左 上同 〃〃 ＂ 々'.split())
_BEGINS = frozenset(" \u3000(（").union(word[0] for word in _DITTO)


@dataclass(frozen=True)
class Gathered:
    """One row of a sheet that may be a record: its number in the sheet from 1, its cells by column of the layout.

    `carried` are the places in `cells` whose value was taken from above.
    """

    number: int
    cells: tuple[Cell, ...]
    carried: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LeftOut:
    """A row that is no record, and why: a sum, a caption, a footer, the heading again."""

    sheet: str
    number: int
    text: str
    why: str


def gather(sheet: Sheet, layout: Layout, carried_down: Sequence[int]) -> Iterator[Gathered | LeftOut]:
    """Every row below the heading that holds anything; `carried_down` are columns whose blanks repeat what is above."""
    places = [column.at for column in layout.columns]
    under = _under_merges(sheet, layout)
    labels = [folded(column.label) if column.is_named else "" for column in layout.columns]
    said = frozenset(" ".join(text.split()) for labels_of in layout.heading.labels for text in labels_of)
    begins = frozenset(text[:1] for text in said)
    above: list[Cell] = [None] * len(places)
    down = frozenset(carried_down)
    end = len(sheet.rows) if layout.until is None else layout.until
    for at in range(layout.heading.last + 1, end):
        row = sheet.rows[at]
        if not any(cell is not None and cell not in {"", " "} for cell in row):
            continue
        cells = [row[place] if place < len(row) else None for place in places]
        why = _no_record(row, cells, labels, said, begins)
        if why is not None:
            if why:
                yield LeftOut(sheet.name, at + 1, " ".join(filter(None, map(text_of, row)))[:80], why)
            continue
        carried: list[int] = []
        for index, cell in enumerate(cells):
            place = (at, places[index])
            if cell is None or cell == "":
                if place in under:
                    cells[index] = under[place]
                    carried.append(index)
                elif index in down and above[index] is not None:
                    cells[index] = above[index]
            elif type(cell) is str and cell[0] in _BEGINS and (told := _from_above(cell, above[index])):
                cells[index] = told
                carried.append(index)
        above = cells
        held = [index for index, cell in enumerate(cells) if cell is not None and cell != ""]
        if held and not any(layout.columns[index].is_named for index in held):
            yield LeftOut(sheet.name, at + 1, " ".join(filter(None, map(text_of, row)))[:80], "只写在没有列名的格子里")
        elif held:
            yield Gathered(at + 1, tuple(cells), frozenset(carried))


def _from_above(cell: str, above: Cell) -> Cell:
    """What a text takes from the cell above, where it says 同上 or begins with it as a number does; None for others."""
    if len(cell) < 8 and cell.strip(" \u3000()（）") in _DITTO:
        return above
    return _numbered(cell, above) if cell.startswith(_AGAIN) else None


def _numbered(cell: str, above: Cell) -> str:
    """The number that 同上〔2022〕4号 or 同上5号 is below another one; empty where either says anything else."""
    tail, head = _TAIL.fullmatch(cell), _HEAD.match(mend(above)) if type(above) is str else None
    if tail is None or head is None:
        return ""
    return mend(f"{head['series']}{tail['year'] or head['year']}{tail['order']}号")


def _under_merges(sheet: Sheet, layout: Layout) -> dict[tuple[int, int], Cell]:
    """The value of each place below the first of a cell that is merged downwards."""
    found: dict[tuple[int, int], Cell] = {}
    for top, left, bottom, _right in sheet.merges:
        if bottom > top > layout.heading.last and top < len(sheet.rows) and left < len(sheet.rows[top]):
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                found[row, left] = sheet.rows[top][left]
    return found


def _no_record(
    row: Sequence[Cell], cells: Sequence[Cell], labels: list[str], said: frozenset[str], begins: frozenset[str]
) -> str | None:
    """Why a row is no record; "" for one that is empty to the reader, None for a record.

    `said` are all headings, `begins` their first characters.
    """
    texts = [cell for cell in row if type(cell) is str and cell.strip()]
    filled = len(row) - row.count(None) - row.count("")
    if not texts:
        return None if filled > 1 else "只有一个数字"
    first = texts[0]
    few, is_short = len(texts) <= max(2, len(labels) // 3), len(texts) <= 6 and filled <= 6
    if len(first) < 40 and (few or is_short):
        first = unicodedata.normalize("NFKC", " ".join(first.split()))
        if few and len(first) < 20 and _SUMS.fullmatch(first.replace(" ", "")):
            return "合计行"
    if is_short and _FOOTER.match(first):
        return "表尾说明"
    if sum(" ".join(text.split()) in said for text in texts if text.lstrip()[0] in begins and len(text) < 40) > 1:
        told = [folded(text_of(cell)) for cell in cells]
        same = sum(bool(text) and label.endswith(text) for text, label in zip(told, labels, strict=True))
        if same >= 2 and same * 2 > sum(map(bool, told)):
            return "重复的表头"
    is_group = len(texts) == filled <= _MOST_OF_A_GROUP and len(labels) > _LEAST_COLUMNS
    is_alone = filled == 1 and len(labels) > 2 and row[0] not in (None, "")
    return "小标题" if is_group and _GROUP.fullmatch(first) else "只有第一格有内容" if is_alone else None
