"""How a client's routine shifts the days on which invoices are due."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.calendar import add_days, add_months, end_of_month, next_day_of_month, next_weekday
from kernel.money import split
from kernel.refusals import Invalid
from services.billing.business_days.rules import move_to_business_day
from services.billing.terms.rules import DueRule, Instalment, Terms, Weekday


class RoutineKind(StrEnum):
    """What suits a client."""

    PAY_DAY = "pay_day"  # pays on one day of the month
    WEEKLY_SHARE = "weekly_share"  # pays what is due in equal parts, one each week
    STANDING_ORDER = "standing_order"  # has the bank pay an amount each month or week


class Bills(StrEnum):
    """How an account is billed for what it is sent."""

    PER_SHIPMENT = "per_shipment"  # each shipment as it is sent
    MONTHLY = "monthly"  # all of it in one invoice, by billing runs


class Statements(StrEnum):
    """How an account is sent statements."""

    BY_ACCOUNT = "by_account"  # its own; each account below it gets its own, too
    IN_ONE = "in_one"  # its own with those of all accounts below it, which get none


_TAKES: dict[str | None, tuple[set[str], ...]] = {
    None: (set(),),
    RoutineKind.PAY_DAY: ({"pay_day"},),
    RoutineKind.WEEKLY_SHARE: ({"weekday", "weeks"},),
    RoutineKind.STANDING_ORDER: (
        {"pay_day", "amount", "currency"},
        {"weekday", "amount", "currency"},
    ),
}
"""What goes with each kind, in one of these ways."""


@dataclass(frozen=True, slots=True)
class Routine:
    """On which days a client pays: a day of the month or of the week, and in no month that is off. What
    is due is spread over so many weeks, where that is said."""

    pay_day: int | None = None
    weekday: str | None = None
    weeks: int | None = None
    months_off: frozenset[int] = frozenset()

    def spread(self, amount: int, due_date: date) -> Iterator[tuple[int, date]]:
        """The parts in which an amount is paid that is due on a day, and when: from the first day of the
        routine that is not before it. They add up to the amount; a part of nothing is left out."""
        day = due_date
        for share in split(amount, [1] * (self.weeks or 1)):
            day = self._next(day)
            if share:
                yield share, day
            day = add_days(day, 1)

    def _next(self, day: date) -> date:
        """The day itself, or the first after it on which the client pays."""
        found = day
        if self.pay_day is not None:
            found = next_day_of_month(day, self.pay_day)
        elif self.weekday is not None:
            found = next_weekday(day, Weekday(self.weekday).number)
        if found.month in self.months_off and found.year < date.max.year:
            return self._next(add_months(found.replace(day=1), 1))
        return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """When an account pays what says nothing of that itself: by its terms, else after its net days; and
    by its routine. And how it is billed."""

    net_days: int
    country: str | None
    terms: Terms | None = None
    routine: Routine = Routine()
    bills: Bills = Bills.PER_SHIPMENT

    def plan(self, total: int, currency: str) -> list[Instalment]:
        """The instalments of an invoice that gives no terms: after net days, too, where the account's own
        do not fit it."""
        if self.terms is not None and self.terms.fit(total, currency):
            return self.terms.plan(total, currency)
        return [Instalment(total, None, DueRule(self.net_days))]

    def dues(self, part: Instalment, issued_on: date) -> Iterator[tuple[int, date]]:
        """What of an instalment is due when. A day that was given stays, but for business days: the
        routine shifts those that follow from a rule."""
        plain = part.due(issued_on)
        days = [(part.amount, plain)]
        for amount, day in days if part.due_date else self.routine.spread(part.amount, plain):
            yield (
                amount,
                move_to_business_day(
                    day, choice=part.business_days, country=self.country, earliest=issued_on
                ),
            )


def bill_days_on(day: date) -> list[int]:
    """The bill days that fall on a day: on the month's last also those that the month does not have."""
    return [*range(day.day, 32)] if day == end_of_month(day) else [day.day]


def require_routine(
    *,
    kind: str | None,
    pay_day: int | None,
    weekday: str | None,
    weeks: int | None,
    amount: int | None,
    currency: str | None,
    months_off: Collection[int],
) -> None:
    """A routine says all that goes with its kind and no more, and leaves a month to pay in; Invalid
    otherwise."""
    values = {
        "pay_day": pay_day,
        "weekday": weekday,
        "weeks": weeks,
        "amount": amount,
        "currency": currency,
    }
    given = {name for name, value in values.items() if value is not None}
    if given not in _TAKES[kind]:
        ways = ", or ".join(" and ".join(sorted(way)) for way in _TAKES[kind])
        raise Invalid(
            "routine_unclear",
            f"With the kind {kind} give {ways}, and no other of {', '.join(sorted(values))}."
            if kind
            else f"Without a kind give none of {', '.join(sorted(values))}; or name the kind.",
            field=min(given ^ _TAKES[kind][0]),
        )
    if len(set(months_off)) == 12:
        raise Invalid("no_month_left", "Leave a month in which they pay.", field="months_off")
