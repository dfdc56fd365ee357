"""Turns the encryption of a ledger on and off: the ledger in one step, then what lies beside it.

What the ledger's file is decides: it is replaced by a verified copy in one rename, so that whatever is cut off leaves
the old ledger or the new one. Backups and attachments can be read in either state once the key is unlocked, and are
brought to the ledger's one by one; a mark tells that this was not finished, and the next opening goes on. Decrypting
goes the other way round: what lies beside first, the ledger last, so that nothing encrypted is left without its key.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from db import catalogue
from db.errors import Refused, Sealed, StoreTrouble, Trouble
from db.store import backup, backup_files, keys, wiping
from db.store.backup import Progress, unwatched
from db.store.backup_places import Backups, is_known, know_again
from db.store.connecting import connect, key_of
from db.store.files import path_of
from db.store.keys import CONVERTING, KEY_FILE, DataKey, is_plain, ring
from db.store.places import ATTACHMENTS, BACKUPS, LEDGER, LOCK, Lock, check_place
from db.store.private import make_private_file
from db.store.recoding import mark, recode, unwritable
from db.store.sealed_files import Unopened, Writer, key_name, opened
from db.store.second_place import SecondPlace, Volumes, no_volumes

_CHUNK = 1 << 20  # bytes


def seal(
    folder: Path, password: str, code: str, now: datetime, progress: Progress = unwatched,
    volumes: Volumes = no_volumes,
) -> None:  # fmt: skip
    """Encrypt the ledger in a folder, which is not open, with a new key, and then its backups and attachments.

    `code`: the recovery code, which was printed before. A backup is made first, which is then encrypted like the rest,
    as are those of the second place, wherever it is on the `volumes`.

    Raises:
        Refused: when the password cannot be used, it is encrypted already, or it was cancelled before the ledger was.
        StoreTrouble: when the ledger is open elsewhere or damaged, or the disk does not take it; it is as it was.
    """
    ledger = folder / LEDGER
    check_place(folder)
    with _locked(folder):
        if not is_plain(ledger):
            raise Refused("台账已经加了密，没有改动")
        key = keys.new_key()
        keys.keep_old(folder)
        keys.write(folder / KEY_FILE, key, password, code)
        ring.add(key)
        try:
            _back_up(folder, now, progress, volumes)
            mark(folder)
            _replace(ledger, key, progress)
            _settle(folder, key, progress, volumes)
        finally:
            if is_plain(ledger):  # it was stopped, or could not be done
                for name in (CONVERTING, KEY_FILE):
                    (folder / name).unlink(missing_ok=True)


def unseal(folder: Path, now: datetime, progress: Progress = unwatched, volumes: Volumes = no_volumes) -> None:
    """Decrypt the backups and attachments of the ledger in a folder, which is not open, and then the ledger.

    Raises:
        Refused: when it is not encrypted, or it was cancelled; what was decrypted is encrypted again.
        StoreTrouble: when the ledger is open elsewhere, damaged or its password was not given, or the disk does not
            take it; the ledger is as it was.
    """
    ledger = folder / LEDGER
    check_place(folder)
    with _locked(folder):
        key = require_sealed(ledger)
        _back_up(folder, now, progress, volumes)
        mark(folder)
        try:
            _settle(folder, None, progress, volumes, is_last=False)
            _replace(ledger, None, progress)
        except BaseException as error:
            with suppress(StoreTrouble, OSError):  # the mark stands: the next opening does it
                _settle(folder, key, unwatched, volumes)
            if isinstance(error, Refused):
                raise Refused("解除加密已停止；台账、备份和附件仍然加密") from None
            raise
        keys.retire(folder, key)
        (folder / CONVERTING).unlink(missing_ok=True)


def settle(folder: Path, progress: Progress = unwatched) -> None:
    """Go on with what was cut off: bring backups and attachments to the state that the ledger is in.

    The caller holds the lock, and the key was unlocked.

    Raises:
        Refused: when it was cancelled; what was done stays, the mark too.
        StoreTrouble: when the disk does not take it.
    """
    _settle(folder, key_of(folder / LEDGER), progress, no_volumes)


def require_sealed(ledger: Path) -> DataKey:
    """The key of an encrypted ledger.

    Raises:
        Refused: when it is not encrypted.
        Sealed: when its key was not unlocked.
    """
    key = key_of(ledger)
    if key is None:
        raise Refused("台账没有加密，没有改动")
    return key


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """The lock of a ledger that is not open, given back as clean as it was found."""
    lock = Lock(folder / LOCK)
    lock.take()
    try:
        yield
    finally:
        lock.give_back(clean=lock.was_clean)


def _back_up(folder: Path, now: datetime, progress: Progress, volumes: Volumes) -> None:
    """Bring the backups up to date; the one in the ledger's own folder must be."""
    with backup.snapshot(folder / LEDGER) as connection:
        settings = _settings(connection)
    made = Backups(folder, catalogue.load(), settings, volumes).make(now, progress)
    own = [one for one in backup.backups_in(folder / BACKUPS) if is_known(folder, one)]
    if made.troubles and not own:
        raise made.troubles[0]


def _replace(ledger: Path, key: DataKey | None, progress: Progress) -> None:
    """Put a verified copy, encrypted with `key` or plain, in the place of a ledger in one rename."""
    with _replacing(ledger, key, progress), backup.writing(ledger, "没能转换台账") as part:
        _fold_log(ledger)
        recode(ledger, part, key, progress)


def _replacing(path: Path, key: DataKey | None, progress: Progress) -> AbstractContextManager[None]:
    """What is replaced by its encrypted copy is overwritten afterwards; a plain copy is made of nothing secret."""
    return wiping.replacing(path, progress) if key is not None else nullcontext()


def _fold_log(ledger: Path) -> None:
    """Bring what the log holds into the ledger, so that its file is all of it; nothing is thrown away."""
    with closing(connect(ledger, timeout=5)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log = ledger.with_name(f"{ledger.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreTrouble(Trouble.BUSY, "另一个程序正占用台账文件", "台账没有动。", "请关闭那个程序，再试一次。")


def _settle(folder: Path, key: DataKey | None, progress: Progress, volumes: Volumes, is_last: bool = True) -> None:
    """Bring backups and attachments to a state; `is_last`: then the mark goes.

    What the second place does not take is left there: a stick that cannot be written keeps nobody from working.
    """
    own = folder / BACKUPS
    with backup.snapshot(folder / LEDGER) as connection:
        first, second_place = backup.beginning(connection), SecondPlace(_settings(connection), volumes)
    wiping.sweep(folder, progress)
    _recode_backups(folder, own, sorted(own.glob("*.db")), key, progress)
    for place in (folder / ATTACHMENTS, own / ATTACHMENTS, folder / backup_files.DAMAGED):
        _recode_files(_files(place), key, progress)
    found = second_place.find()
    if found and found.folder.is_dir():  # also where no marker was left: what is ours there is not to stay legible
        second = found.folder
        there = (one for kind in (backup.NAME, backup.BEFORE) for one in backup.backups_in(second, kind))
        copies = (path_of(second, path.name) for path in backup_files.files_in(folder))
        wiping.sweep_place(second, progress)
        with suppress(StoreTrouble):
            if ours := [path for path in there if backup.begins_with(path, first)]:
                _recode_backups(folder, second, ours, key, progress)
            _recode_files((path for path in copies if path.exists()), key, progress)
    if is_last:
        (folder / CONVERTING).unlink(missing_ok=True)


def _settings(connection: sqlite3.Connection) -> dict[str, str]:
    """What the office has set, read from a ledger that is not open."""
    return dict(connection.execute("SELECT name, value FROM setting"))


def _recode_backups(folder: Path, place: Path, paths: list[Path], key: DataKey | None, progress: Progress) -> None:
    backup.sweep(place)
    for path in paths:
        with suppress(Sealed):  # encrypted with another key: left as it is
            if key_of(path) == key:
                continue
            if key is not None:
                keys.copy_beside(folder, place, key)
            was_known = is_known(folder, path)
            with _replacing(path, key, progress), backup.writing(path, "没能转换备份") as part:
                recode(path, part, key, progress)
            if was_known:
                know_again(folder, path)


def _recode_files(paths: Iterator[Path], key: DataKey | None, progress: Progress) -> None:
    for path in paths:
        if key_name(path) != (key.name if key else ""):
            if not progress(0, 0):
                raise Refused("台账已加密；备份和附件还没有转换完，打开台账时接着做")
            _recode_file(path, key, progress)


def _files(place: Path) -> Iterator[Path]:
    """The files in a folder of attachments; the halves that a crash left are removed."""
    for path in sorted(place.rglob("*")):
        if path.suffix == ".part":
            path.unlink(missing_ok=True)
        elif path.is_file() and not path.is_symlink():
            yield path


def _recode_file(path: Path, key: DataKey | None, progress: Progress) -> None:
    """Put a copy of a file, encrypted with `key` or plain, in its place, once it was read back; also an altered one."""
    part = path.with_suffix(".part")
    try:
        make_private_file(part)
        found, again = hashlib.sha256(), hashlib.sha256()
        with opened(path) as read, part.open("wb") as written:
            writer = Writer(written, key)
            while chunk := read.read(_CHUNK):
                found.update(chunk)
                writer.write(chunk)
            writer.finish()
            written.flush()
            os.fsync(written.fileno())
        with opened(part) as read:
            while chunk := read.read(_CHUNK):
                again.update(chunk)
        if found.digest() == again.digest():
            with _replacing(path, key, progress):
                part.replace(path)
    except Unopened:
        return  # altered, or encrypted with another key: left as it is
    except OSError as error:
        raise unwritable(path.parent, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def plain_left(folder: Path) -> list[Path]:
    """The databases in a ledger's folder that are not encrypted: what was set aside or saved from a damaged ledger."""
    found = (path for path in folder.rglob("*.db*") if path.is_file() and path.stat().st_size)
    return sorted(path for path in found if path.suffix == ".db" and is_plain(path))


@dataclass(frozen=True)
class Conversion:
    """What the clerk asked for: to encrypt the ledger with a password and a recovery code, or (both empty) to stop."""

    password: str = field(default="", repr=False)
    code: str = field(default="", repr=False)

    def carry_out(
        self, folder: Path, now: datetime, progress: Progress = unwatched, volumes: Volumes = no_volumes
    ) -> str:
        """Do it; give back what was done, in sentences. Raises what `seal` and `unseal` raise."""
        if not self.password:
            unseal(folder, now, progress, volumes)
            return "台账、本机的备份和附件都已解密，打开不再要口令。别处加了密的旧备份，仍用原来的口令打开。"
        seal(folder, self.password, self.code, now, progress, volumes)
        left = plain_left(folder)
        with backup.snapshot(folder / LEDGER) as connection:
            place = SecondPlace(_settings(connection), volumes)
        found = place.find()
        gone = (
            f"第二备份位置{place.expected}现在不在，那里以前的备份还没有加密，插上后请删去。"
            if found and found.state in ("away", "strange")
            else ""
        )
        said = (
            f"还有{len(left)}个没有加密的旧文件，请移走或删除：{'、'.join(path.name for path in left)}。"
            if left
            else ""
        )
        return f"台账、备份和附件都已加密。下次打开先输口令；忘了口令，只有打印的恢复码能打开。{said}{gone}"
