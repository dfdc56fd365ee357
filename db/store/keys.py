"""The keys of an encrypted ledger: one random data key, wrapped by its password and by a printed recovery code.

The wrapped key lies in a small file beside the ledger, and a copy beside each of its backups, so that a backup opens
on another machine with the password. Database and attachments are encrypted with keys derived from the data key; a new
password wraps the same data key anew, so nothing else is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.store import passwords
from db.store.places import BACKUPS, LEDGER, MAGIC, Identity, identity
from db.store.private import make_private_file

KEY_FILE = "ledger.key"
CONVERTING = "ledger.converting"  # stands while what lies beside the ledger may be in another state than it
_BESIDE = "台账密钥-{}.key"
_FORMAT = 1
_SIZE = 32  # bytes of a key: AES-256 of SQLCipher, XSalsa20 and XChaCha20 of libsodium
_BY_PASSWORD, _BY_CODE = "password", "recovery"


@dataclass(frozen=True)
class DataKey:
    """The secret that all of a ledger is encrypted with (32 bytes), and the keys that follow from it."""

    secret: bytes = field(repr=False)

    @cached_property
    def name(self) -> str:
        """Which key it is: 16 hexadecimal digits that do not give it away."""
        return self._derived(b"name")[:8].hex()

    @cached_property
    def database(self) -> bytes:
        """The key of the database's pages."""
        return self._derived(b"database")

    @cached_property
    def pragma(self) -> str:
        """The key of the database as SQLCipher takes it without deriving: a blob literal."""
        return f"x'{self.database.hex()}'"

    @cached_property
    def files(self) -> bytes:
        """The key of the attachments."""
        return self._derived(b"attachments")

    def _derived(self, purpose: bytes) -> bytes:
        return blake2b(key=self.secret, person=purpose, digest_size=_SIZE).digest()


class Ring:
    """The keys that were unlocked since the program began; as the database, there is one in a process."""

    def __init__(self) -> None:
        self._keys: dict[str, DataKey] = {}

    def add(self, key: DataKey) -> None:
        """Remember a key; the newest is tried first."""
        self._keys = {key.name: key, **self._keys}

    def forget(self) -> None:
        """Forget all keys."""
        self._keys = {}

    def named(self, name: str) -> DataKey | None:
        """The key of this name; None when it was not unlocked."""
        return self._keys.get(name)

    def __iter__(self) -> Iterator[DataKey]:
        return iter(self._keys.values())


ring = Ring()


def new_key() -> DataKey:
    """A random data key."""
    return DataKey(os.urandom(_SIZE))


@dataclass(frozen=True, eq=False)
class Hold:
    """One connection to a file, and whether that is an ordinary database."""

    file: Identity | None
    plain: bool


class InUse:
    """The database files to which this process has connections, and which of them are ordinary ones.

    Such a file must not be opened and closed past SQLite: on POSIX systems that gives up all locks that the process has
    on it, and the next program that looks into the ledger takes its log away, with what is saved later.
    """

    def __init__(self) -> None:
        self._holds, self._lock = WeakSet[Hold](), Lock()

    def hold(self, path: Path, plain: bool) -> Hold:
        """A connection to a file was opened; it is in use until nobody keeps what is given back any more."""
        hold = Hold(identity(path), plain)
        with self._lock:
            self._holds.add(hold)
        return hold

    def is_plain(self, path: Path) -> bool | None:
        """Whether a file is an ordinary database; None when it is not in use."""
        with self._lock:
            holds = [*self._holds]
        wanted = identity(path) if holds else None
        return next((hold.plain for hold in holds if wanted and hold.file == wanted), None)


in_use = InUse()


def is_plain(path: Path) -> bool:
    """Whether a file is an ordinary SQLite database, empty, or none at all."""
    known = in_use.is_plain(path)
    if known is not None:
        return known
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except FileNotFoundError:
        return True
    return not start or start == MAGIC


def is_unfinished(folder: Path) -> bool:
    """Whether what lies beside a ledger is still to be brought to its state; see `sealing.settle`."""
    return (folder / CONVERTING).exists()


def key_files(folder: Path) -> list[Path]:
    """The files with wrapped keys in a folder, the ledger's own first; without any, those beside its backups."""
    own = folder / KEY_FILE
    found = [*([own] if own.is_file() else []), *sorted(folder.glob(_BESIDE.format("*")))]
    return found or sorted((folder / BACKUPS).glob(_BESIDE.format("*")))


def name_in(path: Path) -> str:
    """The name of the key in a file; empty when it is no file of ours."""
    try:
        return str(_read(path)["name"])
    except StoreTrouble:
        return ""


def missing(folder: Path) -> list[Path]:
    """The files in a folder whose keys have not been unlocked."""
    return [path for path in key_files(folder) if ring.named(name_in(path)) is None]


def write(path: Path, key: DataKey, password: str, code: str) -> None:
    """Write a key, wrapped by a password and by a recovery code; takes some tenths of a second.

    Raises:
        Refused: when the password is too short or too long.
        StoreTrouble: when the disk does not take it; what was there stays.
    """
    passwords.checked(password)
    wrapped = {_BY_PASSWORD: _wrapped(key, passwords.plain(password))}
    wrapped[_BY_CODE] = _wrapped(key, passwords.plain(passwords.folded(code)))
    _put(path, {"format": _FORMAT, "name": key.name, **wrapped})


def set_password(path: Path, key: DataKey, password: str) -> None:
    """Wrap a key by a new password; the recovery code stays.

    Raises:
        Refused: when the password is too short or too long.
        StoreTrouble: when the file cannot be read or written; what was there stays.
    """
    passwords.checked(password)
    _put(path, _read(path) | {_BY_PASSWORD: _wrapped(key, passwords.plain(password))})


def set_code(path: Path, key: DataKey, code: str) -> None:
    """Wrap a key by a new recovery code; the password stays.

    Raises:
        StoreTrouble: when the file cannot be read or written; what was there stays.
    """
    _put(path, _read(path) | {_BY_CODE: _wrapped(key, passwords.plain(passwords.folded(code)))})


def unlock(folder: Path, password: str) -> DataKey:
    """Unlock the keys in a folder with their password or recovery code and remember them; give back the first.

    A ledger that has lost its key gets it back from beside its backups. Takes some tenths of a second for each file.

    Raises:
        Refused: when it opens none of them; nothing was written.
        StoreTrouble: when no key lies there or none can be read.
    """
    found = list(_opened(key_files(folder), password))
    if not found:
        raise Refused("口令不对，请再输一次；什么也没有改动")
    for key in reversed(found):
        ring.add(key)
    if (folder / LEDGER).is_file() and all(path.parent != folder for path in key_files(folder)):
        adopt(folder, folder, found[0])
    return found[0]


def _opened(paths: Iterable[Path], password: str) -> Iterator[DataKey]:
    troubles: list[StoreTrouble] = []
    read = 0
    for path in paths:
        try:
            kept = _read(path)
        except StoreTrouble as trouble:
            troubles.append(trouble)
            continue
        read += 1
        for way, secret in ((_BY_PASSWORD, password), (_BY_CODE, passwords.folded(password))):
            key = _unwrapped(kept, way, passwords.plain(secret))
            if key is not None:
                yield key
                break
    if not read:
        raise troubles[0] if troubles else _no_key()


def copy_beside(source: Path, target: Path, key: DataKey) -> None:
    """Put a copy of the wrapped key beside what is encrypted with it in the folder `target`.

    Raises:
        StoreTrouble: when the key is not in `source`, or the disk does not take it.
    """
    own = next((path for path in key_files(source) if name_in(path) == key.name), None)
    if own is None:
        raise _no_key()
    beside = target / _BESIDE.format(key.name)
    if own != beside:
        _put(beside, _read(own))


def adopt(source: Path, folder: Path, key: DataKey) -> None:
    """Make the wrapped key that lies in `source` the key of the ledger in `folder`; the one there is kept beside.

    Raises:
        StoreTrouble: when it is not there, or the disk does not take it.
    """
    found = next((path for path in key_files(source) if name_in(path) == key.name), None)
    if found is None:
        raise _no_key()
    keep_old(folder)
    if found != folder / KEY_FILE:
        _put(folder / KEY_FILE, _read(found))


def retire(folder: Path, key: DataKey) -> None:
    """The ledger in a folder is no longer encrypted: its key is put aside, for what may lie somewhere else.

    Raises:
        StoreTrouble: when the disk does not take it.
    """
    copy_beside(folder, folder / BACKUPS, key)
    beside = folder / BACKUPS / _BESIDE.format(key.name)
    try:
        beside.replace(beside.with_name(f"{beside.name}.old"))
        (folder / KEY_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritten(beside, error) from error


def keep_old(folder: Path) -> None:
    """Keep the ledger's key under its name as well, for what else was encrypted with it.

    Raises:
        StoreTrouble: when the disk does not take it.
    """
    own = folder / KEY_FILE
    if own.is_file() and (name := name_in(own)):
        _put(folder / _BESIDE.format(name), _read(own))


def _wrapped(key: DataKey, secret: bytes) -> dict[str, Any]:
    from nacl.secret import SecretBox

    salt, of = os.urandom(16), passwords.limits()
    passes, memory = of.passes, of.memory
    box = SecretBox(passwords.derived(secret, salt, passes, memory)).encrypt(key.secret)
    return {"passes": passes, "memory": memory, "salt": salt.hex(), "box": bytes(box).hex()}


def _unwrapped(kept: dict[str, Any], way: str, secret: bytes) -> DataKey | None:
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        part = kept[way]
        salt, box = bytes.fromhex(part["salt"]), bytes.fromhex(part["box"])
        found = SecretBox(passwords.derived(secret, salt, part["passes"], part["memory"])).decrypt(box)
    except CryptoError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(str(error)) from error
    key = DataKey(found)
    return key if key.name == kept["name"] else None


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(f"{path}：{error}") from error
    if not isinstance(kept, dict) or kept.get("format") != _FORMAT or not isinstance(kept.get("name"), str):
        raise _unreadable(str(path))
    return kept


def _put(path: Path, kept: dict[str, Any]) -> None:
    """Write a file so that a crash leaves either the old or the new one."""
    part = path.with_suffix(".key-part")
    try:
        make_private_file(part)
        with part.open("w", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritten(path, error) from error


def _unwritten(path: Path, error: OSError) -> StoreTrouble:
    return StoreTrouble(
        Trouble.UNREACHABLE, "没能写出密钥文件", f"{path}写不进去（{reason_of(error)}）；台账没有动。",
        "请检查磁盘空间和文件夹的权限。",
    )  # fmt: skip


def _no_key() -> StoreTrouble:
    return StoreTrouble(
        Trouble.DAMAGED, "找不到台账的密钥文件", f"加密的台账旁边应有{KEY_FILE}或“台账密钥”文件；台账没有动。",
        "请从备份的文件夹里把“台账密钥”文件复制到台账旁边，再打开。",
    )  # fmt: skip


def _unreadable(why: str) -> StoreTrouble:
    return StoreTrouble(
        Trouble.DAMAGED, "密钥文件读不出来", f"{why}；台账没有动。",
        "请从备份的文件夹里把“台账密钥”文件复制到台账旁边，再打开。",
    )  # fmt: skip
