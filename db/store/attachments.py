"""The attachments of records: the rows that name the files, and how rows and files agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.directory.attachments import Attachment, size_words
from db.errors import Refused
from db.record import Record
from db.store import annexes
from db.store.files import Copied, path_of, verdict
from db.store.links import called
from db.store.places import ATTACHMENTS
from db.store.shapes import shape_of

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

LIMIT = "attachment_mb"  # the setting: megabytes of the largest file
_DEFAULT_MB = 200


def limit(store: Store) -> int:
    """The size in bytes of the largest file that the office lets in."""
    said = store.rules.setting(LIMIT)
    return (int(said) if said.isdigit() and int(said) else _DEFAULT_MB) * 1024 * 1024


def of_record(store: Store, record: Record) -> list[Attachment]:
    """The attachments of a record, in the order in which they were added."""
    shape = shape_of(Attachment)
    columns = ",".join(f'"{column}"' for column in ("id", *shape.columns))
    sql = f"SELECT {columns} FROM attachment WHERE register = ? AND record = ? ORDER BY id"
    rows = store.connection.execute(sql, (record.key(), record.id))
    return [shape.revive(number, values) for number, *values in rows]


def count(store: Store, record: Record) -> int:
    """How many attachments a record has."""
    sql = "SELECT count(*) FROM attachment WHERE register = ? AND record = ?"
    return store.connection.execute(sql, (record.key(), record.id)).fetchone()[0]


def elsewhere(store: Store, record: Record, sha256: str) -> list[Record]:
    """The other records that hold the same file."""
    sql = "SELECT DISTINCT register, record FROM attachment WHERE sha256 = ? ORDER BY id"
    keys = [key for key in store.connection.execute(sql, (sha256,)) if key != (record.key(), record.id)]
    return [store.load(store.catalogue[register], number) for register, number in keys]


def attach(store: Store, record: Record, files: Sequence[Copied]) -> Change:
    """Name files that were copied in as attachments of a record, in one change.

    Raises:
        Refused: when the record holds one of them already, or is the placeholder of a classified paper.
    """
    if record.is_placeholder:
        raise Refused(f"{record.number}是涉密文件占的号，不能加附件")
    known = {one.sha256: one.name for one in of_record(store, record)}
    with store.change("添加附件") as change:
        for file in files:
            if file.sha256 in known:
                raise Refused(f"“{file.name}”已在附件里（{known[file.sha256]}），没有再加")
            known[file.sha256] = file.name
            row = {"register": record.key(), "record": record.id, "name": file.name, "size": file.size,
                   "sha256": file.sha256, "added_at": store.moment(), "added_by": store.user}  # fmt: skip
            annexes.put(change, Attachment, None, row, {(record.key(), record.id): _words(file.name, file.size)})
    return change


def _words(name: str, size: int) -> str:
    return f"{name}（{size_words(size)}）"


def detach(store: Store, attachment: int) -> Change:
    """Take an attachment off its record; its file stays, so that this can be undone.

    Raises:
        Refused: when it is gone already.
    """
    with store.change("移除附件") as change:
        row = annexes.read(change.connection, Attachment, attachment)
        if row is None:
            raise Refused("这个附件已经移除了")
        ends = {(row["register"], row["record"]): _words(row["name"], row["size"])}
        annexes.put(change, Attachment, attachment, None, ends)
    return change


def require_whole(folder: Path, attachment: Attachment) -> Path:
    """The file of an attachment in the ledger's folder, compared with its hash; may run on a worker.

    Raises:
        Refused: when it is missing or was altered behind the program's back.
    """
    path = path_of(folder, attachment.sha256)
    wrong = verdict(path, attachment.sha256)
    if wrong:
        raise Refused(f"附件“{attachment.name}”{wrong}，没有打开；请从备份里找回，或移除后重新添加")
    return path


def findings(store: Store) -> Iterator[str]:
    """What is wrong with the files: missing, altered, or known to no record; one Chinese sentence each."""
    rows: list[tuple[Any, ...]] = store.connection.execute(
        "SELECT sha256, min(name), register, record FROM attachment GROUP BY sha256 ORDER BY min(id)"
    ).fetchall()
    for digest, name, register, record in rows:
        wrong = verdict(path_of(store.folder, digest), digest)
        if wrong:
            owner = store.load(store.catalogue[register], record)
            yield f"{called(owner)}的附件“{name}”{wrong}；请从备份里找回"
    yield from _unknown(store, {row[0] for row in rows})


def _unknown(store: Store, known: set[str]) -> Iterator[str]:
    """Files that neither a record nor the journal names; those the journal names may come back by an undo."""
    place = store.folder / ATTACHMENTS
    strange = sorted(path for path in place.rglob("*") if not path.is_dir() and path.name not in known)
    said = "SELECT 1 FROM journal WHERE instr(before, ?) > 0 OR instr(after, ?) > 0 LIMIT 1"
    for path in strange:
        mark = f'"sha256":"{path.name}"'
        if store.connection.execute(said, (mark, mark)).fetchone() is None:
            yield f"附件文件夹里的{path.relative_to(place)}没有记录用到，可以删去"
