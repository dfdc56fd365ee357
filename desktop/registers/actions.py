"""What the window may do to records: the only way from a screen to the writer.

Each action gives the clerk's verb to the store and tells everybody by one signal what was changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from db.directory.attachments import Attachment
from db.directory.settings import Setting
from db.errors import StoreTrouble
from db.record import Record
from db.store import accounts, attachments, deletions, guard, links, locks, old_values
from db.store.change import Change
from db.store.checking import number_waits_for
from db.store.files import Copied
from db.store.journal import Entry
from db.store.numbers import explain, reserved
from db.store.search import Filter, Listing, anywhere
from db.store.store import Store
from db.store.years import live_count, years

if TYPE_CHECKING:
    from db.figures import Figures
    from db.rules.numbering import MissingNumbers

_HINT = "hint"  # the property with the tooltip of a button that is open
_PAUSE = 3_000  # ms without a change, after which nobody is likely to be typing the next record's last word


class Actions(QObject):
    """Reads and changes records of one store; `changed` carries every finished change.

    `shut(sentence)` when something was asked for by a key that whoever works here may not do.
    """

    changed = Signal(object)
    returned = Signal()  # the ledger was opened anew after its disk was away: what is on show is read again
    _came_back = Signal()
    drafts_changed = Signal()
    accounts_changed = Signal()  # the office began to use accounts, or does without
    shut = Signal(str)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._came_back.connect(self.returned, Qt.ConnectionType.QueuedConnection)  # not in the middle of a save
        store.presence.returned = self._came_back.emit
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._tidy)

    def why_not(self, permission: str) -> str:
        """Why whoever works here may not do it, or nobody may while the ledger can only be read; "" when he may.

        Without a permission: why nothing at all can be written.
        """
        return self.store.reason or (accounts.why_not(self.store, permission) if permission else "")

    def permit(self, button: QWidget | QAction, permission: str, may: bool = True) -> None:
        """Open a button, or shut it and say why; `may`: whether there is anything that it could do now.

        What its tooltip said before it was first shut stands there again when it is open.
        """
        why = self.why_not(permission)
        if button.property(_HINT) is None:
            button.setProperty(_HINT, button.toolTip())
        button.setEnabled(may and not why)
        button.setToolTip(why or button.property(_HINT))

    def allows(self, permission: str) -> bool:
        """Whether whoever works here may do what a key asks for; if not, everybody is told why."""
        why = self.why_not(permission)
        if why:
            self.shut.emit(why)
        return not why

    @property
    def today(self) -> date:
        """Today by the store's clock."""
        return self.store.rules.today

    def blank(self, register: type[Record]) -> Record:
        """A new record with the register's defaults; nothing is stored yet."""
        record = register()
        if register.PRESET and record._meta.fields[register.BUSINESS_DATE].null:
            setattr(record, register.BUSINESS_DATE, self.today)
        return record

    def load(self, register: type[Record], record_id: int) -> Record:
        """One record with its lines. Raises Refused when it is gone."""
        return self.store.load(register, record_id)

    def latest(self, register: type[Record]) -> Record | None:
        """The record entered last, for 沿用上一条."""
        ids = [row.id for row in register.select(register.id).order_by(register.id.desc()).limit(1)]
        return self.load(register, ids[0]) if ids else None

    def foresee(self, record: Record) -> str:
        """Derive what follows from what is typed so far; say which number will be given, or what gives one."""
        record.normalise()
        record.follow(self.store.rules)
        sequence, numbering = self.store.sequence_for(record), record.numbering(self.store.rules)
        number = record.number
        if sequence is not None and numbering is not None:
            number = numbering.render(record.series, record.year, sequence)
        return f"将编为 {number}" if number else self._said_of_number(record)

    def _said_of_number(self, record: Record) -> str:
        waited = "、".join(map(record.label, number_waits_for(record)))
        return waited and f"填上{waited}后编号"

    def save(self, record: Record) -> Change:
        """Save a record. Raises Refused with every problem, or StoreTrouble."""
        return self.told(self.store.save(record))

    def move(self, record: Record, target: str) -> Change:
        """Move a record to a stage. Raises Refused when it may not or something is missing."""
        return self.told(self.store.move(record, target))

    def void(self, register: type[Record], record_id: int, reason: str) -> Change:
        """Void a record with a reason; its number stays taken."""
        return self.told(self.store.void(register, record_id, reason))

    def explain_missing(self, gap: MissingNumbers, reason: str) -> Change:
        """Keep why numbers were never given. Raises Refused with the reason when that cannot be."""
        return self.told(explain(self.store, gap, reason))

    def delete(self, register: type[Record], record_id: int) -> Change:
        """Put a record without a number into the recycle bin."""
        return self.told(self.store.delete(register, record_id))

    def bring(self, backup: Path, register: str, record_id: int) -> Change:
        """Let a record be again what it is in a backup."""
        from db.store.bringing import bring  # asked for seldom

        return self.told(bring(self.store, backup, self.store.catalogue[register], record_id))

    def restore(self, register: type[Record], record_id: int) -> Change:
        """Take a voiding or a deletion back."""
        return self.told(self.store.restore(register, record_id))

    def undo(self) -> Change:
        """Take back the last change of this session. Raises Refused with the reason when that cannot be."""
        return self.told(self.store.undo())

    def redo(self) -> Change:
        """Make the undone change again."""
        return self.told(self.store.redo())

    def edit(self, work: Callable[[Store], Change]) -> Change:
        """Change one of the office's own tables (db.store.office). Raises Refused with every problem."""
        return self.told(work(self.store))

    def lock_month(self, first: date, is_locked: bool, reason: str) -> Change:
        """Lock the month that begins on a day, or unlock it. Raises Refused when it is so, or has not ended."""
        return self.told(locks.set_lock(self.store, first, is_locked, reason))

    def told(self, change: Change) -> Change:
        """Tell everybody of a finished change; give it back."""
        if change.keys:
            self.changed.emit(change)
            self._pause.start()
        return change

    def named(self, error: BaseException) -> BaseException:
        """What is to be told of an error: the disk's trouble if it is that; its disk back, the ledger is reopened."""
        trouble = None if isinstance(error, StoreTrouble) else self.store.presence.named(error)
        if trouble:
            self.store.presence.revive()
        return trouble or error

    def hold(self) -> None:
        """A batch is about to be written on the worker: until `told` nothing here asks for the ledger's lock."""
        self._pause.stop()

    def _tidy(self) -> None:
        """While the clerk does nothing, merge what was saved into the search index, some 2 ms a record."""
        with suppress(StoreTrouble):  # it is found all the same, and waits for another pause
            self.store.merge_index()

    def put_back(self, record: Record, entry: int, name: str) -> Change:
        """Put back what a field or lines held before an entry of the journal. Raises Refused with the reason."""
        return self.told(old_values.put_back(self.store, type(record), record.id, entry, name))

    def history(self, register: type[Record], record_id: int) -> list[Entry]:
        """The journal of one record, oldest first."""
        return self.store.history(register, record_id)

    def standing(self, record: Record) -> str:
        """What is to be said behind the title of a record that is void or deleted."""
        return deletions.standing(self.store, record)

    def listing(self, register: type[Record], wanted: Filter) -> Listing:
        """The rows of a register under a filter, on this thread's connection."""
        return Listing(
            self.store.connection, register, self.store.register_numbers[register.key()], wanted, self.today,
            self.store.rules.days, self.near, self.store.user,
        )  # fmt: skip

    @property
    def near(self) -> int:
        """From how many working days left a deadline counts as close."""
        return self.store.rules.near

    def set_office(self, values: dict[str, str], organ_codes: Sequence[str]) -> None:
        """Set the office's settings and its 机关代字."""
        self.store.set_office(values, organ_codes)

    def has_records(self) -> bool:
        """Whether any register holds anything."""
        return any(self.years(register) for register in self.store.catalogue)

    def office_is_set(self) -> bool:
        """Whether the office has ever saved its settings."""
        return Setting.select().where(Setting.name == "office").exists()

    def figures(self) -> Figures:
        """The figures over this thread's connection."""
        from db.figures import Figures  # not needed by lists

        return Figures(self.store.connection, self.store.catalogue, self.store.rules.days)

    def count(self, register: type[Record], year: int | None) -> int:
        """The records of a register in a year."""
        return live_count(self.store.connection, register, year)

    def years(self, register: type[Record]) -> list[int]:
        """The years with records, newest first."""
        return years(self.store.connection, register)

    def newest_year(self, register: type[Record]) -> int | None:
        """The newest year with records that is not still to come, else the newest; None without any."""
        found = self.years(register)
        return next((year for year in found if year <= self.today.year), found[0] if found else None)

    def keep_draft(self, register: type[Record], record_id: int | None, typed: dict[str, Any] | None) -> bool:
        """Keep a half-typed form; None forgets it. Tells whether it is kept: not on a full disk, nor if classified."""
        text = json.dumps(typed, ensure_ascii=False, default=_as_typed) if typed else ""
        try:
            kept = self.store.keep_draft(register, record_id, text)
        except StoreTrouble:
            return False
        self.drafts_changed.emit()
        return kept

    def draft(self, register: type[Record], record_id: int | None) -> dict[str, Any] | None:
        """The half-typed form kept for a record (None: a new one); None when there is none."""
        for draft in self.store.drafts(register):
            if draft.record == record_id:
                return json.loads(draft.typed)
        return None

    def beside(self, record: Record) -> tuple[int, int]:
        """How many attachments and links a record has."""
        return attachments.count(self.store, record), links.count(self.store.connection, record)

    def linked(self, record: Record) -> list[links.Linked]:
        """The records linked with one, as seen from it."""
        return links.of_record(self.store, record)

    def link(self, record: Record, other: Record, kind: str) -> Change:
        """Link two records. Raises Refused with the reason when that cannot be."""
        return self.told(links.link(self.store, record, other, kind))

    def unlink(self, link: int) -> Change:
        """Remove a link."""
        return self.told(links.unlink(self.store, link))

    def find_anywhere(self, text: str, size: int) -> list[Record]:
        """The newest records of all registers in whose text every word stands."""
        registers = dict(self.store.numbered())
        found = anywhere(self.store.connection, text, size, registers.items())
        return [self.load(registers[number], record) for number, record in found]

    def attachments(self, record: Record) -> list[Attachment]:
        """The attachments of a record."""
        return attachments.of_record(self.store, record)

    def attachment_limit(self) -> int:
        """The size in bytes of the largest file that the office lets in."""
        return attachments.limit(self.store)

    def attach(self, record: Record, files: Sequence[Copied]) -> str:
        """Name copied files as attachments; give back what to say of it, with the records that hold them as well."""
        change = attachments.attach(self.store, record, files)
        holders = (attachments.elsewhere(self.store, record, file.sha256) for file in files)
        others = {links.called(other) for held in holders for other in held}
        self.told(change)
        also = f"；同一文件也附在{'、'.join(sorted(others)[:2])}" if others else ""
        return f"已添加附件 {len(files)} 个{also}"

    def detach(self, attachment: int) -> Change:
        """Take an attachment off its record."""
        return self.told(attachments.detach(self.store, attachment))

    def said_of(self, record: Record) -> str:
        """What to say of a record that was just registered."""
        if record.is_placeholder:
            count = reserved(self.store.connection, type(record), record.year).get(record.series, 0)
            return f"已占号 {record.number}，“{record.series}”{record.year}年共占 {count} 个号"
        called = record.number or links.brief(record)
        said = [f"已登记 {called}"]
        if waited := self._said_of_number(record):
            said.append(f"还没有编号，{waited}")
        lacking = [one.text for one in guard.problems(record, self.store.rules) if one.kind == "missing"]
        if lacking:
            said.append(f"待补全：{lacking[0].removeprefix('待补')}{f'等{len(lacking)}处' if lacking[1:] else ''}")
        return "，".join(said)

    def draft_count(self) -> int:
        """How many half-typed forms are kept."""
        return len(self.store.drafts())


def _as_typed(value: object) -> str:
    """A day, a moment or a decimal as a clerk may type it."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
