"""Bundled faces, read once for all tests of the paper."""

from __future__ import annotations

import pytest

from desktop.printing.faces import Faces


@pytest.fixture(scope="session")
def faces() -> Faces:
    """The bundled faces only, so that pages are the same on every machine."""
    return Faces(search=())
