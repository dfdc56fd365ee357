"""What the journal knows of the computer's clock: which of its entries stand later than now.

Entries follow one another in time, but where the clock was put back. Those places (the number of the last entry before
each) are kept with the ledger, written with the change that came after; between two of them the entries are in order,
so the late ones are counted by halving, however long the journal is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from db.directory import settings
from db.directory.clock import ClockWord, excused
from db.directory.settings import Setting
from db.store import journal

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

TURNS = (
    "clock_turns"  # the setting with the entries after which the clock went back; none in a ledger not yet looked at
)
_SLACK = timedelta(minutes=10)  # clocks of two computers between which a ledger travels
_MOST = 400  # turns that are kept; each costs a look one row


@dataclass(frozen=True)
class Late:
    """Entries that stand later than now: how many, and the moment (local time) of the latest."""

    count: int
    latest: datetime

    def words(self, now: datetime) -> str:
        """That the clock stands before them: how many, which day, what follows, what to do."""
        return (
            f"电脑的时钟可能不对：现在显示{now:%Y-%m-%d %H:%M}，台账里却有{self.count:,}条操作记录比这更晚，"
            f"最晚的是{self.latest:%Y-%m-%d %H:%M}。照常能登记，但登记时间、编号年份和期限会按错的日期算；"
            "请先校准电脑的日期和时间。日期本来没错、是那几条记的时候时钟错了，就点“日期没错”。"
        )


def behind(store: Store, now: datetime) -> Late | None:
    """The entries that stand later than now, but those of which the clerk said that the clock was wrong; None: none."""
    run = store.connection.execute
    head, begin, count, latest = journal.head(store.connection)[0], excused(), 0, ""
    limit = (now + _SLACK).isoformat(timespec="milliseconds")
    for end in sorted({*(turn for turn in _turns() if turn > begin), head}):
        row = run("SELECT at FROM journal WHERE id = ?", (end,)).fetchone()
        if row and row[0] > limit:
            count += end - _first_after(run, begin, end, limit) + 1
            latest = max(latest, row[0])
        begin = end
    try:
        return Late(count, datetime.fromisoformat(latest)) if count else None
    except ValueError:  # the journal is damaged there, which `check` tells
        return None


def _first_after(run: Callable[..., sqlite3.Cursor], begin: int, end: int, limit: str) -> int:
    """The first entry later than `limit` of those after `begin` up to `end`, which are in order."""
    low, high = begin + 1, end
    while low < high:
        middle = (low + high) // 2
        row = run("SELECT at FROM journal WHERE id = ?", (middle,)).fetchone()
        low, high = (low, middle) if row and row[0] > limit else (middle + 1, high)
    return low


def note(last: int, before: str, after: str) -> None:
    """Keep, in the transaction of a change, whether the clock went back between `before`, the moment of the `last`
    entry that stood before it, and `after`, that of its own first.
    """
    if after < before and _went_back(before, after) and is_looked_through():
        _keep([*_turns(), last])


def is_looked_through() -> bool:
    """Whether it is known where the clock went back before this program kept it; else `look_through` is to find it."""
    return Setting.select().where(Setting.name == TURNS).exists()


def look_through(store: Store, progress: Callable[[int, int], bool]) -> None:
    """Find where the clock went back in a journal of an older program, and keep it; reads the whole journal.

    Nothing is kept when `progress` gave False.

    Raises:
        StoreTrouble: when the machine cannot write.
    """
    found: list[int] = []
    total = journal.head(store.connection)[0]
    last = (0, "")
    for row in _moments(store.connection, 0):
        if _went_back(last[1], row[1]):
            found.append(last[0])
        last = row
        if row[0] % journal.STEP == 0 and not progress(row[0], total):
            return
    with store.writing() as connection:
        for row in _moments(connection, last[0]):  # made meanwhile
            if _went_back(last[1], row[1]):
                found.append(last[0])
            last = row
        _keep(found)


def _moments(connection: sqlite3.Connection, after: int) -> Iterable[tuple[int, str]]:
    return connection.execute("SELECT id, at FROM journal WHERE id > ? ORDER BY id", (after,))


def excuse(store: Store, late: Late, now: datetime) -> Change:
    """Keep that the day is right and the late entries were made by a wrong clock, so that they are not told again.

    Raises:
        Refused: when whoever works here may not save.
        StoreTrouble: when the machine cannot write.
    """
    title = f"日期没错：{late.count:,}条操作记录（最晚{late.latest:%Y-%m-%d %H:%M}）是时钟错时记的"
    word = ClockWord(late=late.count, latest=late.latest.isoformat(timespec="milliseconds"), by=store.user)
    word.entries, word.at = store.head()[0], now.isoformat(timespec="milliseconds")
    with store.change(title) as change:
        change.put(word)
    return change


def _went_back(before: str, after: str) -> bool:
    try:
        return bool(before) and datetime.fromisoformat(after) + _SLACK < datetime.fromisoformat(before)
    except ValueError:  # the journal is damaged there, which `check` tells
        return False


def _turns() -> list[int]:
    row = Setting.get_or_none(Setting.name == TURNS)
    return [int(one) for one in str(row.value).split()] if row else []


def _keep(turns: list[int]) -> None:
    settings.put(TURNS, " ".join(map(str, sorted(set(turns))[-_MOST:])))
