"""What stands over the window while nothing else can be done: what is being done, how far it is, a way past it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QMainWindow, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.jobs import Job

_SHOWN_AFTER_MS = 200  # what is done by then is not worth a picture


class Cover(QFrame):
    """Covers a window and keeps mouse, keyboard and shortcuts from it until `uncover`; subclasses put a card on it."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._shortcuts = [shortcut for shortcut in window.findChildren(QShortcut) if shortcut.isEnabled()]
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        self.setGeometry(window.rect())

    def centre(self, card: QWidget) -> None:
        """Put the card a little above the middle."""
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)

    def hide_window(self) -> None:
        """What lies beneath is no longer seen."""
        self._window.centralWidget().setEnabled(False)
        theme.set_role(self, "page")
        self.raise_()

    def uncover(self) -> None:
        """Give the window back."""
        self._window.centralWidget().setEnabled(True)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(True)
        self._window.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The cover is as large as the window."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys do not reach what lies beneath."""
        event.accept()


class WaitPage(Cover):
    """Says what is being done and how far it is; seen only when it lasts."""

    skipped = Signal()

    def __init__(self, window: QMainWindow, title: str, words: str, skip: str = "") -> None:
        """`words` says what is safe; `skip` is the label of the way past it, "" where there is none."""
        super().__init__(window)
        self.bar, self._words, self.skip = QProgressBar(), QLabel(words), QPushButton(skip)
        self.part = QLabel()
        self.part.hide()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self._card = self._new_card(title)
        self._card.hide()
        self.skip.setVisible(bool(skip))
        self.skip.clicked.connect(self._skip)
        self.show()
        self.raise_()
        self.setFocus()
        QTimer.singleShot(_SHOWN_AFTER_MS, self, self._appear)

    def _new_card(self, title: str) -> QWidget:
        head = QLabel(title)
        theme.set_role(head, "h2")
        theme.set_role(self._words, "muted")
        theme.set_role(self.part, "muted")
        self._words.setWordWrap(True)
        card = QWidget()
        card.setFixedWidth(theme.up4(34 * theme.em()))
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (head, self._words, self.bar, self.part):
            column.addWidget(widget)
        column.addWidget(self.skip, 0, Qt.AlignmentFlag.AlignRight)
        self.centre(card)
        return card

    def _appear(self) -> None:
        if not self.isHidden():  # uncovered as it came due, and not yet deleted
            self._card.show()
            self.hide_window()

    def follow(self, job: Job) -> None:
        """Show the progress of a job, and in words the part of it that it is at, where it tells one."""
        job.progressed.connect(self._show_progress)
        job.shown.connect(self._show_part)
        self._show_part(job.part)  # the worker may have begun before anybody listened

    def _show_part(self, part: object) -> None:
        if isinstance(part, str):
            self.part.setText(part)
            self.part.show()
            self.bar.setRange(0, 0)

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)  # 0: no measure, the bar only moves
        self.bar.setValue(done)

    def _skip(self) -> None:
        self.skip.setEnabled(False)
        self.skipped.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """The focus stays on the cover."""
        if self.skip.isVisible():
            self.skip.setFocus()
        return True


def cover_during(window: QMainWindow, job: Job, title: str, words: str) -> None:
    """Keep everything else from the window until a job that writes has ended; it can be stopped."""
    focus = window.focusWidget()
    cover = WaitPage(window, title, words, "停止")
    cover.follow(job)
    cover.skipped.connect(job.cancel)
    job.ended.connect(cover.uncover)
    if focus:  # it may be gone by then, or nothing had it
        job.ended.connect(focus.setFocus)
