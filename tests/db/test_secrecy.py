"""Nothing of a classified paper is kept, in any register that has 密级; at most a number with a fixed title."""

from __future__ import annotations

import json
from datetime import date

import pytest

from db.errors import Refused
from db.figures import Figures, Period
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.rules import secrecy
from db.store import health, links, numbers
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import again, contents, incoming, outgoing, problems, said, saved

SECRET = "关于某部队换装方案的请示"
MAKERS = {"incoming": incoming, "outgoing": outgoing}
LEVELS = ("秘密", "机密", "绝密", "机密★1年", " 绝密")


def test_every_register_with_a_field_for_it_has_a_maker_here(store: Store) -> None:
    assert {register.key() for register in store.catalogue if register.security_field()} >= set(MAKERS)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("maker", MAKERS)
def test_a_classified_paper_is_refused_at_its_field(store: Store, maker: str, level: str) -> None:
    before = contents(store)
    found = problems(store, MAKERS[maker](security=level, title=SECRET))
    assert said(found, "must")["security"] == secrecy.SENTENCE
    assert len(found) == 1
    assert "涉密文件请在涉密登记簿另行登记" in secrecy.SENTENCE
    assert contents(store) == before


@pytest.mark.parametrize("level", ["无", "工作秘密", "内部"])
def test_ordinary_marks_are_ordinary_values(store: Store, level: str) -> None:
    assert again(store, saved(store, incoming(security=level))).security == level


def test_a_mark_copied_from_the_paper_is_refused_where_it_was_typed(store: Store) -> None:
    assert said(problems(store, incoming(remarks="机密★1年 附件一份")), "must") == {"remarks": secrecy.SENTENCE}
    assert saved(store, incoming(title="关于做好保守国家秘密工作的请示")).id


def test_no_draft_of_it_is_kept_and_what_was_kept_before_is_wiped(store: Store) -> None:
    assert store.keep_draft(Incoming, None, json.dumps({"title": SECRET}))
    assert not store.keep_draft(Incoming, None, json.dumps({"title": SECRET, "security": "机密"}))
    assert store.drafts() == []
    for path in store.folder.iterdir():
        assert SECRET.encode() not in path.read_bytes()
        assert json.dumps(SECRET)[1:-1].encode() not in path.read_bytes()


@pytest.mark.parametrize("typed", [{"security": secrecy.RESERVED}, {"remarks": "秘密★3年"}])
def test_neither_is_a_draft_kept_of_what_becomes_a_placeholder_or_bears_a_mark(
    store: Store, typed: dict[str, str]
) -> None:
    assert not store.keep_draft(Incoming, None, json.dumps({"title": SECRET} | typed))
    assert store.drafts() == []


@pytest.mark.parametrize("maker", MAKERS)
def test_a_placeholder_takes_a_number_and_keeps_nothing_else(store: Store, maker: str) -> None:
    first = saved(store, MAKERS[maker]())
    kept = again(store, saved(store, MAKERS[maker](security=secrecy.RESERVED, title=SECRET, remarks=SECRET)))
    assert (kept.series, kept.sequence) == (first.series, 2)
    assert getattr(kept, kept.SUBJECT) == secrecy.TITLE
    ordinary = set(Record._meta.fields) | {"title", "security"}
    assert {name for name in kept._meta.fields if getattr(kept, name)} - ordinary == set()
    assert not kept.is_open
    assert not kept.missing
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in store.folder.glob(f"{LEDGER}*"))
    after = saved(store, MAKERS[maker](title="关于下一件事的" + ("请示" if maker == "incoming" else "通知")))
    assert after.sequence == 3
    assert numbers.reserved(store.connection, type(kept), 2022) == {kept.series: 1}
    assert list(health.findings(store)) == []


def test_a_document_without_a_signature_may_have_its_number_kept_but_not_without_a_series(store: Store) -> None:
    blank = Outgoing(series="蓝政办发", security=secrecy.RESERVED)
    assert saved(store, blank).number == "蓝政办发〔2022〕1号"
    with pytest.raises(Refused, match="占号前请先填决定编号的项"):
        store.save(Outgoing(security=secrecy.RESERVED))


def test_a_placeholder_is_in_no_figure(store: Store) -> None:
    saved(store, incoming())
    saved(store, incoming(security=secrecy.RESERVED, from_doc_no="塔政〔2022〕9号"))
    saved(store, outgoing(security=secrecy.RESERVED))
    figures = Figures(store.connection, store.catalogue, store.rules.days)
    year = Period.parse("2022")
    assert figures.value("in_below_reqrep", year).value == 1
    assert figures.value("out_total", year).value == 0


def test_the_refusal_offers_to_keep_the_number_of_a_new_paper_only(store: Store) -> None:
    offered = next(one for one in problems(store, incoming(security="机密")) if one.field == "security")
    assert [fix.value for fix in offered.fixes] == [secrecy.RESERVED]
    paper = saved(store, incoming())
    paper.security = "机密"
    refused = next(one for one in problems(store, paper) if one.field == "security")
    assert refused.fixes == ()
    paper.security = secrecy.RESERVED
    assert "不能改成占号" in said(problems(store, paper), "must")["security"]


def test_nothing_is_filled_into_a_placeholder_later(store: Store) -> None:
    kept = saved(store, incoming(security=secrecy.RESERVED))
    kept.title, kept.received_on = SECRET, date(2022, 12, 30)
    store.save(kept)
    assert again(store, kept).title == secrecy.TITLE
    assert again(store, kept).received_on is None
    kept = again(store, kept)
    kept.security = "无"
    assert "不能再填内容" in said(problems(store, kept), "must")["security"]
    with pytest.raises(Refused, match="占的号，不能关联"):
        links.link(store, saved(store, outgoing()), again(store, kept), "相关")


def test_undoing_a_placeholder_frees_its_number(store: Store) -> None:
    saved(store, incoming(security=secrecy.RESERVED))
    store.undo()
    assert saved(store, incoming()).number == "下〔2022〕1号"
