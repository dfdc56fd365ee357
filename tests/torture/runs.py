"""How the fault tests are run: few of each in CI, all of them by `make torture`; where, and with what preloaded."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]
LONG = os.environ.get("TORTURE", "") not in ("", "0")
_SAID = int(os.environ.get("TORTURE_SEED", "0"))
SEED = _SAID or (random.SystemRandom().randrange(1, 1_000_000) if LONG else 2022)  # few trials: the same each time
AT_ONCE = 2
_QUICK = Path("/dev/shm")


@contextmanager
def scratch() -> Generator[Path]:
    """A folder that is quick to write: a killed program does not lose what the system holds, wherever it lies."""
    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=_QUICK if os.access(_QUICK, os.W_OK) else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def preloaded() -> Path | None:
    """The library that fails writes (faults.c), made at the first use; None without a C compiler or off Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler or not sys.platform.startswith("linux"):
        return None
    made = Path(tempfile.mkdtemp(prefix="torture-library-")) / "faults.so"
    source = str(Path(__file__).with_name("faults.c"))
    done = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(made), source, "-ldl"], check=False)
    return made if not done.returncode else None


def run_trials(kind: str, deeds: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Do so many trials of each deed (0: all), some processes at once; give back what each deed's trials told."""
    shares = [deeds[at::AT_ONCE] for at in range(AT_ONCE)]
    return run_at_once("trials", [[kind, ",".join(share), str(count), str(SEED)] for share in shares if share])


def run_seeds(module: str, count: int) -> list[dict[str, Any]]:
    """Do so many trials of a module of this folder, shared out with seeds of their own."""
    return run_at_once(module, [[str(count // AT_ONCE), str(SEED + at)] for at in range(AT_ONCE)])


def run_at_once(module: str, each: Sequence[list[str]]) -> list[dict[str, Any]]:
    """Run a module of this folder once with each list of arguments, all at once; give back the lines that they told."""
    library = preloaded()
    environment = {**os.environ, "LD_PRELOAD": str(library)} if library else dict(os.environ)
    with scratch() as folder:
        running: list[subprocess.Popen[bytes]] = []
        for at, arguments in enumerate(each):
            (folder / str(at)).mkdir()
            command = [sys.executable, "-m", f"tests.torture.{module}", str(folder / str(at)), *arguments]
            running.append(subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE))
        told = [process.communicate()[0] for process in running]
    assert not any(process.returncode for process in running)
    return [json.loads(line) for output in told for line in output.decode().splitlines()]


def assert_nothing_broke(what: str, found: Sequence[dict[str, Any]], at_least: int) -> None:
    """Tell the numbers of the trials and every trial that broke something."""
    each = ", ".join(f"{one['deed']} {one['trials']:,}" for one in found)
    broken = [words for one in found for words in one["broken"]]
    done = sum(one["trials"] for one in found)
    report(f"{what}: {done:,} trials ({each}), seed {SEED}: {len(broken)} broke something")
    assert not broken, "\n\n".join(broken[:5])
    assert done >= at_least


def report(line: str) -> None:
    """Say a number of trials: `make torture` shows it, a failed test as well."""
    print(line)
