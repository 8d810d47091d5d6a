"""Record what was used."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.ids import new_id
from services.billing.charges import queries, rules
from services.billing.charges.models import Charge, ChargeUsage
from services.billing.charges.rules import Due, Used
from services.billing.charges.usecases import Bill, add_bills


def record_usage(
    session: Session,
    *,
    charge_id: str,
    quantity: Decimal,
    used_on: date | None,
    external_id: str,
    today: date,
    now: datetime,
    by: str,
) -> ChargeUsage:
    """Record what was used, once under its `external_id`. What comes after its period has fallen due is
    to be billed by itself."""
    charge = fetch_for_change(session, Charge, charge_id)
    day = used_on or today
    known = queries.find_usage(session, charge_id=charge_id, external_id=external_id)
    if known is not None:
        told = (quantity, day if used_on else known.used_on)
        rules.require_same_usage((known.quantity, known.used_on), told, external_id)
        return known
    course = charge.course([])
    rules.require_usage(charge.kind, day=day, today=today, course=course)
    usage = ChargeUsage(
        usage_id=new_id("usg"),
        charge_id=charge_id,
        account_id=charge.account_id,
        external_id=external_id,
        quantity=quantity,
        used_on=day,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(usage)
    session.flush()
    price = course.agreed_on(day)._replace(quantity=quantity)
    rules.require_price(price, charge.tax_percent, field="quantity")
    if day <= charge.recorded_until:
        late = rules.late_line(usage.usage_id, Used(day, quantity), course, bill_on=today)
        due = Due([late], charge.recorded_until, charge.next_on)
        add_bills(session, [Bill(charge, due)], now=now, by=by)
    return usage
