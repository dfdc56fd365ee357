"""The text of a form or a report while it is edited: places stand as 【来文单位】, faults are marked where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from PySide6.QtGui import QFontDatabase, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop import theme

OPEN, CLOSE = "【", "】"
_CHIP = re.compile("【[^【】：]*[】：]?|】")
_FRAME = re.compile(
    r"(?:标签|竖标|内容|正文|题头)[\d.]+：|列[\d.]+[左中右]：|(?:框|字号|空|补空|并排|表|汇总)(?: .*)?$|[一-鿿]{1,3}："
)
_LINE = re.compile("第([0-9]+)行")
_NAME = re.compile("[“【]([^”【】]+)[”】]")


class _Colours(QSyntaxHighlighter):
    """Places on a tint; of a form, what frames the text (kinds and widths of boxes) in grey."""

    def __init__(self, document: QTextDocument, has_frames: bool) -> None:
        super().__init__(document)
        self._has_frames = has_frames

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        if self._has_frames and (frame := _FRAME.match(text)):
            grey = QTextCharFormat()
            grey.setForeground(theme.colour("ink2"))
            self.setFormat(0, frame.end(), grey)
        chip = QTextCharFormat()
        chip.setForeground(theme.colour("accent"))
        chip.setBackground(theme.colour("pick"))
        for found in _CHIP.finditer(text):
            self.setFormat(found.start(), len(found[0]), chip)


class WordsEdit(QPlainTextEdit):
    """Edits a text whose places are written between `marks`, which the clerk sees as 【 and 】.

    A text that holds such brackets of its own is shown as it is written.
    """

    def __init__(self, text: str, marks: tuple[str, str], has_frames: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = (OPEN, CLOSE) if OPEN in text or CLOSE in text else marks
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        self.setTabChangesFocus(True)
        self._colours = _Colours(self.document(), has_frames)
        self.setPlainText(self.shown(text))

    def shown(self, text: str) -> str:
        """A text, or a sentence about it, as the clerk sees it."""
        return text.replace(self._marks[0], OPEN).replace(self._marks[1], CLOSE)

    def written(self) -> str:
        """The text as it is kept."""
        return self.toPlainText().replace(OPEN, self._marks[0]).replace(CLOSE, self._marks[1])

    def replace_all(self, text: str) -> None:
        """Put another text in its place; Ctrl+Z brings the old one back."""
        self.selectAll()
        self.insertPlainText(self.shown(text))

    def put_in(self, name: str) -> None:
        """Put a place where the cursor stands."""
        self.insertPlainText(f"{OPEN}{name}{CLOSE}")

    def line_of(self, problem: str) -> int:
        """The line, from 1, that a sentence about the text speaks of; 0 when it names none that is there."""
        if found := _LINE.search(problem):
            return min(int(found[1]), self.blockCount())
        names = (name for name in _NAME.findall(self.shown(problem)))
        at = next((at for name in names if (at := self.toPlainText().find(f"{OPEN}{name.strip(OPEN)}")) >= 0), -1)
        return self.document().findBlock(at).blockNumber() + 1 if at >= 0 else 0

    def mark(self, lines: Sequence[int]) -> None:
        """Mark the lines, from 1, in which something is wrong; those marked before are no longer."""
        self.setExtraSelections(list(self._selections(lines)))

    def _selections(self, lines: Sequence[int]) -> Iterator[QTextEdit.ExtraSelection]:
        for line in filter(None, lines):
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))  # type: ignore[attr-defined]
            selection.format.setBackground(theme.colour("redbg"))  # type: ignore[attr-defined]
            selection.format.setProperty(QTextCharFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
            yield selection

    def go_to(self, line: int) -> None:
        """Put the cursor at the start of a line, from 1."""
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line - 1)))
        self.centerCursor()
        self.setFocus()
