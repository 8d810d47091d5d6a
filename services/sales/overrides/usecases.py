"""Grant overrides, and use them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.outbox import announce
from kernel.ids import new_id
from services.sales.credit_terms.rules import Credit, find_refusals
from services.sales.overrides import queries, rules
from services.sales.overrides.events import CreditOverrideGranted
from services.sales.overrides.models import CreditOverride


def grant_override(
    session: Session,
    *,
    account_id: str,
    order_id: str,
    number: str,
    currency: str,
    gross: int,
    reason: str,
    until: date,
    today: date,
    now: datetime,
    by: str,
) -> CreditOverride:
    """Let an order, which the caller has locked, pass the credit check once, up to `gross`."""
    rules.require_day(until, today=today)
    facts = {
        "override_id": new_id("ovr"),
        "account_id": account_id,
        "order_id": order_id,
        "number": number,
        "currency": currency,
        "gross": gross,
        "reason": reason,
        "until": until,
        "granted_by": by,
    }
    override = CreditOverride(**facts, granted_at=now)
    session.add(override)
    session.flush()
    announce(session, CreditOverrideGranted, **facts)
    return override


def require_credit(
    session: Session, credit: Credit, *, order_id: str, gross: int, today: date, now: datetime
) -> None:
    """Refuse an order of `gross` that any limit of the credit check speaks against, unless somebody has
    let it pass: that is then used. What costs nothing adds nothing, and passes. The caller has locked
    order and account."""
    if not gross:
        return
    refusals = list(find_refusals(credit, gross=gross))
    if not refusals:
        return
    override = queries.find_override(session, order_id=order_id, gross=gross, today=today)
    if override is None:
        raise refusals[0]
    override.used_at = now
    session.flush()
