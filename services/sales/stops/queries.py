"""Reading stops, and what decides about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, exists, func, or_, select, union
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.accounts.models import Account, AccountBalance
from services.sales.orders.models import Order
from services.sales.stops.models import OrderStop
from services.sales.stops.rules import AgreedOrder


def list_stops(
    session: Session,
    *,
    account_id: str | None,
    is_standing: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of stops, oldest first."""
    statement = select(OrderStop)
    if account_id is not None:
        statement = statement.where(OrderStop.account_id == account_id)
    if is_standing is not None:
        statement = statement.where(OrderStop.released_at.is_(None) == is_standing)
    by = [OrderStop.stopped_at, OrderStop.order_id, OrderStop.count]
    return read_page(session, statement, by=by, limit=limit, after=after)


def read_agreed_orders(session: Session, *, account_id: str) -> dict[str, list[AgreedOrder]]:
    """The account's confirmed orders that are part of its exposure, by currency."""
    exposed = Order.open_gross + Order.not_invoiced
    shipped = func.greatest(Order.not_invoiced, 0)
    facts = (Order.order_id, Order.number, Order.confirmed_at, Order.agreed_limit)
    rows = session.execute(
        select(Order.currency, *facts, exposed - shipped, shipped).where(
            Order.account_id == account_id, exposed > 0
        )
    )
    orders: defaultdict[str, list[AgreedOrder]] = defaultdict(list)
    for currency, *values in rows:
        orders[currency].append(AgreedOrder(*values))
    return orders


def read_balances(session: Session, *, account_id: str) -> dict[str, int]:
    """What the account owes, unapplied money deducted, by currency."""
    rows = session.execute(
        select(AccountBalance.currency, AccountBalance.balance).where(
            AccountBalance.account_id == account_id
        )
    )
    return dict(rows.all())


def find_stopped_accounts(session: Session, *, account_ids: Collection[str]) -> Sequence[str]:
    """Those of the accounts that have stops in force."""
    stopped = (
        select(OrderStop.account_id)
        .where(OrderStop.account_id.in_(account_ids), OrderStop.released_at.is_(None))
        .distinct()
        .order_by(OrderStop.account_id)
    )
    return session.scalars(stopped).all()


def find_accounts_to_review(session: Session, *, account_ids: Collection[str]) -> Sequence[str]:
    """Those of the accounts that have stops in force, or orders agreed under a higher limit than
    there is now: of all others a new limit stops nothing and lets nothing go on."""
    limit = case((Order.currency == Account.currency, Account.credit_limit), else_=0)
    lowered = select(Account.account_id).where(
        Account.account_id.in_(account_ids),
        Account.credit_limit.is_not(None),
        exists().where(
            Order.account_id == Account.account_id,
            Order.open_gross + Order.not_invoiced > 0,
            or_(Order.agreed_limit.is_(None), Order.agreed_limit > limit),
        ),
    )
    stopped = select(OrderStop.account_id).where(
        OrderStop.account_id.in_(account_ids), OrderStop.released_at.is_(None)
    )
    return sorted(session.scalars(union(lowered, stopped)))


def find_standing(session: Session, *, account_id: str) -> dict[str, OrderStop]:
    """The account's stops in force, by order."""
    stops = session.scalars(
        select(OrderStop)
        .where(OrderStop.account_id == account_id, OrderStop.released_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return {stop.order_id: stop for stop in stops}


def count_stops(session: Session, *, order_ids: Collection[str]) -> dict[str, int]:
    """How often each of the orders was stopped; those that never were are left out."""
    counts = session.execute(
        select(OrderStop.order_id, func.max(OrderStop.count))
        .where(OrderStop.order_id.in_(order_ids))
        .group_by(OrderStop.order_id)
    )
    return dict(counts.all())
