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
from services.billing.invoices.models import Invoice
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.usecases import lock_balances
from services.billing.orders.usecases import keep_order
from services.billing.pricing.rules import price, require_amount


def bill_shipment(
    session: Session,
    *,
    account_id: str,
    shipment_id: str,
    order_id: str,
    order_number: str | None,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue the invoice for what was shipped, once for each shipment."""
    account = lock_account_to_bill(session, account_id=account_id)
    order = {"order_id": order_id, "account_id": account_id, "number": order_number}
    keep_order(session, **order, version=0, currency=currency)
    lock_balances(session, keys=[(account_id, currency)])
    billed = session.scalar(select(Invoice.invoice_id).where(Invoice.shipment_id == shipment_id))
    priced = price(lines)
    if billed is not None or priced.total == 0:
        return  # goods given away are not billed
    require_amount(priced.total)
    require_decided(number=account.number, status=account.status)
    day, dues = fix_dates(
        total=priced.total,
        terms=None,
        account_net_days=account.net_days,
        issued_on=None,
        today=today,
    )
    shipped = Demand(
        account_id, currency, priced, terms=None, order_id=order_id, shipment_id=shipment_id
    )
    issue_new(session, new=[NewInvoice(new_id("inv"), shipped, day, dues)], now=now, by=by)
