"""Clients that are slow, huge, broken or many: cut off, and nobody else notices."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.gateway.fake_service import FakeService, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

REQUEST = b"GET /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\n"
JSON_IN_CHUNKS = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"


@pytest.fixture
def connect(gateway: RunningGateway) -> Iterator[Callable[..., socket.socket]]:
    """Open a connection and send these bytes."""
    opened: list[socket.socket] = []

    def connect(data: bytes = b"", port: int = gateway.port) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        opened.append(connection)
        connection.sendall(data)
        return connection

    yield connect
    for connection in opened:
        connection.close()


def _read_all(connection: socket.socket) -> bytes:
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


def _read_answer(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        assert part, data
        data += part
    return data


def test_whoever_keeps_us_waiting_is_cut_off(
    connect: Callable[..., socket.socket], admin_key: str
) -> None:
    head = REQUEST % admin_key.encode()
    post = head.replace(b"GET", b"POST") + b"Content-Type: application/json\r\n"
    silent = connect()
    half_headers = connect(head)
    endless_empty_lines = connect(b"\r\n" * 100)
    half_body = connect(post + b'Content-Length: 10\r\n\r\n{"a":')
    half_chunk = connect(post + b'Transfer-Encoding: chunked\r\n\r\n6\r\n{"a": \r\n')
    idle = connect(head + b"\r\n")
    after_refusal = connect(b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
    began = time.monotonic()
    for connection, expected in (
        (silent, b""),
        (endless_empty_lines, b""),
        (half_headers, b"HTTP/1.1 408"),
        (half_body, b"HTTP/1.1 408"),
        (half_chunk, b"HTTP/1.1 408"),
        (idle, b"HTTP/1.1 200"),
        (after_refusal, b"HTTP/1.1 404"),
    ):
        assert _read_all(connection).startswith(expected)
    assert time.monotonic() - began < 15  # ten seconds each, and all at once


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /a\x00b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9" + b"9" * 30 + b"\r\n\r\n", 400),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000, 431),
        (b"GET /" + b"a" * 40_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 8_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 5_000 + b"\r\n", 431),
        (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 414),
        (b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
        (b"GET http://other/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        (b"GET /health/live HTTP/1.0\r\n\r\n", 200),
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: close\r\n\r\n", 200),
    ],
)
def test_what_is_no_http_is_refused_with_a_problem(
    connect: Callable[..., socket.socket], data: bytes, status: int
) -> None:
    answer = _read_answer(connect(data))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    if status >= 400:
        assert b"content-type: application/problem+json" in answer


@pytest.mark.parametrize(
    "after",
    [
        b"2\r\n{}\r\n0\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"2\r\n{}\r\n0\r\n" + b"a: b\r\n" * 5_000 + b"\r\n",
        b"2\r\n{}\r\n0\r\nX: " + b"a" * 1_000_000,
        b"2;" + b"a" * 1_000_000,
    ],
    ids=["one trailer", "many trailers", "an endless trailer", "an endless extension of a chunk"],
)
def test_what_comes_after_the_headers_is_no_way_around_their_limit(
    connect: Callable[..., socket.socket], admin_key: str, after: bytes
) -> None:
    connection = connect((REQUEST % admin_key.encode()).replace(b"GET", b"POST") + JSON_IN_CHUNKS)
    _send_in_pieces(connection, b"\r\n" + after, 2_000_000)
    assert _read_answer(connection).startswith(b"HTTP/1.1 431 ")


HEAVY = b"X-Heavy: " + b"a" * 1000 + b"\r\n"


@pytest.mark.parametrize(("count", "status"), [(30, 200), (33, 431)])
@pytest.mark.parametrize("piece_bytes", [100_000, 999])
def test_headers_are_counted_together_and_however_they_come(
    connect: Callable[..., socket.socket],
    admin_key: str,
    count: int,
    status: int,
    piece_bytes: int,
) -> None:
    data = REQUEST % admin_key.encode() + HEAVY * count + b"Connection: close\r\n\r\n"
    connection = connect()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _send_in_pieces(connection, data, piece_bytes)
    assert _read_answer(connection).startswith(b"HTTP/1.1 %d " % status)


def test_the_headers_of_the_next_request_are_counted_anew(
    connect: Callable[..., socket.socket], admin_key: str
) -> None:
    one = REQUEST % admin_key.encode() + HEAVY * 20
    answers = _read_all(connect((one + b"\r\n") * 4 + one + b"Connection: close\r\n\r\n"))
    assert answers.count(b"HTTP/1.1 200 ") == 5


def test_a_large_body_in_small_chunks_is_no_header(
    connect: Callable[..., socket.socket], admin_key: str
) -> None:
    head = (REQUEST % admin_key.encode()).replace(b"GET", b"POST") + JSON_IN_CHUNKS
    body = b'{"a": "' + b"x" * 60_000 + b'"}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    assert _read_all(
        connect(head + b"Connection: close\r\n\r\n" + chunks + b"0\r\n\r\n")
    ).startswith(b"HTTP/1.1 201 ")


def _send_in_pieces(connection: socket.socket, data: bytes, size: int) -> None:
    with contextlib.suppress(ConnectionError):  # refused before all was sent
        for start in range(0, len(data), size):
            connection.sendall(data[start : start + size])


def test_a_smuggled_second_request_is_not_served(
    connect: Callable[..., socket.socket], things: FakeService, admin_key: str
) -> None:
    inner = REQUEST % admin_key.encode() + b"\r\n"
    outer = b"POST /v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(inner)
    connection = connect(
        outer + inner + b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    assert _read_all(connection).count(b"HTTP/1.1 ") == 2
    assert things.received == []


def test_a_head_without_body_and_a_body_that_is_asked_for_come_at_once(
    connect: Callable[..., socket.socket], admin_key: str
) -> None:
    rest = REQUEST.partition(b"\r\n")[2] % admin_key.encode()
    head = _read_answer(connect(b"HEAD /v1/things HTTP/1.1\r\n" + rest + b"\r\n"))
    assert head.startswith(b"HTTP/1.1 200 ")
    asked = b"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    connection = connect(b"POST /v1/things HTTP/1.1\r\n" + rest + asked)
    assert _read_answer(connection) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(b"{}")
    assert _read_answer(connection).endswith(b"}"), "the head comes with the body"


def test_requests_in_one_packet_are_answered_in_their_order(
    connect: Callable[..., socket.socket], admin_key: str
) -> None:
    one = (REQUEST % admin_key.encode()) + b"X-Request-Id: r-%d\r\n%b\r\n"
    data = b"".join(one % (n, b"Connection: close\r\n" if n == 9 else b"") for n in range(10))
    answers = _read_all(connect(data))
    places = [answers.index(b"x-request-id: r-%d\r\n" % number) for number in range(10)]
    assert places == sorted(places)


def test_a_thousand_requests_in_one_packet_are_cut_off(
    connect: Callable[..., socket.socket], client: httpx.Client, admin_key: str
) -> None:
    one = REQUEST % admin_key.encode() + b"\r\n"
    assert _read_all(connect(one * 1000)).count(b"HTTP/1.1 200") < 1000
    assert client.get("/v1/things").status_code == 200


def test_endless_trailers_fill_no_memory(
    connect: Callable[..., socket.socket], gateway: RunningGateway, admin_key: str
) -> None:
    head = (REQUEST % admin_key.encode()).replace(b"GET", b"POST") + JSON_IN_CHUNKS + b"\r\n0\r\n"
    before = _memory(gateway.pid)
    connection = connect(head)
    _send_in_pieces(connection, b"a: b\r\n" * 3_000_000, 60_000)
    assert _memory(gateway.pid) - before < 20_000_000


def test_a_flood_of_slow_connections_does_not_shut_out_others(
    make_gateway: Callable[..., RunningGateway],
    connect: Callable[..., socket.socket],
    things: FakeService,
    admin_key: str,
) -> None:
    gateway = make_gateway(STEWARD_CONNECTIONS_MAX="50")
    gateway.start()
    gateway.wait_for("things")
    slow = [connect(b"GET / HTTP/1.1\r\nHost:", gateway.port) for _ in range(200)]
    with gateway.client(admin_key) as client, ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: client.get("/v1/things").status_code, range(100)))
    assert answers == [200] * 100
    assert len(slow) == 200
    assert gateway.stop() == 0


def test_running_out_of_descriptors_ends_nothing(
    make_gateway: Callable[..., RunningGateway],
    connect: Callable[..., socket.socket],
    things: FakeService,
    admin_key: str,
) -> None:
    gateway = make_gateway(STEWARD_CONNECTIONS_MAX="100000")
    gateway.start()
    gateway.wait_for("things")
    resource.prlimit(gateway.pid, resource.RLIMIT_NOFILE, (40, 40))
    held = [connect(b"GET / HTTP/1.1\r\nHost:", gateway.port) for _ in range(100)]
    time.sleep(1)
    for connection in held:
        connection.close()

    def is_answered() -> bool:
        try:
            with gateway.client(admin_key) as client:
                return client.get("/v1/things").status_code == 200
        except httpx.TransportError:
            return False

    wait_until(is_answered)
    assert gateway.stop() == 0


def test_a_reader_that_does_not_read_stops_nobody(
    connect: Callable[..., socket.socket], client: httpx.Client, things: FakeService, admin_key: str
) -> None:
    things.methods["list_things"] = lambda _: {"items": ["x" * 1000] * 5000}
    for _ in range(5):
        connect(REQUEST % admin_key.encode() + b"\r\n")
    things.methods["list_things"] = lambda _: {"items": []}
    assert client.get("/v1/things").status_code == 200


def _memory(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096
