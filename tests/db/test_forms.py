"""The office's forms: what stands in them, which records they take, and how the office edits them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from db.errors import Refused
from db.figures import Period
from db.record import Record
from db.registers.incoming import Circulation, Incoming, Instruction
from db.registers.outgoing import Outgoing, Reviewer
from db.store.codes import all_by_number, by_code, by_number, code_of
from db.store.store import Store
from db.summaries.document import Form, Forms, Grid
from db.summaries.forms import Chosen, FormMaker
from db.summaries.office_forms import Templates
from tests.db.office import NOON, incoming, outgoing, saved, study, with_lines


@pytest.fixture
def templates(store: Store) -> Templates:
    """The forms of a new office."""
    return Templates(store)


def made(store: Store, key: str, record: Record | None = None, **chosen: object) -> Forms:
    """A form of a record, or of a list."""
    records = ((record.key(), record.id),) if record else ()
    return FormMaker(store, NOON).forms(Templates(store).template(key), Chosen(records, **chosen))  # type: ignore[arg-type]


def boxes(form: Form) -> dict[str, tuple[str, str]]:
    """What stands in the box after each label, and at its lower right."""
    found: dict[str, tuple[str, str]] = {}
    for block in form.blocks:
        for row in block.rows if isinstance(block, Grid) else ():
            label = ""
            for box in row.boxes:
                if box.kind in ("label", "upright"):
                    label = box.text
                elif box.kind == "head":
                    found[box.text.partition("：")[0]] = (box.text.partition("：")[2], box.note)
                else:
                    found[label] = (box.text, box.note)
    return found


def every_key() -> list[str]:
    """The keys of the bundled forms."""
    from db.directory.forms import BUNDLED

    return [path.stem for path in sorted(BUNDLED.glob("*.txt"))]


@pytest.mark.parametrize("key", every_key())
def test_every_bundled_form_is_understood(templates: Templates, key: str) -> None:
    template = templates.template(key)
    assert template.name
    assert template.title
    assert template.blocks
    assert not templates.is_own(key)


def test_the_slip_says_what_the_register_says(store: Store) -> None:
    paper = incoming(
        received_time="16:40", urgency="特急", proposed_opinion="请县财政局研办。", proposer="李喆", copies=2,
        co_units="县审计局", due_on=date(2023, 1, 5),
    )  # fmt: skip
    line = Instruction(leader="王堃", post="副县长", text="同意。", on=date(2022, 12, 29))
    (form,) = made(store, "incoming_slip", saved(store, with_lines(paper, line))).forms
    found = boxes(form)
    assert form.title == f"{store.rules.setting('office')}收文处理笺"
    assert form.left == f"收文编号：{paper.number}"
    assert form.right == "收文时间：2022年12月28日16时40分"
    assert found["来文单位"][0] == "塔峰镇人民政府"
    assert found["份数"][0] == "2份"
    assert found["拟办意见"] == ("请县财政局研办。", "拟办人：李喆")
    assert found["领导批示"][0] == "王堃（副县长）：同意。　2022年12月29日"
    assert found["承办单位"][0] == "县财政局（协办：县审计局）"
    assert found["办理时限"][0] == "2023年1月5日"


def test_each_of_several_records_gets_a_sheet_and_the_others_are_left_out(store: Store) -> None:
    first, second, gone = (saved(store, incoming(title=title)) for title in ("甲事", "乙事", "丙事"))
    call = saved(store, incoming(title="丁事", medium="电话"))
    store.void(type(gone), gone.id, "重复登记")
    picked = tuple((record.key(), record.id) for record in (second, gone, first, call))
    template = Templates(store).template("incoming_slip")
    forms = FormMaker(store, NOON).forms(template, Chosen(picked)).forms
    assert [boxes(form)["来文标题"][0] for form in forms] == ["乙事", "甲事"]


def test_empty_boxes_stay_room_to_write(store: Store) -> None:
    (form,) = made(store, "incoming_slip", saved(store, incoming())).forms
    found = boxes(form)
    assert found["领导批示"] == ("", "签名：　　　　　　　　年　　月　　日")
    assert found["办理结果"][0] == ""
    assert "年　　月　　日" in found["办理结果"][1]
    assert found["传阅"][0] == ""


def test_the_draft_paper_ticks_its_words_and_sorts_its_hands(store: Store) -> None:
    hands = [
        Reviewer(role="审核", person="王堃", opinion="拟同意", on=date(2022, 12, 25)),
        Reviewer(role="会签", unit="县财政局", person="龙䶮", opinion="同意", on=date(2022, 12, 25)),
    ]
    paper = with_lines(outgoing(publicity="不予公开", publicity_reason="内部事务"), *hands)
    (form,) = made(store, "draft_paper", saved(store, paper)).forms
    found = boxes(form)
    assert found["公开属性"][0] == "□主动公开　□依申请公开　■不予公开（理由：内部事务）"
    assert found["规范性文件"][0] == "□是　■否"
    assert found["会签"][0].strip() == "县财政局龙䶮　同意"
    assert found["审核"][0].strip() == "王堃　拟同意　2022年12月25日"
    assert found["核稿"] == ("\n", "年　　月　　日") or found["核稿"] == ("", "年　　月　　日")
    assert found["签发"] == ("王堃", "2022年12月26日")


def test_lines_that_end_with_a_mark_stand_in_one_row(store: Store) -> None:
    readers = [Circulation(person="王堃", returned_on=date(2022, 12, 29)), Circulation(person="龙䶮")]
    (form,) = made(store, "incoming_slip", saved(store, with_lines(incoming(), *readers))).forms
    assert boxes(form)["传阅"][0] == "王堃（2022年12月29日）、龙䶮"


def test_a_table_of_lines_is_filled_up_with_empty_rows(store: Store) -> None:
    readers = [Circulation(person="王堃", sent_on=date(2022, 12, 28)), Circulation(person="龙䶮")]
    (form,) = made(store, "circulation_sheet", saved(store, with_lines(incoming(), *readers))).forms
    table = next(block for block in form.blocks if hasattr(block, "columns"))
    texts = [[cell.text for cell in row] for row in table.rows]
    assert texts[:3] == [["1", "王堃", "2022-12-28", "", ""], ["2", "龙䶮", "", "", ""], ["3", "", "", "", ""]]
    assert len(texts) == 14


def test_a_void_record_says_so_on_its_form(store: Store) -> None:
    paper = saved(store, outgoing())
    store.void(Outgoing, paper.id, "重复登记")
    (form,) = made(store, "draft_paper", paper).forms
    assert form.title.endswith("发文稿纸（作废）")


def test_a_form_is_offered_only_for_the_records_that_it_is_for(store: Store, templates: Templates) -> None:
    call = saved(store, incoming(medium="电话", kind="电话记录", from_doc_no=""))
    paper = saved(store, incoming())
    assert "phone_record" in {one.key for one in templates.of_record(call)}
    assert "incoming_slip" not in {one.key for one in templates.of_record(call)}
    assert "incoming_slip" in {one.key for one in templates.of_record(paper)}
    assert "phone_record" not in {one.key for one in templates.of_record(paper)}


def test_the_code_on_the_form_finds_its_record(store: Store) -> None:
    paper = saved(store, incoming())
    (form,) = made(store, "incoming_slip", paper).forms
    assert form.code == code_of(paper) == f"fazhi:incoming:{paper.uuid}"
    assert (
        by_code(store, form.code)
        == by_code(store, f" {form.code.upper().replace(':', '：')} ")
        == ("incoming", paper.id)
    )
    assert by_code(store, "县财政局") is None
    with pytest.raises(Refused, match="不是本台账里的记录"):
        by_code(store, f"fazhi:incoming:{'0' * 32}")


def test_a_record_is_found_by_its_number_however_the_brackets_are_typed(store: Store) -> None:
    paper = saved(store, incoming())
    assert by_number(store, ["incoming"], paper.number.replace("〔", "[").replace("〕", "]")) == ("incoming", paper.id)
    with pytest.raises(Refused, match="没有编号"):
        by_number(store, ["incoming"], "下〔2022〕999号")


def test_of_a_number_that_several_years_have_the_newest_is_meant_or_the_year_that_is_named(store: Store) -> None:
    first, second = (saved(store, study(held_on=date(year, 3, 1), number="第3次")) for year in (2021, 2022))
    assert first.number == second.number == "第3次"
    assert by_number(store, ["study_session"], "第3次") == ("study_session", second.id)
    assert by_number(store, ["study_session"], "第3次", 2021) == ("study_session", first.id)
    assert [one.year for one in all_by_number(store, ["study_session"], "第3次")] == [2022, 2021]
    with pytest.raises(Refused, match="没有2020年的编号“第3次”"):
        by_number(store, ["study_session"], "第3次", 2020)


def test_the_clerk_reads_and_writes_registers_by_their_titles(store: Store, templates: Templates) -> None:
    for key in templates.all():
        assert not re.search("^台账：.*[a-z]", templates.text(key), re.MULTILINE)
        kept = templates.text(key)
        templates.keep(key, kept)
        assert not templates.is_own(key)
    templates.keep("incoming_slip", templates.text("incoming_slip").replace("收文处理笺", "办文笺"))
    assert templates.template("incoming_slip").registers == ("incoming",)
    with pytest.raises(Refused, match="没有“来文”这本台账"):
        templates.keep("incoming_slip", templates.text("incoming_slip").replace("台账：收文", "台账：来文"))


def test_the_newest_record_that_a_form_fits_is_shown_with_it(store: Store, templates: Templates) -> None:
    with pytest.raises(Refused, match="还没有可以印成"):
        templates.newest_record(templates.template("incoming_slip"))
    first = saved(store, incoming())
    saved(store, incoming(from_doc_no="塔政〔2022〕9号", medium="电话"))
    assert templates.newest_record(templates.template("incoming_slip")) == ("incoming", first.id)


def test_the_office_edits_a_form_and_goes_back(store: Store, templates: Templates) -> None:
    paper = saved(store, incoming())
    text = templates.text("incoming_slip").replace("收文处理笺", "公文处理单")
    templates.keep("incoming_slip", text)
    assert templates.is_own("incoming_slip")
    assert made(store, "incoming_slip", paper).forms[0].title.endswith("公文处理单")
    templates.keep("incoming_slip", templates.bundled("incoming_slip"))
    assert not Templates(store).is_own("incoming_slip")
    assert made(store, "incoming_slip", paper).forms[0].title.endswith("收文处理笺")


def test_an_edited_form_is_undone_like_anything_else(store: Store, templates: Templates) -> None:
    templates.keep("incoming_slip", templates.text("incoming_slip").replace("收文处理笺", "公文处理单"))
    store.undo()
    assert not Templates(store).is_own("incoming_slip")
    store.redo()
    assert "公文处理单" in Templates(store).text("incoming_slip")


def test_a_name_that_means_nothing_is_refused_with_the_likely_one(store: Store, templates: Templates) -> None:
    before = templates.text("incoming_slip")
    with pytest.raises(Refused, match=r"“{来文单们}”不是这本台账的项目；是不是“来文单位”"):
        templates.keep("incoming_slip", before.replace("{来文单位}", "{来文单们}"))
    with pytest.raises(Refused, match=r"第11行：.*少了一个“}”"):
        templates.keep("incoming_slip", before.replace("{来文单位}", "{来文单位"))
    assert Templates(store).text("incoming_slip") == before


def test_an_unknown_form_is_refused_with_those_that_exist(templates: Templates) -> None:
    with pytest.raises(Refused, match="incoming_slip（收文处理笺）"):
        templates.template("nothing")


def test_a_list_without_records_is_refused_in_words(store: Store) -> None:
    with pytest.raises(Refused, match="没有可以印在"):
        made(store, "phone_record", None, period=Period.year(2021))


def test_a_form_of_each_record_of_a_period_begins_with_the_first(store: Store) -> None:
    for day in (28, 29):
        saved(store, incoming(received_on=date(2022, 12, day), from_doc_no=f"塔政〔2022〕{day}号"))
    saved(store, incoming(received_on=date(2022, 11, 2), from_doc_on=date(2022, 11, 1), from_doc_no="塔政〔2022〕1号"))
    forms = made(store, "incoming_slip", None, period=Period.month(2022, 12)).forms
    assert [form.right for form in forms] == ["收文时间：2022年12月28日", "收文时间：2022年12月29日"]
    assert Incoming.select().count() == 3
