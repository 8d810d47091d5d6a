"""How long what is to be taken off waits for a bill, and what it is credited as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from services.billing.billables.rules import ToBill, price_pending
from services.billing.pricing.rules import Priced
from services.billing.taxes.rules import Rounding

WAITS_DAYS = 60  # for a bill that it can be taken off of
REASON = "There is no further bill that it could be taken off of."


class TakenOffLine(NamedTuple):
    """The line of a credit note that takes off what was to be taken off a bill, or, below nothing, bills
    what stood beside it."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: str
    exemption_reason: str | None
    net: int
    order_line_id: str | None
    billable_id: str


def waits_since(today: date) -> date:
    """What was to be taken off on this day or before has waited long enough."""
    return today - timedelta(days=WAITS_DAYS)


def turn_round(billables: Iterable[ToBill], *, rounding: Rounding) -> Priced | None:
    """What a bill of these would come to, turned round: a credit note's lines and totals; None where it
    comes to nothing or more."""
    billables = list(billables)
    bill = price_pending(billables, rounding=rounding)
    if bill.total >= 0:
        return None
    lines = tuple(
        TakenOffLine(
            _describe(each),
            -each.pending,
            each.unit_price,
            each.tax_percent,
            each.tax_code,
            each.exemption_reason,
            -line._asdict()["net"],
            each.order_line_id,
            each.billable_id,
        )
        for each, line in zip(billables, bill.lines, strict=True)
    )
    rates = tuple(rate._replace(net=-rate.net, tax=-rate.tax) for rate in bill.rates)
    return replace(bill, lines=lines, rates=rates)


def _describe(one: ToBill) -> str:
    if one.service_from is None:
        return one.description
    return f"{one.description}, {one.service_from} – {one.service_until}"
