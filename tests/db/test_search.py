"""The search index against a plain scan of all texts; filters and orders against Python's own."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.record import Line, LineField, MomentField, Record, TermField
from db.registers.incoming import Incoming, Instruction
from db.registers.outgoing import Outgoing
from db.store import index
from db.store.conditions import is_one_of
from db.store.places import LEDGER
from db.store.search import Filter, Listing, names_in_use
from db.store.store import Store
from db.store.years import live_count, years
from tests.db.office import Clock, again, draft, incoming, outgoing, saved, with_lines

RECORDS = 800
QUERIES = 1_000
UNITS = (
    "塔峰镇人民政府",
    "县财政局",
    "湘江源瑶族乡",
    "永州市人民政府办公室",
    "县𬀩𫖯䶮文化馆",
    "ＡＢＣ公司（蓝山）",
    "喆堃水务局",
)
LEVELS = ("乡镇（街道）", "县直部门", "市", "省", "群众来信")
SUBJECTS = (
    "防汛", "秋粮收购", "森林防火", "“两不愁三保障”", "2022年度", "GDP增长5.8%", "《民法典》宣传", "𬀩𫖯䶮", "鿍鿭元素",
    "①号工程", "Ｗｉｆｉ６", "ﬁnance", "留守儿童、空巢老人", "1-11月", "百分之百…", "〇二号", "㍿", "e-mail：a@b.cn",
)  # fmt: skip
KINDS = ("请示", "报告", "通知", "函")


def made(rng: random.Random, at: int) -> Record:
    """One record of a varied office; every seventh is a document of its own."""
    unit, subject, kind = rng.choice(UNITS), "".join(rng.sample(SUBJECTS, rng.randint(1, 3))), rng.choice(KINDS)
    day = date(2021, 11, 1) + timedelta(rng.randrange(420))
    title = f"{unit}关于{subject}的{kind}"
    if at % 7 == 0:
        return outgoing(title=title, kind=kind, doc_on=day, signed_on=day, printed_on=day, remarks=rng.choice(SUBJECTS))
    finished = {"finished_on": day + timedelta(rng.randrange(30)), "result": "批复"} if rng.random() < 0.6 else {}
    record = incoming(
        title=title, from_unit=unit, from_doc_no=f"{unit[:2]}发〔{day.year}〕{at}号", from_doc_on=day, received_on=day,
        kind=kind, source_level=rng.choice(LEVELS), handler=rng.choice(("李喆", "王堃", "")),
        lead_unit=rng.choice(("县财政局", "县水利局", "")), urgency=rng.choice(("平件", "加急")), **finished,
    )  # fmt: skip
    if rng.random() < 0.3:
        with_lines(
            record, Instruction(leader="龙䶮", text=f"请{rng.choice(UNITS)}办理{rng.choice(SUBJECTS)}。\n限三日。")
        )
    return record


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, empty_ledger: Path) -> Path:
    """A ledger of some eight hundred records, some void, made once."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(empty_ledger, folder / LEDGER)
    clock, rng = Clock(), random.Random(8)
    store = Store.open(folder, "李喆", clock)
    with store.change("导入") as change:
        for at in range(RECORDS):
            clock.tick(40)
            change.save(made(rng, at))
    for number in rng.sample(range(1, 600), 20):
        store.void(Incoming, number, "重复")
    store.close()
    return folder / LEDGER


@pytest.fixture
def office(tmp_path: Path, filled: Path, clock: Clock) -> Iterator[Store]:
    """The filled ledger, open."""
    shutil.copy(filled, tmp_path / LEDGER)
    store = Store.open(tmp_path, "李喆", clock)
    yield store
    store.close()


def listing(store: Store, register: type[Record], wanted: Filter) -> Listing:
    """A list of one register."""
    number = store.register_numbers[register.key()]
    return Listing(store.connection, register, number, wanted, store.rules.today, store.rules.days)


def found(store: Store, text: str, register: type[Record] = Incoming) -> list[int]:
    """The ids that a search finds, newest first."""
    return listing(store, register, Filter(text=text)).ids()


def texts_of(row: Record | Line) -> Iterator[tuple[str, bool]]:
    """The texts of a record or a line, and whether letters find them: what was typed, not what was chosen."""
    for name, field in row._meta.fields.items():
        if isinstance(field, LineField | MomentField) and name != "stage":
            yield getattr(row, name), not isinstance(field, TermField | MomentField)


def scanned(store: Store, register: type[Record]) -> list[tuple[int, str]]:
    """Every live record with its folded texts and initials, one a line, newest first."""
    return scans_of(store, loaded(store, register))


def loaded(store: Store, register: type[Record]) -> list[Record]:
    """Every record of a register with its lines."""
    return [store.load(register, row.id) for row in register.select(register.id)]


def scans_of(store: Store, records: Sequence[Record]) -> list[tuple[int, str]]:
    """What `scanned` gives of these records."""
    records = sorted(records, key=lambda record: (record.listed_on, record.id), reverse=True)
    scans = []
    for record in records:
        values = [*texts_of(record), *(text for rows in record.rows.values() for row in rows for text in texts_of(row))]
        initials = [store.initials.readings(value) for value, by_letters in values if by_letters and len(value) <= 120]
        folded = [index.fold(value) for value, _by_letters in values]
        scans.append((record.id, "\n".join(filter(None, (*folded, *initials)))))
    return scans


def plain_scan(scans: Sequence[tuple[int, str]], text: str) -> list[int]:
    """The ids of the records whose texts hold every wanted word."""
    words = text.split()
    return [number for number, texts in scans if all(word in texts for word in words)]


@pytest.mark.parametrize("register", [Incoming, Outgoing])
def test_every_piece_of_every_text_is_found_as_a_plain_scan_finds_it(office: Store, register: type[Record]) -> None:
    rng, scans = random.Random(45), scanned(office, register)
    for _ in range(QUERIES):
        line = rng.choice(rng.choice(scans)[1].split("\n"))
        start = rng.randrange(len(line))
        text = line[start : start + rng.randint(1, 10)]
        if text.strip():
            assert found(office, text, register) == plain_scan(scans, text), text


def test_several_words_must_all_be_there(office: Store) -> None:
    rng, scans = random.Random(46), scanned(office, Incoming)
    for _ in range(QUERIES // 5):
        lines = rng.choices(rng.choice(scans)[1].split("\n"), k=rng.randint(2, 4))
        starts = [(line, rng.randrange(len(line))) for line in lines]
        text = " ".join(line[start : start + rng.randint(1, 6)] for line, start in starts)
        assert found(office, text) == plain_scan(scans, text), text


def test_what_is_not_there_is_not_found(office: Store) -> None:
    scans = scanned(office, Incoming)
    for text in (
        "督办",
        "防汛秋粮收购粮",
        "䶮𫖯",
        "塔峰镇人民政府关于塔峰镇",
        "zzz",
        "2023年度",
        "的请示报",
        "\N{GRINNING FACE}",
    ):
        assert found(office, text) == plain_scan(scans, text) == []


@pytest.mark.parametrize(
    ("typed", "like"),
    [
        ("[2022]", "〔2022〕"),
        ("（2022）", "〔2022〕"),
        ("WIFI6", "ｗｉｆｉ６"),
        ("Finance", "ﬁnance"),
        ("ABC公司", "ａｂｃ公司"),
    ],
)
def test_width_case_and_brackets_make_no_difference(office: Store, typed: str, like: str) -> None:
    assert found(office, typed) == found(office, like) != []


def test_initials_find_what_they_spell(store: Store) -> None:
    record = saved(store, incoming())
    assert found(store, "tfz") == found(store, "TFZRMZF") == found(store, "bffxjf") == [record.id]
    assert found(store, "tfx") == []


def test_the_index_follows_every_change(store: Store, clock: Clock) -> None:
    record = saved(store, with_lines(incoming(), Instruction(leader="王堃", text="请财政局速办")))
    clock.tick()
    record.title, record.received_on = "塔峰镇人民政府关于修缮堤防的请示", date(2022, 12, 29)
    record.rows["instruction"] = []
    store.save(record)
    assert (found(store, "防汛"), found(store, "速办"), found(store, "堤防")) == ([], [], [record.id])
    store.void(Incoming, record.id, "重复")
    assert found(store, "堤防") == [record.id]
    store.undo()
    store.undo()
    assert (found(store, "防汛"), found(store, "速办"), found(store, "堤防")) == ([record.id], [record.id], [])
    store.undo()
    assert found(store, "防汛") == []
    store.redo()
    assert found(store, "防汛") == [record.id]


def test_a_deleted_record_leaves_the_index(store: Store) -> None:
    record = saved(store, draft())
    store.delete(Outgoing, record.id)
    assert found(store, "秋粮", Outgoing) == []
    assert listing(store, Outgoing, Filter(deleted=True)).ids() == [record.id]
    assert listing(store, Outgoing, Filter()).ids() == []


def test_a_search_of_one_register_finds_nothing_of_another(store: Store) -> None:
    first, second = saved(store, incoming()), saved(store, outgoing(title="关于防汛的通知"))
    assert found(store, "防汛") == [first.id]
    assert found(store, "防汛", Outgoing) == [second.id]


TODAY = date(2022, 12, 30)
NEAR = date(2023, 1, 5)  # the third working day after it

LIGHTS: dict[str, Callable[[Any], bool]] = {
    "late": lambda row: row.is_open and row.due_on is not None and row.due_on < TODAY,
    "due": lambda row: row.is_open and row.due_on == TODAY,
    "soon": lambda row: row.is_open and row.due_on is not None and TODAY < row.due_on <= NEAR,
    "todo": lambda row: row.missing > 0 and row.voided_on is None,
    "open": lambda row: row.is_open,
    "done": lambda row: not row.is_open and row.voided_on is None,
    "void": lambda row: row.voided_on is not None,
}


def newest_first(rows: Sequence[Any]) -> list[int]:
    """The ids of records in the order of a list."""
    return [row.id for row in sorted(rows, key=lambda row: (row.listed_on, row.id), reverse=True)]


@pytest.mark.parametrize("light", LIGHTS)
def test_each_light_lists_the_records_that_show_it(office: Store, light: str) -> None:
    for number, day in ((1, TODAY), (2, NEAR), (3, NEAR + timedelta(1)), (4, TODAY - timedelta(1))):
        record: Any = office.load(Incoming, number)
        record.due_on, record.finished_on, record.result, record.stage = day, None, "", "registered"
        office.save(record)
    rows = [row for row in Incoming.select() if LIGHTS[light](row)]
    wanted = listing(office, Incoming, Filter(light=light))
    assert rows
    assert wanted.ids() == newest_first(rows)
    assert wanted.count() == len(rows)


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Filter(year=2021), lambda row: row.listed_on.year == 2021),
        (Filter(year=2022, text="防汛"), lambda row: row.listed_on.year == 2022),
        (Filter(year=2022, order="number"), lambda row: row.year == 2022),
        (Filter(conditions=(is_one_of("kind", "请示"),)), lambda row: row.kind == "请示"),
        (
            Filter(conditions=(is_one_of("kind", "请示", "报告"), is_one_of("source_level", "市", "省")), text="森林"),
            lambda row: row.kind in {"请示", "报告"} and row.source_level in {"市", "省"},
        ),
        (Filter(conditions=(is_one_of("stage", "working", "done"),)), lambda row: row.stage in {"working", "done"}),
        (Filter(ids=(3, 5, 400, 4711)), lambda row: row.id in {3, 5, 400}),
        (Filter(ids=()), lambda row: False),
        (Filter(created_on=TODAY), lambda row: row.created_at >= "2022-12-30"),
        (Filter(created_on=date(2022, 12, 31)), lambda row: False),
        (Filter(text="关于", light="open", year=2022), lambda row: row.is_open and row.listed_on.year == 2022),
    ],
)
def test_filters_narrow_the_list(office: Store, wanted: Filter, holds: Callable[[Any], bool]) -> None:
    hits = set(found(office, wanted.text))
    rows = [row for row in Incoming.select() if holds(row) and row.id in hits]
    assert sorted(listing(office, Incoming, wanted).ids()) == sorted(row.id for row in rows)
    if not wanted.order:
        assert listing(office, Incoming, wanted).ids() == newest_first(rows)


def test_only_what_was_entered_today_is_listed_as_such(store: Store, clock: Clock) -> None:
    saved(store, incoming())
    clock.go(date(2023, 1, 3))
    second = saved(store, incoming(from_doc_no="塔政〔2022〕8号"))
    assert listing(store, Incoming, Filter(created_on=clock.at.date())).ids() == [second.id]


ORDERS = {"": "listed_on", "due_on": "sort_due"}


@pytest.mark.parametrize("order", ["", "due_on", *dict.fromkeys((*Incoming.COLUMNS, "stage", "finished_on"))])
def test_every_column_orders_the_list(office: Store, order: str) -> None:
    stages = {stage.key: at for at, stage in enumerate(Incoming.STAGES)}

    def worth(row: Any) -> Any:
        value = getattr(row, ORDERS.get(order, order))
        if order == "stage":
            return stages[value]
        return value.encode("gb18030") if isinstance(value, str) and order != "due_on" else value

    rows: list[Any] = list(Incoming.select())
    for descending in (True, False):
        if order == "number":
            numbered = sorted(rows, key=lambda row: (row.series, row.year, row.sequence, row.id), reverse=descending)
        elif order in ("", "due_on", Incoming.BUSINESS_DATE):
            # By deadline, the first click shows what is due first.
            numbered = sorted(rows, key=lambda row: (worth(row), row.id), reverse=descending != (order == "due_on"))
        else:  # what is empty comes last both ways, equal ones newest first
            newest = sorted(rows, key=lambda row: (row.listed_on, row.id), reverse=True)
            filled = [row for row in newest if worth(row) not in (None, b"")]
            numbered = sorted(filled, key=worth, reverse=descending)
            numbered += [row for row in newest if worth(row) in (None, b"")]
        ids = [row.id for row in numbered]
        for text in ("", "关于"):
            wanted = listing(office, Incoming, Filter(text=text, order=order, descending=descending))
            assert wanted.ids() == ids
            assert wanted.ids(100, 50) == ids[100:150]
            assert wanted.count() == len(ids)


def test_the_count_is_that_of_the_list(office: Store) -> None:
    for text in ("", "防汛", "关于 请示", "𬀩𫖯䶮", "塔峰镇人民政府", "没有的字样"):
        for year in (None, 2021, 2022):
            for light in ("", "open", "void"):
                wanted = listing(office, Incoming, Filter(text=text, year=year, light=light))
                assert wanted.count() == len(wanted.ids())


def test_rows_show_the_fields_in_the_order_of_the_list(office: Store) -> None:
    wanted = listing(office, Incoming, Filter(text="防汛"))
    rows = wanted.rows(("number", "title", "due_on"), 2, 5)
    assert [row[0] for row in rows] == wanted.ids(2, 5)
    for number, *shown in rows:
        record = Incoming.get_by_id(number)
        assert shown == [record.number, record.title, record.due_on.isoformat() if record.due_on else None]
    assert [row[0] for row in wanted.values(("title",), [7, 4711, 3])] == [7, 3]


def test_years_and_counts_of_a_register_follow_its_records(office: Store) -> None:
    rows: list[Any] = list(Incoming.select())
    days = [row.listed_on.year for row in rows]
    assert years(office.connection, Incoming) == [2022, 2021]
    assert [live_count(office.connection, Incoming, year) for year in (None, 2022, 2021, 2020)] == [
        len(days), days.count(2022), days.count(2021), 0,
    ]  # fmt: skip


def test_names_in_use_are_counted_for_completion(office: Store) -> None:
    handlers = [row.handler for row in Incoming.select() if row.handler]
    counted = dict(names_in_use(office.connection, Incoming, ("handler",)))
    assert counted == {name: handlers.count(name) for name in set(handlers)}


def test_a_record_read_again_is_unchanged_by_being_listed(office: Store) -> None:
    record = again(office, Incoming(id=2))
    assert office.save(record).keys == []
