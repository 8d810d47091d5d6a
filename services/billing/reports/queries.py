"""Reports from history: the same question has the same answer for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.accounts.models import Account
from services.billing.allocations.models import Allocation
from services.billing.items.models import Item
from services.billing.ledger.models import JournalEntry
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.reports import rules
from services.billing.reports.rules import BUCKETS
from services.billing.reschedules.queries import select_past_dues


def report_ageing(
    session: Session,
    *,
    as_of: date | None,
    known_at: datetime | None,
    currency: str | None,
    account_id: str | None,
    limit: int,
    after: str | None,
    today: date,
    now: datetime,
) -> dict[str, Any]:
    """What was open at the end of a day, as known at a moment, by how long it was overdue."""
    day = as_of or today
    moment = rules.choose_moment(known_at, now=now)
    open_items = _open_items(day, moment, currency, account_id).subquery()
    by_account = _aged(open_items, day, open_items.c.account_id, open_items.c.currency).subquery()
    totals = session.execute(
        _aged(open_items, day, open_items.c.currency).order_by(open_items.c.currency)
    )
    page = read_page(
        session,
        select(by_account, Account.number).join(
            Account, Account.account_id == by_account.c.account_id
        ),
        by=[Account.number, by_account.c.account_id, by_account.c.currency],
        limit=limit,
        after=after,
    )
    return {
        "as_of": day,
        "known_at": moment,
        "totals": [_with_buckets(row) for row in totals],
        **page,
        "items": [_with_buckets(row) for row in page["items"]],
    }


def report_dso(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    currency: str,
    known_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """Days sales outstanding of a period; billed is invoices less voided and credited, with tax.
    What paying late costs is neither billed nor among the receivables."""
    rules.require_period(first_day, last_day)
    moment = rules.choose_moment(known_at, now=now)
    of_sales = _open_items(last_day, moment, currency, None).where(Item.is_cost.is_(False))
    open_items = of_sales.subquery()
    receivables = int(session.scalar(select(func.coalesce(func.sum(open_items.c.open), 0))) or 0)
    sales = (LedgerAccount.REVENUE, LedgerAccount.TAX)
    billed = -int(
        session.scalar(
            select(func.coalesce(func.sum(JournalEntry.amount), 0)).where(
                JournalEntry.ledger_account.in_(sales),
                JournalEntry.currency == currency,
                JournalEntry.effective_on.between(first_day, last_day),
                JournalEntry.recorded_at <= moment,
            )
        )
        or 0
    )
    return {
        "first_day": first_day,
        "last_day": last_day,
        "known_at": moment,
        "currency": currency,
        "receivables": receivables,
        "billed": billed,
        "dso": rules.days_sales_outstanding(
            receivables=receivables, billed=billed, first_day=first_day, last_day=last_day
        ),
    }


def report_collected(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    known_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """Money received in a period by value date, less what was reversed and refunded in it; what was
    there after all, or came back, is less of either."""
    rules.require_period(first_day, last_day)
    moment = rules.choose_moment(known_at, now=now)

    def of(*kinds: JournalKind) -> Any:
        amount = func.sum(JournalEntry.amount).filter(JournalEntry.kind.in_(kinds))
        return func.coalesce(amount, 0)

    found = session.execute(
        select(
            JournalEntry.currency,
            func.count()
            .filter(JournalEntry.kind == JournalKind.PAYMENT_RECEIVED)
            .label("payments"),
            of(JournalKind.PAYMENT_RECEIVED).label("received"),
            of(JournalKind.PAYMENT_REVERSED, JournalKind.PAYMENT_REINSTATED).label("taken_back"),
            of(JournalKind.MONEY_REFUNDED, JournalKind.REFUND_REVERSED).label("refunded"),
        )
        .where(
            JournalEntry.ledger_account == LedgerAccount.CASH,
            JournalEntry.effective_on.between(first_day, last_day),
            JournalEntry.recorded_at <= moment,
        )
        .group_by(JournalEntry.currency)
        .order_by(JournalEntry.currency)
    )
    return {
        "first_day": first_day,
        "last_day": last_day,
        "known_at": moment,
        "currencies": [
            {
                "currency": row.currency,
                "payments": row.payments,
                "received": int(row.received),
                "reversed": -int(row.taken_back),
                "refunded": -int(row.refunded),
                "collected": int(row.received + row.taken_back + row.refunded),
            }
            for row in found
        ],
    }


def _open_items(
    as_of: date, known_at: datetime, currency: str | None, account_id: str | None
) -> Select[*tuple[Any, ...]]:
    """Items with what was open of them at the end of the day, as known at the moment. Items that were
    settled or void by then, and have not changed since, are passed over by their index."""
    allocated = func.coalesce(func.sum(Allocation.amount), 0)
    past = select_past_dues(as_of=as_of, known_at=known_at).subquery()
    # One row of the past at the most for each item, so that its greatest is it.
    amount = func.coalesce(func.max(past.c.old_amount), Item.amount)
    due_date = func.coalesce(func.max(past.c.old_due_date), Item.due_date)
    statement = (
        select(
            Item.account_id,
            Item.currency,
            due_date.label("due_date"),
            (amount - allocated).label("open"),
        )
        .outerjoin(past, past.c.item_id == Item.item_id)
        .outerjoin(
            Allocation,
            and_(
                Allocation.item_id == Item.item_id,
                Allocation.effective_on <= as_of,
                Allocation.recorded_at <= known_at,
            ),
        )
        .where(
            Item.issued_on <= as_of,
            Item.recorded_at <= known_at,
            or_(Item.balance > 0, Item.changed_on > as_of, Item.changed_at > known_at),
        )
        .group_by(Item.item_id)
        .having(amount > allocated)
    )
    if currency is not None:
        statement = statement.where(Item.currency == currency)
    if account_id is not None:
        statement = statement.where(Item.account_id == account_id)
    return statement


def _aged(open_items: Subquery, as_of: date, *by: Any) -> Select[*tuple[Any, ...]]:
    """Count and sum by bucket, for each value of `by`."""
    columns = [func.count().label("count"), func.sum(open_items.c.open).label("amount")]
    for bucket in BUCKETS:
        within = open_items.c.due_date.between(*bucket.due_dates(as_of))
        columns += [
            func.count().filter(within).label(f"count {bucket.name}"),
            func.coalesce(func.sum(open_items.c.open).filter(within), 0).label(bucket.name),
        ]
    return select(*by, *columns).group_by(*by)


def _with_buckets(row: Any) -> dict[str, Any]:
    found = row._mapping
    return {
        "account_id": found.get("account_id"),
        "account_number": found.get("number"),
        "currency": row.currency,
        "count": found["count"],
        "amount": int(found["amount"]),
        "buckets": [
            {
                "bucket": bucket.name,
                "count": found[f"count {bucket.name}"],
                "amount": int(found[bucket.name]),
            }
            for bucket in BUCKETS
        ],
    }
