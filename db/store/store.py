"""The only writer: every change of a record goes through `Store.change()` and is journaled with it."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path

from db import catalogue as catalogue_module
from db.catalogue import Catalogue
from db.directory import drafts, settings
from db.directory.drafts import Draft
from db.directory.tables import EDITED, LOGS
from db.directory.vocabulary import TermRow
from db.errors import Refused, StoreTrouble, Trouble
from db.record import Record, database
from db.rules.pinyin import Initials
from db.rules.rulebook import Rulebook
from db.store import accounts, deeds, index, indexing, journal, second_place
from db.store.accounts import Clerk
from db.store.change import AsTyped, Change
from db.store.checking import awaits_number
from db.store.head_file import HeadFile
from db.store.initials import bundled
from db.store.office_rules import rules_on
from db.store.opening import UNWATCHED, Opened, Watch, open_ledger
from db.store.presence import Presence
from db.store.shapes import Shapes
from db.store.tries import Watches
from db.store.undo import Progress, invert

ORGAN_CODES = "organ_code"
LONG = 20  # records of one change; each takes some 2 ms to undo
_TABLES = frozenset(model.key() for model in EDITED)
_LOGS = frozenset(model.key() for model in LOGS)


class Store:
    """An open ledger. `user` is the clerk who works with it; `now` is the clock, in local time.

    `has_accounts` tells whether one has to sign in; `clerk` is who has. See `accounts`. `lost` counts the entries that
    the journal once had and has no more; see `head_file`. `watches` tell how long ago a wrong password was.
    """

    def __init__(self, opened: Opened, catalogue: Catalogue, user: str, now: Callable[[], datetime]) -> None:
        self._opened, self.catalogue, self.user, self._now = opened, catalogue, user, now
        self._open_change: Change | None = None
        self._backlog = index.Backlog()
        self._is_closed = False
        self._head_file = HeadFile(opened.folder)
        self.presence = Presence(opened.folder, opened.lock, self._head_file)
        self._done: list[int] = []
        self._undone: list[int] = []
        self._rules: Rulebook | None = None
        self.clerk: Clerk | None = None
        self.watches = Watches.of_clock(now)
        with opened.first_look():
            self.lost = 0 if opened.read_only else self._head_file.lost(self.connection)
            self.has_accounts = accounts.are_used(self) or accounts.are_lost(self)
            self.presence.know(journal.head(self.connection))
            self._rules = rules_on(now().date(), self.folder)  # damaged ones are told before anything is shown
        self.shapes = Shapes(catalogue.registers, self.initials)

    @classmethod
    def open(cls, folder: Path, user: str, now: Callable[[], datetime], watch: Watch = UNWATCHED) -> Store:
        """Open the ledger in a folder, making it when there is none; `watch` is told of what takes long.

        Raises:
            StoreTrouble: when the place, the file or its version does not allow it.
        """
        catalogue = catalogue_module.load()
        return cls(open_ledger(folder, catalogue, now, watch), catalogue, user, now)

    @cached_property
    def initials(self) -> Initials:
        """The table of pinyin initials."""
        return bundled()

    @property
    def folder(self) -> Path:
        """The folder that the ledger lies in."""
        return self._opened.folder

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed: the ledger was opened for reading only, or by one who only looks."""
        return bool(self.reason)

    @property
    def reason(self) -> str:
        """Why the ledger is read-only; empty when it is not."""
        looks = f"账号“{self.user}”只能查看。" if accounts.only_looks(self) else ""
        return self._opened.read_only or looks

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        return database.connection()

    def moment(self) -> str:
        """Now, as it is stored: local ISO time in milliseconds."""
        return self._now().isoformat(timespec="milliseconds")

    def new_uuid(self) -> str:
        """A new lasting identity for a record."""
        return uuid.uuid4().hex

    @property
    def rules(self) -> Rulebook:
        """The rules in force today; read again on a new day or after `forget_rules()`."""
        today = self._now().date()
        if self._rules is None or self._rules.today != today:
            self._rules = rules_on(today, self.folder)
        return self._rules

    def forget_rules(self) -> None:
        """Read the office's tables again at the next use, after one of them was edited."""
        self._rules = None

    def set_office(self, values: dict[str, str], organ_codes: Sequence[str]) -> None:
        """Set the office's settings and its 机关代字; codes no longer named are kept for old numbers, not offered."""
        accounts.require_for(self, values)
        with self.writing():
            for name, value in second_place.anew(values, self.rules.settings).items():
                settings.put(name, value)
            codes = TermRow.vocabulary == ORGAN_CODES
            TermRow.update(is_active=False).where(codes).execute()
            for position, code in enumerate(organ_codes):
                TermRow.insert(vocabulary=ORGAN_CODES, word=code, position=position).on_conflict(
                    conflict_target=[TermRow.vocabulary, TermRow.word],
                    update={TermRow.is_active: True, TermRow.position: position},
                ).execute()
        self.forget_rules()

    def require(self, permission: str) -> None:
        """Let only those go on who may do it; see `accounts.require`.

        Raises:
            Refused: naming those who may.
        """
        accounts.require(self, permission)

    @contextmanager
    def change(self, title: str, undoes: int | None = None, may: str | None = "save") -> Generator[Change]:
        """One named change in one IMMEDIATE transaction; on any error nothing of it is kept.

        `may` is the permission that it asks for; None: whoever calls has asked.

        Raises:
            Refused: when whoever works here may not.
            StoreTrouble: when the machine cannot write.
            RuntimeError: when a change is already open.
        """
        if self._open_change:
            raise RuntimeError("a change is already open")
        if may:
            self.require(may)
        if self.read_only:
            raise StoreTrouble(
                Trouble.READ_ONLY, "没能保存：台账现在只能看", self.reason, "请把台账放到能写入的位置，再重新打开。"
            )
        try:
            with self.writing() as connection:
                self._open_change = change = Change(self, connection, title, undoes)
                yield change
                self.let_wait(connection, len(change.keys))
            if change.id and change.head:
                self.presence.know(change.head)
                self._head_file.keep(change.head)
        finally:
            self._open_change = None
        if any(key in _TABLES for key, _row in change.keys):
            self.forget_rules()
        if change.id and undoes is None and any(key not in _LOGS for key, _row in change.keys):
            self._done.append(change.id)
            self._undone.clear()

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """One IMMEDIATE transaction; on any error nothing of it is kept, and the machine's errors get their names."""
        self.presence.require()
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            self.presence.require_still()
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                with suppress(sqlite3.Error):  # the disk is gone, and the transaction with it
                    connection.execute("ROLLBACK")
            trouble = self.presence.named(error)
            if trouble:
                raise trouble from error
            raise

    def save(self, record: Record, title: str = "") -> Change:
        """Save one record as a change of its own; give back what was done."""
        verb = title or ("修改" if record.id else record.VERB)
        with AsTyped(record), self.change(verb) as change:
            change.save(record)
        return change

    def load(self, register: type[Record], record_id: int) -> Record:
        """One record with all its lines.

        Raises:
            Refused: when there is no such record.
        """
        shape, connection = self.shapes[register], self.connection
        row = connection.execute(shape.select, (record_id,)).fetchone()
        if row is None:
            raise Refused("这条记录已不在台账里")
        record: Record = shape.revive(record_id, row)
        for kind in register.LINES:
            lines = self.shapes[kind]
            rows = connection.execute(lines.of_owner, (record_id,))
            record.rows[kind.key()] = [lines.revive(line_id, values) for line_id, *values in rows]
        return record

    def move(self, record: Record, target: str) -> Change:
        """Make a permitted move to a stage.

        Raises:
            Refused: when the move is not in MOVES or something that it needs is empty.
        """
        move = deeds.move_to(record, target)
        with AsTyped(record):
            deeds.take(record, move)
            return self.save(record, move.verb or record.stage_of(target).label)

    def void(self, register: type[Record], record_id: int, reason: str) -> Change:
        """Void a record: it keeps its number and its place in the book.

        Raises:
            Refused: without a reason, or when it is void already.
        """
        with self.change("作废", may="void") as change:
            deeds.void(change, self.load(register, record_id), reason)
        return change

    def restore(self, register: type[Record], record_id: int) -> Change:
        """Take a voiding or a deletion back."""
        with self.change("恢复", may="void") as change:
            deeds.restore(change, self.load(register, record_id))
        return change

    def delete(self, register: type[Record], record_id: int) -> Change:
        """Put a record without a number into the recycle bin.

        Raises:
            Refused: when the record has a number, which is only ever voided.
        """
        with self.change("删除", may="void") as change:
            deeds.delete(change, self.load(register, record_id))
        return change

    def sequence_for(self, record: Record) -> int | None:
        """The number that a record would get if it were saved now; None when it has one or is not that far yet."""
        return self.next_sequence(type(record), record.series, record.year) if awaits_number(record) else None

    def next_sequence(self, register: type[Record], series: str, year: int) -> int:
        """The number that comes next in a series; certain only inside a change."""
        row = self.connection.execute(
            f'SELECT max(sequence) FROM "{register.key()}" WHERE series = ? AND year = ?',
            (series, year),
        ).fetchone()
        return (row[0] or 0) + 1

    def let_wait(self, connection: sqlite3.Connection, records: int) -> None:
        """Let what a change wrote of so many records wait for the search index, unless too much waits by now."""
        self._backlog.add(connection, records, lambda: indexing.merge(self, connection))

    @property
    def register_numbers(self) -> dict[str, int]:
        """The number of each register in the search index."""
        return self._opened.register_numbers

    def numbered(self) -> list[tuple[int, type[Record]]]:
        """Every register with its number in the search index."""
        return [(self.register_numbers[register.key()], register) for register in self.catalogue]

    def undoable(self) -> journal.Entry | None:
        """The last change of this session that Ctrl+Z would take back; None when there is none."""
        return self._first_entry(self._done)

    def redoable(self) -> journal.Entry | None:
        """The change that Ctrl+Shift+Z would make again; None when there is none."""
        return self._first_entry(self._undone)

    def _first_entry(self, changes: list[int]) -> journal.Entry | None:
        return journal.first_of(self.connection, changes[-1]) if changes else None

    def is_long(self, redoing: bool = False) -> bool:
        """Whether what undo (or redo) would take back is so much that it is better waited for on a worker."""
        changes = self._undone if redoing else self._done
        return bool(changes) and journal.is_longer(self.connection, changes[-1], LONG)

    def undo(self, change_id: int | None = None, progress: Progress = lambda _done, _of: True) -> Change:
        """Take a change back: the last of this session, or an earlier one by its number.

        Raises:
            Refused: when there is nothing to undo, or a later change stands in the way.
            Cancelled: when `progress` gave False; nothing is undone.
        """
        target = change_id if change_id is not None else (self._done[-1] if self._done else None)
        if target is None:
            raise Refused("没有可撤销的操作")
        change = invert(self, target, "撤销", progress)
        if target in self._done:
            self._done.remove(target)
        self._undone.append(change.id)
        return change

    def redo(self, change_id: int | None = None, progress: Progress = lambda _done, _of: True) -> Change:
        """Make a change again: the one undone last, or an earlier one by the number of its undoing.

        Raises:
            Refused: when there is none, or a later change stands in the way.
            Cancelled: when `progress` gave False; nothing is made again.
        """
        target = change_id if change_id is not None else (self._undone[-1] if self._undone else None)
        if target is None:
            raise Refused("没有可重做的操作")
        change = invert(self, target, "重做", progress)
        if target in self._undone:
            self._undone.remove(target)
        self._done.append(change.id)
        return change

    def history(self, register: type[Record], record_id: int) -> list[journal.Entry]:
        """Every entry of the journal about one record, oldest first."""
        return journal.of_record(self.connection, register.key(), record_id)

    def keep_draft(self, register: type[Record], record_id: int | None, typed: str) -> bool:
        """Keep what stands in a half-typed form (a JSON object), in place of what was kept before; "" forgets it.

        Nothing is kept of a classified paper, nor what was kept before 密级 was chosen. Tells whether it is as asked.
        """
        if self.read_only or self._open_change or not accounts.may(self, "save"):
            return False  # a worker is writing: what is typed stays in the form
        secret = bool(typed) and drafts.is_secret(register, typed)
        if secret:
            typed = ""
            self.connection.execute("PRAGMA secure_delete = ON")
        same = (Draft.register == register.key()) & (
            Draft.record.is_null() if record_id is None else Draft.record == record_id
        )
        with self.writing():
            Draft.delete().where(same).execute()
            if typed:
                Draft.insert(
                    register=register.key(), record=record_id, typed=typed, kept_at=self.moment(), kept_by=self.user
                ).execute()
        if secret:  # its words shall not lie on in free pages or in the log
            self.connection.execute("PRAGMA secure_delete = OFF")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not secret

    def drafts(self, register: type[Record] | None = None) -> list[Draft]:
        """The half-typed forms, newest first."""
        query = Draft.select().order_by(Draft.kept_at.desc())
        return list(query.where(Draft.register == register.key()) if register else query)

    def head(self) -> tuple[int, str]:
        """The number of journal entries and the hash of the last one, as it is printed."""
        count, whole = journal.head(self.connection)
        return count, journal.short(whole)

    def merge_index(self) -> None:
        """Merge the texts that wait into the search index: for a pause, since the next save then finds none waiting.

        The merging is not waited for on the disk: should it be lost, the texts still wait.

        Raises:
            StoreTrouble: when the machine cannot write.
        """
        if self.read_only or self._is_closed or self._open_change or not index.pending(self.connection):
            return
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with self.writing() as connection:
                indexing.merge(self, connection)
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the ledger and give its lock back; marks a clean end."""
        with suppress(StoreTrouble, sqlite3.Error):  # a full or a broken disk: the texts wait for another day
            self.merge_index()
        self._is_closed = True
        self._head_file.close()
        self._opened.close()
