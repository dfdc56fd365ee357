"""A small dialog that asks for a few values in the house's own editors, and says at each field why it will not do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from db.errors import Problem, Refused
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.registers.editors import Editor, Unreadable
from desktop.registers.marks import ProblemLine


@dataclass(frozen=True)
class Asked:
    """One value: the field, its label, its editor, what stands there first, a hint."""

    name: str
    label: str
    editor: Callable[[], Editor]
    value: object | None = None
    hint: str = ""
    is_must: bool = False


class AskDialog(PanedDialog):
    """Labels, editors, problem lines; the verb hands all values to `take`, which may raise Refused."""

    def __init__(
        self, title: str, words: str, asked: Sequence[Asked], verb: str, take: Callable[[dict[str, Any]], None],
        parent: QWidget | None = None, leave: str = "取消",
    ) -> None:  # fmt: skip
        super().__init__(title, words, verb, leave, parent)
        self._take = take
        self.editors: dict[str, Editor] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._places: dict[str, int] = {}
        for at, one in enumerate(asked):
            self._add(at * 2, one)
        self._lines: list[ProblemLine] = []
        self.button.clicked.connect(self.take)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.setMinimumWidth(theme.up4(40 * theme.em()))

    def _add(self, row: int, one: Asked) -> None:
        label, editor = QLabel(one.label + (" *" if one.is_must else "")), one.editor()
        theme.set_role(label, "muted")
        label.setBuddy(editor)
        editor.setObjectName(one.name)
        editor.setAccessibleName(one.label)
        editor.set_placeholder(one.hint)
        editor.setToolTip(one.hint)
        editor.set_value(one.value)
        editor.left_forward.connect(self._go_forward)
        editor.left_back.connect(self._go_back)
        self.editors[one.name] = editor
        self._places[one.name] = row + 1
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(editor, row, 1)

    def values(self) -> dict[str, Any]:
        """What stands in the editors. Raises Refused at those that hold no value of their kind."""
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, editor in self.editors.items():
            editor.settle()
            try:
                found[name] = editor.value()
            except Unreadable as unreadable:
                problems.append(Problem(name, unreadable.sentence))
        if problems:
            raise Refused(problems)
        return found

    def take(self) -> None:
        """Hand the values on; close when they were taken, else show why not."""
        self._clear()
        try:
            self._take(self.values())
        except Refused as refused:
            self._show(refused.problems)
        else:
            self.accept()

    def _show(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            line = ProblemLine(problem.text)
            self._lines.append(line)
            if problem.field in self.editors:
                self._grid.addWidget(line, self._places[problem.field], 1)
                self.editors[problem.field].show_problem(True)
            else:
                self.body.insertWidget(self.body.count() - 1, line)
        first = next((self.editors[one.field] for one in problems if one.field in self.editors), None)
        if first is not None:
            first.setFocus()

    def _clear(self) -> None:
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines.clear()
        for editor in self.editors.values():
            editor.show_problem(None)

    def _go_forward(self) -> None:
        """Enter goes to the next value, behind the last to the verb; the only value is taken at once."""
        editors = list(self.editors.values())
        if len(editors) == 1:
            self.take()
            return
        at = editors.index(self.sender())  # type: ignore[arg-type]
        (editors[at + 1] if at + 1 < len(editors) else self.button).setFocus(Qt.FocusReason.TabFocusReason)

    def _go_back(self) -> None:
        editors = list(self.editors.values())
        editors[max(editors.index(self.sender()) - 1, 0)].setFocus()  # type: ignore[arg-type]
