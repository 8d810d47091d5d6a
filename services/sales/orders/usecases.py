"""What can be done with orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Invalid, NotFound
from services.sales.accounts import queries as account_queries
from services.sales.accounts.rules import require_supplied
from services.sales.accounts.usecases import fetch_account_for_change, lock_credit_group
from services.sales.destinations import queries as destination_queries
from services.sales.order_bills.usecases import Named, ask_at_confirmation
from services.sales.order_lines.rules import (
    find_problems,
    freeze,
    net_unit_price,
    require_direction,
    require_promise,
    require_sold,
)
from services.sales.order_versions.usecases import add_first_version
from services.sales.orders import events, queries, rules
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Action, OrderStatus
from services.sales.overrides.usecases import require_credit
from services.sales.products import queries as product_queries
from services.sales.products.models import Product
from services.sales.products.usecases import require_on_sale
from services.sales.reservations import usecases as reservations


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
    replaces_return_id: str | None = None,
    **destination: Any,
) -> Order:
    """Draft an order, with the products' prices of this moment. Its goods go to the destination given,
    else to the account's own."""
    account = account_queries.fetch_account(session, account_id)
    rules.require_settlement(bills_on=bills_on, ships_on=ships_on, deposit_percent=deposit_percent)
    order = Order(
        order_id=new_id("ord"),
        account_id=account_id,
        currency=currency or account.currency,
        reference=reference,
        is_billed_apart=is_billed_apart,
        note=note,
        bills_on=bills_on,
        ships_on=ships_on,
        deposit_percent=deposit_percent,
        replaces_return_id=replaces_return_id,
        not_invoiced=0,
        ordered_on=today,
        created_at=now,
        created_by=by,
        **destination_queries.find_destination(session, account, destination, on=today),
    )
    append_lines(session, order, lines, today=today)
    session.add(order)
    return _settle_draft(session, order)


def edit_order(session: Session, *, order_id: str, today: date, **changes: Any) -> Order:
    """Change what a draft says besides its lines."""
    order = _fetch_draft(session, order_id)
    account = account_queries.fetch_account(session, order.account_id)
    changed = destination_queries.find_changed_destination(session, account, changes, on=today)
    for name, value in {**changes, **changed}.items():
        if name != "delivery_address_id":
            setattr(order, name, value)
    rules.require_settlement(
        bills_on=order.bills_on, ships_on=order.ships_on, deposit_percent=order.deposit_percent
    )
    return _settle_draft(session, order)


def add_lines(
    session: Session, *, order_id: str, lines: list[dict[str, Any]], today: date
) -> Order:
    """Add lines to a draft, with the products' prices of this moment."""
    order = _fetch_draft(session, order_id)
    append_lines(session, order, lines, today=today)
    return _settle_draft(session, order)


def change_line(
    session: Session, *, order_id: str, line_id: str, today: date, **changes: Any
) -> Order:
    """Change quantity, price, discount, promised day or note of a draft's line, where given."""
    order = _fetch_draft(session, order_id)
    line = line_of(order, line_id)
    require_promise(changes.get("promised_on"), today=today)
    quantity = changes.pop("quantity", None)
    if quantity is not None:
        require_direction(quantity, was=line.quantities.ordered)
        line.quantities = rules.Quantities(quantity)
    if line.returns_line_id is not None:
        require_sold_before(session, order, line, changes)
    set_facts(line, changes)
    return _settle_draft(session, order)


def remove_line(session: Session, *, order_id: str, line_id: str) -> Order:
    """Take a line off a draft; the last one stays."""
    order = _fetch_draft(session, order_id)
    order.lines.remove(line_of(order, line_id))
    rules.require_line_count(len(order.lines), number=order.number)
    return _settle_draft(session, order)


def confirm_order(session: Session, *, order_id: str, today: date, now: datetime, by: str) -> Order:
    """Agree to a draft, if the account may be supplied and its credit suffices."""
    order = fetch_for_change(session, Order, order_id)
    rules.require_move(Action.CONFIRM, status=order.status, number=order.number)
    account = fetch_account_for_change(session, order.account_id)
    lock_credit_group(session, account)
    credit = queries.read_credit(
        session, account, currency=order.currency, today=today, but_for=order_id
    )
    require_supplied(credit.standing)
    rules.require_order_number(
        order.reference,
        is_required=account.order_number_required,
        account_number=account.number,
    )
    require_credit(
        session, credit, order_id=order_id, gross=order.going_out.gross, today=today, now=now
    )
    require_on_sale(
        session, product_ids={line.product_id for line in order.lines if not line.is_return_line}
    )
    order.confirmed_at = now
    order.confirmed_by = by
    order.agreed_limit = credit.standing.credit_limit
    settle(session, order)
    reservations.at_confirmation(session, queries.wants_of(order), now=now)
    _keep_first_version(session, order)
    announce(session, events.OrderConfirmed, **say_order(order))
    ask_at_confirmation(
        session,
        Named(order.account_id, order.order_id, order.number, order.reference, order.currency),
        [say_line(line) for line in order.lines if not line.is_return_line],
        is_billed_on_order=order.bills_on == rules.BillsOn.ORDER,
        deposit_percent=order.deposit_percent,
        now=now,
        by=by,
    )
    return order


def say_order(order: Order) -> dict[str, Any]:
    """A confirmed order as others are told of it."""
    return {
        "account_id": order.account_id,
        "order_id": order.order_id,
        "number": order.number,
        "version": order.version,
        "currency": order.currency,
        "total_net": order.total_net,
        "total_gross": order.total_gross,
        "client_order_number": order.reference,
        "bills_on": order.bills_on,
        "ships_on": order.ships_on,
        "deposit_percent": order.deposit_percent,
        "lines": [say_line(line) for line in order.lines],
    }


def _keep_first_version(session: Session, order: Order) -> None:
    kept = ("order_id", "account_id", "currency", "total_net", "total_gross")
    facts = {name: getattr(order, name) for name in kept}
    add_first_version(session, **facts, made_at=order.confirmed_at, made_by=order.confirmed_by)


def say_line(line: OrderLine) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "product_id": line.product_id,
        "sku": line.sku,
        "description": line.description,
        "quantity": line.quantities.ordered,
        "unit_price": line.net_unit_price,
        "tax_percent": line.tax_percent,
        "promised_on": line.promised_on,
        "returns_line_id": line.returns_line_id,
    }


def cancel_order(session: Session, *, order_id: str, reason: str, now: datetime, by: str) -> Order:
    """Cancel all that is not shipped."""
    order = fetch_for_change(session, Order, order_id)
    rules.require_move(Action.CANCEL, status=order.status, number=order.number)
    for line in order.lines:
        line.quantities = line.quantities.cancel_open()
    order.cancelled_at = now
    order.cancelled_by = by
    order.cancel_reason = reason
    settle(session, order)
    reservations.release(session, [line.line_id for line in order.lines])
    announce_if_completed(session, order)
    if order.status == OrderStatus.CANCELLED:
        announce(
            session,
            events.OrderCancelled,
            account_id=order.account_id,
            order_id=order.order_id,
            number=order.number,
            version=order.version,
            currency=order.currency,
            reason=reason,
        )
    return order


def cancel_quantities(session: Session, order: Order, *, quantities: Mapping[str, Decimal]) -> None:
    """Ship these quantities, by line id, no more. The caller has locked the order."""
    for line in order.lines:
        if line.line_id in quantities:
            line.quantities = line.quantities.cancel(quantities[line.line_id])
    settle(session, order)
    done = [each for each in order.lines if each.line_id in quantities and not each.quantities.open]
    reservations.release(session, [line.line_id for line in done])
    announce_if_completed(session, order)


def agree_under(session: Session, order: Order, *, limit: int | None) -> None:
    """Let an order, which the caller has locked, count as agreed under this credit limit."""
    order.agreed_limit = limit
    settle(session, order)


def note_not_invoiced(session: Session, *, order_id: str, amount: int) -> None:
    """Note what of an order is shipped and not invoiced, in minor units. Without a new version: what
    clients see of the order has not changed."""
    session.execute(update(Order).where(Order.order_id == order_id).values(not_invoiced=amount))


def _fetch_draft(session: Session, order_id: str) -> Order:
    order = fetch_for_change(session, Order, order_id)
    rules.require_move(Action.CHANGE, status=order.status, number=order.number)
    return order


def line_of(order: Order, line_id: str) -> OrderLine:
    """The order's line with this id; NotFound where it has none such."""
    for line in order.lines:
        if line.line_id == line_id:
            return line
    raise NotFound("line_not_found", f"Order {order.number} has no line {line_id}.")


def append_lines(
    session: Session,
    order: Order,
    lines: list[dict[str, Any]],
    *,
    today: date,
    place: str = "lines",
) -> None:
    """Add lines, at the products' prices of this moment; Invalid, naming every line it fails for, where
    one cannot be had. The caller has locked the order, and settles it."""
    rules.require_line_count(len(order.lines) + len(lines), number=order.number)
    found = product_queries.find_products(
        session,
        product_ids={line["product_id"] for line in lines if "product_id" in line},
        skus={line["sku"] for line in lines if "sku" in line},
    )
    sold = _sold(session, order, [line["returns_line_id"] for line in lines])
    first = max((line.position for line in order.lines), default=0) + 1
    errors: list[dict[str, str]] = []
    for index, line in enumerate(lines):
        key = "product_id" if "product_id" in line else "sku"
        facts = line, found.get((key, line[key])), sold.get(line["returns_line_id"])
        problems = find_problems(*facts, currency=order.currency, today=today)
        errors += [{"field": f"{place}/{index}/{name}", "detail": why} for name, why in problems]
        if not errors:
            order.lines.append(_freeze(*facts, position=first + index))
    if errors:
        raise Invalid.fields(errors)


def _freeze(
    line: Mapping[str, Any], product: Product | None, sold: OrderLine | None, *, position: int
) -> OrderLine:
    assert product is not None, "it would have been found wrong"
    facts = freeze(line, product, sold)
    quantities = rules.Quantities(facts.pop("quantity"))
    return OrderLine(line_id=new_id("orl"), position=position, quantities=quantities, **facts)


def require_sold_before(
    session: Session, order: Order, line: OrderLine, changes: Mapping[str, Any]
) -> None:
    """Refuse (`not_sold`) a line of goods that come back which says so of more than was sold, or has a
    price of its own."""
    assert line.returns_line_id is not None, "else it was not sold"
    sold = _sold(session, order, [line.returns_line_id]).get(line.returns_line_id)
    meant = {"quantity": line.quantities.ordered, "returns_line_id": line.returns_line_id}
    require_sold(sold, {**meant, **changes}, product_id=line.product_id)


def set_facts(line: OrderLine, facts: Mapping[str, Any]) -> None:
    """Let a line say this of itself; its net price follows."""
    for name, value in facts.items():
        setattr(line, name, value)
    line.net_unit_price = net_unit_price(line.unit_price, line.discount_percent)


def _sold(
    session: Session, order: Order, line_ids: Iterable[str | None]
) -> Mapping[str, OrderLine]:
    """The account's lines by which goods were sold that are to come back, by id."""
    return queries.find_sold_lines(
        session,
        account_id=order.account_id,
        currency=order.currency,
        line_ids={line_id for line_id in line_ids if line_id is not None},
    )


def _settle_draft(session: Session, order: Order) -> Order:
    settle(session, order)
    order.warn(queries.find_twins(session, order))
    return order


def settle(session: Session, order: Order) -> Order:
    """Store what follows from the lines. What is to come back takes nothing off what is open: it counts
    once it is credited."""
    with session.no_autoflush:  # one change, one version
        lines = order.lines
    totals = rules.totals(line.part(line.quantities.ordered) for line in lines)
    order.total_net, order.total_tax, order.total_gross = totals.net, totals.tax, totals.gross
    is_confirmed = order.confirmed_at is not None
    order.status = rules.status_of([line.quantities for line in lines], is_confirmed=is_confirmed)
    order.open_gross = order.gross_to_ship if is_confirmed else 0
    flag_modified(order, "status")  # so that the version counts changes of lines, too
    session.flush()
    return order


def announce_if_completed(session: Session, order: Order) -> None:
    """Say so if nothing of the order is open any more."""
    if order.status != OrderStatus.DONE:
        return
    announce(
        session,
        events.OrderCompleted,
        account_id=order.account_id,
        order_id=order.order_id,
        number=order.number,
        version=order.version,
        currency=order.currency,
    )
