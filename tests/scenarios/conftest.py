"""One system for all scenarios, and a firm that tells them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ops.client import Client
from tests.scenarios.firm import Firm, running_firm


@pytest.fixture(scope="session")
def firm() -> Iterator[Firm]:
    """Has its own accounts in every scenario, and one calendar in all."""
    with running_firm(f"scenarios{os.getpid()}") as firm:
        yield firm


@pytest.fixture
def client(firm: Firm) -> Client:
    """The gateway as the firm calls it."""
    return firm.client
