"""Processes killed at the worst moments: what was accepted is done once, announced once, heard once."""

from __future__ import annotations

import random

import pytest

from kernel.ids import new_id
from tests.faults.conftest import size
from tests.faults.fleet import Caller, Fleet

ROUND = 6  # so many events are there at once: all may be in a replica's hands when it dies


def accounts(count: int) -> list[str]:
    return [new_id("acc") for _ in range(count)]


@pytest.mark.parametrize("place", ["before-commit", "after-commit", "after-ack"])
def test_an_event_whose_handler_dies_has_one_effect(
    fleet: Fleet, caller: Caller, place: str
) -> None:
    rounds = size(20)
    for _ in range(rounds):
        caller.await_answers(fleet, caller.take(accounts(ROUND), plan=f"die {place}"))
        fleet.wait_until(fleet.is_settled)
    died = len(list(fleet.folder.glob(f"died-{place}-*")))
    assert died >= (rounds * ROUND if place == "before-commit" else rounds)
    fleet.assert_exact(rounds * ROUND)


@pytest.mark.parametrize("plan", ["die in command", "die before reply"])
def test_a_command_whose_callee_dies_is_done_once_and_answered(
    fleet: Fleet, caller: Caller, plan: str
) -> None:
    for _ in range(size(10)):
        payers = accounts(10)
        command_ids = caller.take(payers, plan=plan)
        caller.await_answers(fleet, command_ids)
        first = {one: caller.answers.pop(one)["result"] for one in command_ids}
        for command_id, account_id in zip(command_ids, payers, strict=True):
            values = {"account_id": account_id, "amount": 1, "plan": plan}
            caller.send("take_money", values, command_id=command_id)
        caller.await_answers(fleet, command_ids)
        assert first == {one: caller.answers[one]["result"] for one in command_ids}
    fleet.wait_until(fleet.is_settled)
    fleet.assert_exact(size(10) * 10)
    assert list(fleet.folder.glob("died-*"))


def test_a_relay_that_dies_before_it_marks_doubles_events_on_the_wire_only(
    fleet: Fleet, caller: Caller
) -> None:
    deaths = fleet.folder / "relay-deaths"
    deaths.mkdir()
    for number in range(size(20)):
        (deaths / str(number)).touch()
    wire: list[str] = []
    queue = caller.channel.queue_declare("", exclusive=True).queue
    caller.channel.queue_bind(queue, "till.events", "#")
    caller.channel.basic_consume(
        queue, no_ack=True, callback=lambda event: wire.append(event.properties["message_id"])
    )
    taken = 0
    while list(deaths.iterdir()):
        caller.await_answers(fleet, caller.take(accounts(5)))
        taken += 5
    deaths.rmdir()
    fleet.wait_until(fleet.is_settled)
    caller.collect(0.5)
    assert len(wire) - len(set(wire)) >= size(20)
    fleet.assert_exact(taken)


def test_kills_at_random_lose_and_double_nothing(
    fleet: Fleet, caller: Caller, chance: random.Random
) -> None:
    rounds = size(100)
    command_ids: list[str] = []
    for _ in range(rounds):
        command_ids += caller.take(accounts(20))
        caller.collect(chance.uniform(0, 0.3))
        fleet.kill(chance.randrange(2))
        fleet.tend()
    caller.await_answers(fleet, command_ids, seconds=60 + rounds)
    fleet.wait_until(fleet.is_settled)
    fleet.assert_exact(len(command_ids))
