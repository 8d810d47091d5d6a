"""Files go through the gateway piece by piece, in both directions, and are what they were."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from gateway.parts import TRANSFERS_MAX
from tests.gateway.fake_service import FakeService, Received, Refused, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server

FILE = "/v1/things/thg_1/file"
PART = "/v1/things/thg_1/parts/7"
BYTES = {"Content-Type": "application/octet-stream"}
PIECE = 1000


class Shelf:
    """A file that the service gives by pieces."""

    def __init__(self, content: bytes, filename: str = "extract.pdf", piece: int = PIECE) -> None:
        self.content = content
        self.filename = filename
        self.piece = piece

    def __call__(self, got: Received) -> dict[str, Any]:
        start = got.kwargs["start"]
        content = self.content[start : start + self.piece]
        return {
            "content": base64.b64encode(content).decode(),
            "start": start,
            "size": len(self.content),
            "media_type": "application/pdf",
            "filename": self.filename,
            "etag": "abc",
        }


@pytest.fixture
def shelf(things: FakeService) -> Shelf:
    shelf = Shelf(os.urandom(2500))
    things.methods["get_file"] = shelf
    return shelf


def starts(things: FakeService) -> list[int]:
    return [one.kwargs["start"] for one in things.calls_of("get_file")]


def test_a_file_is_fetched_piece_by_piece_and_sent_whole(
    client: httpx.Client, things: FakeService, shelf: Shelf
) -> None:
    answer = client.get(FILE)
    assert (answer.status_code, answer.content) == (200, shelf.content)
    assert starts(things) == [0, 1000, 2000]
    assert answer.headers["Content-Length"] == "2500"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["ETag"] == '"abc"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("filename", "plain", "whole"),
    [
        ("extract.pdf", "extract.pdf", "extract.pdf"),
        ("Auszug für Ärzte.pdf", "Auszug f_r _rzte.pdf", "Auszug%20f%C3%BCr%20%C3%84rzte.pdf"),
        ('a"; filename="b.exe', "a__ filename__b.exe", "a%22%3B%20filename%3D%22b.exe"),
        ("a\r\nSet-Cookie: b", "a__Set-Cookie_ b", "a%0D%0ASet-Cookie%3A%20b"),
        ("../../etc/passwd", ".._.._etc_passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("請求書.pdf", "___.pdf", "%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf"),
    ],
)
def test_a_file_is_saved_under_a_name_that_harms_nobody(
    client: httpx.Client, shelf: Shelf, filename: str, plain: str, whole: str
) -> None:
    shelf.filename = filename
    said = client.get(FILE).headers["Content-Disposition"]
    assert said == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 2499),
        ("bytes=999-1001", 999, 1001),
        ("bytes=2499-", 2499, 2499),
        ("bytes=2000-99999999", 2000, 2499),
    ],
)
def test_a_range_of_the_bytes_is_a_range_of_the_file(
    client: httpx.Client, shelf: Shelf, wanted: str, first: int, last: int
) -> None:
    answer = client.get(FILE, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/2500"
    assert answer.content == shelf.content[first : last + 1]


@pytest.mark.parametrize(
    "wanted", ["bytes=-5", "bytes=0-1,3-4", "bytes=5-2", "pages=1-2", "bytes=a-b", "x"]
)
def test_any_other_range_is_answered_with_the_whole(
    client: httpx.Client, shelf: Shelf, wanted: str
) -> None:
    answer = client.get(FILE, headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (200, shelf.content)


def test_a_range_beyond_the_end_is_refused_with_the_size(
    client: httpx.Client, shelf: Shelf
) -> None:
    answer = client.get(FILE, headers={"Range": "bytes=2500-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == "bytes */2500"


def test_a_range_of_what_the_client_has_is_not_one_of_another_file(
    client: httpx.Client, shelf: Shelf
) -> None:
    same = client.get(FILE, headers={"Range": "bytes=9-", "If-Range": '"abc"'})
    other = client.get(FILE, headers={"Range": "bytes=9-", "If-Range": '"xyz"'})
    assert (same.status_code, same.content) == (206, shelf.content[9:])
    assert (other.status_code, other.content) == (200, shelf.content)


def test_who_has_the_file_is_told_so_at_once(
    client: httpx.Client, things: FakeService, shelf: Shelf
) -> None:
    answer = client.get(FILE, headers={"If-None-Match": '"abc"'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == '"abc"'
    assert starts(things) == [0]


def test_only_the_head_is_one_call(client: httpx.Client, things: FakeService, shelf: Shelf) -> None:
    answer = client.head(FILE, headers={"Range": "bytes=5-"})  # which means nothing to HEAD
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, "2500")
    assert answer.content == b""
    assert starts(things) == [0]


def test_where_to_begin_is_said_by_range_alone(client: httpx.Client, shelf: Shelf) -> None:
    answer = client.get(FILE, params={"start": "5"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "start")


def test_what_the_service_refuses_is_a_problem(client: httpx.Client, things: FakeService) -> None:
    def refuse(_: Received) -> None:
        raise Refused(404, "file_not_found", "There is no file here.")

    things.methods["get_file"] = refuse
    assert client.get(FILE).json()["code"] == "file_not_found"


@pytest.mark.parametrize(
    "broken", [{"content": ""}, {"content": "!"}, {"size": None}, {"etag": "of another file"}]
)
def test_a_file_that_breaks_off_is_not_taken_for_a_whole_one(
    client: httpx.Client, things: FakeService, shelf: Shelf, broken: dict[str, Any]
) -> None:
    things.methods["get_file"] = lambda got: {
        **shelf(got),
        **(broken if got.kwargs["start"] else {}),
    }
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(FILE)
    assert starts(things) == [0, 1000]
    assert client.get("/v1/things").status_code == 200


@pytest.fixture
def slow_reader(
    gateway: RunningGateway, things: FakeService
) -> Iterator[Callable[[str], socket.socket]]:
    """Ask for 25 MiB and read only the beginning."""
    opened: list[socket.socket] = []
    things.methods["get_file"] = Shelf(bytes(25 * 1024 * 1024), piece=256 * 1024)

    def ask(key: str) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=20)
        opened.append(connection)
        head = f"GET {FILE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n"
        connection.sendall(f"{head}\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        return connection

    yield ask
    for connection in opened:
        connection.close()


def test_no_more_is_fetched_than_the_client_takes_and_nothing_for_who_is_gone(
    slow_reader: Callable[[str], socket.socket], gateway: RunningGateway, things: FakeService
) -> None:
    key = gateway.make_key("*", "--calls-at-once", "5")
    connection = slow_reader(key)
    with gateway.client(key) as client:
        assert {client.get("/v1/things").status_code for _ in range(50)} == {200}
        assert len(starts(things)) < 80  # of 100; so much the sockets may hold
        connection.close()
        wait_until(lambda: client.head(FILE).status_code == 200)  # there is a place again
    assert len(starts(things)) < 80


def test_a_file_on_its_way_has_a_place_until_all_is_sent(
    slow_reader: Callable[[str], socket.socket], gateway: RunningGateway
) -> None:
    key = gateway.make_key("*", "--calls-at-once", "5")
    connection = slow_reader(key)
    with gateway.client(key) as client:
        refused = client.get(FILE)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_at_once")
        assert client.get("/v1/things").status_code == 200
        while connection.recv(1024 * 1024):
            pass
        wait_until(lambda: client.head(FILE).status_code == 200)


def test_files_on_their_way_are_so_many_at_once_in_a_worker(
    slow_reader: Callable[[str], socket.socket], client: httpx.Client, admin_key: str
) -> None:
    opened = [slow_reader(admin_key) for _ in range(TRANSFERS_MAX)]
    for refused in (client.get(FILE), client.put(PART, content=b"x", headers=BYTES)):
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
    opened[0].close()
    wait_until(lambda: client.head(FILE).status_code == 200)


def test_bytes_reach_the_service_as_they_are(client: httpx.Client, things: FakeService) -> None:
    content = bytes(range(256)) * 4096  # 1 MiB
    things.methods["put_part"] = lambda got: {"got": len(got.kwargs["content"])}
    answer = client.put(PART, content=content, headers=BYTES)
    assert answer.status_code == 200
    [got] = things.calls_of("put_part")
    assert got.kwargs.keys() == {"thing_id", "number", "content"}
    assert (got.kwargs["thing_id"], got.kwargs["number"]) == ("thg_1", "7")
    assert base64.b64decode(got.kwargs["content"]) == content


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{}", {"Content-Type": "application/json"}, 415, "media_type_not_supported"),
        (b"x", {}, 415, "media_type_not_supported"),
        (b"x", {**BYTES, "Content-Encoding": "gzip"}, 415, "encoding_not_supported"),
        (bytes(1024 * 1024 + 1), BYTES, 413, "body_too_large"),
    ],
)
def test_bytes_that_are_none_are_refused(
    client: httpx.Client,
    things: FakeService,
    content: bytes,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = client.put(PART, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert things.calls_of("put_part") == []


def test_a_key_stands_for_the_bytes_too(client: httpx.Client, things: FakeService) -> None:
    things.methods["put_part"] = lambda _: {}
    headers = {**BYTES, "Idempotency-Key": "part-7"}
    assert client.put(PART, content=b"one", headers=headers).status_code == 200
    assert client.put(PART, content=b"one", headers=headers).status_code == 200
    other = client.put(PART, content=b"two", headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_what_is_wrong_with_the_bytes_is_said_of_the_whole_body(
    client: httpx.Client, things: FakeService
) -> None:
    def refuse(_: Received) -> None:
        wrong = [{"field": "content", "detail": "Must have 1 to 1048576 bytes."}]
        raise Refused(422, "invalid_fields", "content: Must have …", errors=wrong)

    things.methods["put_part"] = refuse
    [error] = client.put(PART, content=b"", headers=BYTES).json()["errors"]
    assert error["pointer"] == ""
