"""The popup in which one condition is chosen: what it offers follows from the kind of field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import peewee as pw
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from db.fields import LineField
from db.record import Record, TermField
from db.rules.stretches import NAMES, stretch
from db.rules.typed_dates import read_date
from db.store.condition_words import field_label, value_words
from db.store.conditions import LIGHT, LIGHTS, Condition, is_day
from db.store.tallies import Tally
from desktop import theme
from desktop.registers.words import OfficeWords

MOST = 1_000  # values in the list; others are found by typing
_ASK_MS = 200
_VALUE = Qt.ItemDataRole.UserRole
_KEYS = Qt.ItemDataRole.UserRole + 1

Ask = Callable[[str, str, Callable[[Tally], None]], None]


class ConditionPopup(QFrame):
    """One condition on one field. `decided(Condition or None)`: None takes the condition away.

    `ask(name, holding, take)` has the values of the field counted and given to `take`, later.
    """

    decided = Signal(object)
    closed = Signal()

    def __init__(
        self, register: type[Record], name: str, held: Condition | None, words: OfficeWords, ask: Ask,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.set_role(self, "popup")
        self._register, self.name, self._words, self._ask = register, name, words, ask
        self._kind = register._meta.fields.get(name)
        self._is_day = self._kind is not None and is_day(self._kind)
        self._is_text = isinstance(self._kind, LineField) and name != "stage" and not self._is_day
        self._is_number = self._kind is not None and not isinstance(self._kind, LineField | pw.BooleanField)
        self._is_number = self._is_number and not self._is_day
        self._held = held or Condition(name, "is")
        self.ticked = set(self._held.values) if self._held.test == "is" else set[str]()
        self._is_whole = True
        self._timer = QTimer(self, singleShot=True, interval=_ASK_MS)
        self._timer.timeout.connect(self._ask_values)
        self._lay_out()
        self._ask_values()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        title = QLabel(field_label(self._register, self.name))
        theme.set_role(title, "b")
        self.negated = QCheckBox("排除（列出其余的）")
        self.negated.setChecked(self._held.negated)
        self.negated.installEventFilter(self)
        column.addWidget(title)
        self.stretch = QComboBox() if self._is_day else None
        if self.stretch is not None:
            self.stretch.setAccessibleName("时间段")
            self.stretch.addItems(["选时间段...", *NAMES])
            if self._held.test == "when":
                self.stretch.setCurrentText(self._held.values[0])
            self.stretch.setMaxVisibleItems(16)
            self.stretch.installEventFilter(self)
            column.addWidget(self.stretch)
        self.ends = [QLineEdit(), QLineEdit()] if self._is_day or self._is_number else []
        if self.ends:
            column.addLayout(self._new_ends())
        self.search = QLineEdit()
        self.search.setPlaceholderText("输入字或拼音首字母找值" + ("；回车按“含这些字”筛选" if self._is_text else ""))
        self.search.setAccessibleName("找值")
        self.search.setMinimumWidth(theme.up4(21 * theme.em()))
        if self._held.test == "holds":
            self.search.setText(self._held.values[0])
        self.search.textEdited.connect(self._narrow)
        self.search.installEventFilter(self)
        column.addWidget(self.search)
        self.list = QListWidget()
        self.list.setAccessibleName("值")
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(theme.row() * 9)
        self.list.itemChanged.connect(self._take_tick)
        self.list.itemActivated.connect(self._turn)
        self.list.installEventFilter(self)
        column.addWidget(self.list)
        self.note = QLabel("正在数...")
        theme.set_role(self.note, "small")
        column.addWidget(self.note)
        column.addWidget(self.negated)
        column.addLayout(self._new_buttons())
        self.setFocusProxy(self.search)

    def _new_ends(self) -> QHBoxLayout:
        line = QHBoxLayout()
        for edit, label, value in zip(self.ends, ("从", "到"), (*self._held.values, "", "")[:2], strict=True):
            edit.setAccessibleName(label)
            edit.setMinimumWidth(theme.up4(8 * theme.em()))
            if self._held.test == "span":
                edit.setText(value)
            edit.textEdited.connect(self._forget_problem)
            edit.installEventFilter(self)
            line.addWidget(QLabel(label))
            line.addWidget(edit, 1)
        self._show_days()
        if self.stretch is not None:
            self.stretch.currentIndexChanged.connect(self._show_days)
        return line

    def _show_days(self) -> None:
        """Tell where days could be typed which ones the chosen stretch means today."""
        if self.stretch is not None and self.stretch.currentIndex() > 0:
            days = stretch(self.stretch.currentText(), self._words.today, self._words.days)
            hints = ["不限" if day in (date.min, date.max) else day.isoformat() for day in days]
        else:
            hints = ["如 0305、2022.3.5" if self._is_day else "不限"] * 2
        for edit, hint in zip(self.ends, hints, strict=True):
            edit.setPlaceholderText(hint)

    def _new_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        clear, self.go = QPushButton("去掉条件"), QPushButton("确定")
        theme.set_role(clear, "quiet")
        theme.set_role(self.go, "primary")
        clear.clicked.connect(self._clear)
        self.go.clicked.connect(self.decide)
        line.addWidget(clear)
        line.addStretch(1)
        line.addWidget(self.go)
        return line

    def open_at(self, place: QPoint) -> None:
        """Show the popup at a point of the screen, all of it in sight."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self.search.selectAll()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that nothing is asked any more."""
        super().closeEvent(event)
        self._timer.stop()
        self.closed.emit()

    def _ask_values(self) -> None:
        self.note.setText("正在数...")
        self._ask(self.name, "" if self._is_whole else self.search.text().strip(), self.show_values)

    def show_values(self, tally: Tally) -> None:
        """Offer the values with how often each occurs; ticked ones stay ticked."""
        self._is_whole = tally.whole if not self.search.text() or self._is_whole else False
        counts = dict(tally.values)
        values = self._ordered(counts)
        self.list.blockSignals(True)
        self.list.clear()
        for value in values:
            words = value_words(self._register, self.name, value)
            item = QListWidgetItem(f"{words}（{counts.get(value, 0):,}）")
            item.setData(_VALUE, value)
            item.setSizeHint(QSize(0, theme.row() - 4))
            item.setData(_KEYS, f"{words.lower()}\n{self._words.initials(words)}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            ticked = value in self.ticked
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.note.setText("" if tally.whole else f"值太多，只列出最多的 {MOST:,} 个；输入字来找别的。")
        self.note.setVisible(not tally.whole)
        if self._is_whole:
            self._narrow_here()

    def _ordered(self, counts: dict[str, int]) -> list[str]:
        """Fixed values and words of a vocabulary in the office's order; others as counted; ticked ones too."""
        if self.name == LIGHT:
            first: Sequence[str] = LIGHTS
        elif self.name == "stage":
            first = [stage.key for stage in self._register.STAGES]
        elif isinstance(self._kind, TermField):
            first = [word for word in self._words.terms(self._kind.vocabulary) if word in counts]
        else:
            first = sorted(filter(None, self.ticked - set(counts)))
        return list(dict.fromkeys((*first, *counts)))

    def _narrow(self) -> None:
        """Show the values that fit what was typed: those listed, or asked for anew where not all are listed."""
        if self._is_whole:
            self._narrow_here()
        else:
            self._timer.start()

    def _narrow_here(self) -> None:
        typed = self.search.text().strip().lower()
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setHidden(bool(typed) and typed not in item.data(_KEYS))

    def _take_tick(self, item: QListWidgetItem) -> None:
        is_on = item.checkState() == Qt.CheckState.Checked
        (self.ticked.add if is_on else self.ticked.discard)(item.data(_VALUE))
        for edit in self.ends:
            edit.clear()
        if self.stretch is not None:
            self.stretch.setCurrentIndex(0)

    def _turn(self, item: QListWidgetItem) -> None:
        checked, on = item.checkState(), Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if checked == on else on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the box to the list, Enter decides, Space ticks."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.decide()
        elif watched is self.search and key == Qt.Key.Key_Down:
            shown = [at for at in range(self.list.count()) if not self.list.item(at).isHidden()]
            if shown:
                self.list.setCurrentRow(shown[0])
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            return False
        return True

    def _forget_problem(self) -> None:
        theme.set_role(self.note, "small")
        self.note.setVisible(False)
        for edit in self.ends:
            theme.set_role(edit, "", "state")

    def _refuse(self, edit: QLineEdit, sentence: str) -> None:
        theme.set_role(edit, "bad", "state")
        self.note.setText(sentence)
        self.note.setVisible(True)
        edit.setFocus()

    def _clear(self) -> None:
        self.decided.emit(None)
        self.close()

    def decide(self) -> None:
        """Take what is chosen: ends, a stretch, ticks, or the typed text; nothing takes the condition away."""
        negated = self.negated.isChecked()
        typed = self.search.text().strip()
        found: Condition | None = None
        if any(edit.text().strip() for edit in self.ends):
            ends = self._read_ends()
            if ends is None:
                return
            found = Condition(self.name, "span", ends, negated)
        elif self.stretch is not None and self.stretch.currentIndex() > 0:
            found = Condition(self.name, "when", (self.stretch.currentText(),), negated)
        elif self.ticked:
            found = Condition(self.name, "is", tuple(sorted(self.ticked)), negated)
        elif typed:
            found = self._meant(typed, negated)
        self.decided.emit(found)
        self.close()

    def _meant(self, typed: str, negated: bool) -> Condition | None:
        """What was typed without a tick: characters that a text holds, or letters of the values that all are listed."""
        wanted = typed.lower()
        listed = [self.list.item(at) for at in range(self.list.count())]
        fitting = [item for item in listed if wanted in item.data(_KEYS)]
        by_initials = self._is_whole and not any(wanted in item.data(_KEYS).partition("\n")[0] for item in fitting)
        if self._is_text and not (fitting and by_initials):
            return Condition(self.name, "holds", (typed,), negated)
        return Condition(self.name, "is", tuple(item.data(_VALUE) for item in fitting), negated) if fitting else None

    def _read_ends(self) -> tuple[str, str] | None:
        """The two ends as conditions name them; None after one was refused at its place."""
        found: list[str] = []
        for edit in self.ends:
            read: Callable[[str], Any] = partial(_day, self._words) if self._is_day else _number
            try:
                found.append(read(edit.text()))
            except ValueError as problem:
                self._refuse(edit, str(problem))
                return None
        if all(found) and (found[0] > found[1] if self._is_day else float(found[0]) > float(found[1])):
            found.reverse()
        return found[0], found[1]


def _day(words: OfficeWords, text: str) -> str:
    day = read_date(text, words.today, words.days)
    return day.isoformat() if day else ""


def _number(text: str) -> str:
    """Raises ValueError with a sentence."""
    typed = text.strip().replace(",", "").replace("，", "")
    try:
        return str(float(typed)).removesuffix(".0") if typed else ""
    except ValueError:
        raise ValueError(f"“{text.strip()}”不是数，请写数字，如 20 或 3.5") from None
