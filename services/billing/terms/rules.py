"""Payment terms: which part of an invoice is due when; the parts add up to it to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.calendar import (
    add_days,
    add_months,
    end_of_month,
    next_day_of_month,
    next_weekday,
    require_foreseeable,
)
from kernel.money import Money, round_half_up, split
from kernel.refusals import Invalid
from services.billing.business_days.rules import BusinessDays
from services.billing.discounts.rules import Discount, discount_of


class Weekday(StrEnum):
    """A day of the week, in their order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 is Monday."""
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True)
class DueRule:
    """When something is due, counted from the day of its invoice: so many days on, from there so many
    months on, from there the month's end, or the next such day of a month or of the week."""

    net_days: int | None = None
    months: int | None = None
    is_end_of_month: bool = False
    day_of_month: int | None = None
    weekday: str | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> DueRule:
        """The rule among what else is given."""
        return cls(**{each.name: given[each.name] for each in fields(cls) if each.name in given})

    @property
    def is_given(self) -> bool:
        return self != DueRule()

    @property
    def ends(self) -> int:
        """How many ways to end are named; one at the most has a meaning."""
        return sum([self.is_end_of_month, self.day_of_month is not None, self.weekday is not None])

    def due(self, issued_on: date) -> date:
        """The day it is due, never before that of the invoice."""
        day = add_months(add_days(issued_on, self.net_days or 0), self.months or 0)
        if self.is_end_of_month:
            return end_of_month(day)
        if self.day_of_month is not None:
            return next_day_of_month(day, self.day_of_month)
        return day if self.weekday is None else next_weekday(day, Weekday(self.weekday).number)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an invoice and when it is due: on a day, or by a rule. `field` is where the day was
    given."""

    amount: int
    due_date: date | None
    rule: DueRule = DueRule()
    business_days: str = BusinessDays.NONE
    field: str = "due_date"
    discount: Discount | None = None

    def due(self, issued_on: date) -> date:
        """The day it is due; Invalid when that is before the invoice."""
        if self.due_date is None:
            return self.rule.due(issued_on)
        if self.due_date < issued_on:
            raise Invalid(
                "due_before_issue",
                f"Due on {self.due_date}, before the invoice of {issued_on}; give a later due date or, "
                "where it is issued, an earlier day of issue.",
                field=self.field,
            )
        return self.due_date


@dataclass(frozen=True, slots=True)
class Part:
    """A line of terms: so many percent of the total, an amount, or (neither) what is left of it."""

    percent: Decimal | None
    amount: int | None
    rule: DueRule
    due_date: date | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Part:
        """A line as it came in or is stored."""
        percent = given["percent"]
        return cls(
            None if percent is None else Decimal(percent),
            given["amount"],
            DueRule.read(given),
            given.get("due_date"),
        )

    def store(self) -> dict[str, Any]:
        """The line in JSON."""
        percent = None if self.percent is None else str(self.percent)
        return {"percent": percent, "amount": self.amount, **asdict(self.rule)}

    @property
    def is_remainder(self) -> bool:
        return self.percent is None and self.amount is None

    def of(self, total: int) -> Decimal:
        """What it comes to before rounding; a remainder nothing by itself."""
        return Decimal(self.amount or 0) + (self.percent or Decimal(0)) * total / 100


@dataclass(frozen=True, slots=True)
class Terms:
    """Lines, the remainder last, and where due days move that are no business days. Amounts are in
    `currency`, where there are any. `field` is where they were given."""

    parts: tuple[Part, ...]
    business_days: str
    currency: str | None = None
    name: str = ""
    field: str = "payment_terms_id"
    discount: Discount | None = None

    def fit(self, total: int, currency: str) -> bool:
        """Whether so much can be paid by them."""
        is_same = self.currency is None or self.currency == currency
        return is_same and sum(part.of(total) for part in self.parts) <= total

    def plan(self, total: int, currency: str) -> list[Instalment]:
        """The instalments of an invoice by named terms; a line that comes to nothing makes none. Invalid
        where they do not fit it."""
        if not self.fit(total, currency):
            raise Invalid(
                "terms_do_not_fit",
                f"By payment terms {self.name}, more is due than {Money(total, currency)}, or it is in "
                f"{self.currency}; name others, or give instalments.",
                field=self.field,
            )
        return [
            Instalment(amount, None, part.rule, self.business_days, self.field, self.discount)
            for part, amount in zip(self.parts, split_parts(total, self.parts), strict=True)
            if amount
        ]


def split_parts(total: int, parts: Sequence[Part]) -> list[int]:
    """What each line comes to: percentages round half up, none takes more than is left, the remainder
    takes that. Percentages that leave no remainder are shared out by largest remainder."""
    if not parts[-1].is_remainder:
        return split(total, [int((part.percent or part.of(total)) * 1000) for part in parts])
    amounts: list[int] = []
    for part in parts[:-1]:
        wanted, _ = round_half_up(part.of(total))
        amounts.append(min(wanted, total - sum(amounts)))
    return [*amounts, total - sum(amounts)]


def require_terms(parts: Sequence[Part], *, currency: str | None) -> None:
    """Lines of named terms cover any invoice, whatever it comes to; Invalid otherwise."""
    require_parts(parts, field="lines")
    has_amounts = any(part.amount is not None for part in parts)
    if has_amounts and not parts[-1].is_remainder:
        raise _bad("lines", "Amounts leave a rest; end with a line without percent and amount.")
    if has_amounts != (currency is not None):
        raise Invalid(
            "terms_currency",
            "Name the currency where a line has an amount, and none where no line has.",
            field="currency",
        )


def require_parts(parts: Sequence[Part], *, field: str) -> None:
    """Lines are percentages that come to 100, amounts, or either with the remainder last, each due in one
    way; Invalid otherwise."""
    percents = [part.percent for part in parts if part.percent is not None]
    total = sum(percents)
    if any(part.percent is not None and part.amount is not None for part in parts):
        raise _bad(field, "Give each a percent or an amount; neither, and it is the remainder.")
    if any(part.is_remainder for part in parts[:-1]):
        raise _bad(field, "What is left over stands last, and once; give the others their part.")
    if 0 in percents:
        raise _bad(field, "0 percent is no part; leave the line out.")
    if not parts[-1].is_remainder and percents and len(percents) < len(parts):
        raise _bad(field, "Give each a percent, or each an amount, or end with a remainder.")
    if percents and not parts[-1].is_remainder and total != 100:
        raise _bad(field, f"The percentages add up to {total}, not to 100.")
    if parts[-1].is_remainder and total >= 100:
        raise _bad(field, f"The percentages add up to {total}; nothing is left for the remainder.")
    if any(part.rule.ends > 1 for part in parts):
        raise _bad(field, "Give one of is_end_of_month, day_of_month and weekday, or none.")


def plan_instalments(
    total: int,
    *,
    currency: str,
    net_days: int | None,
    due_date: date | None,
    instalments: Sequence[Mapping[str, Any]] | None,
    terms: Terms | None,
    business_days: str | None,
    discount: Discount | None,
) -> list[Instalment] | None:
    """The terms that were given with an invoice, or None where the account's terms are to be used."""
    ways = {
        "net_days": net_days,
        "due_date": due_date,
        "instalments": instalments,
        "payment_terms_id": terms,
    }
    given = [name for name, way in ways.items() if way is not None]
    if len(given) > 1:
        raise Invalid(
            "terms_given_twice",
            "Give one of net_days, due_date, instalments and payment_terms_id, or none for the account's "
            "own terms.",
            field=given[1],
        )
    if business_days is not None and (terms is not None or not given):
        raise Invalid(
            "terms_given_twice",
            "Named terms, and the account's own, say themselves what moves to a business day; leave "
            "business_days out.",
            field="business_days",
        )
    if discount is not None and (terms is not None or not given):
        raise Invalid(
            "terms_given_twice",
            "Named terms, and the account's own, say themselves what is less for paying early; leave "
            "discounts out.",
            field="discount_percent",
        )
    moves = business_days or BusinessDays.NONE
    if terms is not None:
        return terms.plan(total, currency)
    if instalments is not None:
        parts = [Part.read(each) for each in instalments]
        planned = _plan_given(Money(total, currency), parts, moves)
        return [replace(each, discount=discount) for each in planned]
    whole = Instalment(total, due_date, DueRule(net_days), moves, discount=discount)
    return [whole] if given else None


def _plan_given(whole: Money, parts: Sequence[Part], moves: str) -> list[Instalment]:
    require_parts(parts, field="instalments")
    exact = sum((part.of(whole.minor) for part in parts), start=Decimal(0))
    if exact > whole.minor or (exact < whole.minor and not parts[-1].is_remainder):
        come_to = Money(round_half_up(exact)[0], whole.currency)
        raise _bad("instalments", f"They come to {come_to}, and must come to {whole}.")
    amounts = split_parts(whole.minor, parts)
    if any(not amount for amount in amounts[:-1]) or not (amounts[-1] or parts[-1].is_remainder):
        raise _bad("instalments", "One comes to less than 1; leave it out, or make it larger.")
    if any(part.rule.is_given == (part.due_date is not None) for part in parts):
        raise _bad("instalments", "Give each either a due_date, or from when on it is due.")
    return [
        Instalment(amount, part.due_date, part.rule, moves, f"instalments/{index}/due_date")
        for index, (amount, part) in enumerate(zip(amounts, parts, strict=True))
        if amount
    ]


def _bad(field: str, sentence: str) -> Invalid:
    return Invalid("instalments_do_not_add_up", sentence, field=field)


def require_foreseeable_terms(terms: Sequence[Instalment] | None, *, today: date) -> None:
    """No part is due on a day too far ahead; Invalid otherwise."""
    for part in terms or ():
        if part.due_date is not None:
            require_foreseeable(part.due_date, today=today, field=part.field)


def store_terms(terms: Sequence[Instalment] | None) -> list[dict[str, Any]] | None:
    """Terms as they are kept with a draft, in JSON."""
    if terms is None:
        return None
    return [
        {
            "amount": part.amount,
            "due_date": part.due_date and part.due_date.isoformat(),
            "business_days": part.business_days,
            **asdict(part.rule),
            **_store_discount(part.discount),
        }
        for part in terms
    ]


def load_terms(stored: Sequence[Mapping[str, Any]] | None) -> list[Instalment] | None:
    """Terms as they were kept with a draft; one of before there were rules has net days alone."""
    if stored is None:
        return None
    return [
        Instalment(
            part["amount"],
            part["due_date"] and date.fromisoformat(part["due_date"]),
            DueRule.read(part),
            BusinessDays(part.get("business_days", BusinessDays.NONE)),
            discount=_load_discount(part),
        )
        for part in stored
    ]


def _store_discount(discount: Discount | None) -> dict[str, Any]:
    if discount is None:
        return {}
    stored = {"discount_percent": str(discount.percent), "discount_days": discount.days}
    later = discount.store_later()
    return stored if later is None else stored | {"later_discounts": later}


def _load_discount(part: Mapping[str, Any]) -> Discount | None:
    percent = part.get("discount_percent")
    if percent is None:
        return None
    return discount_of(Decimal(percent), part["discount_days"], part.get("later_discounts"))
