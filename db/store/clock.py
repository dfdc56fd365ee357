"""What the journal knows of the computer's clock: no entry was ever made after now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.store.store import Store

_SLACK = timedelta(minutes=10)  # clocks of two computers between which a ledger travels


def behind(store: Store, now: datetime) -> datetime | None:
    """The moment (local time) of the journal's last entry if the clock stands before it; else None."""
    row = store.connection.execute("SELECT at FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    try:
        last = datetime.fromisoformat(row[0]) if row else None
    except ValueError:  # the journal is damaged there, which `check` tells
        return None
    return last if last is not None and now + _SLACK < last else None


def words_of(now: datetime, last: datetime) -> str:
    """That the clock stands before the last entry: both moments, what follows, what to do."""
    return (
        f"电脑的时钟不对：现在显示{now:%Y-%m-%d %H:%M}，而最后一条操作记录是{last:%Y-%m-%d %H:%M}。"
        "照常能登记，但登记时间、编号年份和期限会按错的日期算；请先校准电脑的日期和时间。"
    )
