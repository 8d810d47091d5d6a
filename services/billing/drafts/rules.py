"""What a draft of a billing run bills after somebody edited it, or goods of it came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from kernel.money import round_half_up
from kernel.refusals import Conflict, Invalid
from services.billing.billables.rules import BillableLine
from services.billing.pricing.rules import Priced, total_by_rate
from services.billing.taxes.rules import Rounding, choose_code

_NEEDED = ("description", "quantity", "unit_price", "tax_percent")
_TAX = ("tax_percent", "tax_code", "exemption_reason")
_OF_BILLABLE = ("order_line_id", "billable_id", "service_from", "service_until", "shipment_id")


class Line(Protocol):
    """A line of a draft as it is."""

    @property
    def position(self) -> int: ...
    @property
    def description(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def tax_code(self) -> str: ...
    @property
    def exemption_reason(self) -> str | None: ...
    @property
    def order_line_id(self) -> str | None: ...
    @property
    def billable_id(self) -> str | None: ...
    @property
    def service_from(self) -> date | None: ...
    @property
    def service_until(self) -> date | None: ...
    @property
    def shipment_id(self) -> str | None: ...


def require_made_by_run(billing_run_id: str | None, *, name: str) -> None:
    """The due days of a draft that somebody wrote may be fixed by what it came to."""
    if billing_run_id is None:
        raise Conflict(
            "draft_by_hand",
            f"No billing run made draft {name}. Delete it and write it anew as it is to be.",
        )


def edit(
    lines: Iterable[Line], asked: Sequence[Mapping[str, Any]], *, rounding: Rounding
) -> Priced:
    """What a draft comes to that has these lines of its own, kept or changed, and new ones; refused by
    the place of a line that is not possible."""
    own = {line.position: line for line in lines}
    edited = []
    for place, one in enumerate(asked):
        field = f"lines/{place}"
        if one["position"] is None:
            edited.append(_new(one, field))
        else:
            edited.append(_changed(_take(own, one["position"], field), one, field))
    return _price(edited, rounding)


def lower(lines: Iterable[Line], taken: Mapping[int, Decimal], *, rounding: Rounding) -> Priced:
    """What a draft comes to of which so much is taken, by the places of its lines; one of which all is
    taken goes."""
    kept = [(line, line.quantity - taken.get(line.position, 0)) for line in lines]
    return _price([_line(line, quantity=left) for line, left in kept if left], rounding)


def _price(lines: Sequence[BillableLine], rounding: Rounding) -> Priced:
    return Priced(tuple(lines), total_by_rate(lines, rounding=rounding), rounding)


def _take(own: dict[int, Line], position: int, field: str) -> Line:
    if position not in own:
        raise Invalid(
            "position_unknown",
            f"The draft has no line {position}, or it is named twice; give each of its lines once.",
            field=f"{field}/position",
        )
    return own.pop(position)


def _new(asked: Mapping[str, Any], field: str) -> BillableLine:
    lacking = [name for name in _NEEDED if asked[name] is None]
    if lacking:
        raise Invalid(
            "line_incomplete",
            f"A new line says {lacking[0]} too; or name a line of the draft by its position.",
            field=f"{field}/{lacking[0]}",
        )
    code = choose_code(*(asked[name] for name in _TAX), field=field)
    given = {name: asked[name] for name in (*_NEEDED, "exemption_reason")}
    return _priced(**given, tax_code=code, **dict.fromkeys(_OF_BILLABLE))


def _changed(line: Line, asked: Mapping[str, Any], field: str) -> BillableLine:
    changes = {name: asked[name] for name in _NEEDED if asked[name] is not None}
    quantity = changes.get("quantity", line.quantity)
    if line.billable_id is not None and not 0 < quantity / line.quantity <= 1:
        raise Invalid(
            "quantity_not_waiting",
            f"Line {line.position} bills {line.quantity.normalize():f} of what is to be billed; give at "
            "most that, or leave the line out. More is a line of its own.",
            field=f"{field}/quantity",
        )
    if any(asked[name] is not None for name in _TAX):
        percent = changes.get("tax_percent", line.tax_percent)
        reason = asked["exemption_reason"]
        changes["tax_code"] = choose_code(percent, asked["tax_code"], reason, field=field)
        changes["exemption_reason"] = reason
    return _line(line, **changes)


def _line(line: Line, **changes: Any) -> BillableLine:
    same = ("description", "quantity", "unit_price", *_TAX, *_OF_BILLABLE)
    return _priced(**{name: getattr(line, name) for name in same} | changes)


def _priced(**said: Any) -> BillableLine:
    return BillableLine(**said, net=round_half_up(said["quantity"] * said["unit_price"])[0])
