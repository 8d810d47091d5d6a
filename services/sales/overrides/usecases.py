"""Grant overrides, and use them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


class Permits:
    """The overrides of orders, which the caller has locked with their accounts; read once a limit speaks
    against one of them."""

    def __init__(self, session: Session, order_ids: Collection[str], *, today: date) -> None:
        self._session, self._order_ids, self._today = session, order_ids, today
        self._found: dict[str, list[CreditOverride]] | None = None

    def require(self, credit: Credit, *, order_id: str, gross: int) -> CreditOverride | None:
        """Refuse an order of `gross` that any limit of the credit check speaks against, unless somebody
        has let it pass: by this, which is to be marked as used. What costs nothing adds nothing, and
        passes."""
        refusals = list(find_refusals(credit, gross=gross)) if gross else []
        if not refusals:
            return None
        if self._found is None:
            self._found = queries.find_overrides(
                self._session, order_ids=self._order_ids, today=self._today
            )
        granted = (one for one in self._found.get(order_id, ()) if one.gross >= gross)
        override = next(granted, None)
        if override is None:
            raise refusals[0]
        return override


def require_credit(
    session: Session, credit: Credit, *, order_id: str, gross: int, today: date, now: datetime
) -> None:
    """As `Permits.require`, of one order; the override is used then."""
    permits = Permits(session, [order_id], today=today)
    override = permits.require(credit, order_id=order_id, gross=gross)
    mark_used(session, [] if override is None else [override], now=now)


def mark_used(session: Session, overrides: Iterable[CreditOverride], *, now: datetime) -> None:
    """Let overrides be used: they hold no more."""
    used = [*overrides]
    for override in used:
        override.used_at = now
    if used:
        session.flush()
