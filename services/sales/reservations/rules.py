"""When goods are reserved, and what leaves a reservation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class ReservesAt(StrEnum):
    """When an order's goods are reserved."""

    CONFIRMATION = "confirmation"
    ASSIGNMENT = "assignment"


class Want(NamedTuple):
    """What an order line is to have of the stock in all, beyond what was shipped of it."""

    line_id: str
    account_id: str
    order_id: str
    product_id: str
    quantity: Decimal
    promised_on: date | None = None


class Kept(NamedTuple):
    """What a line wants of a product, and what of that is reserved."""

    line_id: str
    product_id: str
    quantity: Decimal
    reserved: Decimal

    def less(self, shipped: Decimal) -> Kept:
        """What is left of it once so much was shipped: that is first what was reserved."""
        return self._replace(
            quantity=max(self.quantity - shipped, Decimal(0)),
            reserved=max(self.reserved - shipped, Decimal(0)),
        )

    def at_most(self, quantity: Decimal) -> Kept:
        """With no more wanted than that, nor reserved."""
        return self._replace(
            quantity=min(self.quantity, quantity), reserved=min(self.reserved, quantity)
        )


def going_out(wants: Iterable[Want]) -> list[Want]:
    """Those of goods that go out; what comes back is not reserved."""
    return [want for want in wants if want.quantity > 0]
