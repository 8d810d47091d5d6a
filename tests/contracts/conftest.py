"""What the services and the gateway promise, asked of their code: no server is needed."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from dev.contracts import generate
from gateway.clock.pages import ClockPages
from gateway.http import openapi
from gateway.http.routes import Endpoint
from gateway.keys.pages import KeyPages
from gateway.persons.me_pages import MePages
from gateway.persons.pages import PersonPages
from gateway.persons.role_pages import RolePages
from gateway.persons.session_pages import SessionPages

OWN_PAGES = (KeyPages, PersonPages, RolePages, MePages, SessionPages, ClockPages)


def endpoints_of(pages: type) -> list[Endpoint]:
    """What pages of the gateway serve, asked without anything that they need to serve it."""
    return list(pages(**dict.fromkeys(inspect.signature(pages).parameters)).endpoints)


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document that the gateway serves while all services are there and the clock is manual."""
    own = [endpoint for pages in OWN_PAGES for endpoint in endpoints_of(pages)]
    return openapi.merge(own, list(generate.describe().values()), set())
