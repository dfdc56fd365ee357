"""A line at the foot of a page that says how far a long job is and lets it be stopped."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desktop import theme
from desktop.jobs import Job

_SHOWN_AFTER_MS = 200  # what is done by then is not worth a line


class JobStrip(QFrame):
    """Hidden but while a job that it follows has run for a moment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "foot")
        self.setFixedHeight(theme.row() + 8)
        self._words, self._counts, self.bar, self.stop = QLabel(), QLabel(), QProgressBar(), QPushButton("停止")
        theme.set_role(self._counts, "muted")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.up4(16 * theme.em()))
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.clicked.connect(self._cancel)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(12)
        for widget in (self._words, self.bar, self._counts):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.stop)
        self._job: Job | None = None
        self._unit = ""
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_AFTER_MS)
        self._timer.timeout.connect(self.show)
        self.hide()

    def follow(self, job: Job, words: str, unit: str, tip: str) -> None:
        """Show a job's progress in `unit` (条、行) until it ends; `tip` says what stopping leaves behind."""
        self._job, self._unit = job, unit
        self._words.setText(words)
        self._counts.clear()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words)
        self.stop.setEnabled(True)
        self.stop.setToolTip(tip)
        job.progressed.connect(self._show_progress)
        job.ended.connect(self._end)
        self._timer.start()

    @property
    def job(self) -> Job | None:
        """The job that is under way."""
        return self._job

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._counts.setText(f"{done:,} / {total:,} {self._unit}")

    def _cancel(self) -> None:
        if self._job is not None:
            self.stop.setEnabled(False)
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self._timer.stop()
        self.hide()
