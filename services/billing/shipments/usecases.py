"""Bill what was shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.billing.accounts.rules import require_decided
from services.billing.accounts.usecases import lock_account_to_bill
from services.billing.advances.queries import find_order_advances
from services.billing.advances.rules import Amounts, Part, reduce, take_off
from services.billing.advances.usecases import record_parts
from services.billing.company.queries import find_rounding
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.usecases import lock_balances
from services.billing.orders.usecases import keep_orders
from services.billing.pricing.rules import Priced, price, require_amount
from services.billing.routines.queries import find_agreement


def bill_shipment(
    session: Session,
    *,
    account_id: str,
    shipment_id: str,
    order_id: str,
    order_number: str | None,
    client_order_number: str | None,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue the invoice for what was shipped, less what was billed ahead, once for each shipment."""
    account = lock_account_to_bill(session, account_id=account_id)
    order = {"order_id": order_id, "account_id": account_id, "number": order_number}
    keep_orders(session, [{**order, "version": 0, "currency": currency}])
    lock_balances(session, keys=[(account_id, currency)])
    billed = session.scalar(select(Invoice.invoice_id).where(Invoice.shipment_id == shipment_id))
    priced = price(lines, rounding=find_rounding(session))
    if billed is not None or priced.total == 0:
        return  # goods given away are not billed
    require_amount(priced)
    require_decided(number=account.number, status=account.status)
    demanded, parts = _less_advances(
        session, priced, order_id=order_id, account_id=account_id, currency=currency
    )
    day, dues = fix_dates(
        total=demanded.total,
        currency=currency,
        terms=None,
        agreement=find_agreement(session, account),
        issued_on=None,
        today=today,
    )
    shipped = Demand(
        account_id,
        currency,
        demanded,
        terms=None,
        order_id=order_id,
        shipment_id=shipment_id,
        client_order_number=client_order_number,
        taken_off=priced.total - demanded.total,
    )
    invoice_id = new_id("inv")
    issue_new(session, new=[NewInvoice(invoice_id, shipped, day, dues)], now=now, by=by)
    record_parts(session, parts=parts, account_id=account_id, invoice_id=invoice_id, now=now)


def _less_advances(
    session: Session, goods: Priced, *, order_id: str, account_id: str, currency: str
) -> tuple[Priced, list[Part]]:
    """The goods less what was billed ahead of them, and the parts that are taken off."""
    advances = find_order_advances(
        session, order_id=order_id, account_id=account_id, currency=currency
    )
    left = Amounts(goods.rates)
    parts = take_off(left, advances)
    return reduce(goods, left, parts, advances), parts
