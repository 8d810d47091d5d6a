"""What an operation costs, by process."""

from __future__ import annotations

import os

from dev import processes
from dev.bench.processor import read_seconds, share, tell
from dev.bench.side import Running


def test_the_cost_of_an_operation_is_in_milliseconds_and_what_costs_nothing_is_not_told() -> None:
    costs = share({"billing": 1.0, "sales": 2.0}, {"billing": 2.5, "sales": 2.0}, 100)
    assert costs == {"billing": 15.0, "sales": 0.0}
    assert tell(costs) == "billing 15.00"


def test_the_broker_is_found_by_its_mark_and_a_process_by_its_id() -> None:
    mark = processes.command_line(os.getpid())
    running = Running(0, "", "", "", {}, {"billing": os.getpid()}, mark)
    used = read_seconds(running)
    assert used["rabbitmq"] >= used["billing"] > 0 == used["postgres"]


def test_a_broker_that_is_not_here_costs_nothing() -> None:
    elsewhere = Running(0, "", "", "", {}, {}, mark="-steward nobody")
    assert read_seconds(elsewhere)["rabbitmq"] == 0
