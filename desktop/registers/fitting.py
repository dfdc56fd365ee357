"""How wide the columns of a list are, which give way to the title, and which are scrolled out at the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.registers.ledger import PADDING
from desktop.registers.rows import LIGHT, Heading

TITLE_EM = 16  # characters that the column without a width has at least before others give way to it
_FROZEN = (LIGHT, "number")  # stay at the left while the others scroll, as far as the list begins with them


@dataclass(frozen=True)
class Fitted:
    """Columns by their place: how wide (px) those on show are; `scrolls` are so many steps of scrolling to the end."""

    widths: dict[int, int]
    scrolls: int = 0


def fit(headings: Sequence[Heading], room: int, em: float, scrolled: int = 0) -> Fitted:
    """Columns for `room` px: they give way in their order until the title has its 16 characters (look.md §2).

    Where none gives way (the clerk chose the columns) and they are wider than the room, the first `scrolled` of those
    behind the frozen ones are out of sight.
    """
    widths = {at: int(heading.width_em * em) for at, heading in enumerate(headings)}
    rest = [at for at, width in widths.items() if not width]
    title = int(TITLE_EM * em) + 2 * PADDING
    turns = sorted({heading.gives_way for heading in headings} - {0})
    shown = set(widths)
    for turn in turns:
        if room - sum(widths[at] for at in shown) >= len(rest) * title:
            break
        shown -= {at for at in shown if headings[at].gives_way == turn}
    if not turns and sum(widths.values()) + len(rest) * title > room:
        return _scrolled(headings, {at: width or title for at, width in widths.items()}, room, scrolled)
    spare = max(0, room - sum(widths[at] for at in shown))
    elastic = [at for at in rest if at in shown] or ([max(shown)] if shown else [])
    for at in elastic:
        widths[at] += spare // len(elastic)
    if elastic:
        widths[elastic[-1]] += spare % len(elastic)
    return Fitted({at: widths[at] for at in sorted(shown)})


def frozen_count(headings: Sequence[Heading]) -> int:
    """How many columns at the left stay where they are."""
    count = 0
    while count < min(len(headings), len(_FROZEN)) and headings[count].key in _FROZEN:
        count += 1
    return count


def _scrolled(headings: Sequence[Heading], widths: dict[int, int], room: int, scrolled: int) -> Fitted:
    frozen = frozen_count(headings)
    free = list(range(frozen, len(headings)))
    left = room - sum(widths[at] for at in range(frozen))
    most, tail = max(len(free) - 1, 0), 0
    for at in reversed(free):  # at the end of scrolling the last columns fill the room
        tail += widths[at]
        if tail > left:
            break
        most = at - frozen
    hidden = set(free[: min(scrolled, most)])
    return Fitted({at: width for at, width in widths.items() if at not in hidden}, most)
