"""The status bar: what the page says, the job under way, drafts, the last backup, and who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop import theme

if TYPE_CHECKING:
    from db.store.backup_places import BackupState
    from desktop.jobs import Job

_SHAPES = {"green": "disk", "ochre": "soon", "red": "late"}


class StatusBar(QFrame):
    """One line of small type at the foot of the window; empty until it is told something."""

    backup_asked = Signal()
    clerk_asked = Signal()  # who works here was clicked
    reading_asked = Signal()  # the reading of attachments is to stop, or to go on
    backup_turned = Signal()  # the backups stand better or worse than before

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "foot", fresh=True)
        self.setFixedHeight(theme.row())
        self._page, self._only, self._job, self._drafts = (QLabel() for _ in range(4))
        self.clerk = QPushButton()
        theme.set_role(self.clerk, "status", fresh=True)
        self.clerk.clicked.connect(self.clerk_asked)
        self.clerk.setEnabled(False)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(16)
        for label in (self._page, self._job, self._drafts):
            theme.set_role(label, "small", fresh=True)
        line.addWidget(self._page)
        line.addStretch(1)
        self.backup = QPushButton()
        theme.set_role(self.backup, "status", fresh=True)
        self.backup.clicked.connect(self.backup_asked)
        self.backup.hide()
        for widget in (self._only, self._job, self._drafts, self.backup, self.clerk):
            line.addWidget(widget)
        self._only.hide()
        self._line, self.reading = line, cast("QPushButton | None", None)
        self.backup_state: BackupState | None = None

    def say(self, words: str) -> None:
        """What the page on show has to say."""
        self._page.setText(words)

    def say_of(self, page: QWidget, words: str) -> None:
        """The same of a page that may be behind another by now: a list is read to its end there too."""
        if page.isVisible():
            self.say(words)

    def show_clerk(self, user: str, why_read_only: str) -> None:
        """Who works here, and that nothing can be changed where there is a reason for it ("": there is none)."""
        self.clerk.setText(user)
        self._only.setVisible(bool(why_read_only))
        if why_read_only:
            self._only.setText("只能查看，不能修改")
            self._only.setToolTip(why_read_only)
            theme.set_role(self._only, "ochre", "light")

    def offer_clerk(self, may_change: bool) -> None:
        """Whether a click on who works here asks for somebody else."""
        self.clerk.setEnabled(may_change)
        self.clerk.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus if may_change else QtCore.Qt.FocusPolicy.NoFocus)
        self.clerk.setToolTip("锁定、换人登录、改口令" if may_change else "")

    def show_drafts(self, count: int) -> None:
        """How many half-typed forms are kept; nothing for none."""
        self._drafts.setText(f"草稿 {count}" if count else "")

    def show_job(self, job: object) -> None:
        """The job under way, until it ends; one without a title is not told."""
        if not job.title:  # type: ignore[attr-defined]
            return
        self._job.setText(f"正在{job.title}")  # type: ignore[attr-defined]
        job.ended.connect(self._job.clear)  # type: ignore[attr-defined]

    def show_reading(self, left: int, is_stopped: bool) -> None:
        """How many attachments are still to be read for searches; a click stops it or lets it go on."""
        if self.reading is None:
            if not left:
                return
            self.reading = QPushButton()
            self.reading.setObjectName("reading")
            theme.set_role(self.reading, "status", fresh=True)
            self.reading.clicked.connect(self.reading_asked)
            self._line.insertWidget(self._line.indexOf(self._job), self.reading)
        self.reading.setVisible(left > 0)
        self.reading.setText(
            f"附件文字还有 {left:,} 个没读（已停）" if is_stopped else f"正在读附件文字，还有 {left:,} 个"
        )
        self.reading.setToolTip(
            "读完才搜得到附件里的字。点一下接着读" if is_stopped else "读完就搜得到附件里的字。点一下先停"
        )

    def show_backup(self, state: BackupState) -> None:
        """How the backups stand, by shape, colour and words; a click asks for one."""
        before, self.backup_state = self.backup_state, state
        theme.set_icon(self.backup, _SHAPES[state.light], state.light, 14)
        theme.set_role(self.backup, "ink2" if state.light == "green" else state.light, "light")
        self.backup.setText(state.words)
        self.backup.setToolTip(state.more)
        self.backup.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.backup.show()
        if before is None or before.light != state.light:
            self.backup_turned.emit()

    def show_backup_job(self, job: Job) -> None:
        """A backup under way: how far it is, until it ends."""
        job.progressed.connect(self._show_backup_progress)
        job.ended.connect(self._end_backup)

    def _show_backup_progress(self, done: int, total: int) -> None:
        self.backup.setEnabled(False)
        self.backup.setText(f"正在备份 {100 * done // total}%" if total else "正在检查备份")

    def _end_backup(self) -> None:
        self.backup.setEnabled(True)
        self.backup.setText(self.backup_state.words if self.backup_state else "")
