"""With the manual clock due times, daily jobs and events happen in the order of their times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dev import servers as development_servers
from dev.system import System
from kernel.ids import new_id
from ops.client import Client
from ops.keys import load_keys
from tests.chassis.conftest import Probe

pytestmark = pytest.mark.server
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Probe, Client]]:
    """The gateway, accounts, and the tests' probe as a further service, found by the gateway itself."""
    name = f"due{os.getpid()}"
    servers = development_servers.make_instance(name, guests=["probe"])
    with (
        System(servers=servers, services=["accounts"]) as system,
        Probe(servers, tmp_path_factory.mktemp("house"), "manual") as probe,
    ):
        probe.environment["STEWARD_CALL_KEY"] = load_keys(servers.folder).call_key("probe")
        assert probe.migrate().returncode == 0
        client = Client(system.url, system.api_key)
        client.move_clock(MONDAY)
        probe.start()
        probe.wait_ready()
        probe.wait_until(lambda: client.send("GET", "/v1/notes").is_success)
        probe.wait_until(lambda: probe.count("SELECT count(*) FROM clock"))
        yield probe, client
        client.close()
    development_servers.drop_instance(name)


def ring(client: Client, bell: str, at: datetime, says: str, **more: Any) -> None:
    client.post("/v1/rings", {"bell": bell, "at": at.isoformat(), "text": says, **more})


def read(probe: Probe, sql: str) -> list[tuple[Any, ...]]:
    with probe.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_a_move_of_three_days_plays_all_in_order(house: tuple[Probe, Client]) -> None:
    probe, client = house
    account = new_id("acc")
    tuesday = MONDAY + timedelta(days=1)
    at = {
        "early": tuesday.replace(hour=5, minute=30),
        "late": tuesday.replace(hour=7),
        "silent": tuesday.replace(hour=8),
    }
    ring(client, "late", at["late"], "tell", account_id=account)
    ring(client, "silent", at["silent"], "again 2")
    ring(client, "early", at["early"], "tell", account_id=account)
    client.move_clock(MONDAY + timedelta(days=3))

    rung = read(probe, "SELECT bell, rung_at FROM rung ORDER BY rung_id")
    assert [(bell, moment.astimezone(UTC)) for bell, moment in rung] == [
        *at.items(),
        ("silent", at["silent"] + timedelta(minutes=5)),
    ]
    heard = read(probe, "SELECT on_day FROM heard WHERE note_id <> 'hard' ORDER BY heard_id")
    assert [one for (one,) in heard] == [
        at["early"].isoformat(),  # the event of the first, handled at its moment, before ...
        "2026-03-03",  # ... the job of 06:00, before ...
        at["late"].isoformat(),  # ... the event of the second
        "2026-03-04",
        "2026-03-05",
    ]
    assert client.read_clock() == MONDAY + timedelta(days=3)
    assert read(probe, "SELECT now FROM clock") == [(client.read_clock(),)]


def test_one_that_fails_is_parked_and_holds_up_no_clock(house: tuple[Probe, Client]) -> None:
    probe, client = house
    now = client.read_clock()
    assert now is not None
    ring(client, "broken", now + timedelta(hours=1), "exit")
    ring(client, "whole", now + timedelta(hours=2), "ring")
    client.move_clock(now + timedelta(hours=3))
    assert read(probe, "SELECT count(*) FROM rung WHERE bell = 'whole'") == [(1,)]
    [parked] = client.list("/v1/parked/probe")
    assert (parked["handler"], parked["message"]["key"]) == ("ring", "broken")
    path = f"/v1/parked/probe/{parked['parked_id']}/discard"
    assert client.post(path, {"reason": "It was rung by hand."})["status"] == "discarded"
