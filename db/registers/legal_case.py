"""复议应诉: reconsideration and litigation, with the limits for answers and appeals and who went to court."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee as pw

from db.record import (
    Clock,
    Count,
    DateField,
    Extension,
    FlagField,
    Line,
    LineField,
    MonthList,
    Move,
    Numbering,
    ParagraphField,
    PersonField,
    PersonsField,
    Problem,
    Rate,
    Record,
    Rulebook,
    Section,
    Stage,
    TermField,
    UnitField,
    UnitsField,
    forward,
)  # fmt: skip

SUMMARY, RULING, NOBODY = "简易", "裁定", "未出庭"
NOTICE_DAYS = "legal_case.leader_notice"
# What the kinds of cases (the groups of the vocabulary case_kind) ask of the office first, and by which rule.
ANSWERS = {
    "复议答复": ("复议答复", "legal_case.answer"),
    "复议机关": ("复议决定", "legal_case.decision"),
    "文件审查": ("审查答复", "legal_case.document_answer"),
    "一审": ("答辩举证", "legal_case.defence"),
    "二审": ("答辩", "legal_case.defence"),
    "检察建议": ("书面回复", "legal_case.procurator"),
    "民事": ("答辩", "legal_case.civil_defence"),
}
IN_COURT = ("一审", "二审", "再审", "民事")
TRIALS = {"一审": "legal_case.first_instance", "二审": "legal_case.second_instance"}
APPEALED = "上诉"


class CaseExtension(Extension):
    """A prolonged decision (行政复议法 §62: at most 30 days) or a limit that the court has prolonged."""

    owner = pw.DeferredForeignKey("LegalCase", on_delete="CASCADE")


class Agent(Line):
    """One who acts for the office: 公职律师, 法律顾问 or a member of the staff."""

    TITLE = "代理人"
    COLUMNS = ("kind", "person", "unit")
    MUSTS = ("person",)

    owner = pw.DeferredForeignKey("LegalCase", on_delete="CASCADE")
    kind = TermField("身份", "case_agent")
    person = PersonField("姓名")
    unit = UnitField("单位")


class Hearing(Line):
    """One day in court, and who of the organ's leaders was there (法释〔2020〕3号)."""

    TITLE = "开庭"
    COLUMNS = ("on", "place", "notice_on", "role", "leader", "staff", "absence")
    MUSTS = ("on",)

    owner = pw.DeferredForeignKey("LegalCase", on_delete="CASCADE")
    on = DateField("开庭日期", planned=True)
    place = LineField("地点")
    notice_on = DateField("通知送达")
    role = TermField("负责人", "court_leader")
    leader = PersonField("姓名")
    staff = PersonsField("工作人员")
    absence = TermField("未出庭事由", "court_absence")


class Letter(Line):
    """A letter that asks for an answer: 行政复议意见书, 司法建议, 检察建议."""

    TITLE = "意见建议"
    COLUMNS = ("kind", "received_on", "reply_due_on", "replied_on")
    MUSTS = ("kind", "received_on")

    owner = pw.DeferredForeignKey("LegalCase", on_delete="CASCADE")
    kind = TermField("种类", "case_letter")
    received_on = DateField("收到")
    reply_due_on = DateField("回复期限", planned=True)
    replied_on = DateField("回复日期")


class LegalCase(Record):
    """One case at one instance (行政复议法 2023; 行政诉讼法 2017; 法释〔2020〕3号)."""

    TITLE, VERB, ICON, ORDER = "复议应诉", "登记案件", "case", 100
    ABOUT = "登记行政复议和诉讼案件：答复、答辩、上诉的期限，开庭和负责人出庭，结果和履行。每一审级登记一条。"
    BUSINESS_DATE = "received_on"
    TWINS = (("organ_case_no",), ("title", "received_on"))
    MONTH_GROUP = "复议应诉"
    NUMBERING = Numbering("{series}〔{year}〕{sequence}号", series="行复")
    STAGES = (
        Stage("received", "收案"),
        Stage("assigned", "分办"),
        Stage("answered", "答复答辩"),
        Stage("heard", "开庭"),
        Stage("decided", "裁判"),
        Stage("performing", "上诉履行"),
        Stage("closed", "结案归档", closed=True),
    )
    MOVES = (
        *forward(
            ("received", (), ""),
            ("assigned", ("act_unit", "handler"), "分办"),
            ("answered", ("answered_on",), "已答复"),
            ("heard", ("heard_on",), "已开庭"),
            ("decided", ("outcome", "decided_on"), "已裁判"),
            ("performing", ("outcome", "served_on"), "已送达"),
            ("closed", ("outcome", "closed_on"), "结案"),
        ),
        Move("closed", "performing", verb="恢复办理", clears=("closed_on",)),
    )

    kind = TermField("类型", "case_kind")
    kind_group = pw.TextField(default="")
    received_on = DateField("收到日期", "收到申请书、起诉状副本的日期")
    title = LineField("案由", "如：某某不服征收决定案")
    organ = LineField("办案机关", "复议机关或法院")
    organ_case_no = LineField("案号")
    applicant = LineField("申请人", "申请人、原告或上诉人")
    respondents = LineField("被申请人", "被申请人或被告")
    third_party = LineField("第三人")
    cause = TermField("案件类别", "case_cause")
    act_challenged = ParagraphField("被诉行为", lines=2)
    act_unit = UnitField("承办单位")
    co_units = UnitsField("配合单位")
    handler = PersonField("承办人")
    procedure = TermField("程序", "case_procedure", default_word="普通")
    accepted_on = DateField("受理日期")
    answer_due_on = DateField("答复期限")
    answered_on = DateField("答复日期", "提交答复书、答辩状的日期")
    evidence_on = DateField("举证日期")
    trial_limit_on = DateField("审限至", planned=True)
    heard_on = DateField("最近开庭")
    is_attended = FlagField("负责人出庭")
    decided_on = DateField("裁判日期")
    judgment_form = TermField("文书", "judgment_form")
    outcome = TermField("结果", "case_outcome")
    outcome_group = pw.TextField(default="")
    verdict = TermField("胜败", "case_verdict", "留空则按结果推定")
    verdict_group = pw.TextField(default="")
    served_on = DateField("送达日期", "上诉期从送达次日起算")
    appeal = TermField("是否上诉", "appeal_choice")
    appeal_due_on = DateField("上诉期限", planned=True)
    must_perform = FlagField("须履行")
    perform_by = DateField("履行期限", planned=True)
    performed_on = DateField("履行日期")
    closed_on = DateField("结案日期")
    archive_no = LineField("归档号")
    remarks = LineField("备注")

    LINES = (Agent, Hearing, Letter, CaseExtension)
    MUSTS = ("received_on", "kind", "title")
    EXPECTED = ("organ", "applicant", "respondents", "cause", "act_unit", "handler")
    COLUMNS = ("number", "received_on", "title", "organ", "handler")
    BOOK_TITLE = "涉诉案件台账"
    BOOK = ("number", "received_on", "kind", "organ_case_no", "title", "applicant", "act_unit", "answer_due_on",
            "answered_on", "outcome", "closed_on")  # fmt: skip
    FINISHED, HOLDER = "closed_on", "act_unit"
    MONTH_AHEAD = MonthList(
        "三十日内有期限的案件",
        (("number", 84), ("title", 0), ("organ", 92), ("act_unit", 76), ("due_basis", 52), ("due_on", 58)),
        figure="case_due_soon",
    )
    PINNED = ("organ", "respondents")
    DERIVED = ("answer_due_on", "appeal_due_on", "trial_limit_on")
    ENTRY = ("kind", "received_on", "title", "organ", "organ_case_no", "applicant", "respondents", "cause",
             "act_challenged", "act_unit", "handler", "procedure")  # fmt: skip
    FORM = (
        Section("收案", ("kind", "received_on", "title", "organ", "organ_case_no", "applicant", "respondents",
                         "third_party", "cause", "act_challenged", "number")),
        Section("承办与答复", ("act_unit", "handler", "co_units", "procedure", "accepted_on", "answer_due_on",
                               "answered_on", "evidence_on", "agent", "case_extension")),
        Section("开庭", ("trial_limit_on", "hearing")),
        Section("裁判与履行", ("decided_on", "judgment_form", "outcome", "verdict", "served_on", "appeal",
                               "appeal_due_on", "must_perform", "perform_by", "performed_on", "letter", "closed_on",
                               "archive_no", "remarks")),
    )  # fmt: skip

    _heard = Count("case_heard", "开庭案件", "最近一次开庭在期内的案件，每一审级计一件。", on="heard_on")
    _decided = Count("case_decided", "审结案件", "裁判日期在期内的案件。", on="decided_on")
    _lost = Count("case_lost", "败诉案件", "裁判日期在期内、败诉或部分败诉的案件。", on="decided_on",
                  where=verdict_group == "败诉")  # fmt: skip
    _answers: Any = kind_group != "复议机关"  # the body that decides answers nobody
    _answer_due = Count("case_answer_due", "应答复案件", "答复、答辩期限在期内的案件；作复议机关的不计。",
                        on="answer_due_on", where=_answers)  # fmt: skip
    FIGURES = (
        Count("case_new", "复议应诉收案", "收到日期在期内的复议、诉讼案件。", monthly=91),
        Count("case_by_kind", "收案按类型", "收到日期在期内的案件，按类型分。", by="kind"),
        Count("case_closed", "复议应诉结案", "结案日期在期内的案件。", on="closed_on", monthly=92),
        _decided,
        _lost,
        Count("case_open", "在办案件", "期末尚未结案的案件。", until="closed_on"),
        Count("case_due_soon", "近期有期限的案件", "期末尚未结案、下一个期限在其后30日内的案件。", on="due_on",
              until="closed_on", ahead=30),
        Rate("case_lost_rate", "败诉率", "败诉和部分败诉的÷审结的。", part=_lost, base=_decided),
        Rate("case_answer_rate", "按期答复率", "期限在期内的案件中按期答复、答辩的÷期限在期内的案件。",
             part=Count("case_answered", "按期答复", "期限在期内、不晚于期限答复的案件。", on="answer_due_on",
                        where=_answers & (answered_on <= pw.SQL("answer_due_on"))),
             base=_answer_due),
        Rate("leader_court_rate", "负责人出庭应诉率", "负责人出庭的案件÷开庭的案件；同一审级出庭一次即计。",
             part=Count("leader_court", "负责人出庭", "最近一次开庭在期内、负责人出庭应诉的案件。", on="heard_on",
                        where=is_attended),
             base=_heard, monthly=93),
        Count("revoked", "被责令改正或撤销", "裁判日期在期内、本机关的行为被撤销、变更、确认违法、责令履行的案件。",
              on="decided_on", where=(outcome_group == "纠正") & (kind_group != "复议机关"), adds=True, nil="未发生"),
    )  # fmt: skip

    def derive(self, rules: Rulebook) -> None:
        """Everything that the law fixes: series, the limits for answer, appeal and letters, and which comes next."""
        kind = rules.term("case_kind", self.kind)
        self.kind_group = kind.group
        if not self.number:
            self.series = kind.series
        self.outcome_group = rules.term("case_outcome", self.outcome).group
        if self.outcome and not self.verdict and self.kind_group != "复议机关":
            self.verdict = "败诉" if self.outcome_group == "纠正" else ""
        self.verdict_group = rules.term("case_verdict", self.verdict).group
        self._derive_hearings(rules)
        self._derive_limits(rules)
        self.set_next_due(rules, *self._clocks())

    def _derive_hearings(self, rules: Rulebook) -> None:
        held = [row for row in self.lines(Hearing) if row.on and row.on <= rules.today and (row.role or row.staff)]
        self.heard_on = max((row.on for row in held), default=None)
        self.is_attended = any(rules.term("court_leader", row.role).group == "出庭" for row in held)

    def _derive_limits(self, rules: Rulebook) -> None:
        key, start = self._answer_rule()
        answer, appeal = rules.due(key, start), None
        self.answer_due_on = answer.on if answer else None
        if self.kind_group == "一审" and self.served_on:
            form = "ruling" if self.judgment_form == RULING else "judgment"
            appeal = rules.due(f"legal_case.appeal_{form}", self.served_on)
        self.appeal_due_on = appeal.on if appeal else None
        trial = TRIALS.get(self.kind_group, "")
        if trial and self.procedure == SUMMARY and self.kind_group == "一审":
            trial = "legal_case.first_summary"
        limit = rules.due(trial, self.accepted_on)
        self.trial_limit_on = limit.on if limit else None
        for letter in self.lines(Letter):
            if letter.kind == "行政复议意见书" and not letter.reply_due_on:
                due = rules.due("legal_case.opinion", letter.received_on)
                letter.reply_due_on = due.on if due else None

    def _answer_rule(self) -> tuple[str, Any]:
        """The rule for the first duty of this kind of case, and the day that it counts from."""
        key = ANSWERS.get(self.kind_group, ("", ""))[1]
        if self.kind_group in ("复议答复", "复议机关") and self.procedure == SUMMARY:
            key = f"{key}_summary"
        return key, self.accepted_on if self.kind_group == "复议机关" else self.received_on

    def _clocks(self) -> Iterator[Clock]:
        key, start = self._answer_rule()
        answered = self.decided_on if self.kind_group == "复议机关" else self.answered_on
        label = ANSWERS.get(self.kind_group, ("答复", ""))[0]
        yield Clock(label, key, start, done_on=answered, until=self.prolonged_until())
        for hearing in self.lines(Hearing):
            yield Clock("开庭", on=hearing.on, done_on=hearing.on if hearing.role or hearing.staff else None)
        if self.appeal_due_on:
            form = "ruling" if self.judgment_form == RULING else "judgment"
            chosen = self.served_on if self.appeal else None
            yield Clock("决定是否上诉", f"legal_case.appeal_{form}", self.served_on, done_on=chosen)
        if self.must_perform:
            yield Clock("履行", on=self.perform_by, done_on=self.performed_on)
        for letter in self.lines(Letter):
            yield Clock(f"回复{letter.kind}", on=letter.reply_due_on, done_on=letter.replied_on)

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Dates in their order, answers in time, somebody in court, nothing closed that must still be performed."""
        yield from super().problems(rules)
        for later, earlier in (
            ("answered_on", "received_on"), ("decided_on", "received_on"), ("served_on", "decided_on"),
            ("performed_on", "served_on"), ("closed_on", "decided_on"),
        ):  # fmt: skip
            yield from self.not_before(later, earlier)
        if self.received_on and self.received_on > rules.today:
            yield Problem("received_on", f"收到日期{self.received_on}在今天之后", "note")
        limit = self.prolonged_until() or self.answer_due_on
        if self.answered_on and limit and self.answered_on > limit:
            yield Problem("answered_on", f"答复日期{self.answered_on}晚于期限{limit}", "note")
        if self.closed_on and not self.outcome:
            yield Problem("outcome", "结案要写结果", asker="closed_on")
        if self.must_perform and self.closed_on and not self.performed_on:
            yield Problem("performed_on", "须履行的案件，没有履行日期不能结案", asker="closed_on")
        if self.must_perform and not self.perform_by and not self.performed_on:
            yield Problem("perform_by", "须履行的要写履行期限", "missing")
        if self.outcome_group == "纠正" and not self.must_perform and not self.closed_on:
            yield Problem("must_perform", f"结果为“{self.outcome}”，请核对是否须履行", "note")
        if self.appeal == APPEALED and self.appeal_due_on and self.kind_group == "一审" and self.closed_on is None:
            yield Problem("appeal", "上诉后的二审请另登记一条", "note")
        yield from self._court(rules)

    def _court(self, rules: Rulebook) -> Iterator[Problem]:
        """Who was in court (行政诉讼法 §3; 法释〔2020〕3号 §§2, 5, 8, 9)."""
        if self.lines(Hearing) and self.kind_group and self.kind_group not in IN_COURT:
            yield Problem("hearing", f"“{self.kind}”一般不开庭，请核对类型", "note")
        notice = rules.deadlines.rule(NOTICE_DAYS, self.received_on)
        for at, row in enumerate(self.lines(Hearing), 1):
            where = f"开庭第{at}行"
            absent = row.role == NOBODY
            if row.on and row.on < rules.today and not row.role:
                yield Problem("hearing", f"{where}已开庭，请填负责人是否出庭", "missing")
            if absent and not row.absence:
                yield Problem("hearing", f"{where}负责人未出庭，要写事由", "missing")
            if absent and not row.staff:
                yield Problem("hearing", f"{where}负责人未出庭，也没有工作人员出庭", "missing")
            if row.role and not absent and not row.leader:
                yield Problem("hearing", f"{where}请填出庭负责人姓名", "missing")
            if row.role and rules.term("court_leader", row.role).group == "不计":
                yield Problem("hearing", f"{where}下级或受委托组织的负责人不算负责人出庭", "note")
            if notice and row.notice_on and row.on and (row.on - row.notice_on).days < notice.quantity:
                yield Problem("hearing", f"{where}通知送达不足开庭{notice.quantity}日前", "note")
