"""A call whose time is up is not performed, however long its callee was away."""

from __future__ import annotations

import time

from kernel.ids import new_id
from tests.faults.conftest import size
from tests.faults.fleet import Caller, Fleet


def test_calls_that_nobody_waits_for_any_more_are_not_performed(
    fleet: Fleet, caller: Caller
) -> None:
    fleet.kill_all()
    command_ids = [
        caller.send(
            "take_money",
            {"account_id": new_id("acc"), "amount": 1, "plan": ""},
            seconds=2,
            expires=number % 2 == 0,
        )
        for number in range(size(200))
    ]
    time.sleep(max(3, size(60)))
    fleet.tend()
    ping = caller.send("ping", {})
    caller.await_answers(fleet, [ping])
    fleet.wait_until(lambda: caller.collect(0.2) or len(caller.answers) > size(200) // 2)
    late = [caller.answers[one] for one in command_ids if one in caller.answers]
    assert {answer["error"]["problem"]["code"] for answer in late} == {"deadline_passed"}
    assert len(late) == size(200) // 2
    fleet.assert_exact(0)
