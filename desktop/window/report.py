"""The page of the annual report, with the ways from it into the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.summaries.report_page import ReportPage

if TYPE_CHECKING:
    from desktop.window.main import MainWindow


def new_report_page(window: MainWindow, actions: Actions, jobs: Jobs, now: Callable[[], datetime]) -> ReportPage:
    """The page of a window, which opens the records behind a number of the report."""
    page = ReportPage(actions, jobs, now)
    page.filter_asked.connect(window.open_filter)
    page.record_asked.connect(window.open_record)
    page.trouble.connect(window.show_trouble)
    page.said.connect(window.status.say)
    return page
