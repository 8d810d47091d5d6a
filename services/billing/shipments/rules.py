"""When what was shipped is billed, by what invoice, and as what it waits until then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from services.billing.accounts.rules import CLOSED
from services.billing.advances.rules import Advance, Amounts, Part, reduce, take_off
from services.billing.billables.rules import BillableKind
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.pricing.rules import Priced
from services.billing.routines.rules import Agreement, Bills

BILLED_ON_ORDER = "order"  # and so not with its shipments
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods of a shipment or an order that are to be billed: `names` says which, and who is billed; what
    they come to, what was billed ahead of them, and on which terms they are billed."""

    names: Row
    priced: Priced
    advances: Sequence[Advance]
    agreement: Agreement


class GoodsInvoice(NamedTuple):
    """The invoice of goods, and what was taken off it."""

    new: NewInvoice
    parts: Sequence[Part]


def first_of_each(shipments: Iterable[Row], *, known: Collection[str]) -> list[Row]:
    """Of each shipment what is heard of it first, and nothing where it is known. One without a line is
    not known by that."""
    heard, new = set(known), []
    for one in shipments:
        if one["shipment_id"] not in heard:
            new.append(one)
        if one["lines"]:
            heard.add(one["shipment_id"])
    return new


def is_billed_with_it(priced: Priced, *, bills_on: str) -> bool:
    """Whether goods are billed as they are shipped: what was given away is not, nor what sales asks for
    by itself."""
    return priced.total != 0 and bills_on != BILLED_ON_ORDER


def is_billed_later(
    *, bills: str, is_billed_apart: bool, statuses: Collection[str], ahead: int
) -> bool:
    """Whether a shipment waits for the account's monthly bill: not where its order is billed apart, or
    something of it (minor units) is billed ahead, which its own invoice takes off; nor where the account
    or its payer is closed (`statuses`), for which nothing else is sent."""
    is_whole = not is_billed_apart and ahead <= 0
    return bills == Bills.MONTHLY and is_whole and CLOSED not in statuses


def to_bill(shipment_id: str, goods: Priced, bill_on: date) -> Iterator[dict[str, Any]]:
    """What of a shipment's lines is to be billed from a day on; what was given away is not."""
    for position, line in enumerate(goods.lines, start=1):
        what = line._asdict()
        del what["net"]
        if what["unit_price"]:
            of_it = {"key": f"{shipment_id}:{position}", "kind": BillableKind.SHIPMENT}
            yield {**of_it, **what, "bill_on": bill_on}


def invoice_goods(invoice_id: str, goods: Goods, *, today: date) -> GoodsInvoice:
    """The invoice of goods, less what was billed ahead of them; the advances have that much less."""
    left = Amounts(goods.priced.rates)
    parts = take_off(left, goods.advances)
    demanded = reduce(goods.priced, left, parts, goods.advances)
    taken_off = goods.priced.total - demanded.total
    demand = Demand(**goods.names, priced=demanded, terms=None, taken_off=taken_off)
    day, dues = fix_dates(
        total=demand.total,
        currency=demand.currency,
        terms=None,
        agreement=goods.agreement,
        issued_on=None,
        today=today,
    )
    return GoodsInvoice(NewInvoice(invoice_id, demand, day, dues), parts)
