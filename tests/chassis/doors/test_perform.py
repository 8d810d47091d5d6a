"""In which order the handlers of events that wait together have their turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.contract import consumes
from chassis.doors.perform import handle_events
from chassis.events import Subscription
from chassis.store.clock import Clock
from chassis.wire.envelopes import Envelope

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HANDLERS = ("copy_names", "copy_owners", "answer_many", "draw_conclusions")


class Rung(Subscription, source="tower"):
    """The bell."""


class Bells:
    """A service that notes who has had a turn; the database answers in whatever order."""

    clock = caller = event = events = None

    def __init__(self, order: tuple[str, ...]) -> None:
        self.order = order
        self.turns: list[str] = []
        self.methods = {name: self._handler(name) for name in HANDLERS}
        self.contracts = {
            name: replace(
                consumes(Rung, takes_many=name != "draw_conclusions")(method).contract,  # type: ignore[attr-defined]
                keeps="a copy" if name.startswith("copy") else None,
            )
            for name, method in self.methods.items()
        }
        self.inbox_names = {name: name for name in HANDLERS}

    def _handler(self, name: str) -> Any:
        def hear(*_: Any, **__: Any) -> None:
            """Note the turn."""
            self.turns.append(name)

        return hear

    def session(self) -> Any:
        taken = SimpleNamespace(all=lambda: [("evt_1", name) for name in self.order])
        return SimpleNamespace(execute=lambda *_: taken, flush=lambda: None, info={})


@pytest.mark.parametrize("order", list(permutations(HANDLERS)))
def test_copies_have_their_turn_in_one_order_whatever_was_taken_first(
    order: tuple[str, ...],
) -> None:
    bells = Bells(order)
    rung = Envelope("evt_1", "tower", "rung", 1, "bell_1", 1, NOW, {})
    handle_events(bells.session(), Clock(NOW), bells, [(rung, HANDLERS)])
    assert tuple(bells.turns) == HANDLERS
