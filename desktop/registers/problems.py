"""The problems of one form: each stands under its field until it is mended, with the ways out beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from db.errors import Fix as FieldFix
from db.errors import Problem
from desktop.registers.editors import Editor
from desktop.registers.marks import Fix, NoteLine, ProblemLine

_OPEN = "open"


class Problems(QObject):
    """Shows problems in the places that the form keeps under its rows, and frames their fields.

    `open_asked(register, record)`: the clerk wants to see the record that clashes; `fix_taken(fix)`: one of the offered
    values is taken.
    """

    open_asked = Signal(str, int)
    fix_taken = Signal(object)

    def __init__(
        self, places: Mapping[str, QVBoxLayout], editors: Mapping[str, Editor], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._places, self._editors = places, editors
        self._shown: dict[ProblemLine, Problem] = {}

    def show(self, problems: Iterable[Problem]) -> None:
        """Show these instead of all others; what is only missing waits until the record is saved."""
        self.clear()
        for problem in problems:
            if problem.kind != "missing":
                self.add(problem)

    def add(self, problem: Problem) -> None:
        """Show one more; a problem of no field of this form stands at the top."""
        fixes = [Fix(str(at), fix.label) for at, fix in enumerate(problem.fixes)]
        if problem.other:
            fixes.append(Fix(_OPEN, "打开那一条"))
        mark = (ProblemLine if problem.kind == "must" else NoteLine)(problem.text, fixes)
        mark.fix_asked.connect(self._take_fix)
        place = self._places.get(problem.field) or next(iter(self._places.values()))
        self._shown[mark] = problem
        place.addWidget(mark)
        place.parentWidget().show()
        if problem.field in self._editors:
            self._editors[problem.field].show_problem(problem.kind == "must")

    def replace_notes(self, notes: Iterable[Problem]) -> None:
        """Show these notes (and what cannot wait) instead of the old; a field with what blocks keeps that alone."""
        blocked = {problem.field for problem in self._shown.values() if problem.kind == "must"}
        for mark in [mark for mark, problem in self._shown.items() if problem.kind != "must"]:
            self._drop(mark)
        for note in notes:
            if note.field not in blocked:
                self.add(note)

    def clear(self) -> None:
        """Take every problem off the form."""
        for mark in list(self._shown):
            self._drop(mark)

    def clear_of(self, field: str) -> None:
        """Take the problems of one field off the form: it is being mended."""
        for mark in [mark for mark, problem in self._shown.items() if problem.field == field]:
            self._drop(mark)

    def blocking(self) -> int:
        """How many problems on show keep the record from being saved."""
        return sum(problem.kind == "must" for problem in self._shown.values())

    def on_show(self) -> list[tuple[ProblemLine, Problem]]:
        """The problems that the clerk sees, each with its line, in the order in which they came."""
        return [(mark, problem) for mark, problem in self._shown.items() if mark.isVisible()]

    def first(self) -> ProblemLine | None:
        """The first problem on show."""
        return next(iter(self._shown), None)

    def _drop(self, mark: ProblemLine) -> None:
        problem = self._shown.pop(mark)
        place = mark.parentWidget()
        mark.hide()
        mark.setParent(None)
        mark.deleteLater()
        if place is not None and not any(other.parentWidget() is place for other in self._shown):
            place.hide()
        if problem.field in self._editors and not any(p.field == problem.field for p in self._shown.values()):
            self._editors[problem.field].show_problem(None)

    def _take_fix(self, key: str) -> None:
        problem = self._shown.get(self.sender())  # type: ignore[call-overload]
        if problem is None:
            return
        if key == _OPEN and problem.other:
            self.open_asked.emit(*problem.other)
            return
        fix: FieldFix = problem.fixes[int(key)]
        self.clear_of(problem.field)
        self.fix_taken.emit(fix)
