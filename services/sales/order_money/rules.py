"""What of an order line is to be billed and to be shipped, computed anew from what became of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kernel.refusals import Conflict, Invalid
from services.sales.orders.rules import BillsOn, ShipsOn

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class LineMoney:
    """Quantities of an order line that goes out, each of them all so far. `left` is what a person said is
    not billed any more, `kept` what stays billed too much; `asked` what billing is asked to bill and has
    not told an invoice of; `paid` what paid invoices cover, less what is credited of that."""

    line_id: str
    bills_on: str
    ships_on: str
    is_free: bool
    ordered: Decimal
    cancelled: Decimal
    shipped: Decimal
    returned: Decimal = NONE
    left: Decimal = NONE
    billed: Decimal = NONE
    credited: Decimal = NONE
    credited_returns: Decimal = NONE
    kept: Decimal = NONE
    asked: Decimal = NONE
    paid: Decimal = NONE

    @property
    def billable(self) -> Decimal:
        """What is to be billed in all: what is agreed, or left the house if that is more, of what is
        billed on order, else what left it; less what came back. Nothing of what is given away."""
        if self.is_free:
            return NONE
        agreed = self.ordered - self.cancelled
        gone = max(agreed, self.shipped) if self.bills_on == BillsOn.ORDER else self.shipped
        return gone - self.returned - self.left

    @property
    def to_bill(self) -> Decimal:
        """What is not billed of that; below 0, what is billed too much and to be credited."""
        rest = NONE if self.is_free else self.billable - (self.billed - self.credited)
        return rest if rest > 0 else min(rest + self.kept, NONE)

    @property
    def too_much(self) -> Decimal:
        """What of a line that is billed on order was billed and is cancelled or amended since; what came
        back is credited by its return."""
        if self.is_free or self.bills_on != BillsOn.ORDER:
            return NONE
        but_for_returns = self.billed - (self.credited - self.credited_returns)
        undone = but_for_returns - (self.billable + self.returned) - self.kept
        return max(min(undone, -self.to_bill), NONE)

    @property
    def to_ask(self) -> Decimal:
        """What of that billing is not asked to bill yet."""
        return max(self.to_bill - self.asked, NONE)

    @property
    def target(self) -> Decimal:
        """How much may leave the house in all: what is ordered, or, shipped on payment, paid for."""
        return self.paid if self.ships_on == ShipsOn.PAYMENT and not self.is_free else self.ordered

    @property
    def to_ship(self) -> Decimal:
        """What may leave now: no more than is open, nor than the target."""
        still_open = self.ordered - self.shipped - self.cancelled
        return max(min(still_open, self.target - self.shipped), NONE)


def require_billed_on_order(bills_on: str, *, number: str) -> None:
    """Lines are billed by themselves of orders that are billed on order only."""
    if bills_on != BillsOn.ORDER:
        raise Conflict(
            "billed_on_shipment",
            f"Order {number} is billed as it is shipped; of a shipment whose invoice is void settle the "
            "exception.",
        )


def choose_lines(
    left: Mapping[str, Decimal], wanted: list[tuple[str, Decimal]] | None, *, number: str
) -> dict[str, Decimal]:
    """What of which lines is to be billed: what is wanted, else all that is left.

    Refused: a line that is not of the order, named twice, or of which less is left (`more_than_to_bill`),
    and nothing at all (`nothing_to_bill`)."""
    if wanted is None:
        chosen = {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
        if not chosen:
            raise Conflict(
                "nothing_to_bill",
                f"All that is to be billed of order {number} is billed, or asked to be.",
            )
        return chosen
    chosen = {}
    for index, (line_id, quantity) in enumerate(wanted):
        if line_id not in left or line_id in chosen:
            problem = (
                "is named twice" if line_id in chosen else "is no line of this order to be billed"
            )
            raise Invalid.fields(
                [{"field": f"lines/{index}/line_id", "detail": f"{line_id} {problem}."}]
            )
        if quantity > left[line_id]:
            raise Conflict(
                "more_than_to_bill",
                f"Of line {line_id} {plain(left[line_id])} is left to be billed, not {plain(quantity)}; "
                "bill at most that.",
                field=f"lines/{index}/quantity",
                to_bill=plain(left[line_id]),
            )
        chosen[line_id] = quantity
    return chosen


def plain(quantity: Decimal) -> str:
    """A quantity as people write it."""
    return f"{quantity.normalize():f}"
