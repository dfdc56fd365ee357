"""Finds the heading of a ledger among title lines: one, two or three rows of labels, some of them merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.exchange.book import Cell, Merge, Sheet, Unreadable
from db.exchange.periods import is_period, tells_progress
from db.exchange.readings import line_text, plain_text
from db.exchange.targets import Targets, bare, folded

LOOKED_AT = 60  # rows in which the heading must begin
MOST_HEADING_ROWS = 3
LONGEST_LABEL = 40
_TITLE_LINES = 4  # over a further table
_LEAST_NAMED = 3  # columns that a further table on a sheet must name

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=\s*(?:年|$|[^0-9]))")
_WRITTEN_YEAR = re.compile(r"[一二][〇○零OＯ0一二三四五六七八九]{3}(?=\s*年)")
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
    if isinstance(cell, date):
        return plain_text(cell)
    return line_text(cell) if isinstance(cell, str) else " ".join(str(cell).split())


def find_heading(sheet: Sheet, known: Targets) -> Heading | None:
    """The rows with the most labels that the register knows; None when no row has two of them."""
    merges = _by_row(sheet.merges)
    best: tuple[float, Heading] | None = None
    for first in range(min(len(sheet.rows), LOOKED_AT)):
        if any(map(text_of, sheet.rows[first])):
            found = _best_from(sheet, first, known, merges)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
    return best[1] if best else None


def find_headings(sheet: Sheet, known: Targets) -> list[Heading]:
    """The heading of the sheet, and those of further tables below it; none when it has no heading.

    The same heading again, on each printed page, begins no other table.
    """
    first = find_heading(sheet, known)
    if first is None:
        return []
    found = [first]
    begins = frozenset(word[0] for word in known.meant if word) | frozenset("序")
    skipped = first.last
    for at in range(first.last + 1, len(sheet.rows)):
        if at <= skipped or not _may_be_heading(sheet.rows[at], begins):
            continue
        heading = _best_from(sheet, at, known, _by_row(sheet.merges, at))
        if heading is not None:
            skipped = heading[1].last
            if heading[0] >= _LEAST_NAMED and not _is_again(heading[1], found[-1]):
                found.append(heading[1])
    return found


def _may_be_heading(row: Sequence[Cell], begins: frozenset[str]) -> bool:
    """Whether most texts of a row begin as headings do; quick, since it is asked of every row."""
    hits = misses = 0
    for cell in row:
        if type(cell) is str and cell:
            if len(cell) <= LONGEST_LABEL and cell.lstrip()[:1] in begins:
                hits += 1
            else:
                misses += 1
                if misses > hits + 1:
                    return False
    return hits >= _LEAST_NAMED and hits > misses


def _best_from(
    sheet: Sheet, first: int, known: Targets, merges: dict[int, list[Merge]]
) -> tuple[float, Heading] | None:  # fmt: skip
    """The heading that begins in a row and names the most, with how much that is; None when it names nothing."""
    best: tuple[float, Heading] | None = None
    for last in range(first, min(first + MOST_HEADING_ROWS, len(sheet.rows))):
        heading = heading_at(sheet, first, last, merges)
        score = _score(sheet, heading, known)
        if score and (best is None or score > best[0]):
            best = score, heading
    return (best[0], _with_parts(sheet, _with_spans(sheet, best[1], merges), merges)) if best else None


def _with_spans(sheet: Sheet, heading: Heading, merges: dict[int, list[Merge]]) -> Heading:
    """A heading with the row above it, where labels there span several columns (一审, 二审) and others reach down."""
    at = heading.first - 1
    above = merges.get(at, ())
    reaches = any(bottom > at and left == right for _top, left, bottom, right in above)
    spans = any(bottom == at and right > left for _top, left, bottom, right in above)
    return heading_at(sheet, at, heading.last, merges) if reaches and spans else heading


def _with_parts(sheet: Sheet, heading: Heading, merges: dict[int, list[Merge]]) -> Heading:
    """A heading with the row below it, where that says but what the parts of labels are that span several columns.

    So stand 牵头 and 配合 under 责任单位; months under 完成情况 also where that has but empty cells beside it.
    """
    at = heading.last + 1
    row = [text_of(cell) for cell in sheet.rows[at]] if at < len(sheet.rows) else []
    places = [column for column, text in enumerate(row) if text]
    if len({row[column] for column in places}) < max(2, len(places)) or max(map(len, row)) > LONGEST_LABEL:
        return heading
    wide = {**merges, heading.last: [*merges.get(heading.last, ())]}
    above = [*_spread(sheet, heading.last, merges), *[""] * len(row)]
    spans: list[str] = []
    for column in places:
        left = next((one for one in reversed(range(column + 1)) if above[one]), None)
        if left is None or not all(map(is_period, row[left:column])):
            return heading
        spans.append(above[left])
        wide[heading.last] += [(heading.last, left, heading.last, column)] if left < column else []
    return heading if 1 in map(spans.count, spans) else heading_at(sheet, heading.first, at, wide)


def _is_again(heading: Heading, before: Heading) -> bool:
    """Whether a heading says nothing else than the one before, column by column."""
    return all(
        not labels or bool({*map(folded, labels)} & {*map(folded, before.labels[at])})
        for at, labels in enumerate(heading.labels[: len(before.labels)])
    ) and not any(heading.labels[len(before.labels) :])


def titles_over(sheet: Sheet, heading: Heading, first: Heading | None = None) -> list[str]:
    """The title lines over a heading, from above; of a table below the `first` one its own, then those of the sheet."""
    told = [[text for text in map(text_of, row) if text] for row in sheet.rows[: (first or heading).first]]
    own: list[list[str]] = []
    for row in sheet.rows[max(0, heading.first - _TITLE_LINES) : heading.first] if first else ():
        texts = [text for text in map(text_of, row) if text]
        own = [*own, texts] if len(texts) < _LEAST_NAMED else []
    return [" ".join(texts) for texts in (*own, *told) if texts]


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


def _by_row(merges: Sequence[Merge], first: int = 0) -> dict[int, list[Merge]]:
    """The merges that touch the rows in which a heading may stand, from `first` on."""
    found: dict[int, list[Merge]] = {}
    end = first + LOOKED_AT + MOST_HEADING_ROWS
    for merge in merges:
        if merge[0] <= end and merge[2] >= first:
            for row in range(max(merge[0], first), min(merge[2], end) + 1):
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
    strange = sum(any(map(str.isdigit, text)) and not tells_progress(text) for text in filled)
    if len(named) < (2 if len([labels for labels in heading.labels if labels]) > 1 else 1) or not filled:
        return 0
    return len(named) - strange - 0.1 * (heading.last - heading.first)


def year_in(*texts: str) -> int | None:
    """The one year that the first telling text names (2022年收文登记簿); None when it names none or several."""
    for text in texts:
        found = {int(year) for year in _YEAR.findall(text)}
        found |= {int("".join(map(_numeral, year))) for year in _WRITTEN_YEAR.findall(text)}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def _numeral(sign: str) -> str:
    return str(max("〇一二三四五六七八九".find(sign), 0))


def month_in(text: str) -> int | None:
    """The one month that a text names (3月, 十二月); None when it names none or several."""
    found = {int(month) if month else 1 + "一 二 三 四 五 六 七 八 九 十 十一 十二".split().index(word)
             for month, word in _MONTH.findall(text)}  # fmt: skip
    return found.pop() if len(found) == 1 else None
