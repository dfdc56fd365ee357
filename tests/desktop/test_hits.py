"""What was searched for is marked: in the cells of the list, in the record beside it, and where no column shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot

from db.record import Record
from db.registers.incoming import Instruction
from db.store.hits import Hits, hits_of
from db.store.search import Filter
from db.store.store import Store
from desktop import theme
from desktop.jobs import Jobs
from desktop.registers.marking import EACH_PAINT, CellMarks, _hint_words
from desktop.registers.page import RegisterPage
from tests.db.office import incoming, with_lines
from tests.desktop.conftest import rest

OpenPage = Callable[[str], RegisterPage]


def hits(store: Store, text: str) -> Hits:
    """The hits of a search."""
    from tests.db.test_query import listing

    found = hits_of(listing(store, text).matching, store.initials)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("search", "text", "marked"),
    [
        ("公路", "关于公路的函和公路", ["公路", "公路"]),
        ("公路 函", "关于公路的函", ["公路", "函"]),
        ("公 路", "关于公路的函", ["公路"]),
        ("(2022)5", "蓝政发〔2022〕5号", ["〔2022〕5"]),
        ("蓝政发 [2022] 5号", "蓝政发〔2022〕5号", ["蓝政发〔2022〕5号"]),
        ("finance", "ﬁNance司", ["ﬁNance"]),
        ("wifi", "用Ｗｉｆｉ６", ["Ｗｉｆｉ"]),
        ("lsxzf", "给蓝山县人民政府的函", ["蓝山县人民政府"]),
        ("cqs", "去重庆市", ["重庆市"]),
        ("xzf", "蓝山县政府", ["县政府"]),
        ("没有", "关于公路", []),
        ("2022.3.5", "2022-03-05", ["2022-03-05"]),
    ],
)
def test_the_pieces_that_were_found_are_marked(store: Store, search: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in hits(store, search).spans(text)] == marked


def test_it_is_told_where_a_hit_is_that_no_column_shows(store: Store) -> None:
    record = with_lines(
        incoming(title="关于修桥的请示", remarks="另行文"),
        Instruction(leader="龙䶮", text="请分管领导牵头，会同交通局\n研究公路养护经费。"),
    )
    found = hits(store, "公路")
    assert found.told(record, ["关于公路的函"]) == ""
    assert found.told(record, ["关于修桥的请示"]) == "领导批示·批示内容：…通局 研究公路养护经费。"
    assert hits(store, "请示 另行文").told(record, ["关于修桥的请示"]) == "备注：另行文"
    assert hits(store, "2022-12").told(record, ["", record.from_doc_no]) == ""
    assert hits(store, "2022.12.27").told(record, [""]) == "成文日期：2022-12-27"
    assert hits(store, "扫描").told(record, [""], [("扫描件.pdf", "")]) == "附件：《扫描件.pdf》"


def _searched(page: RegisterPage, text: str, jobs: Jobs, qtbot: QtBot) -> None:
    page.set_filter(Filter(text=text))
    rest(jobs, qtbot)


def test_list_and_record_show_the_hits(store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot) -> None:
    page = open_page("incoming")
    record = incoming(title="关于修桥的请示", remarks="沿线公路", from_doc_no="塔政〔2022〕99号")
    with_lines(record, Instruction(leader="龙䶮", text="公路局阅"))
    page._actions.save(record)
    rest(jobs, qtbot)
    _searched(page, "公路", jobs, qtbot)
    model = page.table.records()
    assert model.found is not None
    assert model.found.told(model.row_at(0)) == "备注：沿线公路"
    editors = page.detail.form.editors
    qtbot.waitUntil(lambda: editors["remarks"].control.property("hit") == "yes")
    assert editors["title"].control.property("hit") in (None, "")
    marked = page.table.viewport().grab().toImage()
    ground = theme.colour("hit").rgb()
    pixels = {marked.pixel(x, y) for x in range(0, marked.width(), 2) for y in range(0, theme.row(), 3)}
    assert ground in pixels
    _searched(page, "", jobs, qtbot)
    assert page.table.records().found is None
    assert editors["remarks"].control.property("hit") == ""


def test_a_field_that_there_is_not_is_told_under_the_box(open_page: OpenPage, jobs: Jobs, qtbot: QtBot) -> None:
    page = open_page("incoming")
    _searched(page, "来文单伟:塔峰", jobs, qtbot)
    assert page._notes.isVisible()
    assert "来文单位" in page._notes.text()
    _searched(page, "来文单位:塔峰", jobs, qtbot)
    assert not page._notes.isVisible()


def test_every_register_marks_its_records(store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot) -> None:
    for register in store.catalogue:
        page = open_page(register.key())
        first: Record = store.load(register, 1)
        _searched(page, str(getattr(first, register.SUBJECT))[:4], jobs, qtbot)
        found = page.table.records().found
        assert found is not None
        assert found.told(page.table.records().row_at(0)) == ""


def test_a_hit_beyond_the_end_of_a_cell_is_brought_into_sight_and_only_what_is_seen_is_marked(
    store: Store, open_page: OpenPage
) -> None:
    open_page("incoming")
    picture = QPixmap(900, 30)
    picture.fill(Qt.GlobalColor.white)
    painter, marks = QPainter(picture), CellMarks()
    metrics = painter.fontMetrics()
    title, found = "关于印发《蓝山县文物保护单位安全管理规定》和修建沿江公路的通知", hits(store, "公路")
    room = metrics.horizontalAdvance(title) * 2 // 3
    shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
    assert "公路" not in shown
    moved = marks.moved(painter, found, title, shown, room)
    assert moved.startswith("…")
    assert moved.endswith("公路的通知")
    assert metrics.horizontalAdvance(moved) <= room
    assert marks.moved(painter, hits(store, "文物"), title, shown, room) == shown
    marks.paint(painter, found, moved, (0, 0, 30), room)
    painter.end()
    picture_of, ground = picture.toImage(), theme.colour("hit").rgb()
    marked = [x for x in range(900) if picture_of.pixel(x, 15) == ground]
    start = metrics.horizontalAdvance(moved[: moved.index("公路")])
    assert (marked[0], marked[-1] + 1) == (start, start + metrics.horizontalAdvance("公路"))


def test_a_hint_that_is_cut_keeps_the_hit_and_half_its_room_for_the_label(store: Store, open_page: OpenPage) -> None:
    open_page("incoming")
    picture = QPixmap(900, 30)
    painter, found = QPainter(picture), hits(store, "公路")
    metrics = painter.fontMetrics()
    hint = "附件《关于印发2022年度经费概算的附表.docx》：…沿江大道公路养护"
    room = metrics.horizontalAdvance(hint) * 2 // 3
    painter.end()
    assert "公路" not in metrics.elidedText(hint, Qt.TextElideMode.ElideRight, room)
    words = _hint_words(found, hint, room, metrics)
    assert words.startswith("附件《")
    assert "：…公路" in words
    assert metrics.horizontalAdvance(words) <= room
    assert _hint_words(found, hint, 2 * room, metrics) == hint


def test_one_repaint_reads_few_records_for_hints_and_the_next_ones_read_the_rest(
    store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    with store.change("登记") as change:
        for n in range(2 * EACH_PAINT + 3):
            change.save(incoming(title=f"第{n}件", remarks="沿线公路", from_doc_no=f"塔政〔2022〕{n + 100}号"))
    _searched(page, "公路", jobs, qtbot)
    found = page.table.records().found
    assert found is not None
    seen = len(page.table.rows_on_screen())
    qtbot.waitUntil(lambda: len(found._told) >= seen)
    found._told.clear()
    page.table.viewport().grab()
    assert len(found._told) == EACH_PAINT < seen
    qtbot.waitUntil(lambda: len(found._told) >= seen)
    assert set(found._told.values()) == {"备注：沿线公路"}
