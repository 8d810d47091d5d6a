"""How much is taken at once, and what can be shipped of an order as it is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from kernel.refusals import Conflict, Refusal
from services.sales.goods.rules import Short
from services.sales.order_lines.rules import shown
from services.sales.orders.rules import ShipsOn

BATCH_MAX = 500
LINES_IN_ALL_MAX = 5000


class Ordered(Protocol):
    """A line of an order, as far as it matters here."""

    @property
    def is_return_line(self) -> bool: ...
    @property
    def net_unit_price(self) -> int: ...


Line = TypeVar("Line", bound=Ordered)


def count_lines(orders: Iterable[Mapping[str, Any] | Refusal]) -> int:
    """How many lines the orders have in all that can be read."""
    return sum(len(order["lines"]) for order in orders if not isinstance(order, Refusal))


def require_shippable(lines: Sequence[Line], *, ships_on: str) -> list[Line]:
    """The lines of a new order that leave as it is shipped whole; refused where none goes out
    (`nothing_to_send`), or it waits for money (`not_paid`)."""
    going_out = [line for line in lines if not line.is_return_line]
    if not going_out:
        raise Conflict(
            "nothing_to_send",
            "Nothing of this order goes out; leave ships out. What is to come back is a return.",
            field="ships",
        )
    if ships_on == ShipsOn.PAYMENT and any(line.net_unit_price for line in going_out):
        raise Conflict(
            "not_paid",
            "This order is shipped on payment, and nothing of it is paid yet; leave ships out, and ship "
            "it once the invoice for it is paid.",
            field="ships",
        )
    return going_out


def out_of_stock(short: Short, *, sku: str, place: int) -> Conflict:
    """That the goods of an order are not there, of which this line has not enough."""
    wanted, there = shown(short.wanted), shown(short.there)
    return Conflict(
        "out_of_stock",
        f"The order wants {wanted} of {sku}, and no more than {there} can be had. Order fewer, wait "
        "until more comes in, or leave ships out.",
        field=f"lines/{place}/quantity",
        sku=sku,
        wanted=wanted,
        there=there,
    )
