"""Handlers that fail, and messages that are none: tried as promised, then parked, never spun on."""

from __future__ import annotations

import random
import statistics
from collections import defaultdict
from collections.abc import Callable

import orjson
import pytest

from kernel.ids import new_id
from tests.faults.conftest import IS_FULL, size
from tests.faults.fleet import LADDER_SECONDS, Caller, Fleet
from tests.faults.test_order import envelope

TRIES_MAX = len(LADDER_SECONDS) + 1


def test_an_event_is_tried_by_the_ladder_then_parked(fleet: Fleet, caller: Caller) -> None:
    each = size(100)
    command_ids = []
    for _ in range(each):
        for failures in range(1, TRIES_MAX + 1):
            command_ids += caller.take([new_id("acc")], plan=f"fail {failures}")
        caller.collect(0.2)  # not all at once: the ladder's waits are looked at, not a backlog's
    caller.await_answers(fleet, command_ids)
    fleet.wait_until(fleet.is_settled)
    fleet.assert_exact(len(command_ids), failed=each)

    # What fails among others is tried again at once, alone: that is the same step of the ladder.
    moments: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in fleet.trace("tries"):
        event_id, attempt, moment = line.split()
        moments[event_id][attempt] = float(moment)
    tries = {event_id: list(one.values()) for event_id, one in moments.items()}
    assert max(map(len, tries.values())) == TRIES_MAX
    for step, seconds in enumerate(LADDER_SECONDS):
        waits = [one[step + 1] - one[step] for one in tries.values() if len(one) > step + 1]
        assert min(waits) >= seconds
        if IS_FULL:  # a laptop that runs all other tests meanwhile cannot keep time
            assert statistics.median(waits) <= seconds * 1.2 + 0.1


def test_a_parked_event_replayed_twice_has_one_effect(fleet: Fleet, caller: Caller) -> None:
    count = size(100)
    (fleet.folder / "broken").touch()
    payers = [new_id("acc") for _ in range(count)]
    caller.await_answers(fleet, caller.take(payers, plan="flaky"))
    fleet.wait_until(lambda: fleet.count("SELECT count(*) FROM parked") == count)
    (fleet.folder / "broken").unlink()
    parked_ids = [row.parked_id for row in fleet.rows("SELECT parked_id FROM parked")]
    twice = [caller.send("replay_parked", {"parked_id": parked_id}) for parked_id in parked_ids * 2]
    fleet.wait_until(lambda: caller.collect() or caller.answers.keys() >= set(twice))
    refusals = [error for one in twice if (error := caller.answers[one]["error"])]
    assert [refusal["problem"]["code"] for refusal in refusals] == ["already_settled"] * count
    assert fleet.count("SELECT count(*) FROM effect") == count
    settled = "SELECT count(*) FROM parked WHERE status = 'replayed' AND settled_by IS NOT NULL"
    assert fleet.count(settled) == count


def test_whatever_escapes_a_handler_is_parked_and_stops_nobody(
    fleet: Fleet, caller: Caller
) -> None:
    tries = {
        "raise Timeout": TRIES_MAX,
        "raise MemoryError": TRIES_MAX,
        "sleep 60": TRIES_MAX,
        "raise SystemExit": 1,
        "raise KeyboardInterrupt": 1,
        "raise TypeError": 1,
    }
    deaths = fleet.deaths
    command_ids = []
    for plan in tries:
        command_ids += caller.take([new_id("acc") for _ in range(size(20))], plan=plan)
    command_ids += caller.take([new_id("acc") for _ in range(size(200))])
    caller.await_answers(fleet, command_ids)
    fleet.wait_until(fleet.is_settled, seconds=120)
    fleet.assert_exact(len(command_ids), failed=len(tries) * size(20))
    parked = "SELECT count(*) FROM parked WHERE encode(body, 'escape') LIKE :p AND attempts = :n"
    for plan, count in tries.items():
        assert fleet.count(parked, p=f'%"{plan}"%', n=count) == size(20), plan
    assert fleet.deaths == deaths


Hostile = Callable[[random.Random], bytes]

NO_EVENT: dict[str, Hostile] = {
    "empty": lambda _: b"",
    "noise": lambda chance: chance.randbytes(chance.randrange(1, 2000)),
    "cut": lambda chance: orjson.dumps(envelope(new_id("acc")))[: chance.randrange(1, 200)],
    "pickle": lambda chance: b"\x80\x04\x95" + chance.randbytes(50),
    "type bomb": lambda _: b'{"id": {"__type__": "uuid", "__value__": {}}}',
    "deep": lambda chance: b"[" * chance.randrange(2000, 200_000),
    "number": lambda _: b"7",
    "other type": lambda _: orjson.dumps(envelope(new_id("acc"), type="os.system.v1")),
    "wrong sequence": lambda _: orjson.dumps(envelope(new_id("acc"), sequence="many")),
    "wrong data": lambda _: orjson.dumps(envelope(new_id("acc"), data={"amount": "x"})),
    "surrogate": lambda _: b'{"id": "\\ud800"}',
}
HEADERS = [
    {},
    {"nameko.call_id_stack": 5},
    {"nameko.call_id_stack": ["x" * 10_000]},
    {"x-attempts": -5},
    {"x-attempts": "many"},
    {"x-death": "never"},
    {"nameko.token": {"sub": "root"}},
    {"nameko.token": "x" * 50_000},
]


@pytest.mark.parametrize("properties", [{}, {"content_type": "application/x-python-serialize"}])
def test_hostile_messages_are_parked_or_refused_and_end_no_process(
    fleet: Fleet, caller: Caller, chance: random.Random, properties: dict[str, str]
) -> None:
    deaths, count = fleet.deaths, size(1250)
    hostile = [chance.choice(list(NO_EVENT.values()))(chance) for _ in range(count)]
    hostile += [chance.randbytes(10_000_000)]
    for body in hostile:
        caller.publish(body, headers=chance.choice(HEADERS), **properties)
        caller.publish(
            body,
            exchange="nameko-rpc",
            routing_key=f"till.{chance.choice(['take_money', 'ping', 'describe', 'nothing'])}",
            headers=chance.choice(HEADERS),
            delivery_mode=1,
            user_id="steward_gateway",
            **properties,
            **({"reply_to": caller.reply_to} if chance.random() < 0.5 else {}),
        )
    command_ids = caller.take([new_id("acc") for _ in range(size(200))])
    caller.await_answers(fleet, command_ids, seconds=90)
    fleet.wait_until(lambda: fleet.count("SELECT count(*) FROM parked") == len(hostile), 90)
    fleet.wait_until(fleet.is_settled)
    fleet.assert_exact(len(command_ids), hostile=len(hostile))
    assert fleet.deaths == deaths
