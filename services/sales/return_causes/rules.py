"""Which returns a remedy or the lines of an order below nothing open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.refusals import Conflict, Refusal
from services.sales.returns.rules import require_returnable

RETURN = "return"
REPLACEMENT = "replacement"
KINDS = frozenset({RETURN, REPLACEMENT})


class SoldLine(NamedTuple):
    """An order line that a remedy is of: whose, of which order and product, and its price, net."""

    line_id: str
    order_id: str
    account_id: str
    product_id: str
    net_unit_price: int


class BackLine(NamedTuple):
    """A line of an order below nothing: how much is to come back, and of which order line, by which order
    it was sold. Of goods that no order sold it is itself that line."""

    line_id: str
    quantity: Decimal
    sold_line_id: str
    sold_order_id: str

    @property
    def is_unsold(self) -> bool:
        return self.sold_line_id == self.line_id


def say_reason(kind: str, cause: str | None) -> str:
    """Why a remedy's return is opened, in words."""
    what = "Return" if kind == RETURN else "Replacement"
    return f"{what} granted: {cause}" if cause else f"{what} granted."


def require_known(
    lines: Sequence[Mapping[str, Any]], known: Mapping[str, SoldLine], *, account_id: str
) -> None:
    """Refuse a remedy of lines that are not of orders of the account's own."""
    if not lines:
        raise Conflict(
            "lines_missing", "Goods are by lines of an invoice; grant a credit, or name its lines."
        )
    for line in lines:
        sold = known.get(str(line["order_line_id"]))
        if sold is None or sold.account_id != account_id:
            raise Conflict(
                "order_line_unknown",
                f"Line {line['position']} ({line['description']}) bills nothing that the account ordered "
                "here; grant a credit instead.",
            )


def require_returned(lines: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a return by which nothing comes back."""
    if not any(line["is_returned"] for line in lines):
        raise Conflict("nothing_returned", "Nothing of it comes back; grant a credit instead.")


def group_by_order(
    lines: Iterable[Mapping[str, Any]], known: Mapping[str, SoldLine]
) -> dict[str, dict[str, tuple[Decimal, int | None]]]:
    """By order, how much of which line comes back, and what one is made good for where that is less than
    its price."""
    grouped: defaultdict[str, dict[str, tuple[Decimal, int | None]]] = defaultdict(dict)
    for line in lines:
        sold = known[line["order_line_id"]]
        before, price = grouped[sold.order_id].get(sold.line_id, (Decimal(0), None))
        prices = [each for each in (price, line["unit_price"]) if each is not None]
        less = min(prices) if min(prices) < sold.net_unit_price else None
        grouped[sold.order_id][sold.line_id] = (before + line["quantity"], less)
    return dict(grouped)


def sum_products(
    lines: Iterable[Mapping[str, Any]], known: Mapping[str, SoldLine]
) -> dict[str, Decimal]:
    """How much of which product lines are of."""
    wanted: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        wanted[known[line["order_line_id"]].product_id] += line["quantity"]
    return dict(wanted)


def lowered_of(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What stays with the client for less, as it is kept; lines of one order line and price are one."""
    sums: defaultdict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line["order_line_id"], line["unit_price"]] += line["quantity"]
    return [
        {"line_id": line_id, "quantity": str(quantity), "unit_price": price}
        for (line_id, price), quantity in sums.items()
    ]


def why_not_back(lines: Iterable[BackLine], left: dict[str, Decimal]) -> Refusal | None:
    """Why these do not come back, where more of one is to than was shipped and is not returned; else they
    take their part of what is `left`, by the line that sold them."""
    sold = [line for line in lines if not line.is_unsold]
    try:
        for line in sold:
            require_returnable(line.quantity, left=left[line.sold_line_id])
    except Refusal as refusal:
        return refusal
    for line in sold:
        left[line.sold_line_id] -= line.quantity
    return None


def group_back(lines: Iterable[BackLine]) -> list[list[BackLine]]:
    """The lines below nothing of one order, as returns: those of one order that sold them are one, a line
    sold once in each."""
    groups: defaultdict[tuple[str, int], list[BackLine]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for line in lines:
        groups[line.sold_order_id, seen[line.sold_line_id]].append(line)
        seen[line.sold_line_id] += 1
    return [groups[key] for key in sorted(groups)]
