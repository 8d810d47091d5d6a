"""Fixtures: a gateway that believes an issuer, which this machine's proxy tells whose request it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from dev.servers import Servers
from kernel.ids import new_id
from tests.gateway.fake_service import FakeService
from tests.gateway.persons.issuing import Issuer
from tests.gateway.persons.somebody import Somebody
from tests.gateway.running_gateway import RunningGateway

Sql = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """An issuer that runs."""
    issuer = Issuer()
    yield issuer
    issuer.stop()


@pytest.fixture(scope="session")
def make_door(
    make_gateway: Callable[..., RunningGateway], things: FakeService, issuer: Issuer
) -> Callable[..., RunningGateway]:
    """Start a gateway that believes the issuer."""

    def make(**more: str) -> RunningGateway:
        proxy = {"STEWARD_TRUSTED_PROXIES": "127.0.0.1"}
        gateway = make_gateway(**{**issuer.environment, **proxy, **more})
        gateway.start()
        gateway.wait_for("things")
        return gateway

    return make


@pytest.fixture(scope="session")
def gateway(make_door: Callable[..., RunningGateway]) -> RunningGateway:
    """One that runs, for all tests of persons."""
    return make_door()


@pytest.fixture(autouse=True)
def _role(request: pytest.FixtureRequest) -> None:
    """Most persons of these tests have it."""
    if "client" in request.fixturenames:
        client: httpx.Client = request.getfixturevalue("client")
        scopes = {"scopes": ["things:read", "things:write"]}
        assert client.put("/v1/roles/things_clerk", json=scopes).status_code == 200


@pytest.fixture
def ada(client: httpx.Client) -> Somebody:
    """A member of staff who can sign in."""
    return Somebody(client, staff_id=new_id("stf"))


@pytest.fixture(scope="session")
def sql(servers: Servers) -> Iterator[Sql]:
    """Ask the gateway's database, or tell it."""
    url = servers.database_url("gateway").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)

    def ask(statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    yield ask
    engine.dispose()
