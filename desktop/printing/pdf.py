"""One way from anything printable to its PDF."""

from __future__ import annotations

from datetime import datetime

from db.summaries.annual.report import Copy
from db.summaries.document import Book, Forms, Printed, Summary
from desktop.printing.annual import render_annual
from desktop.printing.book import render_book
from desktop.printing.faces import Faces
from desktop.printing.form import render_forms
from desktop.printing.progress import Report
from desktop.printing.summary import render_summary


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
    if isinstance(made, Copy):
        return render_annual(made, faces, progress, printed_at)
    draw = render_book if isinstance(made, Book) else render_forms if isinstance(made, Forms) else render_summary
    return draw(made, faces, progress, printed_at)  # type: ignore[arg-type]
