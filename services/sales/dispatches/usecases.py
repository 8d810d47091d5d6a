"""Send goods: many at once, or one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import refuse_one
from chassis.database import fetch_all_for_change, require_version
from kernel.refusals import NotFound, Refusal
from services.sales.accounts.models import Account
from services.sales.accounts.rules import require_supplied
from services.sales.dispatches.rules import Task
from services.sales.fulfilment.rules import Sent
from services.sales.fulfilment.usecases import Leaving, record_shipped
from services.sales.goods.rules import Need
from services.sales.goods.usecases import Leaves, Opening, let_leave, secure
from services.sales.order_money.queries import find_targets
from services.sales.order_money.usecases import count_unbilled
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Action, require_move
from services.sales.promises.rules import require_promise
from services.sales.promises.usecases import promise_anew, tell_back_orders
from services.sales.shipments import queries, rules
from services.sales.shipments.models import Shipment
from services.sales.shipments.rules import SEND, Client, Room, ShipmentState, Step
from services.sales.shipments.usecases import (
    Planned,
    Stored,
    keep_rests,
    store_shipments,
    wanted_of,
)
from services.sales.stops.usecases import require_not_stopped
from services.sales.tolerances.queries import read_tolerances
from services.sales.tolerances.rules import Tolerance, Tolerances


def draft_shipment(
    session: Session,
    *,
    order_id: str,
    lines: Sequence[Mapping[str, Any]] | None,
    ships_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> Shipment:
    """Put some or all of what is open of an order into a shipment that is to leave."""
    task = Task((), order_id=order_id, lines=_pairs(lines), day=ships_on)
    return _carry_out_one(session, task, today=today, now=now, by=by)


def send_shipment(
    session: Session,
    *,
    order_id: str,
    lines: Sequence[Mapping[str, Any]] | None,
    shipped_on: date | None,
    rest_promised_on: date | None = None,
    today: date,
    now: datetime,
    by: str,
) -> Shipment:
    """Send some or all of what is open of an order in one step, unless the account must not be
    supplied."""
    task = Task(SEND, order_id, lines=_pairs(lines), day=shipped_on, rest_on=rest_promised_on)
    return _carry_out_one(session, task, today=today, now=now, by=by)


def move_shipment(
    session: Session,
    *,
    step: Step,
    shipment_id: str,
    lines: Sequence[Mapping[str, Any]] | None = None,
    shipped_on: date | None = None,
    rest_promised_on: date | None = None,
    today: date,
    now: datetime,
    by: str,
) -> Shipment:
    """Reserve a shipment's goods, note that they were picked, or that they have left."""
    task = Task((step,), None, shipment_id, _pairs(lines), shipped_on, rest_promised_on)
    return _carry_out_one(session, task, today=today, now=now, by=by)


def carry_out(
    session: Session,
    tasks: Sequence[Task],
    *,
    new: Sequence[Order] = (),
    today: date,
    now: datetime,
    by: str,
) -> list[Stored | Refusal]:
    """Do many tasks, each as if it came alone after those before it: what becomes of each, or why it is
    refused. A shipment is named once. The number of statements does not grow with the tasks. Of orders
    that are `new` in this transaction nothing is read again."""
    desk = _open_desk(session, tasks, new, today=today, now=now)
    decided = _secure(session, desk, [_decide(session, desk, task) for task in tasks])
    planned = [each for each in decided if isinstance(each, Planned)]
    shipments = store_shipments(session, planned, now=now, by=by)
    _count_sent(session, desk, list(zip(planned, shipments, strict=True)), now=now, by=by)
    stored = iter(shipments)
    return [each if isinstance(each, Refusal) else next(stored) for each in decided]


@dataclass
class _Desk:
    """What was read and locked for all tasks; `planned` and `leaving`, by line, grow with what is
    decided. `secured` is what shipments have had of the lines until now."""

    orders: Mapping[str, Order]
    order_ids: Mapping[str, str]
    lines: Mapping[str, Sequence[OrderLine]]
    clients: Mapping[str, Client]
    accounts: Mapping[str, Account]
    shipments: dict[str, Shipment]
    planned: defaultdict[str, Decimal]
    secured: Mapping[str, Decimal]
    leaving: defaultdict[str, Decimal]
    rest_on: dict[str, date]
    tolerances: Tolerances
    targets: Mapping[str, Decimal]
    opening: Opening
    today: date
    now: datetime

    def tolerance(self, line: OrderLine, order: Order) -> Tolerance:
        return self.tolerances.choose(account_id=order.account_id, product_id=line.product_id)

    def day_of(self, task: Task, order: Order) -> date:
        is_sent = Step.SHIP in task.steps
        days = {"ordered_on": order.ordered_on, "today": self.today}
        return rules.day_of_leaving(task.day, is_sent=is_sent, **days)

    def rooms(self, order: Order, taken: Mapping[str, Decimal]) -> dict[str, Room]:
        """What of each of an order's lines there is room for beside what is taken, by line id."""
        return {
            line.line_id: rules.room_of(
                line.quantities,
                planned=taken.get(line.line_id, Decimal(0)),
                tolerance=self.tolerance(line, order),
                target=self.targets.get(line.line_id),
            )
            for line in self.lines[order.order_id]
            if not line.is_return_line
        }


def _open_desk(
    session: Session, tasks: Sequence[Task], new: Sequence[Order], *, today: date, now: datetime
) -> _Desk:
    """Lock the orders, accounts and shipments of all tasks, in this order, and read what decides."""
    named = [task.shipment_id for task in tasks if task.shipment_id is not None]
    order_ids = queries.read_orders_of(session, shipment_ids=named)
    fresh = {one.order_id: one for one in new}
    wanted = {task.order_id for task in tasks if task.order_id is not None} | {*order_ids.values()}
    known = fetch_all_for_change(session, Order, wanted - fresh.keys())
    lines = queries.read_lines(session, order_ids=[one.order_id for one in known])
    lines = {**lines, **{order_id: order.lines for order_id, order in fresh.items()}}
    orders = {one.order_id: one for one in known} | fresh
    account_ids = {order.account_id for order in orders.values()}
    accounts = {one.account_id: one for one in fetch_all_for_change(session, Account, account_ids)}
    shipments = fetch_all_for_change(session, Shipment, named)
    product_ids = {line.product_id for of_one in lines.values() for line in of_one}
    holds = queries.read_holds(session, account_ids=account_ids)
    planned, secured = queries.read_planned(session, order_ids=orders)
    days = [task.day or today for task in tasks if Step.SHIP in task.steps]
    return _Desk(
        orders=orders,
        order_ids=order_ids,
        lines=lines,
        clients={
            one.account_id: Client(one.number, one.status, holds.get(one.account_id))
            for one in accounts.values()
        },
        accounts=accounts,
        shipments={one.shipment_id: one for one in shipments},
        planned=defaultdict(Decimal, planned),
        secured=secured,
        leaving=defaultdict(Decimal),
        rest_on={},
        tolerances=read_tolerances(session, account_ids=account_ids, product_ids=product_ids),
        targets=find_targets(session, [(orders[key], lines[key]) for key in orders]),
        opening=Opening(session, product_ids, days=days, today=today),
        today=today,
        now=now,
    )


def _decide(session: Session, desk: _Desk, task: Task) -> Planned | Refusal:
    try:
        decide = _decide_known if task.shipment_id else _decide_new
        decided = decide(session, desk, task)
        _require_allowed(session, desk, decided)
        if task.rest_on is not None:
            require_promise(task.rest_on, today=desk.today, field="rest_promised_on")
            desk.rest_on[decided.order.order_id] = task.rest_on
    except Refusal as refusal:
        return refuse_one(session, refusal)
    _count(desk, decided, 1)
    desk.shipments.pop(task.shipment_id or "", None)
    return decided


def _count(desk: _Desk, decided: Planned, sign: int) -> None:
    """Let what is decided count for those after it, or no more."""
    before = decided.before
    for line_id in {**before, **decided.quantities}:
        quantity = decided.quantities.get(line_id, Decimal(0))
        desk.planned[line_id] += sign * (quantity - before.get(line_id, Decimal(0)))
        desk.leaving[line_id] += sign * quantity if decided.is_sent else Decimal(0)


def _secure(
    session: Session, desk: _Desk, decided: list[Planned | Refusal]
) -> list[Planned | Refusal]:
    """Have the goods kept of all that is more than a draft; what has not enough is refused."""
    places = {
        place: each
        for place, each in enumerate(decided)
        if isinstance(each, Planned) and each.steps
    }
    needs = [
        Need(each.quantities, each.before if each.is_secured else {}, leaves=each.is_sent)
        for each in places.values()
    ]
    lines = wanted_of(
        (each.order, line) for each in places.values() for line in desk.lines[each.order.order_id]
    )
    refused = secure(session, needs, lines, secured=desk.secured, now=desk.now)
    for index, (place, each) in enumerate(places.items()):
        if index in refused:
            _count(desk, each, -1)
            decided[place] = refused[index]
    return decided


def _decide_new(session: Session, desk: _Desk, task: Task) -> Planned:
    order = desk.orders.get(task.order_id or "")
    if order is None:
        raise NotFound("order_not_found", f"There is no order {task.order_id}.")
    require_version(session, order.order_id, order.version)
    require_move(Action.SHIP, status=order.status, number=order.number)
    rooms = desk.rooms(order, desk.planned)
    quantities = rules.quantities_to_send(rooms, task.lines, number=order.number)
    state = ShipmentState.DRAFT
    for step in task.steps:
        state = rules.move(state, step, number="")
    day = desk.day_of(task, order)
    lines = [line for line in desk.lines[order.order_id] if line.line_id in quantities]
    return Planned(order, None, task.steps, state, lines, quantities, day)


def _decide_known(session: Session, desk: _Desk, task: Task) -> Planned:
    known = desk.shipments.get(task.shipment_id or "")
    if known is None:
        raise rules.not_there(
            str(task.shipment_id), is_named_twice=task.shipment_id in desk.order_ids
        )
    require_version(session, known.shipment_id, known.version)
    [step] = task.steps
    state = rules.move(known.status, step, number=known.number)
    order = desk.orders[known.order_id]
    require_move(Action.SHIP, status=order.status, number=order.number)
    own = {line.line_id: line.quantity for line in known.lines}
    others = {key: quantity - own.get(key, Decimal(0)) for key, quantity in desk.planned.items()}
    is_sent = step == Step.SHIP
    rooms = desk.rooms(order, desk.leaving if is_sent else others)
    quantities = rules.quantities_picked(own, task.lines, rooms)
    day = known.shipped_on
    if is_sent:
        day = desk.day_of(task, order)
    lines = [line for line in desk.lines[order.order_id] if line.line_id in quantities]
    is_counted = task.lines is not None
    return Planned(order, known, task.steps, state, lines, quantities, day, is_counted)


def _require_allowed(session: Session, desk: _Desk, decided: Planned) -> None:
    """Nothing is picked or shipped for a client who is not supplied, or of an order that is stopped."""
    if not {Step.PICK, Step.SHIP} & {*decided.steps}:
        return
    account = desk.accounts[decided.order.account_id]
    require_supplied(desk.clients[account.account_id])
    require_not_stopped(session, decided.order, account, today=desk.today, now=desk.now)
    if decided.is_sent:
        gone = {
            line.line_id: line.quantities.shipped + desk.leaving[line.line_id]
            for line in decided.lines
        }
        rules.require_target(decided.quantities, gone, desk.targets)
        product_ids = {line.product_id for line in decided.lines}
        desk.opening.require(decided.day, product_ids=product_ids)


def _count_sent(
    session: Session,
    desk: _Desk,
    stored: Sequence[tuple[Planned, Stored]],
    *,
    now: datetime,
    by: str,
) -> None:
    """Count what has left of the orders; what is short then, and in no other shipment, is on back-order,
    and perhaps promised for another day."""
    gross: defaultdict[str, int] = defaultdict(int)
    for one, shipment in stored:
        if one.is_sent:
            gross[one.order.order_id] += shipment.totals.gross
    if not gross:
        return
    before = {
        line.line_id: line.quantities.to_ship for order_id in gross for line in desk.lines[order_id]
    }
    open_ = record_shipped(session, [_leaving(desk, *of_one) for of_one in gross.items()])
    orders = [(desk.orders[order_id], desk.lines[order_id]) for order_id in gross]
    count_unbilled(session, orders)
    planned = {key: many - desk.leaving[key] for key, many in desk.planned.items()}
    short = {key: many for key, many in open_.items() if many > planned[key]}
    _take_off(session, stored, orders, planned, today=desk.today, now=now, by=by)
    days = {
        line.line_id: desk.rest_on[order.order_id]
        for order, lines in orders
        for line in lines
        if line.line_id in short and order.order_id in desk.rest_on
    }
    promise_anew(session, orders, days, reason=rules.REST_FOLLOWS, now=now, by=by)
    keep_rests(session, stored, desk.lines, before=before)
    tell_back_orders(session, orders, short)


def _take_off(
    session: Session,
    stored: Sequence[tuple[Planned, Stored]],
    orders: Sequence[tuple[Order, Sequence[OrderLine]]],
    planned: Mapping[str, Decimal],
    **moment: Any,
) -> None:
    """Take off stock what has left of these orders. Of each line is kept what may leave yet: what is
    open, or what of it other shipments have, if that is more."""
    leaving = [
        Leaves(
            shipment.shipment_id,
            line.line_id,
            line.product_id,
            one.quantities[line.line_id],
            one.day,
        )
        for one, shipment in stored
        if one.is_sent
        for line in one.lines
    ]
    left = {one.line_id for one in leaving}
    rest = {
        line.line_id: line.quantities.to_ship
        and max(line.quantities.to_ship, planned[line.line_id])
        for _, lines in orders
        for line in lines
        if line.line_id in left
    }
    let_leave(session, leaving, rest=rest, **moment)


def _leaving(desk: _Desk, order_id: str, gross: int) -> Leaving:
    """What leaves of one order."""
    order, lines = desk.orders[order_id], desk.lines[order_id]
    sent = {
        line.line_id: Sent(
            desk.leaving[line.line_id],
            planned=desk.planned[line.line_id] - desk.leaving[line.line_id],
            tolerance=desk.tolerance(line, order),
        )
        for line in lines
        if desk.leaving[line.line_id]
    }
    return Leaving(order, lines, sent, gross)


def _carry_out_one(
    session: Session, task: Task, *, today: date, now: datetime, by: str
) -> Shipment:
    [done] = carry_out(session, [task], today=today, now=now, by=by)
    if isinstance(done, Refusal):
        raise done
    [shipment] = queries.read_again(session, shipment_ids=[done.shipment_id])
    return shipment


def _pairs(lines: Sequence[Mapping[str, Any]] | None) -> list[tuple[str, Decimal]] | None:
    return None if lines is None else [(line["line_id"], line["quantity"]) for line in lines]
