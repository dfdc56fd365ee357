"""An encrypted ledger against the same one as it was: reads from the cache and from the file, saves, unlocking.

Both lie open over connections set up as the store's; each round reads from both, beginning with another. Only one
store can be open in a process, so saves alternate between the two in short turns.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random

from ledger import now, opened
from measuring import Result, interleaved, median, taken
from saving import Saver

from db.store import keys, sealing
from db.store.connecting import connect
from db.store.places import LEDGER

REGISTER = "incoming"
PASSWORD = "山高月小水落石出"
SEED, SHOWN, LOADED = 3, 200, 200
TURNS = 8  # of saves on each ledger
_CACHE = 16_384  # KiB, as the store has it


def _reader(folder: Path) -> sqlite3.Connection:
    connection = connect(folder / LEDGER, isolation_level=None)
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    return connection


def _list(connection: sqlite3.Connection) -> Callable[[], object]:
    """The first rows of a list."""
    sql = f'SELECT * FROM "{REGISTER}" WHERE deleted_at IS NULL ORDER BY id DESC LIMIT {SHOWN}'
    return lambda: connection.execute(sql).fetchall()


def _records(connection: sqlite3.Connection, count: int) -> Callable[[], object]:
    """The same single records, again and again."""
    wanted = Random(SEED).sample(range(1, count + 1), LOADED)
    sql = f'SELECT * FROM "{REGISTER}" WHERE id = ?'
    return lambda: [connection.execute(sql, (one,)).fetchone() for one in wanted]


def _through(folder: Path) -> float:
    """Read a whole table over a connection with nothing in its cache; the file lies in the system's."""
    with closing(_reader(folder)) as connection:
        return taken(lambda: connection.execute(f'SELECT sum(length(title)) FROM "{REGISTER}"').fetchone())


def _unlock(folder: Path) -> float:
    keys.ring.forget()

    def unlock() -> None:
        keys.unlock(folder, PASSWORD)
        with closing(_reader(folder)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    return taken(unlock)


def measure(source: Path, bench: Path, count: int, rounds: int) -> Iterator[Result]:
    """The lines about a ledger of `count` rows; copies of the one at `source` are made under `bench`."""
    plain, sealed = bench / "plain", bench / "sealed"
    for folder in (plain, sealed):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
    spent = taken(lambda: sealing.seal(sealed, PASSWORD, "CODE", now()))
    with closing(_reader(plain)) as one, closing(_reader(sealed)) as other:
        for words, made in (
            (f"list of {SHOWN} rows from the cache, encrypted : plain", _list),
            (f"{LOADED} single records from the cache, encrypted : plain", lambda at: _records(at, count)),
        ):
            ours, floor = interleaved(rounds, [partial(taken, made(at)) for at in (other, one)], warm_up=5)
            yield Result(words, median(ours), median(floor), at_most_ratio=1.2)
    cold = interleaved(max(rounds // 10, 3), [lambda: _through(sealed), lambda: _through(plain)])
    note = "each page is decrypted when it is read from the file, and kept in the cache as it is"
    yield Result("a whole table from the file, encrypted : plain", *map(median, cold), note=note)
    saves: dict[Path, list[float]] = {plain: [], sealed: []}
    for _turn in range(TURNS):
        for folder, found in saves.items():
            with opened(folder) as store:
                saver = Saver(store, count)
                saver.save_new()
                found += [saver.save_new() for _time in range(max(rounds // TURNS, 3))]
    yield Result("save of a new record, encrypted : plain", median(saves[sealed]), median(saves[plain]))
    unlocking = [_unlock(sealed) for _time in range(max(rounds // 10, 3))]
    yield Result("unlocking: the password to the first read", median(unlocking), at_most=500)
    yield Result(f"turning it on, {count:,} rows, with backup and checks", spent)
    for folder in (plain, sealed):
        shutil.rmtree(folder)
