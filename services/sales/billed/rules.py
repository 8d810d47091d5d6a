"""What several events say of an invoice together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

FACTS = ("account_id", "number", "order_id", "shipment_id")


class Billed(NamedTuple):
    """How much of an order line live invoices bill, how much of that is credited by quantity, and how
    much of this for goods that came back."""

    billed: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    credited_returns: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What stays billed."""
        return self.billed - self.credited


def merge_told(told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What events say together, a row for each invoice in the order of their ids: once void it stays so,
    and whether it is paid says the highest version."""
    known: dict[str, dict[str, Any]] = {}
    for one in told:
        empty = {name: one.get(name) for name in FACTS}
        empty |= {"is_void": False, "is_paid": False, "settled_version": 0}
        row = known.setdefault(one["invoice_id"], {"invoice_id": one["invoice_id"], **empty})
        row.update({name: one.get(name) for name in FACTS[1:] if row[name] is None})
        if one.get("number") is not None:
            row["account_id"] = one["account_id"]  # for whom it is, which only its issue says
        row["is_void"] |= one.get("is_void", False)
        if one.get("settled_version", 0) > row["settled_version"]:
            row |= {"is_paid": one["is_paid"], "settled_version": one["settled_version"]}
    return [known[invoice_id] for invoice_id in sorted(known)]


def lines_billed(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those lines of an invoice that bill an order line."""
    return [line for line in lines if line["order_line_id"] is not None and line["quantity"] > 0]


def lines_credited(lines: Iterable[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    """Those lines of a credit note, with their places, that take a quantity of an order line back: not
    what only lowers a price, nor a line that is of no invoice's."""
    return [
        (place, line)
        for place, line in enumerate(lines, start=1)
        if line["order_line_id"] is not None
        and line["invoice_position"] is not None
        and not line["is_price_reduction"]
        and line["quantity"] > 0
    ]
