"""Puts what one cell says of several fields into each of them."""

from __future__ import annotations

from typing import Any

from db.exchange.procedure import Said, put_step
from db.exchange.readings import Both
from db.exchange.targets import Target
from db.record import Record


def spread(register: type[Record], target: Target, value: Both | Said, values: dict[str, Any]) -> None:
    """Put the value of a cell into the fields of its target."""
    if isinstance(value, Said):
        put_step(register, target.field, value, values)
        return
    both = {target.field: value.own, target.beside: value.beside}
    values |= {name: part for name, part in both.items() if part}
