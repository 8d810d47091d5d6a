"""Ask billing to bill something of an order, and hear what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import Rows
from chassis.database import fetch_all_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.sales.deposits.events import DepositAsked
from services.sales.events import ContactDue, ContactSettled
from services.sales.order_bills import queries, rules
from services.sales.order_bills.events import OrderBillAsked
from services.sales.order_bills.models import OrderBill, OrderBillLine
from services.sales.order_bills.rules import Action, BillKind, BillStatus

Line = Mapping[str, Any]
_ANSWER = select(OrderBill).from_statement(
    text("""
    UPDATE order_bill AS known
    SET version = known.version + 1, status = told.status, ended_at = told.ended_at,
        invoice_id = told.invoice_id, invoice_number = told.invoice_number, total = told.total,
        code = told.code, reason = told.reason
    FROM json_populate_recordset(NULL::order_bill, :rows) AS told
    WHERE known.bill_id = told.bill_id
    RETURNING known.*
    """)
)
_CHANGED = {"populate_existing": True}


class Named(NamedTuple):
    """The order of which something is billed."""

    account_id: str
    order_id: str
    order_number: str
    client_order_number: str | None
    currency: str


class Agreed(NamedTuple):
    """An order that somebody agreed to, as far as it is billed then: the lines that go out, as they are
    told."""

    named: Named
    lines: Sequence[Line]
    is_billed_on_order: bool
    deposit_percent: Decimal | None
    by: str


class Asked(NamedTuple):
    """What billing is asked to bill; `lines` say of the order lines description, price and tax."""

    bill: OrderBill
    lines: Sequence[Line]


def ask_at_confirmation(
    session: Session, agreed: Iterable[Agreed], *, now: datetime
) -> dict[str, list[Asked]]:
    """What is billed of orders as they are agreed, by order: all of one, or a deposit; what is given away
    is not billed. Nothing of them was asked for before; the caller tells of it (`tell_asked`)."""
    asked = {one.named.order_id: [*_bills_of(session, one, now=now)] for one in agreed}
    if any(asked.values()):
        session.flush()
    return asked


def _bills_of(session: Session, agreed: Agreed, *, now: datetime) -> Iterator[Asked]:
    sold = [line for line in agreed.lines if line["unit_price"]]
    if agreed.is_billed_on_order and sold:
        bill = draft(session, agreed.named, BillKind.LINES, now=now, by=agreed.by)
        put_lines(bill, {line["line_id"]: line["quantity"] for line in sold})
        yield Asked(_mark_asked(bill, now=now), sold)
    if agreed.deposit_percent is not None and sold:
        bill = draft(session, agreed.named, BillKind.DEPOSIT, now=now, by=agreed.by)
        bill.percent = agreed.deposit_percent
        yield Asked(_mark_asked(bill, now=now), sold)


def ask_deposit(
    session: Session,
    named: Named,
    lines: Sequence[Line],
    *,
    percent: Decimal,
    now: datetime,
    by: str,
) -> OrderBill:
    """Ask for a deposit on lines that go out."""
    bill = draft(session, named, BillKind.DEPOSIT, now=now, by=by)
    bill.percent = percent
    return ask(session, bill, lines, now=now, by=by)


def draft(session: Session, named: Named, kind: BillKind, *, now: datetime, by: str) -> OrderBill:
    """Something of an order that is to be billed, before billing is asked."""
    bill = OrderBill(
        bill_id=new_id("dep" if kind == BillKind.DEPOSIT else "obl"),
        **named._asdict(),
        kind=kind,
        status=BillStatus.DRAFT,
        created_at=now,
        created_by=by,
        lines=[],
    )
    session.add(bill)
    return bill


def put_lines(bill: OrderBill, quantities: Mapping[str, Decimal]) -> None:
    """Let a draft bill so much of these order lines, and nothing else."""
    bill.status = rules.move(bill.status, Action.CHANGE, bill_id=bill.bill_id)
    kept = {line.line_id: line for line in bill.lines if line.line_id in quantities}
    for line_id, quantity in quantities.items():
        line = kept.setdefault(line_id, OrderBillLine(line_id=line_id))
        line.quantity = quantity
    for position, line_id in enumerate(quantities, start=1):
        kept[line_id].position = position
    bill.lines[:] = [kept[line_id] for line_id in quantities]


def ask(
    session: Session, bill: OrderBill, lines: Sequence[Line], *, now: datetime, by: str
) -> OrderBill:
    """Ask billing. `lines` say of the order lines description, price and tax. What it refused before of
    the same kind is asked for again with it."""
    _mark_asked(bill, now=now)
    for before in queries.find_refused(
        session, order_ids=[bill.order_id], kind=BillKind(bill.kind)
    ):
        give_up(session, before, now=now, by=by)
    session.flush()
    tell_asked(session, Asked(bill, lines))
    return bill


def _mark_asked(bill: OrderBill, *, now: datetime) -> OrderBill:
    bill.status = rules.move(bill.status, Action.ASK, bill_id=bill.bill_id)
    bill.asked_at = now
    return bill


def tell_asked(session: Session, asked: Asked) -> None:
    """Tell billing what it is asked."""
    bill, lines = asked
    names = ("account_id", "order_id", "order_number", "client_order_number", "currency")
    facts = {name: getattr(bill, name) for name in names}
    if bill.kind == BillKind.DEPOSIT:
        told = {"percent": bill.percent, "ordered": rules.sum_by_rate(lines)}
        announce(session, DepositAsked, deposit_id=bill.bill_id, **facts, **told)
        return
    known = {line["line_id"]: line for line in lines}
    told_lines = [
        {
            **{
                name: known[line.line_id][name]
                for name in ("line_id", "description", "unit_price", "tax_percent")
            },
            "quantity": line.quantity,
        }
        for line in bill.lines
    ]
    said = {"bill_id": bill.bill_id, "shipment_id": bill.shipment_id, "lines": told_lines}
    announce(session, OrderBillAsked, **facts, **said)


def withdraw(session: Session, bill: OrderBill, *, now: datetime, by: str) -> OrderBill:
    """Ask for a draft no more."""
    bill.status = rules.move(bill.status, Action.WITHDRAW, bill_id=bill.bill_id)
    bill.ended_at, bill.ended_by = now, by
    session.flush()
    return bill


def give_up(session: Session, bill: OrderBill, *, now: datetime, by: str) -> OrderBill:
    """Ask for what billing refused no more: nobody is to be contacted about it."""
    bill.status = rules.move(bill.status, Action.GIVE_UP, bill_id=bill.bill_id)
    bill.ended_at, bill.ended_by = now, by
    session.flush()
    announce(session, ContactSettled, **_reason_of(bill, version=2))
    return bill


def hear_billed(session: Session, told: Rows, *, now: datetime) -> None:
    """Note what billing billed; once, whatever is repeated."""
    answers: list[dict[str, Any]] = []
    for bill, one in _find_asked(session, told):
        status = rules.move(bill.status, Action.BILL, bill_id=bill.bill_id)
        answers.append({**one, "status": status, "ended_at": now})
    _keep_answers(session, answers)


def hear_refused(session: Session, told: Rows, *, today: date, now: datetime) -> None:
    """Note what billing refused, and have a person look at each; once, whatever is repeated."""
    answers: list[dict[str, Any]] = []
    for bill, one in _find_asked(session, told):
        status = rules.move(bill.status, Action.REFUSE, bill_id=bill.bill_id)
        answers.append({**one, "status": status, "ended_at": now})
        announce(
            session,
            ContactDue,
            **_reason_of(bill, version=1),
            since=today,
            amount=None,
            sentence=rules.say_refused(bill.order_number, bill.kind, reason=one["reason"]),
            roles=rules.ROLES,
            channel=None,
            earliest=None,
        )
    _keep_answers(session, answers)


def give_up_deposits(session: Session, *, order_ids: Sequence[str], now: datetime, by: str) -> None:
    """Nothing is asked before supply of orders that ended."""
    for bill in queries.find_refused(session, order_ids=order_ids, kind=BillKind.DEPOSIT):
        give_up(session, bill, now=now, by=by)


def _find_asked(session: Session, told: Rows) -> Sequence[tuple[OrderBill, Mapping[str, Any]]]:
    """What billing was asked and has not answered before, locked, with what it says of it first; what is
    nothing of that is left out."""
    first: dict[str, Mapping[str, Any]] = {}
    for one in told:
        first.setdefault(one["bill_id"], one)
    found = fetch_all_for_change(session, OrderBill, first.keys())
    known = {bill.bill_id: bill for bill in found if bill.status == BillStatus.ASKED}
    return [(known[bill_id], one) for bill_id, one in first.items() if bill_id in known]


def _keep_answers(session: Session, answers: Rows) -> None:
    if answers:
        told = {"rows": json.dumps([*answers], default=str)}
        session.scalars(_ANSWER, told, execution_options=_CHANGED).all()


def _reason_of(bill: OrderBill, *, version: int) -> dict[str, Any]:
    return {
        "account_id": bill.account_id,
        "reason": "deposit_refused" if bill.kind == BillKind.DEPOSIT else "order_bill_refused",
        "about": bill.bill_id,
        "version": version,
        "currency": bill.currency,
    }
