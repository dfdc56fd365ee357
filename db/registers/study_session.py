"""学习: study sessions of the leading group and the office, with what was studied and who was there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import peewee as pw

from db.record import (
    Count,
    DateField,
    DecimalField,
    DocumentNumberField,
    FlagField,
    Line,
    LineField,
    MonthList,
    Move,
    NumberField,
    Numbering,
    ParagraphField,
    Passage,
    PersonField,
    Problem,
    Rate,
    Record,
    Rulebook,
    Section,
    Stage,
    Sum,
    TermField,
    TermsField,
    forward,
)  # fmt: skip

PRESENT, OBSERVER, MADE_UP = "出席", "列席", "补学"


class StudyItem(Line):
    """One law, document or speech that was studied; the annual report lists these titles in 《》."""

    TITLE = "学习内容"
    COLUMNS = ("title", "kind", "doc_no")
    MUSTS = ("title",)

    owner = pw.DeferredForeignKey("StudySession", on_delete="CASCADE")
    title = LineField("篇目")
    kind = TermField("类别", "study_item_kind")
    doc_no = DocumentNumberField("文号")


class Attendance(Line):
    """One person of the session: present, excused, absent or observing; who missed it may make it up later."""

    TITLE = "出席情况"
    COLUMNS = ("person", "post", "status", "made_up_on")
    MUSTS = ("person", "status")
    TAKEN_OVER = ("person", "post")

    owner = pw.DeferredForeignKey("StudySession", on_delete="CASCADE")
    person = PersonField("姓名")
    post = LineField("职务")
    status = TermField("状态", "attendance", default_word=PRESENT)
    made_up_on = DateField("补学日期")


class Speaker(Line):
    """One of the main speakers and the topic."""

    TITLE = "重点发言"
    COLUMNS = ("person", "topic")
    MUSTS = ("person",)

    owner = pw.DeferredForeignKey("StudySession", on_delete="CASCADE")
    person = PersonField("发言人")
    topic = LineField("题目")


class StudySession(Record):
    """One session (党委（党组）理论学习中心组学习规则 2017; 国家工作人员学法用法意见 2016)."""

    TITLE, VERB, ICON, ORDER = "学习", "登记学习", "study", 30
    ABOUT = "登记中心组学习和集体学法：学了什么、谁到了、谁请假，每月至少一次。"
    BUSINESS_DATE = "held_on"
    TWINS = (("held_on", "series"),)
    MONTH_GROUP = "学习和普法"
    NUMBERING = Numbering("第{sequence}次")
    STAGES = (
        Stage("planned", "计划"),
        Stage("announced", "已通知"),
        Stage("held", "已举行", closed=True),
        Stage("filed", "资料归档", closed=True),
        Stage("cancelled", "取消", closed=True, side=True),
    )
    MOVES = (
        *forward(
            ("planned", (), ""),
            ("announced", ("announced_on",), "通知"),
            ("held", ("held_on", "study_item", "attendance"), "已举行"),
            ("filed", ("held_on", "study_item", "filed_on"), "资料归档"),
        ),
        Move("planned", "cancelled", ("cancel_reason",), "取消"),
        Move("announced", "cancelled", ("cancel_reason",), "取消"),
        Move("cancelled", "planned", verb="恢复", clears=("cancel_reason",)),
    )

    series = TermField("类别", "study_kind", default_word="党组理论学习中心组")
    held_on = DateField("日期")
    started_at = LineField("开始", "如9:00", is_time=True)
    ended_at = LineField("结束", "如11:30", is_time=True)
    place = LineField("地点")
    form = TermsField("形式", "study_form", default_word="集体学习研讨")
    is_law_study = FlagField("学法", "计入“集体学法”次数", default=True)
    title = LineField("主题", "留空则取学习内容的篇目")
    host = PersonField("主持人")
    recorder = PersonField("记录人")
    secretary = PersonField("学习秘书")
    hours = DecimalField("学时", "以0.5为单位", unit="学时")
    outcome = TermsField("学习成果", "study_outcome")
    announced_on = DateField("通知日期")
    summary = ParagraphField("讨论要点")
    cancel_reason = LineField("取消或延期原因")
    filed_on = DateField("归档日期")
    remarks = LineField("备注")
    present = NumberField("实到", unit="人")
    expected = NumberField("应到", unit="人")

    LINES = (StudyItem, Attendance, Speaker)
    MUSTS = ("held_on", "series", "form")
    EXPECTED = ("host", "recorder", "study_item", "attendance", "hours")
    COLUMNS = ("number", "held_on", "series", "title", "host")
    BOOK = ("number", "held_on", "series", "title", "form", "host", "expected", "present", "hours", "stage")
    HOLDER = "host"
    EVERY_MONTH = "study_law"
    MONTH_LIST = MonthList("学习情况", (("number", 44), ("held_on", 60), ("series", 100), ("study_item", 0),
                                        ("expected", 34), ("present", 34), ("attendance_rate", 44)))  # fmt: skip
    PINNED = ("series", "place", "host")
    ENTRY = ("series", "held_on", "started_at", "ended_at", "place", "form", "is_law_study", "hours", "host",
             "recorder", "study_item", "attendance")  # fmt: skip
    FORM = (
        Section("基本信息", ("series", "held_on", "started_at", "ended_at", "place", "form", "is_law_study", "hours",
                             "host", "recorder", "secretary", "number", "title")),
        Section("学习内容", ("study_item", "speaker")),
        Section("出席情况", ("attendance",)),
        Section("归档", ("announced_on", "outcome", "summary", "filed_on", "cancel_reason", "remarks")),
    )  # fmt: skip

    _held = ("held", "filed")
    _together: Any = form.contains("集体")
    FIGURES = (
        Count("study_total", "学习次数", "日期在期内、已举行的各类学习。", unit="次", stages=_held),
        Count("study_law", "集体学法", "日期在期内、已举行、标为学法且形式为集体学习的次数；个人自学不计。", unit="次",
              where=_together & is_law_study, stages=_held, monthly=85),
        Count("study_items", "学习篇目", "期内各次学习的篇目，同名的只计一个。", unit="个", of=StudyItem,
              distinct="title", stages=_held, monthly=86),
        Rate("study_attend_rate", "学习出勤率", "各次实到人数之和÷应到人数之和；列席不计。", monthly=87,
             part=Sum("study_present", "实到人数", "写了应到人数的各次实到人数之和。", unit="人次", field="present",
                      where=expected.is_null(False), stages=_held),
             base=Sum("study_expected", "应到人数", "各次应到人数之和，列席不计。", unit="人次", field="expected",
                      stages=_held)),
        Rate("study_makeup_rate", "补学率", "请假、缺席后已补学的÷请假和缺席的。",
             part=Count("study_made_up", "已补学", "请假、缺席后已补学的人次。", unit="人次", of=Attendance,
                        where=Attendance.status.not_in((PRESENT, OBSERVER)) & Attendance.made_up_on.is_null(False),
                        stages=_held),
             base=Count("study_absent", "请假和缺席", "请假和缺席的人次。", unit="人次", of=Attendance,
                        where=Attendance.status.not_in((PRESENT, OBSERVER)), stages=_held)),
    )  # fmt: skip

    PASSAGES = (
        Passage(Count("study_titles", "学习的文件", "期内各次学习的篇目，同名的只写一次。", unit="部", of=StudyItem,
                      stages=_held),
                fields=("title",), form="titles"),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:  # noqa: ARG002  nothing here depends on the rules
        """Set title from the items, and the numbers of those expected and present."""
        if not self.title:
            titles = [item.title for item in self.lines(StudyItem) if item.title]
            self.title = "；".join(titles)[:200] or (f"{self.held_on.month}月学习" if self.held_on else "")
        members = [row for row in self.lines(Attendance) if row.person and row.status != OBSERVER]
        if members:
            self.expected = len(members)
            self.present = sum(row.status == PRESENT for row in members)

    @property
    def attendance_rate(self) -> str:
        """出勤率：present ÷ expected in per cent with one decimal, half up; "—" when nobody was expected."""
        if not self.expected:
            return "—"
        return f"{(Decimal(self.present or 0) * 100 / self.expected).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """No item twice, no person twice, no more present than expected; a rest day and self-study are noted."""
        yield from super().problems(rules)
        for kind, name, what in ((StudyItem, "title", "篇目"), (Attendance, "person", "姓名")):
            for text, times in Counter(getattr(row, name).strip("《》 ") for row in self.lines(kind)).items():
                if text and times > 1:
                    yield Problem(kind.key(), f"{what}“{text}”写了{times}次", "note" if kind is StudyItem else "must")
        if self.held_on and self.stage != "cancelled" and not rules.days.is_workday(self.held_on):
            yield Problem("held_on", f"{self.held_on}是休息日，请核对", "note")
        if self.held_on and self.held_on > rules.today and self.lines(Attendance):
            yield Problem("held_on", f"日期{self.held_on}在今天之后，却已有出席记录", "note")
        if self.is_law_study and self.form and "集体" not in self.form:
            yield Problem("form", f"“{self.form}”不计入集体学法次数", "note")
        if self.expected is not None and (self.present or 0) > self.expected:
            yield Problem("present", f"实到{self.present}人多于应到{self.expected}人")
        if self.hours is not None and (self.hours <= 0 or self.hours * 2 % 1):
            yield Problem("hours", "学时以0.5为单位，要大于0")
        yield from self._repeated()

    def _repeated(self) -> Iterator[Problem]:
        twin = self.twin("series", "held_on", told=("series", "number"))
        if twin:
            yield Problem("held_on", f"同一天已登记{twin.series}{twin.number}", "note", (self.key(), twin.id))
