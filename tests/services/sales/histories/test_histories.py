"""Whatever is done with goods and orders, one after another or at once: nothing is oversold, billed or
credited twice, and what was told of the past is told for ever."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from tests.services.client import Client
from tests.services.sales.histories import giving_back, goods, selling
from tests.services.sales.histories.sound_goods import Memory, check_goods
from tests.services.sales.histories.sound_orders import check_orders, check_rest
from tests.services.sales.histories.world import Deed, Nothing, World

pytestmark = pytest.mark.server

IS_FULL = os.environ.get("STEWARD_FAULTS") == "full"
PICK = st.integers(0, 10**6)
MANY = st.integers(1, 24)  # halves
SELLING: list[Callable[..., Any]] = [
    *selling.ACTS,
    *giving_back.ACTS,
    *giving_back.OF_BILLING,
]
ACTS = [*goods.ACTS, *SELLING]
SOLD = (goods.receive, goods.receive, selling.order, selling.send, giving_back.answer)


class Selling(RuleBasedStateMachine):
    """A firm's days. One rule draws all acts: of rules of their own hypothesis leaves out half in each
    story. What is refused changes nothing."""

    client: Client

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.client)
        self.memory = Memory()
        self.is_sound = True

    def teardown(self) -> None:
        if self.is_sound:
            self.world.come_to_rest()
            self.all_is_sound()
            check_rest(self.world)

    @initialize(many=st.sampled_from([20, 9, 24]), which=PICK, acts=st.sampled_from([5, 4, 3, 2]))
    def begin(self, many: int, which: int, acts: int) -> None:
        """Goods come in, and some are sold."""
        for act in SOLD[:acts]:
            self.attempt([(act, which, many)], 1)

    @rule(
        act=st.sampled_from(ACTS),
        which=PICK,
        many=MANY,
        others=st.one_of(
            st.just([]),
            st.just([]),
            st.lists(st.tuples(st.sampled_from(ACTS), PICK, MANY), max_size=2),
        ),
        times=st.sampled_from([1, 1, 1, 1, 1, 2, 3]),
    )
    def do(self, act: Any, which: int, many: int, others: list[Any], times: int) -> None:
        """Something is done, perhaps by several at once, perhaps while others do something else."""
        self.attempt([(act, which, many), *others], times)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.is_sound = False
        self.memory.ask(self.world, self.world.now.date() + timedelta(days=days % 9 - 5))
        self.world.wait(days)

    def attempt(self, drawn: list[tuple[Any, int, int]], times: int) -> None:
        deeds: list[Deed] = []
        for act, which, many in drawn:
            found = self.prepare(act, which, many)
            deeds += [found] * (1 if deeds else times) if found else []
        if deeds:
            self.is_sound = False
            self.world.do(deeds)

    def prepare(self, act: Any, which: int, many: int) -> Deed | None:
        """This act or, where there is nothing that it can be done to, another."""
        for step in range(9):
            chosen = act if not step else SELLING[(which + 11 * step) % len(SELLING)]
            try:
                found: Deed | None = chosen(self.world, which, many)
            except Nothing:
                continue
            return found
        return None

    @invariant()
    def all_is_sound(self) -> None:
        self.is_sound = False
        assert "busy" not in dict(self.world.outcomes).values(), "they wait for each other"
        check_goods(self.world)
        check_orders(self.world)
        self.memory.check(self.world)
        self.is_sound = True


@pytest.fixture
def firm(engine: Engine, timed_by: Callable[[Client], Client]) -> Iterator[type[Selling]]:
    client = timed_by(Client("sales", engine))
    yield type("Selling", (Selling,), {"client": client})
    World(client).clear()


def test_all_is_sound_after_every_act(firm: type[Selling]) -> None:
    run_state_machine_as_test(
        firm,
        settings=settings(
            max_examples=300 if IS_FULL else 7,
            stateful_step_count=60 if IS_FULL else 40,
            deadline=None,
            # To shrink a story takes minutes: only for who looks for one.
            phases=[one for one in Phase if IS_FULL or one is not Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
