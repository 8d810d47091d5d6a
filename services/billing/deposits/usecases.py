"""Bill deposits ahead, or say why they cannot be; many at once, in a number of statements that does not
grow with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_by_itself, insert_rows, refusal_of
from chassis.outbox import announce
from kernel.ids import new_ids
from kernel.refusals import Refusal
from services.billing.accounts.rules import account_not_found
from services.billing.accounts.usecases import Billed
from services.billing.advances.rules import AccountOrder
from services.billing.advances.usecases import lock_orders
from services.billing.billables.queries import find_waiting_orders
from services.billing.company.queries import find_rounding
from services.billing.deposits import events, rules
from services.billing.deposits.models import Deposit
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates, say_answers
from services.billing.issuing.usecases import issue_new
from services.billing.orders.queries import find_orders
from services.billing.orders.rules import require_all_known, require_not_waiting, require_own_order
from services.billing.pricing.rules import price, require_amount
from services.billing.routines.queries import find_agreements
from services.billing.routines.rules import Agreement

Row = Mapping[str, Any]


class Ahead(NamedTuple):
    """What is demanded ahead, on which terms."""

    demand: Demand
    agreement: Agreement


def answer_deposits(session: Session, asked: Rows, *, today: date, now: datetime, by: str) -> None:
    """Issue the invoices of deposits, or refuse them with a reason, once each, whatever is repeated, as
    if one came after the other."""
    billed = lock_orders(session, orders={_order_of(one) for one in asked})
    first: dict[str, Row] = {}
    for one in asked:
        first.setdefault(one["deposit_id"], one)
    known = set(
        session.scalars(select(Deposit.deposit_id).where(Deposit.deposit_id.in_(list(first))))
    )
    new = [one for deposit_id, one in first.items() if deposit_id not in known]
    if not new:
        return
    decided = each_by_itself(session, new, _decide_with(session, new, billed))
    answers: list[NewInvoice | Refusal] = []
    numbers: dict[str, str] = {}

    def issue() -> None:
        for invoice_id, each in zip(new_ids("inv", len(new)), decided, strict=True):
            if isinstance(each, Ahead):
                answers.append(_invoice(invoice_id, each, today=today))
            else:
                answers.append(each)
        if issued := [each for each in answers if isinstance(each, NewInvoice)]:
            numbers.update(issue_new(session, new=issued, now=now, by=by))

    if refusal := refusal_of(session, issue):
        if len(new) > 1:
            raise refusal  # each is asked again by itself
        answers = [refusal]
    said = say_answers(new, answers, key="deposit_id", numbers=numbers, now=now)
    insert_rows(session, Deposit, said.kept)
    for is_refused, facts in said.told:
        event = events.DepositRefused if is_refused else events.DepositBilled
        announce(session, event, **facts)


def _decide_with(
    session: Session, asked: Rows, billed: Mapping[str, Billed]
) -> Callable[[Row], Ahead]:
    """How is decided what is billed ahead by one of these. NotKnownYet where there is no copy of an order
    or account: it is on its way."""
    order_ids = {one["order_id"] for one in asked}
    orders = find_orders(session, order_ids=order_ids)
    require_all_known(order_ids, orders)
    for one in asked:
        if one["account_id"] not in billed:
            raise account_not_found(one["account_id"])
    waiting = find_waiting_orders(session, order_ids=order_ids)
    payers = [each.found_payer for each in billed.values() if each.found_payer is not None]
    agreements = find_agreements(session, accounts=payers)
    rounding = find_rounding(session)

    def decide(one: Row) -> Ahead:
        order, number = _order_of(one), one["order_number"]
        lines = rules.deposit_lines(one["ordered"], percent=one["percent"], order_number=number)
        priced = price(list(lines), rounding=rounding)
        require_own_order(orders.get(order.order_id), **order._asdict())
        rules.require_running(number, is_ended=orders[order.order_id].is_ended)
        require_not_waiting(order.order_id, waiting=waiting)
        to = billed[order.account_id]
        client_order_number = one["client_order_number"]
        named = {**order._asdict(), **to.names, "client_order_number": client_order_number}
        require_amount(priced)
        to.require_billable()
        return Ahead(Demand(**named, priced=priced, terms=None), agreements[to.payer.account_id])

    return decide


def _invoice(invoice_id: str, ahead: Ahead, *, today: date) -> NewInvoice:
    """The invoice, of today, on the payer's terms."""
    day, dues = fix_dates(
        total=ahead.demand.total,
        currency=ahead.demand.currency,
        terms=None,
        agreement=ahead.agreement,
        issued_on=None,
        today=today,
    )
    return NewInvoice(invoice_id, ahead.demand, day, dues)


def _order_of(one: Row) -> AccountOrder:
    return AccountOrder(one["order_id"], one["account_id"], one["currency"])
