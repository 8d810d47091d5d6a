"""What can be done to an order after it was agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from services.sales.accounts.rules import require_supplied
from services.sales.accounts.usecases import lock_credit_of
from services.sales.amendments import events, rules
from services.sales.credit_terms.rules import Credit
from services.sales.order_money.usecases import ask_for_more, count_unbilled
from services.sales.order_versions.models import OrderVersion
from services.sales.order_versions.usecases import add_version, note_acceptance
from services.sales.orders import queries
from services.sales.orders import usecases as order_usecases
from services.sales.orders.models import Order
from services.sales.orders.rules import Action, require_move
from services.sales.overrides.usecases import require_credit
from services.sales.products.usecases import require_on_sale
from services.sales.promises.usecases import promise_anew
from services.sales.reservations import queries as reservation_queries
from services.sales.reservations import usecases as reservations
from services.sales.returns.queries import find_opened
from services.sales.shipments.queries import read_planned

Facts = dict[str, Mapping[str, str | None]]
FACTS = ("unit_price", "discount_percent", "note")  # that a line may say otherwise


def amend_order(
    session: Session,
    *,
    order_id: str,
    reason: str,
    reference: str | None,
    add_lines: list[dict[str, Any]],
    change_lines: list[dict[str, Any]],
    acceptance: dict[str, Any] | None,
    today: date,
    now: datetime,
    by: str,
) -> Order:
    """Change what was agreed: lines more, other quantities, prices, promised days, the client's order
    number. For what it adds the account's standing and credit must allow it; what it was before and why
    it is another is kept."""
    order = fetch_for_change(session, Order, order_id)
    require_move(Action.AMEND, status=order.status, number=order.number)
    account = lock_credit_of(session, order.account_id)
    credit = queries.read_credit(session, account, currency=order.currency, today=today)
    before, were_open, former = _facts(order), _open(order), order.reference
    agreed = {line.line_id: line.quantities.ordered for line in order.lines}
    with session.no_autoflush:  # one amendment, one version
        order.reference = reference or former
        _change(session, order, change_lines, today=today)
        order_usecases.append_lines(session, order, add_lines, today=today, place="add_lines")
        rules.require_something_left([line.quantities for line in order.lines], number=order.number)
        _require_allowed(session, order, credit, were_open, today=today, now=now)
        order_usecases.settle(session, order)
    days = {one["line_id"]: one["promised_on"] for one in change_lines if "promised_on" in one}
    promise_anew(session, [(order, order.lines)], days, reason=reason, now=now, by=by)
    _reserve(session, order, now=now)
    changes = rules.find_changes(before, _facts(order), skus=_skus(order))
    changes = [*rules.find_renamed(former, order.reference), *changes]
    rules.require_changes(changes, number=order.number)
    version = _keep(session, order, changes, reason=reason, now=now, by=by)
    if acceptance is not None:
        note_acceptance(version, **acceptance, today=today, now=now, by=by, place="acceptance/")
    _announce(session, order, version)
    ask_for_more(session, order, agreed, now=now, by=by)
    count_unbilled(session, [(order, order.lines)])
    order_usecases.announce_if_completed(session, order)
    return order


def _change(
    session: Session, order: Order, changes: Sequence[dict[str, Any]], *, today: date
) -> None:
    rules.require_each_once(one["line_id"] for one in changes)
    planned, _ = read_planned(session, order_ids=[order.order_id])
    opened = find_opened(session, order_id=order.order_id)
    known = {line.line_id for line in order.lines}
    for index, one in enumerate(changes):
        field = f"change_lines/{index}"
        rules.require_line(one["line_id"], known, number=order.number, field=field)
        line = order_usecases.line_of(order, one["line_id"])
        rules.require_price_open(line, one, field=field)
        rules.require_not_coming_back(line, one, opened.get(line.line_id), field=field)
        taken = planned.get(line.line_id, Decimal(0))
        quantities = rules.change_quantities(line, one, planned=taken, field=field)
        rules.require_promisable(quantities, one, today=today, field=field)
        line.quantities = quantities
        if line.returns_line_id is not None and "quantity" in one:
            order_usecases.require_sold_before(session, order, line, {}, place=f"{field}/")
        order_usecases.set_facts(line, {name: one[name] for name in FACTS if name in one})


def _require_allowed(
    session: Session,
    order: Order,
    credit: Credit,
    were_open: Mapping[str, Decimal],
    *,
    today: date,
    now: datetime,
) -> None:
    """What is added must be on sale and within the account's credit; what only moves, or is less, is
    agreed to whatever became of the account."""
    more = [
        line
        for line in order.lines
        if line.quantities.to_ship > were_open.get(line.line_id, Decimal(0))
    ]
    require_on_sale(session, product_ids={line.product_id for line in more})
    added = order.gross_to_ship - order.open_gross
    if more or added > 0:
        require_supplied(credit.standing)
    if added > 0:
        require_credit(session, credit, order_id=order.order_id, gross=added, today=today, now=now)
        order.agreed_limit = credit.standing.credit_limit


def _reserve(session: Session, order: Order, *, now: datetime) -> None:
    """What is kept of the stock follows: no more than is open, and what is more where goods are kept from
    the confirmation on."""
    wants = queries.wants_of(order)
    kept = reservation_queries.find_kept(session, line_ids=[want.line_id for want in wants])
    had = {line_id: one.quantity for line_id, one in kept.items()}
    less = [want for want in wants if want.quantity < had.get(want.line_id, Decimal(0))]
    reservations.release(session, [want.line_id for want in less if not want.quantity])
    reservations.reserve(session, less, now=now)
    reservations.at_confirmation(session, wants, now=now)


def _keep(
    session: Session,
    order: Order,
    changes: Sequence[Mapping[str, Any]],
    *,
    reason: str,
    now: datetime,
    by: str,
) -> OrderVersion:
    return add_version(
        session,
        order_id=order.order_id,
        account_id=order.account_id,
        currency=order.currency,
        total_net=order.total_net,
        total_gross=order.total_gross,
        reason=reason,
        changes=changes,
        made_at=now,
        made_by=by,
    )


def _announce(session: Session, order: Order, version: OrderVersion) -> None:
    announce(
        session,
        events.OrderAmended,
        **order_usecases.say_order(order),
        revision=version.revision,
        reason=version.reason,
        changes=version.changes,
        is_ended=order.is_ended,
    )


def _facts(order: Order) -> Facts:
    return {line.line_id: rules.facts_of_line(line) for line in order.lines}


def _open(order: Order) -> dict[str, Decimal]:
    return {line.line_id: line.quantities.to_ship for line in order.lines}


def _skus(order: Order) -> dict[str, str]:
    return {line.line_id: line.sku for line in order.lines}
