"""A ledger whose table of contents is nonsense: named as damage, set aside by a restore, never a defect."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db import catalogue
from db.errors import StoreTrouble, Trouble
from db.store import backup
from db.store.places import LEDGER, LOCK
from db.store.restore import restore
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved


def unknown_format(content: bytearray) -> None:
    """A schema format that no SQLite knows."""
    content[47] = 99


def no_text(content: bytearray) -> None:
    """The statement of the first table is no text any more."""
    at = content.index(b"CREATE TABLE")
    content[at : at + 40] = b"\xc7\xff" * 20


@pytest.mark.parametrize("clean", [True, False])
@pytest.mark.parametrize("harm", [unknown_format, no_text])
def test_nonsense_in_the_table_of_contents_is_damage_and_a_backup_takes_its_place(
    folder: Path, clock: Clock, tmp_path: Path, harm: Callable[[bytearray], None], clean: bool
) -> None:
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing())
    store.close()
    source = backup.back_up(folder / LEDGER, tmp_path / "旧.db")
    content = bytearray((folder / LEDGER).read_bytes())
    harm(content)
    (folder / LEDGER).write_bytes(content)
    (folder / LOCK).write_text("" if clean else "{}", encoding="utf-8")
    with pytest.raises(StoreTrouble) as trouble:
        Store.open(folder, "李喆", clock)
    assert trouble.value.trouble is Trouble.DAMAGED
    with pytest.raises(StoreTrouble, match="没有通过检查"):
        backup.verify(folder / LEDGER)
    done = restore(folder, source, catalogue.load(), clock())
    assert done.kept
    assert done.kept.read_bytes() == content
    assert done.now.total == 1


def test_a_name_that_is_no_text_any_more_is_damage_by_name(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    saved(store, outgoing())
    store.connection.execute("UPDATE outgoing SET title = CAST(? AS TEXT)", (b"\xe5\x85\xff",))
    with pytest.raises(StoreTrouble):
        store.merge_index()
    store.close()
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.execute("DELETE FROM search_merged")  # all is indexed anew
        connection.commit()
    with pytest.raises(StoreTrouble) as trouble:
        Store.open(folder, "李喆", clock)
    assert trouble.value.trouble is Trouble.DAMAGED
