"""Keeps a draft and saves a record, again and again, telling each once it is confirmed, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from db.record import Record
from db.registers.outgoing import Outgoing
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, plan, saved, study


def made(at: int) -> Record:
    """The record of one round; each fourth brings lines, each fifth is changed once more."""
    title = f"关于第{at}项工作的通知"
    return (outgoing, incoming, study, plan)[at % 4](title=title)


def main(folder: Path, at: int) -> None:
    """Save from round `at` on, without end."""
    clock = Clock()
    store = Store.open(folder, "王堃", clock)
    while True:
        clock.tick()
        store.keep_draft(Outgoing, None, f'{{"title":"半{at}"}}')
        print("draft", at, flush=True)
        record: Any = saved(store, made(at))
        print("saved", record.key(), record.id, record.number, getattr(record, record.SUBJECT), flush=True)
        if at % 5 == 0:
            clock.tick()
            record.remarks = f"改{at}"
            store.save(record)
            print("changed", record.key(), record.id, record.number, record.remarks, flush=True)
        at += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
