"""What the window itself finds lacking (backups, drafts, next year's holidays), and where the fix of each gap leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from db.store.search import Filter
from db.summaries.board import Gap

if TYPE_CHECKING:
    from desktop.registers.actions import Actions
    from desktop.window.main import MainWindow

ASKED_FROM = 11  # month from which next year's holidays are asked for: the notice comes in November (domain rules 12)


class Fixes(QObject):
    """The ways from the board to the pages that mend what it shows."""

    def __init__(self, window: MainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions

    def gaps(self) -> list[Gap]:
        """What only the window knows."""
        return [*self._backups(), *self._unknown_years(), *self._drafts()]

    def _backups(self) -> Iterator[Gap]:
        state = self._window.status.backup_state
        if state is not None and state.light != "green":
            yield Gap("late" if state.light == "red" else "soon", state.words, "立即备份", "backup")

    def _unknown_years(self) -> Iterator[Gap]:
        today, days = self._actions.today, self._actions.store.rules.days
        for year in (today.year, today.year + 1):
            is_asked = year == today.year or today.month >= ASKED_FROM
            if is_asked and days.is_provisional(date(year, 1, 1)):
                yield Gap("soon", f"{year}年放假安排未录入，期限暂按", "录入", "calendar", target=str(year))

    def _drafts(self) -> Iterator[Gap]:
        for register in self._actions.store.catalogue:
            for draft in self._actions.store.drafts(register):
                words = f"1 份草稿：{draft.kept_at[5:10]} {register.TITLE}"
                yield Gap("todo", words, "继续", "draft", register.key(), str(draft.record or ""))

    def mend(self, gap: Gap) -> None:
        """Open what mends a gap."""
        window, today = self._window, self._actions.today
        if gap.action == "backup":
            window.status.backup_asked.emit()
        elif gap.action == "calendar":
            from desktop.dialogs.office import CALENDAR  # the settings are imported when they are asked for

            window.open_settings(section=CALENDAR)
        elif gap.action == "new" or (gap.action == "draft" and not gap.target):
            window.enter_new(gap.register)
        elif gap.action == "draft":
            window.open_record(gap.register, int(gap.target))
        elif gap.action == "figure":
            self._open_figure(gap.target, date(today.year, 1, 1), date.fromordinal(today.toordinal() + 1))
        elif gap.action == "todo":
            window.open_filter(gap.register, Filter(light="todo"))
        else:
            window.check_numbers(gap.register, today.year)

    def _open_figure(self, key: str, start: date, end: date) -> None:
        from db.summaries.behind import behind, lists  # not needed before the first paint
        from db.summaries.document import Source

        found = behind(self._actions.figures(), Source(key, start, end))
        for asked in lists(self._actions.store.catalogue, found.rows, found.label):
            self._window.open_filter(*asked)

    def open_month(self, register: str, year: int, month: int) -> None:
        """Show the records behind a bar of the board."""
        self._window.open_filter(register, Filter(month=(year, month)))
