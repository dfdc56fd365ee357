"""建议提案: suggestions of the deputies and proposals of the 政协, from being handed over to the promise kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee as pw

from db.record import (
    Clock,
    Count,
    DateField,
    FlagField,
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
    Shares,
    Stage,
    TermField,
    UnitField,
    forward,
)  # fmt: skip

LEAD, SPLIT, JOINT = "主办", "分办", "会办"
GOOD, FAIR, BAD = "满意", "基本满意", "不满意"
REPLY = {"建议": "proposal.npc_reply", "提案": "proposal.cppcc_reply"}
DIFFICULT = {"建议": "proposal.npc_difficult", "提案": "proposal.cppcc_difficult"}
RETURN, OPINION, AGAIN = "proposal.return", "proposal.opinion", "proposal.rehandle"
PROMISED = "承诺"  # marks the classes of replies, in the vocabulary of a scheme, that hold a promise


class Proposer(Line):
    """One of those who signed it, the leader first; a reply goes to each."""

    TITLE, COLUMNS, MUSTS = "提出人", ("person", "delegation", "phone"), ("person",)

    owner = pw.DeferredForeignKey("Proposal", on_delete="CASCADE")
    person = PersonField("姓名")
    delegation = LineField("代表团、界别")
    phone = LineField("电话")


class Assignment(Line):
    """One unit that handles it: the only 主办, one of several 分办, or a 会办 that sends its opinion to the 主办."""

    TITLE, COLUMNS, MUSTS = "承办单位", ("unit", "role", "accepted_on", "opinion_on"), ("unit", "role")

    owner = pw.DeferredForeignKey("Proposal", on_delete="CASCADE")
    unit = UnitField("单位")
    role = TermField("方式", "assignment_role", default_word=LEAD)
    accepted_on = DateField("签收日期")
    opinion_on = DateField("会办意见")


class SentBack(Line):
    """One return by a unit that it does not concern: it stops the clock until it is handed over anew."""

    TITLE, COLUMNS, MUSTS = "退办", ("returned_on", "unit", "reason", "reassigned_on"), ("returned_on", "reason")

    owner = pw.DeferredForeignKey("Proposal", on_delete="CASCADE")
    unit = UnitField("单位")
    returned_on = DateField("退办日期")
    reason = LineField("理由")
    reassigned_on = DateField("重新交办")


class Reply(Line):
    """One reply, signed by the head of the unit, with its class at the top right of the first page."""

    TITLE, COLUMNS, MUSTS = "答复", ("on", "number", "signer", "reply_class", "unit"), ("on",)

    owner = pw.DeferredForeignKey("Proposal", on_delete="CASCADE")
    unit = UnitField("单位")
    number = LineField("答复文号")
    on = DateField("日期")
    signer = PersonField("签发人")
    reply_class = TermField("类别", "reply_class")


class Rehandling(Line):
    """Another round after a 不满意; due by the rule from the day the opinion came in."""

    TITLE, COLUMNS, MUSTS = "再次办理", ("opinion_on", "due_on", "replied_on", "feedback"), ("opinion_on",)

    owner = pw.DeferredForeignKey("Proposal", on_delete="CASCADE")
    opinion_on = DateField("收到意见")
    due_on = DateField("时限", planned=True)
    replied_on = DateField("再答复")
    feedback = TermField("评价", "feedback")


class Promise(Line):
    """Something that a reply promised; followed into later years."""

    TITLE, COLUMNS, MUSTS = "承诺事项", ("text", "due_on", "done_on", "state"), ("text",)

    owner = pw.DeferredForeignKey("Proposal", on_delete="CASCADE")
    text = ParagraphField("承诺")
    due_on = DateField("时限", planned=True)
    done_on = DateField("兑现日期")
    state = TermField("情况", "promise_state")


class Proposal(Record):
    """One suggestion or proposal (代表法 2025 §51; 政协提案办理 by local rules)."""

    TITLE, VERB, ICON, ORDER = "建议提案", "登记建议提案", "proposal", 60
    ABOUT = "登记人大代表建议和政协提案：交办、退办、面商、答复、评价、再次办理，承诺事项跟到兑现。"
    BUSINESS_DATE, MONTH_GROUP = "assigned_on", "建议提案"
    NUMBERING = Numbering("{series}{sequence}号", series="十八届二次建议")
    STAGES = (
        Stage("waiting", "待交办"), Stage("assigned", "已交办"), Stage("working", "办理中"), Stage("met", "已面商"),
        Stage("replied", "已答复"), Stage("asking", "待评价"), Stage("done", "办结", closed=True),
        Stage("filed", "归档", closed=True), Stage("returned", "退办", side=True),
        Stage("rehandling", "再次办理", side=True), Stage("tracking", "跟踪落实", side=True),
    )  # fmt: skip
    MOVES = (
        *forward(
            ("waiting", (), ""),
            ("assigned", ("assigned_on",), "交办"),
            ("working", ("assigned_on", "assignment"), "分到单位"),
            ("met", ("assigned_on", "assignment", "met_on"), "面商"),
            ("replied", ("assigned_on", "reply"), "答复"),
            ("asking", ("assigned_on", "reply", "asked_on"), "征询意见"),
            ("done", ("assigned_on", "reply", "result"), "办结"),
            ("filed", ("assigned_on", "reply", "result", "filed_on"), "归档"),
        ),
        *(Move(source, "returned", ("sent_back",), "退办") for source in ("assigned", "working", "met")),
        *(Move(source, "rehandling", ("rehandling",), "再次办理") for source in ("replied", "asking")),
        Move("rehandling", "done", ("result",), "办结"),
        Move("done", "rehandling", verb="再次办理", clears=("result",)),
        Move("done", "tracking", ("promise",), "跟踪落实"),
        Move("replied", "working", verb="撤回答复", clears=("reply",)),
    )

    kind = TermField("类别", "proposal_kind")
    kind_group = pw.TextField(default="")
    session = LineField("届次会次", "如十八届二次")
    sequence = NumberField("编号", "人大、政协给的号", least=1)
    title = LineField("案由")
    topic = TermField("内容分类", "proposal_topic")
    lead_proposer = PersonField("领衔人")
    is_key = FlagField("重点督办")
    key_leader = PersonField("领办领导")
    received_on = DateField("收到日期", "从人大、政协收到的日期")
    assigned_on = DateField("交办日期", "答复期限从这天起算（代表法第51条）")
    lead_unit = LineField("承办单位")
    is_split = FlagField(SPLIT)
    is_difficult = FlagField("复杂件", "涉及面广、处理难度大的，自交办之日起六个月内答复")
    agreed_by = PersonField("同意人", "同意延长到六个月的人")
    told_on = DateField("告知日期", "把延长告知代表、委员的日期")
    reply_due_on = DateField("答复时限", planned=True)
    met_on = DateField("面商日期")
    meet_form = TermField("面商方式", "meet_form")
    meet_note = ParagraphField("面商情况", lines=2)
    replied_on = DateField("办复日期")
    reply_class = TermField("答复类别", "reply_class")
    class_meaning = LineField("类别含义")
    asked_on = DateField("征询日期", "征询意见表发出的日期")
    attitude = TermField("对态度", "feedback")
    result = TermField("对结果", "feedback")
    feedback_on = DateField("反馈日期")
    satisfaction = LineField("最终评价")
    settled_on = DateField("办结日期")
    filed_on = DateField("归档日期")
    remarks = LineField("备注")

    LINES = (Proposer, Assignment, SentBack, Reply, Rehandling, Promise)
    MUSTS = ("kind", "session", "sequence", "title")
    EXPECTED = ("topic", "proposer")
    COLUMNS = ("number", "assigned_on", "title", "lead_unit", "lead_proposer")
    BOOK_TITLE = "建议提案办理进度表"
    BOOK = ("number", "kind", "title", "lead_proposer", "assigned_on", "lead_unit", "reply_due_on", "replied_on",
            "reply_class", "satisfaction", "stage")  # fmt: skip
    FINISHED, HOLDER, PULSE, DERIVED = "settled_on", "lead_unit", True, ("reply_due_on", "class_meaning")
    PINNED = ("kind", "session", "assigned_on")
    ENTRY = ("kind", "session", "sequence", "title", "topic", "proposer", "assigned_on", "assignment")
    FORM = (
        Section("建议提案", ("kind", "session", "sequence", "topic", "title", "proposer", "received_on", "is_key",
                             "key_leader")),
        Section("交办", ("assigned_on", "reply_due_on", "assignment", "sent_back", "is_difficult", "agreed_by",
                         "told_on")),
        Section("面商与答复", ("met_on", "meet_form", "meet_note", "reply", "class_meaning")),
        Section("评价与落实", ("asked_on", "feedback_on", "attitude", "result", "rehandling", "promise", "filed_on",
                               "remarks")),
    )  # fmt: skip

    _replied: Any = replied_on.is_null(False)
    _said: Any = satisfaction.in_((GOOD, FAIR, BAD))
    _rated: Any = _replied & (_said | pw.SQL("(SELECT value FROM setting WHERE name = 'feedback_base') = '含未反馈'"))
    _total = Count("prop_total", "建议提案", "交办日期在期内的建议和提案。")
    _npc = Count("npc_total", "人大代表建议", "交办日期在期内的人大代表建议，含议案转建议、闭会期间建议。",
                 where=kind_group == "建议", monthly=73)  # fmt: skip
    _cppcc = Count("cppcc_total", "政协提案", "交办日期在期内的政协提案。", where=kind_group == "提案", monthly=74)
    _answered = Count("prop_replied", "已办复", "交办日期在期内、已答复的建议和提案；分办的要各单位都答复。",
                      where=_replied)  # fmt: skip
    _base = Count("sat_base", "已反馈", "交办日期在期内、已答复并反馈评价的；是否计入未反馈的由设置定。", where=_rated)
    FIGURES = (
        _total,
        _npc,
        _cppcc,
        Count("prop_by_unit", "承办任务（按单位）", "交办日期在期内的主办、分办任务；分办的每个单位计一件。",
              of=Assignment, where=Assignment.role.in_((LEAD, SPLIT)), by="unit"),
        Count("prop_answered", "办复建议提案", "办复日期在期内的建议和提案。", on="replied_on", monthly=75),
        Count("prop_open", "在办建议提案", "期末尚未办复的建议和提案。", until="replied_on", monthly=76),
        Count("prop_overdue", "建议提案逾期", "期末已过答复时限而未办复的建议和提案。", on="reply_due_on",
              until="replied_on", monthly=77),
        Rate("reply_rate", "建议提案办复率", "已答复件数÷应办件数（交办日期在期内）。", part=_answered, base=_total,
             monthly=78),
        Rate("npc_reply_rate", "建议办复率", "已答复的人大代表建议÷人大代表建议。", base=_npc,
             part=Count("npc_replied", "已办复建议", "交办日期在期内、已答复的人大代表建议。",
                        where=_replied & (kind_group == "建议"))),
        Rate("cppcc_reply_rate", "提案办复率", "已答复的政协提案÷政协提案。", base=_cppcc,
             part=Count("cppcc_replied", "已办复提案", "交办日期在期内、已答复的政协提案。",
                        where=_replied & (kind_group == "提案"))),
        Rate("ontime_reply_rate", "按期办复率", "答复时限在期内的件中不晚于时限答复的÷答复时限在期内的件。",
             by="lead_unit", base=Count("prop_due", "应办复", "答复时限在期内的建议和提案。", on="reply_due_on"),
             part=Count("prop_ontime", "按期办复", "答复时限在期内、不晚于时限答复的。", on="reply_due_on",
                        where=_replied & (replied_on <= reply_due_on))),
        Count("prop_difficult", "复杂件", "交办日期在期内、期限延长到六个月的。", where=is_difficult),
        Rate("meet_rate", "面商率", "已面商件数÷主办件数（交办日期在期内）。",
             part=Count("prop_met", "已面商", "交办日期在期内、有主办单位并已面商的。",
                        where=(lead_unit != "") & ~is_split & met_on.is_null(False)),
             base=Count("prop_led", "主办件", "交办日期在期内、有主办单位的。", where=(lead_unit != "") & ~is_split)),
        Rate("sat_rate", "满意率", "对结果满意的÷已反馈的；再次办理的以最后一次评价为准。", base=_base,
             part=Count("sat_good", "满意", "最终评价为满意的。", where=_rated & (satisfaction == GOOD))),
        Rate("sat_fair_rate", "满意率（含基本满意）", "满意和基本满意的÷已反馈的。", base=_base,
             part=Count("sat_fair", "满意和基本满意", "最终评价为满意、基本满意的。",
                        where=_rated & satisfaction.in_((GOOD, FAIR)))),
        Rate("attitude_rate", "对办理态度满意率", "对态度满意的÷对态度有反馈的。",
             part=Count("attitude_good", "对态度满意", "对态度评价为满意的。", where=_replied & (attitude == GOOD)),
             base=Count("attitude_said", "对态度有反馈", "对态度评价过的。",
                        where=_replied & attitude.in_((GOOD, FAIR, BAD)))),
        Shares("class", "答复类别占比", "已答复的建议和提案按答复类别所占的份额，合计100%。", by="reply_class",
               values=("A", "B", "C", "D"),
               of=Count("class_base", "有类别的答复", "交办日期在期内、已答复并写了类别的。",
                        where=_replied & (reply_class != ""))),
    )  # fmt: skip

    def filled(self, name: str) -> bool:
        """A reply counts when every unit that must reply has, a result when nobody is left 不满意, and so on."""
        facts = {"reply": self._replies, "sent_back": self._is_sent_back, "promise": self._open_promises,
                 "result": lambda: self._replies() and self._rating() not in ("", BAD)}  # fmt: skip
        return bool(facts[name]()) if name in facts else super().filled(name)

    def settle(self) -> None:
        """What was sent back and handed over anew is being handled again; kept promises end the tracking."""
        fact, after = {"returned": ("sent_back", "working"), "tracking": ("promise", "done")}.get(self.stage, ("", ""))
        if fact and not self.filled(fact):
            self.stage = after
        super().settle()

    def _is_sent_back(self) -> bool:
        return any(line.returned_on and not line.reassigned_on for line in self.lines(SentBack))

    def _open_promises(self) -> list[Promise]:
        return [promise for promise in self.lines(Promise) if not promise.done_on]

    def _units(self, *roles: str) -> list[str]:
        return [line.unit for line in self.lines(Assignment) if line.role in roles and line.unit]

    def _silent(self) -> list[str]:
        """The units that must reply and have not; one alone need not be named in its reply."""
        dated = [reply for reply in self.lines(Reply) if reply.on]
        units = self._units(LEAD) or self._units(SPLIT)
        named = {reply.unit for reply in dated}
        return [] if dated and len(units) <= 1 else [unit for unit in units if unit not in named]

    def _replies(self) -> list[Reply]:
        """The replies, once every unit that must reply has; none before."""
        whole = self._units(LEAD, SPLIT) and not self._silent()
        return [reply for reply in self.lines(Reply) if reply.on and whole]

    def _rating(self) -> str:
        return next((line.feedback for line in reversed(self.lines(Rehandling)) if line.feedback), self.result)

    def derive(self, rules: Rulebook) -> None:
        """Number, units, replies and ratings from their lines; the next of reply, opinion, rehandling and promise."""
        kind = rules.term("proposal_kind", self.kind)
        self.series = f"{self.session}{kind.series or kind.group}" if self.sequence else ""
        self.number = f"{self.series}{self.sequence}号" if self.sequence else ""
        leads, splits = self._units(LEAD), self._units(SPLIT)
        self.lead_unit, self.is_split = "、".join(leads or splits), bool(splits and not leads)
        self.kind_group, self.lead_proposer = kind.group, next((line.person for line in self.lines(Proposer)), "")
        self._derive_reply(rules)
        self._derive_rating(rules)
        self._derive_due(rules)

    def _derive_reply(self, rules: Rulebook) -> None:
        replies = self._replies()
        self.replied_on = max((reply.on for reply in replies), default=None)
        self.reply_class = max((reply.reply_class for reply in replies), default="")
        self.class_meaning = rules.term(self._scheme(rules), self.reply_class).group

    def _scheme(self, rules: Rulebook) -> str:
        """The vocabulary of the classes of this session: the session's own, else the office's."""
        own = rules.term("proposal_session", self.session).group
        return f"reply_class_{own or rules.setting('reply_classes')}"

    def _derive_rating(self, rules: Rulebook) -> None:
        rounds = self.lines(Rehandling)
        for line in rounds:
            if not line.due_on and (due := rules.due(AGAIN, line.opinion_on)):
                line.due_on = due.on
        self.satisfaction = self._rating()
        days = [self.replied_on, self.feedback_on, *(line.replied_on for line in rounds)]
        self.settled_on = max(day for day in days if day) if self.filled("result") else None

    def _derive_due(self, rules: Rulebook) -> None:
        starts = [self.assigned_on, *(line.reassigned_on for line in self.lines(SentBack))]
        start = None if self._is_sent_back() else max((day for day in starts if day), default=None)
        key, longer = (rules_of.get(self.kind_group, "") for rules_of in (REPLY, DIFFICULT))
        plain, long = rules.due(key, start), rules.due(longer, start) if self.is_difficult else None
        self.reply_due_on = long.on if long else plain.on if plain else None
        clocks = [Clock("答复", key, start, done_on=self.replied_on, until=long.on if long else None)]
        for line in self.lines(Assignment):
            if line.role == JOINT and start:
                done = line.opinion_on or self.replied_on
                clocks.append(Clock("会办意见", OPINION, line.accepted_on or start, done_on=done))
        clocks += [Clock("再次答复", on=line.due_on, done_on=line.replied_on) for line in self.lines(Rehandling)]
        clocks += [Clock("承诺兑现", on=promise.due_on) for promise in self._open_promises()]
        self.set_next_due(rules, *clocks)

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """One 主办 or all 分办, replies in their order with a class of the session, what is bad is handled again."""
        yield from super().problems(rules)
        for later, earlier in (("assigned_on", "received_on"), ("met_on", "assigned_on"),
                               ("feedback_on", "replied_on")):  # fmt: skip
            yield from self.not_before(later, earlier)
        if (twin := self.twin("series", "sequence", told=("number", "year", "title"))) and twin.year != self.year:
            yield Problem("sequence", f"{twin.number}已登记过：{twin.title[:30]}", other=(self.key(), twin.id))
        yield from self._assignment_problems(rules)
        yield from self._reply_problems(rules)
        yield from self._after_reply(rules)

    def _assignment_problems(self, rules: Rulebook) -> Iterator[Problem]:
        leads, splits = self._units(LEAD), self._units(SPLIT)
        if len(leads) > 1:
            yield Problem("assignment", f"主办单位只能有一个，现有{len(leads)}个：{'、'.join(leads)}")
        if leads and splits:
            yield Problem("assignment", "有主办单位就不能再有分办单位：要么一个主办，要么全部分办")
        if self.assigned_on and not (leads or splits):
            yield Problem("assignment", "没有主办单位：要有一个主办，或者全部分办", "missing")
        starts = {self.assigned_on, *(line.reassigned_on for line in self.lines(SentBack))} - {None}
        for line in self.lines(SentBack):
            before = [day for day in starts if line.returned_on and day <= line.returned_on]
            limit = rules.due(RETURN, max(before)) if before else None
            if limit and line.returned_on > limit.on:
                yield Problem("sent_back", f"退办{line.returned_on}超过期限{limit.on}", "note")
            if line.returned_on and not before and self.assigned_on:
                yield Problem("sent_back", f"退办{line.returned_on}早于交办日期{self.assigned_on}")
        yield from self._difficulty_problems(rules)

    def _difficulty_problems(self, rules: Rulebook) -> Iterator[Problem]:
        if not self.is_difficult:
            return
        for name in ("agreed_by", "told_on"):
            if not self.filled(name):
                yield Problem(name, f"延长到六个月的要写{self.label(name)}", "missing")
        yield from self.at_most(rules, REPLY.get(self.kind_group, ""), "told_on", "assigned_on")

    def _reply_problems(self, rules: Rulebook) -> Iterator[Problem]:
        replies, words = self.lines(Reply), rules.words(self._scheme(rules))
        for at, reply in enumerate(replies, 1):
            if reply.on and self.assigned_on and reply.on < self.assigned_on:
                yield Problem("reply", f"答复第{at}行日期{reply.on}早于交办日期{self.assigned_on}")
            if reply.reply_class and words and reply.reply_class not in words:
                yield Problem("reply", f"{self.session}的答复类别没有“{reply.reply_class}”，只有{'、'.join(words)}")
            for name in ("reply_class", "signer"):
                if not getattr(reply, name):
                    yield Problem("reply", f"答复第{at}行没有{Reply._meta.fields[name].verbose_name}", "missing")
        silent = self._silent()
        if replies and silent:
            yield Problem("reply", f"还有单位没有答复，不算办复：{'、'.join(silent)}", "missing")
        if self.replied_on and not self.assigned_on:
            yield Problem("assigned_on", "已有答复，请填交办日期")
        if self.replied_on and not self.met_on:
            yield Problem("met_on", "答复前应当面商：请填面商日期", "missing")
        for line in self.lines(Assignment):
            if line.opinion_on and self.replied_on and line.opinion_on > self.replied_on:
                yield Problem("assignment", f"{line.unit}的会办意见{line.opinion_on}晚于答复{self.replied_on}", "note")

    def _after_reply(self, rules: Rulebook) -> Iterator[Problem]:
        if self.result == BAD and not self.lines(Rehandling):
            yield Problem("rehandling", "对结果不满意的要再次办理", "missing")
        for at, line in enumerate(self.lines(Rehandling), 1):
            if line.opinion_on and line.replied_on and line.replied_on < line.opinion_on:
                yield Problem("rehandling", f"再次办理第{at}行再答复{line.replied_on}早于收到意见{line.opinion_on}")
        if rules.term(self._scheme(rules), self.reply_class).series == PROMISED and not self.lines(Promise):
            yield Problem("promise", f"{self.reply_class}类（{self.class_meaning}）要登记承诺事项", "missing")
