"""Python's cyclic collection, while very many objects are made."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Without it: what is read or drawn is no garbage, and going over it takes a sixth to a third of the time."""
    was_enabled = gc.isenabled()  # on the window's worker it is off already (desktop/jobs.py)
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
