"""Take many orders, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import each_by_itself, tell_refusal
from kernel.refusals import Refusal
from services.sales.accounts.models import Account
from services.sales.accounts.rules import require_known
from services.sales.accounts.usecases import lock_credit
from services.sales.confirming import usecases as confirming
from services.sales.dispatches.rules import Task
from services.sales.dispatches.usecases import carry_out
from services.sales.drafting import usecases as drafting
from services.sales.goods.rules import Need, Shelf
from services.sales.goods.usecases import Opening, open_shelf
from services.sales.order_batches import rules
from services.sales.orders.models import Order
from services.sales.orders.queries import wants_of
from services.sales.reservations import usecases as reservations
from services.sales.reservations.queries import get_settings
from services.sales.reservations.rules import ReservesAt
from services.sales.shipments.rules import SEND, day_of_shipping
from services.sales.shipments.usecases import Stored

Row = Mapping[str, Any]


class Taken(NamedTuple):
    """An order that is taken, or was before."""

    order: Order
    row: Row
    is_new: bool

    def is_to(self, what: str) -> bool:
        """Whether that is to be done now: confirms, ships."""
        return self.is_new and bool(self.row[what])


def take_orders(
    session: Session, *, orders: Sequence[Row | Refusal], today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Draft orders and, where they say so, confirm and ship them, each taken or refused by itself, as if
    it came after those before it; of one that is refused nothing is kept."""
    named = {row["account_id"] for row in orders if not isinstance(row, Refusal)}
    accounts = lock_credit(session, named)
    rows = each_by_itself(session, orders, lambda row: _of_known(row, accounts))
    good = [row for row in rows if not isinstance(row, Refusal)]
    desk = _open_desk(session, good, accounts, today=today, now=now, by=by)
    taken = each_by_itself(session, rows, desk.take)
    new = [one for one in taken if isinstance(one, Taken) and one.is_new]
    shipments = _store(session, desk, new, today=today, now=now, by=by)
    results = [{"index": index, **_report(one, shipments)} for index, one in enumerate(taken)]
    counts = Counter(result.get("is_new") for result in results)
    return {
        "taken": counts[True],
        "found": counts[False],
        "refused": counts[None],
        "results": results,
    }


@dataclass(frozen=True)
class _Desk:
    """Where orders are taken one after the other: what was read and locked for all of them."""

    drafts: drafting.Desk
    agreements: confirming.Desk
    opening: Opening
    shelf: Shelf
    reserves: bool
    today: date
    by: str

    def take(self, row: Row) -> Taken:
        known = self.drafts.find(row)
        if known is not None:
            return Taken(known, row, is_new=False)
        order = self.drafts.draft(row)
        if row["confirms"]:
            self.agreements.agree(order, by=self.by)
            self._have_goods(order, row)
        else:
            total = max(order.total_gross, 0)
            self.agreements.book.draft(order.account_id, order.currency, total)
        self.drafts.remember(order)
        return Taken(order, row, is_new=True)

    def _have_goods(self, order: Order, row: Row) -> None:
        try:
            if row["ships"]:
                self._ship(order, row)
        except Refusal:
            self.agreements.forget(order)
            raise
        if self.reserves and not row["ships"]:
            for want in wants_of(order):
                self.shelf.keep(want.product_id, want.quantity)

    def _ship(self, order: Order, row: Row) -> None:
        """Take all that goes out of an order off the shelf."""
        days = {"ordered_on": order.ordered_on, "today": self.today}
        day = day_of_shipping(row["shipped_on"], **days)
        lines = rules.require_shippable(order.lines, ships_on=order.ships_on)
        products = {line.line_id: line.product_id for line in lines}
        self.opening.require(day, product_ids={*products.values()})
        self.shelf.put(products)
        short = self.shelf.take(Need({line.line_id: line.ordered for line in lines}, {}))
        if short is not None:
            place = [line.line_id for line in order.lines].index(short.line_id)
            raise rules.out_of_stock(short, sku=order.lines[place].sku, place=place)


def _of_known(row: Row, accounts: Mapping[str, Account]) -> Row:
    """The row, if its account is known: before anything is figured out, since what is on its way is
    waited for."""
    require_known(row["account_id"], accounts)
    return row


def _open_desk(
    session: Session,
    rows: Sequence[Row],
    accounts: Mapping[str, Account],
    *,
    today: date,
    now: datetime,
    by: str,
) -> _Desk:
    drafts = drafting.open_desk(session, rows, accounts, today=today, now=now, by=by)
    product_ids = {one.product_id for one in drafts.catalogue.products.values()}
    agreements = confirming.open_desk(
        session,
        accounts,
        {_key(row, accounts) for row in rows},
        product_ids=product_ids,
        order_ids=(),
        today=today,
        now=now,
    )
    days = [row["shipped_on"] or today for row in rows if row["ships"]]
    reserves = get_settings(session).reserves_at == ReservesAt.CONFIRMATION
    return _Desk(
        drafts=drafts,
        agreements=agreements,
        opening=Opening(session, product_ids, days=days, today=today),
        shelf=open_shelf(session, product_ids if days or reserves else ()),
        reserves=reserves,
        today=today,
        by=by,
    )


def _key(row: Row, accounts: Mapping[str, Account]) -> tuple[str, str]:
    account_id: str = row["account_id"]
    return account_id, row["currency"] or accounts[account_id].currency


def _store(
    session: Session, desk: _Desk, new: Sequence[Taken], *, today: date, now: datetime, by: str
) -> dict[str, Stored]:
    """Store and tell of what was decided; the shipments, by order."""
    drafting.store_orders(session, [one.order for one in new])
    agreed = [one.order for one in new if one.is_to("confirms")]
    asked = confirming.follow_up(session, desk.agreements, agreed)
    for order in agreed:
        confirming.tell_agreed(session, order, asked.get(order.order_id, ()))
    leaving = [one for one in new if one.is_to("ships")]
    tasks = [Task(SEND, one.order.order_id, day=one.row["shipped_on"]) for one in leaving]
    orders = [one.order for one in leaving]
    sent = carry_out(session, tasks, new=orders, today=today, now=now, by=by) if tasks else []
    waiting = [one.order for one in new if one.is_to("confirms") and not one.is_to("ships")]
    wants = [want for order in waiting for want in wants_of(order)]
    if wants:
        reservations.at_confirmation(session, wants, now=now)
    shipments: dict[str, Stored] = {}
    for one, shipment in zip(leaving, sent, strict=True):
        assert not isinstance(shipment, Refusal), f"was decided otherwise: {shipment}"
        shipments[one.order.order_id] = shipment
    return shipments


def _report(one: Taken | Refusal, shipments: Mapping[str, Stored]) -> dict[str, Any]:
    if isinstance(one, Refusal):
        return tell_refusal(one)
    names = ("order_id", "number", "status", "total_gross")
    told = {name: getattr(one.order, name) for name in names} | {"is_new": one.is_new}
    shipment = shipments.get(one.order.order_id) if one.is_new else None
    if shipment is not None:
        told |= {"shipment_id": shipment.shipment_id, "shipment_number": shipment.number}
    return told
