"""How much may be under way at once: of one key, and of what is costly. Nobody else waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from gateway.parts import COSTLY_CALLS_MAX
from tests.gateway.fake_service import FakeService, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server


HELD = ("hold", "report")


class Held:
    """Requests whose service does not answer before it is let."""

    def __init__(self, things: FakeService) -> None:
        self.may_answer = threading.Event()
        self._things = things
        self._pool = ThreadPoolExecutor(50)
        for method in HELD:
            things.methods[method] = self._wait

    def send(self, client: httpx.Client, verb: str, path: str, count: int) -> list[Future[Any]]:
        """Send so many at once, and return when the service has all of them."""
        before = self._count()
        sent = [self._pool.submit(client.request, verb, path) for _ in range(count)]
        wait_until(lambda: self._count() == before + count)
        return sent

    def close(self) -> None:
        self.may_answer.set()
        self._pool.shutdown()

    def _count(self) -> int:
        """How many are held; the gateway also asks for the contract now and then."""
        return sum(one.method in HELD for one in self._things.received)

    def _wait(self, _: object) -> dict[str, object]:
        assert self.may_answer.wait(120)
        return {}


@pytest.fixture
def held(things: FakeService) -> Iterator[Held]:
    held = Held(things)
    yield held
    held.close()


@pytest.fixture
def client_of(gateway: RunningGateway) -> Iterator[Callable[..., httpx.Client]]:
    """A client with a key of its own, made with these options."""
    clients: list[httpx.Client] = []

    def make(*options: str) -> httpx.Client:
        clients.append(gateway.client(gateway.make_key("*", *options)))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


HOLD = ("POST", "/v1/things/thg_1/hold")
REPORT = ("GET", "/v1/reports/things")


def test_a_key_has_a_bounded_number_of_calls_under_way(
    client_of: Callable[..., httpx.Client], held: Held
) -> None:
    busy, other = client_of("--calls-at-once", "3"), client_of()
    sent = held.send(busy, *HOLD, 3)
    refused = busy.get("/v1/things")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_at_once")
    assert refused.headers["Retry-After"] == "1"
    assert other.get("/v1/things").status_code == 200
    held.may_answer.set()
    assert [one.result().status_code for one in sent] == [200] * 3
    assert busy.get("/v1/things").status_code == 200


def test_a_key_that_states_no_number_has_the_gateways(
    client_of: Callable[..., httpx.Client], held: Held
) -> None:
    busy = client_of()
    held.send(busy, *HOLD, 20)
    assert busy.get("/v1/things").json()["code"] == "too_many_at_once"


def test_only_a_part_of_a_keys_calls_may_be_costly(
    client_of: Callable[..., httpx.Client], held: Held
) -> None:
    busy, other = client_of("--calls-at-once", "10"), client_of()
    held.send(busy, *REPORT, 2)
    refused = busy.request(*REPORT)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_at_once")
    assert busy.get("/v1/things").status_code == 200
    held.send(other, *REPORT, 1)


def test_all_that_is_costly_of_a_service_has_a_lane_of_its_own(
    client_of: Callable[..., httpx.Client], client: httpx.Client, held: Held
) -> None:
    sent = held.send(client, *REPORT, COSTLY_CALLS_MAX)
    other = client_of()
    refused = other.request(*REPORT)
    assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
    assert int(refused.headers["Retry-After"]) > 0
    assert other.get("/v1/things").status_code == client.get("/v1/things").status_code == 200
    held.may_answer.set()
    assert {one.result().status_code for one in sent} == {200}
    assert other.request(*REPORT).status_code == 200


def test_a_call_that_failed_is_under_way_no_more(
    client_of: Callable[..., httpx.Client], things: FakeService
) -> None:
    things.methods["report"] = lambda _: 1 / 0
    client = client_of("--calls-at-once", "1")
    assert [client.request(*REPORT).status_code for _ in range(3)] == [500] * 3
    assert client.get("/v1/things").status_code == 200
