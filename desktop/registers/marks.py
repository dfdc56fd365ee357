"""What stands under a field or over a pane: the problem line, the note line and the toast (look.md §2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractAnimation, QEvent, QObject, QPropertyAnimation, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from desktop import theme

_SHOWN_MS = 12_000
_FADE_MS = 120


@dataclass(frozen=True)
class Fix:
    """A way out of a problem: its key for the program and its words for the clerk."""

    key: str
    label: str


class ProblemLine(QFrame):
    """One sentence that keeps the record from being saved, with its fixes; stands under its field."""

    fix_asked = Signal(str)
    ROLE, ICON, COLOUR = "problem", "late", "red"

    def __init__(self, sentence: str, fixes: Sequence[Fix] = (), parent: QWidget | None = None) -> None:
        """`fixes` become quiet buttons under the sentence."""
        super().__init__(parent)
        theme.set_role(self, self.ROLE)
        self.setAccessibleName(sentence)
        self._mark = QLabel()
        theme.set_icon(self._mark, self.ICON, self.COLOUR, 12)
        self._sentence = QLabel(sentence)
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self._sentence, 1)
        self._mark.setContentsMargins(0, (self.fontMetrics().height() - 12) // 2, 0, 0)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(8, 4, 8, 0 if fixes else 4)
        column.addLayout(words)
        if fixes:
            column.addLayout(self._new_fixes(fixes))

    def sentence(self) -> str:
        """The sentence on show."""
        return self._sentence.text()

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)

    def _new_fixes(self, fixes: Sequence[Fix]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addSpacing(12)
        for fix in fixes:
            button = QPushButton(fix.label)
            button.setObjectName(fix.key)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            theme.set_role(button, "quiet")
            button.clicked.connect(self._ask)
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _ask(self) -> None:
        self.fix_asked.emit(self.sender().objectName())


class NoteLine(ProblemLine):
    """One sentence that the clerk should know and that keeps nothing from being saved."""

    ROLE, ICON, COLOUR = "note", "todo", "ochre"


class Toast(QFrame):
    """What was done, at the bottom of the pane that changed, for 12 s or as long as the mouse rests on it.

    One for each pane: a newer sentence takes the place of the older. Never for problems.
    """

    undo_asked = Signal()
    way_asked = Signal()
    """The second button, which `say` may name."""

    def __init__(self, pane: QWidget) -> None:
        """A hidden toast of `pane`, which it follows when that is resized."""
        super().__init__(pane)
        self.hide()
        theme.set_role(self, "toast")
        self._sentence = QLabel()
        self._undo, self._way = QPushButton("撤销  Ctrl+Z", self), QPushButton(self)
        for button, taken in ((self._way, self._take_way), (self._undo, self._take_undo)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(taken)
        self._pane = pane
        self._line = QHBoxLayout(self)
        self._line.setSpacing(16)
        for widget, stretch in ((self._sentence, 1), (self._way, 0), (self._undo, 0)):
            self._line.addWidget(widget, stretch)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self.dismiss)
        self._opacity = QGraphicsOpacityEffect(self)
        self._opacity.setEnabled(False)
        self.setGraphicsEffect(self._opacity)
        self._fade = QPropertyAnimation(self._opacity, b"opacity", self)
        self._fade.setDuration(_FADE_MS)
        self._fade.finished.connect(self._end_fade)
        pane.installEventFilter(self)

    def say(self, sentence: str, undo: bool = True, way: str = "") -> None:
        """Show `sentence`, with a button `way` that goes on from there, and the one that takes it back if `undo`."""
        self._fade.stop()
        self._sentence.setText(sentence)
        self._undo.setVisible(undo)
        self._way.setText(way)
        self._way.setVisible(bool(way))
        self._line.setContentsMargins(16, 4, 4 if undo or way else 16, 4)
        self.setMinimumHeight(theme.row() + 8)
        self.setAccessibleName(sentence)
        fresh = self.isHidden()
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._timer.start()
        self._play(0.0, 1.0) if fresh else self._opacity.setEnabled(False)

    def sentence(self) -> str:
        """The sentence on show."""
        return self._sentence.text()

    def dismiss(self) -> None:
        """Fade away; at once if the system wants no motion."""
        self._timer.stop()
        if self.isVisible() and self._moves():
            self._play(1.0, 0.0)
        else:
            self.hide()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while pointed at."""
        super().enterEvent(event)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Count the 12 s anew."""
        super().leaveEvent(event)
        if self.isVisible():
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pane's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _take_way(self) -> None:
        self.dismiss()
        self.way_asked.emit()

    def _take_undo(self) -> None:
        self.dismiss()
        self.undo_asked.emit()

    def _place(self) -> None:
        """Bottom middle of the pane, two rows above its edge; what is wider than the pane is wrapped."""
        pane = self._pane
        self._sentence.setWordWrap(False)
        self.adjustSize()
        if self.width() > (width := pane.width() - 16):
            self._sentence.setWordWrap(True)
            self.resize(width, self._line.heightForWidth(width))
        self.move((pane.width() - self.width()) // 2, max(8, pane.height() - self.height() - 2 * theme.row()))

    def _moves(self) -> bool:
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0

    def _play(self, start: float, end: float) -> None:
        if not self._moves():
            return
        self._opacity.setEnabled(True)
        self._fade.setStartValue(start)
        self._fade.setEndValue(end)
        self._fade.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)

    def _end_fade(self) -> None:
        faded = self._fade.endValue() == 0.0
        self._opacity.setEnabled(False)
        if faded:
            self.hide()
