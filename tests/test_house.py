"""Rules of the house that no linter knows: length, docstrings, generic code, the clock, bundled facts."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parents[1]
PROGRAM = [path for package in ("db", "desktop") for path in sorted((HOUSE / package).rglob("*.py"))]
SOURCES = [
    *PROGRAM,
    *(path for folder in ("tests", "resources", "packaging") for path in (HOUSE / folder).rglob("*.py")),
]
REGISTERS = [path for path in (HOUSE / "db" / "registers").glob("*.py") if path.name != "__init__.py"]

FILE_LINES = 400
FUNCTION_LINES = 60
CLOCKS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time",
    "QDate.currentDate", "QDateTime.currentDateTime", "QTime.currentTime",
}  # fmt: skip
CLOCK_FILES = {"desktop/app.py", "desktop/cli.py", "db/store/store.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef | ast.Module


def name_of(path: Path) -> str:
    """The path within the house, with slashes."""
    return path.relative_to(HOUSE).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a source file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method of a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def long_functions(tree: ast.AST) -> list[str]:
    """The functions of more than sixty lines, from the first decorator to the end."""
    found: list[str] = []
    for node in functions(tree):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        if (node.end_lineno or first) - first + 1 > FUNCTION_LINES:
            found.append(node.name)
    return found


def undocumented(tree: ast.Module) -> list[str]:
    """What lacks a docstring: module, classes, public functions and methods of public classes."""
    found = [] if ast.get_docstring(tree) or not tree.body else ["module"]
    owners = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    for owner in owners:
        is_private = isinstance(owner, ast.ClassDef) and owner.name.startswith("_")
        for part in owner.body:
            if not isinstance(part, ast.ClassDef | Function) or (is_private and isinstance(part, Function)):
                continue
            if not ast.get_docstring(part) and not excused(part):
                found.append(part.name)
    return found


def excused(node: ast.ClassDef | Function) -> bool:
    """Private functions, setters, overloads, Qt's camelCase overrides and peewee's Meta need no docstring."""
    if isinstance(node, ast.ClassDef):
        return node.name == "Meta"
    decorators = {getattr(decorator, "attr", getattr(decorator, "id", "")) for decorator in node.decorator_list}
    is_qt = re.search("[a-z][A-Z]", node.name) is not None
    return is_qt or node.name.startswith("_") or bool(decorators & {"setter", "overload", "override"})


def attributes(tree: ast.AST) -> set[str]:
    """Every dotted access as its last two names: `datetime.now`, `app.processEvents`, `().processEvents`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            before = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "()")
            found.add(f"{before}.{node.attr}")
    return found


def words(tree: ast.AST) -> set[str]:
    """The names, attributes and whole string constants that a source uses; docstrings and comments do not count."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, Documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.update(node.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            found.update((node.module or "").split("."))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found.add(node.value)
    return found


class Source(NamedTuple):
    """What the rules ask of one source file."""

    long_functions: list[str]
    undocumented: list[str]
    attributes: set[str]
    words: set[str]


@cache
def source(path: Path) -> Source:
    """A source file, parsed once for all rules; its tree is let go, or it would weigh on all later tests."""
    tree = tree_of(path)
    return Source(long_functions(tree), undocumented(tree), attributes(tree), words(tree))


def register_names() -> set[str]:
    """What the registers are called: their modules and their classes. Names of lines (Progress) are common words."""
    names = {path.stem for path in REGISTERS}
    for path in REGISTERS:
        classes = (node for node in tree_of(path).body if isinstance(node, ast.ClassDef))
        names.update(node.name for node in classes if any(getattr(base, "id", "") == "Record" for base in node.bases))
    return names


def is_generic(path: Path) -> bool:
    """Whether a source must work for any register: the store, the base, figures, summaries, the whole desktop."""
    name = name_of(path)
    return name.startswith(("db/store/", "db/summaries/", "db/rules/", "desktop/")) or name in {
        "db/record.py",
        "db/figures.py",
        "db/catalogue.py",
    }


def findings(paths: Iterable[Path], look: Callable[[Source], Collection[str]]) -> dict[str, Collection[str]]:
    """What `look` finds in each file, by its path within the house; files without a finding are left out."""
    found = {name_of(path): look(source(path)) for path in paths}
    return {name: faults for name, faults in found.items() if faults}


def test_files_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > FILE_LINES} == {}


def test_no_two_files_of_tests_share_a_name() -> None:
    """pytest takes them for one module, and stops."""
    names = Counter(path.name for path in (HOUSE / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_functions_are_short() -> None:
    assert findings(SOURCES, lambda one: one.long_functions) == {}


def test_what_others_use_has_a_docstring() -> None:
    assert findings(PROGRAM, lambda one: one.undocumented) == {}


def test_generic_code_names_no_register() -> None:
    names = register_names()
    assert len(names) == 2 * len(REGISTERS)
    assert findings(filter(is_generic, PROGRAM), lambda one: one.words & names) == {}


def test_nothing_processes_events_in_between() -> None:
    def calls(one: Source) -> list[str]:
        return [name for name in one.attributes if name.endswith(".processEvents")]

    assert findings(PROGRAM, calls) == {}


def test_files_are_asked_for_in_one_place() -> None:
    def asks(one: Source) -> list[str]:
        return [name for name in one.attributes if re.search(r"QFileDialog\.get(Open|Save)", name)]

    assert set(findings(PROGRAM, asks)) == {"desktop/file_asking.py"}


def test_the_clock_is_read_in_three_places_only() -> None:
    others = (path for path in PROGRAM if name_of(path) not in CLOCK_FILES)
    assert findings(others, lambda one: one.attributes & CLOCKS) == {}


def test_no_word_for_the_clerk_shouts() -> None:
    assert findings(PROGRAM, lambda one: [word for word in one.words if re.search("[\u4e00-\u9fff]！", word)]) == {}


@pytest.mark.parametrize("made", ["holidays/days.csv", "pinyin/initials.txt"])
def test_a_bundled_table_is_what_its_script_makes(made: str, tmp_path: Path) -> None:
    path = HOUSE / "resources" / made
    spec = importlib.util.spec_from_file_location("make", path.with_name("make.py"))
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_locked_requirements_name_no_registry_and_hash_every_file() -> None:
    for path in (HOUSE / "packaging" / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^-", text, re.MULTILINE)
        for requirement in re.split(r"\n(?=\S)", text.strip()):
            assert requirement.startswith("#") or "--hash=sha256:" in requirement


def test_the_measures_see_what_they_look_for() -> None:
    told = "app().processEvents(), datetime.now()"
    tree = ast.parse(f'class Part:\n    def told(self):\n        {told}\n        return "Outgoing"')
    assert undocumented(tree) == ["module", "Part", "told"]
    assert {"().processEvents", "datetime.now"} <= attributes(tree)
    assert "Outgoing" in words(tree)
    body = "\n".join(["    pass"] * FUNCTION_LINES)
    assert long_functions(ast.parse(f"def long():\n{body}")) == ["long"]
