"""What can be sent of an order, and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kernel.refusals import Conflict, Invalid


def quantities_to_send(
    open_quantities: Mapping[str, Decimal], wanted: Sequence[tuple[str, Decimal]] | None
) -> dict[str, Decimal]:
    """The quantities to send, by line id: those wanted, else all that is open.

    Refused: a line that is not one of those the order sends out, or named twice (`invalid_fields`), more
    of a line than is open (`more_than_open`), and nothing at all (`nothing_to_send`)."""
    if wanted is None:
        rest = {line_id: quantity for line_id, quantity in open_quantities.items() if quantity}
        if not rest:
            raise Conflict(
                "nothing_to_send",
                "Nothing of this order is left to be sent; what is to come back is a return.",
            )
        return rest
    chosen: dict[str, Decimal] = {}
    for index, (line_id, quantity) in enumerate(wanted):
        if line_id not in open_quantities or line_id in chosen:
            problem = (
                "is named twice"
                if line_id in chosen
                else "is not a line of this order that goes out"
            )
            detail = f"{line_id} {problem}."
            raise Invalid.fields([{"field": f"lines/{index}/line_id", "detail": detail}])
        if quantity > open_quantities[line_id]:
            raise Conflict(
                "more_than_open",
                f"Of line {line_id} only {open_quantities[line_id].normalize():f} of the ordered "
                f"quantity is still open, not {quantity.normalize():f}; send at most that.",
                field=f"lines/{index}/quantity",
                open=f"{open_quantities[line_id].normalize():f}",
            )
        chosen[line_id] = quantity
    return chosen


def day_of_shipping(given: date | None, *, today: date) -> date:
    """The day the goods left: the one given, else today; refused when it is yet to come."""
    if given is not None and given > today:
        raise Invalid(
            "shipped_in_future",
            f"{given} is yet to come; enter the shipment on the day the goods leave.",
            field="shipped_on",
        )
    return given or today
