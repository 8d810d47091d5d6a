"""Tests of ops.client against a gateway of a few lines."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ops.client import Client, Refused, Unreachable

Reply = tuple[int, dict[str, str], object]


class Stand:
    """Answers what it is told to, one reply after the other, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str | None, object]] = []
        self.replies: list[Reply | None] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def client(self, patience_seconds: float = 5.0) -> Client:
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return Client(url, "stw_key", patience_seconds=patience_seconds)

    def _handler(stand) -> Callable[..., BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(size)) if size else None
                key = self.headers.get("Idempotency-Key")
                stand.asked.append((self.command, self.path, key, body))
                reply = stand.replies.pop(0)
                if reply is None:
                    self.close_connection = True
                    return
                status, headers, data = reply
                content = json.dumps(data).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = handle_one  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def stand() -> Iterator[Stand]:
    stand = Stand()
    yield stand
    stand.server.shutdown()
    stand.server.server_close()


@pytest.mark.parametrize(
    "first", [None, (503, {"Retry-After": "0"}, {}), (429, {"Retry-After": "0"}, {})]
)
def test_an_unanswered_command_is_sent_again_under_the_same_key(
    stand: Stand, first: Reply | None
) -> None:
    stand.replies = [first, (201, {}, {"payment_id": "pay_1"})]
    assert stand.client().post("/v1/payments", {"amount": 5}) == {"payment_id": "pay_1"}
    (_, _, one, body), (_, _, other, again) = stand.asked
    assert one == other is not None
    assert body == again == {"amount": 5}


def test_two_commands_have_different_keys(stand: Stand) -> None:
    stand.replies = [(201, {}, {}), (201, {}, {})]
    client = stand.client()
    client.post("/v1/payments", {})
    client.post("/v1/payments", {})
    assert stand.asked[0][2] != stand.asked[1][2]


def test_a_refusal_is_raised_at_once_with_its_code(stand: Stand) -> None:
    stand.replies = [(409, {}, {"code": "invoice_void", "detail": "Issue a new one."})]
    with pytest.raises(Refused, match="Issue a new one") as refused:
        stand.client().post("/v1/invoices/inv_1/void", {})
    assert (refused.value.status, refused.value.code) == (409, "invoice_void")
    assert len(stand.asked) == 1


def test_patience_ends(stand: Stand) -> None:
    stand.replies = [None] * 9
    with pytest.raises(Unreachable, match=r"GET /v1/items"):
        stand.client(patience_seconds=0.2).get("/v1/items")
    assert 1 < len(stand.asked) < 9


def test_a_list_is_read_page_by_page(stand: Stand) -> None:
    stand.replies = [
        (200, {}, {"items": [1, 2], "has_more": True, "next_after": "x y"}),
        (200, {}, {"items": [3], "has_more": False, "next_after": None}),
    ]
    assert list(stand.client().list("/v1/items", is_open=True, limit=2)) == [1, 2, 3]
    assert [path for _, path, _, _ in stand.asked] == [
        "/v1/items?limit=2&is_open=true",
        "/v1/items?limit=2&is_open=true&after=x+y",
    ]
