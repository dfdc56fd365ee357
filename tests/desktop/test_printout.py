"""What leaves the preview: the saved PDF and the printed sheets."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop.paper.pages import Pdf
from desktop.summaries.preview import Preview
from desktop.summaries.printout import printed_leaves
from tests.desktop.previewing import A4, INKS, printed


def new_printer(path: Path, resolution: int = 72) -> QPrinter:
    """A printer that writes a PDF of A4 pages."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(resolution)
    return printer


def test_the_saved_file_is_the_very_pdf(preview: Preview, tmp_path: Path) -> None:
    path = tmp_path / "十二月.pdf"
    path.write_bytes(b"old")
    preview.save_pdf(path)
    assert preview.printed is not None
    assert path.read_bytes() == preview.printed.pdf
    assert stat.S_IMODE(path.stat().st_mode) & 0o400
    assert [file.name for file in tmp_path.iterdir()] == ["十二月.pdf"]


def test_a_file_that_cannot_be_written_is_left_as_it_was(preview: Preview, tmp_path: Path) -> None:
    taken = tmp_path / "十二月.pdf"
    taken.mkdir()
    with pytest.raises(IsADirectoryError):
        preview.save_pdf(taken)
    with pytest.raises(FileNotFoundError):
        preview.save_pdf(tmp_path / "没有" / "十二月.pdf")
    assert [file.name for file in tmp_path.iterdir()] == ["十二月.pdf"]


def inks(path: Path) -> list[str]:
    """The colours of the blocks of a printed PDF of A4 pages, page by page."""
    pdf = Pdf(path.read_bytes())
    return [pdf.draw(page, QSize(595, 842)).pixelColor(108, 108).name().upper() for page in range(len(pdf.sizes))]


@pytest.mark.parametrize("resolution", [144, 1200])
def test_paper_shows_what_the_preview_shows_true_to_size(preview: Preview, tmp_path: Path, resolution: int) -> None:
    preview.print_with(new_printer(tmp_path / "out.pdf", resolution))
    assert inks(tmp_path / "out.pdf") == [*INKS[:3]]
    assert preview.printed is not None
    size = QSize(595, 842)
    shown, paper = Pdf(preview.printed.pdf).draw(1, size), Pdf((tmp_path / "out.pdf").read_bytes()).draw(1, size)
    assert block_edges(shown) == pytest.approx(block_edges(paper), abs=1)


def block_edges(image: QImage) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is not white."""
    inked = [
        (x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).lightness() < 200
    ]
    across, down = [x for x, _y in inked], [y for _x, y in inked]
    return min(across), min(down), max(across), max(down)


def test_a_page_range_is_honoured(preview: Preview, tmp_path: Path) -> None:
    printer = new_printer(tmp_path / "out.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    preview.print_with(printer)
    assert inks(tmp_path / "out.pdf") == [INKS[1], INKS[2]]


def test_the_current_page_is_the_one_in_view(preview: Preview, tmp_path: Path) -> None:
    preview.go_to(1)
    printer = new_printer(tmp_path / "out.pdf")
    printer.setPrintRange(QPrinter.PrintRange.CurrentPage)
    preview.print_with(printer)
    assert inks(tmp_path / "out.pdf") == [INKS[1]]


@pytest.mark.parametrize(
    ("collate", "backwards", "leaves"),
    [(True, False, [0, 1, 0, 1]), (False, False, [0, 0, 1, 1]), (True, True, [1, 0, 1, 0])],
)
def test_copies_come_collated_or_not_and_in_either_order(
    qapp: QApplication, tmp_path: Path, collate: bool, backwards: bool, leaves: list[int]
) -> None:
    printer = new_printer(tmp_path / "out.pdf")
    printer.setCopyCount(2)
    printer.setCollateCopies(collate)
    if backwards:
        printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert list(printed_leaves(printer, 2)) == leaves


def test_a_wide_page_turns_the_paper(preview: Preview, tmp_path: Path) -> None:
    preview.show_printed(printed(2, (A4[1], A4[0])), "收文登记簿")
    preview.print_with(new_printer(tmp_path / "out.pdf"))
    sizes = Pdf((tmp_path / "out.pdf").read_bytes()).sizes
    assert [size.width > size.height for size in sizes] == [True, True]
    assert inks_wide(tmp_path / "out.pdf") == [INKS[0], INKS[1]]


def inks_wide(path: Path) -> list[str]:
    """The colours of the blocks of a printed PDF of A4 pages on their side."""
    pdf = Pdf(path.read_bytes())
    return [pdf.draw(page, QSize(842, 595)).pixelColor(108, 108).name().upper() for page in range(len(pdf.sizes))]


def test_a_page_is_fitted_to_paper_of_another_size(preview: Preview, tmp_path: Path) -> None:
    preview.show_printed(printed(1, (A4[0] * 2, A4[1] * 2)), "大图")
    preview.print_with(new_printer(tmp_path / "out.pdf", 144))
    image = Pdf((tmp_path / "out.pdf").read_bytes()).draw(0, QSize(595, 842))
    assert block_edges(image) == pytest.approx((36, 36, 71, 71), abs=2)


def test_printing_can_be_followed_and_stopped(preview: Preview, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, pages: int) -> bool:
        told.append((done, pages))
        return done < 2

    preview.print_with(new_printer(tmp_path / "out.pdf"), progress)
    assert told == [(1, 3), (2, 3)]


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_cannot_be_reached_is_an_error(preview: Preview, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="打印机没有响应"):
        preview.print_with(new_printer(tmp_path / "没有" / "out.pdf"))
