"""发文: documents that the office sends out, from draft to archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee as pw

from db.record import (
    Count,
    DateField,
    DocumentNumberField,
    FlagField,
    Line,
    LineField,
    Mean,
    Move,
    NumberField,
    Numbering,
    PersonField,
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

TWICE_DAYS = 30  # a title repeated within so many days is probably the same document registered twice
FREE_KINDS = ("纪要", "电报", "会议通知", "其他", "命令（令）")  # their titles need not end with the kind


class Reviewer(Line):
    """One hand that a draft passes: review, countersignature or proof-reading (条例 §21)."""

    TITLE = "审核会签"
    COLUMNS = ("role", "unit", "person", "opinion", "on")
    MUSTS = ("person",)

    owner = pw.DeferredForeignKey("Outgoing", on_delete="CASCADE")
    role = TermField("环节", "review_role")
    unit = UnitField("单位")
    person = PersonField("姓名")
    opinion = LineField("意见")
    on = DateField("日期")


class Recipient(Line):
    """One unit that a copy was handed to, and when it signed for it."""

    TITLE = "分发签收"
    COLUMNS = ("unit", "method", "copies", "received_on")
    MUSTS = ("unit",)

    owner = pw.DeferredForeignKey("Outgoing", on_delete="CASCADE")
    unit = UnitField("单位")
    method = TermField("方式", "issue_method")
    copies = NumberField("份数", unit="份")
    received_on = DateField("签收日期")


class Outgoing(Record):
    """One outgoing document (条例 2012 §9, §25; GB/T 9704-2012 for number and brackets)."""

    TITLE, VERB, ICON, ORDER = "发文", "登记发文", "out", 20
    ABOUT = "登记本机关印发的文件，文号在签发后登记时给出，每个机关代字每年从1号起。"
    BUSINESS_DATE = "doc_on"
    TWINS = (("title", "doc_on"),)
    MONTH_GROUP = "公文办理"
    NUMBERING = Numbering("{series}〔{year}〕{sequence}号", at="numbered", series="蓝政办函")
    STAGES = (
        Stage("draft", "拟稿"),
        Stage("reviewed", "审核"),
        Stage("signed", "签发"),
        Stage("numbered", "登记"),
        Stage("issued", "印发", closed=True),
        Stage("filed", "归档", closed=True),
        Stage("suspended", "暂缓", side=True),
    )
    MOVES = (
        *forward(
            ("draft", (), ""),
            ("reviewed", ("reviewer",), "审核"),
            ("signed", ("signer", "signed_on"), "签发"),
            ("numbered", ("series", "signed_on", "doc_on"), "登记编号"),
            ("issued", ("series", "doc_on", "printed_on"), "印发"),
            ("filed", ("printed_on", "filed_on"), "归档"),
        ),
        Move("draft", "suspended", verb="暂缓"),
        Move("reviewed", "suspended", verb="暂缓"),
        Move("suspended", "draft", verb="恢复办理"),
        Move("reviewed", "draft", verb="退回修改", clears=("reviewer",)),
    )

    series = TermField("机关代字", "organ_code", "决定文号系列，如蓝政办发")
    kind = TermField("文种", "document_kind")
    title = LineField("标题", "发文机关＋关于……的＋文种")
    urgency = TermField("紧急程度", "urgency", default_word="平件")
    security = TermField("密级", "security", "涉密文件请在涉密登记簿另行登记", default_word="无")
    direction = TermField("行文方向", "direction", default_word="下行")
    draft_unit = UnitField("拟稿单位")
    drafter = PersonField("拟稿人")
    drafted_on = DateField("拟稿日期")
    signer = PersonField("签发人")
    signed_on = DateField("签发日期")
    doc_on = DateField("成文日期", "签发或会议通过的日期，不是印刷日期")
    printed_on = DateField("印发日期")
    copies = NumberField("份数", unit="份")
    pages = NumberField("页数", unit="页")
    main_to = UnitsField("主送")
    copy_to = UnitsField("抄送")
    publicity = TermField("公开属性", "publicity")
    publicity_reason = LineField("不公开理由")
    published_on = DateField("公开日期", "主动公开的，形成之日起20个工作日内（政府信息公开条例第26条）")
    issue_method = TermField("分发方式", "issue_method")
    basis_number = DocumentNumberField("来文依据", "依据或答复的来文编号、字号")
    is_normative = FlagField("规范性文件")
    is_decision = FlagField("重大决策")
    archive_no = LineField("档号")
    retention = TermField("保管期限", "retention")
    filed_on = DateField("归档日期")
    remarks = LineField("备注")

    LINES = (Reviewer, Recipient)
    MUSTS = ("title", "series", "kind")
    EXPECTED = ("main_to", "publicity", "drafter")
    COLUMNS = ("number", "doc_on", "title", "kind", "signer")
    BOOK = ("number", "doc_on", "title", "kind", "signer", "main_to", "printed_on", "copies", "publicity", "stage")
    FINISHED, HOLDER, PULSE = "published_on", "draft_unit", True
    PINNED = ("series", "doc_on", "signer")
    ENTRY = (
        "series",
        "kind",
        "security",
        "title",
        "draft_unit",
        "drafter",
        "signer",
        "signed_on",
        "doc_on",
        "printed_on",
        "copies",
        "main_to",
        "publicity",
    )
    FORM = (
        Section("基本信息", ("series", "number", "kind", "direction", "urgency", "security", "title")),
        Section("拟稿", ("draft_unit", "drafter", "drafted_on", "basis_number", "reviewer")),
        Section("签发", ("signer", "signed_on", "doc_on", "printed_on", "copies", "pages")),
        Section("分发与公开", ("main_to", "copy_to", "publicity", "published_on", "publicity_reason", "issue_method",
                               "is_normative", "is_decision", "recipient")),
        Section("归档", ("archive_no", "retention", "filed_on", "remarks")),
    )  # fmt: skip

    _sent: Any = kind.not_in(("电报", "会议通知"))
    _total = Count("out_total", "印发文件", "成文日期在期内、已印发且有文号的发文；不含电报和会议通知，不含作废。",
                   where=_sent, stages=("issued", "filed"), monthly=10, charted="beside")  # fmt: skip
    FIGURES = (
        _total,
        Count("out_by_series", "印发文件（按代字）", "印发文件按机关代字分列。", where=_sent,
              stages=("issued", "filed"), by="series"),
        Count("out_by_kind", "印发文件（按文种）", "印发文件按文种分列。", where=_sent,
              stages=("issued", "filed"), by="kind"),
        Rate("out_public_rate", "主动公开率", "主动公开的印发文件÷印发文件。", monthly=50,
             part=Count("out_public", "主动公开", "公开属性为主动公开的印发文件。",
                        where=_sent & (publicity == "主动公开"), stages=("issued", "filed")),
             base=_total),
        Mean("out_avg_wd", "拟稿至印发平均用时", "印发文件从拟稿到印发的平均工作日数；缺拟稿日期的不计。", of=_total,
             start="drafted_on", end="printed_on"),
    )  # fmt: skip

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("title",), False),)

    def derive(self, rules: Rulebook) -> None:
        """Set year and, for a document to be published of its own accord, the 20 working days of 信息公开条例 §26."""
        if not self.number:
            day = self.doc_on or self.signed_on or self.drafted_on
            self.year = day.year if day else rules.today.year
        self.listed_on = self.doc_on or self.signed_on or self.drafted_on
        publish = self.publicity == "主动公开" and self.printed_on
        self.set_due(rules, "outgoing.publish" if publish else "", self.doc_on)

    def is_finished(self) -> bool:
        """Issued, and published where it must be."""
        return super().is_finished() and not (self.publicity == "主动公开" and not self.published_on)

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Dates in their order, title and kind agree, upward papers name their signer, no title twice in 30 days."""
        yield from super().problems(rules)
        yield from self.not_before("printed_on", "doc_on")
        yield from self.not_before("signed_on", "drafted_on")
        yield from self.not_before("filed_on", "printed_on")
        if self.publicity == "不予公开" and not self.publicity_reason:
            yield Problem("publicity_reason", "不予公开的要写明理由", "missing")
        yield from self._notes(rules)

    def _notes(self, rules: Rulebook) -> Iterator[Problem]:
        for name in ("doc_on", "printed_on", "signed_on"):
            day = getattr(self, name)
            if day and day > rules.today:
                yield Problem(name, f"{self.label(name)}{day}在今天之后", "note")
        if self.doc_on and self.year and self.sequence and self.year != self.doc_on.year:
            yield Problem("number", f"文号年份{self.year}与成文日期{self.doc_on}不是同一年", "note")
        if "请示报告" in self.title or (self.kind == "请示" and self.title.endswith("报告")):
            yield Problem("title", "请示、报告不得合用：一文只用一个文种", "note")
        elif self.title and self.kind not in ("", *FREE_KINDS) and self.kind not in self.title[-12:]:
            yield Problem("title", f"标题末尾不是文种“{self.kind}”", "note")
        if self.kind in ("决议", "公报"):
            yield Problem("kind", f"“{self.kind}”是党的机关用的文种，政府机关一般不用", "note")
        if self.direction == "上行" and not self.signer:
            yield Problem("signer", "上行文应当标注签发人", "missing")
        if self.kind == "请示" and "、" in self.main_to:
            yield Problem("main_to", "请示只主送一个上级机关", "note")
        twin = self.twin("title", told=("number", "doc_on"))
        if twin and self.doc_on and twin.doc_on and abs((twin.doc_on - self.doc_on).days) <= TWICE_DAYS:
            yield Problem("title", f"30天内已有同名发文：{twin.number or '未编号'}（{twin.doc_on}）", "note",
                          (self.key(), twin.id))  # fmt: skip
