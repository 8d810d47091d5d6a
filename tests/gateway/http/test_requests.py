"""What every endpoint has: a request goes to its service whole, and comes back as HTTP."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from kernel.callers import Caller
from tests.gateway.fake_service import FakeService, Refused, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

ACCOUNT = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_path_and_query_become_one_flat_dictionary_of_texts(
    client: httpx.Client, things: FakeService
) -> None:
    client.get("/v1/things", params={"limit": "5", "name": "Grün & Söhne", "empty": ""})
    client.get("/v1/things/a%2Fb%20c", params={"x": "1"})
    assert [one.kwargs for one in things.received] == [
        {"limit": "5", "name": "Grün & Söhne", "empty": ""},
        {"thing_id": "a/b c", "x": "1"},
    ]


def test_path_and_body_become_one_flat_dictionary(
    client: httpx.Client, things: FakeService
) -> None:
    body = {"name": "Ü \U0001f600", "lines": [{"quantity": "1.5", "price": 100}], "none": None}
    assert client.patch("/v1/things/thg_1", json=body).status_code == 200
    assert things.received[-1].kwargs == {"thing_id": "thg_1", **body}


def test_a_body_that_contradicts_the_path_is_refused(client: httpx.Client) -> None:
    answer = client.patch("/v1/things/thg_1", json={"thing_id": "thg_2"})
    assert (answer.status_code, answer.json()["code"]) == (422, "path_contradicted")
    assert answer.json()["errors"][0]["pointer"] == "/thing_id"
    assert client.patch("/v1/things/thg_1", json={"thing_id": "thg_1"}).status_code == 200


def test_the_service_learns_who_calls_and_until_when(
    client: httpx.Client, things: FakeService, admin_key: str
) -> None:
    before = time.time()
    client.patch(
        "/v1/things/thg_1",
        json={},
        headers={
            "Idempotency-Key": "order-17/ship",
            "If-Match": '"6"',
            "X-Request-Id": "from-client-1",
            "traceparent": TRACE,
        },
    )
    got = things.received[-1]
    vouched = got.vouched
    assert (vouched.command_id, vouched.if_match) == ("order-17/ship", 6)
    assert vouched.request_id == "from-client-1"
    assert got.headers["nameko.call_id_stack"] == ["gateway.from-client-1"]
    assert got.headers["traceparent"] == TRACE
    assert before < vouched.deadline <= time.time() + 10
    assert 0 < int(got.expiration or 0) <= 10_000
    assert vouched.caller == Caller(f"key_{admin_key.split('_')[1]}", frozenset("*"))
    assert vouched.address == "things.edit_thing"
    assert got.sender == "steward_gateway"


def test_a_command_without_a_key_gets_a_random_id_and_a_query_none(
    client: httpx.Client, things: FakeService
) -> None:
    client.post("/v1/things", json={})
    client.post("/v1/things", json={})
    client.get("/v1/things/thg_1")
    first, second, query = things.received
    assert first.vouched.command_id != second.vouched.command_id
    assert query.vouched.command_id is None


def test_fifty_at_once_with_one_idempotency_key_all_reach_the_service_under_it(
    client: httpx.Client, things: FakeService
) -> None:
    def send(_: int) -> int:
        headers = {"Idempotency-Key": "same"}
        return client.post("/v1/things", json={}, headers=headers).status_code

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(send, range(50))) == [201] * 50
    assert [one.vouched.command_id for one in things.received] == ["same"] * 50


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256])
def test_an_idempotency_key_is_1_to_255_visible_characters(client: httpx.Client, key: str) -> None:
    answer = client.post("/v1/things", json={}, headers=[("Idempotency-Key", key.encode())])
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")


def test_a_version_becomes_an_etag(client: httpx.Client) -> None:
    answer = client.get("/v1/things/thg_1")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"7"')
    assert answer.json() == {"thing_id": "thg_1", "version": 7}


@pytest.mark.parametrize(
    ("known", "status"),
    [('"7"', 304), ('W/"7"', 304), ('"6", "7"', 304), ("*", 304), ('"6"', 200), ("7", 200)],
)
def test_what_the_client_has_is_not_sent_again(
    client: httpx.Client, known: str, status: int
) -> None:
    answer = client.get("/v1/things/thg_1", headers={"If-None-Match": known})
    assert (answer.status_code, answer.headers["ETag"]) == (status, '"7"')
    assert bool(answer.content) == (status == 200)


@pytest.mark.parametrize("tag", ["7", 'W/"7"', '"7", "8"', '"abc"', '"-1"'])
def test_an_if_match_that_can_match_nothing_is_412(
    client: httpx.Client, things: FakeService, tag: str
) -> None:
    answer = client.patch("/v1/things/thg_1", json={}, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (412, "version_mismatch")
    assert things.received == []


def test_a_thing_made_says_where_it_is(client: httpx.Client) -> None:
    answer = client.post("/v1/things", json={})
    assert (answer.status_code, answer.headers["Location"]) == (201, "/v1/things/thg_1")


def test_a_stored_answer_says_so(client: httpx.Client, things: FakeService) -> None:
    def replay(got: object) -> dict[str, int]:
        got.is_replay = True  # type: ignore[attr-defined]
        return {"version": 1}

    assert "Idempotent-Replayed" not in client.post("/v1/things", json={}).headers
    things.methods["make_thing"] = replay
    assert client.post("/v1/things", json={}).headers["Idempotent-Replayed"] == "true"


def test_a_document_is_sent_as_it_is(client: httpx.Client, things: FakeService) -> None:
    things.methods["get_paper"] = lambda _: {
        "content": base64.b64encode(b"%PDF-1.7").decode(),
        "media_type": "application/pdf",
        "filename": 'R-7 "draft"\r\nSet-Cookie: x.pdf',
    }
    answer = client.get("/v1/things/thg_1/paper")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith('inline; filename="R-7 _draft_')


def test_a_refusal_is_a_problem_that_points_at_the_field(
    client: httpx.Client, things: FakeService
) -> None:
    def refuse(_: object) -> None:
        errors = [
            {"field": "lines/0/quantity", "detail": "Must be positive."},
            {"field": "thing_id", "detail": "Must be an id."},
        ]
        raise Refused(409, "thing_void", "Thing 7 is void.", errors=errors, balance=5, status_=1)

    things.methods["edit_thing"] = refuse
    answer = client.patch("/v1/things/thg_1", json={})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "thing_void"
    assert problem["detail"] == "Thing 7 is void."
    assert problem["title"] == "Conflict"
    assert problem["balance"] == 5
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert problem["errors"] == [
        {"pointer": "/lines/0/quantity", "detail": "Must be positive."},
        {"parameter": "thing_id", "detail": "Must be an id."},
    ]


def test_a_version_mismatch_of_the_service_passes_through(
    client: httpx.Client, things: FakeService
) -> None:
    def refuse(_: object) -> None:
        raise Refused(412, "version_mismatch", "It has changed since.")

    things.methods["edit_thing"] = refuse
    answer = client.patch("/v1/things/thg_1", json={}, headers={"If-Match": '"3"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "version_mismatch")


def test_a_service_that_is_not_available_says_when_to_come_again(
    client: httpx.Client, things: FakeService
) -> None:
    def refuse(_: object) -> None:
        raise Refused(503, "database_away", "Try again.")

    things.methods["get_thing"] = refuse
    answer = client.get("/v1/things/thg_1")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "result",
    [
        lambda _: 1 / 0,
        lambda _: (_ for _ in ()).throw(RuntimeError("postgresql://user:secret@db")),
        lambda _: (_ for _ in ()).throw(Refused("409", 5, None)),  # type: ignore[arg-type]
    ],
)
def test_a_fault_tells_nothing_of_the_inside(
    client: httpx.Client, things: FakeService, result: object
) -> None:
    things.methods["get_thing"] = result  # type: ignore[assignment]
    answer = client.get("/v1/things/thg_1")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert set(answer.json()) == {"type", "title", "status", "code", "detail", "request_id"}
    assert b"secret" not in answer.content and b"division" not in answer.content


def test_a_trace_is_continued_and_exported_where_an_exporter_is_configured(
    make_gateway: Callable[..., RunningGateway], things: FakeService, admin_key: str
) -> None:
    exported: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            exported.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        gateway = make_gateway(
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
            OTEL_BSP_SCHEDULE_DELAY="100",
        )
        gateway.start()
        gateway.wait_for("things")
        with gateway.client(admin_key) as client:
            client.get("/v1/things/thg_1", headers={"traceparent": TRACE})
        _, trace_id, span_id, _ = things.received[-1].headers["traceparent"].split("-")
        assert trace_id == TRACE.split("-")[1]
        assert span_id != TRACE.split("-")[2]
        wait_until(lambda: any(bytes.fromhex(span_id) in one for one in exported))
        assert any(b"GET /v1/things/{thing_id}" in one for one in exported)
        gateway.stop()
        collector.shutdown()


def test_a_request_id_that_is_not_sane_is_replaced(client: httpx.Client) -> None:
    given = client.get("/v1/things", headers={"X-Request-Id": "a" * 128})
    assert given.headers["X-Request-Id"] == "a" * 128
    for odd in ("a" * 129, "a b", 'a"b', ""):
        answer = client.get("/v1/things", headers={"X-Request-Id": odd})
        assert answer.headers["X-Request-Id"].startswith("req_")


def test_an_unknown_path_is_404_and_a_wrong_method_405_with_allow(client: httpx.Client) -> None:
    for path in ("/v1/nothing", "/v1/things/", "/v1/things//wait", "/v1/things/a/b/c", "/v1/%ff"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "route_unknown"), path
    answer = client.delete("/v1/things/thg_1")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, PATCH"


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    answer = client.head("/v1/things/thg_1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(client.get("/v1/things/thg_1").content))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("a=1&a=2", "malformed_query"),
        ("a=%ff", "malformed_query"),
        ("&".join(f"a{n}=1" for n in range(51)), "malformed_query"),
    ],
)
def test_a_query_is_refused_where_it_is_ambiguous(
    client: httpx.Client, query: str, code: str
) -> None:
    answer = client.get(f"/v1/things?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_command_takes_no_query(client: httpx.Client) -> None:
    answer = client.post("/v1/things?amount=5", json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "query_not_allowed")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ('Application/JSON;charset="UTF-8"', 201),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
    ],
)
def test_a_body_is_json_in_utf8(client: httpx.Client, content_type: str, status: int) -> None:
    answer = client.post("/v1/things", content=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == status


def test_a_compressed_body_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post("/v1/things", content=b"x", headers=headers).status_code == 415


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_over_the_limit_is_refused(
    client: httpx.Client, things: FakeService, is_chunked: bool
) -> None:
    body = b'{"a": "' + b"x" * (1024 * 1024) + b'"}'
    parts = iter([body[:500_000], body[500_000:]])
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/things", content=parts if is_chunked else body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert things.received == []
    assert client.post("/v1/things", json={"a": "x" * 1_000_000}).status_code == 201


def test_a_header_that_may_stand_once_is_refused_twice(client: httpx.Client) -> None:
    answer = client.post(
        "/v1/things", json={}, headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "header_twice")


def test_a_key_needs_the_scope_of_the_endpoint(gateway: RunningGateway) -> None:
    with gateway.client(gateway.make_key("things:read admin")) as client:
        assert client.get("/v1/things").status_code == 200
        answer = client.post("/v1/things", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert "things:write" in answer.json()["detail"]


def test_a_key_limited_to_accounts_says_so_to_the_service(
    gateway: RunningGateway, things: FakeService
) -> None:
    with gateway.client(gateway.make_key("things:read", "--accounts", ACCOUNT)) as client:
        client.get("/v1/things")
    assert things.received[-1].vouched.caller.accounts == {ACCOUNT}
