"""The form of one record, derived from the register's declaration: sections, rows of label and editor, problems.

It edits a copy. Only what the clerk has touched is carried into the record; all else follows from it by the register's
rules, which are asked again after each field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from db.directory.vocabulary import TermRow
from db.errors import Fix, Problem
from db.record import LineField, Record, Section, TermField
from db.store import guard
from db.store.change import Change
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.editors import ChoiceEditor, ChoicesEditor, Editor, LinesEditor, Unreadable
from desktop.registers.fields import editor_for, is_wide, lines_editor
from desktop.registers.problems import Problems
from desktop.registers.sections import Sections
from desktop.registers.values import lines_of, stored
from desktop.registers.words import OfficeWords

BESIDE_EM = 24.0  # wider tables of lines stand under their label, not beside it
_FORESEE_MS = 180  # after the last key: what follows from the typed text is worked out then


class RegisterForm(QScrollArea):
    """Label and editor of each field; Enter walks them in their order, `finished` follows the last one."""

    finished = Signal()
    edited = Signal()
    foreseen = Signal(str)
    open_asked = Signal(str, int)
    pinned_changed = Signal(object)

    def __init__(
        self, register: type[Record], actions: Actions, words: OfficeWords, only: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`only` limits the form to some fields (quick entry)."""
        super().__init__(parent)
        self.register, self._actions, self._words = register, actions, words
        actions.changed.connect(self._offer_words)
        self.editors: dict[str, Editor] = {}
        self._rows: dict[str, QVBoxLayout] = {}
        self._labels: dict[str, QLabel] = {}
        self._sections = Sections()
        self.problems = Problems(self._rows, self.editors, self)
        self.problems.open_asked.connect(self.open_asked)
        self.problems.fix_taken.connect(self._take_fix)
        self._touched: set[str] = set()
        self._fixed: dict[str, str] = {}
        self._pinned: set[str] = set()
        self._record: Record = register()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._timer = QTimer(self, singleShot=True, interval=_FORESEE_MS)
        self._timer.timeout.connect(self._foresee)
        self._build(set(only))

    def sizeHint(self) -> QSize:
        """Wide enough for two columns of fields."""
        return QSize(theme.up4(34 * theme.em()), theme.up4(40 * theme.em()))

    def _build(self, only: set[str]) -> None:
        body = QWidget()
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(16, 8, 16, 12)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        for section in self.register.FORM:
            names = [name for name in section.fields if not only or name in only]
            if names:
                self._add_section(section, names)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self.setWidget(body)
        order = list(self.editors.values())
        for first, second in pairwise(order):
            QWidget.setTabOrder(first.control, second.control)

    def _add_section(self, section: Section, names: list[str]) -> None:
        made: list[QWidget] = []
        if section.title:
            made += self._add_title(section.title)
        pending: list[str] = []
        for name in names:
            if is_wide(self.register, name):
                made += self._add_row(pending)
                made += self._add_row([name])
                pending = []
            else:
                pending.append(name)
                if len(pending) == 2:
                    made += self._add_row(pending)
                    pending = []
        made += self._add_row(pending)
        self._sections.add(section, made)

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

    def _add_row(self, names: list[str]) -> list[QWidget]:
        """One row of one wide or two narrow fields, and the place for their problems under it."""
        if not names:
            return []
        row = self._grid.rowCount()
        made: list[QWidget] = []
        for at, name in enumerate(names):
            label, editor = self._make(name)
            span = 3 if is_wide(self.register, name) else 1
            self._grid.addWidget(label, row, 2 * at, Qt.AlignmentFlag.AlignTop)
            made += [label, editor]
            if isinstance(editor, LinesEditor) and editor.width_em > BESIDE_EM:  # under its label, over the whole width
                row += 1
                self._grid.addWidget(editor, row, 0, 1, 4, Qt.AlignmentFlag.AlignTop)
            else:
                self._grid.addWidget(editor, row, 2 * at + 1, 1, span, Qt.AlignmentFlag.AlignTop)
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        place.hide()
        self._grid.addWidget(place, row + 1, 1, 1, 3)
        for name in names:
            self._rows[name] = column
        return made

    def _make(self, name: str) -> tuple[QLabel, Editor]:
        kinds = {kind.key(): kind for kind in self.register.LINES}
        field = None if name in kinds else self.register._meta.fields[name]
        editor = lines_editor(kinds[name], self._words) if name in kinds else editor_for(field, self._words)
        text = self.register.label(name)
        star = f" <font color='{theme.colour('red').name()}'>*</font>" if name in self.register.MUSTS else ""
        label = QLabel(text + star)
        theme.set_role(label, "muted")
        label.setFixedSize(theme.up4(5.2 * theme.em()), theme.row())
        label.setBuddy(editor)
        hint = getattr(field, "help_text", None) or ""
        editor.setObjectName(name)
        editor.setAccessibleName(text)
        editor.setToolTip(hint)
        label.setToolTip(hint)
        if hint and isinstance(field, LineField):
            editor.set_placeholder(hint)
        editor.changed.connect(self._take_change)
        editor.left_forward.connect(self._go_forward)
        editor.left_back.connect(self._go_back)
        editor.refused.connect(self._take_refusal)
        editor.mended.connect(self._take_mended)
        editor.pin_toggled.connect(self._take_pin)
        if name in self.register.DERIVED:
            editor.set_read_only(True)
        self.editors[name], self._labels[name] = editor, label
        return label, editor

    def _offer_words(self, change: Change) -> None:
        """Offer the words of the vocabularies as the office has them now, after they were edited."""
        if all(table != TermRow.key() for table, _row in change.keys):
            return
        for name, editor in self.editors.items():
            field = self.register._meta.fields.get(name)
            if isinstance(field, TermField) and isinstance(editor, ChoiceEditor | ChoicesEditor):
                editor.set_choices(self._words.terms(field.vocabulary))

    def set_pins(self, pinned: Iterable[str]) -> None:
        """Offer pins in every field and show which are pinned (quick entry)."""
        self._pinned = set(pinned)
        for name, editor in self.editors.items():
            if not isinstance(editor, LinesEditor):
                editor.set_pinnable(name in self._pinned)

    def set_record(self, record: Record, keep: Mapping[str, Any] | None = None) -> None:
        """Show a record; `keep` are values taken over as if typed (pinned fields, a draft)."""
        self._timer.stop()
        self._record, self._touched, self._fixed = record, set(), {}
        self.problems.clear()
        for name in self.editors:
            self._show(name, record)
        for name, value in (keep or {}).items():
            if name in self.editors:
                self.editors[name].set_value(value)
                self._touched.add(name)
            elif name in self.register._meta.fields:
                self._fix(name, value)
        self._sections.follow(self._value_of)
        self._foresee()

    def _show(self, name: str, record: Record) -> None:
        kinds = {kind.key(): kind for kind in self.register.LINES}
        if name in kinds:
            rows = [{key: line.__data__.get(key) for key in ("id", *kinds[name].COLUMNS)} for line in
                    record.lines(kinds[name])]  # fmt: skip
            self.editors[name].set_value(rows)
        else:
            self.editors[name].set_value(getattr(record, name) or None)

    def take_over(self, name: str) -> None:
        """Count a field as typed by the clerk, although the program filled it in for him."""
        self._touched.add(name)

    @property
    def is_dirty(self) -> bool:
        """Whether the clerk has typed anything since the record was shown."""
        return bool(self._touched)

    def typed(self) -> dict[str, Any]:
        """What the clerk has typed, by field; text that cannot be read as it stands."""
        return self._fixed | {name: self.editors[name].typed() for name in self._touched}

    def pinned_values(self) -> dict[str, Any]:
        """The values of the pinned fields, for the next record."""
        return {
            name: editor.value()
            for name, editor in self.editors.items()
            if name in self._pinned and not editor.is_unreadable() and not editor.is_empty()
        }

    def build(self) -> tuple[Record, list[Problem]]:
        """A copy of the record with what the clerk has typed, and the fields that cannot be read."""
        record = self.register(**self._record.__data__)
        record.rows = {key: list(lines) for key, lines in self._record.rows.items()}
        unreadable: list[Problem] = []
        kinds = {kind.key(): kind for kind in self.register.LINES}
        for name in self._touched:
            try:
                value = self.editors[name].value()
            except Unreadable as error:
                unreadable.append(Problem(name, error.sentence))
                continue
            if name in kinds:
                record.rows[name] = lines_of(kinds[name], value, self._record.lines(kinds[name]))
            else:
                setattr(record, name, stored(self.register, name, value))
        return record, unreadable

    def settle(self) -> None:
        """Finish what is being typed in every field."""
        for editor in self.editors.values():
            editor.settle()

    def _take_change(self) -> None:
        editor = self.sender()
        self._touched.add(editor.objectName())
        self._timer.start()
        self.problems.clear_of(editor.objectName())
        self.edited.emit()

    def _foresee(self) -> None:
        """Show what follows from what is typed: derived fields, the coming number, notes on the typed fields."""
        if any(editor.composing() for editor in self.editors.values()):
            self._timer.start()
            return
        record, _unreadable = self.build()
        self.foreseen.emit(self._actions.foresee(record))
        for name, editor in self.editors.items():
            if name not in self._touched and not editor.control.hasFocus() and not isinstance(editor, LinesEditor):
                self._show(name, record)
        self._sections.follow(self._value_of)
        if self._touched or record.missing:
            self._show_notes(record)

    def _show_notes(self, record: Record) -> None:
        """Notes stand at their field while the clerk goes on; what blocks waits for the save, if it can wait.

        What a saved record lacks by its rules is told where it is lacking; an empty field that is simply expected
        (待补) tells it by itself.
        """
        found = guard.problems(record, self._actions.store.rules)
        expected = {name for name in self.register.EXPECTED if not record.filled(name)}
        self.problems.replace_notes(
            one
            for one in found
            if one.at_once
            or (one.kind == "note" and one.field in self._touched)
            or (one.kind == "missing" and record.id and one.field not in expected)
        )

    def _value_of(self, name: str) -> object:
        """What a field holds, shown here or not; None while it cannot be read."""
        editor = self.editors.get(name)
        if editor is None:
            return getattr(self._record, name)
        return None if editor.is_unreadable() else editor.value()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show each problem under its field; the first field of the form that blocks gets the focus."""
        self.problems.show(sorted(problems, key=lambda problem: problem.kind != "must"))
        blocked = {problem.field for problem in problems if problem.kind == "must"}
        first = next((name for name in self.editors if name in blocked), None)
        if first is not None:
            self.focus(first)
            QTimer.singleShot(0, self._show_first_problem)

    def _show_first_problem(self) -> None:
        """Bring the first sentence into view, once it has been laid out under its field."""
        mark = self.problems.first()
        if mark is not None:
            self.ensureWidgetVisible(mark, 0, theme.row())

    def look_again(self) -> None:
        """Work out anew what follows from what is typed, after the store has changed."""
        self._timer.start()

    def _take_fix(self, fix: Fix) -> None:
        """Take an offered value into its field, shown here or not."""
        if fix.field in self.editors:
            self.editors[fix.field].set_value(fix.value)
            self._touched.add(fix.field)
        else:
            self._fix(fix.field, fix.value)
        self._timer.start()
        self.edited.emit()

    def _fix(self, name: str, value: str) -> None:
        """Set a field that this form does not show; it belongs to what was typed."""
        setattr(self._record, name, value)
        self._fixed[name] = value

    def _take_refusal(self, sentence: str) -> None:
        name = self.sender().objectName()
        self.problems.clear_of(name)
        self.problems.add(Problem(name, sentence))

    def _take_mended(self) -> None:
        self.problems.clear_of(self.sender().objectName())

    def focus(self, name: str) -> None:
        """Put the cursor into a field and bring it into view."""
        editor = self.editors[name]
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(editor, 0, theme.row() * 2)

    def focus_first(self) -> None:
        """Put the cursor into the first field that the clerk has to fill."""
        for name, editor in self.editors.items():
            if name not in self._pinned or editor.is_empty():
                self.focus(name)
                return

    def _go_forward(self) -> None:
        self._step(1)

    def _go_back(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        self._sections.follow(self._value_of)  # what was chosen just now may open a section or close it
        order = [name for name, editor in self.editors.items() if editor.isVisibleTo(self)]
        at = order.index(self.sender().objectName()) + by
        if at >= len(order):
            self.finished.emit()
        elif at >= 0:
            self.focus(order[at])

    def _take_pin(self, pinned: bool) -> None:
        name = self.sender().objectName()
        (self._pinned.add if pinned else self._pinned.discard)(name)
        self.pinned_changed.emit(set(self._pinned))
