"""The typefaces of this machine, all that letters and documents are promised."""

from __future__ import annotations

import pytest

from dev import fonts as development_fonts
from dev.state import State
from stationery.paper.fonts import Fonts, installed


@pytest.fixture(scope="session", autouse=True)
def fonts() -> Fonts:
    """What is missing is installed, where that is possible."""
    development_fonts.ensure(State())
    return installed()
