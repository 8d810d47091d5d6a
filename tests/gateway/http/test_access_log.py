"""The access log: one line for a request: what it was, whose, from where, and why it was refused."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import orjson
import pytest

from tests.gateway.fake_service import FakeService, Refused, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

ACCOUNT = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"


def _logged(gateway: RunningGateway, answer: httpx.Response) -> str:
    """The line of the log about a request."""
    request_id = answer.headers["X-Request-Id"]
    found: list[str] = []

    def is_there() -> bool:
        found[:] = [one for one in gateway.log.read_text().splitlines() if request_id in one]
        return bool(found)

    wait_until(is_there)
    assert len(found) == 1, found
    return found[0]


def test_the_access_log_names_route_key_and_account(
    client: httpx.Client, gateway: RunningGateway, things: FakeService
) -> None:
    things.methods["list_of"] = lambda _: []
    line = _logged(gateway, client.get(f"/v1/accounts/{ACCOUNT}/things?secret=1"))
    for part in ("/v1/accounts/{account_id}/things", '"status":200', '"key_id":"key_', ACCOUNT):
        assert part in line
    assert "secret" not in line


def test_a_refused_attempt_is_logged_with_its_reason_and_where_it_came_from(
    client: httpx.Client, gateway: RunningGateway, things: FakeService
) -> None:
    def refuse(_: object) -> None:
        raise Refused(409, "thing_void", "Thing 7 is void.")

    things.methods["edit_thing"] = refuse
    with gateway.client(None) as nobody, gateway.client(gateway.make_key("x:read")) as stranger:
        for answer, status, code in (
            (nobody.get("/v1/things"), 401, "key_missing"),
            (stranger.get("/v1/things"), 403, "scope_missing"),
            (client.get("/v1/nothing"), 404, "route_unknown"),
            (client.post("/v1/things?a=1"), 400, "query_not_allowed"),
            (client.patch("/v1/things/thg_1", json={}), 409, "thing_void"),
        ):
            line = orjson.loads(_logged(gateway, answer))
            told = (line["status"], line["code"], line["address"])
            assert told == (status, code, "127.0.0.1")


def test_only_a_trusted_proxy_says_whom_a_request_is_from(
    make_gateway: Callable[..., RunningGateway], things: FakeService, gateway: RunningGateway
) -> None:
    behind = make_gateway(STEWARD_TRUSTED_PROXIES="127.0.0.0/8")
    behind.start()
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7, 127.0.0.9"}
    for running, address in ((behind, "203.0.113.7"), (gateway, "127.0.0.1")):
        answer = httpx.get(f"{running.url}/v1/things", headers=headers)
        assert orjson.loads(_logged(running, answer))["address"] == address
    behind.stop()


def test_what_stands_in_a_path_cannot_write_a_line_of_the_log(
    make_gateway: Callable[..., RunningGateway], things: FakeService, admin_key: str
) -> None:
    texts = make_gateway(STEWARD_LOG="text")
    texts.start()
    texts.wait_for("things")
    with texts.client(admin_key) as client:
        answer = client.get("/v1/accounts/acc_%0A2026-01-01%20forged%1B[2J/things")
    assert _logged(texts, answer)
    written = texts.log.read_text()
    assert "forged" not in written and "\x1b" not in written
    texts.stop()
