"""SIGTERM in the middle of work: what was begun is finished once, the rest waits for another."""

from __future__ import annotations

import random

from kernel.ids import new_id
from tests.faults.conftest import size
from tests.faults.fleet import Caller, Fleet

HANDLER_SECONDS = 15


def test_a_rolling_restart_runs_nothing_twice(
    fleet: Fleet, caller: Caller, chance: random.Random
) -> None:
    count, command_ids = size(5000), []
    for number in range(count):
        plan = f"sleep {chance.uniform(0, size(100) / 10):.1f}" if number % 50 == 0 else ""
        command_ids += caller.take([new_id("acc")], plan=plan)
    for _ in range(size(10)):
        for replica in range(2):
            fleet.wait_ready()
            caller.collect(chance.uniform(0, 1))
            assert fleet.replace(replica) == 0
    # On a busy machine some come too late: those must not have run, all others must have, once.
    late = caller.await_results(fleet, command_ids, seconds=120)
    assert len(late) < count
    fleet.wait_until(fleet.is_settled, seconds=120)
    fleet.assert_exact(count - len(late))
    announced = {row.event_id for row in fleet.rows("SELECT event_id FROM outbox")}
    assert not announced.intersection(fleet.trace("repeated"))
