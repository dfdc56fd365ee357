"""办理期限: the time limits of law and office, by register; a changed one is a new version from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from db.directory.calendar import DeadlineRule, rule_of
from db.errors import Problem, Refused
from db.rules.deadlines import Rule, Unit
from db.store import office
from db.store.change import Change
from desktop.dialogs.amending import Amending
from desktop.dialogs.asking import AskDialog, Asked
from desktop.dialogs.rows import Column
from desktop.dialogs.tables import TablePage
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import ChoiceEditor, DateEditor, FlagEditor, LineEditor, NumberEditor
from desktop.registers.words import OfficeWords

_AHEAD = 366
_COUNTED = {Unit.CALENDAR_DAY: "日", Unit.WORKING_DAY: "个工作日", Unit.MONTH: "个月"}


def limit_words(quantity: int, unit: Unit) -> str:
    """10个工作日, 3个月, 60日; a limit of no days is 当日."""
    return f"{quantity}{_COUNTED[unit]}" if quantity else "当日"


class TimeLimitsPage(TablePage):
    """The rules, one line a version; those no longer in force are shown on request."""

    TITLE = "办理期限"
    PERMISSION = "edit_rules"
    ABOUT = "法律、规章和本办规定的期限。改期限不改旧账：新的一版从某一天起施行，改之前先列出哪些未结事项会变。"
    RETIRED = "显示旧版"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        self._registers = {register.key(): register for register in actions.store.catalogue}
        super().__init__(actions, words, jobs, parent)
        self.amending = Amending(actions, jobs, self)
        self.amending.done.connect(self._tell)
        self.amending.left.connect(self._tell_left)
        self.amending.failed.connect(self.trouble)
        self.view.activated.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        self.add_button("改期限...", self.change_rule, "primary", "Enter")

    def columns(self) -> Sequence[Column]:
        """Register, subject, limit, roll-forward, extension, who approves it, basis, validity."""
        return (
            Column("register", "台账", 7, written=self._title), Column("label", "事项", 0),
            Column("quantity", "期限", 6.6, written=_limit), Column("rolls", "顺延", 3.8, written=_rolls),
            Column("extension", "可延", 5.4, written=_extension), Column("approver", "批准人", 8.4),
            Column("basis", "依据", 15), Column("valid_from", "施行", 7.6), Column("valid_to", "到", 7.6),
        )  # fmt: skip

    def _title(self, row: Rule) -> str:
        register = self._registers.get(row.register)
        return register.TITLE if register else "其他"

    def rows(self) -> list[Any]:
        """By register, then by key and version."""
        order = {key: at for at, key in enumerate(self._registers)}
        rows = list(DeadlineRule.select().order_by(DeadlineRule.name, DeadlineRule.version))
        return sorted(rows, key=lambda row: order.get(row.register, len(order)))

    def blank_or_none(self) -> None:
        """Rules belong to their registers: none is added by hand."""

    def store_row(self, row: Any) -> Change:
        """Rules are changed in a dialog of their own."""
        raise NotImplementedError

    def is_retired(self, row: DeadlineRule) -> bool:
        """A version that has ended."""
        return row.valid_to is not None and row.valid_to < self._actions.today

    def keys_of(self, row: DeadlineRule) -> Sequence[str]:
        """Subject, basis, register."""
        return (row.label, row.basis, self._title(row))  # type: ignore[arg-type]

    def _open(self, _index: QModelIndex) -> None:
        self.change_rule()

    def change_rule(self) -> None:
        """Open the current rule; it is its newest version that is changed."""
        row = self.current_row()
        if row is None or not self.can_edit:
            return
        newest = DeadlineRule.select().where(DeadlineRule.name == row.name).order_by(DeadlineRule.version.desc()).get()
        RuleDialog(rule_of(newest), self._words, self._propose, self).open()

    def _propose(self, rule: Rule) -> None:
        self.amending.propose(office.rule_amendment(rule.key, rule))

    def _tell(self, _change: Change, moved: int) -> None:
        self.toast.say(f"期限已改，{moved:,}件未结事项的时限已重算" if moved else "期限已改；没有未结事项受影响")
        self.view.setFocus()

    def _tell_left(self) -> None:
        self.toast.say("没有改", undo=False)
        self.view.setFocus()


def _limit(row: Any) -> str:
    return limit_words(row.quantity, Unit(row.unit))


def _rolls(row: Any) -> str:
    return "顺延" if row.rolls else ""


def _extension(row: Any) -> str:
    return limit_words(row.extension, Unit(row.extension_unit or row.unit)) if row.extension else ""


class RuleDialog(AskDialog):
    """One rule: what the office wants from a day on."""

    def __init__(self, rule: Rule, words: OfficeWords, take: Any, parent: QWidget | None = None) -> None:
        units = [str(unit) for unit in Unit]
        day = partial(DateEditor, words, ahead=_AHEAD)
        choose = partial(ChoiceEditor, units, words.initials, required=True)
        asked = (
            Asked("label", "事项", LineEditor, rule.label, "显示在记录的时限依据里", is_must=True),
            Asked("quantity", "期限", partial(NumberEditor, 0), rule.quantity, "0 是当日", is_must=True),
            Asked("unit", "单位", choose, str(rule.unit), is_must=True),
            Asked("rolls", "节假日", partial(FlagEditor, "最后一天遇休息日，顺延到其后第一个工作日"), rule.rolls),
            Asked("extension", "可延", partial(NumberEditor, 0), rule.extension or None, "不能延的留空"),
            Asked("extension_unit", "延期单位", choose, str(rule.extension_unit) if rule.extension else None),
            Asked("approver", "批准人", LineEditor, rule.approver, "谁批准延期"),
            Asked("basis", "依据", LineEditor, rule.basis, "法规名称和条款"),
            Asked("valid_from", "施行自", day, words.today, "起算日在这一天及以后的，按新期限", is_must=True),
            Asked("valid_to", "施行到", day, None, "一直有效的留空"),
        )
        since = f"自{rule.valid_from.isoformat()}起" if rule.valid_from else "现行"
        about = f"{since}是{limit_words(rule.quantity, rule.unit)}。新期限另成一版，旧的一版到前一天为止，不改写。"
        super().__init__("改办理期限", about, asked, "看影响...", self._hand_on, parent)
        self._rule, self._propose = rule, take
        for name in ("quantity", "unit"):
            self.editors[name].changed.connect(self._follow)
        self._words = limit_words(rule.quantity, rule.unit)

    def _follow(self) -> None:
        """Where the subject names the limit (平件：3个工作日), let it name the new one."""
        quantity, unit = self.editors["quantity"].typed(), self.editors["unit"].typed()
        label = str(self.editors["label"].typed() or "")
        if not isinstance(quantity, int) or unit not in list(Unit) or self._words not in label:
            return
        words = limit_words(quantity, Unit(str(unit)))
        self.editors["label"].set_value(label.replace(self._words, words))
        self._words = words

    def _hand_on(self, values: dict[str, Any]) -> None:
        """Make the rule. Raises Refused at the field that does not do."""
        problems = [
            Problem(name, f"请填写{label}")
            for name, label in (("label", "事项"), ("quantity", "期限"), ("unit", "单位"))
            if values[name] in (None, "")
        ]
        if values["extension"] and not values["extension_unit"]:
            problems.append(Problem("extension_unit", "请填写延期单位"))
        if problems:
            raise Refused(problems)
        first, last = values["valid_from"], values["valid_to"]
        try:
            wanted = replace(
                self._rule, label=values["label"], quantity=values["quantity"], unit=Unit(values["unit"]),
                rolls=bool(values["rolls"]), basis=values["basis"] or "", extension=values["extension"] or 0,
                extension_unit=Unit(values["extension_unit"] or values["unit"]), approver=values["approver"] or "",
                valid_from=first if isinstance(first, date) else None,
                valid_to=last if isinstance(last, date) else None,
            )  # fmt: skip
        except ValueError as error:
            field = "extension" if str(error).startswith("延期") else "quantity"
            raise Refused([Problem(field, str(error))]) from error
        self._propose(wanted)
