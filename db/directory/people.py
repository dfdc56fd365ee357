"""The directory of people: leaders and staff, their units and posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import peewee as pw

from db.errors import Problem
from db.record import Table

ROLES = ("领导", "工作人员")


class Person(Table):
    """One person who signs, instructs, drafts, handles or attends; a new post is a new row, so that old papers stay.

    `role` is one of ROLES or empty.
    """

    name = pw.TextField(index=True, verbose_name="姓名")
    unit = pw.TextField(default="", verbose_name="单位")
    post = pw.TextField(default="", verbose_name="职务")
    active_from = pw.DateField(null=True, verbose_name="任职")
    active_to = pw.DateField(null=True, verbose_name="离任")
    role = pw.TextField(default="", verbose_name="类别")
    pinyin = pw.TextField(default="", verbose_name="拼音")


def person_problems(person: Person, others: Iterable[Person]) -> Iterator[Problem]:
    """What is wrong with a person beside the `others` of the directory, each at its field."""
    if not person.name:
        yield Problem("name", "请填写姓名")
    if person.role and person.role not in ROLES:
        yield Problem("role", f"类别是{'或'.join(ROLES)}，没有“{person.role}”")
    if person.active_from and person.active_to and person.active_to < person.active_from:
        yield Problem("active_to", f"离任{person.active_to}早于任职{person.active_from}")
    first, last = person.active_from or date.min, person.active_to or date.max
    for other in others:
        same = (other.name, other.unit, other.post) == (person.name, person.unit, person.post)
        if person.name and same and first <= (other.active_to or date.max) and (other.active_from or date.min) <= last:
            yield Problem("name", f"{person.name}（{person.unit or '未填单位'}、{person.post or '未填职务'}）已在表里")
            return
