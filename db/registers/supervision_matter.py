"""督查事项: matters that the office follows up, one a record, from being set up to being struck off the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee as pw

from db import lines
from db.record import (
    Count,
    DateField,
    Extension,
    LineField,
    Mean,
    MonthList,
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

RETURN, OBJECTION, REVIEW = (f"supervision_matter.{rule}" for rule in ("return", "objection", "review"))
LASTING = "长期坚持"


class MatterProgress(lines.Progress):
    """One report of the unit in charge."""

    COLUMNS = ("on", "text", "percent", "reporter", "setback")

    owner = pw.DeferredForeignKey("SupervisionMatter", on_delete="CASCADE")
    reporter = PersonField("反馈人")


class MatterExtension(Extension):
    """One longer time limit that the unit has asked for."""

    owner = pw.DeferredForeignKey("SupervisionMatter", on_delete="CASCADE")


class MatterUrging(lines.Urging):
    """One reminder to the unit in charge."""

    owner = pw.DeferredForeignKey("SupervisionMatter", on_delete="CASCADE")


class SupervisionMatter(Record):
    """One matter under supervision (政府督查工作条例, 国务院令第733号, §§11–18; the stations are the county's own)."""

    TITLE, VERB, ICON, ORDER = "督查事项", "登记事项", "matter", 40
    ABOUT = "登记要督查的事项，一事一项：立项、交办、反馈、延期、报结，由督查室审核后销号。"
    BUSINESS_DATE = "set_up_on"
    TWINS = (("title", "set_up_on"),)
    MONTH_GROUP = "督查督办"
    NUMBERING = Numbering("督〔{year}〕{sequence}号", at="set_up", sides=("returned", "redo", "lasting", "stopped"))
    STAGES = (
        Stage("proposed", "待立项"),
        Stage("set_up", "已立项"),
        Stage("handed", "已交办"),
        Stage("working", "办理中"),
        Stage("reported", "报结待审"),
        Stage("closed", "办结销号", closed=True),
        Stage("returned", "退回改派", side=True),
        Stage("redo", "退回重办", side=True),
        Stage("lasting", LASTING, side=True),
        Stage("stopped", "中止撤项", closed=True, side=True),
    )
    _closing = ("finished_on", "reviewer", "closed_on")
    _undone = ("finished_on", "review_result", "reviewer", "closed_on")
    MOVES = (
        *forward(
            ("proposed", (), ""),
            ("set_up", ("set_up_on",), "立项"),
            ("handed", ("set_up_on", "handed_on"), "交办"),
            ("working", ("set_up_on", "handed_on", "matter_progress"), "登记进展"),
            ("reported", ("set_up_on", "finished_on"), "报结"),
            ("closed", ("set_up_on", *_closing), "销号"),
        ),
        *(Move(source, "lasting", ("lasting_on",), "转长期坚持") for source in ("handed", "working", "reported")),
        *(Move(source, "returned", ("returned_on", "return_reason"), "退回改派") for source in ("handed", "working")),
        *(
            Move(source, "stopped", ("stopped_on", "stop_reason"), "中止撤项")
            for source in ("proposed", "set_up", "handed", "working", "lasting", "returned", "redo")
        ),
        Move("lasting", "closed", _closing, "销号"),
        Move("lasting", "working", verb="恢复限期", clears=("lasting_on",)),
        Move("returned", "set_up", verb="改派", clears=("returned_on", "return_reason", "handed_on", "lead_unit")),
        Move("reported", "redo", verb="退回重办", clears=_undone),
        Move("redo", "closed", _closing, "销号"),
        Move("redo", "reported", ("finished_on",), "报结"),
        Move("closed", "redo", verb="重新办理", clears=_undone),
        Move("stopped", "set_up", verb="恢复办理", clears=("stopped_on", "stop_reason")),
    )

    set_up_on = DateField("立项日期")
    source = TermField("任务来源", "matter_source")
    source_ref = ReferenceField("来源文号", "incoming", "来源是收文的，写收文编号")
    source_note = LineField("来源说明", "如第几次会议、哪天的批示")
    instructor = PersonField("批示领导")
    title = LineField("事项", "一事一项")
    content = ParagraphField("办理要求", lines=2)
    target = ParagraphField("办理目标", "写得可以衡量", lines=2)
    kind = TermField("督查类别", "supervision_kind", "政府督查工作条例第14条")
    methods = TermsField("督查方式", "supervision_method", "政府督查工作条例第12条")
    plan_number = LineField("督查方案")
    approver = PersonField("批准立项", "批准立项的政府领导（条例第11条）")
    urgency = TermField("紧急程度", "urgency", default_word="平件")
    level = TermField("督办等级", "supervision_level")
    lead_unit = UnitField("牵头单位")
    co_units = UnitsField("协办单位")
    resp_leader = PersonField("责任领导")
    resp_person = PersonField("责任人")
    contact = LineField("联系电话")
    handed_on = DateField("交办日期")
    returned_on = DateField("退回日期")
    return_reason = LineField("退回原因")
    report_cycle = TermField("反馈周期", "report_cycle", default_word="一次性")
    next_report_on = DateField("下次反馈", planned=True)
    lasting_on = DateField("转长期", "从这天起长期坚持，不再有办理时限")
    percent = NumberField("进度", unit="%")
    reported_on = DateField("最近反馈")
    urged_on = DateField("最近催办")
    finished_on = DateField("报结日期", "承办单位报办结的日期")
    result_text = ParagraphField("办结情况", lines=2)
    review_opinion = ParagraphField("审核意见", lines=2)
    review_result = TermField("审核结论", "review_result")
    reviewer = PersonField("审核人", "督查室审核的人")
    closed_on = DateField("销号日期", "督查室审核后销号的日期")
    stopped_on = DateField("中止日期")
    stop_reason = LineField("中止原因")
    ended_on = DateField("结束日期")
    conclusion_on = DateField("结论送达", "督查结论送达被督查单位的日期（条例第16条）")
    objected_on = DateField("申请复核", "对结论有异议的，收到之日起30日内（条例第17条）")
    review_due_on = DateField("复核限期", planned=True)
    decided_on = DateField("复核决定")
    proposal = LineField("奖惩建议", "表扬、批评、问责（条例第21条）")
    remarks = LineField("备注")

    LINES = (MatterProgress, MatterExtension, MatterUrging)
    MUSTS = ("title", "source")
    EXPECTED = ("content", "approver", "lead_unit", "resp_leader", "resp_person")
    COLUMNS = ("number", "set_up_on", "title", "lead_unit", "resp_person")
    BOOK_TITLE = "督查事项台账"
    BOOK = ("number", "set_up_on", "source", "title", "lead_unit", "resp_leader", "due_on", "finished_on", "closed_on",
            "stage")  # fmt: skip
    FINISHED, HOLDER, PULSE, DERIVED = "ended_on", "lead_unit", True, ("next_report_on", "review_due_on")
    MONTH_LIST = MonthList("督查事项", (("number", 74), ("title", 140), ("lead_unit", 70), ("time_limit", 58),
                                        ("stage", 44), ("matter_progress", 0)), until="ended_on")  # fmt: skip
    SETBACK = "matter_progress"
    ALSO_DUE = (("next_report_on", ""), ("review_due_on", "decided_on"))
    PINNED = ("set_up_on", "source", "approver")
    ENTRY = ("set_up_on", "source", "source_ref", "source_note", "instructor", "title", "content", "target", "approver",
             "lead_unit", "resp_leader", "resp_person", "handed_on", "due_on", "report_cycle")  # fmt: skip
    FORM = (
        Section("立项", ("set_up_on", "source", "source_ref", "source_note", "instructor", "title", "content", "target",
                         "approver", "kind", "methods", "plan_number", "urgency", "level", "number")),
        Section("责任与时限", ("lead_unit", "resp_leader", "resp_person", "contact", "co_units", "handed_on", "due_on",
                               "report_cycle", "next_report_on", "lasting_on", "returned_on", "return_reason")),
        Section("办理", ("matter_progress", "matter_extension", "matter_urging")),
        Section("报结与销号", ("finished_on", "result_text", "reviewer", "review_result", "review_opinion", "closed_on",
                               "stopped_on", "stop_reason", "remarks")),
        Section("结论与复核", ("conclusion_on", "objected_on", "review_due_on", "decided_on", "proposal")),
    )  # fmt: skip

    _dated: Any = lasting_on.is_null() & stopped_on.is_null()
    _total = Count("sup_matter", "督查事项", "立项日期在期内的督查事项。", unit="项", monthly=64)
    _closed: Any = _dated & closed_on.is_null(False)
    FIGURES = (
        _total,
        Count("sup_by_unit", "督查事项（按牵头单位）", "督查事项按牵头单位分列。", unit="项", by="lead_unit"),
        Count("sup_finished", "报结", "承办单位报办结的日期在期内的事项，不论审核与否。", unit="项", on="finished_on"),
        Count("sup_closed", "督查事项销号", "督查室审核后销号的日期在期内的事项。", unit="项", on="closed_on",
              monthly=65),
        Count("sup_open", "在办督查事项", "期末尚未销号或中止的事项，含长期坚持。", unit="项", until="ended_on",
              monthly=66),
        Count("sup_overdue", "督查事项逾期", "期末已过办理时限（批准延期的按新时限）而未销号的事项；长期坚持的不计。",
              unit="项", on="due_on", where=_dated, until="ended_on", monthly=67),
        Count("sup_not_urged", "逾期未催办", "逾期的督查事项中没有催办记录的。", unit="项", on="due_on",
              where=_dated & urged_on.is_null(), until="ended_on"),
        Count("sup_longterm", "长期坚持的督查事项", "期末长期坚持的事项；按周期反馈，不计逾期。", unit="项",
              where=lasting_on.is_null(False), until="ended_on"),
        Rate("sup_done_rate", "督查事项办结率", "立项日期在期内的事项中已销号的÷立项日期在期内的事项。",
             part=Count("sup_done", "办结", "立项日期在期内、已销号的事项。", unit="项",
                        where=closed_on.is_null(False)), base=_total),
        Rate("sup_ontime_rate", "督查事项按时办结率", "时限在期内的事项中按时报结并销号的÷时限在期内的事项；"
             "批准延期的按新时限，长期坚持、中止的不计。", by="lead_unit", monthly=68,
             part=Count("sup_ontime", "按时办结", "时限在期内、不晚于时限报结并已销号的事项。", unit="项", on="due_on",
                        where=_closed & (finished_on <= pw.SQL("due_on"))),
             base=Count("sup_due", "应办结", "时限在期内的事项；长期坚持、中止的不计。", unit="项", on="due_on",
                        where=_dated)),
        Count("sup_extended", "延期的督查事项", "时限在期内的事项中批准过延期的。", unit="项", on="due_on",
              where=_dated & pw.SQL("first_due_on IS NOT NULL"), monthly=69),
        Rate("sup_report_rate", "督查事项反馈率", "交办日期在期内的事项中已有反馈的÷交办日期在期内的事项。",
             part=Count("sup_reported", "已反馈", "交办日期在期内、已有进展的事项。", unit="项", on="handed_on",
                        where=reported_on.is_null(False)),
             base=Count("sup_handed", "交办", "交办日期在期内的事项。", unit="项", on="handed_on")),
        Mean("sup_avg_wd", "督查事项平均办理用时", "销号日期在期内的事项从交办到报结的平均工作日数。",
             of=Count("sup_ended", "已销号", "销号日期在期内的事项。", unit="项", on="closed_on"),
             start="handed_on", end="finished_on"),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """Take progress and urging from their lines; set the limits of the matter, its next report, a review."""
        reports = lines.by_date(self.lines(MatterProgress))
        self.reported_on = reports[-1].on if reports else None
        self.percent = next((report.percent for report in reversed(reports) if report.percent is not None), None)
        self.urged_on = max((urging.on for urging in self.lines(MatterUrging) if urging.on), default=None)
        self.ended_on = self.closed_on or self.stopped_on
        review = rules.due(REVIEW, self.objected_on)
        self.review_due_on = review.on if review else None
        if self.lasting_on:
            self.due_on, self.due_rule, self.due_basis = None, "", ""
        else:
            is_urgent = self.urgency not in ("", "平件")
            self.set_due(rules, "supervision_matter.urgent" if is_urgent else "", self.handed_on)
        self._derive_report(rules)

    def _derive_report(self, rules: Rulebook) -> None:
        """The first report is due by the rule of the source, every later one by the cycle; the words name the rules."""
        first = "" if self.reported_on else rules.term("matter_source", self.source).group
        key = first or rules.term("report_cycle", self.report_cycle).group
        due = None if self.ended_on or self.finished_on else rules.due(key, self.reported_on or self.handed_on)
        self.next_report_on = due.on if due else None

    @property
    def time_limit(self) -> str:
        """办理时限：the day, or that it lasts."""
        return LASTING if self.lasting_on else str(self.due_on or "")

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Dates in their order; closing is the reviewer's, not the unit's; what is late was urged."""
        yield from super().problems(rules)
        for later, earlier in (
            ("handed_on", "set_up_on"), ("due_on", "set_up_on"), ("lasting_on", "set_up_on"),
            ("returned_on", "handed_on"), ("finished_on", "handed_on"), ("closed_on", "finished_on"),
            ("stopped_on", "set_up_on"), ("objected_on", "conclusion_on"), ("decided_on", "objected_on"),
        ):  # fmt: skip
            yield from self.not_before(later, earlier)
        yield from lines.progress_problems(self.lines(MatterProgress))
        yield from self._out_of_order()
        yield from self._incomplete(rules)
        yield from self._review_problems(rules)

    def _out_of_order(self) -> Iterator[Problem]:
        if self.handed_on and not self.set_up_on:
            yield Problem("set_up_on", "交办前要先立项：请填立项日期")
        if self.finished_on and not self.handed_on:
            yield Problem("handed_on", "还没有交办就报结：请先填交办日期", asker="finished_on")
        if self.closed_on and not self.finished_on:
            yield Problem("finished_on", "销号前要有承办单位的报结日期", asker="closed_on")
        if self.closed_on and not self.reviewer:
            yield Problem("reviewer", "销号要有审核人：承办单位报办结不等于销号", asker="closed_on")
        if self.closed_on and self.review_result and self.review_result != "通过":
            yield Problem("review_result", f"审核结论为“{self.review_result}”，不能销号")

    def _incomplete(self, rules: Rulebook) -> Iterator[Problem]:
        is_cyclic = bool(rules.term("report_cycle", self.report_cycle).group)
        if self.lasting_on and not is_cyclic:
            yield Problem("report_cycle", "长期坚持的要定反馈周期", "missing")
        if self.handed_on and not self.lasting_on and not self.due_on:
            yield Problem("due_on", "交办的事项要有办理时限；长期坚持的填转长期日期", "missing")
        yield from self.at_most(rules, RETURN, "returned_on", "handed_on")
        named = len(self.referrers())
        if self.id and self.handed_on and not named and not self.ended_on:
            yield Problem("handed_on", "已交办，但还没有督办通知列入本事项", "note")
        is_late = self.due_on and self.due_on < rules.today and not (self.finished_on or self.ended_on)
        if is_late and named < 2 and not self.urged_on:  # a second notice urges
            yield Problem("matter_urging", f"已过办理时限{self.due_on}，还没有催办记录", "missing")

    def _review_problems(self, rules: Rulebook) -> Iterator[Problem]:
        yield from self.at_most(rules, OBJECTION, "objected_on", "conclusion_on")
        if self.objected_on and self.review_due_on and (self.decided_on or rules.today) > self.review_due_on:
            yield Problem("decided_on", f"复核决定应在{self.review_due_on}前作出", "missing")
