"""Bill lines of orders, or shipments again, or say why they cannot be; those of lines many at once, in a
number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_by_itself, insert_rows, refusal_of
from chassis.outbox import announce
from kernel.ids import new_ids
from kernel.refusals import Refusal
from services.billing.accounts.rules import account_not_found
from services.billing.accounts.usecases import Billed
from services.billing.advances.queries import find_order_advances, find_unbilled
from services.billing.advances.rules import AccountOrder
from services.billing.advances.usecases import lock_orders
from services.billing.company.queries import find_rounding
from services.billing.invoices.queries import find_shipment_invoices
from services.billing.issuing.rules import say_answers
from services.billing.order_billing.queries import get_order_billing
from services.billing.order_bills import events, rules
from services.billing.order_bills.models import OrderBill
from services.billing.order_bills.queries import find_answered
from services.billing.orders.queries import find_orders
from services.billing.orders.rules import require_all_known, require_own_order
from services.billing.pricing.rules import price, require_amount
from services.billing.routines.queries import find_agreements
from services.billing.shipments.rules import Goods, GoodsInvoice, invoice_goods
from services.billing.shipments.usecases import issue_goods
from services.billing.taxes.rules import Rounding

Row = Mapping[str, Any]


def answer_order_bills(
    session: Session, asked: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Issue the invoices of what is asked, or refuse it with a reason, once each, whatever is repeated,
    as if one came after the other. A shipment is billed again by itself: that looks at what is billed of
    it."""
    for is_again, own in groupby(asked, key=lambda one: one["shipment_id"] is not None):
        for some in ([one] for one in own) if is_again else [list(own)]:
            _answer(session, some, today=today, now=now, by=by)


def _answer(session: Session, asked: Rows, *, today: date, now: datetime, by: str) -> None:
    billed = lock_orders(session, orders={_order_of(one) for one in asked})
    known = find_answered(session, bill_ids=[one["bill_id"] for one in asked])
    first: dict[str, Row] = {}
    for one in asked:
        first.setdefault(one["bill_id"], one)
    new = [one for bill_id, one in first.items() if bill_id not in known]
    if not new:
        return
    decided = each_by_itself(session, new, _decide_with(session, new, billed))
    answers: list[GoodsInvoice | Refusal] = []
    numbers: dict[str, str] = {}

    def issue() -> None:
        for invoice_id, each in zip(new_ids("inv", len(new)), decided, strict=True):
            if isinstance(each, Goods):
                answers.append(invoice_goods(invoice_id, each, today=today))
            else:
                answers.append(each)
        invoices = [each for each in answers if isinstance(each, GoodsInvoice)]
        numbers.update(issue_goods(session, invoices, now=now, by=by))

    if refusal := refusal_of(session, issue):
        if len(new) > 1:
            raise refusal  # each is asked again by itself
        answers = [refusal]
    settled = [each if isinstance(each, Refusal) else each.new for each in answers]
    said = say_answers(new, settled, key="bill_id", numbers=numbers, now=now)
    insert_rows(session, OrderBill, said.kept)
    for is_refused, facts in said.told:
        event = events.OrderBillRefused if is_refused else events.OrderBilled
        announce(session, event, **facts)


def _decide_with(
    session: Session, asked: Rows, billed: Mapping[str, Billed]
) -> Callable[[Row], Goods]:
    """How is decided what is billed by one of these. NotKnownYet where there is no copy of an order or
    account: it is on its way."""
    order_ids = {one["order_id"] for one in asked}
    orders = find_orders(session, order_ids=order_ids)
    require_all_known(order_ids, orders)
    for one in asked:
        if one["account_id"] not in billed:
            raise account_not_found(one["account_id"])
    advances = find_order_advances(session, orders={_order_of(one) for one in asked})
    payers = [each.found_payer for each in billed.values() if each.found_payer is not None]
    agreements = find_agreements(session, accounts=payers)
    rounding = find_rounding(session)

    def decide(one: Row) -> Goods:
        order = _order_of(one)
        require_own_order(orders.get(order.order_id), **order._asdict())
        again = one["shipment_id"]
        lines = one["lines"] if again is None else _goods_again(session, again, order.order_id)
        goods = price(lines, rounding=rounding)
        require_amount(goods)
        to = billed[order.account_id]
        to.require_billable()
        said = {name: one[name] for name in ("client_order_number", "shipment_id")}
        names = {**order._asdict(), **said, **to.names}
        return Goods(names, goods, advances[order], agreements[to.payer.account_id])

    return decide


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


def _order_of(one: Row) -> AccountOrder:
    return AccountOrder(one["order_id"], one["account_id"], one["currency"])
