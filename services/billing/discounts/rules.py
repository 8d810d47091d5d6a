"""What an amount settles that is paid early, and how much is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from kernel.money import round_half_up
from kernel.refusals import Invalid

NONE = Decimal(0)


STAGES_MAX = 5
Later = Sequence[Mapping[str, Any]]
"""Later stages as they are kept: a percentage, and days or a last day."""


class Stage(NamedTuple):
    """So many percent less, within so many days of the invoice."""

    percent: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Discount:
    """So many percent less, within so many days of the invoice; in later stages less within more days."""

    percent: Decimal
    days: int
    later: tuple[Stage, ...] = ()

    def until(self, issued_on: date) -> date:
        """The last day on which it is granted."""
        return issued_on + timedelta(days=self.days)

    def later_until(self, issued_on: date) -> list[dict[str, str]] | None:
        """The later stages with their last days, as they are kept with an item; None without any."""
        return [
            {"percent": str(percent), "until": (issued_on + timedelta(days=days)).isoformat()}
            for percent, days in self.later
        ] or None

    def store_later(self) -> list[dict[str, Any]] | None:
        """The later stages in JSON."""
        return [{"percent": str(percent), "days": days} for percent, days in self.later] or None


class Discounted(Protocol):
    """What is looked at of an item: its discount, where it has one, and the last day of it; and what is
    less later on."""

    discount_percent: Decimal | None
    discount_until: date | None

    @property
    def later_discounts(self) -> Later | None: ...


class Offer(NamedTuple):
    """What is less of an item until a day, and what is enough then."""

    percent: Decimal
    until: date
    enough: int


def discount_of(
    percent: Decimal | None,
    days: int | None,
    later: Later | None = None,
) -> Discount | None:
    """The discount that was given, with its later stages; Invalid where half of it was, or where a later
    stage is not less within more days."""
    if percent is None and days is None and not later:
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
    stages = tuple(Stage(Decimal(each["percent"]), each["days"]) for each in later or ())
    for before, after in pairwise([Stage(percent, days), *stages]):
        if not 0 < after.percent < before.percent or after.days <= before.days:
            raise Invalid(
                "discount_unclear",
                f"After {before.percent} % within {before.days} days comes less within more days, not "
                f"{after.percent} % within {after.days}.",
                field="later_discounts",
            )
    return Discount(percent, days, stages)


def offers_of(
    owed: int, percent: Decimal | None, until: date | None, later: Later | None
) -> list[Offer]:
    """What is less of an item where it is paid early, the first stage first, while something is owed."""
    if percent is None or until is None or not owed:
        return []
    stages = [(percent, until), *_read(later)]
    return [Offer(percent, day, enough_for(owed, percent=percent)) for percent, day in stages]


def percent_on(item: Discounted, paid_on: date | None) -> Decimal:
    """What of an item need not be paid by money that was there on a day: 0 where that is too late, and
    where it is no money (None)."""
    if item.discount_until is None or paid_on is None:
        return NONE
    if paid_on <= item.discount_until:
        return item.discount_percent or NONE
    return next(
        (percent for percent, until in _read(item.later_discounts) if paid_on <= until), NONE
    )


def _read(later: Later | None) -> Iterator[tuple[Decimal, date]]:
    for each in later or ():
        yield Decimal(each["percent"]), date.fromisoformat(each["until"])


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
