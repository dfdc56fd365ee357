"""What goes wrong with machines: a program killed while saving, a full disk, a paste of thirty megabytes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refused, StoreTrouble, Trouble
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import Measure
from db.registers.study_session import StudyItem
from db.store import health
from db.store.store import Store
from tests.db.office import Clock, contents, incoming, no_room, outgoing, plan, saved, study
from tests.db.readonly import mount

HOUSE = Path(__file__).parents[2]
KILLS = 6
PASTE = "关于" * 5_000_000  # thirty megabytes


def told_until_killed(folder: Path, at: int, delay: float) -> list[list[str]]:
    """Let a child save, kill it some seconds after its first word, and give back the lines that it told in full."""
    command = [sys.executable, "-m", "tests.db.kill_child", str(folder), str(at)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(delay)
        child.kill()
        whole = first + child.stdout.read()
    return [line.split(" ") for line in whole.decode().split("\n")[:-1]]


def assert_holds(store: Store, told: list[list[str]]) -> None:
    """All that was confirmed is there, and the ledger is sound."""
    for what, key, number, written, text in (line for line in told if line[0] != "draft"):
        record: Any = store.load(store.catalogue[key], int(number))
        assert record.number == written
        assert (record.remarks if what == "changed" else getattr(record, record.SUBJECT)) == text
    assert list(health.findings(store)) == []


def assert_without_gaps(store: Store) -> None:
    """The numbers of each series run from one on."""
    for register in store.catalogue:
        series: dict[tuple[str, int], list[int]] = {}
        for row in register.select():
            series.setdefault((row.series, row.year), []).append(row.sequence or 0)
        for used in series.values():
            assert sorted(used) == list(range(1, len(used) + 1))


def test_nothing_confirmed_is_lost_when_the_program_is_killed(folder: Path, clock: Clock) -> None:
    seed = random.randrange(1_000_000)
    print("seed", seed)
    rng, told, at = random.Random(seed), [["draft", "0"]], 0
    for _ in range(KILLS):
        told += told_until_killed(folder, at, rng.random() * 0.12)
        store = Store.open(folder, "李喆", clock)
        try:
            assert_holds(store, told)
            assert_without_gaps(store)
            kept = int(next(line[1] for line in reversed(told) if line[0] == "draft"))
            (draft,) = store.drafts()
            assert json.loads(draft.typed)["title"] in {f"半{kept}", f"半{kept + 1}"}
        finally:
            store.close()
        at = kept + 2
    assert sum(line[0] == "saved" for line in told) >= KILLS // 2


def until_trouble(act: Callable[[int], object]) -> StoreTrouble:
    """Do something again and again until the machine cannot; what little room is left is used up first."""
    for at in range(2_000):
        try:
            act(at)
        except StoreTrouble as trouble:
            return trouble
    pytest.fail("the disk never filled")


def assert_nothing_lost(store: Store, clock: Clock, make_room: Callable[[], None], expected: set[Trouble]) -> None:
    """On a full disk nothing confirmed is lost, a record stays as typed, and with room again it is saved."""
    tried: list[Any] = []
    typed: dict[str, Any] = {}

    def save(at: int) -> None:
        clock.tick()
        tried.append((outgoing, study, plan)[at % 3](title=f"第{at}项"))
        store.save(tried[-1])

    trouble = until_trouble(save)
    assert trouble.trouble in expected
    assert "已登记的内容都在" in trouble.text
    *done, failed = tried
    assert failed.id is None
    assert all(line.id is None for lines in failed.rows.values() for line in lines)
    changed = done.pop()

    def change(at: int) -> None:
        clock.tick()
        changed.remarks = f"{at}" + "备" * 1_900
        typed.update(changed.__data__)
        store.save(changed)

    until_trouble(change)
    assert changed.__data__ == typed
    half_typed = json.dumps({"title": "半" * 9_000}, ensure_ascii=False)
    until_trouble(lambda at: store.keep_draft(Outgoing, at, half_typed))
    make_room()
    for held in done:
        assert store.load(type(held), held.id).number == held.number
    store.save(changed)
    saved(store, failed)
    store.keep_draft(Outgoing, None, half_typed)
    assert_without_gaps(store)
    assert list(health.findings(store)) == []


def test_on_a_full_disk_nothing_is_lost(tmp_path: Path, clock: Clock) -> None:
    disk = tmp_path / "满"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk))
    try:
        with closing(Store.open(disk / "数据", "李喆", clock)) as store:
            ballast = disk / "ballast"
            ballast.write_bytes(b"x" * (shutil.disk_usage(disk).free - 200_000))
            assert_nothing_lost(store, clock, ballast.unlink, {Trouble.FULL})
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_when_the_file_may_not_grow_nothing_is_lost(folder: Path, clock: Clock) -> None:
    with closing(Store.open(folder, "李喆", clock)) as store, ExitStack() as limit:
        limit.enter_context(no_room(400_000))
        assert_nothing_lost(store, clock, limit.close, {Trouble.FULL, Trouble.UNREACHABLE})


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (outgoing(title=PASTE), "标题太长：10,000,000字，最多2,000字；没有保存，请删短"),
        (incoming(from_doc_no=PASTE), "来文字号太长：10,000,000字"),
        (incoming(from_doc_no="[" * 10_000_000), "来文字号太长"),
        (incoming(content=PASTE), "电话内容太长：10,000,000字，最多20,000字"),
        (study(StudyItem(title=PASTE)), "学习内容第1行篇目太长：10,000,000字，最多2,000字"),
        (plan(Measure(text=PASTE)), "整改措施第1行措施太长"),
        (outgoing(number="〔" * 10_000_000), "看不懂编号"),
    ],
    ids=["title", "document number", "brackets", "paragraph", "item", "measure", "number"],
)
def test_a_paste_of_thirty_megabytes_is_refused_with_a_sentence(store: Store, record: Record, words: str) -> None:
    before = contents(store)
    with pytest.raises(Refused) as refusal:
        store.save(record)
    assert words in str(refusal.value)
    assert len(str(refusal.value)) < 500
    assert contents(store) == before
    assert saved(store, incoming()).number == "下〔2022〕1号"
    assert Incoming.select().count() == 1
