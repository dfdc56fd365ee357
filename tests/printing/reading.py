"""Reads PDF files back as a clerk would: the text of pages and of rectangles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2

from db.summaries.document import Printed, Spot


@contextmanager
def opened(printed: Printed) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed again."""
    document = pypdfium2.PdfDocument(printed.pdf)
    try:
        yield document
    finally:
        document.close()


def pages_of(printed: Printed) -> list[str]:
    r"""The text of each page with \\n as line end."""
    with opened(printed) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def squeezed(text: str) -> str:
    """`text` without blanks and line ends."""
    return "".join(text.split())


def text_in(printed: Printed, spot: Spot) -> str:
    """The text inside a spot."""
    with opened(printed) as document:
        page = document[spot.page]
        top = page.get_height() - spot.top
        return page.get_textpage().get_text_bounded(
            left=spot.left, bottom=top - spot.height, right=spot.left + spot.width, top=top
        )


def boxes_of(printed: Printed) -> Iterator[tuple[int, float, float, float, float, float, float]]:
    """(page, left, bottom, right, top, page width, page height) of each printed character."""
    with opened(printed) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for at in range(text.count_chars()):
                if text.get_text_range(at, 1).strip():
                    yield number, *text.get_charbox(at), *page.get_size()
