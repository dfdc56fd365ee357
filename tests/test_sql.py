"""No value ever becomes part of a statement: SQL is put together from declared names only, values are bound.

Linters cannot tell a name from a value (S608 is off in `db`), so the words that may stand between the braces of an
SQL text are listed here: each is the name of a table or column that the catalogue has checked, a clause made of such
names and question marks, or a whole number of the program's own; constants need no mention.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_house import PROGRAM, name_of, source, tree_of

SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|ATTACH|FROM|WHERE|VALUES)\b")
NAMES = {
    "key()", "table", "column", "columns", "keys", "quoted", "names",
    "key", "name", "register", "row[0]", "record", "source", "index", "day", "owner", "place", "spread",
    "holder",
    "reserved",
}  # fmt: skip
CLAUSES = {
    "sql", "where", "condition", "_where()", "within()", "joins", "live", "inside", "deleted", "duty", "todo", "either",
    "what", "sums", "numbers", "expression", "group_expression()", "order", "by_id", "both",
    "files", "wanted", "settings", "definition", "pragma", "marks", "'?'", "'NOT NULL'", "' AND '", "counts",
    "before", "end", "known",
}  # fmt: skip
NUMBERS = {
    "version", "at", "kept",
    "len()", "int()", "last", "length", "limit", "number", "map str",
}  # fmt: skip
CONSTANT = re.compile("_?[A-Z][A-Z_]+")


def word_of(node: ast.expr) -> str:
    """What stands between braces, by its last name."""
    word = ast.unparse(node)
    match node:
        case ast.Call(func=ast.Attribute(attr="join"), args=[parts]):
            word = word_of(parts)
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=made), *_]):
            word = f"map {made}"
        case ast.Call(func=called):
            word = f"{word_of(called)}()"
        case ast.Attribute(attr=name) | ast.Name(id=name):
            word = name
        case ast.GeneratorExp(elt=made):
            word = word_of(made)
        case ast.BinOp(left=ast.Constant() as text, op=ast.Mult()) | ast.IfExp(body=ast.Constant() as text):
            word = ast.unparse(text)
        case ast.Subscript(value=owner) if word_of(owner) in ("columns", "keys"):
            word = word_of(owner)
        case ast.IfExp(body=ast.JoinedStr(values=[ast.Constant() as text, *_])):
            word = ast.unparse(text)
        case _:
            pass
    return word


def faults(tree: ast.Module) -> Iterator[str]:
    """SQL texts with something in them that is no known name, clause or number, or that are put together otherwise."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=values):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in values)
                if not SQL.search(text):
                    continue
                words = [word_of(part.value) for part in values if isinstance(part, ast.FormattedValue)]
                known = NAMES | CLAUSES | NUMBERS
                yield from (word for word in words if word not in known and not CONSTANT.fullmatch(word))
                if re.search(r"'[^']*\0[^']*'", re.sub(r'"[^"]*"', "", text)):
                    yield f"within quotation marks: {text}"
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()) if SQL.search(text):
                yield f"%: {text}"
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")) if SQL.search(text):
                yield f"format: {text}"
            case _:
                pass


def test_statements_are_made_of_names_only_and_values_are_bound() -> None:
    found = {name_of(path): sorted(set(faults(tree_of(path)))) for path in PROGRAM}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_script_of_statements_is_run_on_a_ledger() -> None:
    scripts = ("executescript", "load_extension", "enable_load_extension")
    calls = {name_of(path) for path in PROGRAM for name in source(path).attributes if name.split(".")[1] in scripts}
    assert calls == set()


@pytest.mark.parametrize(
    "statement",
    [
        "f'SELECT id FROM \"{table}\" WHERE title = {title}'", "f\"SELECT id FROM outgoing WHERE title = '{text}'\"",
        "f\"SELECT id FROM outgoing WHERE number = '{number}'\"", "'SELECT id FROM outgoing WHERE id = %s' % number",
        "'DELETE FROM {}'.format(table)",
    ],
)  # fmt: skip
def test_the_measure_sees_a_value_in_a_statement(statement: str) -> None:
    assert list(faults(ast.parse(statement)))
    assert not list(faults(ast.parse('f\'SELECT "{column}" FROM "{register.key()}" WHERE {where} LIMIT ?\'')))
