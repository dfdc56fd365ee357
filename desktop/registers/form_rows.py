"""The rows of a form, made from the top in slices: the first are ready at once, the others while the clerk types.

What stands is never moved by what comes: rows are added below, and the height that the whole form will need is kept
free from the first row on. Whoever needs a field that is not made yet has it made at once.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from db.record import LineField, MomentField, ParagraphField, Record, Section
from desktop import theme
from desktop.registers.editors import Editor, LinesEditor
from desktop.registers.fields import editor_for, is_wide, lines_editor
from desktop.registers.sections import Sections
from desktop.registers.words import OfficeWords

PAIRS_EM = 29  # in a narrower form every field has a row of its own
BESIDE_EM = 24.0  # wider tables of lines stand under their label, not beside it
_SLICE_S = 0.008  # what is painted or typed waits no longer than that and one row
_GAP = 4  # px between rows


class _Step(NamedTuple):
    """One row to be made: its fields, its section, and the section's title where it begins."""

    section: Section
    title: str
    names: tuple[str, ...]


class _Body(QWidget):
    """What the rows stand in. No filter on its events tells of its size: that would see every child come."""

    resized = Signal(int)  # its width, px

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell of the new width."""
        super().resizeEvent(event)
        self.resized.emit(event.size().width())


class FormRows(QObject):
    """Label and editor of each field in the grid of `body`; `editors` and `places` hold those made so far.

    `made(names)` tells of each row, before it is shown; `completed` follows the last one.
    """

    made = Signal(object)
    completed = Signal()

    def __init__(
        self, register: type[Record], words: OfficeWords, only: Sequence[str], parent: QObject, is_shut: bool = False
    ) -> None:
        """`only` limits the rows to some fields; in one that `is_shut` nothing can be typed."""
        super().__init__(parent)
        self._register, self._words, self._is_shut = register, words, is_shut
        self._kinds = {kind.key(): kind for kind in register.LINES}
        self.editors: dict[str, Editor] = {}
        self.labels: dict[str, QLabel] = {}
        self.places: dict[str, QVBoxLayout] = {}
        self.sections = Sections()
        self._narrow: list[tuple[int, int, QLabel, Editor]] = []  # the row of a pair, which of the two, its widgets
        self._is_paired = True
        self._steps = deque(self._outline(set(only)))
        self.names = tuple(name for step in self._steps for name in step.names)
        self.body = _Body()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(_GAP)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.body.resized.connect(self._pair)
        self.body.setMinimumHeight(sum(map(self._height, self._steps)) + 20)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._make_slice)

    def begin(self) -> None:
        """Make the first row now, and the others (the last never before the next turn of the loop) behind it."""
        if len(self._steps) > 1:
            self._make_row()
        self._timer.start()

    @property
    def is_complete(self) -> bool:
        """Whether every row is made."""
        return not self._steps

    def make(self, name: str) -> None:
        """Have a field made now, with all above it."""
        while name not in self.editors and self._steps:
            self._make_row()

    def make_next(self) -> bool:
        """Have one more row made now; False when there is none."""
        if self._steps:
            self._make_row()
            return True
        return False

    def complete(self) -> None:
        """Have all the rest made and shown now."""
        if self._steps:
            while self._steps:
                self._make_row()
            for widget in self.body.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
                if is_coming(widget):
                    widget.show()

    def _pair(self, width: int) -> None:
        """Two fields stand side by side only where there is room for both."""
        if self._is_paired != (width >= PAIRS_EM * theme.em()):
            self._is_paired = not self._is_paired
            self._grid.setColumnStretch(3, int(self._is_paired))
            for place in self._narrow:
                self._place(*place)

    def _place(self, row: int, at: int, label: QLabel, editor: Editor) -> None:
        """One of a pair beside the other, or the second under the first in the row that is kept for it."""
        down, across, span = (0, 2 * at, 1) if self._is_paired else (at, 0, 3)
        for widget in (label, editor):
            self._grid.removeWidget(widget)
        self._grid.addWidget(label, row + down, across, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, row + down, across + 1, 1, span, Qt.AlignmentFlag.AlignTop)

    def _make_slice(self) -> None:
        end = time.monotonic() + _SLICE_S
        while self._steps and time.monotonic() < end:
            self._make_row()

    def _outline(self, only: set[str]) -> Iterator[_Step]:
        """The rows of one wide or two narrow fields, section by section."""
        for section in self._register.FORM:
            title, pending = section.title, list[str]()
            for name in section.fields:
                if only and name not in only:
                    continue
                wide = is_wide(self._register, name)
                if pending and (wide or len(pending) == 2):
                    yield _Step(section, title, tuple(pending))
                    title, pending = "", []
                pending.append(name)
                if wide:
                    yield _Step(section, title, tuple(pending))
                    title, pending = "", []
            if pending:
                yield _Step(section, title, tuple(pending))

    def _height(self, step: _Step) -> int:
        """About how high a row will be, in px."""
        field = self._register._meta.fields.get(step.names[0])
        lines = 2 if field is None else field.lines if isinstance(field, ParagraphField) else 1
        return (lines + bool(step.title)) * (theme.row() + _GAP)

    def _make_row(self) -> None:
        section, title, names = self._steps.popleft()
        before = next(reversed(self.editors.values()), None)
        self.sections.add(section, [*(self._add_title(title) if title else ()), *self._add_row(names)])
        for name in names:
            editor = self.editors[name]
            if before is not None:
                QWidget.setTabOrder(before.control, editor.control)
            before = editor
        self.made.emit(names)
        if not self._steps:
            self._timer.stop()
            QTimer.singleShot(0, self, self._let_go)  # the last rows are shown only then, and count no sooner
            self.completed.emit()

    def _let_go(self) -> None:
        """The rows keep the height that the estimate kept for them."""
        layout = self.body.layout()
        assert layout is not None
        layout.activate()
        self.body.setMinimumHeight(0)

    def _add_title(self, title: str) -> list[QWidget]:
        """The title of a section, under a rule when it is not the first."""
        made: list[QWidget] = []
        row = self._grid.rowCount()
        if self.editors:
            rule = QFrame()
            rule.setFixedHeight(1)
            theme.set_role(rule, "rule")
            self._grid.addWidget(rule, row, 0, 1, 4)
            made.append(rule)
        words = QLabel(title)
        theme.set_role(words, "b")
        words.setFixedHeight(theme.row())
        self._grid.addWidget(words, row + 1, 0, 1, 4)
        made.append(words)
        return made

    def _add_row(self, names: Sequence[str]) -> list[QWidget]:
        """One row, and the place for its problems under it."""
        row = self._grid.rowCount()
        made: list[QWidget] = []
        for at, name in enumerate(names):
            label, editor = self._make_field(name)
            made += [label, editor]
            if not is_wide(self._register, name):
                self._narrow.append((row, at, label, editor))
                self._place(row, at, label, editor)
                continue
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(editor, LinesEditor) and editor.width_em > BESIDE_EM:  # under its label, over the whole width
                row += 1
                self._grid.addWidget(editor, row, 0, 1, 4, Qt.AlignmentFlag.AlignTop)
            else:
                self._grid.addWidget(editor, row, 1, 1, 3, Qt.AlignmentFlag.AlignTop)
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        place.hide()
        self._grid.addWidget(place, row + len(names), 1, 1, 3)
        for name in names:
            self.places[name] = column
        return made

    def _make_field(self, name: str) -> tuple[QLabel, Editor]:
        field = None if name in self._kinds else self._register._meta.fields[name]
        editor = lines_editor(self._kinds[name], self._words) if field is None else editor_for(field, self._words)
        text = self._register.label(name)
        star = f" <font color='{theme.colour('red').name()}'>*</font>" if name in self._register.MUSTS else ""
        label = QLabel(text + star)
        theme.set_role(label, "muted")
        label.setFixedSize(theme.up4(5.2 * theme.em()), theme.row())
        label.setBuddy(editor)
        hint = getattr(field, "help_text", None) or ""
        editor.setObjectName(name)
        editor.setAccessibleName(text)
        editor.setToolTip(hint)
        label.setToolTip(hint)
        if hint and isinstance(field, LineField | MomentField):
            editor.set_placeholder(hint)
        if self._is_shut or name in self._register.DERIVED:
            editor.set_read_only(True)
        self.editors[name], self.labels[name] = editor, label
        return label, editor


def is_coming(widget: QWidget) -> bool:
    """Whether a widget was made just now, so that Qt has yet to show it."""
    return widget.isHidden() and not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
