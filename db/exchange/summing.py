"""What is said once of a whole import instead of at each of its rows: what was guessed, and what the file lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.errors import Problem
from db.exchange.book import Book
from db.exchange.columns import CHOICES, LINE_MARK, NOTES
from db.exchange.guessing import Guessed, told_from
from db.exchange.layout import Layout, is_telling
from db.exchange.readings import NOTHING, plain_text
from db.exchange.rows import Row
from db.record import DateField, Record

_FEW = 4  # different guesses that are named each with its count


@dataclass(frozen=True)
class Guesses:
    """The guesses for one field: how many rows, of which words (all when they are few), told from which fields."""

    field: str
    rows: int
    words: tuple[tuple[str, int], ...]
    sources: tuple[str, ...]


def guesses(rows: Iterable[Row]) -> tuple[Guesses, ...]:
    """What was guessed in the new rows, by field."""
    words: dict[str, Counter[str]] = {}
    sources: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.kind == "new":
            for problem in row.problems:
                if isinstance(problem, Guessed):
                    words.setdefault(problem.field, Counter())[problem.word] += 1
                    sources.setdefault(problem.field, {})[problem.source] = None
    return tuple(
        Guesses(name, found.total(), tuple(found.most_common()), tuple(sources[name])) for name, found in words.items()
    )


def guess_note(register: type[Record], found: Guesses) -> str:
    """One sentence about the guesses for a field."""
    told = "、".join(told_from(register, source) for source in found.sources)
    is_day = isinstance(register._meta.fields[found.field], DateField)
    few = found.words if len(found.words) <= _FEW and not is_day else ()
    words = "、".join(f"{word} {count:,}" for word, count in few)
    shown = f"（{words}）" if words else ""
    return f"{register.label(found.field)}没有写的 {found.rows:,} 行，按{told}填上{shown}，请核对"


def lacking(rows: Iterable[Row], missing: Collection[str]) -> dict[str, int]:
    """How many rows are refused for want of each field that no column gives."""
    found: Counter[str] = Counter()
    for row in rows if missing else ():
        if row.kind == "refused":
            found.update({problem.field for problem in row.problems if problem.kind == "must"} & set(missing))
    return {name: found[name] for name in missing if found[name]}


def lacking_note(register: type[Record], name: str, rows: int) -> str:
    """One sentence about a field that no column gives."""
    return f"表里没有“{register.label(name)}”这一列，{rows:,} 行从别处也看不出来，没有导入"


def only_lacks(problems: Iterable[Problem], missing: Collection[str]) -> bool:
    """Whether a row is refused for nothing but fields that no column gives."""
    fields = {problem.field for problem in problems if problem.kind == "must"}
    return bool(fields) and fields <= set(missing)


def unread(layouts: Sequence[Layout], rows: Iterable[Row]) -> dict[str, int]:
    """The columns that nobody has taken for anything, with the number of rows that say something there."""
    found: Counter[str] = Counter()
    strange = [
        [(at, one.label) for at, one in enumerate(layout.columns) if one.how == "none" and is_telling(one.label)]
        for layout in layouts
    ]
    for row in rows if any(strange) else ():
        found.update(label for at, label in strange[row.layout] if plain_text(row.cells[at]) not in NOTHING)
    return dict(found)


def unread_sheets(book: Book, layouts: Sequence[Layout]) -> dict[str, int]:
    """The sheets that hold something and are not read, but for those that the program writes beside records."""
    read = {layout.sheet for layout in layouts}
    found: dict[str, int] = {}
    for at, sheet in enumerate(book.sheets):
        rows = sum(any(cell is not None and cell != "" for cell in row) for row in sheet.rows) if at not in read else 0
        if rows and not (sheet.is_hidden or LINE_MARK in sheet.name or sheet.name in (NOTES, CHOICES)):
            found[sheet.name] = rows
    return found


def unread_sheets_note(found: Mapping[str, int]) -> str:
    """One sentence about such sheets."""
    sheets = "、".join(f"“{name}”（{rows:,} 行）" for name, rows in found.items())
    return f"没有导入的工作表：{sheets}，列名和导入的表不一样；也要导入的，在“工作表”里选它再导一次（命令行写--sheet）"


def unread_note(found: Mapping[str, int]) -> str:
    """One sentence about such columns."""
    columns = "、".join(f"{label}（{rows:,} 行）" for label, rows in found.items())
    return f"有内容而没有导入的列：{columns}；要留下的，在对列时写明是什么，不知道归哪一栏的选“备注（连同列名）”"
