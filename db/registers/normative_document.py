"""规范性文件: normative documents, from the draft over registration and filing to the end of their validity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from db.record import (
    ApplicableField,
    Clock,
    Count,
    DateField,
    DocumentNumberField,
    FlagField,
    LineField,
    MonthList,
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
    Step,
    TermField,
    TermsField,
    UnitField,
    forward,
)  # fmt: skip

ILLEGAL, FORBIDDEN, STILL_VALID = "不合法", "不得制定", "有效"
TRIAL = ("暂行", "试行")  # a title that says so makes the shorter validity
# Where the results of a clean-up (the groups of the vocabulary review_result) lead.
ENDS = {"失效": "expired", "废止": "repealed", "重新公布": "reissued"}
WARNINGS = ("normative_document.warn_first", "normative_document.warn_second", "normative_document.warn_last")

CONSULT = Step("征求意见", ("public_from", "public_to", "received", "adopted"), ("public_to",), "public",
               "public_reason")  # fmt: skip
FAIR = Step("公平竞争审查", ("fair_on", "fair_result"), ("fair_on",), "fair", "fair_reason")


class NormativeDocument(Record):
    """One normative document (国办发〔2018〕37号、115号; 湖南省规范性文件管理办法): 统一登记、统一编号、统一公布."""

    TITLE, VERB, ICON, ORDER = "规范性文件", "登记规范性文件", "norm", 80
    ABOUT = "登记规范性文件的审核、登记编号、公布、备案和有效期，到期前提醒评估，记下清理结果。"
    BUSINESS_DATE = "published_on"
    TWINS = (("doc_number",), ("title", "issuer"))
    MONTH_GROUP = "决策和规范性文件"
    NUMBERING = Numbering("LSDR—{year}—{sequence:05}", at="registered", setting="normative_number",
                          on="registered_on")  # fmt: skip
    STAGES = (
        Stage("drafted", "起草"),
        Stage("consulted", "征求意见"),
        Stage("reviewed", "合法性审核"),
        Stage("discussed", "集体审议"),
        Stage("registered", "登记编号"),
        Stage("published", "公布"),
        Stage("filed", "备案"),
        Stage("valid", STILL_VALID, settled=True),
        Stage("expired", "失效", closed=True, side=True),
        Stage("repealed", "废止", closed=True, side=True),
        Stage("reissued", "重新公布", closed=True, side=True),
    )
    MOVES = forward(
        ("drafted", (), ""),
        ("consulted", ("public_from",), "征求意见"),
        ("reviewed", ("legal_done_on",), "合法性审核"),
        ("discussed", ("discussed_on",), "集体审议"),
        ("registered", ("registered_on",), "登记编号"),
        ("published", ("registered_on", "published_on"), "公布"),
        ("filed", ("registered_on", "published_on", "filed_on"), "报备"),
        ("valid", ("registered_on", "published_on", "filed_on", "filing_result", "effective_on"), "备案审查通过"),
    )

    title = LineField("标题")
    issuer = UnitField("制定机关")
    issuer_kind = TermField("机关类别", "issuer_kind", "议事协调机构、派出机构、内设机构不得制定")
    joint_issuers = LineField("联合制定", "联合发文的其他机关")
    draft_unit = UnitField("起草单位")
    drafter = PersonField("起草人")
    drafted_on = DateField("起草日期")
    decision_number = ReferenceField("重大决策", "major_decision", "同时是重大行政决策的，写决策编号")
    public = ApplicableField("征求意见")
    public_reason = ParagraphField("免征求理由", lines=1)
    public_from = DateField("征求意见自")
    public_to = DateField("征求意见至", planned=True)
    received = NumberField("收到意见", unit="条")
    adopted = NumberField("采纳意见", unit="条")
    fair = ApplicableField("公平竞争", "涉及市场主体经济活动的应当审查", "")
    fair_reason = ParagraphField("免竞审理由", lines=1)
    fair_on = DateField("竞争审查日")
    fair_result = ParagraphField("竞审结论", lines=1)
    legal_sent_on = DateField("送审日期", "材料齐备、送合法性审核的日期")
    legal_done_on = DateField("审核意见日")
    legal_reviewer = UnitField("审核机构")
    legal_number = DocumentNumberField("审核文号")
    legal_result = TermField("审核结论", "legal_result")
    emergency_reason = ParagraphField("紧急理由", "应对突发事件等紧急情形，审核时间另定的理由", lines=1)
    meeting_kind = TermField("会议类别", "norm_meeting")
    meeting_no = LineField("会议届次")
    discussed_on = DateField("审议日期")
    signer = PersonField("签发人")
    signed_on = DateField("签发日期")
    registered_on = DateField("登记日期", "填后自动编统一登记号")
    doc_number = ReferenceField("发文字号", "outgoing")
    published_on = DateField("公布日期")
    channels = TermsField("公布渠道", "publish_channel")
    effective_on = DateField("施行日期", planned=True)
    is_trial = FlagField("暂行试行")
    computed_until = DateField("推算有效至", planned=True)
    stated_until = DateField("载明有效至", "文件里写明的有效期截止日，以它为准", planned=True)
    extended_until = DateField("延续至", "评估后决定延续有效期的填", planned=True)
    valid_until = DateField("有效期至", planned=True)
    filing_due_on = DateField("报备期限", planned=True)
    filed_to = TermsField("备案机关", "filing_organ")
    filed_on = DateField("报备日期")
    filing_number = DocumentNumberField("备案号")
    filing_result = TermField("备案结果", "filing_result")
    filing_opinion = ParagraphField("备案意见", lines=2)
    review_due_on = DateField("到期评估", planned=True)
    reviewed_on = DateField("清理日期", "评估或清理作出决定的日期")
    review_result = TermField("清理结果", "cleanup_result")
    cleanup_list = ParagraphField("清理目录", "如2022年继续有效目录第5项", lines=1)
    lapsed_on = DateField("失去效力日", "从这一天起不再执行")
    gone_on = DateField("不再有效", planned=True)
    successor = ReferenceField("接替文件", "normative_document", "重新公布或者修改后的统一登记号")
    corrected = TermField("被纠正", "correction", "被责令改正或者撤销的才填")
    corrected_on = DateField("纠正日期")
    remarks = ParagraphField("备注", lines=1)

    STEPS = (CONSULT, FAIR)
    MUSTS = ("title", "issuer")
    EXPECTED = ("issuer_kind", "draft_unit")
    COLUMNS = ("number", "published_on", "title", "issuer", "valid_until")
    BOOK_TITLE = "行政规范性文件目录"
    BOOK = ("number", "registered_on", "title", "issuer", "doc_number", "published_on", "effective_on", "valid_until",
            "filed_on", "review_result", "stage")  # fmt: skip
    PRESET = False  # a draft has not been published today
    FINISHED, HOLDER, WARNED = "lapsed_on", "issuer", ("norm_expiring",)
    NOT_THE_SAME = ("norm_total", "dec_total")
    MONTH_LIST = MonthList("规范性文件制定和备案", (("number", 92), ("title", 0), ("issuer", 76), ("valid_until", 58),
                                                    ("filed_on", 58), ("stage", 58)))  # fmt: skip
    MONTH_AHEAD = MonthList(
        "六个月内到期的规范性文件",
        (("number", 92), ("title", 0), ("issuer", 92), ("published_on", 58), ("valid_until", 58)),
        figure="norm_expiring",
    )
    PINNED = ("issuer", "issuer_kind")
    DERIVED = ("computed_until", "valid_until", "filing_due_on", "review_due_on")
    ENTRY = ("title", "issuer", "issuer_kind", "draft_unit", "drafted_on", "public_from", "public_to", "legal_sent_on",
             "legal_done_on", "legal_result", "discussed_on", "registered_on", "published_on", "effective_on",
             "stated_until")  # fmt: skip
    FORM = (
        Section("起草", ("title", "issuer", "issuer_kind", "joint_issuers", "draft_unit", "drafter", "drafted_on",
                         "decision_number")),
        *CONSULT.sections(),
        *FAIR.sections(),
        Section("合法性审核", ("legal_sent_on", "legal_done_on", "legal_reviewer", "legal_number", "legal_result",
                               "emergency_reason")),
        Section("审议与签发", ("meeting_kind", "meeting_no", "discussed_on", "signer", "signed_on")),
        Section("登记、编号、公布", ("registered_on", "number", "doc_number", "published_on", "channels")),
        Section("施行与有效期", ("effective_on", "is_trial", "stated_until", "computed_until", "extended_until",
                                 "valid_until")),
        Section("备案", ("filed_to", "filing_due_on", "filed_on", "filing_number", "filing_result", "filing_opinion")),
        Section("评估与清理", ("review_due_on", "reviewed_on", "review_result", "cleanup_list", "lapsed_on",
                               "successor", "corrected", "corrected_on", "remarks")),
    )  # fmt: skip

    _filed: Any = filed_on.is_null(False)
    _total = Count("norm_total", "规范性文件", "公布日期在期内的规范性文件。", monthly=82)
    _filed_total = Count("norm_filed", "已报备", "期内公布、已报送备案的规范性文件。", where=_filed)
    FIGURES = (
        _total,
        Count("norm_by_issuer", "规范性文件按制定机关", "期内公布的规范性文件，按机关类别分。", by="issuer_kind"),
        Rate("norm_filed_ontime", "报备及时率", "期内公布的规范性文件中按期报备的÷规范性文件。",
             part=Count("norm_ontime", "及时报备", "期内公布、不晚于报备期限报备的规范性文件。",
                        where=_filed & (filed_on <= filing_due_on)),
             base=_total, monthly=83),
        Rate("norm_filed_rate", "报备率", "期内公布的规范性文件中已报备的÷规范性文件。", part=_filed_total,
             base=_total),
        Rate("norm_proper_rate", "报备规范率", "已报备的规范性文件中备案结果为准予的÷已报备的规范性文件。",
             part=Count("norm_proper", "准予备案", "期内公布、已准予备案的规范性文件。",
                        where=_filed & (filing_result == "准予")),
             base=_filed_total),
        Count("norm_valid", "现行有效规范性文件", "期末有效的规范性文件：已公布，没有失效、废止，也没有过有效期。",
              until="gone_on"),
        Count("norm_expiring", "即将到期规范性文件", "期末有效、有效期在其后180日内届满的规范性文件。",
              on="valid_until", until="gone_on", ahead=180, monthly=84),
        Count("norm_cleaned", "规范性文件清理", "清理日期在期内的规范性文件，按清理结果分。", on="reviewed_on",
              where=review_result != "", by="review_result"),
        Count("revoked", "被责令改正或撤销", "纠正日期在期内、被责令改正或者撤销的规范性文件。", on="corrected_on",
              where=corrected != "", adds=True, nil="未发生"),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """Validity, the limit for filing, the review before expiry, the end by a clean-up, and what comes next."""
        self.is_trial = self.is_trial or any(word in self.title for word in TRIAL)
        day = self.registered_on or self.published_on
        if not self.number and day:
            self.year = day.year
        self.listed_on = day or self.legal_sent_on or self.drafted_on
        self.computed_until = self._computed_until(rules)
        self.valid_until = self.extended_until or self.stated_until or self.computed_until
        self.review_due_on = rules.before("normative_document.review", self.valid_until)
        filing = rules.due("normative_document.filing", self.published_on)
        self.filing_due_on = filing.on if filing else None
        self._derive_end(rules)
        self.set_next_due(rules, *self._clocks())

    def _computed_until(self, rules: Rulebook) -> date | None:
        """The last day of validity: the day on which it began to apply is the first day of it."""
        key = "normative_document.trial" if self.is_trial else "normative_document.validity"
        due = rules.due(key, self.effective_on or self.published_on)
        return due.on - timedelta(1) if due else None

    def _derive_end(self, rules: Rulebook) -> None:
        """A clean-up that ends the document moves it aside; taken back, its stage follows the facts again."""
        ended = ENDS.get(rules.term("cleanup_result", self.review_result).group)
        if ended:
            self.stage = ended
            self.lapsed_on = self.lapsed_on or self.reviewed_on
        elif self.stage in ENDS.values():
            self.stage = "drafted"
        after = self.valid_until + timedelta(1) if self.valid_until else None
        self.gone_on = min((day for day in (self.lapsed_on, after) if day), default=None)

    def _clocks(self) -> Iterator[Clock]:
        yield Clock("合法性审核", "normative_document.legal_most", self.legal_sent_on, done_on=self.legal_done_on)
        yield Clock("报送备案", "normative_document.filing", self.published_on, done_on=self.filed_on)
        reviewed = self.reviewed_on
        is_due = bool(reviewed and self.review_due_on and reviewed >= self.review_due_on)
        yield Clock("到期评估", on=self.review_due_on, done_on=reviewed if is_due else None)
        yield Clock("有效期届满", on=self.valid_until, done_on=self.lapsed_on)

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Who may issue it, its review, the three unities, its validity, its filing and its end."""
        yield from super().problems(rules)
        for later, earlier in (
            ("public_to", "public_from"), ("legal_done_on", "legal_sent_on"), ("discussed_on", "legal_done_on"),
            ("signed_on", "discussed_on"), ("published_on", "signed_on"), ("published_on", "registered_on"),
            ("filed_on", "published_on"),
        ):  # fmt: skip
            yield from self.not_before(later, earlier)
        yield from self._issuer(rules)
        yield from self._review(rules)
        yield from self._publication(rules)
        yield from self._validity(rules)
        yield from self._filing(rules)
        yield from self._clean_up(rules)

    def _issuer(self, rules: Rulebook) -> Iterator[Problem]:
        if rules.term("issuer_kind", self.issuer_kind).group == FORBIDDEN:
            yield Problem("issuer_kind", f"{self.issuer_kind}不得制定规范性文件（湖南省规范性文件管理办法第5条）")
        elif any(self.issuer.endswith(word) for word in rules.words("forbidden_issuer")):
            yield Problem("issuer", f"“{self.issuer}”像是议事协调机构或者内设机构，不得制定规范性文件；请核对", "note")

    def _review(self, rules: Rulebook) -> Iterator[Problem]:
        """5 to 15 working days, emergencies aside (国办发〔2018〕115号); no publication without or against it."""
        names = ("legal_done_on", "legal_sent_on", "emergency_reason")
        yield from self.at_least(rules, "normative_document.legal_least", *names)
        yield from self.at_most(rules, "normative_document.legal_most", *names)
        if not self.published_on:
            return
        if self.legal_result == ILLEGAL:
            yield Problem("published_on", "合法性审核结论为不合法，不得公布")
        if not self.legal_done_on and not self.emergency_reason:
            yield Problem("legal_done_on", "没有合法性审核意见，不得公布", "missing")

    def _publication(self, rules: Rulebook) -> Iterator[Problem]:
        """统一登记、统一编号、统一公布, after a collective discussion."""
        if not self.published_on:
            return
        if not self.registered_on:
            yield Problem("registered_on", "公布前应当统一登记、统一编号；没有登记的不得作为行政管理的依据", "missing")
        yield from self.expect("已公布的", "discussed_on", "signed_on", "channels", "effective_on", "doc_number")
        for step in self.STEPS:
            yield from step.undone(self, "公布")
        if self.published_on > rules.today:
            yield Problem("published_on", f"公布日期{self.published_on}在今天之后", "note")
        yield from self.not_before("effective_on", "published_on", "note")
        yield from self.at_least(rules, "normative_document.effective", "effective_on", "published_on", kind="note")

    def _validity(self, rules: Rulebook) -> Iterator[Problem]:
        """Five years, two on trial; the text of the document wins, and its end is announced."""
        stated, computed = self.stated_until, self.computed_until
        if stated and computed and stated > computed:
            years = "标明暂行、试行的，有效期不超过2年" if self.is_trial else "有效期一般不超过5年"
            yield Problem("stated_until", f"{years}：应不晚于{computed}", "missing")
        if stated and self.effective_on and stated < self.effective_on:
            yield Problem("stated_until", f"载明有效至{stated}早于施行日期{self.effective_on}")
        if not self.valid_until or self.stage in ENDS.values():
            return
        if self.valid_until < rules.today:
            yield Problem("review_result", f"有效期{self.valid_until}已过，仍标为有效：请写清理结果", "missing")
            return
        passed = [key for key in WARNINGS if (day := rules.before(key, self.valid_until)) and day <= rules.today]
        rule = rules.deadlines.rule(passed[-1], self.valid_until) if passed and self.published_on else None
        if rule and not (self.review_due_on and self.reviewed_on and self.reviewed_on >= self.review_due_on):
            yield Problem("valid_until", f"有效期至{self.valid_until}，{rule.label}：请评估是否延续", "note")

    def _filing(self, rules: Rulebook) -> Iterator[Problem]:
        yield from self.at_most(rules, "normative_document.filing", "filed_on", "published_on")
        if self.filed_on:
            yield from self.expect("已报备的", "filed_to")
        if self.filing_result == "纠正" and not self.corrected:
            yield Problem("corrected", "备案结果为纠正：是否责令改正或者撤销，请填写", "missing")

    def _clean_up(self, rules: Rulebook) -> Iterator[Problem]:
        group = rules.term("cleanup_result", self.review_result).group
        if self.review_result:
            yield from self.expect("有清理结果的", "reviewed_on")
        if group == "重新公布":
            yield from self.expect("重新公布的", "successor")
        if self.successor and self.successor == self.number:
            yield Problem("successor", "接替文件不能是它自己")
        if self.lapsed_on and not group:
            yield Problem("review_result", "写了失去效力日，要写清理结果", "missing")
        yield from self.together("corrected", "corrected_on")
