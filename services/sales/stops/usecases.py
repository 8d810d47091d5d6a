"""Stopping orders that a lowered credit limit has no room for, and letting them go on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import Rows
from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.money import Money
from kernel.refusals import Conflict
from services.sales import events
from services.sales.accounts.models import Account
from services.sales.accounts.rules import limit_in
from services.sales.accounts.usecases import (
    fetch_account_for_change,
    keep_accounts,
    keep_balances,
    lock_account,
)
from services.sales.orders.models import Order
from services.sales.orders.usecases import agree_under
from services.sales.stops import queries, rules
from services.sales.stops.models import OrderStop
from services.sales.stops.rules import AgreedOrder


def take_limits(session: Session, snapshots: Rows, *, today: date, now: datetime) -> None:
    """Take over accounts with another credit limit: orders may not fit it any more, or again."""
    keep_accounts(session, snapshots)
    account_ids = {one["account_id"] for one in snapshots}
    for account_id in queries.find_accounts_to_review(session, account_ids=account_ids):
        review_stops(session, account_id=account_id, today=today, now=now)


def take_balances(session: Session, snapshots: Rows, *, today: date, now: datetime) -> None:
    """Take over what accounts owe: stopped orders may fit the limit again."""
    keep_balances(session, snapshots)
    account_ids = [one["account_id"] for one in snapshots]
    review_where_stopped(session, account_ids=account_ids, today=today, now=now)


def review_where_stopped(
    session: Session, *, account_ids: Collection[str], today: date, now: datetime
) -> None:
    """The review of those accounts that have stopped orders; what is owed or ordered stops no others."""
    for account_id in queries.find_stopped_accounts(session, account_ids=account_ids):
        review_stops(session, account_id=account_id, today=today, now=now)


def review_stops(session: Session, *, account_id: str, today: date, now: datetime) -> None:
    """Stop the account's orders that a lowered limit has no room for, and let go on those that fit."""
    account = lock_account(session, account_id)
    if account is None:
        return
    unfit = _find_unfit(session, account)
    standing = queries.find_standing(session, account_id=account_id)
    new = [order_id for order_id in unfit if order_id not in standing]
    counts = queries.count_stops(session, order_ids=new) if new else {}
    for order_id in new:
        order, currency, limit = unfit[order_id]
        count = counts.get(order_id, 0) + 1
        _stop(
            session,
            account,
            order,
            currency=currency,
            limit=limit,
            count=count,
            today=today,
            now=now,
        )
    for order_id, stop in standing.items():
        if order_id not in unfit:
            _release(session, stop, reason=rules.FITS, now=now, by=None)


def require_not_stopped(
    session: Session, order: Order, account: Account, *, today: date, now: datetime
) -> None:
    """Refuse (`order_stopped`) to ship an order that a lowered limit has no room for. The caller has
    locked the account."""
    if not rules.is_lowered(_limit(account, order.currency), agreed_limit=order.agreed_limit):
        return
    review_stops(session, account_id=account.account_id, today=today, now=now)
    stop = queries.find_standing(session, account_id=account.account_id).get(order.order_id)
    if stop is not None:
        raise rules.stopped(stop.number, stop.reason)


def release_order(
    session: Session, *, order_id: str, reason: str, today: date, now: datetime, by: str
) -> Order:
    """Let an order go on although the limit has no room for it: it counts as agreed under this limit."""
    order = fetch_for_change(session, Order, order_id)
    account = fetch_account_for_change(session, order.account_id)
    stop = queries.find_standing(session, account_id=order.account_id).get(order_id)
    if stop is None:
        raise Conflict(
            "order_not_stopped", f"Order {order.number} is not stopped; it can be shipped as it is."
        )
    agree_under(session, order, limit=_limit(account, order.currency))
    _release(session, stop, reason=reason, now=now, by=by)
    review_stops(session, account_id=order.account_id, today=today, now=now)
    return order


def _find_unfit(session: Session, account: Account) -> dict[str, tuple[AgreedOrder, str, int]]:
    """What does not fit, with its currency and the limit there, by order."""
    balances = queries.read_balances(session, account_id=account.account_id)
    agreed = queries.read_agreed_orders(session, account_id=account.account_id)
    unfit = {}
    for currency, orders in agreed.items():
        limit = _limit(account, currency)
        balance = balances.get(currency, 0)
        for order in rules.find_unfit(orders, limit=limit, balance=balance):
            assert limit is not None, "without a limit everything fits"
            unfit[order.order_id] = (order, currency, limit)
    return unfit


def _limit(account: Account, currency: str) -> int | None:
    return limit_in(currency, account_currency=account.currency, credit_limit=account.credit_limit)


def _stop(
    session: Session,
    account: Account,
    order: AgreedOrder,
    *,
    currency: str,
    limit: int,
    count: int,
    today: date,
    now: datetime,
) -> None:
    facts: dict[str, Any] = {
        "account_id": account.account_id,
        "order_id": order.order_id,
        "number": order.number,
        "currency": currency,
        "gross": order.open,
        "reason": rules.why_stopped(order.number, limit=limit, currency=currency),
    }
    stop = OrderStop(**facts, count=count, stopped_at=now)
    session.add(stop)
    session.flush()
    version = rules.stopped_version(count)
    announce(session, events.OrderStopped, **facts, version=version)
    announce(
        session,
        events.ContactDue,
        **_reason_of(stop, version=version),
        since=today,
        amount=order.open,
        sentence=rules.say_stopped(Money(order.open, currency), reason=stop.reason),
        roles=rules.ROLES,
        channel=None,
        earliest=None,
    )


def _release(
    session: Session, stop: OrderStop, *, reason: str, now: datetime, by: str | None
) -> None:
    stop.released_at, stop.released_by, stop.release_reason = now, by, reason
    session.flush()
    version = rules.released_version(stop.count)
    announce(
        session,
        events.OrderReleased,
        account_id=stop.account_id,
        order_id=stop.order_id,
        number=stop.number,
        version=version,
        reason=reason,
        released_by=by,
    )
    announce(session, events.ContactSettled, **_reason_of(stop, version=version))


def _reason_of(stop: OrderStop, *, version: int) -> dict[str, Any]:
    return {
        "account_id": stop.account_id,
        "reason": rules.ORDER_STOPPED,
        "about": stop.order_id,
        "version": version,
        "currency": stop.currency,
    }
