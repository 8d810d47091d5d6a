"""Fixtures: a gateway on this run's servers, a key that may do all, a fake service behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from dev.servers import Servers
from tests.gateway.fake_service import FakeService, endpoint
from tests.gateway.running_gateway import RunningGateway

THINGS = [
    endpoint("GET /v1/things", "list_things", "things:read"),
    endpoint("POST /v1/things", "make_thing", "things:write", status=201),
    endpoint("GET /v1/things/{thing_id}", "get_thing", "things:read"),
    endpoint("PATCH /v1/things/{thing_id}", "edit_thing", "things:write"),
    endpoint("POST /v1/things/{thing_id}/wait", "wait", "things:write", seconds_max=4),
    endpoint("GET /v1/things/{thing_id}/paper", "get_paper", "things:read", is_document=True),
    endpoint("GET /v1/things/{thing_id}/file", "get_file", "things:read", is_streamed=True),
    endpoint(
        "PUT /v1/things/{thing_id}/parts/{number}", "put_part", "things:write", raw_field="content"
    ),
    endpoint("GET /v1/accounts/{account_id}/things", "list_of", "things:read"),
    endpoint("POST /v1/things/{thing_id}/hold", "hold", "things:write", seconds_max=120),
    endpoint("GET /v1/reports/things", "report", "things:read", is_costly=True, seconds_max=120),
]


@pytest.fixture(scope="session")
def make_gateway(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., RunningGateway]]:
    """Make a gateway that is not started yet, with more in its environment."""
    made: list[RunningGateway] = []
    base = {
        "AMQP_URI": servers.amqp_uri("gateway"),
        "DATABASE_URL": servers.database_url("gateway"),
    }

    def make(**environment: str) -> RunningGateway:
        log = tmp_path_factory.mktemp("gateway") / "log"
        made.append(RunningGateway({**base, **environment}, log))
        return made[-1]

    make().migrate()
    yield make
    for one in made:
        if one._process is not None:
            one.stop()


@pytest.fixture(scope="session")
def gateway(make_gateway: Callable[..., RunningGateway], things: FakeService) -> RunningGateway:
    """A gateway that runs, with the fake service present."""
    gateway = make_gateway()
    gateway.start()
    gateway.wait_for("things")
    return gateway


@pytest.fixture(scope="session")
def admin_key(gateway: RunningGateway) -> str:
    """A key that may do everything."""
    return gateway.make_key("*", "--requests-per-second", "10000", "--calls-at-once", "1000")


@pytest.fixture
def client(gateway: RunningGateway, admin_key: str) -> Iterator[httpx.Client]:
    """A client that may do everything."""
    with gateway.client(admin_key) as client:
        yield client


@pytest.fixture(scope="session")
def things(servers: Servers) -> Iterator[FakeService]:
    """The fake service `things`, which runs for the whole session."""
    service = FakeService(servers.amqp_uri("admin"), "things", list(THINGS))
    service.start()
    yield service
    service.stop()


@pytest.fixture
def make_service(servers: Servers) -> Iterator[Callable[..., FakeService]]:
    """Make a fake service of this test's own, not started yet."""
    made: list[FakeService] = []

    def make(name: str, *endpoints: dict[str, object]) -> FakeService:
        made.append(FakeService(servers.amqp_uri("admin"), name, list(endpoints)))
        return made[-1]

    yield make
    for service in made:
        service.stop()


@pytest.fixture(autouse=True)
def _begin_anew(request: pytest.FixtureRequest) -> None:
    """What the service was told and got in the test before is forgotten."""
    if "things" in request.fixturenames or "gateway" in request.fixturenames:
        things: FakeService = request.getfixturevalue("things")
        things.received.clear()
        things.methods = {
            "describe": lambda _: things.describe(),
            "get_thing": lambda got: {"thing_id": got.kwargs["thing_id"], "version": 7},
            "list_things": lambda got: {"items": [], "has_more": False, "next_after": None},
            "make_thing": lambda got: {"thing_id": "thg_1", "version": 1},
            "edit_thing": lambda got: {"thing_id": got.kwargs["thing_id"], "version": 8},
        }
