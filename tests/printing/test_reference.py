"""The printed text of whole pages, compared line by line with files that people have read."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from db.summaries.document import Printed
from desktop.printing.book import render_book
from desktop.printing.faces import Faces
from desktop.printing.summary import render_summary
from tests.printing.documents import MOMENT, book, month
from tests.printing.reading import pages_of

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "print"


def compare(name: str, found: str, folder: Path) -> None:
    """Fails with a diff; the text found is left in `folder`, to be read and taken as the new reference."""
    path = REFERENCE / name
    wanted = path.read_text(encoding="utf-8") if path.exists() else ""
    if found != wanted:
        (folder / name).write_text(found, encoding="utf-8")
        lines = difflib.unified_diff(
            wanted.splitlines(), found.splitlines(), str(path), str(folder / name), lineterm=""
        )
        pytest.fail("\n".join(("The page reads differently:", *lines)), pytrace=False)


def page_text(printed: Printed, page: int) -> str:
    """The text of one page as it is kept in a reference file."""
    return "\n".join(line.rstrip() for line in pages_of(printed)[page].split("\n")) + "\n"


@pytest.mark.parametrize("page", [0, 1, 2])
def test_the_monthly_summary_reads_as_before(faces: Faces, tmp_path: Path, page: int) -> None:
    printed = render_summary(month(), faces, printed_at=MOMENT)
    compare(f"month-2022-12-{page + 1}.txt", page_text(printed, page), tmp_path)


def test_the_register_book_reads_as_before(faces: Faces, tmp_path: Path) -> None:
    printed = render_book(book(), faces, printed_at=MOMENT)
    compare("register-incoming-3.txt", page_text(printed, 2), tmp_path)
