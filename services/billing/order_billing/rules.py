"""What of an order line is to be billed, computed anew from what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LineBilling:
    """Quantities of an order line, each of them all so far: what went, what came back and was accepted,
    what live invoices bill, and what standing credit notes credit of that. Of an order that is billed on
    order also what is `agreed` to be billed, and what is `kept` beyond that."""

    order_line_id: str
    description: str
    shipped: Decimal
    returned: Decimal
    billed: Decimal
    credited: Decimal
    agreed: Decimal | None = None
    kept: Decimal = Decimal(0)

    @property
    def to_bill(self) -> Decimal:
        """What is with the client, or agreed, and not billed; below 0, what is billed and came back or is
        not agreed any more."""
        gone = self.shipped if self.agreed is None else self.agreed
        rest = gone - self.returned - (self.billed - self.credited)
        return rest if rest > 0 else min(rest + self.kept, Decimal(0))
