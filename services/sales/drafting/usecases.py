"""Draft orders: many at once, or one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session, make_transient_to_detached

from chassis.bulk import insert_rows
from kernel.ids import new_id
from services.sales.accounts.models import Account, Contact
from services.sales.accounts.queries import find_accounts
from services.sales.accounts.rules import require_known
from services.sales.accounts.usecases import lock_credit
from services.sales.destinations.queries import choose_destination, find_contacts
from services.sales.drafting import queries, rules
from services.sales.drafting.queries import Name
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.queries import find_twins
from services.sales.orders.rules import OrderStatus, require_settlement
from services.sales.orders.usecases import Catalogue, open_catalogue, put_lines, what_follows

Row = Mapping[str, Any]
_NUMBERS = text("SELECT 'SO-' || nextval('order_number') FROM generate_series(1, :count)")
_COLUMNS = {model: [*map(str, model.__table__.columns.keys())] for model in (Order, OrderLine)}
_AS_GIVEN = ("account_id", "reference", "is_billed_apart", "note", "external_id")
_SETTLED = ("bills_on", "ships_on", "deposit_percent")


@dataclass(frozen=True)
class Desk:
    """Where orders are drafted one after the other: what was read for all of them. `known` are those that
    came before under the name that another system has for them."""

    accounts: Mapping[str, Account]
    contacts: Mapping[str, Sequence[Contact]]
    catalogue: Catalogue
    known: dict[Name, Order]
    today: date
    now: datetime
    by: str

    def find(self, row: Row) -> Order | None:
        """The order that came before under this one's name; refused where it said something else."""
        order = self.known.get((row["account_id"], row["external_id"]))
        if order is not None:
            rules.require_same(order.external_digest, row)
        return order

    def remember(self, order: Order) -> None:
        """Let an order that is going to be stored be found by those after it."""
        if order.external_id is not None:
            self.known[order.account_id, order.external_id] = order

    def draft(self, row: Row) -> Order:
        """An order, not stored yet, with the products' prices of this moment. Its goods go to the
        destination given, else to the account's own."""
        require_known(row["account_id"], self.accounts)
        account = self.accounts[row["account_id"]]
        require_settlement(**{name: row[name] for name in _SETTLED})
        ordered_on = rules.day_of_order(row["ordered_on"], today=self.today)
        contacts = self.contacts.get(account.account_id, ())
        order = Order(
            **dict.fromkeys(_COLUMNS[Order])
            | {name: row[name] for name in (*_AS_GIVEN, *_SETTLED)}
            | choose_destination(account, contacts, row, on=self.today)
        )
        order.order_id, order.version = new_id("ord"), 1
        order.currency = row["currency"] or account.currency
        order.replaces_return_id = row.get("replaces_return_id")
        order.external_digest = rules.digest(row) if row["external_id"] is not None else None
        order.ordered_on, order.created_at, order.created_by = ordered_on, self.now, self.by
        order.not_invoiced = 0
        put_lines(order, row["lines"], self.catalogue, today=self.today, ordered_on=ordered_on)
        for name, value in what_follows(order).items():
            setattr(order, name, value)
        return order


def open_desk(
    session: Session,
    rows: Sequence[Row],
    accounts: Mapping[str, Account],
    *,
    today: date,
    now: datetime,
    by: str,
) -> Desk:
    """Read all that these orders name. Those with a name of another system are of accounts that the
    caller has locked: two that come at once under one name are one."""
    names = {(row["account_id"], row["external_id"]) for row in rows if row["external_id"]}
    return Desk(
        accounts=accounts,
        contacts=find_contacts(session, accounts),
        catalogue=open_catalogue(session, [line for row in rows for line in row["lines"]]),
        known=queries.find_named(session, names),
        today=today,
        now=now,
        by=by,
    )


def store_orders(session: Session, orders: Sequence[Order]) -> None:
    """Store new orders as they are, in a number of statements that does not grow with them. From then on
    the session has them as if it had read them."""
    if not orders:
        return
    numbers = session.scalars(_NUMBERS, {"count": len(orders)})
    for order, number in zip(orders, numbers, strict=True):
        order.number = number
    lines = [line for order in orders for line in order.lines]
    insert_rows(session, Order, [_row(order) for order in orders])
    insert_rows(session, OrderLine, [_row(line) for line in lines])
    for row in (*lines, *orders):
        make_transient_to_detached(row)
    session.add_all(orders)


def create_order(
    session: Session,
    *,
    account_id: str,
    currency: str | None,
    reference: str | None,
    is_billed_apart: bool,
    note: str | None,
    bills_on: str,
    ships_on: str,
    deposit_percent: Decimal | None,
    lines: list[dict[str, Any]],
    today: date,
    now: datetime,
    by: str,
    external_id: str | None = None,
    ordered_on: date | None = None,
    replaces_return_id: str | None = None,
    **destination: Any,
) -> Order:
    """Draft an order, with the products' prices of this moment. One that came before under its
    `external_id` is that one."""
    row = {
        **destination,
        "account_id": account_id,
        "currency": currency,
        "reference": reference,
        "is_billed_apart": is_billed_apart,
        "note": note,
        "bills_on": bills_on,
        "ships_on": ships_on,
        "deposit_percent": deposit_percent,
        "external_id": external_id,
        "ordered_on": ordered_on,
        "replaces_return_id": replaces_return_id,
        "lines": lines,
    }
    find = find_accounts if external_id is None else lock_credit
    accounts = find(session, [account_id])
    desk = open_desk(session, [row], accounts, today=today, now=now, by=by)
    order = desk.find(row)
    if order is None:
        order = desk.draft(row)
        store_orders(session, [order])
    if order.status == OrderStatus.DRAFT:
        order.warn(find_twins(session, order))
    return order


def _row(row: Order | OrderLine) -> dict[str, Any]:
    """What is stored of an order or a line, by column."""
    return {name: getattr(row, name) for name in _COLUMNS[type(row)]}
