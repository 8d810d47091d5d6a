"""Which shipments are billed again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kernel.refusals import Conflict


def require_billed_before(shipment_id: str, *, is_void: bool) -> None:
    """A shipment is billed again by the lines of its void invoice; there must be one."""
    if not is_void:
        raise Conflict(
            "shipment_not_billed",
            f"Shipment {shipment_id} has no void invoice that could be written again; what was never "
            "billed is billed as it is sent.",
        )


def require_unbilled(shipment_id: str, *, left: int, goods: int, number: str | None) -> None:
    """Nothing of a shipment is billed twice: it has no live invoice, of this `number`, and no invoice
    made for the order since bills a part of it (of its `goods` so much is `left`, minor units)."""
    if number is not None:
        raise Conflict(
            "shipment_billed",
            f"Shipment {shipment_id} is billed by invoice {number} already; void that first.",
        )
    if left != goods:
        raise Conflict(
            "shipment_billed_in_part",
            f"Some of shipment {shipment_id} is billed by an invoice that was made for its order since; "
            "bill the rest by hand, naming the order.",
        )


def cut_returned(
    lines: Iterable[dict[str, Any]], to_bill: Mapping[str, Decimal]
) -> list[dict[str, Any]]:
    """The lines of a shipment with no more of each order line than is to be billed of it, which is less
    where goods came back; lines of which nothing is are left out, those of no known order line stay."""
    left = dict(to_bill)
    cut = []
    for line in lines:
        known = line["order_line_id"] in left
        quantity = min(line["quantity"], left[line["order_line_id"]]) if known else line["quantity"]
        if known:
            left[line["order_line_id"]] -= max(quantity, Decimal(0))
        if quantity > 0:
            cut.append({**line, "quantity": quantity})
    return cut


def require_goods(shipment_id: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Something of a shipment is to be billed again."""
    if not lines:
        raise Conflict(
            "nothing_to_bill",
            f"All of shipment {shipment_id} came back or is billed; nothing is left.",
        )
    return lines
