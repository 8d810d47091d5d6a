"""What is credited of goods that came back, and what is kept back of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.money import round_half_up
from kernel.refusals import Conflict


class Accepted(NamedTuple):
    """What was accepted of an order line: how much, what one was sold for, net, in minor units, and what
    it is made good for, where that is less."""

    line_id: str
    quantity: Decimal
    net_unit_price: int
    unit_price: int | None
    unsold: Mapping[str, Any] | None = None


def say_credit(
    accepted: Iterable[Accepted], *, fee_percent: Decimal, lowered: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The lines of a `return_accepted`: what was accepted, less what is kept back; and what stays
    with the client for less."""
    lines = [
        {
            "line_id": one.line_id,
            "quantity": one.quantity,
            "kept_back": kept_back(one, fee_percent=fee_percent),
            "lowered_by": None,
            "unsold": one.unsold,
        }
        for one in accepted
    ]
    stays = [
        {
            "line_id": one["line_id"],
            "quantity": Decimal(one["quantity"]),
            "kept_back": 0,
            "lowered_by": one["unit_price"],
            "unsold": None,
        }
        for one in lowered
    ]
    return [*lines, *stays]


def kept_back(one: Accepted, *, fee_percent: Decimal) -> int:
    """What is kept back of what was accepted of a line: what it is not made good for, and the restocking
    fee of the rest, each rounded half up."""
    whole = round_half_up(one.quantity * one.net_unit_price)[0]
    good = whole
    if one.unit_price is not None:
        good = min(whole, round_half_up(one.quantity * one.unit_price)[0])
    return whole - good + round_half_up(good * fee_percent / 100)[0]


def require_accepted(count: int, *, number: str) -> None:
    """Refuse to credit or replace where nothing accepted waits for it."""
    if not count:
        raise Conflict(
            "nothing_to_answer",
            f"Nothing of return {number} is accepted and neither credited nor replaced; inspect what "
            "came.",
        )
