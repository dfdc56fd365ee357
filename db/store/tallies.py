"""What the records of a list have in common: groups with how many are in each, and the values that a column holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from db.store.clauses import Clause
from db.store.conditions import LIGHT, LIGHTS, is_day, is_joined, light
from db.store.search import Listing

MOST_JOINED = 20_000  # different texts of several words that are taken apart


@dataclass(frozen=True)
class Group:
    """Records with the same value (of a day: the month, 2022-12; "" where nothing stands); `late` are overdue."""

    value: str
    count: int
    late: int


@dataclass(frozen=True)
class Tally:
    """The values of a column with how often each occurs, the most frequent first; `whole` if these are all."""

    values: tuple[tuple[str, int], ...]
    whole: bool


def groups(listing: Listing) -> list[Group]:
    """The groups of a list by the field `Filter.group`, in the order in which its records stand."""
    name = listing.filter.group
    expression, order = listing.sorting.group_expression(name), listing.sorting.groups(name)
    late = light("late", listing.now)
    source = listing.source(order.joins, order.values)
    sql = f"SELECT {expression}, count(*), total({late.sql}) {source.sql} GROUP BY {expression} ORDER BY {order.sql}"
    rows = listing.connection.execute(sql, (*late.values, *source.values))
    return [Group(str(value), count, int(overdue)) for value, count, overdue in rows]


def tally(listing: Listing, name: str, most: int, holding: str = "") -> Tally:
    """The values of a field under all of the filter but its conditions on this field; days by their months.

    `holding` limits them to those that hold a text. Several words joined by 、 count each for itself.
    """
    others = tuple(one for one in listing.filter.conditions if one.name != name)
    wanted = replace(listing.filter, conditions=others, light="" if name == LIGHT else listing.filter.light)
    listing = listing.under(wanted)
    if name == LIGHT:
        return _lights(listing)
    kind = listing.register._meta.fields[name]
    source = listing.source()
    where = Clause(" AND instr(lower(value), ?) > 0", (holding.lower(),)) if holding else Clause("")
    limit = MOST_JOINED if is_joined(kind) else most + 1
    order = "1 DESC" if is_day(kind) else "2 DESC, 1"
    sql = (
        f"SELECT value, count(*) FROM (SELECT {listing.sorting.group_expression(name)} AS value {source.sql}) "
        f"WHERE 1{where.sql} GROUP BY value ORDER BY {order} LIMIT {limit}"
    )
    rows = [(str(value), count) for value, count in listing.connection.execute(sql, (*source.values, *where.values))]
    if is_joined(kind):
        rows = _apart(rows, holding)
    return Tally(tuple(rows[:most]), len(rows) <= most)


def _apart(rows: list[tuple[str, int]], holding: str) -> list[tuple[str, int]]:
    counted: Counter[str] = Counter()
    for value, count in rows:
        for word in value.split("、"):
            if holding.lower() in word.lower():
                counted[word] += count
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _lights(listing: Listing) -> Tally:
    """How many records show each light; one record may show two (overdue, and something missing)."""
    lights = [light(kind, listing.now) for kind in LIGHTS]
    source = listing.source()
    sums = ", ".join(f"total({one.sql})" for one in lights)
    values = (*(value for one in lights for value in one.values), *source.values)
    row = listing.connection.execute(f"SELECT {sums} {source.sql}", values).fetchone()
    return Tally(tuple((kind, int(count)) for kind, count in zip(LIGHTS, row, strict=True)), True)
