"""Let an order pass the credit check."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from services.sales.orders.models import Order
from services.sales.orders.rules import Action, require_move
from services.sales.overrides.models import CreditOverride
from services.sales.overrides.usecases import grant_override


def override_credit(
    session: Session,
    *,
    order_id: str,
    reason: str,
    until: date,
    today: date,
    now: datetime,
    by: str,
) -> CreditOverride:
    """Let a draft be confirmed until a day whatever the limits say, as long as it comes to no more than
    now."""
    order = fetch_for_change(session, Order, order_id)
    require_move(Action.OVERRIDE, status=order.status, number=order.number)
    return grant_override(
        session,
        account_id=order.account_id,
        order_id=order_id,
        number=order.number,
        currency=order.currency,
        gross=order.going_out.gross,
        reason=reason,
        until=until,
        today=today,
        now=now,
        by=by,
    )
