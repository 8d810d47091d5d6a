"""What of an order line is to be billed, computed anew from what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LineBilling:
    """Quantities of an order line, each of them all so far: what went, what came back and was accepted,
    what live invoices bill, and what standing credit notes credit of that."""

    order_line_id: str
    description: str
    shipped: Decimal
    returned: Decimal
    billed: Decimal
    credited: Decimal

    @property
    def to_bill(self) -> Decimal:
        """What is with the client and not billed; below 0, what is billed and came back."""
        return self.shipped - self.returned - (self.billed - self.credited)
