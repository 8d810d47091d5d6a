"""Billing answers many order bills and deposits at once: each goes on as if it were answered alone, in a
number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from services.sales.order_bills import usecases
from services.sales.order_bills.models import OrderBill
from tests.services.sales.dispatches.test_usecases import counted
from tests.services.sales.order_bills.test_usecases import Desk

pytestmark = pytest.mark.server

NOT_OURS = "obl_01jd3v4q6ye8z9t5k2m7n0p1xw"
SAID = ("status", "kind", "invoice_id", "total", "code", "reason", "ended_at", "version")


@pytest.fixture
def desk(session: Any, shop: Any) -> Desk:
    return Desk(session, shop)


def ask(desk: Desk, count: int) -> list[OrderBill]:
    """Orders of which all is to be billed, and a deposit, in turns."""
    facts: list[dict[str, Any]] = [{"bills_on": "order"}, {"deposit_percent": Decimal(25)}]
    return [desk.bills(desk.confirm(**facts[each % 2]))[0] for each in range(count)]


def billed(bills: Sequence[OrderBill], total: int = 4760) -> list[dict[str, Any]]:
    return [
        {"bill_id": one.bill_id, "invoice_id": "inv_1", "invoice_number": "R1", "total": total}
        for one in bills
    ]


def refused(bills: Sequence[OrderBill], code: str = "account_closed") -> list[dict[str, Any]]:
    said = {"code": code, "reason": "Account A-1 is closed."}
    return [{"bill_id": one.bill_id, **said} for one in bills]


def test_the_statements_do_not_grow_with_the_answers(desk: Desk) -> None:
    moment: dict[str, Any] = {"today": desk.shop.today, "now": desk.shop.now}

    def statements(count: int) -> list[int]:
        first, second = ask(desk, count), ask(desk, count)
        said, not_said = billed(first), refused(second)
        sent = []
        for act in (
            lambda: usecases.hear_billed(desk.session, said, now=desk.shop.now),
            lambda: usecases.hear_refused(desk.session, not_said, **moment),
        ):
            desk.session.expire_all()
            with counted(desk.session) as told:
                act()
                desk.session.flush()
            sent.append(len(told))
        statuses = {one.status for one in first}, {one.status for one in second}
        assert statuses == ({"billed"}, {"refused"})
        return sent

    few = statements(2)
    assert statements(40) == few
    assert max(few) <= 4


def test_answers_that_are_heard_at_once_go_on_as_each_would_alone(desk: Desk) -> None:
    """Twice, in any order, a second answer to what is answered, and one to what was never asked."""
    together, alone = ask(desk, 6), ask(desk, 6)
    moment: dict[str, Any] = {"today": desk.shop.today, "now": desk.shop.now}
    for found in (together, alone):
        said = [*billed([found[3], *found[:3]]), *billed(found[:2], 1)]
        said.append({**said[0], "bill_id": NOT_OURS})
        not_said = [*refused(found[:1:-1]), *refused(found[4:], "other")]
        not_said.insert(0, {**not_said[0], "bill_id": new_id("dep")})
        groups = [said], [not_said]
        if found is alone:
            groups = [[one] for one in said], [[one] for one in not_said]
        for _ in range(2):
            for group in groups[0]:
                usecases.hear_billed(desk.session, group, now=desk.shop.now)
            for group in groups[1]:
                usecases.hear_refused(desk.session, group, **moment)
    desk.session.expire_all()
    states = [
        [[getattr(one, name) for name in SAID] for one in found] for found in (together, alone)
    ]
    assert states[0] == states[1]
    assert [(one.status, one.total, one.code) for one in together] == [
        *[("billed", 4760, None)] * 4,
        *[("refused", None, "account_closed")] * 2,
    ]
    assert {one.version for one in together} == {2}
    told = [one["about"] for one in desk.told("ContactDue")]
    assert told == [one.bill_id for found in (together, alone) for one in (found[5], found[4])]
