"""What is to be billed, and what an invoice of it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from kernel.money import round_half_up
from services.billing.pricing.rules import Priced, total_by_rate
from services.billing.taxes.rules import Rounding


class BillableKind(StrEnum):
    """What is billed."""

    CHARGE = "charge"
    SHIPMENT = "shipment"


class ToBill(Protocol):
    """What is to be billed."""

    @property
    def billable_id(self) -> str: ...
    @property
    def shipment_id(self) -> str | None: ...
    @property
    def order_line_id(self) -> str | None: ...
    @property
    def description(self) -> str: ...
    @property
    def pending(self) -> Decimal: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def tax_code(self) -> str: ...
    @property
    def exemption_reason(self) -> str | None: ...
    @property
    def service_from(self) -> date | None: ...
    @property
    def service_until(self) -> date | None: ...


class PendingLine(NamedTuple):
    """What is pending of what is to be billed, and of whom."""

    billable_id: str
    account_id: str
    currency: str
    shipment_id: str | None
    order_line_id: str | None
    client_order_number: str | None
    description: str
    pending: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: str
    exemption_reason: str | None
    service_from: date | None
    service_until: date | None


_NONE: Mapping[str, Decimal] = {}


class BillableLine(NamedTuple):
    """The line of an invoice that bills what was to be billed."""

    description: str
    quantity: Decimal
    unit_price: int
    tax_percent: Decimal
    tax_code: str
    exemption_reason: str | None
    net: int
    order_line_id: str | None
    billable_id: str
    service_from: date | None
    service_until: date | None
    shipment_id: str | None


def price_pending(
    billables: Iterable[ToBill], *, rounding: Rounding, drafted: Mapping[str, Decimal] = _NONE
) -> Priced:
    """What an invoice comes to that bills all that is pending of them, and what of them is on the draft
    that it makes anew: a line for each, priced as any."""
    lines = tuple(
        _line(each, each.pending + drafted.get(each.billable_id, 0)) for each in billables
    )
    return Priced(lines, total_by_rate(lines, rounding=rounding), rounding)


def _line(each: ToBill, quantity: Decimal) -> BillableLine:
    return BillableLine(
        each.description,
        quantity,
        each.unit_price,
        each.tax_percent,
        each.tax_code,
        each.exemption_reason,
        round_half_up(quantity * each.unit_price)[0],
        each.order_line_id,
        each.billable_id,
        each.service_from,
        each.service_until,
        each.shipment_id,
    )
