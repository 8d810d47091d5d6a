"""The manual clock and daily jobs: everything happens once, in order, and the gateway can tell when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from dev.servers import Servers
from kernel.callers import INTERNAL, Caller
from kernel.ids import new_id
from tests.chassis.conftest import QUEUE, Client, Probe, Teller
from tests.chassis.doors.test_events import envelope

pytestmark = pytest.mark.server
DAYS = "SELECT count(*) FROM heard WHERE note_id = 'daily'"


@pytest.fixture(scope="module")
def manual(
    servers: Servers, migrated_probe: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Probe]:
    with Probe(servers, tmp_path_factory.mktemp("manual"), "manual") as probe:
        with probe.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE heard, rung, clock, daily_job, due_time")
        probe.start()
        probe.wait_ready()
        yield probe


@pytest.fixture
def gateway(manual: Probe) -> Iterator[Client]:
    client = Client(manual.gateway_uri)
    client.caller = Caller("gateway", frozenset({INTERNAL, "*"}))
    yield client
    client.connection.close()


def test_a_daily_job_runs_once_a_day_and_catches_up_in_order(
    manual: Probe, gateway: Client
) -> None:
    gateway.result("set_clock", now="2026-01-05T06:00:00+00:00", jobs=["count_days"])
    assert manual.count(DAYS) == 1
    gateway.result("set_clock", now="2026-01-05T07:00:00+00:00", jobs=["count_days"])
    assert manual.count(DAYS) == 1
    gateway.result("set_clock", now="2026-01-09T06:00:00+00:00", jobs=["count_days"])
    with manual.engine.connect() as connection:
        days = (
            connection.exec_driver_sql(
                "SELECT on_day FROM heard WHERE note_id = 'daily' ORDER BY heard_id"
            )
            .scalars()
            .all()
        )
    assert days == [f"2026-01-0{day}" for day in (5, 6, 7, 8, 9)]


def test_a_daily_job_that_raises_stops_no_other_and_is_tried_again(
    manual: Probe, gateway: Client
) -> None:
    both = {"now": "2026-01-09T06:00:00+00:00", "jobs": ["count_hard_days", "count_days"]}
    assert gateway.result("set_clock", **both)["failed"] == []
    hard = "SELECT count(*) FROM heard WHERE note_id = 'hard'"
    others, before = manual.count(DAYS), manual.count(hard)
    manual.fails.touch()
    both["now"] = "2026-01-10T06:00:00+00:00"
    failed = [{"job": "count_hard_days", "reason": "TypeError: a hard day"}]
    assert gateway.result("set_clock", **both)["failed"] == failed
    assert (manual.count(DAYS), manual.count(hard)) == (others + 1, before)

    manual.fails.unlink()
    assert gateway.result("set_clock", **both)["failed"] == []
    assert (manual.count(DAYS), manual.count(hard)) == (others + 1, before + 1)


def test_two_replicas_asked_at_once_run_a_day_once(manual: Probe, gateway: Client) -> None:
    manual.start()
    manual.wait_ready()
    before = manual.count(DAYS)
    moment = {"now": "2026-01-11T06:00:00+00:00", "jobs": ["count_days"]}
    keys = [gateway.send("set_clock", moment) for _ in range(6)]
    assert all(gateway.reply(key)["error"] is None for key in keys)
    assert manual.count(DAYS) == before + 1
    manual.processes[-1].terminate()
    assert manual.processes[-1].wait(30) == 0


@pytest.mark.parametrize("jobs", [[], ["count_days"], ["count_days", "count_hard_days"]], ids=len)
def test_the_clock_does_not_go_back(manual: Probe, gateway: Client, jobs: list[str]) -> None:
    gateway.result("set_clock", now="2026-02-01T00:00:00+00:00", jobs=[])
    before = manual.count(DAYS)
    back = {"now": "2026-01-31T06:00:00+00:00", "jobs": jobs}
    assert gateway.problem("set_clock", **back)["status"] == 409
    assert manual.count(DAYS) == before
    assert gateway.problem("set_clock", now="tomorrow", jobs=[])["status"] == 422
    assert gateway.result("get_clock")["now"].startswith("2026-02-01")


def test_events_bear_the_manual_time_and_can_be_waited_for(manual: Probe, gateway: Client) -> None:
    start = gateway.result("announced_since", position=-1)["position"]
    account = new_id("acc")
    gateway.result("take_note", account_id=account, text="timed")
    announced: dict = {}

    def is_published() -> bool:
        announced.update(gateway.result("announced_since", position=start))
        return bool(announced["is_drained"])

    manual.wait_until(is_published)
    [event_id] = announced["events"]["note_taken"]
    manual.wait_until(
        lambda: (
            gateway.result("unhandled", events={"hear_note": [event_id]})["unhandled"]
            == {"hear_note": 0}
        )
    )
    assert gateway.result("unhandled", events={"hear_note": ["evt_other"]})["unhandled"] == {
        "hear_note": 1
    }
    occurred = "SELECT count(*) FROM outbox WHERE occurred_at::date = '2026-02-01' AND subject = :a"
    assert manual.count(occurred, a=account) == 1


def test_the_clock_does_not_wait_for_what_no_queue_takes(manual: Probe, gateway: Client) -> None:
    account = new_id("acc")
    gateway.result("lose_note", account_id=account)
    manual.wait_until(lambda: gateway.result("list_held_events")["items"])
    told = gateway.result("get_clock")
    assert told["is_drained"]
    since = gateway.result("announced_since", position=told["position"])
    assert since["is_drained"] and not since["events"]


@pytest.mark.parametrize("kind", ["mistake", "delivered too often", "version of the future"])
def test_the_clock_does_not_wait_for_what_is_parked(
    manual: Probe, gateway: Client, kind: str
) -> None:
    account = new_id("acc")
    event = envelope(account)
    headers, key = {}, QUEUE
    if kind == "mistake":
        event["data"]["text"] = "refuse to hear"
    elif kind == "delivered too often":
        headers, key = {"x-death": [{"queue": QUEUE}]}, "probe.dead"
    else:
        event["type"] = "probe.note_taken.v9"
    teller = Teller(manual.own_uri)
    teller.tell(orjson.dumps(event), headers, routing_key=key)
    asked = {"hear_note": [event["id"]], "hear_newer_note": [event["id"]]}
    manual.wait_until(
        lambda: (
            gateway.result("unhandled", events=asked)["unhandled"]
            == {"hear_note": 0, "hear_newer_note": 0}
        )
    )
    teller.connection.close()


def test_an_event_is_handled_when_the_handler_of_its_version_has(
    manual: Probe, gateway: Client
) -> None:
    event = envelope(new_id("acc"))
    asked = {"hear_note": [event["id"]], "hear_newer_note": [event["id"]]}
    assert gateway.result("unhandled", events=asked)["unhandled"] == {
        "hear_note": 1,
        "hear_newer_note": 1,
    }
    teller = Teller(manual.own_uri)
    teller.tell(orjson.dumps(event))
    manual.wait_until(
        lambda: (
            gateway.result("unhandled", events=asked)["unhandled"]
            == {"hear_note": 0, "hear_newer_note": 0}
        )
    )
    teller.connection.close()


def _at(text: str) -> str:
    return f"2026-03-{text}:00+00:00"


def _ring(gateway: Client, bell: str, at: str, says: str = "ring", **more: Any) -> None:
    gateway.result("schedule_ring", bell=bell, at=at, text=says, **more)


def _rung(manual: Probe, *bells: str) -> list[tuple[str, str]]:
    """Which of these bells were rung, in the order in which they were, and at which time of the clock."""
    statement = text("SELECT bell, rung_at FROM rung WHERE bell = ANY(:bells) ORDER BY rung_id")
    with manual.engine.connect() as connection:
        rows = connection.execute(statement, {"bells": list(bells)}).all()
    return [(row.bell, row.rung_at.astimezone(UTC).isoformat()) for row in rows]


def test_due_times_are_performed_at_their_instants_then_the_jobs(
    manual: Probe, gateway: Client
) -> None:
    gateway.result("set_clock", now=_at("01T00:00"), jobs=["count_days"])
    for bell, at in (("c", "02T05:30"), ("a", "01T10:00"), ("d", "02T06:30"), ("b", "02T05:30")):
        _ring(gateway, bell, _at(at))
    assert gateway.result("get_clock")["next_due"] == _at("01T10:00")
    told = gateway.result("set_clock", now=_at("02T06:00"), jobs=["count_days"])
    assert (told["now"], told["next_due"]) == (_at("02T06:00"), _at("02T06:30"))
    rung = [("a", _at("01T10:00")), ("c", _at("02T05:30")), ("b", _at("02T05:30"))]
    assert _rung(manual, *"abcd") == rung
    of_day = "SELECT count(*) FROM heard WHERE note_id = 'daily' AND on_day = '2026-03-02'"
    assert manual.count(of_day) == 1


def test_where_a_due_time_announces_something_the_clock_stands_until_it_is_asked_to_go_on(
    manual: Probe, gateway: Client
) -> None:
    gateway.result("set_clock", now=_at("03T00:00"), jobs=["count_days"])
    account = new_id("acc")
    _ring(gateway, "told", _at("03T04:00"), says="tell", account_id=account)
    _ring(gateway, "after", _at("03T05:00"))
    position = gateway.result("get_clock")["position"]
    move = {"now": _at("04T06:00"), "jobs": ["count_days"], "since": _at("03T00:00")}
    told = gateway.result("set_clock", **move, position=position)
    assert (told["now"], told["next_due"]) == (_at("03T04:00"), _at("03T05:00"))
    assert [*told["events"]] == ["note_taken"]
    assert _rung(manual, "after") == []
    heard = "SELECT count(*) FROM heard WHERE account_id = :account AND on_day = :at"
    manual.wait_until(lambda: manual.count(heard, account=account, at=_at("03T04:00")) == 1)
    assert gateway.result("set_clock", **move, position=told["position"])["now"] == _at("04T06:00")
    assert _rung(manual, "after") == [("after", _at("03T05:00"))]


def test_where_nothing_is_announced_it_goes_on_to_where_there_is_nothing_more(
    gateway: Client,
) -> None:
    position = gateway.result("get_clock")["position"]
    move = {"now": _at("05T06:00"), "then": _at("06T00:00"), "jobs": ["count_days"]}
    assert gateway.result("set_clock", **move, position=position)["now"] == _at("06T00:00")


def test_what_is_past_due_is_performed_at_once_and_it_is_now(
    manual: Probe, gateway: Client
) -> None:
    gateway.result("set_clock", now=_at("07T00:00"), jobs=[])
    _ring(gateway, "overdue", _at("01T00:00"))
    manual.wait_until(lambda: _rung(manual, "overdue"))
    assert _rung(manual, "overdue") == [("overdue", _at("07T00:00"))]


def test_the_clock_waits_for_a_due_time_that_is_to_be_tried_again(
    manual: Probe, gateway: Client
) -> None:
    gateway.result("set_clock", now=_at("08T00:00"), jobs=[])
    manual.fails.touch()
    _ring(gateway, "flaky", _at("08T01:00"), says="outage")
    told = gateway.result("set_clock", now=_at("09T00:00"), jobs=[])
    assert (told["now"], told["is_drained"]) == (_at("08T01:00"), False)
    manual.fails.unlink()
    manual.wait_until(lambda: gateway.result("announced_since", position=-1)["is_drained"])
    assert _rung(manual, "flaky") == [("flaky", _at("08T01:00"))]


def test_what_comes_of_a_moment_on_the_way_is_of_that_moment_wherever_the_clock_stands(
    manual: Probe, gateway: Client
) -> None:
    gateway.result("set_clock", now=_at("12T00:00"), since=_at("10T00:00"), jobs=[])
    teller = Teller(manual.own_uri)
    heard = "SELECT count(*) FROM heard WHERE account_id = :account AND on_day = :at"
    for time, handled_at in (("09T06:00", "12T00:00"), ("11T06:00", "11T06:00")):
        account = new_id("acc")
        teller.tell(orjson.dumps({**envelope(account), "time": _at(time)}))
        asked = {"account": account, "at": _at(handled_at)}
        manual.wait_until(lambda asked=asked: manual.count(heard, **asked))
    teller.connection.close()


def test_a_move_that_broke_off_is_taken_back_to_where_it_began_and_no_further(
    gateway: Client,
) -> None:
    gateway.result("set_clock", now=_at("14T00:00"), since=_at("13T00:00"), jobs=[])
    gateway.result("set_clock", now=_at("13T00:00"), since=_at("13T00:00"), jobs=[])
    assert gateway.result("get_clock")["now"] == _at("13T00:00")
    refused = gateway.problem("set_clock", now=_at("12T23:59"), jobs=[])
    assert refused["code"] == "clock_goes_back"
