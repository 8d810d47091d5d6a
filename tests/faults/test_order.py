"""Events in any order and any number of copies, and many writers on one account."""

from __future__ import annotations

import random
from typing import Any

import orjson

from kernel.ids import new_id
from tests.faults.conftest import size
from tests.faults.fleet import Caller, Fleet


def envelope(account_id: str, *, version: int = 1, **changes: Any) -> dict[str, Any]:
    """An event as another till would announce it."""
    return {
        "specversion": "1.0",
        "id": new_id("evt"),
        "source": "/till",
        "type": "till.money_taken.v1",
        "subject": account_id,
        "time": "2026-01-31T00:00:00+00:00",
        "sequence": str(version),
        "data": {
            "account_id": account_id,
            "amount": 1,
            "version": version,
            "balance": version,
            "plan": "",
        },
        **changes,
    }


def test_five_copies_of_an_event_have_one_effect(
    fleet: Fleet, caller: Caller, chance: random.Random
) -> None:
    events = [envelope(new_id("acc")) for _ in range(size(1000))]
    copies = events * 5
    chance.shuffle(copies)
    for copy in copies:
        caller.publish(orjson.dumps(copy))
    ids = {event["id"] for event in events}
    # More than four of each are known again where a group is rolled back and done one by one.
    fleet.wait_until(lambda: sum(one in ids for one in fleet.trace("repeated")) >= 4 * len(events))
    fleet.wait_until(lambda: fleet.count("SELECT count(*) FROM effect") == len(events))
    assert fleet.count("SELECT count(DISTINCT event_id) FROM effect") == len(events)


def test_an_event_announced_in_two_versions_has_one_effect(fleet: Fleet, caller: Caller) -> None:
    """That which the till does not know waits for a till that does."""
    newer = envelope(new_id("acc"), type="till.money_taken.v2", data={"meaning": "another"})
    event = envelope(newer["subject"])
    caller.publish(orjson.dumps(newer))
    caller.publish(orjson.dumps(event))
    is_handled = "SELECT count(*) FROM inbox WHERE event_id = :e"
    is_parked = "SELECT count(*) FROM parked WHERE event_id = :e AND why = 'version_unknown'"
    fleet.wait_until(lambda: fleet.count(is_handled, e=event["id"]) == 1)
    fleet.wait_until(lambda: fleet.count(is_parked, e=newer["id"]) == 1)
    assert fleet.count("SELECT count(*) FROM effect") == 1
    assert fleet.count(is_handled, e=newer["id"]) == 0


def test_versions_in_any_order_leave_the_newest(
    fleet: Fleet, caller: Caller, chance: random.Random
) -> None:
    account_ids = [new_id("acc") for _ in range(size(1000))]
    events = [envelope(one, version=version) for one in account_ids for version in range(1, 21)]
    chance.shuffle(events)
    for event in events:
        caller.publish(orjson.dumps(event))
    fleet.wait_until(lambda: fleet.count("SELECT count(*) FROM effect") == len(events), 240)
    newest = "SELECT count(*) FROM purse_copy WHERE version = 20 AND balance = 20"
    assert fleet.count(newest) == len(account_ids)
    went_back = """SELECT count(*) FROM applied a JOIN applied b ON a.account_id = b.account_id
        AND a.applied_id < b.applied_id AND a.version >= b.version"""
    assert fleet.count(went_back) == 0


def test_many_writers_on_one_account_lose_no_update(fleet: Fleet, caller: Caller) -> None:
    account_id, count = new_id("acc"), size(2000)
    caller.await_answers(fleet, caller.take([account_id] * count))
    fleet.wait_until(fleet.is_settled)
    fleet.assert_exact(count)
    assert fleet.count("SELECT version FROM purse") == count + 1
    assert fleet.count("SELECT version FROM purse_copy") == count + 1
    assert fleet.count("SELECT max(sequence) FROM outbox") == count
    disorder = """SELECT count(*) FROM outbox a JOIN outbox b
        ON a.sequence = b.sequence - 1 AND a.position > b.position"""
    assert fleet.count(disorder) == 0
