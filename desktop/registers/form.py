"""The form of one record, derived from the register's declaration: sections, rows of label and editor, problems.

It edits a copy. Only what the clerk has touched is carried into the record; all else follows from it by the register's
rules, which are asked again after each field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from db.directory.vocabulary import TermRow
from db.errors import Fix, Problem
from db.record import Record, TermField
from db.store import guard
from db.store.change import Change
from db.store.hits import Hits
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.editors import ChoiceEditor, ChoicesEditor, Editor, LinesEditor, Unreadable
from desktop.registers.editors.inputs import LineInput
from desktop.registers.form_rows import FormRows, is_coming
from desktop.registers.hits import tint
from desktop.registers.problems import Problems
from desktop.registers.values import lines_of, stored
from desktop.registers.words import OfficeWords

_MARK_MS = 250  # after the last key in a search box: the fields of the record beside the list are made and marked then
_FORESEE_MS = 180  # after the last key: what follows from the typed text is worked out then


class RegisterForm(QScrollArea):
    """Label and editor of each field; Enter walks them in their order, `finished` follows the last one.

    The fields are made from the top while the clerk types (form_rows.py).
    """

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
        self._rows = FormRows(register, words, only, self, is_shut=bool(actions.why_not("save")))
        self._problems = Problems(self._rows.places, self._rows.editors, self)
        self._problems.open_asked.connect(self.open_asked)
        self._problems.fix_taken.connect(self._take_fix)
        self._touched: set[str] = set()
        self._fixed: dict[str, str] = {}
        self._pinned: set[str] = set()
        self._record: Record = register()
        self._waiting: dict[str, Any] = {}  # values for fields that are not made yet
        self._behind: tuple[QWidget, ...] = ()
        self._pinnable = self._shows = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hits: Hits | None = None
        self._marking = QTimer(self, singleShot=True, interval=_MARK_MS)
        self._marking.timeout.connect(self._mark)
        self._timer = QTimer(self, singleShot=True, interval=_FORESEE_MS)
        self._timer.timeout.connect(self._foresee)
        self.setWidget(self._rows.body)
        self._rows.made.connect(self._take_row)
        self._rows.completed.connect(self._take_whole)
        self._rows.begin()

    def sizeHint(self) -> QSize:
        """Wide enough for two columns of fields."""
        return QSize(theme.up4(34 * theme.em()), theme.up4(40 * theme.em()))

    @property
    def editors(self) -> dict[str, Editor]:
        """The editor of each field in their order; all are made at the latest now."""
        self._rows.complete()
        return self._rows.editors

    @property
    def problems(self) -> Problems:
        """The problems on show; what follows from the whole form has been worked out."""
        self._rows.complete()
        return self._problems

    def _take_row(self, names: Sequence[str]) -> None:
        """A row was made: connect its editors and show what they hold, before they are seen."""
        for name in names:
            editor = self._rows.editors[name]
            editor.changed.connect(self._take_change)
            editor.left_forward.connect(self._go_forward)
            editor.left_back.connect(self._go_back)
            editor.refused.connect(self._take_refusal)
            editor.mended.connect(self._take_mended)
            editor.pin_toggled.connect(self._take_pin)
            if self._pinnable and not isinstance(editor, LinesEditor):
                editor.set_pinnable(name in self._pinned)
            if name in self._waiting:
                editor.set_value(self._waiting.pop(name))
            elif self._shows:
                self._show(name, self._record)
        self._rows.sections.follow(self._value_of)

    def lead_to(self, *controls: QWidget) -> None:
        """Put what stands under the form behind its last field in the tab order; what is made late would come last."""
        self._behind = controls

    def _take_whole(self) -> None:
        last = list(self._rows.editors.values())[-1].control
        for first, second in pairwise((last, *self._behind)):
            QWidget.setTabOrder(first, second)
        self._foresee()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab finds every field."""
        self._rows.complete()
        return super().focusNextPrevChild(forward)

    def _offer_words(self, change: Change) -> None:
        """Offer the words of the vocabularies as the office has them now, after they were edited."""
        if all(table != TermRow.key() for table, _row in change.keys):
            return
        for name, editor in self._rows.editors.items():
            field = self.register._meta.fields.get(name)
            if isinstance(field, TermField) and isinstance(editor, ChoiceEditor | ChoicesEditor):
                editor.set_choices(self._words.terms(field.vocabulary))

    def set_pins(self, pinned: Iterable[str]) -> None:
        """Offer pins in every field and show which are pinned (quick entry)."""
        self._pinned, self._pinnable = set(pinned), True
        for name, editor in self._rows.editors.items():
            if not isinstance(editor, LinesEditor):
                editor.set_pinnable(name in self._pinned)

    def set_record(self, record: Record, keep: Mapping[str, Any] | None = None) -> None:
        """Show a record; `keep` are values taken over as if typed (pinned fields, a draft)."""
        self._timer.stop()
        self._record, self._touched, self._fixed, self._waiting, self._shows = record, set(), {}, {}, True
        self._problems.clear()
        for name in self._rows.editors:
            self._show(name, record)
        for name, value in (keep or {}).items():
            if name in self._rows.names:
                self._put(name, value)
            elif name in self.register._meta.fields:
                self._fix(name, value)
        self._rows.sections.follow(self._value_of)
        self._foresee()

    def _put(self, name: str, value: object) -> None:
        """Put a value into a field as if it had been typed; one that is not made yet gets it when it is."""
        self._touched.add(name)
        if name in self._rows.editors:
            self._rows.editors[name].set_value(value)
        else:
            self._waiting[name] = value

    def _show(self, name: str, record: Record) -> None:
        kinds = {kind.key(): kind for kind in self.register.LINES}
        if name in kinds:
            rows = [{key: line.__data__.get(key) for key in ("id", *kinds[name].COLUMNS)} for line in
                    record.lines(kinds[name])]  # fmt: skip
            self._rows.editors[name].set_value(rows)
        else:
            self._rows.editors[name].set_value(getattr(record, name) or None)

    def mark(self, hits: Hits | None) -> None:
        """Put a ground under the fields in which searched words stand, once nobody types any more."""
        self._hits = hits
        if hits:
            self._marking.start()
        else:
            self._marking.stop()
            tint(self._rows.editors.values(), None)

    def _mark(self) -> None:
        tint(self.editors.values(), self._hits)

    def take_over(self, name: str) -> None:
        """Count a field as typed by the clerk, although the program filled it in for him."""
        self._touched.add(name)

    @property
    def record_id(self) -> int | None:
        """The record on show; None for a new one."""
        return self._record.id

    @property
    def is_dirty(self) -> bool:
        """Whether the clerk has typed anything since the record was shown."""
        return bool(self._touched)

    def typed(self) -> dict[str, Any]:
        """What the clerk has typed, by field; text that cannot be read as it stands."""
        made = {name: self._rows.editors[name].typed() for name in self._touched - self._waiting.keys()}
        return self._fixed | self._waiting | made

    def is_pinned(self, name: str) -> bool:
        """Whether the value of a field is wanted in the next record as well."""
        return name in self._pinned

    def pinned_values(self) -> dict[str, Any]:
        """The values of the pinned fields, for the next record; a box that was unticked is none that is empty."""
        return {
            name: editor.value()
            for name, editor in self.editors.items()
            if name in self._pinned
            and not editor.is_unreadable()
            and (not editor.is_empty() or editor.value() is False)
        }

    def build(self) -> tuple[Record, list[Problem]]:
        """A copy of the record with what the clerk has typed, and the fields that cannot be read."""
        if self._waiting:
            self._rows.complete()
        record = self.register(**self._record.__data__)
        record.rows = {key: list(lines) for key, lines in self._record.rows.items()}
        unreadable: list[Problem] = []
        kinds = {kind.key(): kind for kind in self.register.LINES}
        for name in self._touched:
            try:
                value = self._rows.editors[name].value()
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
        for editor in self._rows.editors.values():
            editor.settle()

    def _take_change(self) -> None:
        editor = self.sender()
        self._touched.add(editor.objectName())
        self._timer.start()
        self._problems.clear_of(editor.objectName())
        self.edited.emit()

    def _foresee(self) -> None:
        """Show what follows from what is typed: derived fields, the coming number, notes on the typed fields."""
        if not (self._shows and self._rows.is_complete):  # what follows is worked out when all fields are there
            return
        if any(editor.composing() for editor in self.editors.values()):
            self._timer.start()
            return
        record, _unreadable = self.build()
        self.foreseen.emit(self._actions.foresee(record))
        for name, editor in self.editors.items():
            if name in self._touched or isinstance(editor, LinesEditor):
                continue
            if not editor.control.hasFocus():
                self._show(name, record)
            elif not editor.is_choosing() and (self._stored(editor) or None) != (getattr(record, name) or None):
                self._show(name, record)  # it was come to sooner
                _select(editor)
        self._rows.sections.follow(self._value_of)
        if self._touched or record.missing:
            self._show_notes(record)

    def _stored(self, editor: Editor) -> object:
        return stored(self.register, editor.objectName(), editor.value())

    def _show_notes(self, record: Record) -> None:
        """Notes stand at their field while the clerk goes on; what blocks waits for the save, if it can wait.

        What a saved record lacks by its rules is told where it is lacking; an empty field that is simply expected
        (待补) tells it by itself.
        """
        found = guard.problems(record, self._actions.store.rules)
        expected = {name for name in self.register.EXPECTED if not record.filled(name)}
        told = [
            one
            for one in found
            if one.at_once
            or (one.kind == "note" and one.field in self._touched)
            or (one.kind == "missing" and record.id and one.field not in expected)
        ]
        self._problems.replace_notes(told + self.strangers(record))

    def strangers(self, record: Record) -> list[Problem]:
        """Notes on letters in what was typed that are nobody's name; none where proposals are on show."""
        choosing = {name for name, editor in self.editors.items() if editor.is_choosing()}
        return self._words.strangers(record, self._touched - choosing)

    def _value_of(self, name: str) -> object:
        """What a field holds, shown here or not; None while it cannot be read."""
        editor = self._rows.editors.get(name)
        if editor is None:
            return self._waiting.get(name, getattr(self._record, name, None))
        return None if editor.is_unreadable() else editor.value()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show each problem under its field; the first field of the form that blocks gets the focus."""
        self._problems.show(sorted(problems, key=lambda problem: problem.kind != "must"))
        blocked = {problem.field for problem in problems if problem.kind == "must"}
        first = next((name for name in self.editors if name in blocked), None)
        if first is not None:
            self.focus(first)
            _select(self._rows.editors[first])
            QTimer.singleShot(0, self._show_first_problem)
        self._timer.start()  # the notes come back beside what blocks

    def _show_first_problem(self) -> None:
        """Bring the first sentence into view, once it has been laid out under its field."""
        mark = self._problems.first()
        if mark is not None:
            self.ensureWidgetVisible(mark, 0, theme.row())

    def look_again(self) -> None:
        """Work out anew what follows from what is typed, after the store has changed."""
        self._timer.start()

    def _take_fix(self, fix: Fix) -> None:
        """Take an offered value into its field, shown here or not."""
        if fix.field in self._rows.names:
            self._put(fix.field, fix.value)
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
        self._problems.clear_of(name)
        self._problems.add(Problem(name, sentence))

    def _take_mended(self) -> None:
        self._problems.clear_of(self.sender().objectName())

    def focus(self, name: str) -> None:
        """Put the cursor into a field and bring it into view."""
        self._rows.make(name)
        editor = self._rows.editors[name]
        if is_coming(editor):
            editor.show()
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(editor, 0, theme.row() * 2)

    def focus_first(self) -> None:
        """Put the cursor into the first field that the clerk has to fill."""
        for name in self._rows.names:
            self._rows.make(name)
            if name not in self._pinned or self._rows.editors[name].is_empty():
                self.focus(name)
                return

    def _go_forward(self) -> None:
        self._step(1)

    def _go_back(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        self._rows.sections.follow(self._value_of)  # what was chosen just now may open a section or close it
        self._timer.start()  # with its list closed, a field may have a note
        left = self.sender().objectName()
        order = self.walked()
        while order[-1] == left and by > 0 and self._rows.make_next():
            order = self.walked()
        at = order.index(left) + by
        if at >= len(order):
            self.finished.emit()
        elif at >= 0:
            self.focus(order[at])

    def walked(self) -> list[str]:
        """The fields made so far that Enter walks, in their order."""
        made = self._rows.editors.items()
        return [name for name, editor in made if editor.isVisibleTo(self) or is_coming(editor)]

    def _take_pin(self, pinned: bool) -> None:
        name = self.sender().objectName()
        (self._pinned.add if pinned else self._pinned.discard)(name)
        self.pinned_changed.emit(set(self._pinned))


def _select(editor: Editor) -> None:
    """Select what a line holds, so that typing replaces it; by itself only where the focus comes from elsewhere."""
    if isinstance(editor.control, LineInput):
        editor.control.selectAll()
