"""What moves and reservations make of a product's level, and what is on hand costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kernel.money import AMOUNT_MAX, round_half_up
from kernel.refusals import Conflict, Invalid

NOTHING = Decimal(0)
ON_HAND_MAX = Decimal(10**9)
COST_STEP = Decimal(
    "0.000000001"
)  # so fine that the value of all that can be on hand follows from it


@dataclass(slots=True)
class Level:
    """What is on hand and reserved of a product, in its units; `value` in minor units of its currency,
    `average_cost` of one unit, none as long as no cost is known."""

    product_id: str
    sku: str
    unit: str
    currency: str
    on_hand: Decimal = NOTHING
    reserved: Decimal = NOTHING
    value: int = 0
    average_cost: Decimal | None = None
    version: int = 0

    @property
    def available(self) -> Decimal:
        """What nobody has reserved of what is on hand."""
        return self.on_hand - self.reserved

    def move(self, quantity: Decimal, unit_cost: int | None = None) -> int:
        """Let so much come in (above 0) or go out (below 0); what that is worth, in minor units.

        What comes in at a cost changes the average: value and quantity before and what is added. All
        else comes and goes at the average, and the value is always what is on hand times that, rounded
        half up. The first cost that is known is that of all that came in before it, too."""
        on_hand, before = self.on_hand + quantity, self.value
        if quantity > 0 and unit_cost is not None:
            self._take_in(quantity, unit_cost, on_hand)
        self.value = round_half_up(on_hand * (self.average_cost or 0))[0]
        self.on_hand = on_hand
        self.version += 1
        self._require_bearable()
        return self.value - before

    def _take_in(self, quantity: Decimal, unit_cost: int, on_hand: Decimal) -> None:
        if self.average_cost is None:
            self.average_cost = Decimal(unit_cost)
        elif on_hand > 0:
            value = self.value + round_half_up(quantity * unit_cost)[0]
            self.average_cost = (value / on_hand).quantize(COST_STEP, ROUND_HALF_UP)

    def _require_bearable(self) -> None:
        if self.on_hand > ON_HAND_MAX or self.value > AMOUNT_MAX:
            raise Invalid(
                "stock_too_large",
                f"Of {self.sku} at most {ON_HAND_MAX:f} can be on hand, at a value of at most "
                f"{AMOUNT_MAX} minor units.",
            )

    def require_out(self, quantity: Decimal, *, is_counted: bool = False) -> None:
        """Refuse (`out_of_stock`) that more goes out than nobody has reserved. What was counted takes
        what is reserved, too: what is not there cannot be kept for anybody."""
        free = self.on_hand if is_counted else self.available
        if quantity > 0 and quantity > free:
            numbers = ("on_hand", "reserved", "available")
            facts = {name: plain(getattr(self, name)) for name in numbers}
            raise Conflict(
                "out_of_stock",
                f"{facts['on_hand']} of {self.sku} on hand less {facts['reserved']} reserved for others "
                f"leaves {facts['available']} to go, not {plain(quantity)}. Send fewer, receive more, or "
                "release what is reserved.",
                product_id=self.product_id,
                sku=self.sku,
                **facts,
            )


def plain(number: Decimal) -> str:
    """A quantity as people read it: 2.5, 40."""
    return f"{number.normalize():f}"
