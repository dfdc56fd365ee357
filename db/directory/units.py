"""The directory of units: what they are called, their level, since when, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import peewee as pw

from db.errors import Problem
from db.record import Table

LEVELS = "source_level"  # the vocabulary of a unit's level


class Unit(Table):
    """One unit; a renamed unit is a new row and the old one, closed, names its `successor`.

    `aliases` are joined by 、. `pinyin` are initials where those of the table would be wrong (重庆: cq).
    """

    name = pw.TextField(unique=True, verbose_name="全称")
    short_name = pw.TextField(default="", verbose_name="简称")
    aliases = pw.TextField(default="", verbose_name="别名")
    level = pw.TextField(default="", verbose_name="级别")
    active_from = pw.DateField(null=True, verbose_name="启用")
    active_to = pw.DateField(null=True, verbose_name="停用")
    successor = pw.TextField(default="", verbose_name="并入或改为")
    parent = pw.TextField(default="", verbose_name="上级单位")
    pinyin = pw.TextField(default="", verbose_name="拼音")

    def names(self) -> tuple[str, ...]:
        """Every name that it answers to, the full name first; aliases are joined by 、."""
        return tuple(filter(None, (self.name, self.short_name, *self.aliases.split("、"))))


def unit_levels() -> dict[str, str]:
    """The level of each unit by each of its names."""
    return {name: unit.level for unit in Unit.all_rows() for name in unit.names()}


@dataclass(frozen=True)
class Naming:
    """One unit as totals see it: its names, the full one first, its last day, and what it became."""

    names: tuple[str, ...]
    active_to: date | None = None
    successor: str = ""


class UnitNames:
    """What a unit is called, whatever name a record holds: aliases lead to the full name, predecessors to successors.

    Pure: made from `namings()`. A circle of successors, which no editor lets in, ends where it began.
    """

    def __init__(self, namings: Iterable[Naming]) -> None:
        self._by_name: dict[str, Naming] = {}
        for naming in namings:
            for name in naming.names:
                self._by_name.setdefault(name, naming)
        self._by_name.update({naming.names[0]: naming for naming in self._by_name.values()})

    def knows(self, name: str) -> bool:
        """Whether a unit of the directory answers to a name."""
        return name in self._by_name

    def full_name(self, name: str) -> str:
        """The full name of the unit that answers to a name; the name itself when the directory does not know it."""
        naming = self._by_name.get(name)
        return naming.names[0] if naming else name

    def merged_name(self, name: str, on: date | None = None) -> str:
        """The full name of the unit that has the tasks of `name`: now, or `on` a day.

        A successor takes over on the day after its predecessor's last; without a last day it always has.
        """
        naming, seen = self._by_name.get(name), set[str]()
        while naming is not None and naming.successor and naming.names[0] not in seen:
            if on is not None and naming.active_to is not None and on <= naming.active_to:
                break
            seen.add(naming.names[0])
            name = naming.successor
            naming = self._by_name.get(name)
        return naming.names[0] if naming else name

    def merged(self, totals: Mapping[str, int], on: date | None = None) -> dict[str, int]:
        """Totals by unit with those of predecessors, short names and aliases added to the unit of today (or `on`)."""
        found: dict[str, int] = {}
        for name, count in totals.items():
            unit = self.merged_name(name, on)
            found[unit] = found.get(unit, 0) + count
        return found

    def circle(self, name: str, successor: str) -> tuple[str, ...]:
        """The units from `name` over `successor` back to `name`, when that successor would close a circle."""
        start, path = self.full_name(name), [self.full_name(name)]
        at: str = self.full_name(successor)
        while at and at not in path:
            path.append(at)
            naming = self._by_name.get(at)
            at = self.full_name(naming.successor) if naming and naming.successor else ""
        return (*path, start) if at == start else ()


def unit_names() -> UnitNames:
    """The names of the directory as it stands."""
    return UnitNames(Naming(unit.names(), unit.active_to, unit.successor) for unit in Unit.select())


def unit_problems(unit: Unit, others: Iterable[Unit], levels: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with a unit beside the `others` of the directory, each at its field."""
    others = list(others)
    taken = {name: other for other in others for name in other.names()}
    if not unit.name:
        yield Problem("name", "请填写单位全称")
    for field, names in (("name", (unit.name,)), ("short_name", (unit.short_name,)), ("aliases", unit.names()[1:])):
        for name in filter(None, names):
            if name in taken and (field != "aliases" or name != unit.short_name):
                yield Problem(field, f"“{name}”已是{taken[name].name}的名称，两个单位不能同名")
    if unit.level and unit.level not in levels:
        yield Problem("level", f"级别没有“{unit.level}”这一项，可在词汇表里增加")
    if unit.active_from and unit.active_to and unit.active_to < unit.active_from:
        yield Problem("active_to", f"停用{unit.active_to}早于启用{unit.active_from}")
    for field, said in (("successor", "并入或改为"), ("parent", "上级单位")):
        target = getattr(unit, field)
        if target and target in unit.names():
            yield Problem(field, f"{unit.name}的{said}不能是它自己")
        elif target and target not in taken:
            yield Problem(field, f"单位表里没有“{target}”，请先增加它")
    if unit.successor and unit.successor not in unit.names():
        everybody = UnitNames(Naming(one.names(), one.active_to, one.successor) for one in others)
        circle = everybody.circle(unit.name, unit.successor)
        if circle:
            yield Problem("successor", f"并来并去又回到自己：{'→'.join(circle)}，请改一处")
