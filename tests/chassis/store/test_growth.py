"""Whatever a service does again and again, it finds by an index: tables that have grown slow nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from chassis.store.housekeeping import House
from dev.bench.growth import fill
from dev.servers import Servers
from kernel.callers import INTERNAL, Caller
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe

pytestmark = pytest.mark.server

GROWN = {"outbox": 1, "answers": 1, "inbox": 1, "due_time": -30, "parked": 1}
"""The chassis' tables that grow, and of how many days ago their rows are."""
GATEWAY = Caller("gateway", frozenset({INTERNAL}))
SCANS = text("SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(:tables)")
ENTERED = "SELECT count(*) FROM heard WHERE account_id = :account"
RUNG = "SELECT count(*) FROM rung WHERE bell = 'in the growth'"


@pytest.fixture
def grown(servers: Servers, migrated_probe: None, tmp_path: Path) -> Iterator[Probe]:
    """A service of some age."""
    with Probe(servers, tmp_path, "system") as probe:
        url = probe.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for table, days in GROWN.items():
            fill(url, table, 30_000, days=days)
        with probe.engine.begin() as connection:
            connection.execute(text("UPDATE parked SET status = 'discarded'"))
            connection.execute(text("ANALYZE parked"))
        probe.engine.dispose()
        yield probe
        with probe.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {', '.join(GROWN)}"))


def _scans(probe: Probe) -> dict[str, int]:
    """How often each table was read from its beginning to its end by processes that have ended."""
    with probe.engine.connect() as connection:
        rows = connection.execute(SCANS, {"tables": list(GROWN)})
        return {row.relname: row.seq_scan for row in rows}


def _work(probe: Probe, client: Client) -> None:
    account = new_id("acc")
    client.result("take_note", account_id=account, text="grown")
    probe.wait_until(lambda: probe.count(ENTERED, account=account))
    client.result(
        "schedule_ring", bell="in the growth", at=datetime.now(UTC).isoformat(), text="ring"
    )
    probe.wait_until(lambda: probe.count(RUNG))
    client.caller = GATEWAY
    position = client.result("get_clock")["position"]
    client.result("announced_since", position=position)
    client.result("unhandled", events={"hear_note": ["evt_unknown"]})
    assert probe.health() == 200


def test_no_table_that_grows_is_read_as_a_whole(grown: Probe) -> None:
    process = grown.start()
    grown.wait_ready()
    before = _scans(grown)
    client = Client(grown.gateway_uri)
    _work(grown, client)
    client.connection.close()
    process.send_signal(signal.SIGTERM)
    process.wait()
    assert _scans(grown) == before


def test_what_has_expired_is_found_by_its_index(grown: Probe) -> None:
    before = _scans(grown)
    House(grown.engine).clean_up()
    grown.engine.dispose()
    assert _scans(grown) == before
