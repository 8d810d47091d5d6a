"""What an amount settles that is paid early, and how much is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from kernel.money import round_half_up
from kernel.refusals import Invalid

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Discount:
    """So many percent less, within so many days of the invoice."""

    percent: Decimal
    days: int

    def until(self, issued_on: date) -> date:
        """The last day on which it is granted."""
        return issued_on + timedelta(days=self.days)


class Discounted(Protocol):
    """What is looked at of an item: its discount, where it has one, and the last day of it."""

    discount_percent: Decimal | None
    discount_until: date | None


def discount_of(percent: Decimal | None, days: int | None) -> Discount | None:
    """The discount that was given; Invalid where half of it was."""
    if percent is None and days is None:
        return None
    if percent is None or days is None:
        raise Invalid(
            "discount_unclear",
            "Give discount_percent and discount_days, or neither.",
            field="discount_percent" if percent is None else "discount_days",
        )
    if not 0 < percent < 100:
        raise Invalid(
            "discount_unclear",
            "A discount is more than 0 and less than 100 percent; leave it out where there is none.",
            field="discount_percent",
        )
    return Discount(percent, days)


def percent_on(item: Discounted, paid_on: date | None) -> Decimal:
    """What of an item need not be paid by money that was there on a day: 0 where that is too late, and
    where it is no money (None)."""
    if item.discount_until is None or paid_on is None or paid_on > item.discount_until:
        return NONE
    return item.discount_percent or NONE


def settled_by(paid: int, *, owed: int, percent: Decimal) -> int:
    """What an amount settles of what is owed: p / (1 - d), rounded half up, never more than is owed."""
    if not percent:
        return min(paid, owed)
    return min(owed, round_half_up(Decimal(paid) * 100 / (100 - percent))[0])


def enough_for(owed: int, *, percent: Decimal) -> int:
    """The least that settles all that is owed."""
    if not percent or owed <= 0:
        return owed
    exact = (Decimal(owed) - Decimal("0.5")) * (100 - percent) / 100
    return int(exact.to_integral_value(ROUND_CEILING))
