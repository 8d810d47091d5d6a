"""What the gateway needs on the broker is looked at, told and mended."""

from __future__ import annotations

import time
from collections.abc import Iterator

import amqp
import httpx
import pytest
from kombu import Connection

from dev.servers import Servers
from tests.gateway.fake_service import FakeService, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server
DURABLE = {"durable": True, "auto_delete": False}


@pytest.fixture
def channel(servers: Servers) -> Iterator[amqp.Channel]:
    """A channel of one who may do anything."""
    with Connection(servers.amqp_uri("admin")) as connection:
        yield connection.channel()


def test_without_its_exchange_calls_are_503_at_once_and_go_on_when_the_service_is_bound_again(
    gateway: RunningGateway, client: httpx.Client, things: FakeService, channel: amqp.Channel
) -> None:
    assert client.get("/v1/things").status_code == 200
    channel.exchange_delete("nameko-rpc")
    began = time.monotonic()
    answer = client.get("/v1/things")
    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    told = gateway.readiness()
    assert (told["status"], told["services"]["things"]) == ("not_ready", "unreachable")
    channel.queue_bind("rpc-things", "nameko-rpc", "things.*")
    wait_until(lambda: client.get("/v1/things").status_code == 200)
    assert gateway.readiness()["status"] == "ready"


def test_an_idle_gateway_makes_its_exchanges_anew(
    gateway: RunningGateway, channel: amqp.Channel
) -> None:
    channel.exchange_delete("steward.contracts")
    wait_until(lambda: _is_there(channel.connection, "steward.contracts"))


def test_a_service_whose_answers_cannot_come_is_told_and_heard_again_when_they_can(
    gateway: RunningGateway, client: httpx.Client, things: FakeService, channel: amqp.Channel
) -> None:
    channel.exchange_delete("things.replies")
    wait_until(lambda: gateway.readiness()["missing"] == ["exchange things.replies"])
    assert gateway.readiness()["status"] == "not_ready"
    things.stop()  # its channel is gone with its exchange
    things.start()
    wait_until(lambda: gateway.readiness()["missing"] == [])
    wait_until(lambda: client.get("/v1/things").status_code == 200)
    channel.exchange_delete("things.replies")
    channel.exchange_declare("things.replies", "direct", **DURABLE)
    wait_until(lambda: client.get("/v1/things").status_code == 200, seconds_max=30)


def _is_there(connection: amqp.Connection, exchange: str) -> bool:
    try:
        connection.channel().exchange_declare(exchange, "fanout", passive=True)
    except amqp.NotFound:
        return False
    return True
