"""The suggestions and proposals of a session before anybody handles them: what about, by whom, for which units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from db.demo.office import People, Sender
from db.demo.subjects import Subject, Wording
from db.registers.proposal import Proposer
from db.resources import rows_of

MOTION, SUGGESTION, OFF_SEASON = "议案转建议", "人大代表建议", "闭会期间建议"
_MOTIONS = 6  # of the suggestions of a session: motions of ten deputies that were turned into suggestions
_MOVERS = 10  # deputies that a motion needs in a county (地方组织法第22条)
_DEPUTIES = 14  # of each delegation
_SIDES = ("中共界", "民盟界", "工商联界", "共青团界", "妇联界", "工会界", "教育界", "科技界", "医药卫生界", "农业界",
          "经济界", "文化艺术界", "少数民族界", "社会福利界", "特邀界")  # fmt: skip
_BODIES = ("民盟蓝山支部", "县工商联", "县政协经济科技委员会", "县政协教科卫体委员会", "县政协农业农村委员会",
           "县政协提案委员会", "县妇联", "共青团蓝山县委")  # fmt: skip
_TRIES = 60  # until a title is taken twice


@dataclass(frozen=True)
class Slip:
    """One suggestion or proposal as the 人大 or the 政协 hands it over."""

    kind: str
    title: str
    topic: str
    lead: str
    joint: tuple[str, ...]
    promise: str
    proposers: tuple[Proposer, ...]


class Slips:
    """Draws slips; no title comes twice, and the same people sign for the same delegation."""

    def __init__(self, rng: Random, units: Sequence[Sender], people: People) -> None:
        self._rng = rng
        self._wording = Wording(rng, units)
        self._towns = [unit.short_name for unit in units if unit.level == "乡镇（街道）"]
        known = {person.name for person in people.everybody}
        names = self._names(known, (len(self._towns) + len(_SIDES)) * _DEPUTIES)
        self._people = {group: [next(names) for _one in range(_DEPUTIES)] for group in (*self._towns, *_SIDES)}
        self._rows = list(rows_of("demo/proposals.csv"))
        self._taken: set[str] = set()

    def _names(self, known: set[str], count: int) -> Iterator[str]:
        """So many invented names, none of them that of somebody of the county government."""
        found: dict[str, None] = {}
        while len(found) < count:
            if (name := self._wording.person()) not in known:
                found[name] = None
        return iter(list(found))

    def of_session(self, group: str, count: int, day: date) -> Iterator[Slip]:
        """So many suggestions (建议) or proposals (提案): each subject once, then those that places vary again."""
        rng = self._rng
        rows = [row for row in self._rows if row["kind"] == group]
        varied = [row for row in rows if "{镇}" in row["text"] or "{路}" in row["text"]]
        drawn = list(rows)
        while len(drawn) < count:
            drawn += rng.sample(varied, len(varied))
        drawn = drawn[:count]
        rng.shuffle(drawn)
        motions = set(rng.sample(range(count), _MOTIONS)) if group == "建议" else set[int]()
        for at, row in enumerate(drawn):
            kind = MOTION if at in motions else SUGGESTION
            yield self._slip(row, kind if group == "建议" else self._proposal_kind(), group, day)

    def off_season(self, day: date) -> Slip:
        """A suggestion made between two sessions."""
        row = self._rng.choice([row for row in self._rows if row["kind"] == "建议" and "{村}" in row["text"]])
        return self._slip(row, OFF_SEASON, "建议", day)

    def _proposal_kind(self) -> str:
        return self._rng.choices(("个人提案", "联名提案", "集体提案"), (62, 20, 18))[0]

    def _slip(self, row: dict[str, str], kind: str, group: str, day: date) -> Slip:
        subject = Subject("", frozenset(), (0, 0), group, row["text"], row["lead"])
        title = self._wording.topic(subject, "", day).title
        for _try in range(_TRIES):
            if title not in self._taken:
                break
            title = self._wording.topic(subject, "", day).title
        self._taken.add(title)
        joint = tuple(filter(None, row["joint"].split("、")))
        promise = row["promise"].replace("{下年}", str(day.year + 1))
        return Slip(kind, title, row["topic"], row["lead"], joint, promise, tuple(self._signed(kind, title)))

    def _signed(self, kind: str, title: str) -> list[Proposer]:
        """Those who sign: deputies of the township that it is about, members of one side, or a body."""
        rng = self._rng
        if kind == "集体提案":
            return [Proposer(person=rng.choice(_BODIES))]
        if kind in ("个人提案", "联名提案"):
            side = rng.choice(_SIDES)
            count = 1 if kind == "个人提案" else rng.randint(2, 4)
            return [Proposer(person=name, delegation=side) for name in rng.sample(self._people[side], count)]
        town = next((town for town in self._towns if town in title), "") or rng.choice(self._towns)
        count = _MOVERS if kind == MOTION else rng.choices((1, 2, 3, 5), (70, 14, 11, 5))[0]
        return [Proposer(person=name, delegation=f"{town}代表团") for name in rng.sample(self._people[town], count)]
