"""The one place where connections to database files are opened: ordinary ones by SQLite, encrypted ones by SQLCipher.

Which it is the file tells. SQLCipher is read only when there is something encrypted; its errors are made SQLite's own
there, so that nobody else has to know two families of them.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import peewee as pw

from db.errors import Sealed
from db.store.keys import DataKey, in_use, is_plain, key_files, missing, name_in, ring

# Any file may be a stranger's (sqlite.org/security.html): what its schema calls runs nothing but SQLite's harmless own.
# SQLITE_DBCONFIG_DEFENSIVE cannot be set: Connection.setconfig came with Python 3.12, the packages hold 3.11, and
# sqlcipher3 has no such call. It keeps statements from writing shadow tables; here none comes from outside.
_DEFENCE = ("PRAGMA trusted_schema = 0", "PRAGMA cell_size_check = 1")
_ERRORS = ("InterfaceError", "DatabaseError", "InternalError", "OperationalError", "ProgrammingError", "IntegrityError",
           "DataError", "NotSupportedError")  # fmt: skip


def connect(
    path: Path, uri: str = "", key: DataKey | None = None, ciphers: bool = False, **options: Any
) -> sqlite3.Connection:
    """Open a database file, under `uri` when one is given; the key of an encrypted one is found among those unlocked.

    `key`: the one that a new file is to be encrypted with. `ciphers`: SQLCipher in any case, since an encrypted
    database will be attached. `options` are those of `sqlite3.connect`.

    Raises:
        Sealed: when it is encrypted and its key was not unlocked.
        sqlite3.Error: when it cannot be opened.
    """
    key = key or key_of(path)
    if key is None and not ciphers:
        connection = sqlite3.connect(uri or path, uri=bool(uri), **options)
    else:
        connection = _ciphered(uri or str(path), key, bool(uri), options)
    for statement in _DEFENCE:
        connection.execute(statement)
    return connection


def attach(connection: sqlite3.Connection, path: Path, name: str, uri: str = "", key: DataKey | None = None) -> None:
    """Attach a database to a connection, which must be SQLCipher's when either is encrypted; `key` as in `connect`.

    Raises:
        Sealed: when it is encrypted and its key was not unlocked.
        sqlite3.Error: when it cannot be opened.
    """
    key, opened = key or key_of(path), cast(object, connection)
    if isinstance(opened, sqlite3.Connection):
        connection.execute(f'ATTACH ? AS "{name}"', (uri or str(path),))
    else:
        connection.execute(f'ATTACH ? AS "{name}" KEY ?', (uri or str(path), key.pragma if key else ""))


def key_of(path: Path) -> DataKey | None:
    """The key that an encrypted file opens with, among those unlocked; None for an ordinary file.

    A file that none of them opens although all that lie beside it are unlocked is damaged: it gets the first of those.

    Raises:
        Sealed: when a key that lies beside it was not unlocked.
    """
    if is_plain(path):
        return None
    for key in ring:
        if _opens(path, key):
            return key
    if missing(path.parent):
        raise Sealed
    return next((ring.named(name_in(file)) for file in key_files(path.parent)), None)


def _opens(path: Path, key: DataKey) -> bool:
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(_ciphered(uri, key, True, {})) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_NOTADB
    return True


def _ciphered(target: str, key: DataKey | None, is_uri: bool, options: dict[str, Any]) -> sqlite3.Connection:
    dbapi2: Any = import_module("sqlcipher3.dbapi2")
    if not issubclass(dbapi2.DatabaseError, sqlite3.DatabaseError):
        _make_errors_alike(dbapi2)
    connection = cast(sqlite3.Connection, dbapi2.connect(target, uri=is_uri, **options))
    connection.execute("PRAGMA cipher_log = OFF")  # it would write to stderr what the caller is told by an error
    if key is not None:
        connection.execute(f'PRAGMA key = "{key.pragma}"')
    return connection


def _make_errors_alike(dbapi2: Any) -> None:
    """Let each error of SQLCipher be one of SQLite's of the same name, so that whoever catches those catches it."""
    for name in _ERRORS:
        kind = getattr(dbapi2, name)
        kind.__bases__ = (getattr(sqlite3, name), *kind.__bases__)


class LedgerDatabase(pw.SqliteDatabase):
    """peewee's database over the connections of this module."""

    def __init__(self, path: Path, uri: str = "", timeout: float = 5, **options: Any) -> None:
        super().__init__(uri or str(path), **options)
        self._path, self._uri, self._seconds = path, uri, timeout
        self._of_thread = threading.local()  # goes when its thread does, as the connection

    def _connect(self) -> sqlite3.Connection:
        connection = connect(self._path, self._uri, timeout=self._seconds, isolation_level=None)
        try:
            super()._add_conn_hooks(connection)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        except Exception:
            connection.close()
            raise
        self._of_thread.hold = in_use.hold(self._path, isinstance(cast(object, connection), sqlite3.Connection))
        return connection

    def _close(self, conn: sqlite3.Connection) -> None:
        super()._close(conn)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self._of_thread.hold = None


@contextmanager
def one_state(connection: sqlite3.Connection) -> Generator[None]:
    """Everything that is read inside is of one moment, whatever is saved meanwhile; quicker too than read by read."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
