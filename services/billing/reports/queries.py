"""Reports from history: the same question has the same answer for ever."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ScalarSelect,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
)
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
    open_items = select_open_items(day, moment, currency, account_id)
    by_account = _aged(open_items, day, open_items.c.account_id, open_items.c.currency).cte()
    totals = _in_all(by_account)
    page = read_page(
        session,
        select(by_account, Account.number, totals.label("totals")).join(
            Account, Account.account_id == by_account.c.account_id
        ),
        by=[Account.number, by_account.c.account_id, by_account.c.currency],
        limit=limit,
        after=after,
    )
    found = page["items"][0].totals if page["items"] else session.scalars(select(totals)).one()
    return {
        "as_of": day,
        "known_at": moment,
        "totals": [_with_buckets(total) for total in found],
        **page,
        "items": [_with_buckets(row._mapping) for row in page["items"]],
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
    open_items = select_open_items(last_day, moment, currency, None)
    receivables = int(
        session.scalar(
            select(func.coalesce(func.sum(open_items.c.open), 0)).where(~open_items.c.is_cost)
        )
        or 0
    )
    sales = (LedgerAccount.REVENUE, LedgerAccount.TAX)
    discounts = (JournalKind.ALLOCATION_MADE, JournalKind.ALLOCATION_REVERSED)  # they lower tax
    billed = -int(
        session.scalar(
            select(func.coalesce(func.sum(JournalEntry.amount), 0)).where(
                JournalEntry.ledger_account.in_(sales),
                JournalEntry.kind.not_in(discounts),
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


def select_open_items(
    as_of: date,
    known_at: datetime,
    currency: str | None,
    account_id: str | None,
    *,
    account_ids: Collection[str] | None = None,
) -> Subquery:
    """Items with what was open of them at the end of the day, as known at the moment: as they are now,
    where they have not changed since, else as what was set against them by then left them."""
    scope = [Item.issued_on <= as_of, Item.recorded_at <= known_at]
    if currency is not None:
        scope.append(Item.currency == currency)
    if account_id is not None:
        scope.append(Item.account_id == account_id)
    if account_ids is not None:
        scope.append(Item.account_id.in_(account_ids))
    has_changed = or_(Item.changed_on > as_of, Item.changed_at > known_at)
    unchanged = select(
        Item.item_id,
        Item.account_id,
        Item.currency,
        Item.is_cost,
        Item.due_date,
        Item.balance.label("open"),
    ).where(*scope, Item.balance > 0, not_(has_changed))
    changed = _as_they_were(as_of, known_at).where(*scope, has_changed)
    return unchanged.union_all(changed).subquery()


def _as_they_were(as_of: date, known_at: datetime) -> Select[*tuple[Any, ...]]:
    """Items as they were: what was set against them since is undone, and when what was due of them is as
    it was. Nothing is set against an item that is void, which was the last that happened to it."""
    is_since = or_(Allocation.effective_on > as_of, Allocation.recorded_at > known_at)
    since = (
        select(Allocation.item_id, cast(func.sum(Allocation.amount), BigInteger).label("amount"))
        .where(is_since)
        .group_by(Allocation.item_id)
        .subquery()
    )
    past = select_past_dues(as_of=as_of, known_at=known_at).subquery()
    left = case((Item.is_void, Item.amount), else_=Item.balance)
    demanded = func.coalesce(past.c.old_amount, Item.amount) - Item.amount
    then = left + demanded + func.coalesce(since.c.amount, 0)
    return (
        select(
            Item.item_id,
            Item.account_id,
            Item.currency,
            Item.is_cost,
            func.coalesce(past.c.old_due_date, Item.due_date).label("due_date"),
            then.label("open"),
        )
        .outerjoin(past, past.c.item_id == Item.item_id)
        .outerjoin(since, since.c.item_id == Item.item_id)
        .where(then > 0)
    )


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


def _in_all(by_account: CTE) -> ScalarSelect[Any]:
    """The sums over all accounts, by currency, in one value: what is open is gone through once."""
    counted = [column for column in by_account.c if column.key not in ("account_id", "currency")]
    sums = (
        select(by_account.c.currency, *(func.sum(column).label(column.key) for column in counted))
        .group_by(by_account.c.currency)
        .order_by(by_account.c.currency)
        .subquery("total")
    )
    told = func.json_agg(func.row_to_json(literal_column("total")))
    return (
        select(func.coalesce(told, literal_column("'[]'::json")))
        .select_from(sums)
        .scalar_subquery()
    )


def _with_buckets(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "account_id": found.get("account_id"),
        "account_number": found.get("number"),
        "currency": found["currency"],
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
