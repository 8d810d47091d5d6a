"""The sweep over connections: who is cut off, and when."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs
from uvicorn.protocols.http.flow_control import FlowControl

from gateway.edge.protocol import ANSWERING, BODY, DISCARDING, HEADERS, WAITING, Protocol


class _Transport:
    def __init__(self) -> None:
        self.unsent = 0
        self.ended = ""
        self.written = b""

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Protocol, "unserved", {})
    monkeypatch.setattr(Protocol, "served", {})


def _connection(stage: int, since: float = 0, *, is_served: bool = False) -> Any:
    made = Protocol.__new__(Protocol)
    made.transport = _Transport()  # type: ignore[assignment]
    made.client = ("203.0.113.7", 4711)
    made.line = Protocol.served if is_served else Protocol.unserved
    made.sending_since = None
    made.enter(stage)
    made.since = since
    return made


@pytest.mark.parametrize(
    ("stage", "seconds", "ended"),
    [
        (WAITING, 9, ""),
        (WAITING, 11, "closed"),
        (HEADERS, 9, ""),
        (HEADERS, 11, "closed"),
        (BODY, 1000, ""),  # the application has a limit for that
        (ANSWERING, 1000, ""),  # and a deadline for this
        (DISCARDING, 4, ""),
        (DISCARDING, 6, "closed"),
    ],
)
def test_each_stage_has_its_time(stage: int, seconds: int, ended: str) -> None:
    connection = _connection(stage, 100)
    connection.check(100 + seconds)
    assert connection.transport.ended == ended
    assert connection.transport.written.startswith(b"HTTP/1.1 408") == (
        stage == HEADERS and bool(ended)
    )


def test_a_connection_is_refused_with_a_line_in_the_log() -> None:
    with capture_logs() as logged:
        _connection(HEADERS, 100).check(200)
    told = [(line["code"], line["address"]) for line in logged]
    assert told == [("headers_too_slow", "203.0.113.7")]


def test_a_reader_that_does_not_read_is_cut_off_after_half_a_minute() -> None:
    connection = _connection(WAITING, 100)
    connection.transport.unsent = 10
    for now in (100, 115, 129):
        connection.check(now)
    assert connection.transport.ended == ""
    connection.check(131)
    assert connection.transport.ended == "aborted"


def test_one_who_has_read_begins_anew() -> None:
    connection = _connection(ANSWERING, 100)
    for now, unsent in ((100, 10), (120, 0), (125, 10), (150, 10)):
        connection.transport.unsent = unsent
        connection.check(now)
    assert connection.transport.ended == ""


def test_one_who_reads_slowly_but_reads_is_not_cut_off() -> None:
    connection = _connection(ANSWERING, 100)
    connection.flow = FlowControl(connection.transport)
    connection.transport.unsent = 10
    for now in (100, 125, 150, 175):
        connection.check(now)
        connection.pause_writing()
        connection.resume_writing()  # a piece has gone out, and the next has come
    assert connection.transport.ended == ""


def _aborted(*connections: Any) -> list[bool]:
    return [connection.transport.ended == "aborted" for connection in connections]


def test_room_is_made_by_the_one_that_has_kept_us_waiting_longest() -> None:
    first, second, newcomer = (_connection(HEADERS) for _ in range(3))
    assert newcomer._make_room()
    assert _aborted(first, second, newcomer) == [True, False, False]
    second.enter(BODY)  # it goes on, and so is behind the newcomer now
    third = _connection(WAITING)
    assert third._make_room()
    assert _aborted(second, newcomer, third) == [False, True, False]


def test_one_that_was_served_before_stays_rather_than_one_never_served() -> None:
    served, unserved = _connection(WAITING, is_served=True), _connection(BODY)
    newcomer = _connection(WAITING)
    assert newcomer._make_room()
    assert _aborted(served, unserved) == [False, True]
    assert newcomer._make_room()
    assert _aborted(served, newcomer) == [True, False]


def test_where_all_are_being_answered_there_is_no_room() -> None:
    busy = _connection(ANSWERING)
    assert not _connection(WAITING)._make_room()
    assert _aborted(busy) == [False]
