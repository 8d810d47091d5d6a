"""What a deposit demands, and of which orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kernel.money import round_half_up
from kernel.refusals import Conflict


def deposit_lines(
    ordered: Sequence[Mapping[str, Any]], *, percent: Decimal, order_number: str
) -> Iterator[dict[str, Any]]:
    """The lines of a deposit: so much of what is ordered net at each rate of tax (minor units), half up.
    288.00 at 25 %: 72.00."""
    for rate in ordered:
        part = round_half_up(rate["net"] * percent / 100)[0]
        if part:
            yield {
                "description": f"Deposit of {percent.normalize():f} % for order {order_number}",
                "quantity": Decimal(1),
                "unit_price": part,
                "tax_percent": rate["tax_percent"],
                "tax_code": rate["tax_code"],
            }


def require_running(number: str, *, is_ended: bool) -> None:
    """Nothing is asked before supply of an order of which nothing is left to be supplied."""
    if is_ended:
        raise Conflict(
            "order_ended",
            f"Order {number} is completed or cancelled; bill what is owed of it without a deposit.",
        )
