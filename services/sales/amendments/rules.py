"""What of an agreed order may be changed, and what an amendment changed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from kernel.refusals import Conflict, Invalid
from services.sales.order_lines.rules import require_direction, require_promise, shown
from services.sales.orders.rules import Quantities

LINE_FACTS = ("quantity", "cancelled", "unit_price", "discount_percent", "promised_on", "note")
Facts = Mapping[str, Any]


class Agreed(Protocol):
    """A line that was agreed."""

    @property
    def sku(self) -> str: ...
    @property
    def quantities(self) -> Quantities: ...
    @property
    def returns_line_id(self) -> str | None: ...


def change_quantities(
    line: Agreed, changes: Facts, *, planned: Decimal = Decimal(0), field: str
) -> Quantities:
    """The line's quantities after an amendment; `planned` is what is in shipments that have not left.
    Refused: another direction, less than left or came back already, was cancelled or is in shipments
    (`below_shipped`), both a quantity and taking the line off."""
    now, quantity = line.quantities, changes.get("quantity")
    if changes.get("is_cancelled"):
        if quantity is not None:
            detail = "Give either a quantity or is_cancelled."
            raise Invalid.fields([{"field": f"{field}/is_cancelled", "detail": detail}])
        _require_least(line, now.ordered - now.open, planned=planned, field=f"{field}/is_cancelled")
        return now.cancel_open()
    if quantity is None:
        return now
    require_direction(quantity, was=now.ordered, field=f"{field}/quantity")
    _require_least(line, quantity, planned=planned, field=f"{field}/quantity")
    return replace(now, ordered=quantity)


def _require_least(line: Agreed, quantity: Decimal, *, planned: Decimal, field: str) -> None:
    now = line.quantities
    least = abs(now.shipped or now.returned) + abs(now.cancelled) + planned
    if abs(quantity) >= least:
        return
    side = "-" if now.is_return else ""
    became = {
        "came back" if now.is_return else "left the house": now.shipped or now.returned,
        "were cancelled": abs(now.cancelled),
        "are in shipments that have not left": planned,
    }
    said = ", ".join(f"{shown(many)} {what}" for what, many in became.items() if many)
    raise Conflict(
        "below_shipped",
        f"Of {line.sku} {said}; amend the quantity to {side}{shown(least)} at the least. What was "
        "shipped comes back by a return, a shipment that has not left is cancelled first.",
        field=field,
        least=f"{side}{shown(least)}",
    )


def require_price_open(line: Agreed, changes: Facts, *, field: str) -> None:
    """Refuse another price of what is on its way or billed already (`line_begun`), or that was fixed by
    an earlier sale (`price_of_sale`)."""
    if not changes.keys() & {"unit_price", "discount_percent"}:
        return
    if line.returns_line_id is not None:
        raise Conflict(
            "price_of_sale",
            f"{line.sku} comes back at the price it was sold at; credit another amount in billing.",
            field=field,
        )
    if line.quantities.is_begun:
        raise Conflict(
            "line_begun",
            f"Some of {line.sku} left or came back at the price agreed. Take the rest off (is_cancelled) "
            "and add a line at the new price.",
            field=field,
        )


def require_not_coming_back(
    line: Agreed, changes: Facts, opened: tuple[str, bool] | None, *, field: str
) -> None:
    """Refuse (`return_opened`) another quantity of goods that come back by a return, whose number is
    given with whether it is under way: what is waited for is said there."""
    quantity, is_cancelled = changes.get("quantity"), bool(changes.get("is_cancelled"))
    is_same = quantity in (None, line.quantities.ordered)
    if opened is None or (is_same and not is_cancelled) or (is_cancelled and not opened[1]):
        return
    raise Conflict(
        "return_opened",
        f"{line.sku} comes back by return {opened[0]}. For less decline or close that, and take the "
        f"line off (is_cancelled); for more add a line.",
        field=f"{field}/{'is_cancelled' if is_cancelled else 'quantity'}",
        number=opened[0],
    )


def require_something_left(lines: Iterable[Quantities], *, number: str) -> None:
    """Refuse (`nothing_left`) an amendment by which nothing is left of an order of which nothing went."""
    if not any(line.open or line.is_begun for line in lines):
        raise Conflict(
            "nothing_left", f"Nothing would be left of order {number}; cancel it, which says so."
        )


def facts_of_line(line: Any) -> dict[str, str | None]:
    """What an amendment may change of a line, as texts."""
    values = {
        "quantity": shown(line.quantities.ordered),
        "cancelled": shown(line.quantities.cancelled),
        "unit_price": line.unit_price,
        "discount_percent": shown(Decimal(line.discount_percent)),
        "promised_on": line.promised_on,
        "note": line.note,
    }
    return {name: None if value is None else str(value) for name, value in values.items()}


def find_changes(
    before: Mapping[str, Facts], after: Mapping[str, Facts], *, skus: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What differs of the lines, by line and field; of a new line all that it says."""
    return [
        {
            "line_id": line_id,
            "sku": skus[line_id],
            "field": name,
            "before": before.get(line_id, {}).get(name),
            "after": facts[name],
        }
        for line_id, facts in after.items()
        for name in LINE_FACTS
        if facts[name] != before.get(line_id, {}).get(name)
        and not (line_id not in before and facts[name] in (None, "0"))
    ]


def find_renamed(before: str | None, after: str | None) -> list[dict[str, Any]]:
    """The change of what the client calls the order, if it is one."""
    change = {"line_id": None, "sku": None, "field": "reference", "before": before, "after": after}
    return [change] if before != after else []


def require_promisable(quantities: Quantities, changes: Facts, *, today: date, field: str) -> None:
    """Refuse to promise another day for what has left or does not go out (`nothing_open`), or a day that
    is over (`promised_in_past`)."""
    if "promised_on" not in changes:
        return
    if not quantities.to_ship:
        raise Conflict(
            "nothing_open",
            "Nothing of this line is left to be sent; promise other lines.",
            field=f"{field}/promised_on",
        )
    require_promise(changes["promised_on"], today=today, field=f"{field}/promised_on")


def require_changes(changes: Iterable[Facts], *, number: str) -> None:
    """Refuse (`nothing_amended`) an amendment that changes nothing."""
    if not list(changes):
        raise Invalid(
            "nothing_amended",
            f"Order {number} is so already; say what is to be added or changed of it.",
        )


def require_line(line_id: str, known: Collection[str], *, number: str, field: str) -> None:
    """Refuse (`line_not_found`) to change a line that the order does not have."""
    if line_id not in known:
        raise Invalid(
            "line_not_found",
            f"Order {number} has no line {line_id}; name one of its lines, or add one by add_lines.",
            field=f"{field}/line_id",
        )


def require_each_once(line_ids: Iterable[str]) -> None:
    """Refuse to change a line twice at once."""
    seen: set[str] = set()
    for index, line_id in enumerate(line_ids):
        if line_id in seen:
            detail = f"{line_id} is named twice."
            raise Invalid.fields([{"field": f"change_lines/{index}/line_id", "detail": detail}])
        seen.add(line_id)
