"""The history of a record: who, when, what was done, each field from what to what."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from db.record import Record
from db.store.history import Difference, changes
from db.store.journal import Entry
from db.store.old_values import may_be_put_back
from desktop import theme


class HistoryView(QTextBrowser):
    """Shows the journal of one record, newest first.

    `back_asked(number of the entry, name)` when an old value is to be put back, `print_asked` for the sheet of it all.
    """

    back_asked = Signal(int, str)
    print_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = ""
        self.setAccessibleName("历史")
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._ask_back)

    def show_entries(self, register: type[Record], entries: list[Entry], problem: str = "", why: str = "") -> None:
        """Show these entries (given oldest first); `problem` says why an old value was not put back.

        `why` says why whoever works here may put none back: the way there is told, and shut.
        """
        self._why = why
        told = f"<p style='color:{theme.colour('red').name()}'>◆ {escape(problem)}</p>" if problem else ""
        parts = "".join(self._entry(register, entry) for entry in reversed(entries))
        style = f"color:{theme.colour('accent').name()};text-decoration:none"
        sheet = f"<p align='right'><a href='print:' style='{style}'>打印历史记录单</a></p>"
        self.setHtml(told + (sheet + parts if parts else "<p>还没有历史。</p>"))

    def _ask_back(self, link: QUrl) -> None:
        if link.scheme() == "print":
            self.print_asked.emit()
            return
        number, _slash, name = link.path().partition("/")
        self.back_asked.emit(int(number), name)

    def _entry(self, register: type[Record], entry: Entry) -> str:
        muted = theme.colour("ink2").name()
        head = (
            f"<p style='margin:8px 0 2px 0'><b>{escape(entry.title)}</b>　{escape(entry.by)}　"
            f"<span style='color:{muted}'>{entry.at[:16].replace('T', ' ')}</span></p>"
        )
        return head + "".join(
            f"<p style='margin:0 0 0 16px'><span style='color:{muted}'>{escape(one.label)}</span>　"
            f"{_old_and_new(one.old, one.new, bool(entry.before))}{self._way_back(register, entry, one)}</p>"
            for one in changes(register, entry)
        )

    def _way_back(self, register: type[Record], entry: Entry, one: Difference) -> str:
        if not may_be_put_back(register, entry, one.name):
            return ""
        words = "恢复原值" if one.old else "恢复为空"
        if self._why:
            return f"　<span style='color:{theme.colour('ink2').name()}'>（{words}：{escape(self._why)}）</span>"
        style = f"color:{theme.colour('accent').name()};text-decoration:none"
        return f"　<a href='back:{entry.id}/{one.name}' style='{style}'>{words}</a>"


def _old_and_new(old: str, new: str, had: bool) -> str:
    if not had or not old:
        return escape(new or "（清空）")
    return f"<s>{escape(old)}</s> → {escape(new or '（清空）')}"
