"""One way from anything printable to its PDF. What draws it is imported when it is asked for: the first page waits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from db.collection import uncollected
from db.summaries.document import Book, Forms, Printed, Summary
from desktop.printing.faces import Faces
from desktop.printing.progress import Report

if TYPE_CHECKING:
    from db.summaries.annual.report import Copy


def render(
    made: Summary | Book | Forms | Copy,
    faces: Faces,
    printed_at: datetime | None = None,
    progress: Report | None = None,
) -> Printed:
    """Draw a summary, a book, forms or the annual report; see `render_summary`, `render_book` and `render_forms`.

    Raises:
        Cancelled: when `progress` gives back False.
        OSError: when the bundled fonts are missing.
    """
    with uncollected():
        if isinstance(made, Book):
            from desktop.printing.book import render_book

            return render_book(made, faces, progress, printed_at)
        if isinstance(made, Forms):
            from desktop.printing.form import render_forms

            return render_forms(made, faces, progress, printed_at)
        if isinstance(made, Summary):
            from desktop.printing.summary import render_summary

            return render_summary(made, faces, progress, printed_at)
        from desktop.printing.annual import render_annual

        return render_annual(made, faces, progress, printed_at)
