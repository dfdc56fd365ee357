"""The tables that all registers share, by name: those that the office edits, and what hangs on records."""

from __future__ import annotations

from db.directory.accounts import Account, AccountDeed, SignIn
from db.directory.attachments import Attachment
from db.directory.calendar import DeadlineRule, WorkdayOverride
from db.directory.clock import ClockWord
from db.directory.drafts import Draft
from db.directory.forms import FormText
from db.directory.links import Link
from db.directory.locks import MonthLock
from db.directory.matches import ColumnMatch
from db.directory.numbers import NumberReason
from db.directory.people import Person
from db.directory.reports import REPORTS, FiledFigure, FiledReport, ReportTemplate
from db.directory.settings import Setting
from db.directory.units import Unit
from db.directory.views import SavedView
from db.directory.vocabulary import TermRow
from db.record import Table

# Logs are only ever added to: undo passes them over.
LOGS: tuple[type[Table], ...] = (MonthLock, AccountDeed, ClockWord)
# What the clerk may change beside the records; journaled and undone like them, under the table's name.
EDITED: tuple[type[Table], ...] = (
    TermRow, Unit, Person, WorkdayOverride, DeadlineRule, FormText, NumberReason, ColumnMatch, SavedView,
    *REPORTS, *LOGS,
)  # fmt: skip
# What is asked of whoever takes back a change that others made to a table; all else asks for nothing more.
ASKED: dict[type[Table], str] = {
    TermRow: "edit_rules", WorkdayOverride: "edit_rules", DeadlineRule: "edit_rules", FormText: "edit_rules",
    ReportTemplate: "edit_rules", FiledReport: "file_report", FiledFigure: "file_report",
    Unit: "directory", Person: "directory",
}  # fmt: skip
SHARED: tuple[type[Table], ...] = (*EDITED, Setting, Account, SignIn, Draft, Link, Attachment)
