"""What the program does to a ledger while it is killed or its disk fails.

A deed is a generator over a prepared folder; a `yield` says "this is confirmed". It opens the ledger itself, so that
the opening is hit as well. The same deed over the same folder writes the same rows each time.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

from db import catalogue
from db.errors import StoreTrouble
from db.exchange.applying import apply
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store import attachment_texts, attachments, backup, files, many
from db.store.backup_places import Backups
from db.store.places import BACKUPS, LEDGER
from db.store.restore import restore
from db.store.store import Store
from db.store.upgrades import runner
from db.store.upgrades.runner import Step
from tests.db.office import NOON, Clock, incoming, outgoing, plan, study
from tests.db.sticks import known

CLERK = "李喆"
STICK, SHEET, SCAN, OLD = "U盘", "收文.csv", "扫描件.pdf", "旧备份.db"
RECORDS, ROWS = 12, 25

Mend = Callable[[], None]
Deed = Callable[[Path, Mend], Iterator[None]]


def opened(folder: Path, later: int = 0) -> Store:
    """The ledger of a folder, some minutes after it was prepared; identities are given in order."""
    store = Store.open(folder, CLERK, Clock(NOON + timedelta(minutes=later)))
    give_identities(store, 0)
    return store


def give_identities(store: Store, first: int) -> None:
    """Let new records be known by numbers from `first` on, so that a repeated deed writes the same."""
    given, minute = count(first), store.moment()[11:16].replace(":", "")
    store.new_uuid = lambda: f"{minute}{next(given):028d}"  # type: ignore[method-assign]


def prepare(folder: Path, deed: str) -> None:
    """Make the folder that a deed begins with: a small ledger, an older backup, a sheet, a scan, a stick."""
    folder.mkdir(parents=True)
    (folder / STICK).mkdir()
    if deed == "found":
        return
    (folder / SCAN).write_bytes(b"%PDF-1.4" + bytes(range(256)) * 300)
    rows = [
        f"2022.12.{at % 28 + 1},塔峰镇人民政府,塔政〔2022〕{at + 50}号,关于第{at}项经费的请示,请示"
        for at in range(ROWS)
    ]
    (folder / SHEET).write_text("\n".join(["收文日期,来文单位,来文字号,标题,文种", *rows]), encoding="utf-8-sig")
    with closing(opened(folder)) as store:
        for at in range(RECORDS):
            made = (outgoing, incoming, study, plan)[at % 4]
            store.save(made(title=f"关于第{at}项工作的通知"))
            if at == RECORDS // 2:
                backup.back_up(folder / LEDGER, folder / OLD)


def founding(folder: Path, _mend: Mend) -> Iterator[None]:
    """Open a ledger where there is none."""
    opened(folder).close()
    yield


def saving(folder: Path, mend: Mend) -> Iterator[None]:
    """Save new records and change one; what the disk did not take is saved again when the disk is well again."""
    with closing(opened(folder, 1)) as store:
        for at in range(4):
            record = (outgoing, study, incoming, plan)[at](title=f"新的第{at}项")
            for remarks in ("", "改"):
                record.remarks = remarks  # type: ignore[attr-defined]
                give_identities(store, at)
                try:
                    store.save(record)
                except StoreTrouble:
                    mend()
                    give_identities(store, at)
                    store.save(record)
                yield


def bulk(folder: Path, _mend: Mend) -> Iterator[None]:
    """Fill a field of every document at once, void some, and take both back."""
    with closing(opened(folder, 2)) as store:
        ids = [row.id for row in Outgoing.select(Outgoing.id)]
        many.carry_out(store, Outgoing, ids, many.Fill("remarks", "统一补登", replaces=True))
        yield
        many.carry_out(store, Outgoing, ids, many.Void("重复登记"))
        yield
        store.undo()
        yield
        store.undo()
        yield


def importing(folder: Path, _mend: Mend) -> Iterator[None]:
    """Import a sheet, and take the import back."""
    with closing(opened(folder, 3)) as store:
        apply(store, Plan(store, Incoming, read(folder / SHEET)))
        yield
        store.undo()
        yield


def attaching(folder: Path, _mend: Mend) -> Iterator[None]:
    """Copy a scan in, name it, and take it off."""
    with closing(opened(folder, 4)) as store:
        copied = files.copy_in(folder, folder / SCAN, attachments.limit(store))
        record = store.load(Incoming, 1)
        change = attachments.attach(store, record, [copied])
        yield
        assert change.id
        attachment_texts.keep(store.connection, copied.sha256, "扫描的正文")
        attachments.detach(store, attachments.of_record(store, record)[0].id)
        yield


def backing(folder: Path, _mend: Mend) -> Iterator[None]:
    """Back up to the ledger's folder and to the stick, after a change."""
    with closing(opened(folder, 5)) as store:
        store.save(outgoing(title="备份之前"))
        yield
        settings = {**store.rules.settings, **known(folder / STICK)}
        made = Backups(folder, store.catalogue, settings).make(NOON, only_changed=False)
        if made.troubles:
            raise made.troubles[0]
        assert len(backup.backups_in(folder / BACKUPS)) == 1


def restoring(folder: Path, _mend: Mend) -> Iterator[None]:
    """Put the older backup in the ledger's place."""
    restore(folder, folder / OLD, catalogue.load(), NOON + timedelta(minutes=6), sure=True)
    yield


def upgrading(folder: Path, _mend: Mend) -> Iterator[None]:
    """Open the ledger with a program whose schema is two versions newer."""
    first = runner.SCHEMA_VERSION + 1
    statements = ("ALTER TABLE outgoing ADD COLUMN note TEXT NOT NULL DEFAULT ''",
                  "UPDATE outgoing SET note = '升' || title")  # fmt: skip
    runner.steps = lambda: [Step(first + at, _running(sql)) for at, sql in enumerate(statements)]
    runner.SCHEMA_VERSION = first + 1
    opened(folder, 7).close()
    yield


def _running(statement: str) -> Callable[[sqlite3.Connection], None]:
    def apply(connection: sqlite3.Connection) -> None:
        connection.execute(statement)

    return apply


def boasting(folder: Path, _mend: Mend) -> Iterator[None]:
    """Confirm before saving: what no program may do, to see that the trials notice."""
    with closing(opened(folder, 8)) as store:
        yield
        store.save(outgoing(title="早报了"))


DEEDS: dict[str, Deed] = {
    "found": founding, "save": saving, "bulk": bulk, "import": importing, "attach": attaching, "backup": backing,
    "restore": restoring, "upgrade": upgrading, "boast": boasting,
}  # fmt: skip


def state(folder: Path) -> str:
    """A hash over every row of every table of a ledger but the search index; the ledger may be open."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%' ORDER BY name"
        )
        for (name,) in names.fetchall():
            found.update(repr((name, connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall())).encode())
    return found.hexdigest()
