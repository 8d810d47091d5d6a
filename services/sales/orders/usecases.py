"""What can be done with orders."""

from __future__ import annotations

from collections.abc import Mapping
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
from services.sales import events
from services.sales.accounts import queries as account_queries
from services.sales.accounts.rules import require_credit, require_supplied
from services.sales.accounts.usecases import fetch_account_for_change
from services.sales.orders import queries, rules
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Action, OrderStatus
from services.sales.products import queries as product_queries
from services.sales.products.models import Product
from services.sales.products.rules import why_not_orderable
from services.sales.products.usecases import require_on_sale


def create_order(
    session: Session,
    *,
    account_id: str,
    currency: str | None,
    reference: str | None,
    is_billed_apart: bool,
    lines: list[dict[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> Order:
    """Draft an order, with the products' prices of this moment."""
    account = account_queries.fetch_account(session, account_id)
    order = Order(
        order_id=new_id("ord"),
        account_id=account_id,
        currency=currency or account.currency,
        reference=reference,
        is_billed_apart=is_billed_apart,
        not_invoiced=0,
        ordered_on=today,
        created_at=now,
        created_by=by,
    )
    _append_lines(session, order, lines)
    session.add(order)
    return _settle(session, order)


def edit_order(session: Session, *, order_id: str, **changes: Any) -> Order:
    """Change what a draft says besides its lines."""
    order = _fetch_draft(session, order_id)
    for name, value in changes.items():
        setattr(order, name, value)
    return _settle(session, order)


def add_lines(session: Session, *, order_id: str, lines: list[dict[str, Any]]) -> Order:
    """Add lines to a draft, with the products' prices of this moment."""
    order = _fetch_draft(session, order_id)
    _append_lines(session, order, lines)
    return _settle(session, order)


def change_line(
    session: Session,
    *,
    order_id: str,
    line_id: str,
    quantity: Decimal | None = None,
    unit_price: int | None = None,
    discount_percent: Decimal | None = None,
) -> Order:
    """Change quantity, price or discount of a draft's line; what is not given stays."""
    order = _fetch_draft(session, order_id)
    line = _line_of(order, line_id)
    if quantity is not None:
        line.quantities = rules.Quantities(quantity)
    if unit_price is not None:
        line.unit_price = unit_price
    if discount_percent is not None:
        line.discount_percent = discount_percent
    line.net_unit_price = rules.net_unit_price(line.unit_price, line.discount_percent)
    return _settle(session, order)


def remove_line(session: Session, *, order_id: str, line_id: str) -> Order:
    """Take a line off a draft; the last one stays."""
    order = _fetch_draft(session, order_id)
    order.lines.remove(_line_of(order, line_id))
    rules.require_line_count(len(order.lines), number=order.number)
    return _settle(session, order)


def confirm_order(session: Session, *, order_id: str, now: datetime, by: str) -> Order:
    """Agree to a draft, if the account may be supplied and its credit suffices."""
    order = fetch_for_change(session, Order, order_id)
    rules.require_move(Action.CONFIRM, status=order.status, number=order.number)
    account = fetch_account_for_change(session, order.account_id)
    standing = queries.read_standing(session, account, currency=order.currency)
    require_supplied(standing)
    require_credit(standing, gross=order.total_gross)
    require_on_sale(session, product_ids={line.product_id for line in order.lines})
    order.confirmed_at = now
    order.confirmed_by = by
    order.agreed_limit = standing.credit_limit
    _settle(session, order)
    announce(
        session,
        events.OrderConfirmed,
        account_id=order.account_id,
        order_id=order.order_id,
        number=order.number,
        version=order.version,
        currency=order.currency,
        total_net=order.total_net,
        total_gross=order.total_gross,
        client_order_number=order.reference,
    )
    return order


def cancel_order(session: Session, *, order_id: str, reason: str, now: datetime, by: str) -> Order:
    """Cancel all that is not shipped."""
    order = fetch_for_change(session, Order, order_id)
    rules.require_move(Action.CANCEL, status=order.status, number=order.number)
    for line in order.lines:
        line.quantities = line.quantities.cancel_open()
    order.cancelled_at = now
    order.cancelled_by = by
    order.cancel_reason = reason
    _settle(session, order)
    if order.status == OrderStatus.DONE:
        _announce_completed(session, order)
    else:
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


def agree_under(session: Session, order: Order, *, limit: int | None) -> None:
    """Let an order, which the caller has locked, count as agreed under this credit limit."""
    order.agreed_limit = limit
    _settle(session, order)


def record_shipped(
    session: Session, order: Order, *, quantities: Mapping[str, Decimal], gross: int
) -> None:
    """Note that these quantities, by line id, have left for a value of `gross`, which is to be
    invoiced. The caller has locked the order and announces the shipment first."""
    for line in order.lines:
        if line.line_id in quantities:
            line.quantities = line.quantities.ship(quantities[line.line_id])
    order.not_invoiced += gross
    _settle(session, order)
    if order.status == OrderStatus.DONE:
        _announce_completed(session, order)


def note_not_invoiced(session: Session, *, order_id: str, amount: int) -> None:
    """Note what of an order is shipped and not invoiced, in minor units. Without a new version: what
    clients see of the order has not changed."""
    session.execute(update(Order).where(Order.order_id == order_id).values(not_invoiced=amount))


def _fetch_draft(session: Session, order_id: str) -> Order:
    order = fetch_for_change(session, Order, order_id)
    rules.require_move(Action.CHANGE, status=order.status, number=order.number)
    return order


def _line_of(order: Order, line_id: str) -> OrderLine:
    for line in order.lines:
        if line.line_id == line_id:
            return line
    raise NotFound("line_not_found", f"Order {order.number} has no line {line_id}.")


def _append_lines(session: Session, order: Order, lines: list[dict[str, Any]]) -> None:
    rules.require_line_count(len(order.lines) + len(lines), number=order.number)
    products = _products_of(session, lines, currency=order.currency)
    first = max((line.position for line in order.lines), default=0) + 1
    for position, (line, product) in enumerate(zip(lines, products, strict=True), start=first):
        order.lines.append(_freeze(line, product, position=position))


def _products_of(session: Session, lines: list[dict[str, Any]], *, currency: str) -> list[Product]:
    """The product of each line; Invalid, naming every line it fails for, where one cannot be had."""
    found = product_queries.find_products(
        session,
        product_ids={line["product_id"] for line in lines if "product_id" in line},
        skus={line["sku"] for line in lines if "sku" in line},
    )
    products: list[Product] = []
    errors: list[dict[str, str]] = []
    for index, line in enumerate(lines):
        key = "product_id" if "product_id" in line else "sku"
        product = found.get((key, line[key]))
        if product is None:
            problem: str | None = f"There is no product {line[key]}."
        else:
            products.append(product)
            problem = why_not_orderable(
                sku=product.sku,
                is_active=product.is_active,
                price_currency=product.currency,
                currency=currency,
                is_priced_by_hand="unit_price" in line,
            )
        if problem is not None:
            errors.append({"field": f"lines/{index}/{key}", "detail": problem})
    if errors:
        raise Invalid.fields(errors)
    return products


def _freeze(line: dict[str, Any], product: Product, *, position: int) -> OrderLine:
    unit_price = line.get("unit_price", product.unit_price)
    return OrderLine(
        line_id=new_id("orl"),
        position=position,
        product_id=product.product_id,
        sku=product.sku,
        description=product.name,
        unit_price=unit_price,
        discount_percent=line["discount_percent"],
        net_unit_price=rules.net_unit_price(unit_price, line["discount_percent"]),
        tax_percent=product.tax_percent,
        quantities=rules.Quantities(line["quantity"]),
    )


def _settle(session: Session, order: Order) -> Order:
    """Store what follows from the lines."""
    with session.no_autoflush:  # one change, one version
        lines = order.lines
    totals = rules.totals(line.part(line.quantities.ordered) for line in lines)
    order.total_net, order.total_tax, order.total_gross = totals.net, totals.tax, totals.gross
    is_confirmed = order.confirmed_at is not None
    order.status = rules.status_of([line.quantities for line in lines], is_confirmed=is_confirmed)
    still_open = rules.totals(line.part(line.quantities.open) for line in lines)
    order.open_gross = still_open.gross if is_confirmed else 0
    flag_modified(order, "status")  # so that the version counts changes of lines, too
    session.flush()
    return order


def _announce_completed(session: Session, order: Order) -> None:
    announce(
        session,
        events.OrderCompleted,
        account_id=order.account_id,
        order_id=order.order_id,
        number=order.number,
        version=order.version,
        currency=order.currency,
    )
