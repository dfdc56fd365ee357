"""历史记录单: what a record is now with its lines, links and attachments, and all that ever happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from db.directory.attachments import size_words
from db.record import Record
from db.store import attachments, history, links
from db.store.journal import Entry
from db.store.store import Store
from db.summaries.document import Cell, Column, Note, Part, Summary, Table
from db.summaries.wording import long_date, numeral

LIFE, TITLE = "life", "历史记录单"
_NOTE = "按日志照录，最早的在前；日志每条扣着前一条，用页末的校验码可以核对（帮助：操作记录和核对日志）。"
_STATE = (Column("项目", 104), Column("内容"))
_LINKS = (Column("关系", 104), Column("记录"))
_FILES = (Column("文件"), Column("大小", 56, "right"), Column("加入", 92, "centre"), Column("经办", 48, "centre"))
_STEPS = (
    Column("时间", 84, "centre"), Column("经办", 42, "centre"), Column("操作", 74), Column("项目", 70),
    Column("原来"), Column("改为"),
)  # fmt: skip

Rows = tuple[tuple[Cell, ...], ...]


def life(store: Store, register: type[Record], record_id: int, now: datetime) -> Summary:
    """The sheet of one record, also of one in the recycle bin. Raises Refused when there is no such record."""
    record = store.load(register, record_id)
    entries = store.history(register, record_id)
    linked, files = links.of_record(store, record), attachments.of_record(store, record)
    connected = tuple(_line(one.kind, links.called(one.record)) for one in linked)
    held = tuple(_line(file.name, size_words(file.size), _minute(file.added_at), file.added_by) for file in files)
    parts = [
        ("现在的内容", (Table(_STATE, tuple(_state(store, record))),)),
        (f"关联（{len(linked)}件）", (Table(_LINKS, connected),)),
        (f"附件（{len(files)}个）", (Table(_FILES, held),)),
        (f"历史（{len(entries)}步）", (Table(_STEPS, tuple(_steps(register, entries))), Note(_NOTE))),
    ]  # fmt: skip
    office = store.rules.setting("office")
    count, checksum = store.head()
    return Summary(
        office=office,
        title=f"{register.TITLE}{TITLE}",
        under=f"{links.called(record)}{_standing(record)}（截至{long_date(now.date())}）",
        footer=f"{office}　{register.TITLE}{TITLE}",
        parts=tuple(Part(f"{numeral(at)}、{heading}", blocks) for at, (heading, blocks) in enumerate(parts, 1)),
        signatures=("制表", "审核"),
        printed_on=long_date(now.date()),
        checksum=f"{checksum}（共{count}条，{now:%Y-%m-%d %H:%M}）",
    )


def _standing(record: Record) -> str:
    if record.emptied_at:
        return f"，已从回收站清除（{str(record.emptied_at)[:16].replace('T', ' ')}）"
    if record.deleted_at:
        return "，在回收站里"
    return f"，{record.voided_on}作废" if record.voided_on else ""


def _state(store: Store, record: Record) -> Iterator[tuple[Cell, ...]]:
    """What the record and its lines hold, told as its creation would be told today."""
    shape = store.shapes[type(record)]
    held = {name: value for name, value in shape.values(record).items() if value != shape.defaults[name]}
    for kind in record.LINES:
        if rows := record.lines(kind):
            values = store.shapes[kind].values
            held[kind.key()] = [values(row) for row in rows]
    now = Entry(0, 0, "", "", "", record.key(), record.id, {}, held, None, None)
    for one in history.changes(type(record), now):
        if one.new:
            yield _line(one.label, one.new)


def _steps(register: type[Record], entries: list[Entry]) -> Iterator[tuple[Cell, ...]]:
    """A row for each thing that an entry changed; who, when and what stand in its first row."""
    for entry in entries:
        head = (_minute(entry.at), entry.by, entry.title)
        differences = [one for one in history.changes(register, entry) if one.old or one.new]
        if not differences:
            yield _line(*head, "", "", "")
        for one in differences:
            yield _line(*head, one.label, one.old, one.new or "（清空）")
            head = ("", "", "")


def _line(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")
