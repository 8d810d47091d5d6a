"""Reading orders, and what they add to an account's exposure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.accounts import queries as account_queries
from services.sales.accounts.models import Account, AccountBalance, CreditHold
from services.sales.accounts.rules import Standing, limit_in
from services.sales.credit_terms import rules as credit_rules
from services.sales.credit_terms.queries import find_terms
from services.sales.credit_terms.rules import Credit, Group, Overdue
from services.sales.items.queries import sum_due_before
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import TWINS_MAX, OrderStatus, say_twin
from services.sales.reservations.rules import Want

ANNOUNCED = select(Order).where(Order.status != OrderStatus.DRAFT)
"""The orders that others heard of."""


def get_order(session: Session, *, order_id: str) -> Order:
    """One order with its lines."""
    order = fetch(session, Order, order_id)
    if order.status == OrderStatus.DRAFT:
        order.warn(find_twins(session, order))
    return order


def find_twins(session: Session, order: Order) -> list[dict[str, Any]]:
    """What is to be known of a draft: the account's other drafts with as many of one of its products, the
    first ten."""
    lines = OrderLine.__table__.c
    mine = OrderLine.__table__.alias("mine").c
    same = (mine.product_id == lines.product_id) & (mine.quantity == lines.quantity)
    twins = session.execute(
        select(
            Order.order_id,
            Order.number,
            func.min(lines.sku).label("sku"),
            func.min(lines.quantity).label("quantity"),
        )
        .join(OrderLine, lines.order_id == Order.order_id)
        .join(mine.order_id.table, same & (mine.order_id == order.order_id))
        .where(Order.account_id == order.account_id, Order.order_id != order.order_id)
        .where(Order.status == OrderStatus.DRAFT)
        .group_by(Order.order_id, Order.number)
        .order_by(Order.number)
        .limit(TWINS_MAX)
    )
    return [say_twin(**row._mapping) for row in twins]


def list_orders(
    session: Session,
    *,
    account_id: str | None,
    status: str | None,
    ordered_from: date | None,
    ordered_to: date | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of orders without their lines, newest first."""
    statement = select(Order)
    if account_id is not None:
        statement = statement.where(Order.account_id == account_id)
    if status is not None:
        statement = statement.where(Order.status == status)
    if ordered_from is not None:
        statement = statement.where(Order.ordered_on >= ordered_from)
    if ordered_to is not None:
        statement = statement.where(Order.ordered_on <= ordered_to)
    return read_page(
        session,
        statement,
        by=[Order.ordered_on, Order.number],
        limit=limit,
        after=after,
        is_descending=True,
    )


def wants_of(order: Order) -> list[Want]:
    """What is to be kept of the stock for an order's lines: all that is open of what goes out."""
    return [
        Want(
            line_id=line.line_id,
            account_id=order.account_id,
            order_id=order.order_id,
            product_id=line.product_id,
            quantity=line.quantities.open,
            promised_on=line.promised_on,
        )
        for line in order.lines
        if not line.is_return_line
    ]


def find_sold_lines(
    session: Session, *, account_id: str, currency: str, line_ids: Collection[str]
) -> dict[str, OrderLine]:
    """Those of the lines by which the account bought something in this currency, by id; drafts are left
    out. Of a line of goods that come back nothing was shipped."""
    if not line_ids:
        return {}
    sold = (
        select(OrderLine)
        .join(Order, Order.order_id == OrderLine.order_id)
        .where(OrderLine.line_id.in_(line_ids))
        .where(Order.account_id == account_id, Order.currency == currency)
        .where(Order.status != OrderStatus.DRAFT)
    )
    return {line.line_id: line for line in session.scalars(sold)}


def get_standing(session: Session, *, account_id: str, currency: str | None) -> Standing:
    """What the credit check would see of the account now, in its own currency unless another is
    given."""
    account = account_queries.fetch_account(session, account_id)
    return read_standing(session, account, currency=currency or account.currency)


def read_standing(session: Session, account: Account, *, currency: str) -> Standing:
    """The standing of an account in one currency."""
    balance = session.get(AccountBalance, (account.account_id, currency))
    hold = session.get(CreditHold, account.account_id)
    exposed = Order.open_gross + Order.not_invoiced
    open_orders = session.scalar(
        select(func.sum(exposed)).where(
            Order.account_id == account.account_id, Order.currency == currency, exposed > 0
        )
    )
    return Standing(
        account_id=account.account_id,
        number=account.number,
        status=account.status,
        currency=currency,
        credit_limit=limit_in(
            currency, account_currency=account.currency, credit_limit=account.credit_limit
        ),
        open=balance.open if balance else 0,
        unapplied=balance.unapplied if balance else 0,
        balance=balance.balance if balance else 0,
        open_orders=int(open_orders or 0),
        hold_reason=hold.reason if hold is not None and hold.is_placed else None,
    )


def read_credit(
    session: Session,
    account: Account,
    *,
    currency: str,
    today: date,
    but_for: str | None = None,
) -> Credit:
    """All that the credit check sees of an account in one currency; of its drafts not the one with the id
    `but_for`, which is being agreed to."""
    standing = read_standing(session, account, currency=currency)
    terms = find_terms(session, account)
    if terms.counts_drafts:
        drafts = _sum_drafts(session, account.account_id, currency=currency, but_for=but_for)
        standing = replace(standing, drafts=drafts)
    limit = credit_rules.overdue_limit_in(currency, account_currency=account.currency, terms=terms)
    due = credit_rules.overdue_before(today, days=terms.overdue_days)
    owed = sum_due_before(session, account_id=account.account_id, currency=currency, day=due)
    return Credit(
        standing=standing,
        counts_drafts=terms.counts_drafts,
        overdue=Overdue(owed, limit, terms.overdue_days),
        group=_read_group(session, account.credit_group_id, currency=currency),
    )


def _sum_drafts(session: Session, account_id: str, *, currency: str, but_for: str | None) -> int:
    drafts = select(func.sum(Order.total_gross)).where(
        Order.account_id == account_id,
        Order.currency == currency,
        Order.status == OrderStatus.DRAFT,
        Order.total_gross > 0,
    )
    if but_for is not None:
        drafts = drafts.where(Order.order_id != but_for)
    return int(session.scalar(drafts) or 0)


def _read_group(session: Session, group_id: str | None, *, currency: str) -> Group | None:
    """The group whose limit counts, with what all its accounts come to, whoever may see them: tables,
    no models. None where there is no such group, or it has no limit."""
    account, balance, order = Account.__table__.c, AccountBalance.__table__.c, Order.__table__.c
    named = select(account.number, account.currency, account.credit_limit)
    group = session.execute(named.where(account.account_id == group_id)).one_or_none()
    if group_id is None or group is None or group.credit_limit is None:
        return None
    members = select(account.account_id).where(account.credit_group_id == group_id)
    owed = select(func.sum(balance.balance)).where(
        balance.account_id.in_(members), balance.currency == currency
    )
    exposed = order.open_gross + order.not_invoiced
    ordered = select(func.sum(exposed)).where(
        order.account_id.in_(members), order.currency == currency, exposed > 0
    )
    limit = limit_in(currency, account_currency=group.currency, credit_limit=group.credit_limit)
    exposure = int(session.scalar(owed) or 0) + int(session.scalar(ordered) or 0)
    assert limit is not None, "it has one"
    return Group(account_id=group_id, number=group.number, limit=limit, exposure=exposure)
