"""Looks a ledger over: the file, its references, the journal's chain, the search index."""

from __future__ import annotations

from collections.abc import Iterator

from db.errors import Refused, StoreTrouble
from db.record import Record
from db.store import annexes, attachments, backup, index, replaying, verifying, waiting
from db.store.head_file import loss_in_words
from db.store.shapes import shape_of
from db.store.store import Store


def findings(store: Store) -> Iterator[str]:
    """What is wrong, one Chinese sentence each; nothing when the ledger is sound."""
    for look in (_lost, _damage, _orphans, _chain, _registers, _annexes, attachments.findings):
        try:
            yield from look(store)
        except (*backup.UNREADABLE, StoreTrouble, Refused, LookupError, ValueError, TypeError) as error:
            yield f"文件损坏：{error}"  # what is damaged may not even be read, or be nonsense


def _lost(store: Store) -> Iterator[str]:
    if store.lost:
        yield "：".join(loss_in_words(store.lost, store.head()[0])[:2])


def _damage(store: Store) -> Iterator[str]:
    for row in store.connection.execute("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield f"文件损坏：{row[0]}"


def _orphans(store: Store) -> Iterator[str]:
    broken = store.connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        yield f"有{len(broken)}行找不到所属的记录"


def _chain(store: Store) -> Iterator[str]:
    found = verifying.first_break(store)
    if found:
        yield found.words


def _registers(store: Store) -> Iterator[str]:
    connection = store.connection
    for register in store.catalogue:
        unknown = _unlike_the_journal(store, register)
        if unknown:
            yield f"{register.TITLE}有{unknown}条与日志的最后一条对不上：日志缺了行，或有人绕过程序改过文件"
        elif altered := sum(1 for _record in replaying.unlike(store, register)):
            yield f"{register.TITLE}有{altered}条的内容与日志写的不同：有人绕过程序改过文件，或磁盘出了错"
        number = store.register_numbers[register.key()]
        live = connection.execute(f'SELECT count(*) FROM "{register.key()}" WHERE deleted_at IS NULL').fetchone()[0]
        indexed = index.indexed(connection, number, waiting.of_register(connection, register, number))
        if live != indexed:
            yield f"{register.TITLE}有{live}条，搜索索引里有{indexed}条"


def _annexes(store: Store) -> Iterator[str]:
    """Rows that hang on records and that are not as the journal last wrote them."""
    for model in annexes.ANNEXES:
        shape = shape_of(model)
        columns = ",".join(f'"{column}"' for column in shape.columns)
        rows = store.connection.execute(f'SELECT id, register, record, {columns} FROM "{shape.table}"').fetchall()
        unknown = 0
        for number, register, record, *values in rows:
            name = f"{shape.table}:{number}"
            said = [entry.after[name] for entry in store.history(store.catalogue[register], record)
                    if name in entry.after]  # fmt: skip
            row = dict(zip(shape.names, values, strict=True))
            unknown += not said or annexes.columns_of(said[-1]) != row
        if unknown:
            yield f"{model.TITLE}有{unknown}条与日志对不上：日志缺了行，或有人绕过程序改过文件"


def _unlike_the_journal(store: Store, register: type[Record]) -> int:
    """How many records do not have the last entry that they name, or were changed at another time than it says.

    That shows that the journal's end was cut off. Entries about links and attachments change no record; `_annexes`
    looks after those.
    """
    sql = f"""SELECT count(*) FROM "{register.key()}" r WHERE NOT EXISTS (SELECT 1 FROM journal j
        WHERE j.id = r.entry AND j.register = ? AND j.record = r.id AND (instr(j.after, '"updated_at":"') = 0
            OR instr(j.after, '"updated_at":"' || r.updated_at || '"') > 0))"""
    return store.connection.execute(sql, (register.key(),)).fetchone()[0]
