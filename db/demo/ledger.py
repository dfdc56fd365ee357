"""Builds the ledger of the demo year through the store, month by month."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from db.catalogue import load
from db.demo.cases import cases
from db.demo.chains import Chain, chains
from db.demo.decisions import Decisions
from db.demo.incoming import Mail
from db.demo.issued import Issued
from db.demo.norms import Norms
from db.demo.office import furnish, people, senders
from db.demo.outgoing import Dispatch
from db.demo.proposals import Proposals
from db.demo.publicity import events
from db.demo.rectification import plans
from db.demo.steps import Almanac, Step, seeded
from db.demo.study import sessions
from db.demo.supervision import Supervision
from db.errors import Refused
from db.resources import rows_of
from db.rules.rulebook import Rulebook
from db.store import links
from db.store.opening import open_ledger
from db.store.places import LEDGER
from db.store.store import Store

CLERK = "赵晓燕"


class Clock:
    """The clock of the demo: it stands where the last step put it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment of the step that is being made."""
        return self.at


class DemoStore(Store):
    """A store whose identities come from a seed, and that saves time where the demo knows more than a clerk's day.

    Rules are read once, not anew for every day of two years, and the search index is filled at the end.
    """

    def __init__(self, folder: Path, year: int, clock: Clock) -> None:
        catalogue = load()
        super().__init__(open_ledger(folder, catalogue, clock.now), catalogue, CLERK, clock.now)
        self._chance = seeded(f"{year} uuid")
        self._read: Rulebook | None = None

    def new_uuid(self) -> str:
        """A new lasting identity, the same in every build."""
        return f"{self._chance.getrandbits(128):032x}"

    @property
    def rules(self) -> Rulebook:
        """The rules in force on the day of the demo's clock."""
        today = self._now().date()
        if self._read is None:
            self._read = super().rules
        if self._read.today != today:
            self._read = replace(self._read, today=today)
        return self._read

    def let_wait(self, connection: sqlite3.Connection, records: int) -> None:
        """Let everything wait: the index takes each record once, at the end, not after each of its steps."""

    def forget_rules(self) -> None:
        """Read the office's tables again at the next use."""
        super().forget_rules()
        self._read = None


def _go_on(_done: int, _total: int) -> bool:
    return True


def build(folder: Path, year: int, progress: Callable[[int, int], bool] = _go_on) -> None:
    """Make a new ledger in `folder` and fill it with the demo year and the year before.

    `progress` is called with the months done and all months, and stops the build by giving False.

    Raises:
        Refused: when a ledger is there already, or the build was stopped; nothing is left behind then.
        StoreTrouble: when the machine cannot do it.
    """
    if (folder / LEDGER).exists():
        raise Refused(f"{folder}里已有台账，示例数据只能建在没有台账的文件夹里")
    before = set(folder.iterdir()) if folder.exists() else set()
    clock = Clock(datetime.combine(date(year - 2, 12, 1), time(8, 30)))
    store = DemoStore(folder, year, clock)
    try:
        furnish()
        store.forget_rules()
        _play(store, clock, *_steps(store.rules, year), progress)
    except BaseException:
        store.close()
        _clear(folder, before)
        raise
    store.close()


def _clear(folder: Path, before: set[Path]) -> None:
    """Take away what an unfinished build has made."""
    for path in set(folder.iterdir()) - before:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _volumes(offset: int) -> dict[str, list[int]]:
    """How many records each stream has in each month of the demo year (0) or the year before (-1)."""
    return {
        row["stream"]: [int(row[f"m{month}"]) for month in range(1, 13)]
        for row in rows_of("demo/volumes.csv")
        if int(row["year"]) == offset
    }


def _steps(rules: Rulebook, year: int) -> tuple[list[Step], list[Chain]]:
    """Every step of both years in the order of time, and the links of the demo year."""
    chained: list[Chain] = []
    return sorted(_all_steps(rules, year, chained), key=attrgetter("at")), chained


def _all_steps(rules: Rulebook, year: int, chained: list[Chain]) -> Iterator[Step]:
    everybody, units = people(), senders()
    issued: dict[int, Issued] = {}
    for offset in (-1, 0):
        volumes, this = _volumes(offset), year + offset
        rng = seeded(f"{this} 收文")
        received = Mail(rng, Almanac(rules.days, rng), rules, everybody, units, offset).steps(this, volumes)
        rng = seeded(f"{this} 发文")
        sent = Dispatch(rng, Almanac(rules.days, rng), rules, everybody, units, offset).steps(this, volumes)
        issued[this] = Issued(sent)
        rng = seeded(f"{this} 督查")
        supervision = Supervision(rng, Almanac(rules.days, rng), everybody, units)
        matters = supervision.steps(this, volumes["督查事项"], volumes["督办通知"])
        if offset == 0:
            chained += chains(received, sent, matters)
        yield from (*received, *sent, *matters)
        rng = seeded(f"{this} 建议提案")
        proposals = Proposals(rng, Almanac(rules.days, rng), everybody, units, offset)
        yield from proposals.steps(this, volumes)
        for tell, name in ((sessions, "学习"), (cases, "复议应诉"), (events, "普法")):
            rng = seeded(f"{this} {name}")
            yield from tell(rng, Almanac(rules.days, rng), everybody, this, offset)
    rng = seeded(f"{year} 决策")
    almanac = Almanac(rules.days, rng)
    norms = Norms(rng, almanac, everybody, units, year)
    decisions = Decisions(rng, almanac, everybody, units, year)
    yield from norms.steps(issued, decisions.linked)
    yield from decisions.steps(issued, norms.made)
    yield from plans(Almanac(rules.days, seeded(f"{year} 整改")), year)


def _play(
    store: DemoStore, clock: Clock, steps: list[Step], chained: list[Chain], progress: Callable[[int, int], bool]
) -> None:
    """Save the steps, one change a month, and at the end of each month its links."""
    months = [(month, list(group)) for month, group in groupby(steps, key=lambda one: (one.at.year, one.at.month))]
    for done, ((year, month), group) in enumerate(months):
        if not progress(done, len(months)):
            raise Refused("已停止，没有留下示例数据")
        clock.at = group[0].at
        with store.change(f"示例数据：{year}年{month}月") as change:
            for one in group:
                clock.at, store.user = one.at, one.by
                change.save(one.apply())
        for one in chained:
            if (one.at.year, one.at.month) == (year, month):
                links.link(store, one.record, one.other, one.kind)
    progress(len(months), len(months))
