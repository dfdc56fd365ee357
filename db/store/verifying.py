"""Proves the journal: names the first link of the chain that does not hold, and says whether a printed page is of it.

A page bears the journal's head of its moment: the first 32 digits of the last entry's hash, in 8 groups of 4. An entry
that has that hash today, in a chain that holds, proves that none of those before it was altered since.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.errors import Cancelled, Problem, Refused
from db.record import Record
from db.store import annexes, history, journal

if TYPE_CHECKING:
    from db.store.store import Store

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop

DIGITS = 32
CODE, ON = "code", "on"  # what is typed off a page, as problems name it
_ALIKE = 5  # groups of 8 that are the same: more likely misread than another page
_MISREAD = str.maketrans("oOlLiI０１２３４５６７８９", "0011110123456789")


@dataclass(frozen=True)
class Break:
    """The first link that does not hold: the number of its entry, and the whole of it in one Chinese sentence."""

    entry: int
    words: str


@dataclass(frozen=True)
class Proof:
    """What a look at the whole chain, or at a printed page, has shown; `words` for the clerk."""

    holds: bool
    words: str


def first_break(store: Store, progress: Progress = lambda _done, _of: True) -> Break | None:
    """The first link of the journal's chain that does not hold; None when all do.

    Raises:
        Cancelled: when `progress` gave False.
    """
    total = journal.head(store.connection)[0]

    def tick(done: int) -> None:
        if not progress(done, total):
            raise Cancelled

    number = next(journal.broken(store.connection, tick), None)
    return Break(number, _told(store, number)) if number is not None else None


def whole(store: Store, progress: Progress = lambda _done, _of: True) -> Proof:
    """Whether the whole chain holds. Raises Cancelled."""
    found = first_break(store, progress)
    if found:
        return Proof(False, found.words)
    count, checksum = store.head()
    return Proof(True, f"日志{count:,}条，条条连得上，没有改过、少过；现在的校验码是{checksum}")


def page(store: Store, code: str, on: date | None, progress: Progress = lambda _done, _of: True) -> Proof:
    """Whether the file still holds exactly what it held when a page was printed on a day.

    Raises:
        Refused: at `CODE` or `ON`, when what was typed off the page is none.
        Cancelled: when `progress` gave False.
    """
    digits = require(code, on)
    assert on is not None
    found = store.connection.execute(
        "SELECT id, at FROM journal WHERE substr(hash, 1, ?) = ? ORDER BY id", (DIGITS, digits)
    ).fetchone()
    if found is None and digits == journal.START[:DIGITS]:
        found = (0, "")
    if found is None:
        return Proof(False, _nowhere(store.connection, digits, on))
    return _of_entry(store, found[0], found[1], on, first_break(store, progress))


def require(code: str, on: date | None) -> str:
    """The digits of a code that was typed off a page of a day.

    Raises:
        Refused: at `CODE` or `ON`, when what was typed is none.
    """
    digits, problems = typed(code), list[Problem]()
    if len(digits) != DIGITS or not set(digits) <= set("0123456789abcdef"):
        problems.append(
            Problem(CODE, f"校验码是8组，每组4位数字或字母a—f，共32位；这里有{len(digits)}位，请照纸上再看")
        )
    if on is None:
        problems.append(Problem(ON, "请写上纸上打印的日期"))
    if problems:
        raise Refused(problems)
    return digits


def typed(code: str) -> str:
    """The digits of a code as it is typed or pasted, without blanks and what follows it in brackets."""
    plain = code.partition("（")[0].partition("(")[0].rpartition("：")[2].rpartition(":")[2]
    return "".join(plain.translate(_MISREAD).split()).replace("-", "").lower()


def _of_entry(store: Store, number: int, at: str, on: date, found: Break | None) -> Proof:
    if found and found.entry <= number:
        return Proof(False, f"校验码在文件里，可它前面的日志断了：{found.words}")
    following = journal.entry(store.connection, number + 1)
    if at[:10] > on.isoformat() or (following and following.at[:10] < on.isoformat()):
        until = f"到{following.at[:10]}" if following else "至今"
        return Proof(
            False, f"校验码在文件里，但日期不对：{at[:10] or '一开始'}{until}之间印的页才有这个校验码；请再看纸上的日期"
        )
    count = journal.head(store.connection)[0] - number
    later = f"之后又记了{count:,}条" if count else "之后没有再记"
    if found:
        later += f"，但印这一页以后的日志断了：{found.words}"
    elif count:
        later += "，也都连得上"
    return Proof(found is None, f"相符：印这一页时的{number:,}条日志，今天一条没有改、没有少；{later}")


def _nowhere(connection: sqlite3.Connection, digits: str, on: date) -> str:
    """What to say of a code that no entry has: the nearest that there is, or the head of that day's end."""
    wanted = _groups(digits)
    sums = " + ".join(f"(substr(hash, {4 * at + 1}, 4) = ?)" for at in range(len(wanted)))
    nearest = connection.execute(f"SELECT max({sums}), id, hash FROM journal", wanted).fetchone()
    if (nearest[0] or 0) >= _ALIKE:
        unlike = "、".join(
            f"第{at}组您写的是{one}，文件里是{other}"
            for at, (one, other) in enumerate(zip(wanted, _groups(nearest[2]), strict=True), 1)
            if one != other
        )
        return f"差一点：{unlike}（日志第{nearest[1]}条）；多半是看错或抄错，请照纸上再看一遍"
    next_day = (on + timedelta(days=1)).isoformat()
    end = connection.execute("SELECT max(id), hash FROM journal WHERE at < ?", (next_day,)).fetchone()
    checksum = journal.short(end[1] or journal.START)
    return (
        f"对不上：文件里没有这个校验码。请先照纸上再看一遍；没有抄错，就是印这一页以后日志被改过，或这一页不是这本台账印的。"
        f"文件里{on.year}年{on.month}月{on.day}日结束时日志{end[0] or 0:,}条，校验码{checksum}"
    )


def _groups(whole_hash: str) -> list[str]:
    return journal.short(whole_hash).split(" ")


def _told(store: Store, number: int) -> str:
    """One sentence about the first entry that does not follow: what is missing, or which it is and what differs."""
    connection = store.connection
    before, here = (
        connection.execute("SELECT id, at, hash FROM journal WHERE id <= ? ORDER BY id DESC LIMIT 1", (at,)).fetchone()
        for at in (number - 1, number)
    )
    last = before[0] if before else 0
    if number != last + 1:
        lost = f"第{last + 1}条" if number == last + 2 else f"第{last + 1}到{number - 1}条"
        since = f"{_minute(before[1])}之后、" if before else ""
        return f"日志缺{lost}（{since}{_minute(here[1])}之前的）：有人绕过程序删过日志"
    try:
        entry = journal.entry(connection, number)
    except (ValueError, TypeError, sqlite3.Error):  # what was put in its place is no snapshot
        entry = None
    if entry is None:
        return f"日志第{number}条从这里起对不上：{_minute(here[1])}，内容已不是程序写的样子；有人绕过程序改过文件"
    register = next((one for one in store.catalogue if one.key() == entry.register), None)
    where = _called(store, register, entry) if register else entry.register
    try:
        differing = _differing(store, register, entry) if register else ""
    except (Refused, ValueError, TypeError, KeyError, AttributeError):  # the record is gone, or not to be compared
        differing = ""
    told = differing or "这一行或它的校验值被改过"
    whose = f"{_minute(entry.at)}，{entry.by}，{entry.title}，{where}"
    return f"日志从第{number}条起对不上：{whose}；{told}。有人绕过程序改过文件"


def _minute(at: Any) -> str:
    return str(at)[:16].replace("T", " ")


def _called(store: Store, register: type[Record], entry: journal.Entry) -> str:
    row = store.connection.execute(
        f'SELECT number, "{register.SUBJECT}" FROM "{register.key()}" WHERE id = ?', (entry.record,)
    ).fetchone()
    return f"{register.TITLE}{row[0] or ''}《{str(row[1]).strip('《》')}》" if row else f"{register.TITLE}已不在的一条"


def _differing(store: Store, register: type[Record], entry: journal.Entry) -> str:
    """What an entry says otherwise than the entries after it, or than the record as it is now."""
    record = store.load(register, entry.record)
    now = store.shapes[register].values(record)
    entries = store.history(register, entry.record)
    later = [one for one in entries if one.id > entry.id]
    said: dict[str, Any] = {}
    held: dict[str, Any] = {}
    for name, value in entry.after.items():
        if annexes.model_of(name) or (name not in now and all(name not in one.after for one in later)):
            continue
        follows = next((one.before.get(name, []) for one in later if name in one.after), now.get(name))
        if follows != value:
            said[name], held[name] = value, follows
    found = [
        f"{one.label}日志里是“{one.old}”，后来的记录里是“{one.new}”"
        for one in history.changes(register, replace(entry, before=said, after=held))
    ]
    writers = [one.after["updated_by"] for one in entries if one.id <= entry.id and "updated_by" in one.after]
    if not annexes.is_annex(entry) and writers and (by := writers[-1]) != entry.by:
        found.append(f"操作人日志里是“{entry.by}”，记录里是“{by}”")
    return "；".join(found)
