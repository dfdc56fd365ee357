"""督办通知: notices that hand over, press or repeat matters under supervision; one notice covers several matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import peewee as pw

from db.record import (
    Clock,
    Count,
    DateField,
    Line,
    LineField,
    MonthList,
    Numbering,
    ParagraphField,
    PersonField,
    Problem,
    Rate,
    Record,
    ReferenceField,
    Rulebook,
    Section,
    Stage,
    TermField,
    UnitField,
    UnitsField,
    forward,
)  # fmt: skip

REPLY = "supervision_notice.reply"
ISSUED = ("issued", "received", "replied", "filed")


class NoticeItem(Line):
    """One matter of the notice: what is asked, by when, and when it was answered."""

    TITLE = "督办事项"
    COLUMNS = ("matter", "requirement", "due_on", "replied_on")
    MUSTS = ("requirement",)

    owner = pw.DeferredForeignKey("SupervisionNotice", on_delete="CASCADE")
    matter = ReferenceField("事项编号", "supervision_matter")
    requirement = ParagraphField("要求")
    due_on = DateField("回复时限", planned=True)
    replied_on = DateField("回复日期")


class SupervisionNotice(Record):
    """One notice to a unit (政府督查工作条例 §12; its kinds are the county's own)."""

    TITLE, VERB, ICON, ORDER = "督办通知", "登记通知", "notice", 50
    ABOUT = "登记交办、督办、催办、再次督办和约谈通知；一份通知可以列几个督查事项，逐项记回复。"
    BUSINESS_DATE = "issued_on"
    TWINS = (("title", "to_unit", "issued_on"),)
    MONTH_GROUP = "督查督办"
    NUMBERING = Numbering("{series}〔{year}〕{sequence}号", at="issued", series="督办")
    STAGES = (
        Stage("draft", "拟稿"),
        Stage("issued", "已印发"),
        Stage("received", "已签收"),
        Stage("replied", "已回复", closed=True),
        Stage("filed", "归档", closed=True),
    )
    MOVES = forward(
        ("draft", (), ""),
        ("issued", ("signer", "issued_on"), "印发"),
        ("received", ("signer", "issued_on", "received_on"), "签收"),
        ("replied", ("signer", "issued_on", "replied_on"), "已回复"),
        ("filed", ("signer", "issued_on", "replied_on", "filed_on"), "归档"),
    )

    kind = TermField("通知类型", "notice_kind", default_word="督办通知")
    title = LineField("标题", "留空则取第一个事项的要求")
    to_unit = UnitField("主送单位")
    copy_to = UnitsField("抄送单位")
    drafter = PersonField("拟稿人")
    signer = PersonField("签发人")
    issued_on = DateField("印发日期")
    reply_due_on = DateField("回复时限", "各事项另有时限的写在事项里；都不写的按规定算", planned=True)
    receiver = PersonField("签收人")
    received_on = DateField("签收日期")
    replied_on = DateField("回复日期")
    reply_text = ParagraphField("回复情况", lines=2)
    filed_on = DateField("归档日期")
    remarks = LineField("备注")

    LINES = (NoticeItem,)
    MUSTS = ("kind", "to_unit")
    EXPECTED = ("notice_item",)
    COLUMNS = ("number", "issued_on", "title", "to_unit", "signer")
    BOOK = ("number", "issued_on", "kind", "title", "to_unit", "signer", "received_on", "reply_due_on", "replied_on",
            "stage")  # fmt: skip
    FINISHED, HOLDER = "replied_on", "to_unit"
    MONTH_LIST = MonthList("督办通知", (("number", 74), ("issued_on", 60), ("kind", 54), ("to_unit", 80),
                                        ("notice_item", 0), ("stage", 44)))  # fmt: skip
    PINNED = ("kind", "issued_on", "signer")
    ENTRY = ("kind", "to_unit", "notice_item", "signer", "issued_on", "reply_due_on", "receiver", "received_on")
    FORM = (
        Section("通知", ("kind", "number", "to_unit", "copy_to", "title", "drafter", "signer", "issued_on",
                         "reply_due_on", "notice_item")),
        Section("签收与回复", ("receiver", "received_on", "replied_on", "reply_text", "filed_on", "remarks")),
    )  # fmt: skip

    _total = Count("sup_notice", "督办通知", "印发日期在期内的督办通知，含交办、催办、再次督办和约谈。", unit="份",
                   stages=ISSUED, monthly=63)  # fmt: skip
    FIGURES = (
        _total,
        Count("sup_notice_by_kind", "督办通知（按类型）", "督办通知按类型分列。", unit="份", by="kind",
              stages=ISSUED),
        Count("sup_notice_items", "通知所列事项", "期内印发的督办通知所列的事项，同一事项在几份通知里的各计一次。",
              unit="项", of=NoticeItem, stages=ISSUED),
        Rate("sup_notice_reply_rate", "督办通知回复率", "期内印发的督办通知中已逐项回复的÷期内印发的督办通知。",
             part=Count("sup_notice_replied", "已回复", "期内印发、各事项都已回复的督办通知。", unit="份",
                        where=replied_on.is_null(False)), base=_total),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """Take the series from the kind, the title from the first matter; the next answer that is due counts."""
        items = self.lines(NoticeItem)
        if not self.number:
            self.series = rules.term("notice_kind", self.kind).series
        if not self.title and items:
            self.title = items[0].requirement[:60] + (f"等{len(items)}项" if len(items) > 1 else "")
        if items and all(item.replied_on for item in items):
            self.replied_on = max(item.replied_on for item in items)
        self.set_next_due(rules, *self._clocks(items))

    def _clocks(self, items: list[NoticeItem]) -> Iterator[Clock]:
        """One clock for each matter; a notice without matters is answered as a whole."""
        for item in items:
            yield self._clock(item.due_on or self.reply_due_on, item.replied_on or self.replied_on)
        if not items:
            yield self._clock(self.reply_due_on, self.replied_on)

    def _clock(self, on: date | None, done_on: date | None) -> Clock:
        return Clock("回复", "" if on else REPLY, self.issued_on, on=on, done_on=done_on)

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Every line names its matter, once; nothing is received, due or answered before the notice."""
        yield from super().problems(rules)
        for later in ("reply_due_on", "received_on", "replied_on"):
            yield from self.not_before(later, "issued_on")
        items, issued = self.lines(NoticeItem), self.issued_on
        for at, item in enumerate(items, 1):
            if not item.matter:
                yield Problem("notice_item", f"督办事项第{at}行没有对应的督查事项编号：先立项，再发通知", "missing")
            for day, what in ((item.due_on, "回复时限"), (item.replied_on, "回复日期")):
                if day and issued and day < issued:
                    yield Problem("notice_item", f"督办事项第{at}行{what}{day}早于印发日期{issued}")
        for number, times in Counter(item.matter for item in items if item.matter).items():
            if times > 1:
                yield Problem("notice_item", f"{number}在本通知里写了{times}次", "note")
        if self.replied_on and any(not item.replied_on for item in items) and any(item.replied_on for item in items):
            yield Problem("notice_item", "有的事项还没有回复日期", "missing")
