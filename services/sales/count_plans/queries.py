"""Reading plans: how they class products, what is due, and what waits to be counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.sales.count_plans.models import CountPlan
from services.sales.count_plans.rules import MOVED_DAYS, Basis, PlanStatus, ValueClass
from services.sales.counts.models import CountLine, StockCount
from services.sales.counts.rules import LIVE, CountStatus
from services.sales.levels.models import StockLevel
from services.sales.products.models import Product
from services.sales.stock.models import StockMove
from services.sales.stock.rules import MoveKind, MoveStatus


def get_plan(session: Session, *, plan_id: str) -> CountPlan:
    """One plan."""
    return fetch(session, CountPlan, plan_id)


def list_plans(
    session: Session, *, status: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of plans by name."""
    statement = select(CountPlan)
    if status is not None:
        statement = statement.where(CountPlan.status == status)
    return read_page(session, statement, by=[CountPlan.name], limit=limit, after=after)


def find_active(session: Session) -> Sequence[CountPlan]:
    """The plans that count."""
    return session.scalars(select(CountPlan).where(CountPlan.status == PlanStatus.ACTIVE)).all()


def list_classes(
    session: Session, *, plan_id: str, today: date, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what a plan counts, by class and sku: the class of each product, and when it is due."""
    found = _due(fetch(session, CountPlan, plan_id), today=today).subquery()
    by = [found.c.value_class, found.c.sku]
    return read_page(session, select(found), by=by, limit=limit, after=after)


def find_due(session: Session, plan: CountPlan, *, on: date) -> Sequence[Row[Any]]:
    """What is to be counted by a plan: due the longest first, then by class and sku; nothing that is
    being counted there already."""
    found = _due(plan, today=on).subquery()
    counted_now = exists().where(
        CountLine.count_id == StockCount.count_id,
        CountLine.product_id == found.c.product_id,
        StockCount.status.in_(LIVE),
        StockCount.place_id.is_not_distinct_from(plan.place_id),
    )
    return session.execute(
        select(found)
        .where(found.c.due_on <= on, ~counted_now)
        .order_by(found.c.due_on, found.c.value_class, found.c.sku)
        .limit(plan.lines_per_day)
    ).all()


def list_due(
    session: Session, *, place_id: str | None, plan_id: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what waits to be counted, in open counts, due the longest first."""
    statement: Any = (
        select(
            CountLine.due_on,
            StockCount.number,
            CountLine.position,
            StockCount.count_id,
            StockCount.plan_id,
            StockCount.place_id,
            StockCount.is_blind,
            StockCount.note,
            CountLine.line_id,
            CountLine.product_id,
            Product.sku,
            Product.name,
            Product.unit,
        )
        .join(StockCount, StockCount.count_id == CountLine.count_id)
        .join(Product, Product.product_id == CountLine.product_id)
        .where(StockCount.status == CountStatus.OPEN, CountLine.counted.is_(None))
    )
    if place_id is not None:
        statement = statement.where(StockCount.place_id == place_id)
    if plan_id is not None:
        statement = statement.where(StockCount.plan_id == plan_id)
    by = [CountLine.due_on, StockCount.number, CountLine.position]
    return read_page(session, statement, by=by, limit=limit, after=after)


def _due(plan: CountPlan, *, today: date) -> Select[Any]:
    """What a plan counts, with its class, when it was counted last and when it is due."""
    classed = _classed(plan, today=today)
    last = _last_counted(plan)
    days = case(
        (classed.c.value_class == ValueClass.A, cast(plan.a_days, Integer)),
        (classed.c.value_class == ValueClass.B, cast(plan.b_days, Integer)),
        else_=cast(plan.c_days, Integer),
    )
    due_on = func.coalesce(last.c.last_counted_on + days, plan.starts_on)
    return (
        select(
            classed, last.c.last_counted_on, func.greatest(due_on, plan.starts_on).label("due_on")
        )
        .outerjoin(last, last.c.product_id == classed.c.product_id)
        .where(days.is_not(None))
    )


def _classed(plan: CountPlan, *, today: date) -> Subquery:
    """Each product that is kept in stock, with its value and class. In each currency by itself the first
    products that together have `a_percent` of the value are A, the next up to `b_percent` B; what is
    worth nothing is C."""
    worth = _worth(plan, today=today)
    so_far = func.sum(worth.c.value).over(
        partition_by=worth.c.currency,
        order_by=(worth.c.value.desc(), worth.c.sku),
        rows=(None, -1),
    )
    whole = func.sum(worth.c.value).over(partition_by=worth.c.currency)
    share = func.coalesce(so_far, 0) * 100
    valued = select(worth, share.label("share"), whole.label("whole")).subquery()
    value_class = case(
        (valued.c.value <= 0, ValueClass.C),
        (valued.c.share < plan.a_percent * valued.c.whole, ValueClass.A),
        (valued.c.share < plan.b_percent * valued.c.whole, ValueClass.B),
        else_=literal(ValueClass.C),
    )
    return select(
        valued.c.product_id,
        valued.c.sku,
        valued.c.name,
        valued.c.currency,
        valued.c.value,
        value_class.label("value_class"),
    ).subquery()


def _worth(plan: CountPlan, *, today: date) -> Subquery:
    """What each product is worth by the plan's basis: what lies at its place, or what was shipped from
    there in a year, at what one costs on average now."""
    if plan.basis == Basis.STOCK_VALUE:
        sign, is_meant = 1, StockMove.moved_on <= today
    else:
        sign = -1
        is_meant = and_(
            StockMove.kind == MoveKind.SHIPMENT,
            StockMove.moved_on.between(today - timedelta(days=MOVED_DAYS), today),
        )
    moved = (
        select(StockMove.product_id, (sign * func.sum(StockMove.quantity)).label("quantity"))
        .where(
            StockMove.status == MoveStatus.DONE,
            StockMove.place_id.is_not_distinct_from(plan.place_id),
            is_meant,
        )
        .group_by(StockMove.product_id)
        .subquery()
    )
    value = func.round(func.coalesce(moved.c.quantity * StockLevel.average_cost, 0))
    return (
        select(
            Product.product_id,
            Product.sku,
            Product.name,
            Product.currency,
            cast(value, BigInteger).label("value"),
        )
        .outerjoin(StockLevel, StockLevel.product_id == Product.product_id)
        .outerjoin(moved, moved.c.product_id == Product.product_id)
        .where(Product.is_stocked, or_(Product.is_active, StockLevel.on_hand > 0))
        .subquery()
    )


def _last_counted(plan: CountPlan) -> Subquery:
    """When each product was counted last at the plan's place, by a count that was posted."""
    return (
        select(CountLine.product_id, func.max(CountLine.counted_on).label("last_counted_on"))
        .join(StockCount, StockCount.count_id == CountLine.count_id)
        .where(
            StockCount.status == CountStatus.POSTED,
            StockCount.place_id.is_not_distinct_from(plan.place_id),
        )
        .group_by(CountLine.product_id)
        .subquery()
    )
