"""整改: problems found, their causes, the measures against them, and their closing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import peewee as pw

from db import lines
from db.record import (
    Count,
    DateField,
    Line,
    LineField,
    MonthList,
    Move,
    Numbering,
    ParagraphField,
    Passage,
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

OF_REPORT = "年度报告存在问题"  # the source of the problems that the annual report names
LASTING = "长期坚持"
REVIEW_RULES = {"每季度": "rectification.quarter", "每半年": "rectification.half_year", "每年": "rectification.year"}


class Measure(Line):
    """One measure with its own time limit and evidence."""

    TITLE = "整改措施"
    COLUMNS = ("text", "due_on", "done_on", "evidence")
    MUSTS = ("text",)

    owner = pw.DeferredForeignKey("RectificationPlan", on_delete="CASCADE")
    text = ParagraphField("措施")
    due_on = DateField("时限", planned=True)
    done_on = DateField("完成日期")
    evidence = LineField("佐证")


class Progress(lines.Progress):
    """One report on the state of the work."""

    owner = pw.DeferredForeignKey("RectificationPlan", on_delete="CASCADE")


class RectificationPlan(Record):
    """One problem and its plan (三张清单: 新增、推进、销号)."""

    TITLE, VERB, ICON, ORDER = "整改", "登记问题", "rectify", 90
    ABOUT = "登记查找出的问题、原因、整改措施和进展，完成后由验收人销号。"
    BUSINESS_DATE = "found_on"
    TWINS = (("title", "found_on"),)
    MONTH_GROUP = "整改"
    NUMBERING = Numbering("整{year}-{sequence:02}")
    STAGES = (
        Stage("new", "新增"),
        Stage("working", "整改中"),
        Stage("mostly", "基本完成"),
        Stage("finished", "待验收"),
        Stage("closed", "销号", closed=True),
        Stage("lasting", LASTING, side=True),
    )
    MOVES = (
        *forward(
            ("new", (), ""),
            ("working", ("measure",), "开始整改"),
            ("mostly", (), "基本完成"),
            ("finished", ("self_finished_on",), "报完成"),
            ("closed", ("reviewer", "reviewed_on", "closed_on"), "销号"),
        ),
        Move("working", "lasting", verb="转长期坚持"),
        Move("lasting", "closed", ("reviewer", "reviewed_on", "closed_on"), "销号"),
        Move("finished", "working", verb="退回重改", clears=("self_finished_on", "reviewed_on", "closed_on")),
        Move("closed", "working", verb="重新整改", clears=("self_finished_on", "reviewed_on", "closed_on")),
    )

    found_on = DateField("发现日期")
    source = TermField("问题来源", "issue_source")
    source_ref = LineField("来源文号")
    title = LineField("问题")
    cause = ParagraphField("原因", "年度报告必须写明原因", lines=2)
    category = TermField("问题类别", "issue_category")
    target = ParagraphField("整改目标", "写得可以衡量", lines=2)
    resp_leader = PersonField("责任领导")
    lead_unit = UnitField("责任单位")
    co_units = UnitsField("配合单位")
    resp_person = PersonField("责任人")
    rect_kind = TermField("整改类型", "rectification_kind", default_word="限期整改")
    review_cycle = TermField("复查周期", "review_cycle", "长期坚持的填")
    last_review_on = DateField("上次复查")
    next_review_on = DateField("下次复查", planned=True)
    self_finished_on = DateField("自报完成")
    reviewer = PersonField("验收人")
    reviewed_on = DateField("验收日期")
    review_result = TermField("验收结论", "review_result")
    return_reason = LineField("退回原因")
    evidence = LineField("佐证材料")
    closed_on = DateField("销号日期")
    recurrence_of = ReferenceField("复发于", "rectification_plan", "以前同一问题的编号")
    remarks = LineField("备注")

    LINES = (Measure, Progress)
    MUSTS = ("found_on", "title")
    EXPECTED = ("source", "cause", "target", "resp_leader", "lead_unit", "resp_person", "measure")
    COLUMNS = ("number", "found_on", "title", "lead_unit", "resp_person")
    BOOK_TITLE = "问题整改台账"
    BOOK = ("number", "found_on", "title", "cause", "resp_leader", "lead_unit", "resp_person", "due_on", "closed_on",
            "stage")  # fmt: skip
    FINISHED, HOLDER = "closed_on", "lead_unit"
    MONTH_LIST = MonthList("整改情况", (("number", 62), ("title", 150), ("lead_unit", 70), ("time_limit", 58),
                                        ("stage", 44), ("progress", 0)), until="closed_on")  # fmt: skip
    SETBACK = "progress"
    PINNED = ("source", "found_on")
    ENTRY = ("found_on", "source", "title", "cause", "target", "resp_leader", "lead_unit", "resp_person", "rect_kind",
             "due_on", "review_cycle", "measure")  # fmt: skip
    FORM = (
        Section("问题", ("found_on", "source", "source_ref", "category", "title", "cause", "recurrence_of", "number")),
        Section("责任与时限", ("target", "resp_leader", "lead_unit", "resp_person", "co_units", "rect_kind", "due_on",
                               "review_cycle", "last_review_on", "next_review_on")),
        Section("措施与进展", ("measure", "progress")),
        Section("验收销号", ("self_finished_on", "evidence", "reviewer", "reviewed_on", "review_result", "closed_on",
                             "return_reason", "remarks")),
    )  # fmt: skip

    _dated: Any = rect_kind != LASTING
    _due = Count("issue_due", "应完成", "完成时限在期内的问题；长期坚持的不计。", unit="个", on="due_on",
                 where=_dated)  # fmt: skip
    FIGURES = (
        Count("issue_total", "查找问题", "发现日期在期内的问题。", unit="个", monthly=170),
        Count("issue_closed", "整改问题销号", "销号日期在期内的问题。", unit="个", on="closed_on", monthly=171),
        Count("issue_open", "整改中", "期末尚未销号的问题，不含长期坚持。", unit="个", where=_dated, until="closed_on",
              monthly=172),
        Count("issue_overdue", "整改逾期", "期末已过完成时限而未销号的问题；长期坚持的不计。", unit="个", on="due_on",
              where=_dated, until="closed_on"),
        Count("issue_longterm", "长期坚持", "期末长期坚持的问题；有复查周期，不计逾期。", unit="个",
              where=rect_kind == LASTING, until="closed_on"),
        Rate("issue_done_rate", "整改完成率", "时限在期内的问题中已自报完成或销号的÷时限在期内的问题。",
             part=Count("issue_done", "已完成", "时限在期内、已自报完成或销号的问题。", unit="个", on="due_on",
                        where=_dated & (self_finished_on.is_null(False) | closed_on.is_null(False))),
             base=_due),
    )  # fmt: skip

    _told: Any = source == OF_REPORT
    PASSAGES = (
        Passage(Count("problems", "存在问题", "发现日期在期内、来源为年度报告存在问题的问题和原因。", unit="个",
                      where=_told),
                fields=("title", "cause")),
        Passage(Count("plans", "整改措施", "发现日期在期内、来源为年度报告存在问题的各项整改措施。", unit="条",
                      of=Measure, where=_told),
                fields=("text",)),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """Set the next review of a lasting matter, and the time limit from the measures when none is given."""
        if self.rect_kind == LASTING:
            self._derive_review(rules)
        elif not self.due_on or self.due_rule:
            dues = [measure.due_on for measure in self.lines(Measure) if measure.due_on]
            self.due_on, self.due_rule = (max(dues), "measures") if dues else (None, "")
            self.due_basis = "取各项措施中最晚的时限" if dues else ""

    def _derive_review(self, rules: Rulebook) -> None:
        self.due_on, self.due_rule, self.due_basis = None, "", ""
        start: date | None = self.last_review_on or self.found_on
        due = rules.due(REVIEW_RULES.get(self.review_cycle, ""), start) if start else None
        if due:
            self.next_review_on = due.on
        if self.stage in ("", "new", "working") and self.lines(Measure):
            self.stage = "lasting"

    @property
    def time_limit(self) -> str:
        """完成时限：the day, or that it lasts."""
        return LASTING if self.rect_kind == LASTING else str(self.due_on or "")

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """A lasting matter has a cycle and no date, others a date; nothing is closed without reviewer and evidence."""
        yield from super().problems(rules)
        yield from self.not_before("due_on", "found_on")
        yield from self.not_before("self_finished_on", "found_on")
        yield from self.not_before("reviewed_on", "self_finished_on")
        yield from self.not_before("closed_on", "reviewed_on")
        if self.rect_kind == LASTING and not self.review_cycle:
            yield Problem("review_cycle", "长期坚持的要填复查周期", "missing")
        if self.rect_kind != LASTING and not self.due_on:
            yield Problem("due_on", "限期整改的要填办理时限", "missing")
        if self.closed_on and not (self.reviewer and self.reviewed_on):
            lacking = "reviewed_on" if self.reviewer else "reviewer"
            yield Problem(lacking, "销号要有验收人和验收日期", asker="closed_on")
        if self.closed_on and self.review_result and self.review_result != "通过":
            yield Problem("review_result", f"验收结论为“{self.review_result}”，不能销号")
        if self.closed_on and not (self.evidence or any(measure.evidence for measure in self.lines(Measure))):
            yield Problem("evidence", "销号要有佐证材料", "missing")
        yield from lines.progress_problems(self.lines(Progress))
