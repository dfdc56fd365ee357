"""What the clerk may change in the office's own tables: units, people, words; rules and days go by an amendment.

Each function is one change, journaled under the table's name and taken back by undo. Names that records hold are never
deleted: a unit is retired, a word is no longer offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from db.directory.calendar import DeadlineRule, WorkdayOverride, rule_of
from db.directory.people import Person, person_problems
from db.directory.units import LEVELS, Unit, unit_problems
from db.directory.vocabulary import TermRow
from db.errors import Problem, Refused
from db.rules.deadlines import Rule, succeed
from db.rules.workdays import Day
from db.store.recomputing import Amendment

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

_LONGEST = 100  # characters of a name or a word


def put_unit(store: Store, unit: Unit, title: str = "") -> Change:
    """Write a unit, new or changed. A corrected full name stays among the aliases: records may hold the old one.

    Raises:
        Refused: with what is wrong, each problem at its field.
    """
    with store.change(title or ("修改单位" if unit.id else "增加单位"), may="directory") as change:
        _put_unit(store, change, unit)
    return change


def _put_unit(store: Store, change: Change, unit: Unit) -> None:
    _fold(unit, ("name", "short_name", "successor", "parent", "pinyin"))
    unit.aliases = _listed(unit.aliases)
    others = list(Unit.select())
    before = next((other for other in others if other.id == unit.id), None)
    if before is not None and before.name != unit.name and before.name not in unit.names():
        unit.aliases = _listed(f"{unit.aliases}、{before.name}")
    others = [other for other in others if other.id != unit.id]
    _refuse([*_too_long(unit), *unit_problems(unit, others, store.rules.words(LEVELS))])
    change.put(unit)
    if before is not None and before.name != unit.name:  # who names it as parent or successor goes on doing so
        for other in others:
            if before.name in (other.successor, other.parent):
                other.successor = unit.name if other.successor == before.name else other.successor
                other.parent = unit.name if other.parent == before.name else other.parent
                change.put(other)


def retire_unit(store: Store, unit: Unit, last_day: date, successor: str) -> Change:
    """Close a unit with its last day; `successor`, when named, takes over the day after and is added if it is new.

    Raises:
        Refused: with what is wrong: a last day before the first, a unit that succeeds itself, a circle.
    """
    unit.active_to, unit.successor = last_day, successor.strip()
    title = f"{unit.name}改为{unit.successor}" if unit.successor else f"停用{unit.name}"
    with store.change(title, may="directory") as change:
        known = {name: other for other in Unit.select() for name in other.names()}
        if unit.successor and unit.successor not in known:
            follower = Unit(name=unit.successor, level=unit.level, parent=unit.parent)
            follower.active_from = last_day + timedelta(1)
            _put_unit(store, change, follower)
        elif unit.successor:
            unit.successor = known[unit.successor].name
        _put_unit(store, change, unit)
    return change


def add_units(store: Store, units: Sequence[Unit]) -> Change:
    """Add a list of units in one change; a unit may name another of the list as parent or successor.

    Raises:
        Refused: with the problems of every unit that cannot be added, each naming its unit; nothing is then written.
    """
    problems: list[Problem] = []
    with store.change(f"导入{len(units)}个单位", may="directory") as change:
        for unit in _parents_first(units):
            try:
                _put_unit(store, change, unit)
            except Refused as refused:
                problems += [Problem(one.field, f"{unit.name or '（无名）'}：{one.text}") for one in refused.problems]
        _refuse(problems)
    return change


def _parents_first(units: Sequence[Unit]) -> list[Unit]:
    """The units in an order in which whom they name comes before; those that name one another keep their place."""
    waiting = list(units)
    names = {name for unit in waiting for name in unit.names()}
    found: list[Unit] = []
    while waiting:
        ready = [unit for unit in waiting if not {unit.parent, unit.successor} & names - set(unit.names())]
        for unit in ready or waiting[:]:
            waiting.remove(unit)
            names -= set(unit.names())
            found.append(unit)
    return found


def put_person(store: Store, person: Person) -> Change:
    """Write a person, new or changed.

    Raises:
        Refused: with what is wrong, each problem at its field.
    """
    with store.change("修改人员" if person.id else "增加人员", may="directory") as change:
        _put_person(change, person)
    return change


def add_people(store: Store, people: Sequence[Person]) -> Change:
    """Add a list of people in one change.

    Raises:
        Refused: with the problems of everybody who cannot be added; nothing is then written.
    """
    problems: list[Problem] = []
    with store.change(f"导入{len(people)}名人员", may="directory") as change:
        for person in people:
            try:
                _put_person(change, person)
            except Refused as refused:
                problems += [Problem(one.field, f"{person.name or '（无名）'}：{one.text}") for one in refused.problems]
        _refuse(problems)
    return change


def _put_person(change: Change, person: Person) -> None:
    _fold(person, ("name", "unit", "post", "role", "pinyin"))
    others = [other for other in Person.select().where(Person.name == person.name) if other.id != person.id]
    _refuse([*_too_long(person), *person_problems(person, others)])
    change.put(person)


def put_word(store: Store, word: TermRow) -> Change:
    """Write a word of a vocabulary: a new one comes last; one that is renamed stays known, but is no longer offered.

    Raises:
        Refused: for an empty word or one that is there.
    """
    _fold(word, ("word", "group", "series"))
    same = list(TermRow.select().where(TermRow.vocabulary == word.vocabulary))
    problems = list(_too_long(word))
    if not word.word:
        problems.append(Problem("word", "请填写词"))
    elif "、" in word.word:
        problems.append(Problem("word", "词里不能有顿号：几个词请分开增加"))
    elif any(other.word == word.word and other.id != word.id for other in same):
        problems.append(Problem("word", f"“{word.word}”已在表里；停用的可以重新启用"))
    _refuse(problems)
    before = next((other for other in same if other.id == word.id), None)
    with store.change("修改词汇" if word.id else "增加词汇", may="edit_rules") as change:
        if before is not None and before.word != word.word:
            renamed = TermRow(vocabulary=word.vocabulary, word=word.word, group=word.group, series=word.series)
            renamed.position, renamed.is_active = before.position, word.is_active
            before.is_active = False
            change.put(before)
            change.put(renamed)
        else:
            if not word.id:
                word.position = max((other.position for other in same), default=-1) + 1
            change.put(word)
    return change


def order_words(store: Store, words: Sequence[TermRow]) -> Change:
    """Offer the words of one vocabulary in this order."""
    positions = sorted(word.position for word in words)
    with store.change("调整词汇次序", may="edit_rules") as change:
        for word, position in zip(words, positions, strict=True):
            word.position = position
            change.put(word)
    return change


def rule_amendment(key: str, wanted: Rule) -> Amendment:
    """A changed deadline rule as a new version from `wanted.valid_from` on; the version before it is closed.

    Raises:
        Refused: at the field, when the validity or the label does not do.
    """
    rows = {row.version: row for row in DeadlineRule.select().where(DeadlineRule.name == key)}
    _refuse([Problem("label", "请填写事项")] if not wanted.label.strip() else [])
    closed, new = succeed(map(rule_of, rows.values()), wanted)
    old = rows[closed.version]
    old.valid_to = closed.valid_to
    values = asdict(new)
    row = DeadlineRule(name=values.pop("key"), **values)
    row.unit, row.extension_unit = str(new.unit), str(new.extension_unit) if new.extension else ""
    return Amendment(f"修改办理期限：{new.label}", (old, row))


def days_amendment(title: str, days: Iterable[Day], gone: Iterable[date] = ()) -> Amendment:
    """Days that the office enters into its calendar, and days for which it goes back to the bundled arrangement."""
    there = {row.on: row for row in WorkdayOverride.select()}
    rows: list[WorkdayOverride] = []
    for day in days:
        row = there.get(day.on) or WorkdayOverride(on=day.on)
        row.is_workday, row.name, row.source = day.is_workday, day.name, day.source
        rows.append(row)
    return Amendment(title, tuple(rows), tuple(there[on] for on in gone if on in there))


def _fold(row: Unit | Person | TermRow, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, " ".join((getattr(row, name) or "").split()))


def _listed(aliases: str) -> str:
    """Names joined by 、 however they were separated, each once."""
    for mark in ",，;；/":
        aliases = aliases.replace(mark, "、")
    return "、".join(dict.fromkeys(filter(None, (name.strip() for name in aliases.split("、")))))


def _too_long(row: Unit | Person | TermRow) -> Iterable[Problem]:
    for name, value in row.__data__.items():
        longest = _LONGEST * 5 if name == "aliases" else _LONGEST
        if isinstance(value, str) and len(value) > longest:
            yield Problem(name, f"太长：{len(value)}字，最多{longest}字，请删短")


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(problems)
