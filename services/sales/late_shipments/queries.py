"""Reads of late shipments, and of what is promised and not picked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.sales.accounts.models import Account, CreditHold
from services.sales.late_shipments.models import LateShipment, PromiseSettings
from services.sales.late_shipments.rules import LEAD_DAYS, STANDING, Line
from services.sales.levels.models import StockLevel
from services.sales.orders.models import Order, OrderLine
from services.sales.products.models import Product
from services.sales.reservations.models import StockReservation
from services.sales.shipments.models import Shipment, ShipmentLine
from services.sales.shipments.rules import PLANNED, ShipmentState
from services.sales.stops.models import OrderStop

SETTINGS = "sales"
_LINE: Any = OrderLine.__table__.c
_OPEN = func.greatest(_LINE.quantity - _LINE.shipped - _LINE.cancelled, 0)


class AtRisk(NamedTuple):
    """A line that is promised and not picked, as a late shipment is to name it."""

    account_id: str
    order_id: str
    line_id: str
    line: Line


def get_late_shipment(session: Session, *, late_shipment_id: str) -> LateShipment:
    """One late shipment."""
    return fetch_only(session, LateShipment, late_shipment_id)


def list_late_shipments(
    session: Session,
    *,
    account_id: str | None,
    status: str | None,
    is_standing: bool | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of late shipments, what was promised first first."""
    statement = select(LateShipment)
    if account_id is not None:
        statement = statement.where(LateShipment.account_id == account_id)
    if status is not None:
        statement = statement.where(LateShipment.status == status)
    if is_standing is not None:
        stands = LateShipment.status.in_(STANDING)
        statement = statement.where(stands if is_standing else ~stands)
    by = [LateShipment.promised_on, LateShipment.late_shipment_id]
    return read_page(session, statement, by=by, limit=limit, after=after)


def get_settings(session: Session) -> PromiseSettings:
    """How many business days before a promised day a line is late; one, before anybody said so."""
    found = session.get(PromiseSettings, SETTINGS)
    return found or PromiseSettings(settings_id=SETTINGS, lead_days=LEAD_DAYS)


def find_at_risk(session: Session, *, until: date) -> list[AtRisk]:
    """The lines promised for days up to this one that are not picked, and not noted as late for that
    day."""
    is_noted = exists().where(
        LateShipment.line_id == OrderLine.line_id,
        LateShipment.promised_on == OrderLine.promised_on,
    )
    statement = _lines().where(
        Order.status.in_(["confirmed", "processing"]),
        OrderLine.promised_on <= until,
        _LINE.quantity > _LINE.shipped + _LINE.cancelled,
        ~is_noted,
    )
    found = session.execute(
        statement.order_by(OrderLine.promised_on, Order.number, OrderLine.position)
    )
    risks = [AtRisk(row.account_id, row.order_id, row.line_id, _line(row)) for row in found]
    return [risk for risk in risks if risk.line.missing]


def find_standing(session: Session, *, order_ids: Collection[str]) -> Sequence[LateShipment]:
    """The late shipments of these orders that are not over, as they are now."""
    return session.scalars(
        select(LateShipment)
        .where(LateShipment.order_id.in_(order_ids), LateShipment.status.in_(STANDING))
        .order_by(LateShipment.late_shipment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def read_lines(session: Session, *, line_ids: Collection[str]) -> dict[str, Line]:
    """Order lines as they are, by their ids."""
    found = session.execute(_lines().where(OrderLine.line_id.in_(line_ids)))
    return {row.line_id: _line(row) for row in found}


def _lines() -> Select[Any]:
    planned = (
        select(
            ShipmentLine.line_id,
            *(
                func.sum(ShipmentLine.quantity).filter(Shipment.status == state).label(state.value)
                for state in PLANNED
            ),
        )
        .join(Shipment, Shipment.shipment_id == ShipmentLine.shipment_id)
        .where(Shipment.order_id == Order.order_id, Shipment.status.in_(PLANNED))
        .where(ShipmentLine.line_id == OrderLine.line_id)
        .group_by(ShipmentLine.line_id)
        .lateral("planned")
    )
    is_stopped = exists().where(
        OrderStop.order_id == Order.order_id, OrderStop.released_at.is_(None)
    )
    free = func.greatest(StockLevel.on_hand - StockLevel.reserved, 0)
    there = func.coalesce(free, 0) + func.coalesce(StockReservation.reserved, 0)
    return (
        select(
            Order.account_id,
            Order.order_id,
            Order.number,
            OrderLine.line_id,
            OrderLine.sku,
            OrderLine.description,
            OrderLine.promised_on,
            _OPEN.label("open"),
            _LINE.shipped,
            func.coalesce(planned.c[ShipmentState.DRAFT], 0).label("drafted"),
            func.coalesce(planned.c[ShipmentState.ASSIGNED], 0).label("assigned"),
            func.coalesce(planned.c[ShipmentState.PICKED], 0).label("picked"),
            Account.number.label("account_number"),
            Account.status.label("account_status"),
            CreditHold.reason.label("hold_reason"),
            is_stopped.label("is_stopped"),
            case((Product.is_stocked, there)).label("in_stock"),
        )
        .select_from(OrderLine)
        .join(Order, Order.order_id == OrderLine.order_id)
        .join(Account, Account.account_id == Order.account_id)
        .outerjoin(
            CreditHold, and_(CreditHold.account_id == Order.account_id, CreditHold.is_placed)
        )
        .join(Product, Product.product_id == OrderLine.product_id)
        .outerjoin(StockLevel, StockLevel.product_id == OrderLine.product_id)
        .outerjoin(StockReservation, StockReservation.line_id == OrderLine.line_id)
        .outerjoin(planned, planned.c.line_id == OrderLine.line_id)
    )


def _line(row: Row[Any]) -> Line:
    names = (
        *("sku", "description", "open", "shipped", "promised_on", "drafted", "assigned"),
        *("picked", "account_number", "account_status", "hold_reason", "is_stopped", "in_stock"),
    )
    return Line(order_number=row.number, **{name: getattr(row, name) for name in names})
