"""单位 and 人员: the directory that completion, levels and totals by unit draw from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from db.directory import lists
from db.directory.people import ROLES, Person
from db.directory.units import LEVELS, Unit
from db.errors import Problem, Refused
from db.store import office
from db.store.change import Change
from desktop.dialogs.asking import AskDialog, Asked
from desktop.dialogs.list_import import ListDialog
from desktop.dialogs.rows import Column
from desktop.dialogs.tables import TablePage
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import ChoiceEditor, DateEditor, Editor, LineEditor, NameEditor
from desktop.registers.words import OfficeWords

_AHEAD = 366  # days: a day of retirement may lie in the coming year


class DirectoryPage(TablePage):
    """What the two pages share: lists are brought in."""

    def _bring_in(self, add: Callable[..., Change], rows: list[Any]) -> None:
        self._actions.edit(partial(_added, add, rows))
        self.toast.say(f"已导入{len(rows):,}项")


class UnitsPage(DirectoryPage):
    """The units: edited in place; a unit of a reform is closed and names its successor."""

    TITLE = "单位"
    PERMISSION = "directory"
    ABOUT = "来文、主办单位从这里补全，来文级别随单位带出。用过的名称不删除：改名的旧名留作别名，改革的写明继任单位。"
    RETIRED = "显示停用的"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        self.add_button("导入清单...", self._import, "quiet", "从 CSV 文件或粘贴的表格增加许多单位")
        self.add_button("机构改革...", self.retire, hint="停用这个单位，写明并入或改为哪个单位  Delete")
        self.add_button("增加单位", self.go_to_new, "primary")

    def columns(self) -> Sequence[Column]:
        """Name, short name, aliases, level, parent, validity, successor, pinyin."""
        unit = partial(NameEditor, "unit", self._words)
        return (
            Column("name", "全称", 0, LineEditor), Column("short_name", "简称", 8, LineEditor),
            Column("aliases", "别名", 9, LineEditor), Column("level", "级别", 8.4, self._level_editor),
            Column("parent", "上级单位", 7, unit), Column("active_from", "启用", 7.4, self._day_editor),
            Column("active_to", "停用", 7.4, self._day_editor), Column("successor", "并入或改为", 8, unit),
            Column("pinyin", "拼音", 4.4, LineEditor),
        )  # fmt: skip

    def _level_editor(self) -> Editor:
        return ChoiceEditor(self._words.terms(LEVELS), self._words.initials)

    def _day_editor(self) -> Editor:
        return DateEditor(self._words, ahead=_AHEAD)

    def rows(self) -> list[Unit]:
        """By level in the office's order, then by name."""
        order = {level: at for at, level in enumerate(self._words.terms(LEVELS))}
        units: list[Unit] = list(Unit.select())
        return sorted(units, key=lambda unit: (order.get(unit.level, len(order)), unit.name))

    def blank(self) -> Unit:
        """A new unit."""
        return Unit()

    def store_row(self, row: Unit) -> Change:
        """Store a unit."""
        return self._actions.edit(partial(office.put_unit, unit=row))

    def is_retired(self, row: Unit) -> bool:
        """Closed before today."""
        return row.active_to is not None and row.active_to < self._actions.today

    def keys_of(self, row: Unit) -> Sequence[str]:
        """Every name, and the initials that the office has set."""
        return (*row.names(), row.pinyin, row.level)

    def retire(self) -> None:
        """Ask for the last day and the successor."""
        unit = self.current_row()
        if unit is None or not self.can_edit:
            return
        asked = (
            Asked("last_day", "最后一天", self._day_editor, self._actions.today, "如机构改革挂牌的前一天"),
            Asked("successor", "并入或改为", partial(NameEditor, "unit", self._words), None, "撤销而无继任的留空"),
        )
        words = "旧单位的记录不变；统计时可按新单位合并。新单位不在表里的，会按同样的级别增加。"
        dialog = AskDialog(f"{unit.name}机构改革", words, asked, "停用旧单位", partial(self._retire, unit), self)
        dialog.open()

    def _retire(self, unit: Unit, values: dict[str, Any]) -> None:
        last_day = values["last_day"]
        if not isinstance(last_day, date):
            raise Refused([Problem("last_day", "请填写最后一天")])
        successor = str(values["successor"] or "")
        self._actions.edit(partial(office.retire_unit, unit=Unit.get_by_id(unit.id), last_day=last_day,
                                  successor=successor))  # fmt: skip
        follows = f"，{(last_day + timedelta(1)).isoformat()}起是{successor}" if successor else ""
        self.toast.say(f"{unit.name}到{last_day.isoformat()}为止{follows}")

    def _import(self) -> None:
        read = partial(lists.read_units, today=self._actions.today, days=self._words.days)
        known = {row.name for row in Unit.select()}
        ListDialog("导入单位", lists.UNIT_HEADS, read, known, partial(self._bring_in, office.add_units), self).open()


class PeoplePage(DirectoryPage):
    """The people: edited in place; who leaves keeps the old row."""

    TITLE = "人员"
    PERMISSION = "directory"
    ABOUT = "签发人、承办人、参会人员从这里补全。调动、离任的填离任日期，新职务另增一行，旧文件上的不变。"
    RETIRED = "显示离任的"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        self.add_button("导入清单...", self._import, "quiet", "从 CSV 文件或粘贴的表格增加许多人")
        self.add_button("今天离任", self.retire, hint="把离任日期填为今天  Delete")
        self.add_button("增加人员", self.go_to_new, "primary")

    def columns(self) -> Sequence[Column]:
        """Name, unit, post, role, from, to, pinyin."""
        return (
            Column("name", "姓名", 8, LineEditor), Column("unit", "单位", 0, partial(NameEditor, "unit", self._words)),
            Column("post", "职务", 12, LineEditor), Column("role", "类别", 7, self._role_editor),
            Column("active_from", "任职", 7.4, self._day_editor), Column("active_to", "离任", 7.4, self._day_editor),
            Column("pinyin", "拼音", 6, LineEditor),
        )  # fmt: skip

    def _role_editor(self) -> Editor:
        return ChoiceEditor(ROLES, self._words.initials)

    def _day_editor(self) -> Editor:
        return DateEditor(self._words, ahead=_AHEAD)

    def rows(self) -> list[Person]:
        """As they were entered: leaders first, in most offices."""
        return list(Person.select().order_by(Person.id))

    def blank(self) -> Person:
        """A new person."""
        return Person()

    def store_row(self, row: Person) -> Change:
        """Store a person."""
        return self._actions.edit(partial(office.put_person, person=row))

    def is_retired(self, row: Person) -> bool:
        """Left before today."""
        return row.active_to is not None and row.active_to < self._actions.today

    def retire(self) -> None:
        """Let the current person's last day be today."""
        person = self.current_row()
        if person is not None and self.can_edit:
            person.active_to = self._actions.today
            self.perform(partial(self.store_row, person), f"{person.name}今天离任，明天起不再显示")

    def _import(self) -> None:
        read = partial(lists.read_people, today=self._actions.today, days=self._words.days)
        known = {row.name for row in Person.select()}
        ListDialog("导入人员", lists.PERSON_HEADS, read, known, partial(self._bring_in, office.add_people), self).open()


def _added(add: Callable[..., Change], rows: list[Any], store: Any) -> Change:
    return add(store, rows)
