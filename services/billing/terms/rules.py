"""Payment terms: which part of an invoice is due when; the parts add up to it to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.calendar import add_days, require_foreseeable
from kernel.money import split
from kernel.refusals import Invalid


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an invoice and when it is due: on a day, or so many days after issue. `field` is
    where the day was given."""

    amount: int
    due_date: date | None
    net_days: int | None
    field: str = "due_date"

    def due(self, issued_on: date) -> date:
        """The day it is due; Invalid when that is before the invoice."""
        if self.due_date is None:
            return add_days(issued_on, self.net_days or 0)
        if self.due_date < issued_on:
            raise Invalid(
                "due_before_issue",
                f"Due on {self.due_date}, before the invoice of {issued_on}; give a later due date.",
                field=self.field,
            )
        return self.due_date


def plan_instalments(
    total: int,
    *,
    net_days: int | None,
    due_date: date | None,
    instalments: Sequence[Mapping[str, Any]] | None,
) -> list[Instalment] | None:
    """The terms that were given with an invoice, or None where the account's terms are to be used."""
    given = [terms for terms in (net_days, due_date, instalments) if terms is not None]
    if len(given) > 1:
        raise Invalid(
            "terms_given_twice",
            "Give one of net_days, due_date and instalments, or none for the account's own terms.",
        )
    if instalments is not None:
        return _split_by_plan(total, instalments)
    return [Instalment(total, due_date, net_days)] if given else None


def _split_by_plan(total: int, plan: Sequence[Mapping[str, Any]]) -> list[Instalment]:
    percents = [part["percent"] for part in plan if part["percent"] is not None]
    amounts = [part["amount"] for part in plan if part["amount"] is not None]
    if len(percents) == len(plan) and not amounts:
        if sum(percents) != 100:
            raise _bad_instalments(f"The percentages add up to {sum(percents)}, not to 100.")
        amounts = split(total, [int(percent * 1000) for percent in percents])
    elif len(amounts) != len(plan) or percents:
        raise _bad_instalments("Give each instalment a percent, or each an amount.")
    if sum(amounts) != total or min(amounts) < 1:
        raise _bad_instalments(
            f"The instalments come to {sum(amounts)} with {min(amounts)} as the smallest; together "
            f"they must come to {total}, each to 1 at least."
        )
    if any((part["net_days"] is None) == (part["due_date"] is None) for part in plan):
        raise _bad_instalments("Give each instalment either net_days or a due_date.")
    return [
        Instalment(amount, part["due_date"], part["net_days"], f"instalments/{index}/due_date")
        for index, (amount, part) in enumerate(zip(amounts, plan, strict=True))
    ]


def _bad_instalments(sentence: str) -> Invalid:
    return Invalid("instalments_do_not_add_up", sentence, field="instalments")


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
            "net_days": part.net_days,
        }
        for part in terms
    ]


def load_terms(stored: Sequence[Mapping[str, Any]] | None) -> list[Instalment] | None:
    """Terms as they were kept with a draft."""
    if stored is None:
        return None
    return [
        Instalment(
            part["amount"],
            part["due_date"] and date.fromisoformat(part["due_date"]),
            part["net_days"],
        )
        for part in stored
    ]
