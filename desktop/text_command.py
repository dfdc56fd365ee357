"""`text FILE`: the text of a file on standard output; run as a process of its own to read attachments.

A file from anywhere is read here: should it hang, crash or ask for all memory, only this process ends. Sizes and time
are limited all the same.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from db.store.attachment_texts import MOST

MOST_BYTES = 30 * 1024 * 1024  # of a file
MOST_PAGES, MOST_ROWS = 500, 20_000
_MEMORY, _SECONDS = 2 << 30, 30  # bytes, seconds of the processor
ENDINGS = frozenset({"pdf", "docx", "txt", "csv", "xlsx", "xls", "et", "ods"})


def add(commands: Any) -> None:
    """Declare `text`."""
    parser = commands.add_parser("text", help="取出一个文件里的文字（pdf、docx、txt、xlsx等）")
    parser.add_argument("file", type=Path)
    parser.add_argument("--sealed", action="store_true", help="文件加了密，密钥从标准输入读")
    parser.add_argument("--name", default="", help="文件原来的名称，用来判断种类")
    parser.set_defaults(run=run)


def run(_folder: Path, options: argparse.Namespace) -> int:
    """Print the text; refuses what is too large, damaged or of no known kind."""
    from db.directory.attachments import ending_of
    from db.errors import Refused, reason_of

    _limit_process()
    path: Path = options.file
    name = options.name or path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(f"“{name}”打不开（{reason_of(error)}）") from error
    if size > MOST_BYTES:
        raise Refused(f"“{name}”超过{MOST_BYTES >> 20}MB，不取文字")
    with _deciphered(path) if options.sealed else nullcontext(path) as plain:
        text = text_of(plain, ending_of(name))[:MOST]
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


@contextmanager
def _deciphered(path: Path) -> Generator[Path]:
    """A plain copy of an encrypted file, where the system has it in memory only; its key comes by standard input."""
    from db.errors import Refused, reason_of
    from db.store.keys import DataKey, ring
    from db.store.sealed_files import opened

    ring.add(DataKey(bytes.fromhex(sys.stdin.readline().strip())))
    try:
        with opened(path) as file:
            content = file.read()
    except OSError as error:
        raise Refused(f"文件打不开（{reason_of(error)}）") from error
    with TemporaryDirectory() as folder:
        if sys.platform == "linux":
            plain = Path(f"/proc/self/fd/{os.memfd_create('text')}")
        else:
            plain = Path(folder) / "text"
        plain.write_bytes(content)
        yield plain


def _limit_process() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def text_of(path: Path, ending: str) -> str:
    """The text of a file of this kind. Raises Refused when there is none to be had."""
    from db.errors import Refused
    from db.summaries.annual.reading import report_text

    if ending == "pdf":
        return _pdf(path)
    if ending in ("docx", "txt", "csv"):
        return report_text(path)
    if ending in ENDINGS:
        return _sheets(path)
    raise Refused(f"不从.{ending}文件里取文字")


def _pdf(path: Path) -> str:
    import pypdfium2

    from db.errors import Refused

    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise Refused("PDF已损坏，或设了密码") from error
    pieces: list[str] = []
    length = 0
    for number in range(min(len(document), MOST_PAGES)):
        with suppress(pypdfium2.PdfiumError):
            piece = document[number].get_textpage().get_text_range()
            pieces.append(piece.replace("\r\n", "\n").replace("\ufffe", ""))
            length += len(piece)
        if length > MOST:
            break
    return "\n".join(pieces)


def _sheets(path: Path) -> str:
    import python_calamine

    from db.errors import Refused

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        lines: list[str] = []
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(nrows=MOST_ROWS)
            lines += ["\t".join(str(cell) for cell in row if cell not in ("", None)) for row in rows]
            if sum(map(len, lines)) > MOST:
                break
    except Exception as error:
        raise Refused("表格已损坏，或设了密码") from error
    return "\n".join(filter(None, lines))
