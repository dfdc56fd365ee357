"""Where a ledger's backups lie and how they stand: its own folder, and a second place on another disk or a stick.

What was verified last in each place is kept in a small file beside the backups, with the size and time of the backup's
file: to know how old the last good backup is, no backup has to be read again. Whether the second place is the office's
own, `second_place` tells; another is not written.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from db.catalogue import Catalogue
from db.directory.accounts import SignIn
from db.errors import StoreTrouble
from db.store import backup, backup_files, journal, wiping
from db.store.backup import Progress, unwatched
from db.store.places import BACKUPS, LEDGER
from db.store.private import make_private_file, make_private_folder
from db.store.second_place import Found, SecondPlace, Volumes, no_volumes

log = logging.getLogger(__name__)

STATE = "verified.json"
SOON_DAYS, LATE_DAYS = "backup_soon_days", "backup_late_days"  # settings of the office
_EVERY = timedelta(hours=1)

Place = Literal["first", "second"]
Light = Literal["green", "ochre", "red"]


@dataclass(frozen=True)
class Verified:
    """A backup that passed its check: its file as it was then, and what of the ledger it holds (`mark`)."""

    path: str
    made_at: str
    entries: int
    mark: str
    size: int
    modified_ns: int
    lacking: int | None = None  # attachments whose files are not beside it; None before that was looked at

    def is_intact(self) -> bool:
        """Whether the file is still there, with the size and time that it had when it was checked."""
        try:
            found = Path(self.path).stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.modified_ns)


@dataclass(frozen=True)
class BackupState:
    """How the backups stand, for the status bar and the board.

    `at` and `folder` are those of the last verified backup that is still there (None without one); `is_complete` tells
    that it holds everything. `light`: red when there is none or it is too old, ochre when it grows old or the second
    place is missing. `words` is one line, `more` the whole story in sentences.
    `warning` is what is to be said atop the window of a second place whose last good backup is too old, or that has
    none; `is_at_hand`: whether it is there. `question` is what is to be said of one that is there and not known.
    """

    at: datetime | None
    folder: Path | None
    is_complete: bool
    light: Light
    words: str
    more: str
    warning: str = ""
    is_at_hand: bool = False
    question: str = ""


@dataclass(frozen=True)
class Made:
    """What one backup brought: the places that were written, and what went wrong in others."""

    written: tuple[Verified, ...] = ()
    troubles: tuple[StoreTrouble, ...] = field(default=())


class Backups:
    """The backups of one ledger; every method reads files and belongs on a worker."""

    def __init__(
        self, folder: Path, catalogue: Catalogue, settings: Mapping[str, str], volumes: Volumes = no_volumes,
        keep: Callable[[Mapping[str, str]], object] | None = None,
    ) -> None:  # fmt: skip
        """`volumes`: where else the second place may be; `keep` writes settings into the ledger.

        Without `keep` a second place that has not been taken into use yet is not.
        """
        folder = folder.resolve()
        self._ledger, self._own = folder / LEDGER, folder / BACKUPS
        self._place, self._keep = SecondPlace(settings, volumes), keep
        self._second: Found | None = None
        self._holds_ours: bool | None = None  # unknown before it was asked
        self._soon, self._late = _days(settings, SOON_DAYS, 3), _days(settings, LATE_DAYS, 7)
        lines = (line.key() for register in catalogue for line in register.LINES)
        self._journaled = {journal.TABLE, SignIn.key(), *catalogue.keys(), *lines}

    @property
    def _places(self) -> dict[Place, Path]:
        places: dict[Place, Path] = {"first": self._own}
        if self._second:
            places["second"] = self._second.folder
        return places

    def _look(self) -> None:
        """Find the second place; one of an older program, which left no marker, is known by its backups."""
        found = self._place.find()
        self._second = found if found and found.folder != self._own else None
        if self._second and self._second.state == "new" and self._is_at_hand():
            self.take()

    def _is_at_hand(self) -> bool:
        """Whether the second place is there and the office's: by its marker or, without one, by the backups there."""
        if self._second is None or self._second.state != "new":
            return self._second is not None and self._second.state == "here"
        if self._holds_ours is None:
            with backup.snapshot(self._ledger) as connection:
                first = backup.beginning(connection)
            there = backup.backups_in(self._second.folder) if first else []
            self._holds_ours = any(backup.begins_with(path, first) for path in there)
        return self._holds_ours

    def take(self) -> None:
        """Take what is at the path of the second place into use: from here on it gets the backups.

        Raises:
            StoreTrouble: when the place or the ledger cannot be written.
        """
        if self._keep is None or self._place.folder is None or not self._place.folder.is_dir():
            return
        values = self._place.take()
        self._keep(values)
        self._place = self._place.using(values)
        self._second = self._place.find()

    def _read(self) -> dict[Place, Verified]:
        """What was verified last in each place; that of the second, where it is now."""
        known = _read(self._own)
        if (last := known.get("second")) and self._second:
            known["second"] = replace(last, path=str(self._second.folder / Path(last.path).name))
        return known

    def make(self, now: datetime, progress: Progress = unwatched, only_changed: bool = True) -> Made:
        """Back up to every place that is there; with `only_changed`, to those that lack something.

        A missing second place (a stick that is not plugged in) is no error; see `state`.

        Raises:
            Refused: when it was cancelled; what a place held before stays.
        """
        written, troubles = list[Verified](), list[StoreTrouble]()
        try:
            self._look()  # before the mark is made: what it keeps is in the backup
        except StoreTrouble as trouble:
            troubles.append(trouble)
        with backup.snapshot(self._ledger) as connection:
            mark, first = self._mark(connection), backup.beginning(connection)
        known = self._read()
        for place, folder in self._places.items():
            last = known.get(place)
            is_there = only_changed and _holds(last, mark, folder)
            if is_there and last and last.lacking == 0:
                continue
            if place == "second" and not self._is_at_hand():
                continue
            if place == "second":
                wiping.sweep_place(folder, progress)
            try:
                done = last if is_there and last else self._write(folder, now, mark, known.get("first"), progress)
                if done is not last:
                    written.append(done)
                known[place], mark = done, done.mark  # the ledger may have gone on since it was marked
                known[place] = self._with_files(done, progress)
            except StoreTrouble as trouble:
                troubles.append(trouble)
            _write(self._own, known)
            if written and backup.thin(folder, now, lambda path: backup.begins_with(path, first)):
                backup_files.thin(folder, self._ledger.parent)
        return Made(tuple(written), tuple(troubles))

    def _write(self, folder: Path, now: datetime, mark: str, sibling: Verified | None, progress: Progress) -> Verified:
        """One verified backup in a folder: a copy of the one just made in the own folder, or straight of the ledger."""
        target = backup.free_name(folder, now)
        if sibling and Path(sibling.path).parent != folder and _holds(sibling, mark, self._own):
            backup.copy_backup(Path(sibling.path), target, progress)
            entries = sibling.entries
        else:
            backup.back_up(self._ledger, target, progress)
            with backup.reading(target) as connection:
                mark, entries = self._mark(connection), journal.head(connection)[0]
        found = target.stat()
        return Verified(str(target), now.isoformat(), entries, mark, found.st_size, found.st_mtime_ns)

    def _with_files(self, done: Verified, progress: Progress) -> Verified:
        """A backup with the attachments brought beside it; how many of them are lacking is kept with it."""
        brought = backup_files.beside(self._ledger.parent, Path(done.path), progress)
        return replace(done, lacking=len(brought.lacking))

    def is_due(self, now: datetime) -> bool:
        """Whether something was changed and the last backup is older than an hour, or a second place lacks it."""
        self._second = self._place.find()
        known = self._read()
        with backup.snapshot(self._ledger) as connection:
            mark = self._mark(connection)
        last = known.get("first")
        if not _holds(last, mark, self._own):
            return last is None or not timedelta(0) <= now - datetime.fromisoformat(last.made_at) < _EVERY
        if self._second is None:
            return False
        return self._is_at_hand() and not _holds(known.get("second"), mark, self._second.folder)

    def state(self, now: datetime) -> BackupState:
        """How the backups stand; reads no backup, only the small file and the files' sizes and times."""
        self._second = self._place.find()
        with backup.snapshot(self._ledger) as connection:
            mark, is_empty = self._mark(connection), not journal.head(connection)[0]
        known = self._read()
        here = {place: known[place] for place, folder in self._places.items() if _stands(known.get(place), folder)}
        if self._second and self._second.state == "strange":
            here.pop("second", None)
        if not here:
            more = f"还没有备份。点这里立即备份到{self._own}。"
            light, warning = "green" if is_empty else "red", "" if is_empty else self._warning(None, None, mark, now)
            return BackupState(
                None, None, False, light, "还没有备份", more, warning, self._is_at_hand(), self._question()
            )
        newest = max(here.values(), key=lambda last: last.made_at)
        at = datetime.fromisoformat(newest.made_at)
        is_complete = newest.mark == mark
        lights: list[Light] = [self._light(at, is_complete, now)]
        words = f"备份：{_spoken(at, now)}"
        more = [f"最近一次检查过的备份：{at:%Y-%m-%d %H:%M}，在{Path(newest.path).parent}。"]
        more.append("此后没有改动。" if is_complete else "此后的改动还没有备份。")
        if newest.lacking:
            lights.append("ochre")
            more.append(f"有{newest.lacking:,}个附件的文件没有备到（不见了或被改动过），请运行检查。")
        if self._second:
            there = here.get("second")
            second = self._second_light(there, known.get("second"), mark, now)
            lights.append(second)
            said, sentence = self._second_words(self._second, there, known.get("second"), second)
            words += said
            more.append(sentence)
        more.append("点这里立即备份。")
        warning = self._warning(here.get("second"), known.get("second"), mark, now)
        folder = Path(newest.path).parent
        light = _worst(*lights)
        return BackupState(
            at, folder, is_complete, light, words, "".join(more), warning, self._is_at_hand(), self._question()
        )

    def _question(self) -> str:
        """What is to be said of a second place that is there and is not known; "" when nothing is."""
        if self._second is None or self._second.state == "away" or self._is_at_hand():
            return ""
        folder, offer = self._second.folder, "就点“启用这个位置”，整本台账的备份会存进去。"
        if self._second.state == "new":
            return f"第二备份位置{folder}还没有启用，里面也没有这本台账的备份，没有往里存。是本单位的备份盘，{offer}"
        return (
            f"{folder}不是原来的第二备份位置（原来的是{self._place.expected}），里面没有这本台账认得的标记，没有往里存。"
            f"请换上原来的；要改用这一个，{offer}"
        )

    def _warning(self, there: Verified | None, last: Verified | None, mark: str, now: datetime) -> str:
        """What is to be said of a second place that lacks what was done for too long; "" when nothing is."""
        last = there or last
        if self._second is None or (last is not None and last.mark == mark):
            return ""
        if last is None:
            return f"还没有存过第二份备份（{self._second.folder}）：这台电脑坏了，台账就没有了。"
        at = datetime.fromisoformat(last.made_at)
        if now - at <= timedelta(days=self._late):
            return ""
        return f"第二份备份已经{(now - at).days}天没有更新：上一份是{at:%Y-%m-%d %H:%M}，在{self._place.expected}。"

    def _light(self, at: datetime, is_complete: bool, now: datetime) -> Light:
        """A backup that holds everything does not grow old."""
        age = now - at
        if is_complete or age <= timedelta(days=self._soon):
            return "green"
        return "ochre" if age <= timedelta(days=self._late) else "red"

    def _second_light(self, there: Verified | None, last: Verified | None, mark: str, now: datetime) -> Light:
        if there:
            return self._light(datetime.fromisoformat(there.made_at), there.mark == mark, now)
        if last is None:
            return "ochre"
        return _worst("ochre", self._light(datetime.fromisoformat(last.made_at), False, now))

    def _second_words(
        self, found: Found, there: Verified | None, last: Verified | None, light: Light
    ) -> tuple[str, str]:
        """What the line and the story say of the second place."""
        folder = found.folder
        if question := self._question():
            return "，第二备份位置不是原来的" if found.state == "strange" else "，第二备份位置没启用", question
        if there:
            at = datetime.fromisoformat(there.made_at)
            return (
                "，第二份已存" if light == "green" else "，第二份旧了"
            ), f"第二备份：{at:%Y-%m-%d %H:%M}，在{folder}。"
        when = f"，上一次存到那里是{datetime.fromisoformat(last.made_at):%Y-%m-%d %H:%M}" if last else ""
        if found.state != "away":
            return "，第二份还没有", f"第二备份位置{folder}里没有检查过的备份{when}。"
        expected = self._place.expected
        return "，第二备份位置不在", f"第二备份位置{expected}现在不在（U 盘没有插上？）{when}；插上后会自动补存。"

    def _mark(self, connection: sqlite3.Connection) -> str:
        """What of a ledger a backup holds: the journal's head and, since they are not journaled, all other tables."""
        digest = hashlib.sha256(journal.head(connection)[1].encode())
        for name in _others(connection, self._journaled):
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                digest.update(repr(row).encode())
        return digest.hexdigest()


def is_known(folder: Path, path: Path) -> bool:
    """Whether a backup of the ledger in a folder is one that was verified last, and is as it was then."""
    return any(one.is_intact() for one in _read(folder / BACKUPS).values() if Path(one.path) == path)


def know_again(folder: Path, path: Path) -> None:
    """A backup that was verified last was rewritten and verified anew: what was kept of it still holds."""
    own, found = folder / BACKUPS, path.stat()
    known: dict[Place, Verified] = {
        place: replace(one, size=found.st_size, modified_ns=found.st_mtime_ns) if Path(one.path) == path else one
        for place, one in _read(own).items()
    }
    _write(own, known)


def _read(own: Path) -> dict[Place, Verified]:
    """What was verified last in each place; nothing when the small file is missing or unreadable."""
    try:
        found = json.loads((own / STATE).read_text(encoding="utf-8"))
        return {place: Verified(**found[place]) for place in ("first", "second") if place in found}
    except (OSError, ValueError, TypeError):
        return {}


def _write(own: Path, known: Mapping[Place, Verified]) -> None:
    path = own / STATE
    part = path.with_suffix(".new")
    try:
        make_private_folder(path.parent)
        make_private_file(part)
        text = json.dumps({place: asdict(last) for place, last in known.items()}, ensure_ascii=False, indent=1)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:  # then the next backup is made once more than needed
        log.warning("the state of the backups could not be written")


def _worst(*lights: Light) -> Light:
    order: tuple[Light, ...] = ("red", "ochre", "green")
    return next(light for light in order if light in lights)


def _days(settings: Mapping[str, str], name: str, default: int) -> int:
    value = settings.get(name, "")
    return int(value) if value.isdecimal() else default


def _stands(last: Verified | None, folder: Path) -> bool:
    """Whether the last backup of a place lies in that folder and is still there."""
    return last is not None and Path(last.path).parent == folder and last.is_intact()


def _holds(last: Verified | None, mark: str, folder: Path) -> bool:
    """Whether the last backup of a place is still there and holds all that the ledger does."""
    return last is not None and last.mark == mark and _stands(last, folder)


def _others(connection: sqlite3.Connection, journaled: Iterable[str]) -> list[str]:
    """The tables beside the registers, the journal and the search index."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    passed = set(journaled)
    return [name for (name,) in names if name not in passed and not name.startswith(("search", "sqlite_"))]


def _spoken(at: datetime, now: datetime) -> str:
    """A moment as the status bar says it: 今天 09:12, 昨天 17:30, 11-20, 2025-11-20."""
    days = (now.date() - at.date()).days
    if days in (0, 1):
        return f"{('今天', '昨天')[days]} {at:%H:%M}"
    return f"{at:%m-%d}" if at.year == now.year else f"{at:%Y-%m-%d}"
