"""The status bar: what the page says, the job under way, drafts, and who works here."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop import theme


class StatusBar(QFrame):
    """One line of small type at the foot of the window; empty until it is told something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "foot")
        self.setFixedHeight(theme.row())
        self._page, self._only, self._job, self._drafts, self._user = (QLabel() for _ in range(5))
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(16)
        for label in (self._page, self._job, self._drafts, self._user):
            theme.set_role(label, "small")
        line.addWidget(self._page)
        line.addStretch(1)
        for label in (self._only, self._job, self._drafts, self._user):
            line.addWidget(label)
        self._only.hide()

    def say(self, words: str) -> None:
        """What the page on show has to say."""
        self._page.setText(words)

    def show_clerk(self, user: str, why_read_only: str) -> None:
        """Who works here, and that nothing can be changed where there is a reason for it ("": there is none)."""
        self._user.setText(user)
        if why_read_only:
            self._only.setText("只能查看，不能修改")
            self._only.setToolTip(why_read_only)
            theme.set_role(self._only, "ochre", "light")
            self._only.show()

    def show_drafts(self, count: int) -> None:
        """How many half-typed forms are kept; nothing for none."""
        self._drafts.setText(f"草稿 {count}" if count else "")

    def show_job(self, job: object) -> None:
        """The job under way, until it ends."""
        self._job.setText(f"正在{job.title}")  # type: ignore[attr-defined]
        job.ended.connect(self._job.clear)  # type: ignore[attr-defined]
