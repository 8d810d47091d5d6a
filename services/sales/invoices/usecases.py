"""Keeping count of what is shipped and not invoiced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows
from chassis.database import fetch_all_for_change
from services.sales.accounts.usecases import keep_balances
from services.sales.billed.queries import find_void_of_orders, read_lines
from services.sales.billed.usecases import (
    keep_credit_voids,
    keep_credits,
    keep_invoices,
    keep_returns,
)
from services.sales.billed_too_much.usecases import judge_orders
from services.sales.invoices import queries
from services.sales.invoices.models import BilledShipment, OrderCredit, OrderInvoice
from services.sales.order_exceptions.rules import ExceptionKind
from services.sales.order_exceptions.usecases import raise_exception
from services.sales.order_money.queries import is_billed_on_order
from services.sales.order_money.usecases import count_unbilled
from services.sales.orders.models import Order
from services.sales.orders.queries import load_lines
from services.sales.orders.usecases import note_not_invoiced
from services.sales.shipments.models import Shipment

FACTS = ("order_id", "shipment_id", "currency", "total", "taken_off")


def record_invoices(session: Session, invoices: Rows, *, today: date, now: datetime) -> None:
    """Note that orders, or shipments of them, were invoiced, and what accounts owe with it: what leaves
    the open orders is in the balance at that same moment."""
    balances = [
        {"account_id": one["account_id"], "currency": one["currency"], **one["account_balance"]}
        for one in invoices
        if one["account_balance"] is not None
    ]
    keep_balances(session, balances)
    shipments = _several(invoices)
    facts = {
        one["invoice_id"]: {"account_id": _for_whom(one)} | {name: one[name] for name in FACTS}
        for one in invoices
        if one["order_id"] is not None or one["invoice_id"] in shipments
    }
    rows = [{"invoice_id": invoice_id, **fact} for invoice_id, fact in facts.items()]
    insert_new_rows(session, OrderInvoice, [{**row, "is_void": False} for row in rows])
    for known in _void_already(session, [*facts]):
        for name, value in facts[known.invoice_id].items():
            setattr(known, name, value)
    session.flush()
    billed = [
        {"invoice_id": invoice_id, "shipment_id": shipment_id}
        for invoice_id, shipment_ids in shipments.items()
        for shipment_id in shipment_ids
    ]
    insert_new_rows(session, BilledShipment, billed)
    of_shipments = _orders_of(session, invoice_ids=[*shipments])
    keep_invoices(session, [{**one, "account_id": _for_whom(one)} for one in invoices])
    _count_anew(
        session,
        [*(fact["order_id"] for fact in facts.values()), *of_shipments],
        today=today,
        now=now,
    )
    _raise_exceptions(session, [one["invoice_id"] for one in invoices], today=today, now=now)


def record_credits(session: Session, credit_notes: Rows, *, today: date, now: datetime) -> None:
    """Note that some of what was billed ahead of orders' shipments was taken back."""
    ahead = [one for one in credit_notes if one["order_id"] is not None and one["taken_back"]]
    insert_new_rows(session, OrderCredit, [_credit(one, one["taken_back"]) for one in ahead])
    keep_credits(session, credit_notes)
    _count_anew(session, [one["order_id"] for one in credit_notes], today=today, now=now)


def record_credit_voids(session: Session, voids: Rows, *, today: date, now: datetime) -> None:
    """Note that credit notes are void, whichever comes first: they take nothing back."""
    of_orders = [one for one in voids if one["order_id"] is not None]
    insert_new_rows(session, OrderCredit, [_credit(one, 0) for one in of_orders])
    which = OrderCredit.credit_note_id.in_([one["credit_note_id"] for one in of_orders])
    session.execute(update(OrderCredit).where(which).values(taken_back=0))
    keep_credit_voids(session, voids)
    _count_anew(session, [one["order_id"] for one in of_orders], today=today, now=now)


def record_voids(session: Session, voids: Rows, *, today: date, now: datetime) -> None:
    """Note that invoices are void: a person says whether what they were for is to be invoiced again."""
    insert_new_rows(session, OrderInvoice, [{**one, "is_void": True} for one in voids])
    invoice_ids = [one["invoice_id"] for one in voids]
    void = update(OrderInvoice).where(OrderInvoice.invoice_id.in_(invoice_ids))
    order_ids = session.scalars(void.values(is_void=True).returning(OrderInvoice.order_id)).all()
    keep_invoices(session, [{**one, "is_void": True} for one in voids])
    of_shipments = _orders_of(session, invoice_ids=invoice_ids)
    _count_anew(session, [*order_ids, *of_shipments], today=today, now=now)
    _raise_exceptions(session, invoice_ids, today=today, now=now)


def record_returns(session: Session, returns: Rows) -> None:
    """Note what came back of orders: it is not to be billed."""
    keep_returns(session, returns)
    recount(session, [one["order_id"] for one in returns])


def _for_whom(told: Mapping[str, Any]) -> str:
    """The account that a document is for, whoever pays."""
    account_id: str = told.get("for_account_id") or told["account_id"]
    return account_id


def _credit(told: Mapping[str, Any], taken_back: int) -> dict[str, Any]:
    same = {name: told[name] for name in ("credit_note_id", "order_id", "currency")}
    return {"account_id": _for_whom(told), **same, "taken_back": taken_back}


def _several(invoices: Rows) -> dict[str, list[str]]:
    """The shipments that invoices bill which are not of one alone, by the invoice's id."""
    named = {
        one["invoice_id"]: list(
            dict.fromkeys(line["shipment_id"] for line in one["lines"] if line["shipment_id"])
        )
        for one in invoices
        if one["shipment_id"] is None
    }
    return {invoice_id: shipment_ids for invoice_id, shipment_ids in named.items() if shipment_ids}


def _orders_of(session: Session, *, invoice_ids: Sequence[str]) -> Sequence[str]:
    """The orders whose shipments invoices bill among others."""
    if not invoice_ids:
        return ()
    of_them = (
        select(Shipment.order_id)
        .join(BilledShipment, BilledShipment.shipment_id == Shipment.shipment_id)
        .where(BilledShipment.invoice_id.in_(invoice_ids))
    )
    return session.scalars(of_them.distinct()).all()


def _void_already(session: Session, invoice_ids: Sequence[str]) -> Sequence[OrderInvoice]:
    """Those of which nothing is known but that they are void."""
    unknown = OrderInvoice.order_id.is_(None)
    which = OrderInvoice.invoice_id.in_(invoice_ids)
    found = select(OrderInvoice).where(which, unknown)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def _count_anew(
    session: Session, order_ids: Sequence[str | None], *, today: date, now: datetime
) -> None:
    """Set `not_invoiced` of orders, and have a person look where too much is billed."""
    judge_orders(session, recount(session, order_ids), today=today, now=now)


def recount(session: Session, order_ids: Iterable[str | None]) -> list[Order]:
    """Set `not_invoiced` of orders anew from what became of them; those that are billed on order. The
    number of statements does not grow with the orders."""
    orders = fetch_all_for_change(session, Order, set(filter(None, order_ids)))
    on_order = [order for order in orders if is_billed_on_order(order)]
    load_lines(session, on_order)
    count_unbilled(session, [(order, order.lines) for order in on_order])
    others = [order.order_id for order in orders if not is_billed_on_order(order)]
    if others:
        note_not_invoiced(session, queries.sum_not_invoiced(session, others))
    return on_order


def _raise_exceptions(
    session: Session, invoice_ids: Sequence[str], *, today: date, now: datetime
) -> None:
    """Have a person settle each invoice that is void and was for an order of the account's own."""
    void = find_void_of_orders(session, invoice_ids=invoice_ids)
    if not void:
        return
    lines = read_lines(session, invoice_ids=[one.invoice_id for one in void])
    wanted = sorted({str(one.order_id) for one in void})
    known = select(Order).where(Order.order_id.in_(wanted))  # locked as they were counted anew
    orders = {one.order_id: one for one in session.scalars(known)}
    for one in void:
        order = orders.get(str(one.order_id))
        if order is not None and order.account_id == one.account_id:
            raise_exception(
                session,
                account_id=order.account_id,
                order_id=order.order_id,
                order_number=order.number,
                currency=order.currency,
                kind=ExceptionKind.INVOICE_VOIDED,
                about=one.invoice_id,
                about_number=str(one.number),
                quantities=lines.get(one.invoice_id, {}),
                shipment_id=one.shipment_id,
                today=today,
                now=now,
            )
