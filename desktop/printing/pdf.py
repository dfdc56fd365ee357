"""One way from anything printable to its PDF."""

from __future__ import annotations

from datetime import datetime

from db.summaries.document import Book, Printed, Summary
from desktop.printing.book import render_book
from desktop.printing.faces import Faces
from desktop.printing.progress import Report
from desktop.printing.summary import render_summary


def render(
    made: Summary | Book, faces: Faces, printed_at: datetime | None = None, progress: Report | None = None
) -> Printed:
    """Draw a summary or a book; see `render_summary` and `render_book`.

    Raises:
        Cancelled: when `progress` gives back False.
        OSError: when the bundled fonts are missing.
    """
    draw = render_book if isinstance(made, Book) else render_summary
    return draw(made, faces, progress, printed_at)  # type: ignore[arg-type]
