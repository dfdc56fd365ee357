"""The office's own tables: edited in one change each, journaled, taken back by undo; used names stay known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.directory.calendar import DeadlineRule, WorkdayOverride
from db.directory.people import Person
from db.directory.units import Unit, unit_names
from db.directory.vocabulary import TermRow
from db.errors import Refused
from db.rules.workdays import Day
from db.store import health, office
from db.store.recomputing import amend
from db.store.store import Store
from tests.db.office import contents, incoming, saved


def tables(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """The office's own tables as they stand."""
    found = contents(store)
    return {model.key(): found[model.key()] for model in (Unit, Person, TermRow, WorkdayOverride, DeadlineRule)}


def unit(name: str) -> Unit:
    """A unit of the directory."""
    return Unit.get(Unit.name == name)


def add(store: Store, name: str, **values: Any) -> Unit:
    """A unit that was added."""
    office.put_unit(store, Unit(name=name, **values))
    return unit(name.strip())


def test_a_unit_is_added_changed_and_taken_back(store: Store) -> None:
    empty = tables(store)
    found = add(store, " 县财政局 ", aliases="财局，县财局;财局", level="县直部门")
    assert (found.name, found.aliases) == ("县财政局", "财局、县财局")
    assert store.rules.level_of("财局") == "县直部门"
    added = tables(store)
    found.level = "乡镇（街道）"
    change = office.put_unit(store, found)
    assert change.keys == [("unit", found.id)]
    assert store.rules.level_of("县财政局") == "乡镇（街道）"
    store.undo()
    assert tables(store) == added
    assert store.rules.level_of("县财政局") == "县直部门"
    store.undo()
    assert tables(store) == empty
    store.redo()
    assert tables(store) == added
    assert list(health.findings(store)) == []


def test_a_change_that_a_later_one_has_overtaken_cannot_be_undone(store: Store) -> None:
    found = add(store, "县财政局")
    found.short_name = "财政局"
    first = office.put_unit(store, found)
    found.short_name = "财局"
    office.put_unit(store, found)
    with pytest.raises(Refused, match="之后又改过"):
        store.undo(first.id)


def test_a_corrected_name_stays_known_and_whoever_names_it_follows(store: Store) -> None:
    add(store, "县财正局")
    add(store, "县国库集中支付中心", parent="县财正局")
    found = unit("县财正局")
    found.name = "县财政局"
    office.put_unit(store, found)
    assert unit("县财政局").aliases == "县财正局"
    assert unit("县国库集中支付中心").parent == "县财政局"
    store.undo()
    assert unit("县国库集中支付中心").parent == "县财正局"


def test_a_reform_closes_the_old_unit_and_adds_its_successor_in_one_change(store: Store) -> None:
    old = add(store, "县扶贫办", level="县直部门", aliases="扶贫办")
    before = tables(store)
    office.retire_unit(store, old, date(2022, 5, 27), "县乡村振兴局")
    assert unit("县扶贫办").active_to == date(2022, 5, 27)
    new = unit("县乡村振兴局")
    assert (new.active_from, new.level) == (date(2022, 5, 28), "县直部门")
    assert unit_names().merged({"扶贫办": 2, "县乡村振兴局": 3}) == {"县乡村振兴局": 5}
    store.undo()
    assert tables(store) == before


def test_a_reform_that_goes_in_a_circle_is_refused_and_nothing_is_kept(store: Store) -> None:
    add(store, "县扶贫办")
    office.retire_unit(store, unit("县扶贫办"), date(2022, 5, 27), "县乡村振兴局")
    before = tables(store)
    for successor, said in (("县乡村振兴局", "不能是它自己"), ("县扶贫办", "又回到自己")):
        with pytest.raises(Refused, match=said):
            office.retire_unit(store, unit("县乡村振兴局"), date(2023, 1, 1), successor)
    assert tables(store) == before


def test_a_list_of_units_comes_in_as_a_whole_or_not_at_all(store: Store) -> None:
    units = [Unit(name="国库中心", parent="财政局"), Unit(name="县财政局", short_name="财政局")]
    office.add_units(store, units)
    assert {row.name for row in Unit.select()} == {"国库中心", "县财政局"}
    with pytest.raises(Refused) as refused:
        office.add_units(store, [Unit(name="县水利局"), Unit(name="财政局"), Unit(name="县林业局", level="部级")])
    assert [problem.text for problem in refused.value.problems] == [
        "财政局：“财政局”已是县财政局的名称，两个单位不能同名",
        "县林业局：级别没有“部级”这一项，可在词汇表里增加",
    ]
    assert Unit.select().count() == 2


def test_people_are_added_and_taken_back(store: Store) -> None:
    office.put_person(store, Person(name="龙䶮", unit="县政府办", post="副主任", role="领导"))
    with pytest.raises(Refused, match="已在表里"):
        office.put_person(store, Person(name="龙䶮", unit="县政府办", post="副主任"))
    office.add_people(store, [Person(name="陈𫖯"), Person(name="盘𬀩")])
    assert Person.select().count() == 3
    store.undo()
    store.undo()
    assert Person.select().count() == 0


def word(vocabulary: str, text: str) -> TermRow:
    """A word of a vocabulary."""
    return TermRow.get(TermRow.vocabulary == vocabulary, TermRow.word == text)


def test_a_word_that_is_no_longer_offered_stays_known(store: Store) -> None:
    record = saved(store, incoming(urgency="加急"))
    urgent = word("urgency", "加急")
    urgent.is_active = False
    office.put_word(store, urgent)
    assert "加急" not in store.rules.words("urgency")
    record.remarks = "补记"
    store.save(record)
    store.undo()
    store.undo()
    assert "加急" in store.rules.words("urgency")


def test_a_renamed_word_takes_the_place_of_the_old_one_which_stays_known(store: Store) -> None:
    old = word("urgency", "加急")
    old.word = "急件"
    office.put_word(store, old)
    assert store.rules.words("urgency") == ("平件", "急件", "特急", "平急", "特提")
    assert "加急" in store.rules.known_words("urgency")


def test_words_are_added_at_the_end_and_put_in_order(store: Store) -> None:
    office.put_word(store, TermRow(vocabulary="urgency", word="限时"))
    assert store.rules.words("urgency")[-1] == "限时"
    words = list(TermRow.select().where(TermRow.vocabulary == "urgency").order_by(TermRow.position))
    office.order_words(store, [words[-1], *words[:-1]])
    assert store.rules.words("urgency") == ("限时", "平件", "加急", "特急", "平急", "特提")
    store.undo()
    assert store.rules.words("urgency")[-1] == "限时"


@pytest.mark.parametrize(
    ("text", "said"), [("", "请填写词"), ("平件", "已在表里"), ("急、特急", "顿号"), ("长" * 101, "太长")]
)
def test_a_word_that_cannot_be_is_refused(store: Store, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        office.put_word(store, TermRow(vocabulary="urgency", word=text))


def test_a_day_of_the_office_is_entered_and_taken_away_again(store: Store) -> None:
    day = date(2022, 12, 30)
    amend(store, office.days_amendment("停电", [Day(day, False, "停电放假", "本单位")]))
    assert not store.rules.days.is_workday(day)
    amend(store, office.days_amendment("恢复", [], [day]))
    assert store.rules.days.is_workday(day)
    store.undo()
    assert store.rules.days.name(day) == "停电放假"
    store.undo()
    assert WorkdayOverride.select().count() == 0
