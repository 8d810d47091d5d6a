"""Bill lines of orders, or shipments again, or say why they cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import refusal_of
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing.accounts.queries import find_payers
from services.billing.accounts.usecases import lock_billed
from services.billing.advances.queries import (
    find_order_advances,
    find_payers_ahead,
    find_unbilled,
)
from services.billing.advances.rules import AccountOrder
from services.billing.company.queries import find_rounding
from services.billing.invoices.queries import find_shipment_invoices
from services.billing.items.usecases import lock_balances
from services.billing.order_billing.queries import get_order_billing
from services.billing.order_bills import events, rules
from services.billing.order_bills.models import OrderBill
from services.billing.orders.queries import require_order
from services.billing.pricing.rules import Priced, price, require_amount
from services.billing.routines.queries import find_agreement
from services.billing.shipments.rules import Goods, invoice_goods
from services.billing.shipments.usecases import issue_goods
from services.billing.taxes.rules import Rounding


def answer_order_bill(
    session: Session,
    *,
    account_id: str,
    bill_id: str,
    order_id: str,
    client_order_number: str | None,
    currency: str,
    shipment_id: str | None,
    lines: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue the invoice of what is asked, or refuse it with a reason; once, whatever is repeated."""
    ahead = find_payers_ahead(session, orders=[AccountOrder(order_id, account_id, currency)])
    payers = find_payers(session, account_ids=[account_id]).values()
    lock_balances(session, keys={(each, currency) for each in (account_id, *payers)} | ahead)
    if session.get(OrderBill, bill_id) is not None:
        return
    names: dict[str, Any] = {"order_id": order_id, "account_id": account_id, "currency": currency}
    said: dict[str, Any] = {"client_order_number": client_order_number, "shipment_id": shipment_id}
    billed: dict[str, Any] = {}

    def bill() -> None:
        require_order(session, **names)
        asked = lines if shipment_id is None else _goods_again(session, shipment_id, order_id)
        goods = price(asked, rounding=find_rounding(session))
        billed.update(_issue(session, goods, names, said, today=today, now=now, by=by))

    refusal = refusal_of(session, bill)
    code, reason = (None, None) if refusal is None else (refusal.code, refusal.detail)
    whose = {"bill_id": bill_id, "account_id": account_id, "order_id": order_id}
    invoice_id = billed.get("invoice_id")
    session.add(
        OrderBill(**whose, invoice_id=invoice_id, code=code, reason=reason, answered_at=now)
    )
    session.flush()
    if refusal is None:
        announce(session, events.OrderBilled, **whose, **billed)
    else:
        announce(session, events.OrderBillRefused, **whose, code=code, reason=reason)


def _goods_again(session: Session, shipment_id: str, order_id: str) -> list[dict[str, Any]]:
    """The lines of a shipment's void invoice, of which nothing is billed again yet, less what came
    back."""
    found = find_shipment_invoices(session, shipment_id=shipment_id)
    live = [one.number for one in found if one.voided_on is None]
    void = [one for one in found if one.voided_on is not None and one.order_id == order_id]
    rules.require_billed_before(shipment_id, is_void=bool(void))
    goods = [line for line in void[-1].lines if line.advance_id is None]
    names = ("description", "quantity", "unit_price", "tax_percent", "tax_code")
    asked = [
        {name: getattr(line, name) for name in (*names, "exemption_reason", "order_line_id")}
        for line in goods
    ]
    whole = price(asked, rounding=Rounding(void[-1].tax_rounding)).total
    unbilled = find_unbilled(session, order_ids=[order_id])
    left = next((one.left.total for one in unbilled if one.invoice_id == void[-1].invoice_id), 0)
    number = live[-1] if live else None
    rules.require_unbilled(shipment_id, left=left, goods=whole, number=number)
    lines = get_order_billing(session, order_id=order_id)["lines"]
    to_bill = {line.order_line_id: line.to_bill for line in lines}
    return rules.require_goods(shipment_id, rules.cut_returned(asked, to_bill))


def _issue(
    session: Session,
    goods: Priced,
    names: Mapping[str, str],
    said: Mapping[str, Any],
    *,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Issue it today, to whoever pays, less what was billed ahead; what is said of it."""
    require_amount(goods)
    billed = lock_billed(session, account_id=names["account_id"])
    billed.require_billable()
    order = AccountOrder(**names)
    asked = Goods(
        {**names, **said, **billed.names},
        goods,
        find_order_advances(session, orders=[order])[order],
        find_agreement(session, billed.payer),
    )
    invoice = invoice_goods(new_id("inv"), asked, today=today)
    [(invoice_id, number)] = issue_goods(session, [invoice], now=now, by=by).items()
    total, currency = invoice.new.demand.total, names["currency"]
    return {
        "invoice_id": invoice_id,
        "invoice_number": number,
        "currency": currency,
        "total": total,
    }
