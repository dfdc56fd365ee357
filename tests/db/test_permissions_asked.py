"""Nothing is written past the roles: whatever opens a transaction asks for a permission, or is named here with why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.rules.permissions import permissions
from tests.test_house import tree_of

DB = Path(__file__).parents[2] / "db"
# Transactions of their own, beside `Store.change`, which asks for "save" unless told otherwise.
OWN = {
    "change": "asks itself",
    "set_office": "asks by require_for",
    "keep_draft": "asks by may",
    "merge_index": "the search index, derived",
    "_prove": "counts wrong passwords, of whoever tries",
    "_note": "the log of sign-ins, of whoever tries",
    "_set": "called by what asks, see below",
    "keep": "of second_place: by what it is known, after `choose` asked; not the office's choice itself",
    "look_through": "where the clock went back: derived from the journal",
}
UNASKED = {"begin", "recover", "sign_in", "sign_out"}  # of db.store.accounts: the first account, the code, the door
READING = {"are_used", "are_in", "are_lost", "may", "why_not", "require", "require_for", "waiting", "only_looks"}
ASKING = {"require", "_prove"}


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions of a module."""
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))


def calls(function: ast.FunctionDef, name: str) -> list[ast.Call]:
    """The calls of something of this name in a function."""
    found = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return [node for node in found if name == getattr(node.func, "attr", getattr(node.func, "id", ""))]


def test_only_these_open_a_transaction_of_their_own() -> None:
    opening = {
        function.name
        for path in DB.rglob("*.py")
        for function in functions(path)
        if any(not call.args for call in calls(function, "writing"))  # with a path it is a file that is written
    }
    assert opening == set(OWN)


def test_each_change_asks_for_a_permission_that_exists() -> None:
    asked: list[tuple[str, object]] = []
    for path in DB.rglob("*.py"):
        for function in functions(path):
            for call in calls(function, "change"):
                given = [word.value for word in call.keywords if word.arg == "may"]
                asked += [(function.name, value.value) for value in given if isinstance(value, ast.Constant)]
    assert asked
    assert {name for name, may in asked if may is None} == {"_deed"}
    assert {may for _name, may in asked if may} <= set(permissions())


@pytest.mark.parametrize("function", list(functions(DB / "store" / "accounts.py")), ids=lambda function: function.name)
def test_what_alters_accounts_asks_first(function: ast.FunctionDef) -> None:
    if function.name.startswith("_") or function.name in UNASKED | READING:
        return
    assert any(calls(function, name) for name in ASKING)
