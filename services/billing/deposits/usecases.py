"""Bill deposits ahead, or say why they cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import refusal_of
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing.accounts.queries import find_payers
from services.billing.accounts.usecases import Billed, lock_billed
from services.billing.billables.queries import find_waiting_orders
from services.billing.company.queries import find_rounding
from services.billing.deposits import events, rules
from services.billing.deposits.models import Deposit
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.usecases import lock_balances
from services.billing.orders.queries import find_orders, require_order
from services.billing.orders.rules import require_not_waiting
from services.billing.pricing.rules import price, require_amount
from services.billing.routines.queries import find_agreement


def answer_deposit(
    session: Session,
    *,
    account_id: str,
    deposit_id: str,
    order_id: str,
    order_number: str,
    client_order_number: str | None,
    currency: str,
    percent: Decimal,
    ordered: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue the invoice of a deposit, or refuse it with a reason; once, whatever is repeated."""
    owed_by = {account_id, *find_payers(session, account_ids=[account_id]).values()}
    lock_balances(session, keys={(each, currency) for each in owed_by})
    if session.get(Deposit, deposit_id) is not None:
        return
    order: dict[str, Any] = {
        "account_id": account_id,
        "order_id": order_id,
        "currency": currency,
    }
    billed: dict[str, Any] = {}

    def bill() -> None:
        lines = rules.deposit_lines(ordered, percent=percent, order_number=order_number)
        asked = price(list(lines), rounding=find_rounding(session))
        _require_billable_ahead(session, order, number=order_number)
        billed_account = lock_billed(session, account_id=account_id)
        named = {**order, **billed_account.names, "client_order_number": client_order_number}
        demand = Demand(**named, priced=asked, terms=None)
        billed.update(_issue(session, billed_account, demand, today=today, now=now, by=by))

    refusal = refusal_of(session, bill)
    code, reason = (None, None) if refusal is None else (refusal.code, refusal.detail)
    names = {"deposit_id": deposit_id, "account_id": account_id, "order_id": order_id}
    invoice_id = billed.get("invoice_id")
    session.add(Deposit(**names, invoice_id=invoice_id, code=code, reason=reason, answered_at=now))
    session.flush()
    if refusal is None:
        announce(session, events.DepositBilled, **names, **billed)
    else:
        announce(session, events.DepositRefused, **names, code=code, reason=reason)


def _require_billable_ahead(session: Session, order: Mapping[str, str], *, number: str) -> None:
    require_order(session, **order)
    order_ids = [order["order_id"]]
    rules.require_running(
        number, is_ended=find_orders(session, order_ids=order_ids)[order_ids[0]].is_ended
    )
    require_not_waiting(order_ids[0], waiting=find_waiting_orders(session, order_ids=order_ids))


def _issue(
    session: Session, billed: Billed, demand: Demand, *, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Issue it today, on the payer's terms; what is said of it."""
    require_amount(demand.priced)
    billed.require_billable()
    day, dues = fix_dates(
        total=demand.total,
        currency=demand.currency,
        terms=None,
        agreement=find_agreement(session, billed.payer),
        issued_on=None,
        today=today,
    )
    invoice_id = new_id("inv")
    new = [NewInvoice(invoice_id, demand, day, dues)]
    numbers = issue_new(session, new=new, now=now, by=by)
    return {
        "invoice_id": invoice_id,
        "invoice_number": numbers[invoice_id],
        "currency": demand.currency,
        "total": demand.total,
    }
