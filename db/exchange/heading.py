"""Finds the heading of a ledger among title lines: one, two or three rows of labels, some of them merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.exchange.book import Cell, Merge, Sheet, Unreadable
from db.exchange.targets import Targets, bare, folded

LOOKED_AT = 60  # rows in which the heading must begin
MOST_HEADING_ROWS = 3
LONGEST_LABEL = 40

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=\s*(?:年|$|[^0-9]))")
_MONTH = re.compile(r"(?<![0-9])(1[0-2]|0?[1-9])\s*月|(十[一二]?|[一二三四五六七八九])月")


@dataclass(frozen=True)
class Heading:
    """Rows `first` to `last` (from 0) of a sheet are its heading; `labels` are what each column may be called.

    The labels of a column go from the most to the least telling: all rows of the heading together, the lowest, the
    upper ones. A column without any is empty.
    """

    first: int
    last: int
    labels: tuple[tuple[str, ...], ...]

    def label(self, column: int) -> str:
        """What a column is called on screen."""
        return self.labels[column][0] if column < len(self.labels) and self.labels[column] else ""


def text_of(cell: Cell) -> str:
    """A cell as a heading or a title shows it, on one line."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, Unreadable):
        return cell.text
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def find_heading(sheet: Sheet, known: Targets) -> Heading | None:
    """The rows with the most labels that the register knows; None when no row has two of them."""
    merges = _by_row(sheet.merges)
    best: tuple[float, Heading] | None = None
    for first in range(min(len(sheet.rows), LOOKED_AT)):
        if not any(map(text_of, sheet.rows[first])):
            continue
        for last in range(first, min(first + MOST_HEADING_ROWS, len(sheet.rows))):
            heading = heading_at(sheet, first, last, merges)
            score = _score(sheet, heading, known)
            if score and (best is None or score > best[0]):
                best = score, heading
    return best[1] if best else None


def heading_at(sheet: Sheet, first: int, last: int, merges: dict[int, list[Merge]] | None = None) -> Heading:
    """The heading that these rows are, whether they look like one or not."""
    rows = [
        _spread(sheet, row, merges if merges is not None else _by_row(sheet.merges)) for row in range(first, last + 1)
    ]
    width = max(map(len, rows), default=0)
    columns: list[tuple[str, ...]] = []
    for column in range(width):
        texts = [row[column] for row in rows if column < len(row)]
        parts = [text for text in dict.fromkeys(texts) if text]
        whole = "".join(parts)
        columns.append(tuple(dict.fromkeys(filter(None, (whole, *reversed(parts))))))
    while columns and not columns[-1]:
        columns.pop()
    return Heading(first, last, tuple(columns))


def _by_row(merges: Sequence[Merge]) -> dict[int, list[Merge]]:
    found: dict[int, list[Merge]] = {}
    for merge in merges:
        if merge[0] <= LOOKED_AT + MOST_HEADING_ROWS:
            for row in range(merge[0], min(merge[2], LOOKED_AT + MOST_HEADING_ROWS) + 1):
                found.setdefault(row, []).append(merge)
    return found


def _spread(sheet: Sheet, row: int, merges: dict[int, list[Merge]]) -> list[str]:
    """The texts of a row, with what is merged standing in each of its places."""
    texts = [text_of(cell) for cell in sheet.rows[row]]
    for top, left, _bottom, right in merges.get(row, ()):
        said = text_of(sheet.rows[top][left]) if top < len(sheet.rows) and left < len(sheet.rows[top]) else ""
        texts.extend([""] * (right + 1 - len(texts)) if right < 1_000 else [])
        for column in range(left, min(right + 1, len(texts))):
            texts[column] = said
    return texts


def _score(sheet: Sheet, heading: Heading, known: Targets) -> float:
    """How many different targets the labels name; 0 for a row that is no heading. Fewer rows win a tie."""
    named: set[str] = set()
    for labels in heading.labels:
        if labels and len(labels[-1]) > LONGEST_LABEL:
            continue
        hit = next(
            (known.meant[word] for label in labels for word in (folded(label), bare(label)) if word in known.meant), ()
        )
        named.update(hit[:1])
    filled = [text for text in map(text_of, sheet.rows[heading.last]) if text]
    strange = sum(any(char.isdigit() for char in text) for text in filled)
    if len(named) < (2 if len([labels for labels in heading.labels if labels]) > 1 else 1) or not filled:
        return 0
    return len(named) - strange - 0.1 * (heading.last - heading.first)


def year_in(*texts: str) -> int | None:
    """The one year that the first telling text names (2022年收文登记簿); None when it names none or several."""
    for text in texts:
        found = {int(year) for year in _YEAR.findall(text)}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def month_in(text: str) -> int | None:
    """The one month that a text names (3月, 十二月); None when it names none or several."""
    found = {int(month) if month else 1 + "一 二 三 四 五 六 七 八 九 十 十一 十二".split().index(word)
             for month, word in _MONTH.findall(text)}  # fmt: skip
    return found.pop() if len(found) == 1 else None
