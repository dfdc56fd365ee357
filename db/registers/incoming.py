"""收文: documents, telegrams and telephone calls that reach the office; 请示 and 报告 apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee as pw

from db import lines
from db.record import (
    Count,
    DateField,
    DocumentNumberField,
    Fix,
    Line,
    LineField,
    Mean,
    Median,
    MomentField,
    Move,
    NumberField,
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
    TermsField,
    UnitField,
    UnitsField,
    forward,
)  # fmt: skip


class Instruction(Line):
    """A leader's instruction on the paper; it is evidence, so its old text stays in the history."""

    TITLE = "领导批示"
    COLUMNS = ("leader", "post", "text", "on")
    MUSTS = ("leader", "text")

    owner = pw.DeferredForeignKey("Incoming", on_delete="CASCADE")
    leader = PersonField("领导")
    post = LineField("职务")
    text = ParagraphField("批示内容")
    on = DateField("日期")


class Circulation(Line):
    """Who has had the paper to read, and when it came back."""

    TITLE = "传阅"
    COLUMNS = ("person", "sent_on", "returned_on")
    MUSTS = ("person",)

    owner = pw.DeferredForeignKey("Incoming", on_delete="CASCADE")
    person = PersonField("传阅人")
    sent_on = DateField("送阅日期")
    returned_on = DateField("退回日期")


class Urging(lines.Urging):
    """One reminder to the unit that handles the paper."""

    owner = pw.DeferredForeignKey("Incoming", on_delete="CASCADE")


class Incoming(Record):
    """One paper or call received (条例 2012 §24: 签收、登记、初审、承办、传阅、催办、答复)."""

    TITLE, VERB, ICON, ORDER = "收文", "登记收文", "in", 10
    ABOUT = "登记上级来文来电和下级的请示、报告，跟踪拟办、批示、承办、办结。"
    BUSINESS_DATE = "received_on"
    TWINS = (("from_unit", "from_doc_no"), ("from_unit", "title", "received_on"))
    MONTH_GROUP = "公文办理"
    NUMBERING = Numbering("{series}〔{year}〕{sequence}号", series="下")
    STAGES = (
        Stage("received", "签收"),
        Stage("registered", "登记"),
        Stage("proposed", "拟办"),
        Stage("instructed", "批办"),
        Stage("working", "承办中"),
        Stage("done", "办结", closed=True),
        Stage("filed", "归档", closed=True),
        Stage("circulating", "传阅中", side=True),
        Stage("returned", "退文", closed=True, side=True),
    )
    MOVES = (
        *forward(
            ("received", (), ""),
            ("registered", ("title",), "登记"),
            ("proposed", ("proposed_opinion",), "拟办"),
            ("instructed", ("instruction",), "批办"),
            ("working", ("lead_unit",), "交办"),
            ("done", ("result", "finished_on"), "办结"),
            ("filed", ("finished_on", "filed_on"), "归档"),
        ),
        Move("registered", "circulating", ("circulation",), "传阅"),
        *(
            Move("circulating", target, needs, verb)
            for target, needs, verb in (
                ("instructed", ("instruction",), "批办"),
                ("working", ("lead_unit",), "交办"),
                ("done", ("result", "finished_on"), "阅毕"),
                ("filed", ("finished_on", "filed_on"), "归档"),
            )
        ),
        *(
            Move(source, "returned", ("return_reasons", "finished_on"), "退文")
            for source in ("registered", "proposed", "instructed", "working", "circulating")
        ),
        Move("done", "working", verb="退回重办", clears=("result", "finished_on")),
        Move("returned", "registered", verb="撤回退文", clears=("return_reasons", "finished_on")),
    )

    received_on = DateField("收文日期")
    received_time = LineField("收文时间", "急件写到时分，如16:40", is_time=True)
    source_level = TermField("来文级别", "source_level")
    source_group = pw.TextField(default="")
    from_unit = UnitField("来文单位")
    from_doc_no = DocumentNumberField("来文字号", "可空，记作“无号”")
    from_doc_on = DateField("成文日期")
    medium = TermField("载体", "medium", default_word="纸质公文")
    kind = TermField("来文种类", "incoming_kind")
    handling = TermField("办件阅件", "handling")
    title = LineField("标题")
    urgency = TermField("紧急程度", "urgency", default_word="平件")
    security = TermField("密级", "security", "涉密文件请在涉密登记簿另行登记", default_word="无")
    copies = NumberField("份数", unit="份")
    copy_of = ReferenceField("同文", "incoming", "纸质和电子两份的，写另一份的收文编号，统计只计一次")
    call_time = MomentField("通话时间", "如14:30、0305 14:30")
    call_direction = TermField("来去电", "call_direction")
    caller = PersonField("来电人")
    caller_post = LineField("职务")
    caller_phone = LineField("电话")
    receiver = PersonField("接听人")
    duty_leader = PersonField("带班领导")
    content = ParagraphField("电话内容")
    proposed_opinion = ParagraphField("拟办意见", lines=2)
    proposer = PersonField("拟办人")
    lead_unit = UnitField("主办单位")
    co_units = UnitsField("协办单位")
    handler = PersonField("承办人")
    result = TermField("办理结果", "handling_result")
    result_text = ParagraphField("结果说明", lines=2)
    finished_on = DateField("办结日期")
    reply_number = ReferenceField("回复文号", "outgoing")
    return_reasons = TermsField("退文原因", "return_reason")
    archive_no = LineField("归档号")
    filed_on = DateField("归档日期")
    remarks = LineField("备注")

    LINES = (Instruction, Circulation, Urging)
    MUSTS = ("from_unit", "received_on", "source_level", "kind", "medium", "title")
    COLUMNS = ("number", "received_on", "from_unit", "title", "handler")
    BOOK = ("number", "received_on", "from_unit", "from_doc_no", "title", "urgency", "handling", "lead_unit", "due_on",
            "finished_on", "result")  # fmt: skip
    COPY_FIELD = "copy_of"
    FINISHED, HOLDER, PULSE = "finished_on", "lead_unit", True
    PINNED = ("from_unit", "received_on")
    ENTRY = ("from_unit", "received_on", "from_doc_no", "from_doc_on", "source_level", "kind", "medium", "urgency",
             "security", "handling", "title", "received_time", "copies", "call_time", "call_direction", "caller",
             "caller_post", "caller_phone", "receiver", "duty_leader", "content", "proposed_opinion", "lead_unit",
             "handler", "due_on", "due_basis")  # fmt: skip
    FORM = (
        Section("来文", ("from_unit", "received_on", "from_doc_no", "from_doc_on", "source_level", "kind", "medium",
                         "urgency", "security", "handling", "title", "received_time", "copies", "copy_of", "number")),
        Section("电话记录", ("call_time", "call_direction", "caller", "caller_post", "caller_phone", "receiver",
                             "duty_leader", "content"), when=("medium", ("电话",))),
        Section("拟办与批示", ("proposed_opinion", "proposer", "instruction", "circulation")),
        Section("承办", ("lead_unit", "handler", "co_units", "due_on", "due_basis", "urging")),
        Section("办结", ("result", "finished_on", "reply_number", "return_reasons", "result_text", "archive_no",
                         "filed_on", "remarks")),
    )  # fmt: skip

    # What tells most rows apart comes first: the rest is then not looked at.
    _once: Any = copy_of == ""
    _below: Any = (source_group == "下级") & kind.in_(("请示", "报告")) & _once
    _above: Any = (source_group == "上级") & _once
    _mine: Any = (handling == "办件") & _once
    _done: Any = _mine & finished_on.is_null(False)
    _due = Count("in_due", "应办结", "办理时限在期内的办件。", on="due_on", where=_mine)
    _finished = Count("in_finished", "已办结办件", "收文日期在期内、已办结的办件。", where=_done)
    FIGURES = (
        Count("in_below_reqrep", "接收请示（报告）", "收文日期在期内，下级单位报来的请示和报告；同文计一次，不含作废。",
              where=_below, monthly=20, charted="stacked"),
        Count("in_below_request", "其中：请示", "接收请示（报告）中的请示。", where=_below & (kind == "请示"),
              monthly=21, indent=1),
        Count("in_below_report", "报告", "接收请示（报告）中的报告。", where=_below & (kind == "报告"), monthly=22,
              indent=4),
        Count("in_above", "处理上级来文来电", "收文日期在期内，中央、省、市来的文件、电报、电话；同文计一次。",
              where=_above, monthly=30, charted="stacked"),
        Count("in_above_documents", "其中：来文", "上级来文来电中的公文（纸质、电子、传真、会议、网络）。",
              where=_above & medium.not_in(("明传电报", "电话")), monthly=31, indent=1),
        Count("in_above_telegrams", "电报", "上级来文来电中的明传电报。", where=_above & (medium == "明传电报"),
              monthly=32, indent=4),
        Count("in_above_calls", "来电", "上级来文来电中的电话。", where=_above & (medium == "电话"), monthly=33,
              indent=4),
        Count("in_dup_linked", "同文", "标为同文、统计时不再计的收文。", where=copy_of != ""),
        Count("in_returned", "退文", "收文日期在期内、写明原因退回的来文。", where=_once, stages=("returned",)),
        Rate("in_done_rate", "办件办结率", "收文日期在期内的办件中已办结的÷办件；阅件不计。",
             part=Count("in_done", "办结", "收文日期在期内、已办结的办件。", where=_done),
             base=Count("in_mine", "办件", "收文日期在期内的办件。", where=_mine)),
        Rate("in_ontime_rate", "办件按时办结率", "时限在期内的办件中按时办结的÷时限在期内的办件；阅件不计。",
             part=Count("in_ontime", "按时办结", "时限在期内、不晚于时限办结的办件。", on="due_on",
                        where=_done & (finished_on <= pw.SQL("due_on"))),
             base=_due, by="lead_unit", monthly=40),
        Mean("in_avg_wd", "平均办理用时", "收文日期在期内、已办结的办件从收文到办结的平均工作日数。",
             of=_finished, start="received_on", end="finished_on"),
        Median("in_median_wd", "办理用时中位数", "收文日期在期内、已办结的办件从收文到办结工作日数的中位数。",
               of=_finished, start="received_on", end="finished_on"),
    )  # fmt: skip

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("from_doc_no",), False),)

    def derive(self, rules: Rulebook) -> None:
        """Take level from the unit, series from level or medium, handling from kind, deadline from the rules."""
        if not self.source_level and self.from_unit:
            self.source_level = rules.level_of(self.from_unit)
        if not self.kind and self.medium == "电话":
            self.kind = "电话记录"
        level = rules.term("source_level", self.source_level)
        self.source_group = level.group
        if not self.number:
            self.series = "电" if self.medium == "电话" else level.series
        if self.kind == "请示":
            self.handling = "办件"
        elif self.kind and not self.handling:
            self.handling = rules.term("incoming_kind", self.kind).group or "阅件"
        self.set_due(rules, self._deadline(), self.received_on)

    def _deadline(self) -> str:
        if self.handling != "办件":
            return ""
        if self.urgency in ("特急", "特提"):
            return "incoming.most_urgent"
        if self.urgency == "加急":
            return "incoming.urgent"
        return "incoming.request" if self.kind == "请示" else "incoming.plain"

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Dates in their order, a lead unit for requests, no paper registered twice."""
        yield from super().problems(rules)
        yield from self.not_before("received_on", "from_doc_on")
        yield from self.not_before("finished_on", "received_on")
        yield from self.not_before("filed_on", "received_on")
        if self.finished_on and not (self.result or self.return_reasons):
            yield Problem("result", "办结的要写办理结果", "missing")
        if self.kind == "请示" and not self.lead_unit and not self.return_reasons:
            yield Problem("lead_unit", "请示要有主办单位", "missing")
        elif self.co_units and not self.lead_unit:
            yield Problem("lead_unit", "两个以上单位承办的，要明确主办单位", "missing")
        if self.urgency in ("特急", "特提") and not self.received_time:
            yield Problem("received_time", "特急件要写收文时间", "missing")
        yield from self._notes(rules)

    def _notes(self, rules: Rulebook) -> Iterator[Problem]:
        if self.received_on and self.received_on > rules.today:
            yield Problem("received_on", f"收文日期{self.received_on}在今天之后", "note")
        if "请示报告" in self.title:
            yield Problem("title", "请示、报告混用：一文只有一种，必要时退文", "note")
        elif self.kind == "报告" and "请示" in self.title:
            yield Problem("kind", "标题有“请示”而种类是报告：报告不得夹带请示事项", "note")
        if not self.copy_of and self.from_doc_no not in ("", "无号"):
            twin = self.twin("from_unit", "from_doc_no", told=("number", "received_on", "medium", "copy_of"))
            if twin and not (self.number and twin.copy_of == self.number):
                yield Problem("from_doc_no", f"与{twin.number}（{twin.received_on}，{twin.medium}）的来文字号相同",
                              "note", (self.key(), twin.id), (Fix("标为同文", "copy_of", twin.number),))  # fmt: skip
