"""重大决策: major administrative decisions, from the yearly catalogue through every step of their procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import peewee as pw

from db.record import (
    ApplicableField,
    Clock,
    Count,
    DateField,
    FlagField,
    Line,
    LineField,
    MonthList,
    Move,
    NumberField,
    Numbering,
    ParagraphField,
    PersonField,
    PersonsField,
    Problem,
    Rate,
    Record,
    ReferenceField,
    Rulebook,
    Section,
    Stage,
    Step,
    Sum,
    TermField,
    TermsField,
    UnitField,
    UnitsField,
    YearField,
    forward,
)  # fmt: skip

CLOSED_BY_LAW = "依法不予公开"
HELD_HEARING = "听证会"
ILLEGAL, PARTLY_ILLEGAL, UNCONTROLLABLE = "不合法", "部分不合法", "不可控"

DRAFT = Step("公平竞争审查（第29条）", ("fair_on", "fair_result"), ("fair_on",), "fair", "fair_reason")
PUBLIC = Step("公众参与（第14—18条）",
              ("public_methods", "public_from", "public_to", "public_url", "public_short_reason", "received",
               "adopted", "rejected", "adoption_note"), ("public_methods", "public_to"), "public",
              "public_reason")  # fmt: skip
EXPERT = Step("专家论证（第19—21条）", ("expert_form", "expert_on", "expert_unit", "expert_signed", "expert_opinion",
                                        "decision_expert"), ("expert_on",), "expertise", "expert_reason")  # fmt: skip
RISK = Step("风险评估（第22—24条）", ("risk_unit", "risk_on", "risk_level", "risk_result", "risk_points",
                                      "risk_measures"), ("risk_on", "risk_result"), "risk", "risk_reason")  # fmt: skip
LEGAL = Step("合法性审查（第25—28条）", ("legal_sent_on", "legal_done_on", "legal_reviewer", "legal_counsel",
                                         "legal_result", "legal_short_reason", "is_exploratory", "reform_risk"),
             ("legal_done_on", "legal_result"))  # fmt: skip
COLLECTIVE = Step("集体讨论（第30条）", ("meeting_kind", "meeting_no", "decided_on", "attendees", "dissent",
                                         "chief_last"), ("decided_on",))  # fmt: skip
PARTY = Step("请示报告（第31条）", ("party_on", "party_number"), ("party_on",), "party", "party_reason")
PUBLISH = Step("公布与解读（第32条）", ("published_on", "decision_number", "channels", "norm_number",
                                        "interpreted_on", "interpretation"), ("published_on",), "publish",
               "publish_reason")  # fmt: skip
ASSESS = Step("后评估（第36条）", ("assessor", "assessed_on", "assess_result"), ("assessed_on",), "assess",
              "assess_reason")  # fmt: skip
# What must be behind a decision, and what the steps are called in figures (domain.md 15A, 程序完备率).
NEEDED = {"公众参与": PUBLIC, "专家论证": EXPERT, "风险评估": RISK, "合法性审查": LEGAL, "集体讨论": COLLECTIVE}
_ORDER = ("proposed", "catalogued", "started", "drafted", "consulted", "appraised", "reviewed", "decided", "published",
          "executing", "assessed")  # fmt: skip


def _settled(key: str, title: str, open_steps: Any, total: Count) -> Rate:
    """The share of decisions in which one step is done or left out with a reason."""
    share = f"{title}已完成或者写明不适用理由的"
    part = Count(f"dec_{key}", f"{title}的决策", f"期内作出、{share}决策。", on="decided_on",
                 where=pw.fn.INSTR(open_steps, title) == 0)  # fmt: skip
    return Rate(f"dec_{key}_rate", f"{title}率", f"期内作出的决策中{share}÷重大行政决策。", part, total)


class DecisionExpert(Line):
    """One expert of the appraisal (713号令 §§19–21): nobody with an interest in the matter."""

    TITLE = "论证专家"
    COLUMNS = ("person", "unit", "subject", "opinion", "has_conflict")
    MUSTS = ("person",)

    owner = pw.DeferredForeignKey("MajorDecision", on_delete="CASCADE")
    person = PersonField("姓名")
    unit = UnitField("单位")
    subject = LineField("专业")
    opinion = LineField("意见")
    has_conflict = FlagField("利害关系")


class MajorDecision(Record):
    """One matter of the yearly catalogue (重大行政决策程序暂行条例, 国务院令第713号)."""

    TITLE, VERB, ICON, ORDER = "重大决策", "登记决策", "decision", 70
    ABOUT = "登记列入年度目录的重大行政决策，逐步记下法定程序；不需要的程序写明理由。"
    BUSINESS_DATE, YEAR = "proposed_on", "year"  # the year of the catalogue
    TWINS = (("title",),)
    MONTH_GROUP = "决策和规范性文件"
    NUMBERING = Numbering("决策〔{year}〕{sequence}号", on="catalogued_on")
    STAGES = (
        Stage("proposed", "目录拟列"), Stage("catalogued", "已公布目录"), Stage("started", "启动"),
        Stage("drafted", "草案"), Stage("consulted", "征求意见"), Stage("appraised", "论证评估"),
        Stage("reviewed", "合法性审查"), Stage("decided", "集体讨论"), Stage("published", "已公布", settled=True),
        Stage("executing", "执行中", settled=True), Stage("assessed", "后评估"), Stage("ended", "终结", closed=True),
        Stage("suspended", "中止", side=True), Stage("adjusted", "调整", side=True),
        Stage("revoked", "撤销", closed=True, side=True),
    )  # fmt: skip
    MOVES = (
        *forward(
            ("proposed", (), ""),
            ("catalogued", ("catalogued_on",), "公布目录"),
            ("started", ("started_on",), "启动"),
            ("drafted", ("drafted_on",), "形成草案"),
            ("consulted", ("public_from",), "征求意见"),
            ("appraised", ("expert_on",), "论证评估"),
            ("reviewed", ("legal_done_on",), "合法性审查"),
            ("decided", ("decided_on",), "集体讨论"),
            ("published", ("published_on",), "公布"),
            ("executing", ("executed_from",), "开始执行"),
            ("assessed", ("assessed_on",), "后评估"),
            ("ended", ("ended_on",), "终结"),
        ),
        *(Move(source, "appraised", ("risk_on",), "论证评估") for source in _ORDER[:5]),
        *(
            Move(source, target, verb=verb)
            for target, verb in (("suspended", "中止"), ("adjusted", "调整"), ("revoked", "撤销"))
            for source in _ORDER
        ),
        *(Move(source, "started", verb="恢复") for source in ("suspended", "adjusted")),
        Move("suspended", "revoked", verb="撤销"),
        Move("ended", "executing", verb="恢复执行", clears=("ended_on",)),
    )

    proposed_on = DateField("提出日期", "列入目录的建议提出的日期")
    in_catalogue = FlagField("列入目录", default=True)
    catalogue_year = YearField("目录年度", "留空取公布目录的年份")
    catalogue_no = NumberField("目录序号")
    agreed_on = DateField("党委同意", "目录经同级党委同意的日期")
    catalogued_on = DateField("目录公布", "年度决策事项目录公布的日期")
    title = LineField("事项名称")
    category = TermField("类别", "decision_category")
    source = TermField("建议来源", "decision_source")
    lead_unit = UnitField("承办单位", "两个以上单位承办的，写牵头的")
    co_units = UnitsField("协办单位")
    legal_basis = ParagraphField("决策依据", lines=2)
    planned_on = DateField("计划完成", planned=True)
    is_secret = FlagField("不予公开", CLOSED_BY_LAW + "的，公众参与和公布自动标为不适用")
    secret_reason = ParagraphField("不公开理由", lines=1)
    started_on = DateField("启动日期", "决策机关决定启动决策程序的日期（第10、11条）")
    started_by = PersonField("批准人")
    drafted_on = DateField("草案日期", "决策草案形成的日期（第12、13条）")
    versions = NumberField("草案稿次", unit="稿")
    consulted_units = UnitsField("征求单位", "草案征求过意见的部门和单位")
    disagreement = ParagraphField("分歧说明", "与有关单位协商不成的，写明分歧和理由", lines=2)
    fair = ApplicableField("公平竞争", "涉及市场主体经济活动的应当审查", "")
    fair_reason = ParagraphField("免竞审理由", lines=1)
    fair_on = DateField("竞争审查日")
    fair_result = ParagraphField("竞审结论", lines=1)
    public = ApplicableField("公众参与")
    public_reason = ParagraphField("免参与理由", lines=1)
    public_methods = TermsField("参与方式", "public_method", default_word="公开征求意见")
    public_from = DateField("征求意见自", "决策草案公布的日期")
    public_to = DateField("征求意见至", planned=True)
    public_url = LineField("公布网址")
    public_short_reason = ParagraphField("缩短理由", "公开征求意见短于30日的，公告中说明的理由", lines=1)
    received = NumberField("收到意见", unit="条")
    adopted = NumberField("采纳意见", unit="条")
    rejected = NumberField("未采意见", unit="条")
    adoption_note = ParagraphField("采纳说明", lines=2)
    materials_on = DateField("材料送达", "决策草案等材料送达听证参加人的日期")
    heard_on = DateField("听证日期", planned=True)
    participants_published = FlagField("名单公布")
    record_signed = FlagField("笔录签字")
    expertise = ApplicableField("专家论证")
    expert_reason = ParagraphField("免论证理由", lines=1)
    expert_form = TermField("论证方式", "expert_form")
    expert_on = DateField("论证日期")
    expert_unit = UnitField("论证机构", "委托专业机构论证的填")
    expert_signed = FlagField("签字盖章")
    expert_opinion = ParagraphField("论证意见", lines=2)
    risk = ApplicableField("风险评估")
    risk_reason = ParagraphField("免评估理由", lines=1)
    risk_unit = UnitField("评估单位")
    risk_on = DateField("评估报告日")
    risk_level = TermField("风险等级", "risk_level")
    risk_result = TermField("风险结论", "risk_result")
    risk_points = ParagraphField("风险点", lines=2)
    risk_measures = ParagraphField("防控措施", lines=2)
    legal_sent_on = DateField("送审日期")
    legal_done_on = DateField("审查意见日")
    legal_reviewer = UnitField("审查机构")
    legal_counsel = PersonsField("法律顾问", "参加审查的法律顾问、公职律师")
    legal_result = TermField("审查结论", "legal_result")
    legal_short_reason = ParagraphField("缩短审查", "审查时间短于7个工作日的理由", lines=1)
    is_exploratory = FlagField("探索改革", "国家尚无明确规定的探索性改革决策事项（第25条）")
    reform_risk = ParagraphField("改革风险", "明示的法律风险", lines=1)
    meeting_kind = TermField("会议类别", "decision_meeting")
    meeting_no = LineField("会议届次")
    decided_on = DateField("讨论日期", "会议讨论作出决定的日期")
    attendees = PersonsField("出席人员")
    dissent = ParagraphField("不同意见", "如实记录；没有的写“无”", lines=2)
    chief_last = FlagField("末位表态", "行政首长最后发表意见", default=True)
    party = ApplicableField("请示报告", "按规定须向同级党委请示报告的", "")
    party_reason = ParagraphField("免请示理由", lines=1)
    party_on = DateField("请示日期")
    party_number = ReferenceField("请示文号", "outgoing")
    publish = ApplicableField("公布")
    publish_reason = ParagraphField("免公布理由", lines=1)
    published_on = DateField("公布日期")
    decision_number = ReferenceField("公布文号", "outgoing")
    norm_number = ReferenceField("规范文件", "normative_document", "同时是规范性文件的，写统一登记号")
    channels = TermsField("公布渠道", "publish_channel")
    interpreted_on = DateField("解读日期")
    interpretation = ParagraphField("解读方式", lines=1)
    archived_on = DateField("归档日期")
    archived_files = TermsField("归档材料", "decision_file")
    exec_unit = UnitField("执行单位")
    executed_from = DateField("执行日期")
    execution_note = ParagraphField("执行情况", lines=2)
    assess = ApplicableField("后评估", "效果不佳、意见较多或决策机关认为有必要的", "")
    assess_reason = ParagraphField("免后评理由", lines=1)
    assessor = UnitField("后评机构")
    assessed_on = DateField("后评日期")
    assess_result = ParagraphField("后评结论", lines=2)
    change_on = DateField("变动日期")
    change_reason = ParagraphField("变动理由", "中止、调整、撤销的写明", lines=1)
    corrected = TermField("被纠正", "correction", "被责令改正或者撤销的才填")
    corrected_on = DateField("纠正日期")
    ended_on = DateField("终结日期")
    remarks = ParagraphField("备注", lines=1)
    open_steps = LineField("未完程序")

    LINES = (DecisionExpert,)
    STEPS = (DRAFT, PUBLIC, EXPERT, RISK, LEGAL, COLLECTIVE, PARTY, PUBLISH, ASSESS)
    MUSTS = ("proposed_on", "title")
    EXPECTED = ("category", "source", "lead_unit", "legal_basis", "planned_on")
    COLUMNS = ("number", "proposed_on", "title", "lead_unit", "decided_on")
    BOOK_TITLE = "重大行政决策目录"
    BOOK = ("number", "title", "category", "lead_unit", "planned_on", "public_from", "expert_on", "risk_on",
            "legal_done_on", "decided_on", "published_on", "stage")  # fmt: skip
    FINISHED, HOLDER = "decided_on", "lead_unit"
    MONTH_LIST = MonthList("重大行政决策办理情况", (("number", 74), ("title", 0), ("lead_unit", 76), ("stage", 60),
                                                    ("open_steps", 120)), until="decided_on")  # fmt: skip
    PINNED = ("proposed_on", "catalogue_year", "agreed_on", "catalogued_on")
    ENTRY = ("proposed_on", "in_catalogue", "catalogue_year", "catalogue_no", "agreed_on", "catalogued_on", "title",
             "category", "source", "lead_unit", "co_units", "legal_basis", "planned_on")  # fmt: skip
    FORM = (
        Section("目录（第3条）", ("proposed_on", "in_catalogue", "catalogue_year", "catalogue_no", "agreed_on",
                                  "catalogued_on", "title", "category", "source", "lead_unit", "planned_on",
                                  "co_units", "legal_basis", "number", "is_secret", "secret_reason")),
        Section("启动与草案（第10—13条）", ("started_on", "started_by", "drafted_on", "versions", "consulted_units",
                                            "disagreement")),
        *DRAFT.sections(),
        *PUBLIC.sections(),
        Section("听证会（第16、17条）", ("materials_on", "heard_on", "participants_published", "record_signed"),
                when=("public_methods", (HELD_HEARING,))),
        *(section for step in (EXPERT, RISK, LEGAL, COLLECTIVE, PARTY, PUBLISH) for section in step.sections()),
        Section("执行与归档（第33、34条）", ("exec_unit", "executed_from", "execution_note", "archived_on",
                                            "archived_files")),
        *ASSESS.sections(),
        Section("变动与终结", ("change_on", "change_reason", "corrected", "corrected_on", "ended_on", "remarks")),
    )  # fmt: skip

    _total = Count("dec_total", "重大行政决策", "集体讨论决定日期在期内的决策；不是目录的件数。", on="decided_on",
                   monthly=80)  # fmt: skip
    FIGURES = (
        _total,
        Count("dec_catalogue", "决策目录事项", "目录公布日期在期内、列入年度目录的事项。", on="catalogued_on",
              where=in_catalogue),
        Count("dec_carried", "结转决策事项", "期末尚未作出决定的目录事项，结转下期；撤销的不计。", until="decided_on",
              where=in_catalogue, stages=(*_ORDER, "suspended", "adjusted")),
        Rate("dec_step_full", "决策程序完备率",
             "期内作出的决策中，公众参与、专家论证、风险评估、合法性审查、集体讨论都已完成或者写明不适用理由的÷重大行政决策。",
             part=Count("dec_full", "程序完备的决策", "期内作出、五步程序都已完成或者写明不适用理由的决策。",
                        on="decided_on", where=open_steps == ""),
             base=_total, monthly=81),
        _settled("public", "公众参与", open_steps, _total),
        _settled("expert", "专家论证", open_steps, _total),
        _settled("risk", "风险评估", open_steps, _total),
        _settled("legal", "合法性审查", open_steps, _total),
        Sum("dec_opinions", "收到公众意见", "征求意见截止日期在期内的决策收到的意见。", unit="条", on="public_to",
            field="received"),
        Sum("dec_opinions_adopted", "采纳公众意见", "征求意见截止日期在期内的决策采纳的意见。", unit="条",
            on="public_to", field="adopted"),
        Count("revoked", "被责令改正或撤销", "纠正日期在期内、被责令改正或者撤销的决策。", on="corrected_on",
              where=corrected != "", adds=True, nil="未发生"),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """The year of the catalogue, what a secret matter leaves out, which steps are open, and the planned end."""
        day = self.catalogued_on or self.proposed_on
        if not self.catalogue_year and day and self.in_catalogue:
            self.catalogue_year = day.year
        if not self.number and self.catalogue_year:
            self.year = self.catalogue_year
        if self.is_secret:
            for step in (PUBLIC, PUBLISH):
                setattr(self, step.applies, "不适用")
                if not self.filled(step.reason):
                    setattr(self, step.reason, self.secret_reason or CLOSED_BY_LAW)
        self.open_steps = "、".join(title for title, step in NEEDED.items() if not step.is_settled(self))
        planned = None if self.stage in ("suspended", "revoked") else self.planned_on  # the clock stands still
        self.set_next_due(rules, Clock("计划完成", on=planned, done_on=self.decided_on))

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """The procedure in its order, with the days that it takes at least; what may not be decided is not decided."""
        yield from super().problems(rules)
        yield from self._order(rules)
        yield from self._participation(rules)
        yield from self._blocks()
        yield from self._catalogue(rules)
        yield from self._end(rules)

    def _order(self, rules: Rulebook) -> Iterator[Problem]:
        for later, earlier in (
            ("started_on", "proposed_on"), ("drafted_on", "started_on"), ("public_to", "public_from"),
            ("legal_done_on", "legal_sent_on"), ("decided_on", "legal_done_on"), ("published_on", "decided_on"),
            ("executed_from", "decided_on"), ("assessed_on", "executed_from"), ("ended_on", "started_on"),
        ):  # fmt: skip
            yield from self.not_before(later, earlier)
        for step, name in ((PUBLIC, "public_to"), (EXPERT, "expert_on"), (RISK, "risk_on")):
            if not step.is_left_out(self):
                yield from self.not_before("decided_on", name)
                yield from self.not_before("legal_sent_on", name, "note")
        if self.decided_on and self.decided_on > rules.today:
            yield Problem("decided_on", f"讨论日期{self.decided_on}在今天之后", "note")

    def _participation(self, rules: Rulebook) -> Iterator[Problem]:
        """The least days of §§15, 16 and 26; opinions and experts (§§18, 20)."""
        if not PUBLIC.is_left_out(self):
            yield from self.at_least(rules, "major_decision.public", "public_to", "public_from", "public_short_reason")
            if HELD_HEARING in self.public_methods:
                yield from self.at_least(rules, "major_decision.hearing", "heard_on", "materials_on")
                if self.heard_on:
                    yield from self.expect("举行听证会的", "materials_on")
        yield from self.at_least(rules, "major_decision.legal", "legal_done_on", "legal_sent_on", "legal_short_reason")
        told = (self.adopted or 0) + (self.rejected or 0)
        if told and told > (self.received or 0):
            yield Problem("received", f"采纳和未采纳共{told}条，多于收到的{self.received or 0}条")
        if self.rejected:
            yield from self.expect("有意见未采纳的", "adoption_note")
        for position, expert in enumerate(self.lines(DecisionExpert), 1):
            if expert.has_conflict:
                yield Problem("decision_expert", f"论证专家第{position}行“{expert.person}”与决策事项有利害关系，"
                              "不得参加论证（第20条）")  # fmt: skip
        if self.expert_on and not self.lines(DecisionExpert) and not self.expert_unit:
            yield Problem("decision_expert", "专家论证要写明专家或者专业机构", "missing")

    def _blocks(self) -> Iterator[Problem]:
        """What may not be put before the meeting (§§24, 25, 30)."""
        if not self.decided_on:
            return
        if self.risk_result == UNCONTROLLABLE and not RISK.is_left_out(self):
            yield Problem("decided_on", "风险评估结论为不可控：采取措施降至可控后才能作出决策（第24条）")
        if not self.legal_done_on:
            yield Problem("legal_done_on", "没有合法性审查意见，不得提交集体讨论（第25条）；征求意见不能代替审查",
                          asker="decided_on")  # fmt: skip
        if self.legal_result == ILLEGAL and not (self.is_exploratory and self.reform_risk):
            yield Problem("decided_on", "合法性审查结论为不合法，不得提交集体讨论（第25条）；"
                          "探索性改革要明示法律风险")  # fmt: skip
        if self.legal_result == PARTLY_ILLEGAL:
            yield Problem("legal_result", "审查结论为部分不合法：应当修改后再提交集体讨论", "note")
        for step in (PUBLIC, EXPERT, RISK):
            yield from step.undone(self, "集体讨论")
        yield from self.expect("已作出决定的", "meeting_kind", "exec_unit")
        if not self.chief_last:
            yield Problem("chief_last", "行政首长应当最后发表意见（第30条）", "note")

    def _catalogue(self, rules: Rulebook) -> Iterator[Problem]:
        if not self.in_catalogue and (self.started_on or self.decided_on):
            yield Problem("in_catalogue", "没有列入年度目录：请先按程序调整目录（第3条）", "note")
        year = self.catalogue_year
        if self.in_catalogue and year and rules.today > date(year, 12, 31) and not self.started_on:
            yield Problem("started_on", f"{year}年度目录的事项，年底还没有启动决策程序", "note")
        if self.catalogued_on and not self.agreed_on:
            yield Problem("agreed_on", "目录公布前应当经同级党委同意（第3条）", "missing")
        yield from self.not_before("catalogued_on", "agreed_on")
        if self.is_secret:
            yield from self.expect(CLOSED_BY_LAW + "的", "secret_reason")

    def _end(self, rules: Rulebook) -> Iterator[Problem]:
        """What was filed, who assessed, why it was changed."""
        if self.assessor and self.assessor in (self.risk_unit, self.expert_unit):
            yield Problem("assessor", f"{self.assessor}承担过决策前的主要论证评估，不能再作后评估（第36条）")
        words = [term for term in rules.terms.get("decision_file", ()) if term.is_active]
        left_out = {step.applies for step in self.STEPS if step.is_left_out(self)}
        lacking = [term.word for term in words if term.group not in left_out
                   and term.word not in self.archived_files.split("、")]  # fmt: skip
        if self.archived_on and lacking:
            yield Problem("archived_files", f"归档材料缺：{'、'.join(lacking)}", "missing")
        if self.ended_on:
            yield from self.expect("终结前应当归档（第33条）", "archived_on")
        if self.stage in ("suspended", "adjusted", "revoked"):
            yield from self.expect(f"{self.stage_of(self.stage).label}的", "change_reason")
        yield from self.together("corrected", "corrected_on")
