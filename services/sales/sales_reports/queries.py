"""Adding up what was sold and what came back."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.orders.models import OrderLine
from services.sales.return_credits.models import ReturnAnswer
from services.sales.return_credits.rules import CREDIT
from services.sales.return_parts.models import ReturnPart, ReturnPartLine
from services.sales.returns.models import Return, ReturnLine
from services.sales.sales_reports.rules import By, require_period
from services.sales.shipments.models import Shipment, ShipmentLine
from services.sales.shipments.rules import GONE

_PRICE = OrderLine.net_unit_price
_BACK = ReturnPartLine.restocked + ReturnPartLine.scrapped
_NOTHING = literal(0, Numeric)


def report_sales(
    session: Session,
    *,
    by: str,
    currency: str,
    account_id: str | None,
    product_id: str | None,
    period_from: date | None,
    period_to: date | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of what was shipped and came back, by sku, account's id or month; all of it is added up in
    one go."""
    require_period(period_from, period_to)
    ways: list[tuple[Select[Any], Any, Any]] = [
        (_shipped(By(by)), Shipment, Shipment.shipped_on),
        (_returned(By(by)), Return, ReturnPart.received_on),
    ]
    parts = []
    for statement, owned, day in ways:
        statement = statement.where(owned.currency == currency)
        if account_id is not None:
            statement = statement.where(owned.account_id == account_id)
        if product_id is not None:
            statement = statement.where(OrderLine.product_id == product_id)
        if period_from is not None:
            statement = statement.where(day >= period_from)
        if period_to is not None:
            statement = statement.where(day <= period_to)
        parts.append(statement)
    each = union_all(*parts).subquery().c
    shipped_net, credited_net = func.sum(each.shipped_net), func.sum(each.credited_net)
    statement = select(
        each.name,
        func.max(each.product_id).label("product_id"),
        func.max(each.account_id).label("account_id"),
        func.sum(each.shipped).label("shipped"),
        cast(shipped_net, BigInteger).label("shipped_net"),
        func.sum(each.returned).label("returned"),
        cast(credited_net, BigInteger).label("credited_net"),
        cast(shipped_net - credited_net, BigInteger).label("net"),
        literal(currency, Text).label("currency"),
    ).group_by(each.name)
    return read_page(session, statement, by=[each.name], limit=limit, after=after)


def _shipped(by: By) -> Select[Any]:
    return (
        select(
            *_names(by, Shipment.account_id, Shipment.shipped_on),
            ShipmentLine.quantity.label("shipped"),
            func.round(ShipmentLine.quantity * _PRICE).label("shipped_net"),
            _NOTHING.label("returned"),
            _NOTHING.label("credited_net"),
        )
        .select_from(ShipmentLine)
        .join(Shipment, Shipment.shipment_id == ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.line_id == ShipmentLine.line_id)
        .where(Shipment.status.in_(GONE))
    )


def _returned(by: By) -> Select[Any]:
    """What was accepted, and what of that is credited: less what one is not made good for, and less the
    restocking fee, each rounded half up as it is credited."""
    whole = func.round(_BACK * _PRICE)
    good = func.least(whole, func.coalesce(func.round(_BACK * ReturnLine.unit_price), whole))
    credited = good - func.round(good * ReturnAnswer.fee_percent / 100)
    of_part = (ReturnAnswer.return_id == ReturnPart.return_id, ReturnAnswer.part == ReturnPart.part)
    of_line = (
        ReturnLine.return_id == ReturnPartLine.return_id,
        ReturnLine.line_id == ReturnPartLine.line_id,
    )
    here = (
        ReturnPart.return_id == ReturnPartLine.return_id,
        ReturnPart.part == ReturnPartLine.part,
    )
    return (
        select(
            *_names(by, Return.account_id, ReturnPart.received_on),
            _NOTHING.label("shipped"),
            _NOTHING.label("shipped_net"),
            _BACK.label("returned"),
            case((ReturnAnswer.kind == CREDIT, credited), else_=_NOTHING).label("credited_net"),
        )
        .select_from(ReturnPartLine)
        .join(ReturnPart, and_(*here))
        .join(Return, Return.return_id == ReturnPart.return_id)
        .join(ReturnLine, and_(*of_line))
        .join(OrderLine, OrderLine.line_id == ReturnPartLine.line_id)
        .outerjoin(ReturnAnswer, and_(*of_part))
        .where(_BACK > 0)
    )


def _names(by: By, account_id: Any, day: Any) -> list[ColumnElement[Any]]:
    """What a line is of, and its ids; those that it is not of are null."""
    none = null().cast(Text)
    name = {
        By.PRODUCT: OrderLine.sku,
        By.ACCOUNT: account_id,
        By.MONTH: func.to_char(day, "YYYY-MM", type_=Text),
    }[by]
    product_id = OrderLine.product_id if by == By.PRODUCT else none
    return [
        name.label("name"),
        product_id.label("product_id"),
        (account_id if by == By.ACCOUNT else none).label("account_id"),
    ]
