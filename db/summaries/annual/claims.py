"""Claims of a report checked against the registers (均达100%, 未发生…): the rows that break one, a true sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.record import Rate
from db.summaries.annual.facts import Facts
from db.summaries.annual.report import Claim, Fact, Row, State
from db.summaries.annual.template import Condition, Guarded

_ALL = re.compile("(?P<each>均|都|全部)?(?P<verb>达到|达|为|是)?(?:100[%％]|百分之百)")
_PLACE = re.compile("{{(.+?)}}")
_EACH = re.compile("均|全部|都")
_NONE = re.compile("未发生|没有发生|未出现|没有出现|无一|零发生")


def checked(guarded: Guarded, text: str, facts: dict[str, Fact], source: Facts, paragraph: int) -> Claim:
    """A claim with the words `text` checked; `facts` are those that its conditions name."""
    broken = [one for one in guarded.conditions if _fails(one, facts[one.figure])]
    unknown = [one for one in guarded.conditions if facts[one.figure].value is None]
    state: State = "broken" if broken else "unknown" if unknown else "kept"
    rows: dict[Row, None] = {}
    for one in broken:
        rows |= dict.fromkeys(_breaking(one, facts[one.figure], source))
    keys = tuple(dict.fromkeys(one.figure for one in guarded.conditions))
    why = "；".join(_why(facts[one.figure], source) for one in (broken or unknown))
    told = "且".join(f"{facts[one.figure].label}{one.sign}{one.number}" for one in guarded.conditions)
    rewritten = _instead(text, guarded.conditions, broken, facts, source) if broken else ""
    instead = _PLACE.sub(lambda place: _value(place[1], facts, source), rewritten)
    return Claim(text, told, keys, state, why, tuple(rows), instead, paragraph, guarded.written, rewritten)


def _value(key: str, facts: dict[str, Fact], source: Facts) -> str:
    return facts[key].shown if key in facts else source.read([key])[0].shown


def _fails(condition: Condition, fact: Fact) -> bool:
    return fact.value is not None and not condition.holds(fact.value)


def _breaking(condition: Condition, fact: Fact, source: Facts) -> tuple[Row, ...]:
    """The records that break a condition: those of a rate not counted, those of a count of what should not be."""
    if isinstance(source.figures[fact.key], Rate):
        return source.uncounted(fact.key) if condition.sign in ("=", "≥", ">") else fact.rows
    return fact.rows if condition.sign in ("=", "≤", "<") else ()


def _why(fact: Fact, source: Facts) -> str:
    figure = source.figures[fact.key]
    if fact.value is None:
        return f"{fact.label}没有应计的记录，无从核对"
    if not isinstance(figure, Rate):
        return f"{fact.label}是{fact.shown}{fact.unit}"
    part = source.figures.value(figure.part.key, source.period).value
    base, counted = fact.base or 0, part or 0
    return (
        f"{figure.base.label}{base}{figure.base.unit}，{figure.part.label}{counted}{figure.part.unit}（{fact.shown}）"
    )


def _instead(
    text: str, conditions: Sequence[Condition], broken: Sequence[Condition], facts: dict[str, Fact], source: Facts
) -> str:
    """A sentence that the registers bear out, as a template has it; empty when none can be made of these words."""
    rates = [facts[one.figure] for one in conditions]
    first = facts[broken[0].figure]
    if _NONE.search(text) and len(broken) == 1:
        return f"{_NONE.sub('发生', text, count=1)}{_place(first.key)}{first.unit}"
    if _ALL.search(text) and all(fact.unit == "%" and fact.value is not None for fact in rates):
        return _ALL.sub(lambda found: _told(found, rates), text, count=1)
    figure = source.figures[first.key]
    if _EACH.search(text) and isinstance(figure, Rate) and len(broken) == 1:
        return _EACH.sub(f"其中{_place(figure.part.key)}{figure.part.unit}", text, count=1)
    return ""


def _told(found: re.Match[str], rates: Sequence[Fact]) -> str:
    verb = found["verb"] or "达"
    places = [_place(fact.key) for fact in rates]
    if len({fact.shown for fact in rates}) == 1:
        return f"{found['each'] if len(rates) > 1 and found['each'] else ''}{verb}{places[0]}"
    return f"分别{verb}{'、'.join(places[:-1])}和{places[-1]}"


def _place(key: str) -> str:
    return f"{{{{{key}}}}}"
