"""Of which day and moment it is told what is on hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from kernel.refusals import Invalid, NotFound

NOTHING = Decimal(0)


class View(NamedTuple):
    """What is on hand at the end of the day `as_of`, as it was known at `known_at` (none: now), when it
    was the day `today`."""

    as_of: date
    known_at: datetime | None
    today: date

    @property
    def is_of_now(self) -> bool:
        """Whether what is reserved now says what of it is available."""
        return self.known_at is None and self.as_of >= self.today


def choose_view(
    as_of: date | None, known_at: datetime | None, *, today: date, now: datetime, then: date
) -> View:
    """The day and the moment asked for, which is not to come; `then` is the day it was at the moment."""
    if known_at is not None and known_at > now:
        raise Invalid(
            "in_the_future", "known_at is still to come; give now or earlier.", field="known_at"
        )
    day = today if known_at is None else then
    return View(as_of or day, known_at, day)


def require_told(sku: str, *, is_stocked: bool) -> None:
    """NotFound (`product_not_stocked`) where a product is not kept in stock: there is nothing to tell."""
    if not is_stocked:
        raise NotFound(
            "product_not_stocked",
            f"Product {sku} is not kept in stock; edit it so (is_stocked), then move it.",
        )
