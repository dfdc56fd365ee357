"""A ledger of every release is opened by this program, also after its upgrade was interrupted at any step."""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.store import backup, health
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from db.store.upgrades import runner
from db.store.upgrades.runner import Step
from tests.db.office import Clock, outgoing, saved

RELEASED = sorted((Path(__file__).parents[1] / "upgrades").glob("*.db.xz"))


@pytest.fixture(params=RELEASED, ids=lambda path: path.name)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A data folder with the ledger of a release."""
    (tmp_path / LEDGER).write_bytes(lzma.decompress(request.param.read_bytes()))
    return tmp_path


def assert_whole(folder: Path, clock: Clock) -> None:
    """All of the old ledger is there, it is sound, and work goes on."""
    clock.tick(86_400)
    with closing(Store.open(folder, "李喆", clock)) as store:
        assert list(health.findings(store)) == []
        assert {register.key(): register.select().count() for register in store.catalogue
                if register.select().count()} == {"outgoing": 3, "incoming": 3, "study_session": 3,
                                                  "rectification_plan": 3}  # fmt: skip
        count, _checksum = store.head()
        saved(store, outgoing(title="升级以后"))
        assert store.head()[0] == count + 1


def test_a_ledger_of_a_release_is_opened_and_whole(released: Path, clock: Clock) -> None:
    assert_whole(released, clock)


@pytest.mark.parametrize("broken_off", [0, 1, 2])
def test_an_upgrade_broken_off_at_any_step_is_finished_at_the_next_start(
    released: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, broken_off: int
) -> None:
    """The bundled steps, and three of a program to come, until there are more bundled ones."""
    statements = (
        "ALTER TABLE outgoing ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "UPDATE outgoing SET note = '升' || title",
        "CREATE INDEX outgoing_note ON outgoing (note)",
    )
    first, left = runner.SCHEMA_VERSION + 1, [broken_off]

    def applying(at: int) -> Step:
        def apply(connection: sqlite3.Connection) -> None:
            connection.execute(statements[at])
            if at in left:
                left.remove(at)
                raise KeyboardInterrupt

        return Step(first + at, apply)

    bundled, version = runner.steps(), first + len(statements) - 1
    monkeypatch.setattr(runner, "steps", lambda: [*bundled, *map(applying, range(len(statements)))])
    monkeypatch.setattr(runner, "SCHEMA_VERSION", version)
    with pytest.raises(KeyboardInterrupt):
        Store.open(released, "李喆", clock)
    with closing(sqlite3.connect(released / LEDGER)) as connection:
        assert runner.version_of(connection) == first + broken_off - 1
    assert_whole(released, clock)
    with closing(sqlite3.connect(released / LEDGER)) as connection:
        assert runner.version_of(connection) == version
    for path in backup.backups_in(released / BACKUPS):
        backup.verify(path)
