"""What the services and the gateway promise, asked of their code: no server is needed."""

from __future__ import annotations

from typing import Any

import pytest

from dev.contracts import generate
from gateway.clock.pages import ClockPages
from gateway.http import openapi
from gateway.keys.pages import KeyPages

NOBODY: Any = None


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document that the gateway serves while all services are there and the clock is manual."""
    own = [
        *KeyPages(NOBODY, NOBODY, NOBODY, NOBODY).endpoints,
        *ClockPages(NOBODY, NOBODY, NOBODY).endpoints,
    ]
    return openapi.merge(own, list(generate.describe().values()), set())
