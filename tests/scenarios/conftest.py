"""One system for all scenarios, and a firm that tells them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from dev.servers import Servers
from dev.state import State
from ops.client import Client
from tests.scenarios.firm import Firm, running_firm

INSTANCE = f"scenarios{os.getpid()}"


@pytest.fixture(scope="session")
def firm() -> Iterator[Firm]:
    """Has its own accounts in every scenario, and one calendar in all."""
    with running_firm(INSTANCE) as firm:
        yield firm


@pytest.fixture
def client(firm: Firm) -> Client:
    """The gateway as the firm calls it."""
    return firm.client


@pytest.fixture
def servers(firm: Firm) -> Servers:
    """The servers that the firm's system runs on."""
    return Servers(INSTANCE, State())
