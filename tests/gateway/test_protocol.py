"""The sweep over connections: who is cut off, and when."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.protocol import ANSWERING, BODY, DISCARDING, HEADERS, WAITING, Protocol


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


def _connection(stage: int, since: float, *, has_served: bool = False) -> Any:
    made = Protocol.__new__(Protocol)
    made.transport = _Transport()  # type: ignore[assignment]
    made.stage, made.since, made.has_served, made.sending_since = stage, since, has_served, None
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


def _make_room(*others: Any) -> Any:
    newcomer = _connection(WAITING, 200)
    newcomer.connections = {newcomer, *others}
    return newcomer


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((HEADERS, 100, False), (HEADERS, 101, False)),  # the one that waits longest
        ((HEADERS, 150, False), (WAITING, 100, True)),  # rather one that was never served
        ((WAITING, 150, True), (ANSWERING, 100, True)),  # never one that is just being answered
    ],
)
def test_room_is_made_by_the_one_that_is_missed_least(
    first: tuple[int, float, bool], second: tuple[int, float, bool]
) -> None:
    going = _connection(first[0], first[1], has_served=first[2])
    staying = _connection(second[0], second[1], has_served=second[2])
    assert _make_room(staying, going)._make_room()
    assert (going.transport.ended, staying.transport.ended) == ("aborted", "")


def test_where_all_are_being_answered_there_is_no_room() -> None:
    assert not _make_room(_connection(ANSWERING, 100))._make_room()
