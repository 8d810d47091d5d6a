"""What becomes of an order line when something of it leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.sales.orders.rules import Part, Quantities, status_of, totals
from services.sales.tolerances.rules import EXACT, Tolerance


@dataclass(frozen=True, slots=True)
class Sent:
    """What leaves of one line, how much of it is in other shipments that have not left, and what is
    tolerated."""

    quantity: Decimal
    planned: Decimal = Decimal(0)
    tolerance: Tolerance = EXACT


def send(quantities: Quantities, sent: Sent) -> Quantities:
    """The line's quantities once it has left. What is short then, within what is tolerated, is cancelled,
    unless another shipment brings it."""
    after = quantities.ship(sent.quantity, over=sent.tolerance.over)
    if after.open and after.is_enough(sent.tolerance.under):
        return after.cancel(max(after.open - sent.planned, Decimal(0)))
    return after


def find_short(
    before: Mapping[str, Quantities], after: Mapping[str, Quantities]
) -> dict[str, Decimal]:
    """What is still open of each line of which something left, by line id: it is on back-order."""
    return {
        line_id: quantities.open
        for line_id, quantities in after.items()
        if quantities.open and quantities.shipped > before[line_id].shipped
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an order follows from its lines."""

    status: str
    open_gross: int


def stand(lines: Collection[Quantities], open_parts: Iterable[Part]) -> Standing:
    """Of a confirmed order with these lines; `open_parts` is what is open of them."""
    return Standing(status_of(lines, is_confirmed=True), totals(open_parts).gross)
