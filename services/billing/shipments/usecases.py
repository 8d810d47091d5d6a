"""Bill what was shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from kernel.ids import new_id
from services.billing.accounts.rules import require_decided
from services.billing.accounts.usecases import lock_billed
from services.billing.advances.queries import find_order_advances, find_payers_ahead
from services.billing.advances.rules import Advance, Amounts, reduce, take_off
from services.billing.advances.usecases import record_parts
from services.billing.billables.usecases import add_billables
from services.billing.company.queries import find_rounding
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.usecases import lock_balances
from services.billing.orders.usecases import keep_orders
from services.billing.pricing.rules import Priced, price, require_amount
from services.billing.routines.queries import find_agreement
from services.billing.routines.rules import Agreement
from services.billing.shipments.models import ShippedLine
from services.billing.shipments.queries import is_shipped
from services.billing.shipments.rules import BILLED_ON_ORDER, is_billed_later, to_bill


def bill_shipment(
    session: Session,
    *,
    account_id: str,
    shipment_id: str,
    number: str | None,
    order_id: str,
    order_number: str | None,
    client_order_number: str | None,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    shipped_on: date | None,
    is_billed_apart: bool,
    bills_on: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Bill what was shipped, once for each shipment: by an invoice, less what was billed ahead; or with
    what else is sent in the month, where that is agreed, the order is not billed apart and nothing of it
    is billed ahead. Whoever pays is billed, as is agreed with them. What is billed on order is not billed
    with its shipments."""
    billed = lock_billed(session, account_id=account_id)
    order = {"order_id": order_id, "account_id": account_id, "number": order_number}
    keep_orders(session, [{**order, "version": 0, "currency": currency}])
    ahead_of_it = find_payers_ahead(session, order_id=order_id, currency=currency)
    owed_by = {account_id, billed.payer.account_id, *ahead_of_it}
    lock_balances(session, keys={(each, currency) for each in owed_by})
    if is_shipped(session, shipment_id=shipment_id):
        return
    names = {"account_id": account_id, "shipment_id": shipment_id, "order_id": order_id}
    _keep_lines(session, lines, **names, number=number, now=now)
    goods = price(lines, rounding=find_rounding(session))
    if goods.total == 0 or bills_on == BILLED_ON_ORDER:
        return  # goods given away are not billed, nor what sales asks for by itself
    require_amount(goods)
    for each in (billed.account, billed.payer):
        require_decided(number=each.number, status=each.status)
    agreement = find_agreement(session, billed.payer)
    advances = find_order_advances(
        session, order_id=order_id, account_id=account_id, currency=currency
    )
    shipment = {**names, "client_order_number": client_order_number, "currency": currency}
    if is_billed_later(
        bills=agreement.bills,
        is_billed_apart=is_billed_apart,
        statuses={billed.account.status, billed.payer.status},
        ahead=sum(each.left.total for each in advances),
    ):
        rows = [{**shipment, **row} for row in to_bill(shipment_id, goods, shipped_on or today)]
        add_billables(session, rows, now=now, by=by)
        return
    shipment |= billed.names
    issue_goods(session, shipment, goods, advances, agreement, today=today, now=now, by=by)


def issue_goods(
    session: Session,
    shipment: Mapping[str, Any],
    goods: Priced,
    advances: Sequence[Advance],
    agreement: Agreement,
    *,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Issue the invoice of goods, of a shipment or an order (`shipment` says which, and who is billed),
    less what was billed ahead of them; its id, number and total. The balances are locked."""
    left = Amounts(goods.rates)
    parts = take_off(left, advances)
    demanded = reduce(goods, left, parts, advances)
    day, dues = fix_dates(
        total=demanded.total,
        currency=shipment["currency"],
        terms=None,
        agreement=agreement,
        issued_on=None,
        today=today,
    )
    shipped = Demand(
        **shipment, priced=demanded, terms=None, taken_off=goods.total - demanded.total
    )
    invoice_id = new_id("inv")
    new = [NewInvoice(invoice_id, shipped, day, dues)]
    numbers = issue_new(session, new=new, now=now, by=by)
    account_id = shipped.account_id
    record_parts(session, parts=parts, account_id=account_id, invoice_id=invoice_id, now=now)
    return {
        "invoice_id": invoice_id,
        "invoice_number": numbers[invoice_id],
        "total": shipped.total,
    }


def _keep_lines(
    session: Session,
    lines: Sequence[Mapping[str, Any]],
    *,
    account_id: str,
    shipment_id: str,
    order_id: str,
    number: str | None,
    now: datetime,
) -> None:
    """Keep what was shipped, once for each shipment."""
    of_it = {"account_id": account_id, "shipment_id": shipment_id, "order_id": order_id}
    rows = [
        {
            **of_it,
            "shipment_number": number,
            "position": position,
            "order_line_id": line.get("order_line_id"),
            "description": line["description"],
            "quantity": line["quantity"],
            "unit_price": line["unit_price"],
            "recorded_at": now,
        }
        for position, line in enumerate(lines, start=1)
    ]
    insert_new_rows(session, ShippedLine, rows)
