"""An answer counts only from the user of the service that was asked."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import amqp
import httpx
import orjson
import pytest
from kombu import Connection

from dev.servers import Servers
from kernel.broker import replies_exchange
from tests.gateway.fake_service import FakeService, Received, endpoint, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server
FORGED = re.compile(r'steward_messages_forged_total{queue="(\w+)"} ([0-9.]+)')


@pytest.fixture
def channel(servers: Servers) -> Iterator[amqp.Channel]:
    """A channel of one who may say anything in anybody's name."""
    with Connection(servers.amqp_uri("admin")) as connection:
        yield connection.channel()


def count_forged(gateway: RunningGateway) -> dict[str, float]:
    """How many messages were not believed."""
    return {what: float(count) for what, count in FORGED.findall(gateway.metrics())}


@pytest.mark.parametrize("sender", ["steward_sales", "steward_gateway", None])
def test_an_answer_in_another_services_place_is_not_taken(
    gateway: RunningGateway,
    client: httpx.Client,
    things: FakeService,
    channel: amqp.Channel,
    sender: str | None,
) -> None:
    forged, before = threading.Event(), count_forged(gateway).get("replies", 0)

    def forge_first(got: Received) -> dict[str, str]:
        body = orjson.dumps({"result": {"thing_id": "forged"}, "error": None})
        named = {"user_id": sender} if sender else {}
        message = amqp.Message(body, correlation_id=got.correlation_id, **named)
        channel.basic_publish(message, replies_exchange("things"), got.reply_to)
        forged.set()
        wait_until(lambda: count_forged(gateway).get("replies", 0) > before)
        return {"thing_id": "genuine"}

    things.methods["get_thing"] = forge_first
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(client.get, "/v1/things/thg_1")
        assert forged.wait(5)
        assert waiting.result(10).json() == {"thing_id": "genuine"}


def test_a_service_that_does_not_exist_gets_no_route(
    gateway: RunningGateway, client: httpx.Client, make_service: Callable[..., FakeService]
) -> None:
    spoils = make_service("spoils", endpoint("GET /v1/spoils", "list_spoils", "spoils:read"))
    spoils.user = "steward_sales"
    spoils.start()
    wait_until(lambda: count_forged(gateway).get("announcements", 0) > 0)
    assert client.get("/v1/spoils").status_code == 404
    assert "/v1/spoils" not in client.get("/openapi.json").json()["paths"]
    assert "spoils" not in gateway.readiness()["services"]


def test_a_contract_in_another_services_place_is_not_learned(
    gateway: RunningGateway, client: httpx.Client, make_service: Callable[..., FakeService]
) -> None:
    owner = make_service("owner", endpoint("GET /v1/owned", "list_owned", "owned:read"))
    owner.methods["list_owned"] = lambda _: []
    owner.start()
    wait_until(lambda: client.get("/v1/owned").status_code == 200)
    before = count_forged(gateway).get("replies", 0)
    owner.endpoints.append(endpoint("GET /v1/more", "list_more", "owned:read"))
    owner.version = 2

    def describe_as_another(_: Received) -> dict[str, object]:
        owner.user = "steward_sales"
        return owner.describe()

    owner.methods["describe"] = describe_as_another
    owner.announce()
    wait_until(lambda: count_forged(gateway).get("replies", 0) > before)
    assert client.get("/v1/more").status_code == 404
