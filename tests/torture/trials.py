"""Runs deeds in children that are killed, or whose disk fails, at a chosen write, and looks at what they left.

    python -m tests.torture.trials FOLDER KIND DEEDS COUNT SEED

KIND is `kill` (at a write, in the middle of one, or at a moment of the clock) or `disk` (a write fails, or it and all
that follow). DEEDS are joined by commas; COUNT trials are done of each, and 0 means each write in turn, in each way.
One process imports the program; each trial is a fork of it, which costs milliseconds. Tells the trials done and what
broke as JSON, a line for each deed. Without the preloaded library (faults.c) only the clock kills.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.errors import Refused, StoreTrouble, named_troubles
from db.store import backup, health
from db.store.places import BACKUPS
from tests.db.office import outgoing
from tests.torture.deeds import DEEDS, STICK, opened, prepare, state

COUNT, KILL, TORN, BROKEN, FULL, CLOCK = range(6)
MODES = {KILL: "killed before write", TORN: "killed within write", BROKEN: "broken disk at write",
         FULL: "full disk at write", CLOCK: "killed by the clock"}  # fmt: skip
BY_CLOCK = 100
_CHUNK = 65_536


@dataclass(frozen=True)
class Fault:
    """What befalls a child: `at` counts its writes (`lasting`: all later ones as well) or microseconds."""

    mode: int
    at: int
    lasting: bool = False

    def words(self) -> str:
        """The fault in words, to be read when a trial has failed."""
        return f"{MODES[self.mode]} {self.at}{' and after' if self.lasting else ''}"


@dataclass(frozen=True)
class Rehearsed:
    """A deed that nothing befell: its states from before the first step to after the last, its writes, its time."""

    states: list[str]
    writes: int
    seconds: float


def _library() -> Any:
    """The preloaded library; None when it is not there."""
    whole = ctypes.CDLL(None)
    return whole if hasattr(whole, "faults_arm") else None


FAULTS = _library()


def arm(fault: Fault) -> None:
    """Let the fault befall this process."""
    if FAULTS:
        FAULTS.faults_arm(fault.mode, ctypes.c_long(fault.at), int(fault.lasting))


def disarm() -> None:
    """The disk is well from now on."""
    arm(Fault(COUNT, -1))


def child(work: Callable[[Callable[[Any], None]], None], kill_after: float | None = None) -> list[Any]:
    """Fork, let the child work and tell values; give back all that it told before its end."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        try:
            work(lambda value: _tell(writing, value))
        except BaseException:  # noqa: BLE001 (whatever it is, the parent is to read it)
            disarm()
            _tell(writing, {"defect": traceback.format_exc()})
        finally:
            os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    told = b""
    while piece := os.read(reading, _CHUNK):
        told += piece
    os.close(reading)
    os.waitpid(pid, 0)
    return [json.loads(line) for line in told.split(b"\n")[:-1]]


def _tell(writing: int, value: Any) -> None:
    os.write(writing, json.dumps(value).encode() + b"\n")


def fresh(template: Path, folder: Path) -> Path:
    """The prepared folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


def looked_at(folder: Path, deed: str) -> list[Any]:
    """What the next start of the program finds: the state, all that is wrong; told by a child."""

    def look(tell: Callable[[Any], None]) -> None:
        if deed == "upgrade":
            list(DEEDS[deed](folder, disarm))
        store = opened(folder, 60)
        tell({"state": state(folder), "wrong": [one for one in health.findings(store) if "可以删去" not in one]})
        store.save(outgoing(title="以后"))
        store.close()
        for place in (folder / BACKUPS, folder / STICK):
            for path in backup.backups_in(place):
                backup.verify(path)
        tell("usable")

    return child(look)


def rehearse(template: Path, folder: Path, deed: str) -> Rehearsed:
    """Do a deed without any fault and note what is to be after each of its steps."""
    first = looked_at(fresh(template, folder), deed)[0]["state"]
    fresh(template, folder)

    def work(tell: Callable[[Any], None]) -> None:
        started = time.perf_counter()
        disarm()
        for _step in DEEDS[deed](folder, disarm):
            tell(state(folder))
        tell({"writes": FAULTS.faults_calls() if FAULTS else 0, "seconds": time.perf_counter() - started})

    *states, last = child(work)
    assert "defect" not in last, last
    return Rehearsed([first, *states], last["writes"], last["seconds"])


def trial(template: Path, folder: Path, deed: str, known: Rehearsed, fault: Fault) -> str:
    """Let one fault befall a deed; give back what is wrong afterwards, empty when nothing is."""
    fresh(template, folder)

    def work(tell: Callable[[Any], None]) -> None:
        arm(fault)
        try:
            with named_troubles():
                for _step in DEEDS[deed](folder, disarm):
                    tell("confirmed")
        except (StoreTrouble, Refused) as error:
            disarm()
            tell({"refused": str(error)})

    told = child(work, fault.at / 1e6 if fault.mode == CLOCK else None)
    defect = next((one["defect"] for one in told if isinstance(one, dict) and "defect" in one), "")
    if defect:
        return f"the program broke: {defect}"
    found = looked_at(folder, deed)
    if len(found) != 2 or found[1] != "usable":
        return f"not usable afterwards: {found}"
    if found[0]["wrong"]:
        return f"unsound afterwards: {found[0]['wrong']}"
    confirmed = told.count("confirmed")
    if found[0]["state"] not in known.states[confirmed : confirmed + 2]:
        at = known.states.index(found[0]["state"]) if found[0]["state"] in known.states else "a half-done one"
        return f"{confirmed} steps were confirmed, the ledger is in state {at} of {len(known.states) - 1}"
    return ""


def faults(kind: str, count: int, known: Rehearsed, rng: random.Random) -> Iterator[Fault]:
    """The faults to try: so many random ones, or with 0 each write in each way, and kills by the clock."""
    modes = (KILL, TORN) if kind == "kill" else (BROKEN, FULL)
    if not count:
        every = range(1, known.writes + 2)  # the last of them befalls nothing
        yield from (Fault(mode, at, lasting) for at in every for mode in modes for lasting in {False, kind == "disk"})
        count = BY_CLOCK * 4 if kind == "kill" else 0
    for turn in range(count):
        if kind == "kill" and (turn % 4 == 0 or not FAULTS):
            yield Fault(CLOCK, int(rng.random() * known.seconds * 1e6))
        elif FAULTS:
            yield Fault(rng.choice(modes), rng.randint(1, known.writes), kind == "disk" and turn % 2 == 0)


def main(folder: Path, kind: str, deed: str, count: int, seed: int) -> None:
    """Do the trials of one deed and tell the outcome as JSON."""
    template, probe = folder / f"{deed}-prepared", folder / f"{deed}-probe"
    prepare(template, deed)
    known = rehearse(template, probe, deed)
    broken: list[str] = []
    done = 0
    for fault in faults(kind, count, known, random.Random(seed)):
        wrong = trial(template, probe, deed, known, fault)
        done += 1
        if wrong:
            broken.append(f"{deed}, {fault.words()} of {known.writes}: {wrong}")
    print(json.dumps({"deed": deed, "trials": done, "writes": known.writes, "broken": broken}), flush=True)


if __name__ == "__main__":
    logging.disable()  # a disk that fails is told of in the log
    for one in sys.argv[3].split(","):
        main(Path(sys.argv[1]), sys.argv[2], one, int(sys.argv[4]), int(sys.argv[5]))
