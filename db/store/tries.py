"""Wrong passwords make one wait. Those of an encrypted ledger are counted beside it: a new start shortens nothing.

How long ago the last was is told by the clock, and by how long the computer has run, which no setting of the clock
moves: as long as it is the same run, that counts. The file keeps order among those who use the program; who can remove
it can copy the ledger as well and try elsewhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from db.errors import Refused
from db.store import keys, passwords
from db.store.keys import DataKey
from db.store.private import make_private_file

TRIES = "ledger.tries"


class Watches(NamedTuple):
    """How time is told: the clock (local), the seconds that the computer has run, and which run it is ("": unknown)."""

    now: Callable[[], datetime]
    uptime: Callable[[], float]
    run: str

    @classmethod
    def of_clock(cls, now: Callable[[], datetime]) -> Watches:
        """For those who were told of no computer: the clock alone."""
        return cls(now, lambda: now().timestamp(), "clock")


@dataclass(frozen=True)
class Failed:
    """Wrong passwords one after the other, and the moment of the last by clock (ISO) and by uptime."""

    count: int = 0
    at: str = ""
    uptime: float = 0.0
    run: str = ""

    @classmethod
    def now(cls, count: int, watches: Watches) -> Failed:
        """The last of so many, just now."""
        return cls(count, watches.now().isoformat(timespec="seconds"), watches.uptime(), watches.run)

    @classmethod
    def noted(cls, count: int, note: str) -> Failed:
        """What `note` tells of the last of so many."""
        at, uptime, run = [*note.split(" "), "", ""][:3]
        return cls(count, at, float(uptime or 0), run)

    @property
    def note(self) -> str:
        """When the last was: by clock, by uptime, and in which run."""
        return f"{self.at} {self.uptime:.1f} {self.run}"

    def left(self, watches: Watches) -> timedelta:
        """How long one has still to wait; nothing when one may try."""
        whole = passwords.wait_after(self.count)
        return max(whole - self.ago(watches), timedelta()) if whole and self.at else timedelta()

    def ago(self, watches: Watches) -> timedelta:
        """How much time has passed since the last. Within one run of the computer the clock is not asked.

        After another start it is, and a clock that was put back makes nobody wait for longer than the computer runs.
        Where the system does not tell the runs apart (Windows), one that is longer than the last counts as the same:
        so much has passed at least.
        """
        uptime = watches.uptime()
        is_known = bool(self.run and watches.run)
        if (self.run == watches.run) if is_known else (uptime >= self.uptime):
            return timedelta(seconds=max(uptime - self.uptime, 0))
        return max(watches.now() - datetime.fromisoformat(self.at), timedelta(seconds=uptime))


class Tries:
    """The tries of passwords for what lies in one folder; both methods belong on a worker."""

    def __init__(self, folder: Path, watches: Watches) -> None:
        self._folder, self._watches = folder, watches
        self._failed = Failed()  # also where the folder cannot be written

    def wait(self) -> str:
        """That one has to wait, and how long; "" when one may try."""
        failed = self._read()
        left = failed.left(self._watches)
        if not left:
            return ""
        minutes = -(-int(left.total_seconds()) // 60)
        return f"口令错了{failed.count}次，请过{minutes}分钟再试；关了重开也要等，什么也没有改动"

    def unlock(self, password: str) -> DataKey:
        """Unlock the keys in the folder, see `keys.unlock`; wrong passwords are counted, the right one ends it.

        Raises:
            Refused: for a wrong password, or while one has to wait.
            StoreTrouble: when no key lies there or none can be read.
        """
        if words := self.wait():
            raise Refused(words)
        try:
            key = keys.unlock(self._folder, password)
        except Refused:
            self._write(Failed.now(self._read().count + 1, self._watches))
            raise
        self._failed = Failed()
        with suppress(OSError):
            (self._folder / TRIES).unlink(missing_ok=True)
        return key

    def _read(self) -> Failed:
        """What is in the file, or known here when that is more; nothing when it cannot be read."""
        try:
            kept = Failed(**json.loads((self._folder / TRIES).read_text(encoding="utf-8")))
            datetime.fromisoformat(kept.at)
            kept.ago(self._watches)
            return max(kept, self._failed, key=lambda failed: failed.count)
        except (OSError, ValueError, TypeError):
            return self._failed

    def _write(self, failed: Failed) -> None:
        self._failed, path = failed, self._folder / TRIES
        part = path.with_suffix(".tries-part")
        with suppress(OSError):  # a folder that cannot be written: it is known here as long as the program runs
            make_private_file(part)
            with part.open("w", encoding="utf-8") as file:
                json.dump(asdict(failed), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
