"""What happened to an order's goods in their order, what they wait for, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from services.sales.shipments.rules import ShipmentState

READ_MAX = 500
_LEADS_TO = (
    *("confirmed", "late", "told", "drafted", "assigned", "picked", "shipped", "promised"),
    *("delivered", "cancelled", "order_cancelled"),
)


class WaitsFor(StrEnum):
    """What something of a line waits for next, what is furthest from the client first."""

    STANDING = "standing"
    GOODS = "goods"
    SHIPMENT = "shipment"
    ASSIGNMENT = "assignment"
    PICKING = "picking"
    SHIPPING = "shipping"
    DELIVERY = "delivery"


class Happened(NamedTuple):
    """A step: when, what, by which event others heard of it, in words; of which shipment, and by whom."""

    at: datetime
    step: str
    event: str | None
    sentence: str
    shipment_id: str | None = None
    by: str | None = None


class OneShipment(Protocol):
    """A shipment, as far as its steps go."""

    shipment_id: Any
    number: Any
    status: Any
    shipped_on: Any
    drafted_at: Any
    drafted_by: Any
    assigned_at: Any
    assigned_by: Any
    picked_at: Any
    picked_by: Any
    sent_at: Any
    sent_by: Any
    delivered_on: Any
    received_by: Any
    delivered_at: Any
    delivered_by: Any
    cancelled_at: Any
    cancelled_by: Any
    cancel_reason: Any


@dataclass(frozen=True, slots=True)
class Line:
    """What of a line is open, and in shipments that stand so. `is_held`: the client is not supplied, or
    the order stopped; `is_lacking`: there are not enough goods."""

    open: Decimal
    drafted: Decimal
    assigned: Decimal
    picked: Decimal
    on_its_way: bool
    is_held: bool
    is_lacking: bool


def steps_of(shipment: OneShipment) -> Iterator[Happened]:
    """What happened to a shipment. What was sent in one step was drafted, assigned and picked in it."""
    key, number = shipment.shipment_id, f"Shipment {shipment.number}"
    is_gone = shipment.status in (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
    if not (is_gone and shipment.drafted_at == shipment.sent_at):
        yield Happened(
            shipment.drafted_at, "drafted", None, f"{number} drafted.", key, shipment.drafted_by
        )
        for step in ("assigned", "picked"):
            at, by = getattr(shipment, f"{step}_at"), getattr(shipment, f"{step}_by")
            if at is not None:
                yield Happened(at, step, None, f"{number} {step}.", key, by)
    if is_gone:
        words = f"{number} sent on {shipment.shipped_on}."
        yield Happened(shipment.sent_at, "shipped", "shipment_sent", words, key, shipment.sent_by)
    if shipment.delivered_at is not None:
        words = f"{number} delivered on {shipment.delivered_on} to {shipment.received_by}."
        told = ("delivered", "shipment_delivered", words, key, shipment.delivered_by)
        yield Happened(shipment.delivered_at, *told)
    if shipment.cancelled_at is not None:
        words = f"{number} cancelled: {shipment.cancel_reason}"
        told = ("cancelled", "shipment_cancelled", words, key, shipment.cancelled_by)
        yield Happened(shipment.cancelled_at, *told)


def say_moved(sku: str, *, before: date | None, now: date, reason: str) -> str:
    """That a line is promised for another day."""
    instead = f" instead of {before}" if before is not None else ""
    return f"{sku} is promised for {now}{instead}: {reason}"


def in_order(steps: Iterable[Happened]) -> list[Happened]:
    """As they happened; what happened at once in the order in which one leads to the other."""
    return sorted(steps, key=lambda one: (one.at, _LEADS_TO.index(one.step)))


def waits_for(line: Line) -> WaitsFor | None:
    """What the part of a line waits for that is furthest from the client; none where all has arrived."""
    rest = line.open - line.drafted - line.assigned - line.picked
    if rest > 0 or line.drafted:
        if line.is_held:
            return WaitsFor.STANDING
        if line.is_lacking:
            return WaitsFor.GOODS
        return WaitsFor.SHIPMENT if rest > 0 else WaitsFor.ASSIGNMENT
    if line.assigned or line.picked:
        if line.is_held:
            return WaitsFor.STANDING
        return WaitsFor.PICKING if line.assigned else WaitsFor.SHIPPING
    return WaitsFor.DELIVERY if line.on_its_way else None


_BEGINS = {
    WaitsFor.ASSIGNMENT: (ShipmentState.DRAFT, "drafted_at"),
    WaitsFor.PICKING: (ShipmentState.ASSIGNED, "assigned_at"),
    WaitsFor.SHIPPING: (ShipmentState.PICKED, "picked_at"),
    WaitsFor.DELIVERY: (ShipmentState.SHIPPED, "sent_at"),
}


def since_when(
    waits: WaitsFor | None, shipments: Sequence[OneShipment], *, confirmed_at: datetime
) -> datetime | None:
    """Since when a line with these shipments waits: since its first shipment that stands so was brought
    there; for a shipment, since something of it was last sent or given up, or the order was confirmed."""
    if waits is None:
        return None
    if waits in _BEGINS:
        state, name = _BEGINS[waits]
        begun: list[datetime] = [getattr(one, name) for one in shipments if one.status == state]
        return min(begun)
    ends: list[datetime] = [
        one.cancelled_at or one.sent_at for one in shipments if one.status not in _PLANNED
    ]
    return max([confirmed_at, *ends])


_PLANNED = (ShipmentState.DRAFT, ShipmentState.ASSIGNED, ShipmentState.PICKED)


def first_wait(
    waits: Iterable[tuple[WaitsFor | None, datetime | None]],
) -> tuple[WaitsFor | None, datetime | None]:
    """What an order waits for: what the line does that is furthest from the client, and longest."""
    places = list(WaitsFor)
    known = [(waits, since) for waits, since in waits if waits is not None and since is not None]
    return min(known, key=lambda one: (places.index(one[0]), one[1]), default=(None, None))
