"""The office of the demo year: its settings, its directory of units and people; all people are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from db.directory.people import Person
from db.directory.settings import Setting
from db.directory.units import Unit
from db.record import database
from db.resources import rows_of

OFFICE = "蓝山县人民政府办公室"
SETTINGS = {"office": OFFICE, "county": "蓝山县", "tabulator": "赵晓燕", "reviewer": "厉芳"}


@dataclass(frozen=True)
class Sender:
    """A unit that papers come from: its level (来文级别), its 机关代字 and how often it writes."""

    name: str
    short_name: str
    level: str
    codes: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class Colleague:
    """One person of the county government: the circle that he or she belongs to (县长, 主任, 干部 …), name and post."""

    circle: str
    name: str
    unit: str
    post: str


class People:
    """Who signs, instructs, drafts and registers."""

    def __init__(self, everybody: Sequence[Colleague]) -> None:
        self.everybody = tuple(everybody)
        self.mayor = self._of("县长")[0]
        self.vice_mayors = self._of("副县长")
        self.director = self._of("主任")[0]
        self.vice_directors = self._of("副主任")
        self.staff = self._of("干部")

    def _of(self, circle: str) -> tuple[Colleague, ...]:
        return tuple(person for person in self.everybody if person.circle == circle)

    @property
    def group(self) -> tuple[Colleague, ...]:
        """The eleven members of the study group: the directors and the heads of sections."""
        return (self.director, *self.vice_directors, *self.staff[:6])

    def leader(self, rng: Random) -> Colleague:
        """The mayor or one of the vice-mayors."""
        return rng.choice((self.mayor, *self.vice_mayors))

    def clerk(self, rng: Random, section: str) -> Colleague:
        """Somebody of a section (文书股, 值班室 …)."""
        return rng.choice([person for person in self.staff if person.post.startswith(section)])


def senders() -> list[Sender]:
    """Every unit of the directory."""
    return [
        Sender(row["name"], row["short_name"] or row["name"], row["level"], tuple(row["codes"].split("、")),
               int(row["weight"]))
        for row in rows_of("demo/units.csv")
    ]  # fmt: skip


def people() -> People:
    """Everybody of the county government who appears in the demo year."""
    return People([Colleague(row["role"], row["name"], row["unit"], row["post"]) for row in rows_of("demo/people.csv")])


def furnish() -> None:
    """Write settings, units and people into the open, new ledger."""
    with database.atomic("IMMEDIATE"):
        Setting.insert_many([{"name": name, "value": value} for name, value in SETTINGS.items()]).execute()
        names = ("name", "short_name", "aliases", "level")
        Unit.insert_many([{name: row[name] for name in names} for row in rows_of("demo/units.csv")]).execute()
        Person.insert_many(
            [{"name": one.name, "unit": one.unit, "post": one.post} for one in people().everybody]
        ).execute()
