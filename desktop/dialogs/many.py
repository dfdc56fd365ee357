"""One deed for many selected records: what it shall be, what becomes of each, and the word to do it.

The preview is worked out on the worker and anew whenever the clerk chooses something else. What already stands in a
field is kept unless he ticks the box that says how many would lose it, or chooses to clear it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from db.record import Record, database
from db.store.deeds import LONGEST_REASON
from db.store.many import (
    Add,
    AddLines,
    Advance,
    Clear,
    ClearLines,
    Deed,
    Delete,
    Fill,
    Foreseen,
    Kind,
    Restore,
    Void,
    foresee,
)
from db.store.many_lines import kind_of, unfilled
from db.store.many_values import takes_several
from desktop import theme
from desktop.dialogs.deed_words import CHIPS, REASONS, SAID, TITLES, VERBS, WAYS, after, column, fillable
from desktop.dialogs.foreseen import ForeseenModel, ForeseenView
from desktop.dialogs.paned import PanedDialog
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import ChoiceEditor, Editor, LineEditor, Unreadable
from desktop.registers.fields import editor_for, lines_editor
from desktop.registers.marks import ProblemLine
from desktop.registers.picked import Picked
from desktop.registers.values import lines_of, stored
from desktop.registers.words import OfficeWords

_TYPED_MS = 300  # after the last key: the preview is then worked out


class ManyDialog(PanedDialog):
    """Asks and previews; `decided(deed, ids)` when the clerk says the word."""

    decided = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self, kind: str, register: type[Record], picked: Picked, actions: Actions, words: OfficeWords, jobs: Jobs,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`kind` is fill, lines, advance, void, delete or restore."""
        super().__init__(f"{TITLES[kind]}：选中 {picked.count:,} 条", SAID[kind], VERBS[kind], "取消", parent)
        self.kind, self._register, self._picked = kind, register, picked
        self._actions, self._words, self._jobs = actions, words, jobs
        self._ids: Sequence[int] | None = None
        self._foreseen: Foreseen | None = None
        self._deed: Deed | None = None
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._timer.timeout.connect(self._look)
        self._shown: Kind | None = None  # the one kind that the chips limit the rows to
        self.editor: Editor | None = None
        self.way = "fill"  # what is done with the field or the lines: one of WAYS
        self.ways: dict[str, QPushButton] = {}
        self._lacking = ""  # what lines that are being written still want
        self._problem = ProblemLine("")
        self._problem.hide()
        self._form = QGridLayout()
        self._form.setHorizontalSpacing(8)
        self._form.setVerticalSpacing(4)
        self._form.setColumnStretch(1, 1)
        self._value_label = self._label("内容")
        self._value_label.hide()
        self._form.addWidget(self._value_label, 2, 0)
        self.body.addLayout(self._form)
        self.replacing = QCheckBox()
        self.replacing.hide()
        self.replacing.toggled.connect(self._show_foreseen)
        self.model = ForeseenModel(register, actions)
        self.view = ForeseenView(self.model)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.hide()
        self._build_chips()
        self.body.addWidget(self._problem)
        self.body.addWidget(self.replacing)
        self.body.addWidget(self._bar)
        self.column.insertWidget(1, self.view, 1)
        self.column.setStretch(0, 0)
        self.button.clicked.connect(self._decide)
        self.finished.connect(self._stop)
        self.field = self._build_form()
        theme.give_size(self, 72, 40)
        self.button.setDefault(kind in ("delete", "restore"))
        (self.field or self.editor or self.button).setFocus()
        self._look()

    def _build_chips(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(6)
        self.chips: dict[Kind, QPushButton] = {}
        for kind, label in CHIPS:
            chip = self.chips[kind] = QPushButton(label)
            chip.setObjectName(kind)
            theme.set_role(chip, "chip")
            chip.clicked.connect(self._choose_kind)
            chip.hide()
            line.addWidget(chip)
        self._told = QLabel()
        theme.set_role(self._told, "muted")
        line.addWidget(self._told)
        line.addStretch(1)
        self.body.addLayout(line)

    def _build_form(self) -> ChoiceEditor | None:
        """What is asked: field and value, the target stage, or the reason."""
        initials = self._words.initials
        if self.kind in WAYS:
            lines = [kind.key() for kind in self._register.LINES]
            keys = lines if self.kind == "lines" else fillable(self._register)
            field = ChoiceEditor([(key, self._register.label(key)) for key in keys], initials, required=True)
            field.changed.connect(self._change_field)
            field.refused.connect(self._say_problem)
            field.mended.connect(self._look)
            self._add("明细" if self.kind == "lines" else "项目", field, 0)
            self._build_ways()
            return field
        if self.kind == "advance":
            targets = dict.fromkeys(move.target for move in self._register.MOVES)
            stages = [(stage.key, stage.label) for stage in self._register.STAGES if stage.key in targets]
            self.editor = ChoiceEditor(stages, initials, required=True)
            self._add("转到", self.editor, 0)
        elif self.kind in REASONS:
            self.editor = LineEditor()
            self.editor.set_placeholder(REASONS[self.kind])
            self._add("原因", self.editor, 0)
        if self.editor is not None:
            self.editor.changed.connect(self._timer.start)
        return None

    def _build_ways(self) -> None:
        """Fill, add, clear: offered once a field is chosen; add only where a field holds several."""
        line = QHBoxLayout()
        line.setSpacing(6)
        for way, words in WAYS[self.kind].items():
            button = self.ways[way] = QPushButton(words)
            button.setObjectName(way)
            button.clicked.connect(self._choose_way)
            button.hide()
            line.addWidget(button)
        line.addStretch(1)
        self._form.addLayout(line, 1, 1)

    def _choose_way(self) -> None:
        sender = self.sender()
        self._go_way(next(way for way, button in self.ways.items() if button is sender))

    def _go_way(self, way: str) -> None:
        self.way = way
        name = self.editor.objectName() if self.editor is not None else ""
        for one, button in self.ways.items():
            theme.set_role(button, "chipOn" if one == way else "chip")
            button.setVisible(bool(name) and (one != "add" or takes_several(self._register, name)))
        if self.editor is not None:
            self.editor.setVisible(way != "clear")
        self._value_label.setVisible(bool(name) and way != "clear")
        self._look()

    def _label(self, words: str) -> QLabel:
        label = QLabel(words)
        theme.set_role(label, "muted")
        label.setFixedSize(theme.up4(5.2 * theme.em()), theme.row())
        return label

    def _add(self, words: str, editor: Editor, row: int) -> None:
        label = self._label(words)
        label.setBuddy(editor)
        editor.setAccessibleName(words)
        editor.left_forward.connect(self._go_forward)
        self._form.addWidget(label, row, 0)
        self._form.addWidget(editor, row, 1)

    def set_fill(self, name: str, value: object | None) -> None:
        """Begin with this field and value (fill down)."""
        assert self.field is not None
        self.field.set_value(name)
        self._change_field()
        assert self.editor is not None
        self.editor.set_value(value)
        self.editor.setFocus()
        self._look()

    def set_stage(self, stage: str) -> None:
        """Begin with this stage; it can be changed for another."""
        assert self.editor is not None
        self.editor.set_value(stage)
        self._look()

    def _change_field(self) -> None:
        """Another field, another editor."""
        assert self.field is not None
        name = None if self.field.is_unreadable() else self.field.value()
        if name is None:
            return
        if self.editor is not None:
            self._form.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
        self.editor = editor = self._editor_of(name)
        editor.setObjectName(name)
        editor.setAccessibleName(self._register.label(name))
        editor.changed.connect(self._timer.start)
        editor.refused.connect(self._say_problem)
        editor.mended.connect(self._look)
        editor.left_forward.connect(self._go_forward)
        self._form.addWidget(editor, 2, 1)
        self._go_way("fill")
        self._timer.start()

    def _editor_of(self, name: str) -> Editor:
        """What the value of a field, or lines of a kind, are written in."""
        if self.kind == "lines":
            kind = kind_of(self._register, name)
            blank, lines = kind(), lines_editor(kind, self._words)
            usual = {one: value for one in kind.COLUMNS if (value := getattr(blank, one)) not in (None, "", False)}
            lines.set_value([usual] if usual else None)  # what stands there is seen before it is added
            return lines
        model_field = self._register._meta.fields[name]
        editor = editor_for(model_field, self._words, in_cell=True)
        editor.set_placeholder(model_field.help_text or "")
        return editor

    def _go_forward(self) -> None:
        """Enter in the field goes to the value, Enter in the value to the word that does it."""
        if self.field is not None and self.field.is_unreadable():
            self.field.setFocus()
        elif self.sender() is self.field and self.editor is not None and self.way != "clear":
            self.editor.setFocus()
        else:
            self._look()
            self.button.setFocus()

    def _say_problem(self, sentence: str) -> None:
        self._problem.set_sentence(sentence)
        self._problem.setVisible(bool(sentence))

    def deed(self) -> Deed | None:
        """What is asked for so far; None while something is lacking or cannot be read."""
        self._lacking, value = "", None
        if self.field is not None and self.field.is_unreadable():
            return None
        if self.editor is not None and self.way != "clear":
            try:
                value = self.editor.value()
            except Unreadable as unreadable:
                self._say_problem(unreadable.sentence)
                return None
        self._say_problem("")
        name = self.editor.objectName() if self.editor is not None else ""
        if self.kind in WAYS:
            return self._deed_of_lines(name, value) if self.kind == "lines" else self._deed_of_value(name, value)
        if self.kind == "advance":
            return Advance(str(value)) if value else None
        if self.kind == "restore":
            return Restore()
        return self._deed_for(" ".join(str(value or "").split()))

    def _deed_for(self, reason: str) -> Deed | None:
        if len(reason) > LONGEST_REASON:
            self._say_problem(f"原因太长：{len(reason)}字，最多{LONGEST_REASON}字，请删短")
            return None
        return (Void if self.kind == "void" else Delete)(reason) if reason else None

    def _deed_of_value(self, name: str, value: Any) -> Deed | None:
        if self.way == "clear" and name:
            return Clear(name)
        if value in (None, ""):
            return None
        kept = stored(self._register, name, value)
        return Add(name, kept) if self.way == "add" else Fill(name, kept, self.replacing.isChecked())

    def _deed_of_lines(self, name: str, value: Any) -> Deed | None:
        """Lines that lack what they must have are added to none: it is said, quietly while the clerk is writing."""
        if self.way == "clear" and name:
            return ClearLines(name)
        if not value:
            return None
        kind = kind_of(self._register, name)
        rows = tuple({one: getattr(line, one) for one in kind.COLUMNS} for line in lines_of(kind, value, ()))
        for row in rows:
            if labels := unfilled(kind, row):
                self._lacking = f"还要填{'、'.join(labels)}"
                return None
        return AddLines(name, rows)

    def _look(self) -> None:
        """Work the preview out anew, unless it is the one on show."""
        self._timer.stop()
        deed = self.deed()
        asked = Fill(deed.name, deed.value) if isinstance(deed, Fill) else deed
        if asked == self._deed and (self._foreseen or self._job):
            return
        self._stop()
        self._deed, self._foreseen = asked, None
        self._show_foreseen()
        if asked is None:
            return
        actions, register, picked, known = self._actions, self._register, self._picked, self._ids

        def work(job: Job) -> Foreseen:
            database.connect(reuse_if_open=True)
            return foresee(actions.store, register, picked.read() if known is None else known, asked, job.progress)

        self._bar.setRange(0, 0)
        self._bar.show()
        self._job = self._jobs.run("预览", work, self._take_foreseen, self._fail)
        self._job.progressed.connect(self._show_progress)

    def _stop(self, _result: int = 0) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._bar.hide()

    def _fail(self, error: BaseException) -> None:
        self._stop()
        self.failed.emit(error)

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _take_foreseen(self, foreseen: Foreseen) -> None:
        self._stop()
        self._ids, self._foreseen, self._shown = foreseen.ids, foreseen, None
        self._show_foreseen()

    def _choose_kind(self) -> None:
        kind: Kind = next(kind for kind, chip in self.chips.items() if chip is self.sender())
        self._shown = None if self._shown == kind else kind
        self._show_foreseen()

    def written(self) -> int:
        """How many records the deed would alter as things stand."""
        counts = self._foreseen.counts() if self._foreseen else {}
        return counts.get("filled", 0) + (counts.get("replaced", 0) if self._replaces() else 0)

    def _show_foreseen(self) -> None:
        """Counts, chips, rows and the word on the button."""
        seen, deed = self._foreseen, self._deed
        counts = seen.counts() if seen else {}
        for kind, label in CHIPS:
            chip = self.chips[kind]
            chip.setText(f"{label} {counts.get(kind, 0):,}")
            chip.setVisible(bool(counts.get(kind)))
            theme.set_role(chip, "chipOn" if self._shown == kind else "chip")
        held = counts.get("replaced", 0)
        self.replacing.setVisible(bool(held) and self.kind == "fill" and self.way == "fill")
        self.replacing.setText(f"覆盖已有的 {held:,} 条（原来的内容记在历史里）")
        self._told.setText(self._said_of(seen) if seen else "正在看每一条..." if deed else self._lacking)
        number = self.written()
        verb = {"add": "添上", "clear": "清空"}.get(self.way, VERBS[self.kind])
        self.button.setText(f"{verb} {number:,} 条" if number else verb)
        self.button.setEnabled(number > 0)
        self.button.setToolTip("" if number else "还没有要改的：先填上面的内容，或勾选覆盖已有的")
        kinds: list[Kind] = [self._shown] if self._shown else [kind for kind, _label in CHIPS]
        words = after(self._register, deed)
        self.model.show(seen or Foreseen((), bytearray()), kinds, column(deed), words, self._replaces())

    def _replaces(self) -> bool:
        return self.kind != "fill" or self.way == "clear" or (self.way == "fill" and self.replacing.isChecked())

    def _said_of(self, seen: Foreseen) -> str:
        """What goes or comes in all, beside the numbers of records; that letters are nobody's name."""
        held, deed = seen.counts()["replaced"], self._deed
        if seen.lines:
            label, verb = self._register.label(column(deed)), "清空" if self.way == "clear" else "添加"
            return f"{label}现在共 {sum(seen.lines):,} 行，{verb}后 {sum(seen.lines_after):,} 行"
        if self.way == "clear" and held:
            return f"清空后，{held:,} 条失去这一项的内容（原来的内容记在历史里）"
        return self._words.noted(self._register, deed.name, deed.value) if isinstance(deed, Fill | Add) else ""

    def _decide(self) -> None:
        seen, deed = self._foreseen, self.deed()
        if seen is None or deed is None or not self.written():
            return
        kinds: tuple[Kind, ...] = ("filled", "replaced") if self._replaces() else ("filled",)
        self.decided.emit(deed, [seen.ids[at] for at in seen.places(*kinds)])
        self.accept()
