"""A fresh ledger for each test, with a clock that stands at ten o'clock on 30 December 2022."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import catalogue as catalogue_module
from db.catalogue import Catalogue
from db.demo import build
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.demo_year import NOW, YEAR
from tests.db.office import Clock

CLERK = "李喆"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The registers of the program."""
    return catalogue_module.load()


@pytest.fixture
def clock() -> Clock:
    """The clock that the ledger reads."""
    return Clock()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger without records, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(folder, CLERK, Clock()).close()
    return folder / LEDGER


@pytest.fixture
def folder(tmp_path: Path, empty_ledger: Path) -> Path:
    """A data folder with a ledger without records, not open."""
    folder = tmp_path / "数据"
    folder.mkdir()
    shutil.copy(empty_ledger, folder / LEDGER)
    return folder


@pytest.fixture
def store(folder: Path, clock: Clock) -> Iterator[Store]:
    """An open ledger without records."""
    store = Store.open(folder, CLERK, clock)
    yield store
    store.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo year: built by the first worker of the run that asks, and copied by each other one."""
    folder = tmp_path_factory.mktemp("demo")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        build(folder, YEAR)
        return folder
    import fcntl

    shared = tmp_path_factory.getbasetemp().parent / "demo"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / LEDGER).exists():
            build(folder, YEAR)
            shutil.copytree(folder, shared.with_suffix(".part"))
            shared.with_suffix(".part").rename(shared)
            return folder
    return Path(shutil.copytree(shared, folder, dirs_exist_ok=True))


@pytest.fixture
def demo(built: Path) -> Iterator[Store]:
    """The demo year, open on 1 February of the year after."""
    store = Store.open(built, "李喆", lambda: NOW)
    yield store
    store.close()
