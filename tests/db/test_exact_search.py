"""Random pieces of all texts against a plain scan: 1,000 of them here, ten times as many by `make exact`."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from db.record import Record
from db.store import index, matching
from db.store.everywhere import Everywhere
from db.store.places import LEDGER
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.demo_year import NOW
from tests.db.office import Clock, incoming
from tests.db.test_search import loaded, scans_of, texts_of

PIECES = int(os.environ.get("EXACT", "1000"))
LONGEST = 8
Texts = dict[type[Record], tuple[list[tuple[int, str]], list[str]]]
EDITED = 50  # records that wait for their merging
RARE = (
    "𬀩𫖯䶮喆堃〇", "ＡＢＣ（集团）ａｂｃ", "GdP增长5.8％", "《民法典》“两不愁”", "【2022】〖7〗号",
    "第一行\n第二行　第三",
    "①㍿ﬁ½", "e-mail：A@b.cn", "1-11月－2022", "\U00020000\U0002a6d6字", "İstanbul ß", "〔２０２２〕 ８ 号",
)  # fmt: skip


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory, built: Path, empty_ledger: Path) -> dict[str, Path]:
    """A copy of the demo year, and a ledger of odd texts."""
    demo, odd = tmp_path_factory.mktemp("demo_copy"), tmp_path_factory.mktemp("odd")
    shutil.copy(built / LEDGER, demo / LEDGER)
    shutil.copy(empty_ledger, odd / LEDGER)
    clock, rng = Clock(), random.Random(6)
    store = Store.open(odd, "李喆", clock)
    with store.change("导入") as change:
        for at in range(400):
            clock.tick()
            title, remarks = ("".join(rng.choices(RARE, k=rng.randint(1, 3))) for _ in range(2))
            day = clock().date() - timedelta(rng.randrange(300))
            change.save(incoming(title=title.replace("\n", ""), remarks=remarks.replace("\n", " "), content=remarks,
                                 from_doc_no=f"塔政〔2022〕{at}号", received_on=day, from_doc_on=day))  # fmt: skip
    store.close()
    return {"demo": demo, "odd": odd}


def pieces(texts: list[str], rng: random.Random, count: int) -> Iterator[str]:
    """Pieces of 1 to 8 characters of random texts."""
    while count:
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        piece = text[start : start + rng.randint(1, LONGEST)]
        if piece.split():
            count -= 1
            yield piece


def compare(store: Store, texts: Texts, rng: random.Random, count: int) -> int:
    """Compare so many pieces, register by register; give back how many of them the box reads as more than words."""
    kept = {register: scan for register, (scan, _raw) in texts.items()}
    special = 0
    for turn, register in zip(range(count), _in_turn(list(kept)), strict=False):
        piece = next(pieces(texts[register][1], rng, 1))
        listing = Listing(store.connection, register, store.register_numbers[register.key()], Filter(text=piece),
                          store.rules.today, store.rules.days)  # fmt: skip
        if listing.matching.clauses or '"' in piece:
            special += 1
            continue
        words = index.fold(piece).split()
        wanted = [number for number, text in kept[register] if all(word in text for word in words)]
        found = listing.ids()
        if any(word.isascii() and word.isalpha() for word in words):  # letters find units by their other names as well
            assert set(wanted) <= set(found), piece
        else:
            assert found == wanted, (register.key(), piece)
        if turn % 10 == 0:
            assert dict(Everywhere(store, piece).counts())[register] == len(found), piece
    return special


def texts_in(store: Store) -> Texts:
    """What the records of each register that has any are scanned for, and their texts as they were typed."""
    held = {register: loaded(store, register) for register in store.catalogue}
    return {register: (scans_of(store, records), _raw(records)) for register, records in held.items() if records}


def _raw(records: Sequence[Record]) -> list[str]:
    return [
        text
        for record in records
        for row in (record, *(line for lines in record.rows.values() for line in lines))
        for text, _by_letters in texts_of(row)
        if text
    ]


def _in_turn(registers: list[type[Record]]) -> Iterator[type[Record]]:
    while True:
        yield from registers


@pytest.mark.parametrize("name", ["demo", "odd"])
@pytest.mark.parametrize("large", [False, True], ids=["marked", "by_key"])
def test_random_pieces_are_found_as_a_plain_scan_finds_them(
    ledgers: dict[str, Path], name: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:  # as if each register held too many records to be told by its mark
        monkeypatch.setattr(matching, "MOST_MARKED", 0)
    store = Store.open(ledgers[name], "李喆", Clock(NOW))
    rng = random.Random(2022 + large)
    register = store.catalogue["incoming"]
    try:
        for number in range(1, EDITED + 1):
            record = store.load(register, number)
            record.remarks = f"{record.remarks}{rng.choice(RARE)}".replace("\n", " ")  # type: ignore[attr-defined]
            store.save(record)
        assert index.pending(store.connection) >= EDITED
        texts = texts_in(store)
        special = compare(store, texts, rng, PIECES // 8)
        store.merge_index()
        assert index.pending(store.connection) == 0
        special += compare(store, texts, rng, PIECES // 8)  # of the same records
    finally:
        store.close()
    assert special <= PIECES // 20
