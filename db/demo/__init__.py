"""The demo year: a believable, always equal year of a county government office, made of rows through the store."""

from __future__ import annotations

from db.demo.ledger import build

__all__ = ["build"]
