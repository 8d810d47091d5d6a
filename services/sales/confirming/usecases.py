"""Agree to orders: many at once, or one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from chassis.bulk import Asked, columns, decide_each
from chassis.database import fetch_all_for_change, not_found, require_version
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.sales.accounts.models import Account
from services.sales.accounts.rules import require_known, require_supplied
from services.sales.accounts.usecases import lock_credit
from services.sales.credit_terms.rules import Book
from services.sales.order_bills.usecases import Agreed, Named, ask_at_confirmation, tell_asked
from services.sales.order_bills.usecases import Asked as AskedBill
from services.sales.order_versions.usecases import add_first_versions
from services.sales.orders import events, rules
from services.sales.orders.models import Order
from services.sales.orders.queries import load_lines, read_credits, wants_of
from services.sales.orders.rules import Action
from services.sales.orders.usecases import say_line, say_order, what_follows
from services.sales.overrides.models import CreditOverride
from services.sales.overrides.usecases import Permits, mark_used
from services.sales.products.rules import require_active
from services.sales.products.usecases import lock_on_sale
from services.sales.reservations import usecases as reservations

Key = tuple[str, str]
_AGREE = text("""
    UPDATE "order"
    SET version = "order".version + 1, status = told.status, open_gross = told.open_gross,
        confirmed_at = :now, confirmed_by = told.by, agreed_limit = told.agreed_limit
    FROM unnest(
        CAST(:order_ids AS text[]), CAST(:statuses AS text[]), CAST(:open AS bigint[]),
        CAST(:by AS text[]), CAST(:limits AS bigint[])
    ) AS told (order_id, status, open_gross, by, agreed_limit)
    WHERE "order".order_id = told.order_id
    RETURNING "order".order_id, "order".version
""")


@dataclass(frozen=True)
class Desk:
    """Where orders are agreed to one after the other: what was read and locked for all of them. What is
    agreed to counts for those after it; `used` are the overrides by which it was."""

    accounts: Mapping[str, Account]
    book: Book
    permits: Permits
    on_sale: Mapping[str, tuple[str, bool]]
    used: list[CreditOverride]
    now: datetime

    def agree(self, order: Order, *, by: str, drafted: int = 0) -> None:
        """Agree to a draft, if the account may be supplied and its credit suffices. It is not stored yet
        or locked, and so much of it counts as drafted until now."""
        rules.require_move(Action.CONFIRM, status=order.status, number=order.number)
        require_known(order.account_id, self.accounts)
        account, key = self.accounts[order.account_id], (order.account_id, order.currency)
        credit = self.book.read(*key, but_for=drafted)
        require_supplied(credit.standing)
        rules.require_order_number(
            order.reference,
            is_required=account.order_number_required,
            account_number=account.number,
        )
        gross = order.going_out.gross
        override = self.permits.require(credit, order_id=order.order_id, gross=gross)
        going_out = {line.product_id for line in order.lines if not line.is_return_line}
        require_active(self.on_sale[product_id] for product_id in going_out)
        self.book.agree(*key, gross, drafted=drafted)
        self.used.extend([] if override is None else [override])
        facts = {"confirmed_at": self.now, "confirmed_by": by}
        _note(order, facts | {"agreed_limit": credit.standing.credit_limit})
        _note(order, what_follows(order))

    def forget(self, order: Order) -> None:
        """Let a new order that was agreed to count no more: it comes to nothing."""
        self.book.agree(order.account_id, order.currency, -order.going_out.gross)


def open_desk(
    session: Session,
    accounts: Mapping[str, Account],
    currencies: Collection[Key],
    *,
    product_ids: Collection[str],
    order_ids: Collection[str],
    today: date,
    now: datetime,
) -> Desk:
    """Read what decides about orders of these accounts, which the caller has locked with their groups
    (`lock_credit`), each in these currencies. `order_ids` are those of them that are stored."""
    keys = {key: accounts[key[0]] for key in currencies if key[0] in accounts}
    return Desk(
        accounts=accounts,
        book=Book(read_credits(session, keys, today=today)),
        permits=Permits(session, order_ids, today=today),
        on_sale=lock_on_sale(session, product_ids=product_ids),
        used=[],
        now=now,
    )


def store_agreed(session: Session, orders: Sequence[Order]) -> None:
    """Store that orders, which were drafts before, are agreed to."""
    told = [
        (one.order_id, one.status, one.open_gross, one.confirmed_by, one.agreed_limit)
        for one in orders
    ]
    if not told:
        return
    names = ("order_ids", "statuses", "open", "by", "limits")
    values = columns(told, *names) | {"now": orders[0].confirmed_at}
    versions: dict[str, int] = dict(session.execute(_AGREE, values).all())
    for order in orders:
        set_committed_value(order, "version", versions[order.order_id])


def follow_up(
    session: Session, desk: Desk, orders: Sequence[Order]
) -> Mapping[str, list[AskedBill]]:
    """What else is noted of orders that were agreed to, but for what is reserved; what billing is asked
    then, by order, is told with the order (`tell_agreed`)."""
    mark_used(session, desk.used, now=desk.now)
    add_first_versions(session, [_version(order) for order in orders])
    billed = [_billed(order) for order in orders if _is_asked_for(order)]
    return ask_at_confirmation(session, billed, now=desk.now)


def tell_agreed(session: Session, order: Order, asked: Iterable[AskedBill]) -> None:
    """Tell that an order was agreed to, and ask billing for what is billed of it now."""
    announce(session, events.OrderConfirmed, **say_order(order))
    for one in asked:
        tell_asked(session, one)


def confirm_orders(
    session: Session, *, asked: Sequence[Asked], today: date, now: datetime
) -> list[Order | Refusal]:
    """Agree to drafts, each or refused by itself, those before it counted, in a number of statements that
    does not grow with them."""
    drafts = _lock_drafts(session, [one.values["order_id"] for one in asked], today=today, now=now)
    results = decide_each(
        session, asked, lambda one: drafts.agree(one.values["order_id"], by=one.caller.subject)
    )
    pairs = zip(asked, results, strict=True)
    agreed = {one: each for one, each in pairs if isinstance(each, Order)}
    bills = _store(session, drafts.desk, list(agreed.values()))
    decide_each(
        session,
        agreed,
        lambda one: tell_agreed(session, agreed[one], bills.get(agreed[one].order_id, ())),
    )
    return results


def confirm_order(session: Session, *, order_id: str, today: date, now: datetime, by: str) -> Order:
    """As `confirm_orders`, one alone."""
    drafts = _lock_drafts(session, [order_id], today=today, now=now)
    order = drafts.agree(order_id, by=by)
    tell_agreed(session, order, _store(session, drafts.desk, [order]).get(order_id, ()))
    return order


class _Drafts(NamedTuple):
    """Orders that are locked, and the desk where they are agreed to."""

    session: Session
    orders: Mapping[str, Order]
    desk: Desk

    def agree(self, order_id: str, *, by: str) -> Order:
        order = self.orders.get(order_id)
        if order is None:
            raise not_found("order", order_id)
        require_version(self.session, order_id, order.version)
        self.desk.agree(order, by=by, drafted=max(order.total_gross, 0))
        return order


def _lock_drafts(
    session: Session, order_ids: Sequence[str], *, today: date, now: datetime
) -> _Drafts:
    orders = fetch_all_for_change(session, Order, {*order_ids})
    load_lines(session, orders)
    desk = open_desk(
        session,
        lock_credit(session, {order.account_id for order in orders}),
        {(order.account_id, order.currency) for order in orders},
        product_ids={line.product_id for order in orders for line in order.lines},
        order_ids=[order.order_id for order in orders],
        today=today,
        now=now,
    )
    return _Drafts(session, {order.order_id: order for order in orders}, desk)


def _store(session: Session, desk: Desk, orders: Sequence[Order]) -> Mapping[str, list[AskedBill]]:
    store_agreed(session, orders)
    wants = [want for order in orders for want in wants_of(order)]
    reservations.at_confirmation(session, wants, now=desk.now)
    return follow_up(session, desk, orders)


def _note(order: Order, facts: Mapping[str, Any]) -> None:
    """Let an order say so; it is stored by one statement for all."""
    for name, value in facts.items():
        set_committed_value(order, name, value)


def _version(order: Order) -> dict[str, Any]:
    kept = ("order_id", "account_id", "currency", "total_net", "total_gross")
    facts = {name: getattr(order, name) for name in kept}
    return {**facts, "made_at": order.confirmed_at, "made_by": order.confirmed_by}


def _is_asked_for(order: Order) -> bool:
    return order.bills_on == rules.BillsOn.ORDER or order.deposit_percent is not None


def _billed(order: Order) -> Agreed:
    return Agreed(
        Named(order.account_id, order.order_id, order.number, order.reference, order.currency),
        [say_line(line) for line in order.lines if not line.is_return_line],
        order.bills_on == rules.BillsOn.ORDER,
        order.deposit_percent,
        str(order.confirmed_by),
    )
