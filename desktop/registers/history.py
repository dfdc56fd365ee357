"""The history of a record: who, when, what was done, each field from what to what."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from db.record import Record
from db.store.history import changes
from db.store.journal import Entry
from desktop import theme


class HistoryView(QTextBrowser):
    """Shows the journal of one record, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("历史")
        self.setOpenLinks(False)

    def show_entries(self, register: type[Record], entries: list[Entry]) -> None:
        """Show these entries (given oldest first)."""
        self.setHtml("".join(self._entry(register, entry) for entry in reversed(entries)) or "<p>还没有历史。</p>")

    def _entry(self, register: type[Record], entry: Entry) -> str:
        muted = theme.colour("ink2").name()
        head = (
            f"<p style='margin:8px 0 2px 0'><b>{escape(entry.title)}</b>　{escape(entry.by)}　"
            f"<span style='color:{muted}'>{entry.at[:16].replace('T', ' ')}</span></p>"
        )
        return head + "".join(
            f"<p style='margin:0 0 0 16px'><span style='color:{muted}'>{escape(label)}</span>　"
            f"{_old_and_new(old, new, bool(entry.before))}</p>"
            for label, old, new in changes(register, entry)
        )


def _old_and_new(old: str, new: str, had: bool) -> str:
    if not had or not old:
        return escape(new or "（清空）")
    return f"<s>{escape(old)}</s> → {escape(new or '（清空）')}"
