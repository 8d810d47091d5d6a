"""Services come, go, change and break: what a client sees of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import create_engine, text

from dev.servers import Servers
from tests.gateway.fake_service import FakeService, NoReply, Received, endpoint, wait_until
from tests.gateway.running_gateway import Proxy, RunningGateway

pytestmark = pytest.mark.server

MakeGateway = Callable[..., RunningGateway]


@pytest.fixture
def proxied(
    servers: Servers, make_gateway: MakeGateway, things: FakeService
) -> Iterator[tuple[RunningGateway, Proxy, httpx.Client]]:
    """A gateway whose connection to the broker can be cut."""
    address = urlsplit(servers.amqp_uri("gateway"))
    proxy = Proxy(address.hostname or "", address.port or 5672)
    uri = address._replace(
        netloc=f"{address.username}:{address.password}@127.0.0.1:{proxy.port}"
    ).geturl()
    gateway = make_gateway(AMQP_URI=uri)
    gateway.start()
    gateway.wait_for("things")
    with gateway.client(gateway.make_key()) as client:
        assert client.get("/v1/things").status_code == 200
        yield gateway, proxy, client
    gateway.stop()
    proxy.close()


def test_a_service_unknown_so_far_is_served_without_a_restart_and_so_are_its_new_endpoints(
    client: httpx.Client, make_service: Callable[..., FakeService]
) -> None:
    assert client.get("/v1/boats").status_code == 404
    boats = make_service("boats", endpoint("GET /v1/boats", "list_boats", "boats:read"))
    boats.methods["list_boats"] = lambda _: ["boat"]
    boats.start()
    wait_until(lambda: client.get("/v1/boats").status_code == 200)
    boats.endpoints.append(endpoint("POST /v1/boats/{boat_id}/sink", "sink", "boats:write"))
    boats.methods["sink"] = lambda _: "sunk"
    boats.version = 2
    boats.announce()
    wait_until(lambda: client.post("/v1/boats/1/sink", json={}).status_code == 200)
    boats.endpoints.pop()
    boats.version = 3
    boats.announce()
    wait_until(lambda: client.post("/v1/boats/1/sink", json={}).status_code == 404)


def test_a_known_service_that_is_away_is_503_at_once_also_after_a_restart_of_the_gateway(
    gateway: RunningGateway,
    make_gateway: MakeGateway,
    make_service: Callable[..., FakeService],
    client: httpx.Client,
    admin_key: str,
) -> None:
    planes = make_service("planes", endpoint("GET /v1/planes", "list_planes", "planes:read"))
    planes.methods["list_planes"] = lambda _: []
    planes.start()
    wait_until(lambda: client.get("/v1/planes").status_code == 200)
    planes.stop()
    gateway.wait_for("planes", "away")
    other = make_gateway()
    other.start()
    wait_until(lambda: other.readiness()["services"].get("planes") == "away")
    for one in (gateway, other):
        with one.client(admin_key) as asking:
            answer = asking.get("/v1/planes")
        assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
        assert asking.is_closed
    assert client.get("/v1/trains").status_code == 404
    other.wait_for("things")
    assert other.readiness()["status"] == "ready"
    everybody = httpx.get(f"{other.url}/health/ready", params={"services": "all"})
    assert everybody.status_code == 503
    assert other.stop() == 0


def test_the_first_to_claim_a_route_keeps_it(
    gateway: RunningGateway, client: httpx.Client, make_service: Callable[..., FakeService]
) -> None:
    thief = make_service(
        "thief",
        endpoint("GET /v1/things/{other_name}", "get_thing", "things:read"),
        endpoint("GET /v1/api-keys", "list_keys", "things:read"),
        endpoint("GET /v1/loot", "list_loot", "things:read"),
    )
    thief.methods |= {name: lambda _: "stolen" for name in ("get_thing", "list_keys", "list_loot")}
    thief.start()
    wait_until(lambda: client.get("/v1/loot").status_code == 200)
    assert client.get("/v1/things/thg_1").json()["thing_id"] == "thg_1"
    assert "items" in client.get("/v1/api-keys").json()
    conflicts = gateway.readiness()["route_conflicts"]
    assert {
        "route": "GET /v1/things/{other_name}",
        "owner": "things",
        "refused": "thief",
    } in conflicts
    assert {"route": "GET /v1/api-keys", "owner": "gateway", "refused": "thief"} in conflicts
    assert "/v1/things/{other_name}" not in client.get("/openapi.json").json()["paths"]
    thief.endpoints[:] = thief.endpoints[2:]
    thief.version += 1
    thief.announce()
    wait_until(lambda: gateway.readiness()["route_conflicts"] == [])


@pytest.mark.parametrize(
    "broken",
    [
        {"endpoints": [endpoint("GET /health/live", "live", "x")]},
        {"endpoints": [endpoint("GET /v1/a/{b}/{b}", "twice", "x")]},
        {"endpoints": [endpoint("TRACE /v1/a", "trace", "x")]},
        {"endpoints": [endpoint("GET /v1/a", "one", "x"), endpoint("GET /v1/a", "two", "x")]},
        {"endpoints": [endpoint("GET /v1/a", "open", "")]},
        {"endpoints": "nonsense"},
        {"service": "things"},
        {"daily": None},
    ],
)
def test_a_contract_that_cannot_be_served_is_refused_and_harms_nobody(
    gateway: RunningGateway,
    client: httpx.Client,
    make_service: Callable[..., FakeService],
    broken: dict[str, object],
) -> None:
    service = make_service("broken")
    service.methods["describe"] = lambda _: {**service.describe(), **broken}
    service.start()
    wait_until(lambda: "broken" in gateway.readiness()["contracts_refused"])
    assert client.get("/v1/things").status_code == 200
    service.methods["describe"] = lambda _: service.describe()
    service.announce()
    wait_until(lambda: "broken" not in gateway.readiness()["contracts_refused"])


def test_a_service_killed_in_the_middle_of_a_call_answers_when_it_is_back(
    client: httpx.Client, make_service: Callable[..., FakeService]
) -> None:
    service = make_service("mortal", endpoint("POST /v1/mortal", "work", "x", seconds_max=15))
    began, stuck = threading.Event(), threading.Event()

    def hang(_: Received) -> None:
        began.set()
        stuck.wait(5)

    service.methods["work"] = hang
    service.start()
    wait_until(lambda: client.get("/v1/mortal").status_code == 405)
    with ThreadPoolExecutor() as pool:
        headers = {"Idempotency-Key": "once"}
        waiting = pool.submit(client.post, "/v1/mortal", json={"a": 1}, headers=headers)
        assert began.wait(5)
        service.kill()
        service.methods["work"] = lambda got: {"redelivered": got.is_redelivered}
        service.start()
        answer = waiting.result(15)
    stuck.set()
    assert (answer.status_code, answer.json()) == (200, {"redelivered": True})
    first, second = service.calls_of("work")
    assert first.vouched == second.vouched
    assert first.vouched.command_id == "once"


def test_a_lost_reply_is_504_at_the_deadline_with_advice(
    client: httpx.Client, things: FakeService
) -> None:
    def lose(_: Received) -> None:
        raise NoReply

    things.methods["wait"] = lose
    began = time.monotonic()
    answer = client.post("/v1/things/thg_1/wait", json={})
    assert 4 <= time.monotonic() - began < 8  # the endpoint's deadline, and not for ever
    assert (answer.status_code, answer.json()["code"]) == (504, "deadline_passed")
    assert "Idempotency-Key" in answer.json()["detail"]


def test_a_call_under_way_when_the_connection_breaks_is_sent_again_under_the_same_id(
    proxied: tuple[RunningGateway, Proxy, httpx.Client], things: FakeService
) -> None:
    _, proxy, client = proxied
    began = threading.Event()

    def reply_to_nobody(got: Received) -> None:
        began.set()
        raise NoReply

    things.methods["make_thing"] = reply_to_nobody
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(client.post, "/v1/things", json={"name": "x"})
        assert began.wait(5)
        things.methods["make_thing"] = lambda got: {"thing_id": "thg_2", "got": got.kwargs}
        proxy.cut()
        answer = waiting.result(15)
    assert (answer.status_code, answer.json()["thing_id"]) == (201, "thg_2")
    first, second = things.calls_of("make_thing")
    assert (
        first.vouched.call_id != second.vouched.call_id
    )  # or the service would take it for a copy
    assert replace(first.vouched, call_id="") == replace(second.vouched, call_id="")
    assert first.kwargs == second.kwargs == {"name": "x"}


def test_without_the_broker_the_gateway_lives_is_not_ready_and_says_503(
    proxied: tuple[RunningGateway, Proxy, httpx.Client],
) -> None:
    gateway, proxy, client = proxied
    proxy.is_refusing = True
    proxy.cut()
    # A call that was just under way may wait for its deadline first.
    wait_until(lambda: client.get("/v1/things").status_code == 503, seconds_max=25)
    answer = client.get("/v1/things")
    assert answer.json()["code"] == "service_unavailable"
    wait_until(lambda: gateway.readiness()["broker"] == "down")
    assert httpx.get(f"{gateway.url}/health/live").status_code == 200
    assert httpx.get(f"{gateway.url}/health/ready").status_code == 503
    assert client.get("/v1/nothing").status_code == 404
    proxy.is_refusing = False
    wait_until(lambda: client.get("/v1/things").status_code == 200)


def test_it_starts_without_broker_and_database_and_works_when_they_come(
    servers: Servers, make_gateway: MakeGateway, things: FakeService, admin_key: str
) -> None:
    broker, database = (
        urlsplit(servers.amqp_uri("gateway")),
        urlsplit(servers.database_url("gateway")),
    )
    proxies = [Proxy(one.hostname or "", one.port or 0) for one in (broker, database)]
    addresses = [
        one._replace(netloc=f"{one.username}:{one.password}@127.0.0.1:{proxy.port}").geturl()
        for one, proxy in zip((broker, database), proxies, strict=True)
    ]
    for proxy in proxies:
        proxy.is_refusing = True
    gateway = make_gateway(AMQP_URI=addresses[0], DATABASE_URL=addresses[1])
    gateway.start()
    told = gateway.readiness()
    assert (told["status"], told["broker"], told["database"]) == ("not_ready", "down", "down")
    with gateway.client(admin_key) as client:
        assert client.get("/v1/api-keys").status_code == 503
        for proxy in proxies:
            proxy.is_refusing = False
        wait_until(lambda: client.get("/v1/things").status_code == 200)
    wait_until(lambda: gateway.readiness()["status"] == "ready")
    assert gateway.stop() == 0
    for proxy in proxies:
        proxy.close()


def test_more_calls_at_once_than_allowed_are_refused_and_not_queued(
    make_gateway: MakeGateway, things: FakeService, admin_key: str
) -> None:
    gateway = make_gateway(STEWARD_CALLS_MAX="3")
    gateway.start()
    gateway.wait_for("things")
    release = threading.Event()

    def hang(_: Received) -> dict[str, object]:
        release.wait(5)
        return {}

    things.methods["list_things"] = hang
    with gateway.client(admin_key) as client, ThreadPoolExecutor(10) as pool:
        waiting = [pool.submit(client.get, "/v1/things") for _ in range(10)]
        wait_until(lambda: sum(one.done() for one in waiting) >= 7)
        release.set()
        answers = [one.result(10) for one in waiting]
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [503] * 7
    assert {answer.json().get("code") for answer in answers} == {None, "overloaded"}
    gateway.stop()


def test_a_stored_contract_that_will_not_do_any_more_is_asked_for_again(
    servers: Servers, make_gateway: MakeGateway, things: FakeService, admin_key: str
) -> None:
    engine = create_engine(servers.database_url("gateway").replace("://", "+psycopg://"))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE contract SET document = document - 'daily' WHERE service = 'things'")
        )
    engine.dispose()
    gateway = make_gateway()
    gateway.start()
    gateway.wait_for("things")
    with gateway.client(admin_key) as client:
        assert client.get("/v1/things").status_code == 200
    gateway.stop()


def test_a_service_that_changes_its_clock_is_known_to_have_done_so(
    servers: Servers, client: httpx.Client, make_service: Callable[..., FakeService]
) -> None:
    service = make_service("watch", endpoint("GET /v1/watch", "look", "x"))
    service.methods["look"] = lambda _: {}
    service.start()
    wait_until(lambda: client.get("/v1/watch").status_code == 200)
    service.more["clock"] = "manual"  # and its hash stays as it is
    service.announce()
    engine = create_engine(servers.database_url("gateway").replace("://", "+psycopg://"))

    def clock() -> object:
        statement = text("SELECT document->>'clock' FROM contract WHERE service = 'watch'")
        with engine.connect() as connection:
            return connection.scalar(statement)

    wait_until(lambda: clock() == "manual")
    engine.dispose()
