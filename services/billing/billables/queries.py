"""Reads of what is to be billed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.billing.billables.models import Billable
from services.billing.billables.rules import BillableKind, PendingLine

_WAITING_ORDERS = text(
    """
    SELECT order_id FROM billable
    WHERE order_id = ANY(:order_ids) AND kind = :shipment AND quantity <> cancelled + billed
    UNION
    SELECT billable.order_id FROM billable
        JOIN invoice_line AS line ON line.order_line_id = billable.order_line_id
            AND line.billable_id = billable.billable_id
        JOIN invoice ON invoice.invoice_id = line.invoice_id
    WHERE billable.order_id = ANY(:order_ids) AND billable.kind = :shipment
        AND invoice.issued_on IS NULL
    """
)

IS_PENDING = Billable.quantity != Billable.cancelled + Billable.billed
_PENDING = [getattr(Billable, name) for name in PendingLine._fields]  # no objects: they may be many


def find_pending(
    session: Session,
    *,
    account_ids: Collection[str],
    until: date,
    known_at: datetime,
    drafted: Collection[str] = (),
) -> list[PendingLine]:
    """What is pending of accounts and may be billed on a day, as far as it was recorded at a moment, and
    what is `drafted`; by account and currency, in the order of bills: by order, then service and time of
    recording."""
    is_due = and_(Billable.bill_on <= until, Billable.recorded_at <= known_at, IS_PENDING)
    found = session.execute(
        select(*_PENDING)
        .where(
            Billable.account_id.in_(account_ids),
            or_(is_due, Billable.billable_id.in_(drafted)) if drafted else is_due,
        )
        .order_by(
            Billable.account_id,
            Billable.currency,
            Billable.order_id.nulls_last(),
            Billable.service_from.nulls_first(),
            Billable.billable_id,
        )
    )
    return [PendingLine(**row._mapping) for row in found]


def count_pending_lines(
    session: Session, *, account_ids: Collection[str], until: date, known_at: datetime
) -> dict[tuple[str, str], int]:
    """How many `find_pending` would find, but for drafts; by account and currency."""
    of = Billable.account_id, Billable.currency
    counted = (
        select(*of, func.count().label("lines"))
        .where(
            Billable.account_id.in_(account_ids),
            Billable.bill_on <= until,
            Billable.recorded_at <= known_at,
            IS_PENDING,
        )
        .group_by(*of)
    )
    return {(row.account_id, row.currency): row.lines for row in session.execute(counted)}


def count_pending(session: Session, *, account_id: str) -> int:
    """How many lines wait to be billed to an account, without those that take something off."""
    pending = select(func.count()).where(
        Billable.account_id == account_id, IS_PENDING, Billable.quantity > 0
    )
    return session.scalar(pending) or 0


def find_waiting_orders(session: Session, *, order_ids: Collection[str]) -> set[str]:
    """Those of these orders of which something that was shipped is pending, or on a draft; charges of an
    order wait for nothing."""
    if not order_ids:
        return set()
    asked = {"order_ids": list(order_ids), "shipment": BillableKind.SHIPMENT}
    return {str(order_id) for order_id in session.scalars(_WAITING_ORDERS, asked)}


def list_billables(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    is_pending: bool | None,
) -> dict[str, Any]:
    """A page of what is to be billed, the earliest recorded first."""
    statement = select(Billable)
    if account_id is not None:
        statement = statement.where(Billable.account_id == account_id)
    if is_pending is not None:
        statement = statement.where(IS_PENDING if is_pending else ~IS_PENDING)
    return read_page(session, statement, by=[Billable.billable_id], limit=limit, after=after)
