"""What an outage does to the log: it is told of once in a while, not once for all that waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from dev.servers import Servers
from kernel.ids import new_id
from tests.chassis.conftest import QUEUE, Probe, Teller
from tests.chassis.doors.test_events import HEARD, PARKED, envelope
from tests.gateway.running_gateway import Proxy

pytestmark = pytest.mark.server
FAILED = 'steward_events_handled_total{handler="hear_note",outcome="failed"} '
FORGED = f'steward_messages_forged_total{{queue="{QUEUE}"}}'
EVENTS = 50


@pytest.fixture
def database(servers: Servers) -> Iterator[Proxy]:
    """What stands between the probe and its database."""
    parts = urlsplit(servers.database_url("billing"))
    proxy = Proxy(str(parts.hostname), int(parts.port or 0))
    yield proxy
    proxy.close()


@pytest.fixture
def probe(
    servers: Servers, migrated_probe: None, tmp_path: Path, database: Proxy
) -> Iterator[Probe]:
    with Probe(servers, tmp_path, "system") as probe:
        through = f":{database.port}/".join(probe.url.rsplit(f":{urlsplit(probe.url).port}/", 1))
        probe.environment |= {"DATABASE_URL": through, "STEWARD_LOG": "json"}
        probe.start()
        probe.wait_ready()
        yield probe


def tried_in_vain(probe: Probe) -> float:
    text = httpx.get(f"http://127.0.0.1:{probe.ports[-1]}/metrics").text
    return float(text.partition(FAILED)[2].split()[0]) if FAILED in text else 0


def test_an_outage_of_the_database_is_a_few_lines_and_costs_no_event(
    probe: Probe, database: Proxy, teller: Teller
) -> None:
    account = new_id("acc")
    log = probe.folder / "0.log"
    before = log.stat().st_size
    database.is_refusing = True
    database.cut()
    for _ in range(EVENTS):
        teller.tell(orjson.dumps(envelope(account)))
    probe.wait_until(lambda: tried_in_vain(probe) > 3 * EVENTS, seconds=60)
    lines = [orjson.loads(line) for line in log.read_bytes()[before:].splitlines()]
    assert not any("exception" in line for line in lines)
    told = [line["of"] for line in lines if line["event"] == "event_put_off"]
    assert set(told) == {QUEUE} and len(told) <= 3
    assert len(lines) < 20
    database.is_refusing = False
    probe.wait_until(lambda: probe.count(HEARD, a=account) == EVENTS)


def test_a_forged_event_that_waited_for_the_database_is_still_forged(
    probe: Probe, database: Proxy
) -> None:
    """It comes back from the ladder, which only the probe itself may write to."""
    account, anybody = new_id("acc"), Teller(probe.admin_uri)
    database.is_refusing = True
    database.cut()
    anybody.tell(orjson.dumps(envelope(account)), user_id="steward_stranger")
    probe.wait_until(lambda: probe.metric(FORGED) >= 3)
    database.is_refusing = False
    forged = f"{PARKED} AND why = 'forged' AND sender = 'steward_stranger'"
    probe.wait_until(lambda: probe.count(forged, a=account) == 1)
    assert probe.count(HEARD, a=account) == 0
    anybody.connection.close()
