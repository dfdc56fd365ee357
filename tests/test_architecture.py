"""Who may import whom: the contracts of pyproject.toml hold, and a breach of each is caught."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
LINT = Path(sys.executable).with_name("lint-imports")


def lint(tree: Path) -> tuple[int, str]:
    """Run the contracts over a tree; give back the exit status and what was said."""
    said = subprocess.run([LINT, "--no-cache"], cwd=tree, capture_output=True, text=True, encoding="utf-8", check=False)
    return said.returncode, said.stdout + said.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program's sources, to plant a breach in."""
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    for package in ("db", "desktop"):
        shutil.copytree(HOUSE / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def plant(tree: Path, module: str, line: str) -> None:
    """Append an import to a module, or make the module of it."""
    path = tree.joinpath(*module.split(".")).with_suffix(".py")
    with path.open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")


def test_the_contracts_hold() -> None:
    status, said = lint(HOUSE)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "line", "named"),
    [
        ("db.rules.workdays", "import PySide6", "db.rules.workdays -> PySide6"),
        ("db.summaries.document", "import reportlab.pdfgen", "db.summaries.document -> reportlab"),
        ("db.figures", "from desktop import paths", "db.figures -> desktop.paths"),
        ("desktop.printing.planted", "import peewee", "desktop.printing.planted -> peewee"),
        ("desktop.printing.planted", "from PySide6 import QtGui", "desktop.printing.planted -> PySide6"),
        ("db.registers.planted", "from db.registers import outgoing", "db.registers.planted -> db.registers.outgoing"),
        ("db.record", "from db import figures", "db.record -> db.figures"),
        ("db.rules.numbering", "from db import record", "db.rules.numbering -> db.record"),
        ("desktop.theme", "from desktop import app", "desktop.theme -> desktop.app"),
        ("desktop.registers.planted", "from desktop.window import main", "desktop.registers.planted -> desktop.window"),
        (
            "desktop.registers.planted",
            "from db.store.store import Store",
            "desktop.registers.planted -> db.store.store",
        ),
        ("desktop.planted", "", "desktop.planted"),
    ],
)
def test_a_planted_breach_is_caught_and_named(copy: Path, module: str, line: str, named: str) -> None:
    plant(copy, module, line)
    status, said = lint(copy)
    assert status != 0
    assert named in said


def test_the_planted_tree_is_at_fault_only_through_the_breach(copy: Path) -> None:
    status, said = lint(copy)
    assert status == 0, said
