"""普法: legal publicity, who it was for and how many it reached."""

from __future__ import annotations

from collections.abc import Iterator

import peewee as pw

from db.record import (
    Clock,
    Count,
    DateField,
    DecimalField,
    Line,
    LineField,
    Move,
    NumberField,
    Numbering,
    ParagraphField,
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
    UnitField,
    UnitsField,
    forward,
)  # fmt: skip

ONLINE = ("新媒体", "网络")  # forms and venues whose audience is counted in views, not in people


class PublicityLaw(Line):
    """One law that was made known."""

    TITLE = "涉及法律"
    COLUMNS = ("title",)
    MUSTS = ("title",)

    owner = pw.DeferredForeignKey("PublicityEvent", on_delete="CASCADE")
    title = LineField("名称")


class PublicityEvent(Record):
    """One event of legal publicity, planned or held (法治宣传教育法, in force 2025-11-01; 谁执法谁普法)."""

    TITLE, VERB, ICON, ORDER = "普法", "登记活动", "law", 110
    ABOUT = "登记普法宣传活动：讲了什么法、面向谁、多少人，年度报告按受众统计。"
    BUSINESS_DATE = "held_on"
    TWINS = (("title", "held_on"),)
    MONTH_GROUP = "学习和普法"
    NUMBERING = Numbering("普{year}-{sequence:02}")
    STAGES = (
        Stage("planned", "计划"),
        Stage("held", "实施", closed=True),
        Stage("filed", "总结归档", closed=True),
        Stage("cancelled", "取消", closed=True, side=True),
    )
    MOVES = (
        *forward(
            ("planned", (), ""),
            ("held", ("held_on", "people"), "已实施"),
            ("filed", ("held_on", "people", "filed_on"), "归档"),
        ),
        Move("planned", "cancelled", ("cancel_reason",), "取消"),
        Move("cancelled", "planned", verb="恢复", clears=("cancel_reason",)),
    )

    held_on = DateField("活动日期", "计划中的填计划日期", planned=True)
    title = LineField("活动名称")
    place = LineField("地点")
    theme = LineField("主题")
    organiser = UnitField("主办")
    partners = UnitsField("协办")
    contact = PersonField("负责人")
    form = TermsField("形式", "publicity_form")
    venue_kinds = TermsField("进何处", "publicity_venue", "法律进机关、乡村、社区……")
    audience = TermField("受众", "publicity_audience")
    audience_group = pw.TextField(default="")
    people = NumberField("人数", "到场的人数；线上的另填浏览量", unit="人")
    views = NumberField("浏览量", "线上浏览，不计入人数", unit="次")
    materials = NumberField("发放资料", unit="份")
    plan_item = LineField("计划项", "普法责任清单中的项目")
    cost = DecimalField("经费", unit="元")
    url = LineField("链接")
    summary = ParagraphField("活动小结", lines=2)
    cancel_reason = LineField("取消原因")
    filed_on = DateField("归档日期")
    remarks = LineField("备注")

    LINES = (PublicityLaw,)
    MUSTS = ("held_on", "title", "audience")
    EXPECTED = ("place", "theme", "organiser", "form", "publicity_law")
    COLUMNS = ("number", "held_on", "title", "audience", "people")
    BOOK_TITLE = "普法活动台账"
    BOOK = ("number", "held_on", "title", "place", "organiser", "form", "audience", "people", "materials", "stage")
    HOLDER = "organiser"
    PINNED = ("organiser", "held_on")
    ENTRY = ("held_on", "title", "place", "theme", "organiser", "form", "venue_kinds", "audience", "people", "views",
             "materials", "plan_item", "publicity_law")  # fmt: skip
    FORM = (
        Section("活动", ("held_on", "place", "title", "theme", "organiser", "contact", "partners", "form",
                         "venue_kinds", "number", "plan_item")),
        Section("法律与受众", ("publicity_law", "audience", "people", "views", "materials", "cost")),
        Section("总结归档", ("summary", "url", "filed_on", "cancel_reason", "remarks")),
    )  # fmt: skip

    _held = ("held", "filed")
    _all = Count("pub_held", "普法活动", "日期在期内、已实施的普法活动。", unit="场", stages=_held)
    FIGURES = (
        Count("pub_events", "普法活动", "日期在期内、已实施的普法活动。", unit="场", stages=_held, monthly=88),
        Sum("pub_people", "普法受众", "期内各场活动到场人数之和，线上浏览不计。", unit="人次", field="people",
            stages=_held, monthly=89),
        Sum("pub_views", "线上浏览", "期内各场活动线上浏览之和，不计入受众人数。", unit="次", field="views",
            stages=_held),
        Sum("pub_materials", "发放资料", "期内各场活动发放的资料。", unit="份", field="materials", stages=_held),
        Count("pub_by_audience", "普法活动按受众", "日期在期内、已实施的普法活动，按受众分。", unit="场",
              stages=_held, by="audience"),
        Rate("pub_public_share", "面向社会的占比", "面向群众、企业、学生等社会公众的活动÷全部活动。",
             part=Count("pub_public", "面向社会", "受众不是本单位干部的活动。", unit="场", stages=_held,
                        where=audience_group == "社会"),
             base=_all, monthly=90),
        Rate("pub_plan_rate", "普法计划完成率", "列入计划、已实施的活动÷列入计划的活动；取消的不减。",
             part=Count("pub_plan_done", "计划已实施", "列入普法责任清单、已实施的活动。", unit="场", stages=_held,
                        where=plan_item != ""),
             base=Count("pub_plan", "列入计划", "日期在期内、列入普法责任清单的活动。", unit="场",
                        where=plan_item != "")),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """The audience's class; until it is held the event is due on its planned day."""
        self.audience_group = rules.term("publicity_audience", self.audience).group
        done = self.held_on if self.people is not None or self.cancel_reason else None
        self.set_next_due(rules, Clock("按计划实施", on=self.held_on, done_on=done))

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """A past event has its number of people; views online are not people."""
        yield from super().problems(rules)
        yield from self.not_before("filed_on", "held_on")
        if self.held_on and self.held_on < rules.today and self.people is None and not self.cancel_reason:
            yield Problem("people", "活动日期已过，请填人数；没有举行的写取消原因", "missing")
        if self.held_on and self.held_on > rules.today and self.people is not None:
            yield Problem("held_on", f"活动日期{self.held_on}在今天之后，却已有人数", "note")
        used = {word for value in (self.form, self.venue_kinds) for word in value.split("、") if word}
        if used and used <= set(ONLINE) and self.people:
            yield Problem("people", "只在线上的活动请填浏览量，不要算作人数", "note")
        titles = [law.title.strip("《》 ") for law in self.lines(PublicityLaw)]
        for title in sorted({title for title in titles if titles.count(title) > 1}):
            yield Problem("publicity_law", f"“{title}”写了{titles.count(title)}次", "note")
        twin = self.twin("held_on", "title", told=("number",))
        if twin:
            yield Problem("title", f"与{twin.number}同一天、同名，请核对是否重复登记", "note", (self.key(), twin.id))
