"""Locks a month, and unlocks it: who, when and why are kept for good, and the lock itself forbids nothing.

Records of a locked month can still be entered and changed; the month's page then names them (db/summaries/corrections).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from db.directory.locks import MonthLock, log_of
from db.errors import Refused
from db.rules.rulebook import month_key

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

LONGEST_REASON = 100  # characters; the reason is printed on the month's page


def set_lock(store: Store, first: date, is_locked: bool, reason: str) -> Change:
    """Lock the month that begins with `first`, or unlock it; a line is added to its log.

    Raises:
        Refused: when the month has not ended, it is so already, or the reason is missing or too long.
    """
    month, words, reason = month_key(first), f"{first.year}年{first.month}月", " ".join(reason.split())
    log = log_of(month)
    verb = "锁定" if is_locked else "解锁"
    if is_locked and month_key(store.rules.today) <= month:
        raise Refused(f"{words}还没有结束，不能锁定；请在下个月锁定")
    if is_locked == bool(log and log[-1].is_locked):
        raise Refused(f"{words}{'已经锁定' if is_locked else '没有锁定'}，不用再{verb}")
    if not reason:
        raise Refused(f"请写明{verb}原因，没有{verb}")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"{verb}原因太长：{len(reason)}字，最多{LONGEST_REASON}字；没有{verb}，请删短")
    entries, checksum = store.head()
    line = MonthLock(month=month, is_locked=is_locked, reason=reason, by=store.user, at=store.moment())
    line.entries, line.checksum = entries, checksum
    with store.change(f"{verb}{words}", may="lock_month" if is_locked else "unlock_month") as change:
        change.put(line)
    return change
