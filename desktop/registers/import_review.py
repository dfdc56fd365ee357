"""试导: chips that count, and the rows; a cell that is edited lets its row be checked again on the worker."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.exchange.doubting import DOUBTED_WORDS, Doubted
from db.exchange.planning import Plan
from db.exchange.rows import Kind
from db.record import Record
from desktop import theme
from desktop.registers.plan_rows import SIGNS, PlanModel, is_of_several
from desktop.registers.plan_table import PlanTable

_KINDS: tuple[Kind | None, ...] = (None, "new", "changed", "same", "doubted", "refused", "skipped")
_LEFT: tuple[Kind, ...] = ("doubted", "refused")  # what is not written until something is said or mended
_ALL = "全部"


class DoubtedLine(QWidget):
    """One click says what becomes of all rows in doubt: `chosen(Doubted)`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 6)
        line.setSpacing(6)
        words = QLabel("待定：编号或文号和台账里的相同，标题不同。全部")
        theme.set_role(words, "muted")
        line.addWidget(words)
        self.choices: dict[Doubted, QPushButton] = {}
        for choice, said in DOUBTED_WORDS.items():
            button = self.choices[choice] = QPushButton(said)
            button.setObjectName(choice)
            button.setAccessibleName(f"待定的全部{said}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._choose)
            line.addWidget(button)
        line.addStretch(1)

    def show_choice(self, now: Doubted) -> None:
        """Mark what was chosen."""
        for choice, button in self.choices.items():
            theme.set_role(button, "chipOn" if choice == now else "chip")
            button.setAccessibleDescription("已选" if choice == now else "")

    def _choose(self) -> None:
        self.chosen.emit(self.sender().objectName())


class ReviewView(QWidget):
    """What would become of every row.

    `mend_asked(do)`: `do(plan)` changes a row and gives back the rows that are otherwise then.
    `doubted_chosen(Doubted)` for all rows that bear the number of a record with another title. `open_asked` as of the
    table.
    """

    mend_asked = Signal(object)
    doubted_chosen = Signal(str)
    open_asked = Signal(int)

    def __init__(self, register: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._register = register
        self._is_done = False
        self.table = PlanTable()
        self.table.skip_asked.connect(self._skip)
        self.table.choice_asked.connect(self._choose_for_row)
        self.table.open_asked.connect(self.open_asked)
        self.chips: dict[Kind | None, QPushButton] = {}
        theme.set_role(self, "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout()
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(6)
        for kind in _KINDS:
            chip = self.chips[kind] = QPushButton()
            chip.setObjectName(kind or "")
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(self._choose)
            line.addWidget(chip)
        line.addStretch(1)
        self._hint = QLabel("双击单元格就地改，改后即重试该行；Delete 跳过一行")
        theme.set_role(self._hint, "muted")
        line.addWidget(self._hint)
        self.notes = QLabel()
        theme.set_role(self.notes, "small")
        self.notes.setWordWrap(True)
        self.notes.setContentsMargins(12, 0, 12, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        self.doubted = DoubtedLine()
        self.doubted.chosen.connect(self.doubted_chosen)
        column.addWidget(self.doubted)
        column.addWidget(self.notes)
        column.addWidget(self.table, 1)

    @property
    def model(self) -> PlanModel | None:
        """The rows on show."""
        return self.table.plan_model()

    def show_plan(self, plan: Plan) -> None:
        """Show all rows of a plan, to be mended."""
        model = PlanModel(plan, self._register, self.table)
        model.edit_asked.connect(self._edit)
        self._is_done = False
        self.table.show_plan(model)
        self.table.go_to(0)
        self._show_notes(plan)
        self.doubted.show_choice(plan.options.doubted)
        self.doubted.setVisible(bool(plan.counts.doubted) or plan.options.doubted != "skip")
        self.show_counts()

    def clear(self) -> None:
        """Let go of the plan."""
        self.table.show_plan(None)

    def show_refused(self) -> None:
        """Show what was left out when the rest was written; nothing more is edited."""
        if self.model is not None:
            self._is_done = True
            self.doubted.hide()
            self.model.show_kind("refused" if self.model.plan.counts.refused else "doubted")
            self.set_busy(False)
            self.show_counts()

    def _show_notes(self, plan: Plan) -> None:
        sheet = "“{}”" if is_of_several(plan) else ""
        left = [f"{sheet.format(one.sheet)}第{one.number}行（{one.why}）" for one in plan.left_out[:6]]
        more = f"等 {len(plan.left_out)} 行" if len(plan.left_out) > len(left) else ""
        out = f"不是记录、没有读的行：{'、'.join(left)}{more}" if left else ""
        self.notes.setText("；".join((*plan.notes, *filter(None, (out,)))))
        self.notes.setVisible(bool(self.notes.text()))

    def show_counts(self) -> None:
        """Count anew; the chips of kinds that there are none of are hidden."""
        model = self.model
        if model is None:
            return
        counts = model.plan.counts
        for kind, chip in self.chips.items():
            count = counts.rows if kind is None else getattr(counts, kind)
            chip.setText(f"{SIGNS[kind] if kind else _ALL} {count:,}")
            is_left = kind in _LEFT if self._is_done else True
            chip.setVisible(kind == model.kind or (is_left and bool(count)) or (kind is None and not self._is_done))
            theme.set_role(chip, "chipOn" if kind == model.kind else "chip")
            chip.setAccessibleDescription("正在看" if kind == model.kind else "")

    def _choose(self) -> None:
        name = self.sender().objectName()
        model = self.model
        if model is not None:
            model.show_kind(next((kind for kind in _KINDS if kind == name), None))
            self.table.go_to(0)
            self.show_counts()

    def _edit(self, index: int, column: int, text: str) -> None:
        self.mend_asked.emit(lambda plan: plan.edit(index, column, text))

    def _skip(self, index: int) -> None:
        self.mend_asked.emit(lambda plan: plan.skip(index, plan.kind(index) != "skipped"))

    def _choose_for_row(self, index: int, choice: Doubted) -> None:
        self.mend_asked.emit(lambda plan: plan.choose(index, choice))

    def set_busy(self, is_busy: bool) -> None:
        """While the plan is being changed on the worker nothing more is edited; nor when all is done."""
        if self.model is not None:
            self.model.busy = is_busy
            self.model.is_fixed = is_busy or self._is_done
        self.doubted.setEnabled(not is_busy)
        self._hint.setVisible(not self._is_done)

    def take_changed(self, changed: set[int]) -> None:
        """These rows are otherwise now."""
        if self.model is not None:
            self.model.forget(changed)
            self._show_notes(self.model.plan)
        self.show_counts()
