"""A listener learns how things are, whatever happens meanwhile, and a copy found wrong is made right."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest
from sqlalchemy import text

from kernel.callers import Caller
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe
from tests.chassis.ending import END_OTHERS

pytestmark = pytest.mark.server
WRONG = """SELECT count(*) FROM note n LEFT JOIN note_copy c USING (note_id)
    WHERE c.text IS DISTINCT FROM n.text OR c.version IS DISTINCT FROM n.version"""
MANY = text(
    """
    INSERT INTO note (note_id, account_id, text, version)
    SELECT 'note_' || lpad(n::text, 26, '0'), 'acc_01jd3v4q6ye8z9t5k2m7n0p1xw', 'bulk', 1
    FROM generate_series(1, :count) AS n
    """
)


@pytest.fixture(autouse=True)
def empty(probe: Probe) -> None:
    with probe.engine.begin() as connection:
        connection.execute(text("TRUNCATE note, note_copy, introduction"))


@pytest.fixture
def gateway(client: Client) -> Client:
    """The gateway, which alone may ask."""
    client.caller = Caller("gateway", frozenset({"internal", "*"}))
    return client


def fill(probe: Probe, count: int) -> None:
    with probe.engine.begin() as connection:
        connection.execute(MANY, {"count": count})


def run(probe: Probe, sql: str) -> None:
    with probe.engine.begin() as connection:
        connection.execute(text(sql))


def find_wrong(gateway: Client) -> list[dict[str, Any]]:
    """The ranges that the probe's copy of its own notes has otherwise."""
    wrong: list[dict[str, Any]] = []
    after = None
    while True:
        told = gateway.result("sum_up", event="note_introduced", after=after)
        by = {name: told[name] for name in ("key", "compared", "ranges")}
        wrong += gateway.result("compare", source="probe", event="note_introduced", **by)
        after = told["next_after"]
        if after is None:
            return wrong


def test_a_listener_learns_all_that_was_there_before_it(probe: Probe, gateway: Client) -> None:
    fill(probe, 1234)
    told = probe.command("introduce", "--to", "probe")
    assert told.returncode == 0, told.stderr
    assert told.stdout == "probe.note_introduced: 1234 told\n"
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    assert find_wrong(gateway) == []


def test_who_does_not_listen_is_told_of(probe: Probe) -> None:
    fill(probe, 3)
    told = probe.command("introduce", "--to", "stranger")
    assert told.returncode == 1
    assert "stranger does not listen to it" in told.stdout


@pytest.mark.parametrize(
    ("harm", "ranges"),
    [
        ("DELETE FROM note_copy WHERE note_id LIKE '%100'", 3),
        ("UPDATE note_copy SET version = 0, text = 'old' WHERE note_id LIKE '%0000001'", 1),
        ("DELETE FROM note_copy", 3),
    ],
)
def test_a_copy_found_wrong_is_made_right_where_it_is_wrong(
    probe: Probe, gateway: Client, harm: str, ranges: int
) -> None:
    fill(probe, 2500)
    probe.command("introduce", "--to", "probe")
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    run(probe, harm)
    wrong = find_wrong(gateway)
    assert len(wrong) == ranges
    for one in wrong:
        wanted = {"first": one["first"], "last": one["last"]}
        gateway.result("introduce", listener="probe", event="note_introduced", **wanted)
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    assert find_wrong(gateway) == []


def test_what_is_too_much_in_a_copy_is_found(probe: Probe, gateway: Client) -> None:
    fill(probe, 10)
    probe.command("introduce", "--to", "probe")
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    run(probe, "INSERT INTO note_copy VALUES ('note_zzzzzzzzzzzzzzzzzzzzzzzzzz', 'acc', 1, 'x')")
    assert len(find_wrong(gateway)) == 1


def test_a_copy_of_the_right_version_and_another_text_is_made_right_by_an_introduction(
    probe: Probe,
) -> None:
    fill(probe, 20)
    run(probe, "INSERT INTO note_copy SELECT note_id, account_id, version, 'cut off' FROM note")
    probe.command("introduce", "--to", "probe")
    probe.wait_until(lambda: probe.count(WRONG) == 0)


def test_live_events_and_introductions_in_whatever_order_end_in_the_same_copy(
    probe: Probe, client: Client, gateway: Client
) -> None:
    account = new_id("acc")
    notes = [client.result("take_note", account_id=account, text="v1") for _ in range(5)]
    fill(probe, 2000)
    gateway.result("introduce", listener="probe", event="note_introduced")
    for number in range(4):
        for note in notes:
            client.result("edit_note", note_id=note["note_id"], text=f"v{number + 2}")
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    told = "SELECT count FROM introduction WHERE ended_at IS NOT NULL"
    probe.wait_until(lambda: probe.count(f"SELECT coalesce(({told}), 0)") == 2005)


def test_an_introduction_goes_on_where_a_killed_process_left_it(
    probe: Probe, gateway: Client
) -> None:
    fill(probe, 4000)
    gateway.result("introduce", listener="probe", event="note_introduced")
    begun = "SELECT count(*) FROM introduction WHERE count > 0"
    probe.wait_until(lambda: probe.count(begun))
    probe.processes[-1].send_signal(signal.SIGKILL)
    probe.processes[-1].wait()
    probe.start()
    probe.wait_ready()
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    done = "SELECT count(*) FROM introduction WHERE ended_at IS NOT NULL AND count >= 4000"
    probe.wait_until(lambda: probe.count(done))


def test_the_same_asked_for_while_it_is_under_way_is_done_once(
    probe: Probe, gateway: Client
) -> None:
    fill(probe, 2500)
    for _ in range(5):
        gateway.result("introduce", listener="probe", event="note_introduced")
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    assert probe.count("SELECT count(*) FROM introduction") < 5


def test_what_can_never_be_told_is_ended_with_its_problem_and_stops_no_other(
    probe: Probe, gateway: Client
) -> None:
    fill(probe, 3)
    run(
        probe,
        "INSERT INTO introduction (introduction_id, listener, event)"
        " VALUES ('itr_0', 'probe', 'forgotten_introduced')",
    )
    gateway.result("introduce", listener="probe", event="note_introduced")
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    ended = "SELECT count(*) FROM introduction WHERE ended_at IS NOT NULL AND problem LIKE :why"
    assert probe.count(ended, why="%does not tell of forgotten_introduced%") == 1


def test_an_introduction_outlives_outages_of_the_database(probe: Probe, gateway: Client) -> None:
    fill(probe, 2500)
    gateway.result("introduce", listener="probe", event="note_introduced")
    until = time.monotonic() + 3
    while time.monotonic() < until:
        run(probe, END_OTHERS)
    probe.wait_until(lambda: probe.count(WRONG) == 0)
    assert probe.processes[-1].poll() is None
