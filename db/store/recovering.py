"""Gets out of a damaged ledger what can be read, beside it, and says in numbers what that is.

The damaged file is copied untouched into a folder of its own. Its rows are read page by page into a new ledger; what is
missing there comes from the newest good backup; what differs from the journal, or is known to it alone, is made again
as the journal has it. Nothing takes the ledger's place: that is `restore`, once somebody has chosen.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from db.catalogue import Catalogue
from db.directory.attachments import Attachment
from db.directory.calendar import DeadlineRule, rule_of
from db.directory.links import Link
from db.directory.people import Person
from db.directory.settings import Setting
from db.directory.tables import SHARED
from db.directory.units import Unit
from db.directory.vocabulary import TermRow
from db.errors import Cancelled, StoreTrouble, Trouble, reason_of
from db.record import Record
from db.store import backup, journal, keys, leavings, replaying
from db.store.backup import Progress, unwatched
from db.store.connecting import connect, key_of
from db.store.damaged_pages import DamagedFile
from db.store.damaged_tables import Whole, known, layouts_of, placed, unchanged
from db.store.keys import DataKey
from db.store.leavings import ASIDE, WORK
from db.store.newest_backup import newest_of
from db.store.places import LEDGER, LOCK, MAGIC, Lock
from db.store.private import close_to_others, make_private_file, make_private_folder
from db.store.recoding import recode
from db.store.recovered import Recovered, Saved
from db.store.reindexing import index_anew
from db.store.restore import copy_with_log
from db.store.schema import models_of
from db.store.sealed_pages import RESERVED, SealedPages
from db.store.second_place import Volumes, no_volumes
from db.store.store import Store

SAVED = "救回的台账.db"
_INDEX = "journal_recovering"
_OLDEST = (Setting, Unit, Person, TermRow, Link, Attachment)  # tables that every ledger has
_SETTINGS, _SAMPLE = 10_000, 100  # rows that are read to find its backups
_SMALLEST = 64 * 1024  # bytes of a ledger without records
# The entries of a change follow one another: one that stands alone, far from its change, has lost its own number.
_MISPLACED = """DELETE FROM journal WHERE change <> id
    AND NOT EXISTS (SELECT 1 FROM journal b WHERE b.id = journal.id - 1)
    AND NOT EXISTS (SELECT 1 FROM journal b WHERE b.id = journal.id + 1)"""


def recover(
    folder: Path, catalogue: Catalogue, user: str, now: Callable[[], datetime], progress: Progress = unwatched,
    volumes: Volumes = no_volumes,
) -> Recovered:  # fmt: skip
    """Save what can be read of the damaged ledger in a folder; the ledger itself stays as it is.

    `volumes`: where backups may be as well.

    Raises:
        StoreTrouble: when there is no ledger, it is open elsewhere, or the disk does not take it.
        Sealed: when it is encrypted and its key was not unlocked.
        Cancelled: when `progress` gave False; what was written is removed, but for the copy of the damaged file.
    """
    ledger = folder / LEDGER
    if not ledger.is_file():
        raise StoreTrouble(Trouble.UNREACHABLE, "没有台账可救", f"{folder}里没有台账文件。", "请用备份恢复。")
    key = key_of(ledger)
    lock = Lock(folder / LOCK)
    lock.take()
    try:
        work = (aside := folder / backup.name_at(now(), ASIDE)) / WORK
        _set_aside(ledger, aside, work)
        try:
            return _Recovery(folder, aside, key, catalogue, user, now, progress, volumes).run()
        finally:
            leavings.sweep(folder, unwatched)
    finally:
        lock.give_back(clean=lock.was_clean)


def may_be_a_ledger(path: Path) -> bool:
    """Whether a file that SQLite does not take for a database may be a ledger whose head was lost."""
    with path.open("rb") as file:
        return not file.read(len(MAGIC)).startswith(MAGIC) and path.stat().st_size >= _SMALLEST


def _set_aside(ledger: Path, aside: Path, work: Path) -> None:
    try:
        make_private_folder(aside, LEDGER)
        copy_with_log(ledger, aside / LEDGER)
        make_private_folder(work, LEDGER)
    except OSError as error:
        raise StoreTrouble(
            Trouble.FULL, "没能把受损的台账另存", f"{aside}写不进去（{reason_of(error)}）；台账没有动。",
            "请腾出和台账一样大的空间再试。",
        ) from error  # fmt: skip


class _Recovery:
    """One recovery, step by step."""

    def __init__(
        self, folder: Path, aside: Path, key: DataKey | None, catalogue: Catalogue, user: str,
        now: Callable[[], datetime], progress: Progress, volumes: Volumes,
    ) -> None:  # fmt: skip
        self._folder, self._aside, self._work, self._key = folder, aside, aside / WORK, key
        self._noise, self._is_unproved, self._volumes = 0, False, volumes
        self._catalogue, self._user, self._now, self._progress = catalogue, user, now, progress
        self._mended: dict[str, int] = {}
        self._brought: dict[str, int] = {}
        self._doubtful = self._orphans = self._lost = self._unread = 0
        self._altered: set[int] = set()  # entries of the journal whose hash does not follow from the one before

    def run(self) -> Recovered:
        """Read, fill in, hold against the journal, index, check."""
        damaged = self._folded()
        store = Store.open(self._work / "新", self._user, self._now)
        try:
            connection = store.connection
            connection.execute("PRAGMA foreign_keys = OFF")
            newest = self._newest(damaged)
            connection.execute("BEGIN IMMEDIATE")
            self._read(connection, damaged, newest)
            connection.execute(f"CREATE INDEX {_INDEX} ON journal (register, record)")
            held = self._fill(connection, newest) if newest else None
            store.forget_rules()
            connection.execute(_MISPLACED)
            there = {number for (number,) in connection.execute("SELECT id FROM journal")}
            self._altered = {number for number in journal.broken(connection) if number == 1 or number - 1 in there}
            for register in self._catalogue:
                self._hold(store, register)
            self._drop_orphans(connection)
            connection.execute(f"DROP INDEX {_INDEX}")
            connection.execute("COMMIT")
            index_anew(connection, self._catalogue, store.register_numbers, self._tell)
            told = self._count(connection, newest, held)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except BaseException:
            with suppress(sqlite3.Error, StoreTrouble):  # what was not finished is thrown away
                if store.connection.in_transaction:
                    store.connection.execute("ROLLBACK")
                store.close()
            raise
        store.close()
        backup.verify(self._work / "新" / LEDGER)
        self._put(self._work / "新" / LEDGER, told.ledger)
        return told

    def _put(self, made: Path, target: Path) -> None:
        """Put the new ledger where it is found; that of an encrypted one is encrypted as well, with its key beside."""
        if self._key is not None:
            sealed = self._work / "密文.db"
            sealed.touch()
            recode(made, sealed, self._key, self._progress)
            keys.copy_beside(self._folder, target.parent, self._key)
            made = sealed
        close_to_others(Path(shutil.move(made, target)))

    @property
    def _reserved(self) -> int:
        """Bytes at the end of each page that hold no rows."""
        return RESERVED if self._key is not None else 0

    def _tell(self, done: int, total: int) -> bool:
        if not self._progress(done, total):
            raise Cancelled
        return True

    def _folded(self) -> Path:
        """A copy to work on, the write-ahead log folded in where SQLite can; else the log is not used."""
        copy = self._work / "副本.db"
        copy_with_log(self._aside / LEDGER, copy)
        try:
            with closing(connect(copy, key=self._key)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except backup.UNREADABLE:
            shutil.copyfile(self._aside / LEDGER, copy)
        return self._decrypted(copy) if self._key is not None else copy

    def _decrypted(self, copy: Path) -> Path:
        """The pages of an encrypted copy that can be decrypted, in a file that goes when the recovery ends."""
        assert self._key is not None
        plain, pages = self._work / "明文.db", SealedPages(copy, self._key, self._work / "搬运.db")
        try:
            make_private_file(plain)
            pages.write_plain(plain, self._tell)
        finally:
            pages.close()
        self._noise, self._is_unproved = pages.lost, not pages.is_checked
        return plain

    def _newest(self, damaged: Path) -> Path | None:
        """The newest backup that is whole, where the settings of the damaged ledger name it or wherever else it is."""
        with DamagedFile(damaged, self._reserved) as file:
            layouts = layouts_of(file.roots(), {}, [Setting])

            def read(table: str, most: int) -> list[dict[str, Any]]:
                layout = layouts.get(table)
                return [layout.named(row) for row in islice(file.rows(layout.root, set()), most)] if layout else []

            settings = {str(one["name"]): str(one["value"]) for one in read(Setting.key(), _SETTINGS)}
            known = {one["id"]: one["hash"] for one in read(journal.TABLE, _SAMPLE)}
        return newest_of(self._folder, settings, known, self._volumes)

    def _read(self, connection: sqlite3.Connection, damaged: Path, newest: Path | None) -> None:
        """Put the rows of the damaged file into the new ledger."""
        models = models_of(self._catalogue)
        keys = [*(model.key() for model in models), journal.TABLE]
        with DamagedFile(damaged, self._reserved) as file:
            roots = file.roots()
            if newest is not None and not set(keys) <= set(roots):  # the table of contents is damaged: theirs are alike
                with backup.reading(newest) as whole:
                    roots = dict(_contents(whole)) | roots
            whole_of = {model.key(): Whole(model) for model in models}
            layouts, seen = layouts_of(roots, known(connection), models), set[int]()
            self._unread = sum(not layouts[model.key()].root for model in _OLDEST)
            for key in keys:
                layout, whole = layouts[key], whole_of.get(key, unchanged)
                rows = list(file.rows(layout.root, seen, self._tell)) if layout.root else []
                if rows:
                    connection.execute(f'DELETE FROM "{key}"')
                    _insert(connection, key, self._legible(key, (whole(layout.named(row)) for row in rows)))
            for key, row in placed(layouts, file.strays(seen, self._tell)):
                _insert(connection, key, self._legible(key, [whole_of.get(key, unchanged)(row)]))

    def _fill(self, connection: sqlite3.Connection, newest: Path) -> tuple[dict[str, int], int]:
        """Add from the backup the records, lines and journal entries that could not be read; count what it holds."""
        held: dict[str, int] = {}
        with backup.reading(newest) as other:
            there = {name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for model in SHARED:
                empty = not connection.execute(f'SELECT 1 FROM "{model.key()}" LIMIT 1').fetchone()
                if empty and model.key() in there:
                    _insert(connection, model.key(), _dicts(other, f'SELECT * FROM "{model.key()}"'))
            _insert(connection, journal.TABLE, self._lacking(connection, other, journal.TABLE))
            for register in self._catalogue:
                key = register.key()
                if key not in there:
                    continue
                alive = f'SELECT count(*) FROM "{key}" WHERE deleted_at IS NULL'
                held[key] = other.execute(alive).fetchone()[0]
                lacking = list(self._lacking(connection, other, key))
                _insert(connection, key, lacking)
                self._brought[key] = len(lacking)
                for kind in register.LINES:
                    for one in lacking if kind.key() in there else ():
                        sql = f'SELECT * FROM "{kind.key()}" WHERE owner_id = ?'
                        _insert(connection, kind.key(), _dicts(other, sql, (one["id"],)))
            return held, journal.head(other)[0]

    def _lacking(
        self, connection: sqlite3.Connection, other: sqlite3.Connection, table: str
    ) -> Iterator[dict[str, Any]]:
        there = {number for (number,) in connection.execute(f'SELECT id FROM "{table}"')}
        return (row for row in _dicts(other, f'SELECT * FROM "{table}"') if row["id"] not in there)

    def _hold(self, store: Store, register: type[Record]) -> None:
        """Make again, as the journal has them, the records that differ from it or that it alone knows."""
        connection, shape, whole = store.connection, store.shapes[register], Whole(register)
        known = set[int]()
        wrong = set(replaying.unlike(store, register))
        there = {number for (number,) in connection.execute(f'SELECT id FROM "{shape.table}"')}
        for number, values in replaying.told(store, register):
            known.add(number)
            if number in there and number not in wrong:
                continue
            if values.get("uuid") is None or not self._is_told_whole(connection, register.key(), number):
                self._doubtful += number in there
                self._lost += number not in there
                continue
            self._make_again(store, register, number, values, whole)
            self._mended[register.key()] = self._mended.get(register.key(), 0) + 1
            wrong.discard(number)
        for number in wrong - known:
            self._doubtful += not self._is_copy(connection, register, number)

    def _is_copy(self, connection: sqlite3.Connection, register: type[Record], number: int) -> bool:
        """Whether a record that the journal does not know is another one under a number that was damaged; it goes."""
        table = register.key()
        twin = connection.execute(
            f'SELECT 1 FROM "{table}" a JOIN "{table}" b ON a.uuid = b.uuid WHERE a.id = ? AND b.id <> a.id', (number,)
        ).fetchone()
        if twin:
            for kind in register.LINES:
                connection.execute(f'DELETE FROM "{kind.key()}" WHERE owner_id = ?', (number,))
            connection.execute(f'DELETE FROM "{table}" WHERE id = ?', (number,))
        return twin is not None

    def _is_told_whole(self, connection: sqlite3.Connection, register: str, record: int) -> bool:
        """Whether each entry about a record follows the one that it names, from the first on, and none was altered."""
        rows = connection.execute(
            "SELECT id, previous FROM journal WHERE register = ? AND record = ? ORDER BY id", (register, record)
        ).fetchall()
        expected = None
        for number, previous in rows:
            if previous != expected or number in self._altered:
                return False
            expected = number
        return bool(rows)

    def _make_again(
        self, store: Store, register: type[Record], number: int, values: dict[str, Any], whole: Whole
    ) -> None:
        connection, shape = store.connection, store.shapes[register]
        last = journal.last_of(connection, register.key(), number)
        if last is None:
            last = connection.execute(
                "SELECT max(id) FROM journal WHERE register = ? AND record = ?", (register.key(), number)
            ).fetchone()[0]
        row = {column: values[name] for name, column in zip(shape.names, shape.columns, strict=True)}
        connection.execute(f'DELETE FROM "{shape.table}" WHERE id = ?', (number,))
        _insert(connection, shape.table, [whole({"id": number, **row, "entry": last})])
        for kind in register.LINES:
            lines = store.shapes[kind]
            connection.execute(f'DELETE FROM "{lines.table}" WHERE owner_id = ?', (number,))
            for line in values[kind.key()] or ():
                columns = dict(zip(lines.names, lines.columns, strict=True))
                held = {columns[name]: value for name, value in line.items() if name in columns}
                _insert(connection, lines.table, [{"id": line["id"], **held, "owner_id": number}])

    def _drop_orphans(self, connection: sqlite3.Connection) -> None:
        """Leave out what refers to a record that is gone."""
        for table, rowid, *_rest in connection.execute("PRAGMA foreign_key_check").fetchall():
            self._orphans += connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,)).rowcount

    def _legible(self, key: str, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Rows without those rules of time limits that are none: a ledger that holds one is refused."""
        for row in rows:
            if key == DeadlineRule.key():
                try:
                    rule_of(DeadlineRule.of_row({**row}))
                except (StoreTrouble, ValueError, TypeError):
                    self._doubtful += 1
                    continue
            yield row

    def _count(
        self, connection: sqlite3.Connection, newest: Path | None, held: tuple[dict[str, int], int] | None
    ) -> Recovered:
        entries, last = connection.execute("SELECT count(*), ifnull(max(id), 0) FROM journal").fetchone()
        registers = tuple(
            Saved(
                register.TITLE,
                connection.execute(f'SELECT count(*) FROM "{register.key()}" WHERE deleted_at IS NULL').fetchone()[0],
                self._mended.get(register.key(), 0),
                self._brought.get(register.key(), 0),
                held[0].get(register.key(), 0) if held else None,
            )
            for register in self._catalogue
        )
        newer = max(last - held[1], 0) if held else last
        return Recovered(
            self._aside, self._aside / SAVED, registers, newest, entries, last - entries, newer, self._doubtful,
            self._lost, self._orphans, self._unread, self._noise, self._is_unproved,
        )  # fmt: skip


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Put rows into a table by the columns that it knows; what clashes with a row that is there is left out."""
    known = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
    for row in rows:
        columns = [column for column in row if column in known]
        quoted, marks = ",".join(f'"{column}"' for column in columns), ",".join("?" * len(columns))
        connection.execute(
            f'INSERT OR IGNORE INTO "{table}" ({quoted}) VALUES ({marks})', [row[column] for column in columns]
        )


def _contents(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[int, str]]]:
    """The first page and the statement of each table of a sound database."""
    for name, root, sql in connection.execute("SELECT name, rootpage, sql FROM sqlite_master WHERE type = 'table'"):
        if isinstance(sql, str) and root:
            yield name, (root, sql)


def _dicts(connection: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(sql, values)
    names = [one[0] for one in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)
