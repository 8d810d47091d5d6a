"""What of advances is ahead still, and what was shipped and is to be billed again."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from chassis.database import NATURAL_ORDER
from services.billing.advances.models import AdvanceUse
from services.billing.advances.rules import AccountOrder, Advance, Amounts, Part, Unbilled
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.items.rules import AccountCurrency
from services.billing.orders.models import Order
from services.billing.pricing.rules import RateTotal, total_by_rate
from services.billing.taxes.rules import TaxCode

_Taker = aliased(Invoice)
_BillsLines = aliased(InvoiceLine)
_Later = aliased(Invoice)
_IS_ADVANCE = (
    Invoice.order_id.is_not(None)
    & Invoice.shipment_id.is_(None)
    & Invoice.issued_on.is_not(None)
    & Invoice.voided_on.is_(None)
    & ~exists().where(
        _BillsLines.invoice_id == Invoice.invoice_id, _BillsLines.order_line_id.is_not(None)
    )
)
"""It names an order and bills none of its lines: what bills these is no advance of them."""
_RATE = (AdvanceUse.tax_percent, AdvanceUse.tax_code)
_IN_ORDER = (Invoice.issued_on, Invoice.number.collate(NATURAL_ORDER), Invoice.invoice_id)


def find_order_advances(
    session: Session, *, orders: Collection[AccountOrder]
) -> dict[AccountOrder, list[Advance]]:
    """The advances of accounts' orders, oldest first, with what of them is ahead still, whoever paid
    for the account then. Whoever takes of them has locked the balances of all those, so that nobody else
    does meanwhile."""
    found: dict[AccountOrder, list[Advance]] = {each: [] for each in orders}
    of_orders = Invoice.order_id.in_({each.order_id for each in found})
    for advance in _read_advances(session, of_orders):
        if advance.order in found:
            found[advance.order].append(advance)
    return found


def find_payers_ahead(
    session: Session, *, orders: Collection[AccountOrder]
) -> set[AccountCurrency]:
    """The accounts that were billed ahead for orders, whosever these are, with the orders' currencies."""
    wanted = {(each.order_id, each.currency) for each in orders}
    found = session.execute(
        select(Invoice.order_id, Invoice.account_id, Invoice.currency)
        .where(_IS_ADVANCE, Invoice.order_id.in_({order_id for order_id, _ in wanted}))
        .distinct()
    )
    return {
        (row.account_id, row.currency) for row in found if (row.order_id, row.currency) in wanted
    }


def find_advances(
    session: Session, *, invoice_ids: Collection[str], order_ids: Collection[str] = ()
) -> list[Advance]:
    """Those of these invoices that are advances, and those of these orders, oldest first, with what of
    them is ahead still."""
    meant = Invoice.invoice_id.in_(invoice_ids) | Invoice.order_id.in_(order_ids)
    return _read_advances(session, meant)


def find_unbilled(session: Session, *, order_ids: Collection[str]) -> list[Unbilled]:
    """The shipments of orders whose invoices are void, the last of each, oldest first, with what was not
    billed again."""
    void = session.execute(
        select(Invoice.invoice_id, Invoice.order_id, Invoice.currency)
        .where(
            Invoice.order_id.in_(order_ids),
            Invoice.shipment_id.is_not(None),
            Invoice.voided_on.is_not(None),
            ~exists().where(
                _Later.shipment_id == Invoice.shipment_id, _Later.invoice_id > Invoice.invoice_id
            ),
        )
        .order_by(*_IN_ORDER)
    ).all()
    goods = _goods_of(session, [row.invoice_id for row in void]) if void else {}
    return [
        Unbilled(row.invoice_id, str(row.order_id), row.currency, goods[row.invoice_id])
        for row in void
    ]


def find_billed_orders(session: Session, *, order_ids: Collection[str]) -> set[str]:
    """Those of these orders of which nothing is left to be billed: they are ended, and what was
    shipped has its live invoices."""
    ended = select(Order.order_id).where(Order.order_id.in_(order_ids), Order.is_ended)
    found = set(session.scalars(ended)) if order_ids else set()
    again = find_unbilled(session, order_ids=found) if found else []
    return found - {each.order_id for each in again if each.left.total > 0}


def find_takers(session: Session, *, advance_id: str) -> list[str]:
    """The numbers of the invoices that an advance is taken off, in their order."""
    found = session.scalars(
        select(_Taker.number)
        .join(AdvanceUse, AdvanceUse.invoice_id == _Taker.invoice_id)
        .where(AdvanceUse.advance_id == advance_id, _Taker.voided_on.is_(None))
        .group_by(_Taker.invoice_id)
        .having((func.sum(AdvanceUse.net) != 0) | (func.sum(AdvanceUse.tax) != 0))
        .order_by(_Taker.issued_on, _Taker.invoice_id)
    )
    return [str(number) for number in found]


def sum_taken_back(session: Session, *, advance_id: str) -> int:
    """What of an advance credit notes took back, with tax."""
    amount = func.sum(AdvanceUse.net + AdvanceUse.tax)
    by_credit = (AdvanceUse.advance_id == advance_id) & AdvanceUse.credit_note_id.is_not(None)
    return int(session.scalar(select(amount).where(by_credit)) or 0)


def find_taken_off(session: Session, *, invoice_id: str) -> list[Part]:
    """What of which advance is taken off an invoice."""
    return _sum_uses(session, AdvanceUse.invoice_id == invoice_id)


def find_taken_back(session: Session, *, credit_note_id: str) -> list[Part]:
    """What of which advance a credit note took back."""
    return _sum_uses(session, AdvanceUse.credit_note_id == credit_note_id)


def _sum_uses(session: Session, which: ColumnElement[bool]) -> list[Part]:
    net, tax = func.sum(AdvanceUse.net), func.sum(AdvanceUse.tax)
    found = session.execute(
        select(AdvanceUse.advance_id, *_RATE, net.label("net"), tax.label("tax"))
        .where(which)
        .group_by(AdvanceUse.advance_id, *_RATE)
        .having((net != 0) | (tax != 0))
    )
    return [Part(row.advance_id, *_rate(row)[:4]) for row in found]


def _read_advances(session: Session, which: ColumnElement[bool]) -> list[Advance]:
    rates = session.execute(
        select(
            Invoice,
            InvoiceRate.tax_percent,
            InvoiceRate.tax_code,
            InvoiceRate.exemption_reason,
            (InvoiceRate.net - func.coalesce(func.sum(AdvanceUse.net), 0)).label("net"),
            (InvoiceRate.tax - func.coalesce(func.sum(AdvanceUse.tax), 0)).label("tax"),
        )
        .join(InvoiceRate, InvoiceRate.invoice_id == Invoice.invoice_id)
        .outerjoin(
            AdvanceUse,
            (AdvanceUse.advance_id == Invoice.invoice_id)
            & (AdvanceUse.tax_percent == InvoiceRate.tax_percent)
            & (AdvanceUse.tax_code == InvoiceRate.tax_code),
        )
        .where(_IS_ADVANCE, which)
        .group_by(Invoice.invoice_id, *InvoiceRate.__table__.primary_key)
        .order_by(*_IN_ORDER, InvoiceRate.tax_percent, InvoiceRate.tax_code)
    )
    return [
        Advance(
            invoice_id=invoice.invoice_id,
            account_id=invoice.account_id,
            order_id=invoice.order_id,
            currency=invoice.currency,
            number=invoice.number,
            issued_on=invoice.issued_on,
            left=Amounts([_rate(row) for row in own]),
            for_account_id=invoice.for_account_id,
        )
        for invoice, own in groupby(rates, key=lambda row: row.Invoice)
    ]


def _goods_of(session: Session, invoice_ids: Collection[str]) -> dict[str, Amounts]:
    """What the goods on invoices come to, less what other, live invoices bill of them."""
    lines = session.execute(
        select(InvoiceLine, Invoice.invoice_id, Invoice.tax_rounding)
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .where(InvoiceLine.invoice_id.in_(invoice_ids), InvoiceLine.advance_id.is_(None))
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position)
    )
    goods = {
        invoice_id: Amounts(total_by_rate((row.InvoiceLine for row in own), rounding=rounding))
        for (invoice_id, rounding), own in groupby(lines, key=lambda row: row[1:])
    }
    uses = session.execute(
        select(AdvanceUse.invoice_id, *_RATE, AdvanceUse.net, AdvanceUse.tax)
        .join(Invoice, Invoice.invoice_id == AdvanceUse.advance_id)
        .where(AdvanceUse.invoice_id.in_(invoice_ids), Invoice.voided_on.is_(None))
    )
    for row in uses:
        goods[str(row.invoice_id)].take(_rate(row))
    return goods


def _rate(row: Any) -> RateTotal:
    return RateTotal(
        row.tax_percent,
        TaxCode(row.tax_code),
        int(row.net),
        int(row.tax),
        row._mapping.get("exemption_reason"),
    )
