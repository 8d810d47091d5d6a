"""Which days can still be written, and up to which a period can be closed."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Conflict, Invalid


def require_open(day: date, *, closed_to: date | None, field: str = "moved_on") -> None:
    """Refuse (`period_closed`) a day in a closed period."""
    if closed_to is not None and day <= closed_to:
        raise Conflict(
            "period_closed",
            f"Stock is closed up to {closed_to}, and {day} is in that; enter it with a later day.",
            field=field,
            closed_to=closed_to.isoformat(),
        )


def require_closable(closed_to: date, *, was: date | None, today: date) -> None:
    """Refuse to close a day that is not over (`period_open`), or one that is closed (`period_closed`)."""
    if closed_to >= today:
        raise Invalid(
            "period_open",
            f"{closed_to} is not over; close days before {today}.",
            field="closed_to",
        )
    require_open(closed_to, closed_to=was, field="closed_to")
