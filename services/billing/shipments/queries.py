"""Reads of what was shipped."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.billing.shipments.models import ShippedLine


class Shipped(NamedTuple):
    """How much of an order line was shipped, as far as is heard, and whether it was given away."""

    quantity: Decimal
    is_free: bool


def find_shipped(session: Session, *, shipment_ids: Collection[str]) -> set[str]:
    """Those of these shipments that were heard of before."""
    of_them = select(ShippedLine.shipment_id).where(ShippedLine.shipment_id.in_(shipment_ids))
    return set(session.scalars(of_them.distinct()))


def find_numbers(
    session: Session, *, shipment_ids: Collection[str | None]
) -> dict[str | None, str]:
    """The numbers of shipments, by id; those of which none is known are left out."""
    named = [one for one in shipment_ids if one is not None]
    if not named:
        return {}
    found = session.execute(
        select(ShippedLine.shipment_id, func.max(ShippedLine.shipment_number))
        .where(ShippedLine.shipment_id.in_(named), ShippedLine.shipment_number.is_not(None))
        .group_by(ShippedLine.shipment_id)
    )
    return {row[0]: str(row[1]) for row in found}


def sum_shipped(
    session: Session, *, order_line_ids: Collection[str]
) -> dict[tuple[str, str], Shipped]:
    """What was shipped of order lines, by the account to which it was, and their ids."""
    found = session.execute(
        select(
            ShippedLine.account_id,
            ShippedLine.order_line_id,
            func.sum(ShippedLine.quantity),
            func.max(ShippedLine.unit_price) == 0,
        )
        .where(ShippedLine.order_line_id.in_(order_line_ids))
        .group_by(ShippedLine.account_id, ShippedLine.order_line_id)
    )
    return {(row[0], str(row[1])): Shipped(row[2], row[3]) for row in found}
