"""A form as text: its title, its boxes and tables, and what stands in them. The office edits it in the program.

One line says one thing, `word：text`; lines that begin with no such word go on with the text before them.

- 名称： its name. 台账： keys of registers, or 全部. 每张： 记录 (one each), 全部 (one for all), or a field (one for
  each of its values). 条件： which records it is for, joined by ； (db/summaries/conditions.py). 期间： the
  date that a period chooses by. 顺序： the field that a list is ordered by. 纸张：横 lays it across.
- 标题： and under it 左上： 右上： ; 页脚： at the foot of several pages; 二维码：有 finds the record again.
- 框 30: a row of boxes, at least so many points high, then its boxes with their share of the width: 标签16： 竖标9：
  内容44： 正文77： 题头43： and 落款： for what stands at the lower right of the box before.
- 表 出席情况: a table of lines of that kind, or of 记录; 汇总 field: counts by its values. 列28中：序号={序}: a
  column of so many points (0 = the rest), 左, 中 or 右. 补空 15: at least so many rows. 并排 2: halves side by side.
- 段： 顶格： (not indented) 注： 小标题： 裁： (to cut along) 左右： left〖〗right, and 空 10, a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from db.errors import Problem, Refused
from db.rules.wording import Wording, parse

EACH_RECORD, ALL = "记录", "全部"
BoxKind = Literal["标签", "竖标", "内容", "正文", "题头"]
WordsKind = Literal["段", "顶格", "注", "小标题", "裁", "左右"]
_BOX_KINDS = ("标签", "竖标", "内容", "正文", "题头")
_WORDS_KINDS = ("段", "顶格", "注", "小标题", "裁", "左右")
_NO_BOX = "“落款”前面要先有框里的一格"
_MUSTS = ("名称", "台账", "每张", "标题")
_HEAD = ("名称", "台账", "每张", "纸张", "条件", "顺序", "期间", "标题", "左上", "右上", "页脚", "二维码")
_ALIGN = {"左": "left", "中": "centre", "右": "right"}
_LINE = re.compile(
    rf"(?P<box>{'|'.join(_BOX_KINDS)})(?P<share>[\d.]+)：(?P<filling>.*)"
    rf"|列(?P<width>[\d.]+)(?P<align>[左中右])：(?P<heading>[^=]*)=(?P<cell>.*)"
    rf"|(?P<key>{'|'.join((*_HEAD, *_WORDS_KINDS, '落款'))})：(?P<text>.*)"
    r"|(?P<word>框|表|汇总|补空|并排|字号|空) ?(?P<value>.*)"
)


@dataclass(frozen=True)
class Box:
    """A box: its share of the row's width, how it is set, its text, and what stands at its lower right."""

    kind: BoxKind
    share: float
    text: Wording
    note: Wording = ()


@dataclass(frozen=True)
class BoxRow:
    """Boxes side by side, at least `height` points high."""

    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Grid:
    """Rows of boxes that share their rules."""

    rows: tuple[BoxRow, ...]


@dataclass(frozen=True)
class Column:
    """A column of a list: heading, width in points (0 shares the rest), alignment, text of its cells."""

    head: str
    width: float
    align: Literal["left", "centre", "right"]
    text: Wording


@dataclass(frozen=True)
class Rows:
    """A table: a row for each line of the kind `of`, for each record (`of` = 记录), or for each value of a field.

    With `counted` the rows are the values of the field `of` and each column counts, see `db.summaries.forms`. `least`
    rows are always there, the missing ones empty; `beside` halves stand side by side.
    """

    of: str
    columns: tuple[Column, ...]
    counted: bool = False
    least: int = 0
    beside: int = 1
    size: float = 9.0


@dataclass(frozen=True)
class Words:
    """A paragraph, note, heading, line to cut along (with its heading), or words at the left and at the right."""

    kind: WordsKind
    text: Wording
    right: Wording = ()


@dataclass(frozen=True)
class Gap:
    """So many points of nothing."""

    height: float


Block = Grid | Rows | Words | Gap


@dataclass(frozen=True)
class Template:
    """A form without its values. `registers` are keys; empty: all registers."""

    key: str
    name: str
    registers: tuple[str, ...]
    per: str
    wide: bool
    title: Wording
    left: Wording
    right: Wording
    foot: Wording
    blocks: tuple[Block, ...]
    conditions: tuple[str, ...]
    order: str
    period: str
    code: bool

    @property
    def is_single(self) -> bool:
        """Whether it is one form for each record."""
        return self.per == EACH_RECORD


@dataclass
class _Reading:
    """What is known of a template so far; `fault` names the line that is being read."""

    head: dict[str, str] = field(default_factory=dict[str, str])
    blocks: list[Block] = field(default_factory=list[Block])

    def add_box(self, box: Box) -> None:
        """Put a box at the end of the last row."""
        *rows, row = self._rows("前面要先有一行“框 30”")
        self.blocks[-1] = Grid((*rows, BoxRow(row.height, (*row.boxes, box))))

    def add_note(self, text: Wording) -> None:
        """Give the last box what stands at its lower right."""
        *rows, row = self._rows(_NO_BOX)
        if not row.boxes:
            raise ValueError(_NO_BOX)
        *boxes, box = row.boxes
        self.blocks[-1] = Grid((*rows, BoxRow(row.height, (*boxes, Box(box.kind, box.share, box.text, text)))))

    def _rows(self, fault: str) -> tuple[BoxRow, ...]:
        """The rows of the last block; ValueError(fault) when it has no boxes."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Grid):
            return last.rows
        raise ValueError(fault)

    def table(self) -> Rows:
        """The last block, which must be a table."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Rows):
            return last
        raise ValueError("前面要先有一行“表 记录”")

    def replace_table(self, rows: Rows) -> None:
        """Put `rows` in the place of the last block."""
        self.blocks[-1] = rows


def read(key: str, text: str) -> Template:
    """Read a template.

    Raises:
        Refused: with every line that cannot be understood, by its number.
    """
    reading, problems = _Reading(), list[Problem]()
    for number, line in _statements(text):
        try:
            _take(reading, line)
        except ValueError as error:
            problems.append(Problem("text", f"第{number}行：{error}"))
    head = reading.head
    problems += [Problem("text", f"缺“{name}：”这一行") for name in _MUSTS if name not in head]
    if problems:
        raise Refused(problems)
    registers = () if head["台账"] == ALL else tuple(filter(None, re.split("[、，, ]+", head["台账"])))
    title, left, right, foot = (parse(head.get(name, "")) for name in ("标题", "左上", "右上", "页脚"))
    conditions = tuple(filter(None, (part.strip() for part in head.get("条件", "").split("；"))))
    return Template(
        key, head["名称"], registers, head["每张"], head.get("纸张", "") == "横", title, left, right, foot,
        tuple(reading.blocks), conditions, head.get("顺序", ""), head.get("期间", ""), head.get("二维码") == "有",
    )  # fmt: skip


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the number of its first line; a line that begins none goes on with the one before."""
    number, parts = 0, list[str]()
    for at, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not (line.strip() or parts):
            continue
        if _LINE.match(line) or not parts:
            if parts:
                yield number, "\n".join(parts).rstrip("\n")
            number, parts = at, [line]
        else:
            parts.append(line)
    if parts:
        yield number, "\n".join(parts).rstrip("\n")


def _take(reading: _Reading, statement: str) -> None:
    found = re.fullmatch(_LINE.pattern, statement, re.DOTALL)
    if found is None:
        raise ValueError(f"看不懂“{statement.splitlines()[0][:20]}”")
    part = found.groupdict()
    if part["box"]:
        kind: BoxKind = part["box"]  # type: ignore[assignment]
        reading.add_box(Box(kind, _number(part["share"]), parse(part["filling"])))
    elif part["align"]:
        rows = reading.table()
        column = Column(part["heading"], _number(part["width"]), _ALIGN[part["align"]], parse(part["cell"]))  # type: ignore[arg-type]
        reading.replace_table(_with(rows, columns=(*rows.columns, column)))
    elif part["key"]:
        _take_text(reading, part["key"], part["text"])
    else:
        _take_word(reading, part["word"], part["value"].strip())


def _take_text(reading: _Reading, key: str, text: str) -> None:
    if key in _HEAD:
        parse(text)  # a fault is told with its line
        reading.head[key] = text.strip() if key not in ("左上", "右上") else text
    elif key == "落款":
        reading.add_note(parse(text))
    else:
        left, _mark, right = text.partition("〖〗")
        reading.blocks.append(Words(key, parse(left), parse(right)))  # type: ignore[arg-type]


def _take_word(reading: _Reading, word: str, value: str) -> None:
    if word == "框":
        row = BoxRow(_number(value), ())
        grid = reading.blocks[-1] if reading.blocks else None
        if isinstance(grid, Grid):
            reading.blocks[-1] = Grid((*grid.rows, row))
        else:
            reading.blocks.append(Grid((row,)))
    elif word == "空":
        reading.blocks.append(Gap(_number(value)))
    elif word in ("表", "汇总"):
        if not value:
            raise ValueError(f"“{word}”后面要写列什么，如“表 记录”")
        reading.blocks.append(Rows(value, (), counted=word == "汇总"))
    elif word == "字号":
        reading.replace_table(_with(reading.table(), size=_number(value)))
    else:
        name = {"补空": "least", "并排": "beside"}[word]
        reading.replace_table(_with(reading.table(), **{name: int(_number(value))}))


def _with(rows: Rows, **changed: object) -> Rows:
    return replace(rows, **changed)  # type: ignore[arg-type]


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"“{text[:20]}”应当是数字") from None
    if not 0 <= value <= 1000:
        raise ValueError(f"“{text}”超出0—1000")
    return value
