"""When an override holds. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.refusals import Invalid

DAYS_MAX = 90


def require_day(until: date, *, today: date) -> None:
    """An override holds today at least, and not for ever: what it is about is looked at again."""
    last = today + timedelta(days=DAYS_MAX)
    if not today <= until <= last:
        raise Invalid(
            "override_day_out_of_range",
            f"An override holds until a day from {today} to {last}; {until} is none of them.",
            field="until",
        )
