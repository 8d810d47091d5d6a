"""What happened to an order's goods in their order, what they wait for, and since when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.sales.deliveries.rules import (
    Happened,
    Line,
    WaitsFor,
    first_wait,
    in_order,
    say_moved,
    since_when,
    steps_of,
    waits_for,
)


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def line(**facts: Any) -> Line:
    nothing = dict.fromkeys(("open", "drafted", "assigned", "picked"), Decimal(0))
    states = dict.fromkeys(("on_its_way", "is_held", "is_lacking"), False)
    amounts = {key: Decimal(many) if key in nothing else many for key, many in facts.items()}
    return Line(**{**nothing, **states, **amounts})


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ({}, None),
        ({"open": 5}, "shipment"),
        ({"open": 5, "is_lacking": True}, "goods"),
        ({"open": 5, "is_lacking": True, "is_held": True}, "standing"),
        ({"open": 5, "drafted": 5}, "assignment"),
        ({"open": 5, "drafted": 5, "is_lacking": True}, "goods"),
        ({"open": 5, "drafted": 3, "picked": 2}, "assignment"),
        ({"open": 5, "picked": 2}, "shipment"),
        ({"open": 5, "assigned": 3, "picked": 2}, "picking"),
        ({"open": 5, "assigned": 5, "is_held": True}, "standing"),
        ({"open": 5, "picked": 5}, "shipping"),
        ({"on_its_way": True}, "delivery"),
        ({"open": 5, "on_its_way": True}, "shipment"),
    ],
)
def test_a_line_waits_for_what_is_next_for_its_last_part(
    facts: dict[str, Any], waits: str | None
) -> None:
    assert waits_for(line(**facts)) == waits


def shipment(status: str, **facts: Any) -> Any:
    begun = {
        "shipment_id": "shp_1",
        "number": "SH-1",
        "status": status,
        "shipped_on": date(2026, 3, 2),
    }
    names = ("assigned", "picked", "delivered", "cancelled")
    nobody = {f"{name}_{what}": None for name in names for what in ("at", "by", "on")}
    entered = {"drafted_at": at(9), "drafted_by": "kim", "sent_at": at(9), "sent_by": "kim"}
    told = {"received_by": None, "cancel_reason": None}
    return SimpleNamespace(**{**begun, **nobody, **entered, **told, **facts})


@pytest.mark.parametrize(
    ("status", "facts", "steps"),
    [
        ("draft", {}, ["drafted"]),
        ("assigned", {"assigned_at": at(10)}, ["drafted", "assigned"]),
        ("shipped", {"assigned_at": at(9), "picked_at": at(9)}, ["shipped"]),
        (
            "shipped",
            {"assigned_at": at(10), "picked_at": at(11), "sent_at": at(12)},
            ["drafted", "assigned", "picked", "shipped"],
        ),
        ("delivered", {"delivered_at": at(13)}, ["shipped", "delivered"]),
        ("cancelled", {"cancelled_at": at(13)}, ["drafted", "cancelled"]),
    ],
)
def test_the_steps_of_a_shipment_are_those_it_took(
    status: str, facts: dict[str, Any], steps: list[str]
) -> None:
    assert [one.step for one in steps_of(shipment(status, **facts))] == steps


@pytest.mark.parametrize(
    ("waits", "shipments", "since"),
    [
        (None, [], None),
        (WaitsFor.SHIPMENT, [], at(8)),
        (WaitsFor.SHIPMENT, [shipment("shipped", sent_at=at(12))], at(12)),
        (WaitsFor.GOODS, [shipment("cancelled", cancelled_at=at(13)), shipment("draft")], at(13)),
        (WaitsFor.ASSIGNMENT, [shipment("draft", drafted_at=at(10))], at(10)),
        (WaitsFor.PICKING, [shipment("assigned", assigned_at=at(11))], at(11)),
        (WaitsFor.SHIPPING, [shipment("picked", picked_at=at(12))], at(12)),
        (WaitsFor.DELIVERY, [shipment("shipped", sent_at=at(13)), shipment("delivered")], at(13)),
    ],
)
def test_it_waits_since_it_was_brought_there(
    waits: WaitsFor | None, shipments: list[Any], since: datetime | None
) -> None:
    assert since_when(waits, shipments, confirmed_at=at(8)) == since


def test_an_order_waits_for_what_is_furthest_from_the_client_and_longest() -> None:
    waits = [
        (WaitsFor.DELIVERY, at(8)),
        (WaitsFor.PICKING, at(10)),
        (WaitsFor.PICKING, at(9)),
        (None, None),
    ]
    assert first_wait(waits) == (WaitsFor.PICKING, at(9))
    assert first_wait([(None, None)]) == (None, None)


def test_steps_are_in_the_order_in_which_they_happened() -> None:
    steps = ((9, "promised"), (10, "told"), (9, "shipped"), (8, "delivered"))
    found = in_order([Happened(at(hour), step, None, "") for hour, step in steps])
    assert [one.step for one in found] == ["delivered", "shipped", "promised", "told"]


def test_a_promise_that_moved_says_from_when_to_when() -> None:
    day = date(2026, 3, 20)
    assert say_moved("CUP", before=date(2026, 3, 10), now=day, reason="Late.") == (
        "CUP is promised for 2026-03-20 instead of 2026-03-10: Late."
    )
    assert say_moved("CUP", before=None, now=day, reason="Late.") == (
        "CUP is promised for 2026-03-20: Late."
    )
