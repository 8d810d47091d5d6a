"""Claims about the copy of what is billed: whatever comes first, twice or together, the sums are the
same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from services.sales.billed import queries, usecases

pytestmark = pytest.mark.server


def story(line_id: str, first: str, second: str, note: str, void_note: str) -> list[Any]:
    """What billing tells of an order line: two invoices of 6 and 3, of which the first is paid, opened
    and paid again; a credit of 1 that stands and one of 2 that is void; 4 on an invoice that is void; 2
    come back."""
    account_id, ours = new_id("acc"), {"account_id": new_id("acc")}

    def issued(invoice_id: str, quantity: int) -> Any:
        line = {"order_line_id": line_id, "position": 1, "quantity": Decimal(quantity)}
        facts = {"account_id": account_id, "number": invoice_id[-6:], "order_id": new_id("ord")}
        told = facts | {"invoice_id": invoice_id, "shipment_id": None, "lines": [line]}
        return lambda session: usecases.keep_invoices(session, [told])

    def settled(invoice_id: str, version: int, *, is_paid: bool) -> Any:
        told = ours | {"invoice_id": invoice_id, "settled_version": version, "is_paid": is_paid}
        return lambda session: usecases.keep_invoices(session, [told])

    def credited(note_id: str, invoice_id: str, quantity: int) -> Any:
        line = {"order_line_id": line_id, "invoice_position": 1, "is_price_reduction": False}
        lines = [line | {"quantity": Decimal(quantity)}]
        told = {"credit_note_id": note_id, "invoice_id": invoice_id, "lines": lines}
        told["return_id"] = None
        return lambda session: usecases.keep_credits(session, [told])

    third, line = new_id("inv"), {"line_id": line_id, "quantity": Decimal(2)}
    came = {"return_id": new_id("ret"), "part": 1}
    came |= {"lines": [line | {"lowered_by": None, "unsold": None}]}
    void = ours | {"invoice_id": third, "is_void": True}
    return [
        issued(first, 6),
        issued(second, 3),
        issued(third, 4),
        lambda session: usecases.keep_invoices(session, [void]),
        settled(first, 2, is_paid=True),
        settled(first, 3, is_paid=False),
        settled(first, 4, is_paid=True),
        credited(note, first, 1),
        credited(void_note, first, 2),
        lambda session: usecases.keep_credit_voids(session, [{"credit_note_id": void_note}]),
        lambda session: usecases.keep_returns(session, [came]),
    ]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_order_of_events_gives_the_same_figures(session: Any, data: Any) -> None:
    line_id = new_id("orl")
    events = story(line_id, new_id("inv"), new_id("inv"), new_id("crn"), new_id("crn"))
    told = data.draw(st.permutations([*range(len(events)), *range(0, len(events), 2)]))
    for each in told:
        events[each](session)
    [billed] = queries.read_billed(session, [line_id]).values()
    assert (billed.billed, billed.credited) == (9, 1)
    assert queries.read_paid(session, [line_id]) == {line_id: 5}
    assert queries.read_returned(session, [line_id]) == {line_id: 2}


def test_what_is_told_together_is_kept_together(session: Any) -> None:
    line_ids = [new_id("orl") for _ in range(3)]
    told = [
        {
            "account_id": new_id("acc"),
            "invoice_id": new_id("inv"),
            "number": "R1",
            "order_id": None,
            "shipment_id": None,
            "lines": [{"order_line_id": line_id, "position": 1, "quantity": Decimal(2)}],
        }
        for line_id in line_ids
    ]
    usecases.keep_invoices(session, [*told, *told])
    assert {one.billed for one in queries.read_billed(session, line_ids).values()} == {2}
    assert len(queries.read_billed(session, [*line_ids, new_id("orl")])) == 3
