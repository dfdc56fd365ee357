"""Brings an older ledger up to date, one numbered step after another, each a transaction of its own.

A step is a module `NNNN_what.py` here with `apply(connection)`; its number is the version that it leads to. A step
freezes the old shape in itself and imports no live model. The version is written as the last statement of the same
transaction, so that an interrupted upgrade goes on where it stopped.
"""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import db.store.upgrades as steps_package

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Step:
    """One step: the version it leads to and what it does."""

    version: int
    apply: Callable[[sqlite3.Connection], None]


def steps() -> list[Step]:
    """The bundled steps in their order."""
    names = sorted(name for _f, name, _p in pkgutil.iter_modules(steps_package.__path__) if name[:4].isdigit())
    return [Step(int(name[:4]), importlib.import_module(f"{steps_package.__name__}.{name}").apply) for name in names]


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a ledger; 0 for an empty file."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _require_whole(connection: sqlite3.Connection, step: Step) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"step {step.version} left {len(broken)} broken references")


def upgrade(connection: sqlite3.Connection, planned: Sequence[Step], target: int) -> None:
    """Apply the steps above the ledger's version up to `target`.

    Raises:
        sqlite3.Error: from a step, whose transaction is then rolled back with its version.
        RuntimeError: when a step leaves a broken foreign key (it is rolled back too), or the steps do not lead to the
            target.
    """
    connection.execute("PRAGMA foreign_keys = OFF")  # SQLite ignores it inside a transaction
    try:
        for step in planned:
            if version_of(connection) < step.version <= target:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    step.apply(connection)
                    _require_whole(connection, step)
                    connection.execute(f"PRAGMA user_version = {step.version:d}")
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                        connection.execute("ROLLBACK")
                    raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    if version_of(connection) != target:
        raise RuntimeError(f"no upgrade step leads from version {version_of(connection)} to {target}")
