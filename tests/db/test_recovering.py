"""A damaged ledger: what can be read is got out beside it, filled in from backup and journal, and told in numbers."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Cancelled, StoreTrouble
from db.record import Record
from db.registers.incoming import Incoming, Instruction
from db.store import backup, replaying
from db.store.damaged_pages import DamagedFile
from db.store.damaged_tables import layouts_of
from db.store.health import findings
from db.store.places import BACKUPS, LEDGER
from db.store.recovering import Recovered, recover
from db.store.restore import restore
from db.store.store import Store
from tests.db.office import NOON, Clock, incoming, outgoing, saved, with_lines

PAGE = 4096
COUNT = 60
Damage = Callable[[bytearray], bytearray]


@pytest.fixture
def ledger(folder: Path, clock: Clock) -> Path:
    """A ledger with sixty incoming papers, each with an instruction and one change, and outgoing ones; closed."""
    store = Store.open(folder, "李喆", clock)
    for n in range(COUNT):
        line = Instruction(leader="王堃", text=f"请县财政局研办，{n}。")
        paper = saved(store, with_lines(incoming(title=f"关于第{n}件事的请示", note="长" * 900), line))
        paper.title = f"关于第{n}件大事的请示"
        store.save(paper)
    for n in range(10):
        saved(store, outgoing(title=f"关于第{n}件事的通知"))
    store.close()
    return folder / LEDGER


def damage(ledger: Path, change: Damage) -> bytes:
    """Damage the file; give back what it is then."""
    ledger.write_bytes(change(bytearray(ledger.read_bytes())))
    return ledger.read_bytes()


def saved_from(ledger: Path, store_class: type[Store] = Store) -> Recovered:
    """What is recovered from the ledger."""
    from db import catalogue

    return recover(ledger.parent, catalogue.load(), "李喆", Clock())


def opened(path: Path, tmp_path: Path) -> Store:
    """The saved ledger, opened in a folder of its own."""
    folder = tmp_path / "看"
    folder.mkdir()
    shutil.copy(path, folder / LEDGER)
    return Store.open(folder, "李喆", Clock())


def titles(store: Store, register: type[Record]) -> set[str]:
    """The subjects of a register's records."""
    rows = store.connection.execute(f'SELECT {register.SUBJECT} FROM "{register.key()}"')
    return {title for (title,) in rows}


WANTED = {f"关于第{n}件大事的请示" for n in range(COUNT)}


def pages_with(content: bytearray, text: str) -> list[int]:
    """The pages (from 0) that hold a text."""
    mark = text.encode()
    return [at for at in range(len(content) // PAGE) if mark in content[at * PAGE : (at + 1) * PAGE]]


def without(*pages: int) -> Damage:
    """Blank some pages."""

    def change(content: bytearray) -> bytearray:
        for page in pages:
            content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        return content

    return change


def test_every_row_of_a_sound_file_is_read_as_sqlite_reads_it(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection, DamagedFile(ledger) as file:
        for name, (root, _statement) in file.roots().items():
            if name.startswith(("search", "sqlite")):
                continue
            wanted = [tuple(row) for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')]
            has_number = connection.execute(
                f"SELECT count(*) FROM pragma_table_info('{name}') WHERE pk = 1 AND type = 'INTEGER'"
            ).fetchone()[0]
            found = [((number, *values[1:]) if has_number else values) for number, values in file.rows(root, set())]
            assert [row[: len(one)] for row, one in zip(wanted, found, strict=True)] == found
        assert file.lost == 0


def test_a_sound_ledger_is_saved_whole(ledger: Path, tmp_path: Path) -> None:
    found = saved_from(ledger)
    assert found.is_whole
    assert "日志里记的都在" in found.words()
    store = opened(found.ledger, tmp_path)
    assert list(findings(store)) == []
    store.close()


def test_the_damaged_file_stays_as_it_is_and_lies_aside_as_well(ledger: Path) -> None:
    content = damage(ledger, without(0))
    found = saved_from(ledger)
    assert ledger.read_bytes() == content
    assert (found.folder / LEDGER).read_bytes() == content
    assert sorted(path.name for path in found.folder.iterdir()) == [LEDGER, found.ledger.name]


@pytest.mark.parametrize("gone", ["head", "records", "half", "tail"])
def test_what_the_journal_tells_is_made_again(ledger: Path, tmp_path: Path, gone: str) -> None:
    content = bytearray(ledger.read_bytes())
    with DamagedFile(ledger) as file:
        root = file.roots()[Incoming.key()][0]
        leaves: set[int] = set()
        list(file.rows(root, leaves))
    pages = {
        "head": [0], "records": [root - 1], "half": [page - 1 for page in sorted(leaves)[::2]], "tail": [],
    }[gone]  # fmt: skip
    damage(ledger, without(*pages) if pages else lambda content: content[: len(content) - 3 * PAGE])
    assert content != ledger.read_bytes()
    found = saved_from(ledger)
    assert ("用了程序自带的" in found.words()) is (gone == "head")
    store = opened(found.ledger, tmp_path)
    if gone != "tail":
        assert titles(store, Incoming) == WANTED
        assert gone != "half" or found.registers[0].mended > 0
        assert store.connection.execute("SELECT count(*) FROM instruction").fetchone()[0] == COUNT
        assert list(replaying.unlike(store, Incoming)) == []
        assert found.lost == found.doubtful == 0
    assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()


def test_what_cannot_be_read_comes_from_the_newest_backup_that_is_whole(ledger: Path, tmp_path: Path) -> None:
    backup.back_up(ledger, backup.free_name(ledger.parent / BACKUPS, NOON))
    store = Store.open(ledger.parent, "李喆", Clock())
    saved(store, incoming(title="备份之后的请示"))
    store.close()
    with DamagedFile(ledger) as file:
        lost: set[int] = set()
        for table in (Incoming.key(), "journal"):
            list(file.rows(file.roots()[table][0], lost))
    newest = max(pages_with(bytearray(ledger.read_bytes()), "备份之后的请示"))
    damage(ledger, without(*(page - 1 for page in sorted(lost)[:-4] if page - 1 != newest and page > 2)))
    found = saved_from(ledger)
    assert found.backup is not None
    assert found.registers[0].from_backup + found.registers[0].mended > 0
    store = opened(found.ledger, tmp_path)
    assert titles(store, Incoming) >= WANTED
    store.close()
    assert f"最近的备份是{found.backup.name}" in found.words()


def test_a_backup_that_is_damaged_itself_is_passed_over(ledger: Path) -> None:
    good = backup.back_up(ledger, ledger.parent / BACKUPS / "台账备份-20221229-100000.db")
    bad = backup.back_up(ledger, ledger.parent / BACKUPS / "台账备份-20221230-100000.db")
    bad.write_bytes(bytes(PAGE) + bad.read_bytes()[PAGE:])
    assert saved_from(ledger).backup == good


def test_a_text_that_was_altered_in_the_file_is_put_right_by_the_journal(ledger: Path, tmp_path: Path) -> None:
    with DamagedFile(ledger) as file:
        leaves: set[int] = set()
        list(file.rows(file.roots()[Incoming.key()][0], leaves))

    def swap(content: bytearray) -> bytearray:
        wrong, right = "关于第7件怪事的请示".encode(), "关于第7件大事的请示".encode()
        for page in leaves:
            part = slice((page - 1) * PAGE, page * PAGE)
            content[part] = content[part].replace(right, wrong)
        return content

    damage(ledger, swap)
    found = saved_from(ledger)
    store = opened(found.ledger, tmp_path)
    assert titles(store, Incoming) == WANTED
    assert found.registers[0].mended == 1
    store.close()


@pytest.mark.parametrize("seed", range(12))
def test_a_file_of_which_many_bits_were_flipped_gives_a_sound_ledger(ledger: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    def flip(content: bytearray) -> bytearray:
        for _ in range(400):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        return content

    damage(ledger, flip)
    found = saved_from(ledger)
    store = opened(found.ledger, tmp_path)
    assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    held = titles(store, Incoming)
    wrong = held - WANTED
    assert len(wrong) <= found.doubtful, "nothing altered is passed off as sound"
    store.close()


@pytest.mark.parametrize("harm", ["quantity = 1000000000000000", "extension = -4096", "unit = '工'"])
def test_a_time_limit_that_is_none_is_left_out_so_that_what_was_saved_opens(
    ledger: Path, tmp_path: Path, harm: str
) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute(f"UPDATE deadline_rule SET {harm} WHERE name = 'incoming.plain'")
        connection.commit()
    done = saved_from(ledger)
    assert done.doubtful == 1
    store = opened(done.ledger, tmp_path)
    assert titles(store, Incoming) == WANTED
    assert list(findings(store)) == []
    store.close()


def test_what_was_saved_can_take_the_ledgers_place(ledger: Path) -> None:
    from db import catalogue

    damage(ledger, without(0))
    found = saved_from(ledger)
    done = restore(ledger.parent, found.ledger, catalogue.load(), NOON)
    assert done.now.records["收文"] == COUNT
    store = Store.open(ledger.parent, "李喆", Clock())
    assert titles(store, Incoming) == WANTED
    store.close()


def test_a_recovery_that_is_stopped_leaves_the_ledger_and_the_copy(ledger: Path) -> None:
    from db import catalogue

    content = damage(ledger, without(0))
    with pytest.raises(Cancelled):
        recover(ledger.parent, catalogue.load(), "李喆", Clock(), lambda _done, _of: False)
    assert ledger.read_bytes() == content
    (aside,) = ledger.parent.glob("受损文件-*")
    assert [path.name for path in aside.iterdir()] == [LEDGER]


def test_a_folder_without_a_ledger_has_nothing_to_save(tmp_path: Path) -> None:
    from db import catalogue

    with pytest.raises(StoreTrouble, match="没有台账可救"):
        recover(tmp_path, catalogue.load(), "李喆", Clock())


@given(st.binary(max_size=3 * PAGE))
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.db"
    path.write_bytes(b"SQLite format 3\x00" + content)
    with DamagedFile(path) as file:
        file.roots()
        list(file.strays(set()))


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE '{path}' AS incoming", "CREATE TABLE incoming AS SELECT randomblob(9) AS id",
        "PRAGMA writable_schema = ON", "nonsense",
    ],
)  # fmt: skip
def test_a_statement_out_of_a_strangers_file_may_only_declare(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "angehängt.db"
    roots = {"incoming": (2, statement.format(path=path))}
    assert layouts_of(roots, {}, [Incoming]) == {}
    assert not path.exists()
    (layout,) = layouts_of(
        {"incoming": (2, "CREATE TABLE incoming (id INTEGER PRIMARY KEY, n TEXT DEFAULT 'x')")}, {}, [Incoming]
    ).values()
    assert (layout.columns, layout.rowid, layout.defaults) == (("id", "n"), 0, (None, "x"))
