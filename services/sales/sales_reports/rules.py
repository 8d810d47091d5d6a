"""By what sales are added up, and of which days."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kernel.refusals import Invalid


class By(StrEnum):
    """What the figures of a line are of."""

    PRODUCT = "product"
    ACCOUNT = "account"
    MONTH = "month"


def require_period(first: date | None, last: date | None) -> None:
    """A period ends on the day it begins or later; Invalid otherwise."""
    if first is not None and last is not None and last < first:
        raise Invalid(
            "invalid_period",
            f"to {last} is before from {first}; give that day or a later one.",
            field="to",
        )
