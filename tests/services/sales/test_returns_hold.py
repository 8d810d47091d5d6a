"""Whatever is done with returns, in whatever order, what must be true of them is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Refusal
from services.sales.return_parts.queries import read_parts
from services.sales.returns.models import Return
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server

STEPS = (
    "ask authorise post receive_one receive inspect reject undo credit replace settle refuse_billing "
    "void close refuse decline"
).split()


class Playing:
    """Does something with one of the returns of an order of 8."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.order = desk, desk.sell()
        self.returns = [desk.authorise(desk.ask(self.order))]
        self.notes: dict[tuple[str, int], str] = {}

    def do(self, step: str, which: int) -> None:
        desk, found = self.desk, self.returns[which % len(self.returns)]
        part = max(1, len(read_parts(desk.session, return_id=found.return_id)))
        key = self.notes.setdefault((found.return_id, part), new_id("crn"))
        ways: dict[str, Callable[[], Any]] = {
            "ask": lambda: self.returns.append(desk.ask(self.order, "2")),
            "receive_one": lambda: desk.receive(found, "1"),
            "inspect": lambda: self.inspect(found, "restock"),
            "reject": lambda: self.inspect(found, "reject"),
            "undo": lambda: desk.undo(found, part),
            "settle": lambda: desk.settle(found, part, key),
            "refuse_billing": lambda: desk.not_credited(found, part),
            "void": lambda: desk.note(found, key, part, is_void=True),
        }
        ways.get(step, lambda: getattr(desk, step)(found))()

    def inspect(self, found: Return, fate: str) -> None:
        parts = read_parts(self.desk.session, return_id=found.return_id)
        waiting = [part for part in parts if not part.is_inspected]
        many = str(waiting[0].lines[0].received) if waiting else "1"
        self.desk.inspect(found, *([many] if fate == "restock" else ["0", "0", many]))

    def check(self) -> None:
        back = Decimal(0)
        for found in self.returns:
            one = found.lines[0].quantities
            one.check()
            back += one.asked - one.dropped - one.rejected
            parts = read_parts(self.desk.session, return_id=found.return_id)
            lines = [line for part in parts for line in part.lines]
            assert one.received == sum(line.received for line in lines)
            assert one.accepted == sum(line.accepted for line in lines)
            assert one.restocked + one.scrapped + one.rejected + one.to_inspect == one.received
            assert (found.waits_for is None) == (found.ended_at is not None)
        assert back <= self.order.lines[0].quantities.shipped
        told = [(one["return_id"], one["part"]) for one in self.desk.told("return_accepted")]
        assert len(told) == len(set(told)), "each part is credited once"
        restocked = sum(found.lines[0].quantities.restocked for found in self.returns)
        assert self.desk.on_hand() == 2 + restocked


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3)), max_size=14))
def test_returned_is_at_most_shipped_and_each_part_is_credited_once(
    session: Session, shop: Any, store: Any, steps: list[tuple[str, int]]
) -> None:
    session.info["announced"] = []
    desk = Desk(shop, is_stocked=True)
    store.move(desk.product.product_id, "10", moved_on=desk.today, today=desk.today, now=desk.now)
    playing = Playing(desk)
    for step, which in steps:
        with suppress(Refusal), session.begin_nested():
            playing.do(step, which)
        session.expire_all()
        playing.returns = [
            *session.scalars(select(Return).filter_by(order_id=playing.order.order_id))
        ]
        playing.check()
