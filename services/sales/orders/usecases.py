"""What can be done with orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chassis.bulk import columns
from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Invalid, NotFound
from services.sales.accounts import queries as account_queries
from services.sales.destinations import queries as destination_queries
from services.sales.order_lines.rules import (
    find_problems,
    freeze,
    net_unit_price,
    require_direction,
    require_promise,
    require_sold,
)
from services.sales.orders import events, queries, rules
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Action, OrderStatus
from services.sales.products import queries as product_queries
from services.sales.products.models import Product
from services.sales.reservations import usecases as reservations

_NOTE = select(Order).from_statement(
    text("""
    UPDATE "order" SET not_invoiced = told.amount
    FROM unnest(CAST(:order_ids AS text[]), CAST(:amounts AS bigint[])) AS told (order_id, amount)
    WHERE "order".order_id = told.order_id
    RETURNING "order".*
    """)
)


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
    to_ship = {line.line_id: line.quantities.to_ship for line in order.lines}
    reservations.keep_at_most(session, {line_id: to_ship[line_id] for line_id in quantities})
    announce_if_completed(session, order)


def agree_under(session: Session, order: Order, *, limit: int | None) -> None:
    """Let an order, which the caller has locked, count as agreed under this credit limit."""
    order.agreed_limit = limit
    settle(session, order)


def note_not_invoiced(session: Session, amounts: Mapping[str, int]) -> None:
    """Note what of orders, by their ids, is shipped and not invoiced, in minor units. Without a new
    version: what clients see of the orders has not changed."""
    session.flush()
    told = columns(amounts.items(), "order_ids", "amounts")
    session.scalars(_NOTE, told, execution_options={"populate_existing": True}).all()


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


class Catalogue(NamedTuple):
    """What lines may name: products by ("product_id", id) and ("sku", sku), and lines by which something
    was sold, by id."""

    products: Mapping[tuple[str, str], Product]
    sold: Mapping[str, queries.SoldLine]


def open_catalogue(session: Session, lines: Sequence[Mapping[str, Any]]) -> Catalogue:
    """All that these lines name."""
    returned = {line["returns_line_id"] for line in lines} - {None}
    products = product_queries.find_products(
        session,
        product_ids={line["product_id"] for line in lines if "product_id" in line},
        skus={line["sku"] for line in lines if "sku" in line},
    )
    return Catalogue(products, queries.find_sold_lines(session, returned))


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
    put_lines(
        order, lines, open_catalogue(session, lines), today=today, ordered_on=today, place=place
    )


def put_lines(
    order: Order,
    lines: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
    *,
    today: date,
    ordered_on: date,
    place: str = "lines",
) -> None:
    """As `append_lines`, where what the lines name was read, and the day they are ordered on may have
    gone by."""
    rules.require_line_count(len(order.lines) + len(lines), number=order.number)
    first = max((line.position for line in order.lines), default=0) + 1
    new: list[OrderLine] = []
    errors: list[dict[str, str]] = []
    for index, line in enumerate(lines):
        key = "product_id" if "product_id" in line else "sku"
        sold = _sold_to(order, catalogue.sold.get(line["returns_line_id"]))
        facts = line, catalogue.products.get((key, line[key])), sold
        problems = find_problems(
            *facts, currency=order.currency, today=today, ordered_on=ordered_on
        )
        errors += [{"field": f"{place}/{index}/{name}", "detail": why} for name, why in problems]
        if not errors:
            new.append(_freeze(*facts, order_id=order.order_id, position=first + index))
    if errors:
        raise Invalid.fields(errors)
    order.lines.extend(new)


def _freeze(
    line: Mapping[str, Any],
    product: Product | None,
    sold: OrderLine | None,
    *,
    order_id: str,
    position: int,
) -> OrderLine:
    assert product is not None, "it would have been found wrong"
    facts = freeze(line, product, sold)
    facts["quantities"] = rules.Quantities(facts.pop("quantity"))
    return OrderLine(line_id=new_id("orl"), order_id=order_id, position=position, **facts)


def _sold_to(order: Order, sold: queries.SoldLine | None) -> OrderLine | None:
    """The line, if it was sold to the order's account, in the order's currency."""
    whose = order.account_id, order.currency
    return sold.line if sold is not None and (sold.account_id, sold.currency) == whose else None


def require_sold_before(
    session: Session,
    order: Order,
    line: OrderLine,
    changes: Mapping[str, Any],
    *,
    place: str = "",
) -> None:
    """Refuse (`not_sold`) a line of goods that come back which says so of more than was sold, or has a
    price of its own."""
    assert line.returns_line_id is not None, "else it was not sold"
    found = queries.find_sold_lines(session, [line.returns_line_id])
    sold = _sold_to(order, found.get(line.returns_line_id))
    meant = {"quantity": line.quantities.ordered, "returns_line_id": line.returns_line_id}
    require_sold(sold, {**meant, **changes}, product_id=line.product_id, place=place)


def set_facts(line: OrderLine, facts: Mapping[str, Any]) -> None:
    """Let a line say this of itself; its net price follows."""
    for name, value in facts.items():
        setattr(line, name, value)
    line.net_unit_price = net_unit_price(line.unit_price, line.discount_percent)


def _settle_draft(session: Session, order: Order) -> Order:
    settle(session, order)
    order.warn(queries.find_twins(session, order))
    return order


def settle(session: Session, order: Order) -> Order:
    """Store what follows from the lines. What is to come back takes nothing off what is open: it counts
    once it is credited."""
    with session.no_autoflush:  # one change, one version
        for name, value in what_follows(order).items():
            setattr(order, name, value)
    flag_modified(order, "status")  # so that the version counts changes of lines, too
    session.flush()
    return order


def what_follows(order: Order) -> dict[str, Any]:
    """What follows from an order's lines."""
    totals = rules.totals(line.part(line.quantities.ordered) for line in order.lines)
    is_confirmed = order.confirmed_at is not None
    quantities = [line.quantities for line in order.lines]
    return {
        "total_net": totals.net,
        "total_tax": totals.tax,
        "total_gross": totals.gross,
        "status": rules.status_of(quantities, is_confirmed=is_confirmed),
        "open_gross": order.gross_to_ship if is_confirmed else 0,
    }


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
