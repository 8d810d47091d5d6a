"""Due times: each performed once, in order, by one replica at a time, whatever fails or dies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from chassis.store.locks import Lock
from dev.servers import Servers
from kernel.callers import Caller
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe

pytestmark = pytest.mark.server
RUNG = "SELECT count(*) FROM rung WHERE bell = :bell"
KEPT = "SELECT count(*) FROM due_time WHERE key = :bell"
LOCKED = (
    f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Lock.DUE_TIMES.value}"
)
OF_BELLS = "FROM parked WHERE queue = 'probe.due' AND encode(body, 'escape') LIKE :like"
PARKED = f"SELECT count(*) {OF_BELLS}"


def later(seconds: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def ring(client: Client, bell: str, at: str, text: str = "ring", **more: Any) -> None:
    client.result("schedule_ring", bell=bell, at=at, text=text, **more)


def rung(probe: Probe, *bells: str) -> list[Any]:
    """What was rung of these bells, in the order in which it was."""
    statement = text(
        "SELECT bell, text, rung_at FROM rung WHERE bell = ANY(:bells) ORDER BY rung_id"
    )
    with probe.engine.connect() as connection:
        return list(connection.execute(statement, {"bells": list(bells)}))


def await_rung(probe: Probe, *bells: str) -> list[Any]:
    probe.wait_until(lambda: len(rung(probe, *bells)) >= len(bells))
    return rung(probe, *bells)


def parked_about(probe: Probe, bell: str) -> int:
    return probe.count(PARKED, like=f'%"{bell}"%')


def parked_bells(client: Client) -> list[Any]:
    """What is parked of due times; other tests leave other messages parked."""
    listed = client.result("list_parked", status="parked", limit=500)["items"]
    return [one for one in listed if one["queue"] == "probe.due"]


def test_it_is_performed_at_its_instant_and_kept_no_longer(probe: Probe, client: Client) -> None:
    at = datetime.now(UTC) + timedelta(seconds=1)
    ring(client, "soon", at.isoformat())
    assert probe.count(KEPT, bell="soon") == 1
    [found] = await_rung(probe, "soon")
    assert at <= found.rung_at <= at + timedelta(seconds=5)
    assert probe.count(KEPT, bell="soon") == 0


@pytest.mark.parametrize("other", set(Lock) - {Lock.DUE_TIMES})
def test_it_is_performed_whatever_else_of_the_service_is_under_way(
    probe: Probe, client: Client, other: Lock
) -> None:
    bell = f"beside {other.name}"
    with probe.engine.connect() as connection:
        connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": other.value})
        ring(client, bell, later())
        await_rung(probe, bell)


def test_what_is_past_due_is_performed_at_once(probe: Probe, client: Client) -> None:
    ring(client, "late", "2020-01-01T00:00:00Z")
    [found] = await_rung(probe, "late")
    assert found.rung_at > datetime(2026, 1, 1, tzinfo=UTC)  # and knows what time it is


def test_what_is_moved_is_performed_once_at_the_new_instant(probe: Probe, client: Client) -> None:
    ring(client, "moved", later(3600), text="first")
    ring(client, "moved", later(0.3), text="second")
    [found] = await_rung(probe, "moved")
    assert found.text == "second"
    ring(client, "away", later(0.5), text="first")
    ring(client, "away", later(3600), text="second")
    ring(client, "mark", later(0.8))
    await_rung(probe, "mark")
    assert (rung(probe, "away"), probe.count(KEPT, bell="away")) == ([], 1)


def test_what_is_dropped_is_not_performed(probe: Probe, client: Client) -> None:
    ring(client, "dropped", later(0.5))
    client.result("drop_ring", bell="dropped")
    client.result("drop_ring", bell="never there")
    ring(client, "after it", later(0.6))
    await_rung(probe, "after it")
    assert probe.count(RUNG, bell="dropped") == probe.count(KEPT, bell="dropped") == 0


def test_of_a_transaction_that_is_rolled_back_nothing_is_due(probe: Probe, client: Client) -> None:
    refused = {"bell": "undone", "at": later(), "text": "refuse"}
    assert client.problem("schedule_ring", **refused)["code"] == "no_bells"
    assert probe.count(KEPT, bell="undone") == 0


def test_they_come_in_the_order_of_their_instants_then_of_their_making(
    probe: Probe, client: Client
) -> None:
    at = later(1)
    for bell, instant in (("z", at), ("y", at), ("x", later(0.8)), ("w", at)):
        ring(client, bell, instant)
    ring(client, "z", at)  # made anew
    assert [one.bell for one in await_rung(probe, *"wxyz")] == ["x", "y", "w", "z"]


def test_a_handler_may_schedule_the_same_again(probe: Probe, client: Client) -> None:
    ring(client, "again", "2020-01-01T00:00:00Z", text="again 2")
    await_rung(probe, "again")
    probe.wait_until(lambda: probe.count(KEPT, bell="again") == 1)
    client.result("drop_ring", bell="again")


def test_one_that_fails_harms_no_other_and_is_parked_until_somebody_decides(
    probe: Probe, client: Client
) -> None:
    account = new_id("acc")
    probe.fails.touch()
    at = later(0.5)
    for bell, says in (
        ("good 1", "ring"),
        ("bad", "mistake"),
        ("exit", "exit"),
        ("good 2", "ring"),
    ):
        ring(client, bell, at, text=says, account_id=account)
    await_rung(probe, "good 1", "good 2")
    probe.wait_until(lambda: parked_about(probe, "bad") and parked_about(probe, "exit"))
    assert rung(probe, "bad", "exit") == []
    listed = parked_bells(client)
    [bad] = [one for one in listed if one["message"]["key"] == "bad"]
    assert (bad["queue"], bad["handler"], bad["attempts"]) == ("probe.due", "ring", 1)
    assert (bad["account_id"], bad["sender"]) == (account, None)
    assert bad["error"] == "TypeError('a mistake')"

    refused = client.problem("replay_parked", parked_id=bad["parked_id"])
    assert refused["code"] == "replay_failed"
    probe.fails.unlink()
    replayed = client.result("replay_parked", parked_id=bad["parked_id"])
    assert (replayed["status"], replayed["settled_by"]) == ("replayed", "key_test")
    assert len(rung(probe, "bad")) == 1
    [stuck] = [one for one in listed if one["message"]["key"] == "exit"]
    given_up = {"parked_id": stuck["parked_id"], "reason": "rang by hand"}
    assert client.result("discard_parked", **given_up)["status"] == "discarded"
    assert rung(probe, "exit") == []


def test_an_outage_is_tried_again_until_it_is_over_and_holds_up_no_other(
    probe: Probe, client: Client
) -> None:
    probe.fails.touch()
    at = later()
    ring(client, "flaky", at, text="outage")
    ring(client, "steady", at)
    await_rung(probe, "steady")
    probe.wait_until(lambda: probe.count("SELECT max(tried) FROM due_time WHERE key = 'flaky'") > 0)
    probe.fails.unlink()
    assert len(await_rung(probe, "flaky")) == 1
    assert parked_about(probe, "flaky") == 0


def test_an_outage_without_end_is_parked(probe: Probe, client: Client) -> None:
    probe.fails.touch()
    ring(client, "hopeless", later(), text="outage")
    probe.wait_until(lambda: parked_about(probe, "hopeless"))
    probe.fails.unlink()
    assert probe.count(f"SELECT attempts {OF_BELLS}", like="%hopeless%") == 6


def test_one_that_is_moved_while_it_is_performed_was_not_performed(
    probe: Probe, client: Client
) -> None:
    ring(client, "slow", later(), text="sleep 1")
    probe.wait_until(lambda: probe.count(LOCKED) > 0)
    ring(client, "slow", later(), text="in time")
    [found] = await_rung(probe, "slow")
    assert found.text == "in time"


def test_how_many_wait_and_how_late_they_are_is_measured(probe: Probe, client: Client) -> None:
    before = probe.metric("steward_due_time_lag_seconds_count")
    ring(client, "measured", later())
    await_rung(probe, "measured")
    probe.wait_until(lambda: probe.metric("steward_due_time_lag_seconds_count") > before)
    probe.wait_until(lambda: probe.metric("steward_due_times_depth") == 0)
    assert probe.metric('steward_due_times_performed_total{handler="ring",outcome="done"}') > 0


def test_a_caller_who_sees_some_accounts_sees_what_was_parked_of_those_alone(
    probe: Probe, client: Client
) -> None:
    account = new_id("acc")
    probe.fails.touch()
    for bell, whose in (("ours", account), ("theirs", new_id("acc")), ("nobody's", None)):
        ring(client, bell, later(), text="mistake", account_id=whose)
    bells = ("ours", "theirs", "nobody's")
    probe.wait_until(lambda: all(parked_about(probe, bell) for bell in bells))
    probe.fails.unlink()
    client.caller = Caller("key_some", frozenset({"*"}), frozenset({account}))
    assert [one["message"]["key"] for one in parked_bells(client)] == ["ours"]


@pytest.fixture
def pair(
    servers: Servers, migrated_probe: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Probe]:
    """Two replicas of the probe."""
    with Probe(servers, tmp_path_factory.mktemp("pair"), "system") as pair:
        for _ in range(2):
            pair.start()
            pair.wait_ready()
        yield pair


def test_two_replicas_perform_each_once(pair: Probe) -> None:
    client = Client(pair.gateway_uri)
    for number in range(10):
        ring(client, f"many{number}", later(0.05 * number), count=40)
    of_many = "SELECT count(*) FROM rung WHERE bell LIKE 'many%'"
    pair.wait_until(lambda: pair.count("SELECT count(*) FROM due_time WHERE key LIKE 'many%'") == 0)
    assert pair.count(of_many) == pair.count(of_many.replace("*", "DISTINCT bell")) == 400
    client.connection.close()


def test_a_replica_that_is_killed_in_the_middle_loses_and_doubles_nothing(pair: Probe) -> None:
    client = Client(pair.gateway_uri)
    ring(client, "before", later(0.5), count=20)
    ring(client, "killed", later(0.5), text="die once")
    ring(client, "behind", later(0.5), count=20)
    pair.wait_until(lambda: any(process.poll() is not None for process in pair.processes))
    pair.wait_until(lambda: pair.count("SELECT count(*) FROM due_time WHERE at < now()") == 0)
    for name, count in (("before", 20), ("killed", 1), ("behind", 20)):
        each = f"SELECT count(*) FROM rung WHERE bell LIKE '{name}%'"
        assert pair.count(each) == pair.count(each.replace("*", "DISTINCT bell")) == count
    client.connection.close()
