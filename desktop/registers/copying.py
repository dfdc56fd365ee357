"""Records on the clipboard as spreadsheet programs take them: a text of parted cells, and a table in HTML.

Days are written in full and read as days, numbers as numbers; every other text is marked as text in the table, so that
a document number, a long row of digits or something that looks like a formula stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from html import escape

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from db.exchange.guarding import guarded
from db.record import DateField, DecimalField, NumberField, Record, database
from db.store.search import Filter
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.listing import RegisterRows
from desktop.registers.rows import LIGHT, Heading

AT_ONCE = 200  # records that are read without a job
_AS_TEXT = " style=\"mso-number-format:'\\@'\""  # how Excel and WPS write a cell of text into HTML
_QUOTED = re.compile(r"[\t\r\n\"]")
_NOTHING = "—"

Block = tuple[str, str]  # plain text, HTML


def block_of(
    actions: Actions, register: type[Record], ids: Sequence[int], headings: Sequence[Heading], headed: bool
) -> Block:
    """The cells of records under these headings, by this thread's connection; `headed` puts the labels on top."""
    names = [heading.key for heading in headings if heading.key != LIGHT]
    rules = actions.store.rules
    listing = actions.listing(register, Filter())  # of no year, so that days are written in full
    rows = RegisterRows(listing, rules, names).rows_of(ids)
    places = [1 if heading.key == LIGHT else 2 + names.index(heading.key) for heading in headings]
    plain = [heading.key != LIGHT and _is_plain(register, heading.key) for heading in headings]
    texts, cells = [], []
    if headed:
        labels = [heading.label for heading in headings]
        texts.append("\t".join(labels))
        cells.append("".join(f"<th>{escape(label)}</th>" for label in labels))
    for row in rows:
        words = [row[at] if isinstance(row[at], str) else row[at].words for at in places]
        words = ["" if word == _NOTHING else word for word in words]
        texts.append("\t".join(map(_parted, words)))
        cells.append("".join(map(_cell, words, plain)))
    table = "".join(f"<tr>{line}</tr>" for line in cells)
    return "\n".join(
        texts
    ) + "\n", f'<html><head><meta charset="utf-8"></head><body><table>{table}</table></body></html>'


def _is_plain(register: type[Record], name: str) -> bool:
    """Whether a spreadsheet program may read the cell as a day or a number."""
    return isinstance(register._meta.fields[name], DateField | NumberField | DecimalField)


def _parted(word: str) -> str:
    """A cell of the plain text: quoted where it holds what parts cells, guarded where it would run as a formula."""
    word = guarded(word)
    return '"' + word.replace('"', '""') + '"' if _QUOTED.search(word) else word


def _cell(word: str, plain: bool) -> str:
    text = escape(word).replace("\n", '<br style="mso-data-placement:same-cell">')
    return f"<td{'' if plain else _AS_TEXT}>{text}</td>"


class ListCopy(QObject):
    """Puts records on the clipboard; many are read on the worker. `copied(sentence)` afterwards."""

    copied = Signal(str)
    trouble = Signal(object)

    def __init__(self, register: type[Record], actions: Actions, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._register, self._actions, self._jobs = register, actions, jobs

    def copy(self, ids: Sequence[int], headings: Sequence[Heading], headed: bool) -> None:
        """Copy these records, in their order."""
        make = partial(block_of, self._actions, self._register, ids, headings, headed)
        done = partial(self._take, len(ids))
        if len(ids) <= AT_ONCE:
            done(make())
            return

        def work(_job: Job) -> Block:
            database.connect(reuse_if_open=True)
            return make()

        self._jobs.run("复制", work, done, self.trouble.emit)

    def _take(self, count: int, block: Block) -> None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(block[0])
        # Into Qt's own object: one that Python has made Qt would free after Python has ended, and crash.
        clipboard.mimeData().setHtml(block[1])
        self.copied.emit(f"已复制 {count:,} 条，到表格里粘贴")
