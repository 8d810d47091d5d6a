"""One Idempotency-Key of one caller names one request, in the whole gateway and for thirty days."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import create_engine, text

from dev.servers import Servers
from gateway.database import Database
from gateway.http.repeats import Repeats
from kernel.ids import new_id
from tests.gateway.fake_service import FakeService, Received, Refused
from tests.gateway.running_gateway import Proxy, RunningGateway

pytestmark = pytest.mark.server

KEY = {"name": "made once", "scopes": ["things:read"]}
REUSED = (422, "idempotency_key_reused")


@pytest.fixture
def under() -> dict[str, str]:
    """The headers of a request under a key that nobody has used."""
    return {"Idempotency-Key": new_id("idm")}


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("POST", "/v1/things", {"amount": 2}),
        ("POST", "/v1/things", {}),
        ("PATCH", "/v1/things/thg_1", {"amount": 1}),
        ("POST", "/v1/api-keys", KEY),
        ("POST", "/v1/api-keys/key_01jd3v4q6ye8z9t5k2m7n0p1xw/revoke", {}),
    ],
)
def test_a_key_used_for_another_request_is_refused_and_the_request_is_not_done(
    client: httpx.Client,
    things: FakeService,
    under: dict[str, str],
    verb: str,
    path: str,
    body: dict[str, Any],
) -> None:
    assert client.post("/v1/things", json={"amount": 1}, headers=under).status_code == 201
    assert outcome(client.request(verb, path, json=body, headers=under)) == REUSED
    assert len(things.received) == 1
    assert client.post("/v1/things", json={"amount": 1}, headers=under).status_code == 201
    assert len(things.received) == 2


def test_a_key_used_for_a_command_of_the_gateway_is_taken_too(
    client: httpx.Client, things: FakeService, under: dict[str, str]
) -> None:
    assert client.post("/v1/api-keys", json=KEY, headers=under).status_code == 201
    assert outcome(client.post("/v1/things", json=KEY, headers=under)) == REUSED
    assert things.received == []


def test_a_request_is_the_same_however_it_is_written(
    client: httpx.Client, under: dict[str, str]
) -> None:
    headers = {**under, "Content-Type": "application/json"}
    for path, body in (
        ("thg_1", b'{"a": 1, "b": [2]}'),
        ("thg_1", b'{"b":[2],"a":1}'),
        ("thg%5F1", b'{"thing_id": "thg_1", "b": [2], "a": 1}'),
    ):
        answer = client.patch(f"/v1/things/{path}", content=body, headers=headers)
        assert answer.status_code == 200
    answer = client.patch("/v1/things/thg_2", content=b'{"a": 1, "b": [2]}', headers=headers)
    assert outcome(answer) == REUSED


def test_the_same_key_of_another_caller_is_another_key(
    client: httpx.Client, gateway: RunningGateway, under: dict[str, str]
) -> None:
    assert client.post("/v1/things", json={"amount": 1}, headers=under).status_code == 201
    with gateway.client(gateway.make_key()) as other:
        assert other.post("/v1/things", json={"amount": 2}, headers=under).status_code == 201


def test_of_many_different_requests_at_once_one_is_done(
    client: httpx.Client, things: FakeService, under: dict[str, str]
) -> None:
    def send(number: int) -> tuple[int, str]:
        body = {"amount": number % 5}
        return outcome(client.post("/v1/things", json=body, headers=under))

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(send, range(50)))
    assert outcomes.count((201, "")) == 10
    assert outcomes.count(REUSED) == 40
    assert len({one.kwargs["amount"] for one in things.received}) == 1


def test_a_refused_request_may_be_sent_again_under_its_key_and_no_other_may(
    client: httpx.Client, things: FakeService, under: dict[str, str]
) -> None:
    def refuse(_: object) -> None:
        raise Refused(409, "limit_exceeded", "Ask for a higher limit.")

    things.methods["make_thing"] = refuse
    assert client.post("/v1/things", json={"amount": 1}, headers=under).status_code == 409
    things.methods["make_thing"] = lambda _: {"thing_id": "thg_1"}
    assert outcome(client.post("/v1/things", json={"amount": 2}, headers=under)) == REUSED
    assert client.post("/v1/things", json={"amount": 1}, headers=under).status_code == 201


def test_a_key_is_known_to_every_gateway_and_after_one_was_killed(
    make_gateway: Callable[..., RunningGateway],
    client: httpx.Client,
    things: FakeService,
    admin_key: str,
    under: dict[str, str],
) -> None:
    doomed = make_gateway()
    doomed.start()
    doomed.wait_for("things")
    began, go_on = threading.Event(), threading.Event()

    def work(_: Received) -> dict[str, str]:
        began.set()
        go_on.wait(30)
        return {"thing_id": "thg_1"}

    things.methods["make_thing"] = work
    with doomed.client(admin_key) as victim, ThreadPoolExecutor() as pool:
        lost = pool.submit(victim.post, "/v1/things", json={"amount": 1}, headers=under)
        assert began.wait(10)
        os.kill(doomed.pid, signal.SIGKILL)
        assert isinstance(lost.exception(10), httpx.TransportError)
    go_on.set()
    assert outcome(client.patch("/v1/things/thg_1", json={}, headers=under)) == REUSED
    assert client.post("/v1/things", json={"amount": 1}, headers=under).status_code == 201


def test_while_the_database_is_away_no_command_is_done_under_a_key(
    make_gateway: Callable[..., RunningGateway],
    servers: Servers,
    things: FakeService,
    admin_key: str,
    under: dict[str, str],
) -> None:
    url = servers.database_url("gateway")
    parts = urlsplit(url)
    proxy = Proxy(str(parts.hostname), int(parts.port or 0))
    through = url.replace(f":{parts.port}/", f":{proxy.port}/")
    gateway = make_gateway(DATABASE_URL=through)
    gateway.start()
    gateway.wait_for("things")
    with gateway.client(admin_key) as client:
        assert client.get("/v1/things").status_code == 200
        proxy.is_refusing = True
        proxy.cut()
        things.received.clear()
        answer = client.post("/v1/things", json={}, headers=under)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
    assert things.received == []
    gateway.stop()
    proxy.close()


def test_a_sealed_answer_is_kept_for_a_day_and_what_was_asked_for_thirty(
    client: httpx.Client, servers: Servers, under: dict[str, str]
) -> None:
    url = servers.database_url("gateway").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)

    def grow_old(days: int) -> None:
        with engine.begin() as connection:
            aged = text(
                "UPDATE answer SET answered_at = now() - make_interval(days => :days, mins => 1)"
                " WHERE command_id = :id"
            )
            connection.execute(aged, {"days": days, "id": under["Idempotency-Key"]})
        asyncio.run(_forget_old(url))

    def ask(name: str) -> tuple[int, str]:
        return outcome(client.post("/v1/api-keys", json={**KEY, "name": name}, headers=under))

    assert ask("one") == (201, "")
    grow_old(days=0)
    assert ask("one") == (201, "")
    grow_old(days=1)
    assert ask("one") == (409, "answer_not_kept")
    grow_old(days=29)
    assert ask("two") == REUSED
    grow_old(days=30)
    assert ask("two") == (201, "")
    engine.dispose()


async def _forget_old(url: str) -> None:
    database = Database(url)
    await Repeats(database, b"pepper").forget_old()
    await database.close()


def test_all_that_is_old_is_deleted_however_much_it_is(servers: Servers) -> None:
    url = servers.database_url("gateway").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO answer (caller, command_id, request_hash, answered_at)"
                " SELECT 'old', n::text, 'x', now() - interval '31 days'"
                " FROM generate_series(1, 12000) n"
            )
        )
    asyncio.run(_forget_old(url))
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM answer WHERE caller = 'old'"))
    engine.dispose()
    assert count == 0
