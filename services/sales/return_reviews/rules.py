"""Which returns wait too long, and how that is said."""

from __future__ import annotations

from datetime import date

from services.sales.return_settings.rules import ReturnDays
from services.sales.returns.rules import ReturnStatus, WaitsFor

RETURN_LATE = "return_late"
RETURN_UNANSWERED = "return_unanswered"
HERE = frozenset({WaitsFor.INSPECTION, WaitsFor.ANSWER, WaitsFor.BILLING})


def why_late(
    waits: str | None, *, status: str, since: date, today: date, limits: ReturnDays
) -> str | None:
    """The reason to contact an account about a return that waits too long; none if it does not."""
    days = (today - since).days
    if waits == WaitsFor.GOODS and status == ReturnStatus.IN_TRANSIT:
        return RETURN_LATE if days > limits.transit_days else None
    if waits in HERE:
        return RETURN_UNANSWERED if days > limits.answer_days else None
    return None


def say_late(reason: str, *, number: str, order_number: str, waits: str, since: date) -> str:
    """Why to contact an account about a return, in words."""
    if reason == RETURN_LATE:
        return (
            f"Return {number} of order {order_number} was sent on {since} and has not arrived; ask where "
            "it is."
        )
    return (
        f"Return {number} of order {order_number} is here and waits for {waits.replace('_', ' ')} "
        f"since {since}; tell the client."
    )
