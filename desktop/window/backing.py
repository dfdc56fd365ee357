"""Backups while the window is open: every hour if something was changed, by hand, and at the end of the work.

They have a worker of their own: a stick that hangs keeps no list and no print waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refused
from db.store import second_place
from db.store.backup_places import Backups, BackupState, Made
from db.store.second_place import SECOND_FOLDER, Found, SecondPlace
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.volumes import mounted

_LOOK_MS = 5 * 60_000  # how often it is looked whether a backup is due
_STICK_MS = 10_000  # how often whether the second place (a stick) has come back


class BackupDesk(QObject):
    """Makes backups and knows how they stand: `state` is the last that was found, `changed` tells a new one."""

    changed = Signal(object)
    running = Signal(object)
    made = Signal(str)
    trouble = Signal(object)
    finished = Signal(object)  # the backup at the end is done with: the errors that it met

    def __init__(
        self, actions: Actions, now: Callable[[], datetime], parent: QObject | None = None, beside: Jobs | None = None
    ) -> None:
        """`beside`: the worker of everything else."""
        super().__init__(parent)
        self._actions, self._now = actions, now
        self.state: BackupState | None = None
        self._jobs = Jobs(self, beside)
        self._busy: Job | None = None
        self._is_ending = False
        self._errors: list[BaseException] = []
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._chosen = ""  # the second place as the settings had it when they were last looked at
        self._stood: Found | None = None  # where it was then
        self._watch: Job | None = None
        self._stick_timer = QTimer(self, interval=_STICK_MS)
        self._stick_timer.timeout.connect(self.watch_stick)

    def start(self) -> None:
        """Look now how the backups stand, and from time to time whether one is due."""
        if not self._is_ending:
            self._timer.start()
            self._stick_timer.start()
            self._chosen = self._second()
            self.refresh()

    def refresh(self) -> None:
        """Look how the backups stand, after the settings were changed; a second place just chosen is taken into use."""
        if self._is_ending:
            return
        chosen, before = self._second(), self._chosen
        self._chosen = chosen
        self._run(_choose if chosen and chosen != before else _stand, self._take_state, self.trouble.emit)

    def _second(self) -> str:
        return self._actions.store.rules.setting(SECOND_FOLDER).strip()

    def look(self) -> None:
        """Back up if something was changed and the last backup is an hour old, or a second place lacks it."""
        if self._may_begin():
            self._back_up(_make_due, self._take_due)

    def watch_stick(self) -> None:
        """Look, on the worker, whether the second place has come back; if so it gets its backup at once.

        A stick that is not the office's is told of.
        """
        if self._second() and self._watch is None and self._may_begin():
            place = SecondPlace(self._actions.store.rules.settings, mounted)
            self._watch = self._jobs.run(
                "看第二备份位置", lambda _job: place.find(), self._take_found, self.trouble.emit
            )
            self._watch.ended.connect(self._end_watch)

    def _end_watch(self) -> None:
        self._watch = None

    def _take_found(self, found: object) -> None:
        before, self._stood = self._stood, found if isinstance(found, Found) else None
        if before is None or before == self._stood:
            return
        if self._stood and self._stood.state == "here":
            self.look()
        else:
            self.refresh()

    def take_into_use(self) -> None:
        """The clerk says that what is at the path of the second place is the office's; it gets a backup at once."""
        try:
            self._actions.store.require("settings")
        except Refused as refused:
            self.trouble.emit(refused)
            return
        if self._may_begin():
            self._back_up(_take_into_use, self._take_by_hand)

    def back_up_now(self) -> None:
        """Back up at once, by hand; what was done is told by `made` or `trouble`."""
        if self._may_begin():
            self._back_up(partial(_make, only_changed=False), self._take_by_hand)

    def back_up_last(self) -> Job:
        """Back up what was changed, at the end of the work; `finished` follows, also after `cancel`."""
        self._stop_looking()
        self._is_ending = True
        self._errors = []
        job = self._run(partial(_make, only_changed=True), self._take_last, self._errors.append)
        job.ended.connect(self._end_last)
        return job

    def cancel(self) -> None:
        """Stop what runs; no half backup stays."""
        self._jobs.cancel()

    def close(self) -> None:
        """Stop the worker; what runs is cancelled."""
        self._stop_looking()
        self._is_ending = True
        self._jobs.close()

    def _stop_looking(self) -> None:
        self._timer.stop()
        self._stick_timer.stop()

    def _back_up(self, work: Callable[[Backups, datetime, Job], object], done: Callable[[object], None]) -> None:
        self._busy = job = self._run(work, done, self.trouble.emit)
        job.ended.connect(self._rest)
        self.running.emit(job)

    def _may_begin(self) -> bool:
        return not (self._is_ending or self._actions.store.read_only or self._busy)

    def _rest(self) -> None:
        self._busy = None

    def _run(
        self, work: Callable[[Backups, datetime, Job], object], done: Callable[[object], None],
        failed: Callable[[BaseException], None],
    ) -> Job:  # fmt: skip
        store = self._actions.store
        keep = None if store.read_only else partial(second_place.keep, store)
        backups = Backups(store.folder, store.catalogue, store.rules.settings, mounted, keep)
        return self._jobs.run("备份", partial(work, backups, self._now()), done, failed)

    def _take_state(self, state: object) -> None:
        assert isinstance(state, BackupState)
        self.state = state
        self.changed.emit(state)

    def _take_due(self, found: object) -> None:
        made, state = _both(found)
        self._take_state(state)
        if made.troubles:
            self.trouble.emit(made.troubles[0])

    def _take_by_hand(self, found: object) -> None:
        made, _state = _both(found)
        if made.written:
            places = "、".join(str(Path(written.path).parent) for written in made.written)
            self.made.emit(f"已备份并检查：{places}")
        self._take_due(found)

    def _take_last(self, found: object) -> None:
        self._errors.extend(_both(found)[0].troubles)

    def _end_last(self) -> None:
        self.finished.emit(self._errors)


def _both(found: object) -> tuple[Made, BackupState]:
    made, state = found  # type: ignore[misc]
    assert isinstance(made, Made)
    assert isinstance(state, BackupState)
    return made, state


def _stand(backups: Backups, now: datetime, _job: Job) -> BackupState:
    return backups.state(now)


def _choose(backups: Backups, now: datetime, _job: Job) -> BackupState:
    backups.take()
    return backups.state(now)


def _take_into_use(backups: Backups, now: datetime, job: Job) -> tuple[Made, BackupState]:
    backups.take()
    return _make(backups, now, job, only_changed=True)


def _make(backups: Backups, now: datetime, job: Job, only_changed: bool) -> tuple[Made, BackupState]:
    return backups.make(now, job.progress, only_changed), backups.state(now)


def _make_due(backups: Backups, now: datetime, job: Job) -> tuple[Made, BackupState]:
    made = backups.make(now, job.progress) if backups.is_due(now) else Made()
    return made, backups.state(now)
