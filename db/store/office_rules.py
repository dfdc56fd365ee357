"""Reads the rules that the office's tables hold; a damaged file may hold what the program never wrote there."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import peewee as pw

from db.directory import calendar, locks, settings, units, vocabulary
from db.errors import StoreTrouble, named_troubles
from db.rules.rulebook import Rulebook
from db.store.opening import damaged


def rules_on(today: date, folder: Path) -> Rulebook:
    """The rules in force on a day, of the open ledger in a folder.

    Raises:
        StoreTrouble: DAMAGED when a column is gone or a value is no text, unit of time or number; or the machine's.
    """
    try:
        with named_troubles():
            return Rulebook(
                today, calendar.deadlines(), vocabulary.terms(), settings.settings(), units.unit_levels(),
                locks.locked_months(),
            )  # fmt: skip
    except StoreTrouble:
        raise
    except (sqlite3.Error, pw.PeeweeException, ValueError, TypeError) as error:
        raise damaged(folder, "期限、词汇、设置等表里有程序认不得的内容") from error
