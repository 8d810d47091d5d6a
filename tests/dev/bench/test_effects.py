"""A load is over when the last of its events was handled, and not when that is noticed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from dev.bench.effects import wait_for_rest
from dev.bench.growth import fill
from dev.bench.side import Running

pytestmark = pytest.mark.server

PUBLISH = text("UPDATE outbox SET published_at = now() WHERE published_at IS NULL")
UNPUBLISH = text("UPDATE outbox SET published_at = NULL")


@pytest.fixture
def running(
    engine_of: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    """A system that has one database, and no events."""
    monkeypatch.setattr("dev.bench.effects.QUIET_SECONDS", 0.5)
    engine = engine_of("billing")
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    yield Running(0, "", "", "", {"billing": url, "gateway": "none"}, {}, mark="-steward nobody")
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE outbox, inbox"))


def test_what_is_handled_meanwhile_moves_the_end(running: Running) -> None:
    handled: list[float] = []

    def handle() -> None:
        handled.append(time.time())
        fill(running.databases["billing"], "inbox", 1, days=0)

    threading.Timer(0.3, handle).start()
    rest = wait_for_rest(running)
    assert handled[0] < rest.since <= time.time() - 0.5


def test_an_event_that_is_still_to_be_published_is_waited_for(
    running: Running, engine_of: Callable[[str], Engine]
) -> None:
    fill(running.databases["billing"], "outbox", 1, days=0)
    published: list[float] = []

    def publish() -> None:
        published.append(time.time())
        with engine_of("billing").begin() as connection:
            connection.execute(PUBLISH)

    with engine_of("billing").begin() as connection:
        connection.execute(UNPUBLISH)
    threading.Timer(1.0, publish).start()
    assert wait_for_rest(running).since > published[0]


def test_a_system_that_never_rests_is_told(
    running: Running, engine_of: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dev.bench.effects.SECONDS_MAX", 0.2)
    fill(running.databases["billing"], "outbox", 1, days=0)
    with engine_of("billing").begin() as connection:
        connection.execute(UNPUBLISH)
    with pytest.raises(TimeoutError, match="did not come to rest"):
        wait_for_rest(running)
