"""The light of a record: how urgent it is, as a word, for a shape and a colour (look.md: Lights)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.rules.deadlines import Deadlines


@dataclass(frozen=True)
class Light:
    """`kind` is one of late, due, soon, ok, done, todo, void; `words` what stands beside the shape."""

    kind: str
    words: str


@dataclass(frozen=True)
class Clock:
    """What the light of one record depends on; `stage` is the label of its stage."""

    due_on: date | None
    is_open: bool
    missing: int
    voided: bool
    stage: str


def light(clock: Clock, today: date, deadlines: Deadlines, near: int, far: int) -> Light:
    """The light of a record on a day. An open record without a time limit shows its stage.

    What is due in up to `near` working days is due soon; up to `far` working days are told by their number, of what is
    due later the day says more.
    """
    if clock.voided:
        return Light("void", "作废")
    if not clock.is_open:
        return Light("todo", "待补全") if clock.missing else Light("done", f"已{clock.stage.removeprefix('已')}")
    if clock.due_on is None:
        return Light("todo", "待补全") if clock.missing else Light("ok", clock.stage)
    kind, days = deadlines.state(clock.due_on, today, near)
    left = f"剩 {days} 日" if days <= far else clock.due_on.isoformat()
    words = {"late": f"逾期 {days} 日", "due": "今日到期"}.get(kind, left)
    if kind == "ok" and clock.missing:
        return Light("todo", "待补全")
    return Light(kind, words)
