"""Reading orders, and what they add to an account's exposure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

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
Key = tuple[str, str]
_NOTHING_OWED = {"open": 0, "unapplied": 0, "balance": 0}


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


class SoldLine(NamedTuple):
    """A line by which something was sold, of which account, in which currency."""

    account_id: str
    currency: str
    line: OrderLine


def find_sold_lines(session: Session, line_ids: Collection[str]) -> dict[str, SoldLine]:
    """Those of the lines by which something was sold, by id; drafts are left out. Of a line of goods that
    come back nothing was shipped."""
    if not line_ids:
        return {}
    sold = (
        select(Order.account_id, Order.currency, OrderLine)
        .join(OrderLine, Order.order_id == OrderLine.order_id)
        .where(OrderLine.line_id.in_(line_ids), Order.status != OrderStatus.DRAFT)
    )
    return {one.line.line_id: one for one in map(SoldLine._make, session.execute(sold))}


def load_lines(session: Session, orders: Collection[Order]) -> None:
    """Read the lines of orders that the caller has locked, in one statement for all."""
    found: defaultdict[str, list[OrderLine]] = defaultdict(list)
    lines = select(OrderLine).where(OrderLine.order_id.in_([one.order_id for one in orders]))
    fresh = lines.order_by(OrderLine.position).execution_options(populate_existing=True)
    for line in session.scalars(fresh) if orders else ():
        found[line.order_id].append(line)
    for order in orders:
        set_committed_value(order, "lines", found[order.order_id])


def get_standing(session: Session, *, account_id: str, currency: str | None) -> Standing:
    """What the credit check would see of the account now, in its own currency unless another is
    given."""
    account = account_queries.fetch_account(session, account_id)
    key = account_id, currency or account.currency
    return read_standings(session, {key: account})[key]


def read_standings(session: Session, accounts: Mapping[Key, Account]) -> dict[Key, Standing]:
    """The standing of accounts, each in one currency, by account and currency."""
    keys = [account.account_id for account in accounts.values()]
    balances = _read_balances(session, keys)
    holds = _read_holds(session, keys)
    ordered = _sum_by_account(session, keys, Order.open_gross + Order.not_invoiced)
    return {
        (account_id, currency): Standing(
            account_id=account_id,
            number=account.number,
            status=account.status,
            currency=currency,
            credit_limit=limit_in(
                currency, account_currency=account.currency, credit_limit=account.credit_limit
            ),
            **balances.get((account_id, currency), _NOTHING_OWED),
            open_orders=ordered.get((account_id, currency), 0),
            hold_reason=holds.get(account_id),
        )
        for (account_id, currency), account in accounts.items()
    }


def read_credit(session: Session, account: Account, *, currency: str, today: date) -> Credit:
    """All that the credit check sees of an account in one currency."""
    key = account.account_id, currency
    return read_credits(session, {key: account}, today=today)[key]


def read_credits(
    session: Session, accounts: Mapping[Key, Account], *, today: date
) -> dict[Key, Credit]:
    """As `read_credit`, of many accounts, each in one currency, by account and currency."""
    standings = read_standings(session, accounts)
    terms = find_terms(session, {one.account_id: one for one in accounts.values()}.values())
    counting = [account_id for account_id, _ in accounts if terms[account_id].counts_drafts]
    drafts = _sum_by_account(session, counting, Order.total_gross, Order.status == "draft")
    days = {
        key: credit_rules.overdue_before(today, days=terms[key[0]].overdue_days) for key in accounts
    }
    owed = sum_due_before(session, days)
    groups = _read_groups(session, accounts)
    return {
        key: Credit(
            standing=replace(standings[key], drafts=drafts.get(key, 0)),
            counts_drafts=terms[key[0]].counts_drafts,
            overdue=Overdue(
                owed[key],
                credit_rules.overdue_limit_in(
                    key[1], account_currency=account.currency, terms=terms[key[0]]
                ),
                terms[key[0]].overdue_days,
            ),
            group=groups.get((account.credit_group_id or "", key[1])),
        )
        for key, account in accounts.items()
    }


def _read_balances(session: Session, account_ids: Collection[str]) -> dict[Key, dict[str, int]]:
    names = ("open", "unapplied", "balance")
    facts = [getattr(AccountBalance, name) for name in names]
    rows = session.execute(
        select(AccountBalance.account_id, AccountBalance.currency, *facts).where(
            AccountBalance.account_id.in_(account_ids)
        )
    )
    return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}


def _read_holds(session: Session, account_ids: Collection[str]) -> dict[str, str]:
    holds = session.execute(
        select(CreditHold.account_id, CreditHold.reason).where(
            CreditHold.account_id.in_(account_ids), CreditHold.is_placed
        )
    )
    return dict(holds.all())


def _sum_by_account(
    session: Session, account_ids: Collection[str], amount: Any, *which: Any
) -> dict[Key, int]:
    """What accounts' orders come to in each currency; only amounts above 0 count."""
    if not account_ids:
        return {}
    rows = session.execute(
        select(Order.account_id, Order.currency, func.sum(amount))
        .where(Order.account_id.in_(account_ids), amount > 0, *which)
        .group_by(Order.account_id, Order.currency)
    )
    return {(account_id, currency): int(total) for account_id, currency, total in rows}


def _read_groups(session: Session, accounts: Mapping[Key, Account]) -> dict[Key, Group]:
    """The groups whose limit counts for accounts, by their account and the currency, with what all their
    accounts come to, whoever may see them: tables, no models. Only those that have a limit."""
    wanted = {
        (account.credit_group_id, currency)
        for (_, currency), account in accounts.items()
        if account.credit_group_id is not None
    }
    if not wanted:
        return {}
    account, balance, order = Account.__table__.c, AccountBalance.__table__.c, Order.__table__.c
    ids = {group_id for group_id, _ in wanted}
    named = select(account.account_id, account.number, account.currency, account.credit_limit)
    limited = named.where(account.account_id.in_(ids), account.credit_limit.is_not(None))
    owed = (
        select(account.credit_group_id, balance.currency, func.sum(balance.balance))
        .where(account.credit_group_id.in_(ids), balance.account_id == account.account_id)
        .group_by(account.credit_group_id, balance.currency)
    )
    exposed = order.open_gross + order.not_invoiced
    ordered = (
        select(account.credit_group_id, order.currency, func.sum(exposed))
        .where(account.credit_group_id.in_(ids), order.account_id == account.account_id)
        .where(exposed > 0)
        .group_by(account.credit_group_id, order.currency)
    )
    exposure: defaultdict[Key, int] = defaultdict(int)
    groups = {row.account_id: row for row in session.execute(limited)}
    for group_id, currency, amount in (
        [*session.execute(owed), *session.execute(ordered)] if groups else []
    ):
        exposure[group_id, currency] += int(amount)
    return {
        (group_id, currency): Group(
            account_id=group_id,
            number=groups[group_id].number,
            limit=credit_rules.group_limit_in(
                currency,
                account_currency=groups[group_id].currency,
                credit_limit=groups[group_id].credit_limit,
            ),
            exposure=exposure[group_id, currency],
        )
        for group_id, currency in wanted
        if group_id in groups
    }
