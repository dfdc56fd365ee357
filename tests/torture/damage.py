"""Damages a ledger's file in many ways and opens it: it is refused, or `check` tells, or every number is as it was.

    python -m tests.torture.damage FOLDER COUNT SEED

Each variant is opened in a fork of one process, so that a crash of SQLite or of the program is seen as such.
"""

from __future__ import annotations

import json
import logging
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from db.errors import Refused, StoreTrouble, named_troubles
from db.figures import Figures, Period
from db.store import health
from db.store.head_file import HEAD
from db.store.places import LEDGER, LOCK
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import (
    MEMBERS,
    Clock,
    case,
    decided,
    event,
    incoming,
    matter,
    norm,
    outgoing,
    plan,
    proposal,
    study,
)
from tests.torture.deeds import CLERK, opened
from tests.torture.trials import child, fresh

PAGE, HEADER = 4_096, 100
MADE = (outgoing, incoming, study, plan, case, event, matter, norm, proposal, decided)
WAL = f"{LEDGER}-wal"


def prepare(folder: Path) -> None:
    """A ledger with records of many registers, and a copy of it with changes that still lie in the log."""
    folder.mkdir(parents=True)
    with closing(opened(folder)) as store:
        for at in range(60):
            with suppress(Refused):  # some kinds bring a number that is taken already
                store.save(MADE[at % len(MADE)](title=f"关于第{at}项工作的通知", remarks=MEMBERS[at % 5] * (at % 40)))
    logged = folder / "logged"
    logged.mkdir()
    shutil.copy(folder / LEDGER, logged / LEDGER)
    with closing(opened(logged, 1)) as store:
        for at in range(10):
            store.save(outgoing(title=f"还在日志里的第{at}件"))
        whole = {name: (logged / name).read_bytes() for name in (LEDGER, WAL, HEAD)}
    for name, content in whole.items():
        (logged / name).write_bytes(content)
    (logged / LOCK).write_text("{}", encoding="utf-8")


def flip(content: bytearray, rng: random.Random) -> None:
    """Turn one to eight bits over."""
    for _ in range(rng.randint(1, 8)):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def flip_header(content: bytearray, rng: random.Random) -> None:
    """Turn one bit of the file's header over."""
    content[rng.randrange(min(HEADER, len(content)))] ^= 1 << rng.randrange(8)


def truncate(content: bytearray, rng: random.Random) -> None:
    """Cut the file off somewhere."""
    del content[rng.randrange(len(content)) :]


def zero(content: bytearray, rng: random.Random) -> None:
    """A page of zeros, as a disk gives back what it never wrote."""
    at = rng.randrange(len(content) // PAGE) * PAGE
    content[at : at + PAGE] = bytes(PAGE)


def swap(content: bytearray, rng: random.Random) -> None:
    """Two pages at each other's place."""
    one, other = (rng.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    content[one : one + PAGE], content[other : other + PAGE] = (
        content[other : other + PAGE], content[one : one + PAGE],
    )  # fmt: skip


def scribble(content: bytearray, rng: random.Random) -> None:
    """A sector of another file."""
    at = rng.randrange(max(1, len(content) // 512)) * 512
    content[at : at + 512] = rng.randbytes(len(content[at : at + 512]))


def retype(content: bytearray, rng: random.Random) -> None:
    """Another digit for one that stands in the file."""
    digits = [found.start() for found in re.finditer(rb"[0-9]", content)]
    if digits:
        content[rng.choice(digits)] = rng.randrange(48, 58)


HARMS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip, flip_header, truncate, zero, swap, scribble, retype,
)  # fmt: skip


def numbers(store: Store) -> dict[str, Any]:
    """All that the program would show and print in numbers: figures, lists, and the texts of every record."""
    figures = Figures(store.connection, store.catalogue, store.rules.days)
    periods = [Period.parse("2022"), Period.parse("2022-12")]
    values = figures.values((figure.key for figure in figures), periods)
    found = {f"{key} {period}": repr(value) for (key, period), value in values.items()}
    for register in store.catalogue:
        listing = Listing(store.connection, register, store.register_numbers[register.key()], Filter(),
                          store.rules.today, store.rules.days)  # fmt: skip
        found[register.key()] = repr(listing.ids())
        rows = [store.load(register, row.id) for row in register.select(register.id)]
        found[f"{register.key()} rows"] = repr(
            [(row.__data__, [line.__data__ for kind in register.LINES for line in row.lines(kind)]) for row in rows]
        )
    return found


def opening(folder: Path, tell: Callable[[Any], None]) -> None:
    """Open, look and check as the program does; tell the outcome."""
    wrong: list[str] = []
    found: dict[str, Any] = {}
    try:
        with named_troubles():
            store = Store.open(folder, CLERK, Clock())
            try:
                wrong = list(health.findings(store))
                found = {"entries": store.head()[0], **numbers(store)}
            finally:
                store.close()
    except (StoreTrouble, Refused) as error:
        tell({"refused": str(error)})
    except Exception:
        if not wrong:
            raise
    tell({"wrong": wrong, "numbers": found})


def variant(template: Path, folder: Path, at: int, seed: int, wanted: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """One damaged file: its outcome (refused, reported, equal, or what broke), and what was done to it."""
    rng = random.Random(f"{seed} {at}")
    harm = HARMS[at % len(HARMS)]
    where = "logged" if rng.random() < 0.25 else "whole"
    fresh(template if where == "whole" else template / "logged", folder)
    name = rng.choice((LEDGER, WAL)) if where == "logged" else LEDGER
    content = bytearray((folder / name).read_bytes())
    harm(content, rng)
    (folder / name).write_bytes(content)
    if rng.random() < 0.5:
        (folder / LOCK).write_text("{}", encoding="utf-8")  # an unclean end: the program checks before it opens
    done = f"{harm.__name__} of {name} ({where}), variant {at} of seed {seed}"
    told = child(lambda tell: opening(folder, tell))
    if any("refused" in one for one in told):
        return "refused", done
    if not told or "defect" in told[-1]:
        return f"broke: {told[-1]['defect'] if told else 'the process died'}", done
    if told[-1]["wrong"]:
        return "reported", done
    differing = [key for key, value in told[-1]["numbers"].items() if wanted[where].get(key) != value]
    return (f"silently wrong: {differing[:4]}" if differing else "equal"), done


def main(folder: Path, count: int, seed: int) -> None:
    """Open so many damaged files and tell the outcomes as JSON."""
    template, probe = folder / "prepared", folder / "probe"
    prepare(template)
    wanted: dict[str, dict[str, Any]] = {}
    for where in ("whole", "logged"):
        fresh(template if where == "whole" else template / "logged", probe)
        (told,) = child(lambda tell: opening(probe, tell))
        assert not told["wrong"], told["wrong"]
        wanted[where] = told["numbers"]
    outcomes: Counter[str] = Counter()
    broken: list[str] = []
    for at in range(count):
        outcome, done = variant(template, probe, at, seed, wanted)
        outcomes[outcome.split(":")[0]] += 1
        if ":" in outcome:
            broken.append(f"{done}: {outcome}")
    print(json.dumps({"deed": "open", "trials": count, "outcomes": outcomes, "broken": broken}))


if __name__ == "__main__":
    logging.disable()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
