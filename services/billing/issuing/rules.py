"""What is fixed when an invoice is issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.calendar import require_foreseeable
from kernel.refusals import Refusal
from services.billing.invoices.rules import Demand
from services.billing.ledger.rules import require_past
from services.billing.routines.rules import Agreement
from services.billing.terms.rules import Instalment


@dataclass(frozen=True, slots=True)
class Due:
    """An item to be: how much, and when; and what is less for paying it until which day."""

    amount: int
    due_date: date
    discount_percent: Decimal | None = None
    discount_until: date | None = None
    later_discounts: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """A demand with its date and due dates, ready to be issued."""

    invoice_id: str
    demand: Demand
    issued_on: date
    dues: tuple[Due, ...]

    @property
    def settled_on(self) -> date | None:
        """Where nothing is demanded, since all was billed ahead, it is paid as it is issued."""
        return None if self.demand.total else self.issued_on

    @property
    def balance(self) -> tuple[str, str]:
        """Account and currency of the balance that it raises."""
        return self.demand.account_id, self.demand.currency

    @property
    def own_number(self) -> tuple[str, str] | None:
        """Series and number of an invoice that was numbered elsewhere."""
        number = self.demand.number
        return None if number is None else (self.demand.series, number)


def fix_dates(
    *,
    total: int,
    currency: str,
    terms: Sequence[Instalment] | None,
    agreement: Agreement,
    issued_on: date | None,
    today: date,
) -> tuple[date, tuple[Due, ...]]:
    """The date of issue, today unless an earlier one is given, and what is due when. An invoice
    without terms of its own has those of its account, and what follows from terms its routine."""
    day = issued_on or today
    require_past(day, today=today, field="issued_on")
    plan = agreement.plan(total, currency) if terms is None else terms
    return day, tuple(
        due for part in plan if part.amount for due in _dues_of(part, agreement, day, today)
    )


class Answers(NamedTuple):
    """Rows that are kept; and whether each is refused, with what is told."""

    kept: list[dict[str, Any]]
    told: list[tuple[bool, dict[str, Any]]]


def say_answers(
    asked: Iterable[Mapping[str, Any]],
    answers: Iterable[NewInvoice | Refusal],
    *,
    key: str,
    numbers: Mapping[str, str],
    now: datetime,
) -> Answers:
    """What is kept, and what is told, of how others were answered who asked for invoices, each by its id
    (`key`): which invoice it is, or why there is none. `numbers` are the invoices'."""
    kept, told = [], []
    for one, answer in zip(asked, answers, strict=True):
        whose = {name: one[name] for name in (key, "account_id", "order_id")}
        row = {**whose, "invoice_id": None, "code": None, "reason": None, "answered_at": now}
        if isinstance(answer, Refusal):
            why = {"code": answer.code, "reason": answer.detail}
            kept.append({**row, **why})
            told.append((True, {**whose, **why}))
        else:
            which = {"invoice_id": answer.invoice_id}
            what = {"currency": answer.demand.currency, "total": answer.demand.total}
            kept.append({**row, **which})
            number = numbers[answer.invoice_id]
            told.append((False, {**whose, **which, "invoice_number": number, **what}))
    return Answers(kept, told)


def _dues_of(part: Instalment, agreement: Agreement, issued_on: date, today: date) -> Iterator[Due]:
    for amount, due_date in agreement.dues(part, issued_on):
        require_foreseeable(due_date, today=today, field=part.field)
        yield Due(amount, due_date, **_discount_of(part, issued_on))


def _discount_of(part: Instalment, issued_on: date) -> dict[str, Any]:
    if part.discount is None:
        return {}
    return {
        "discount_percent": part.discount.percent,
        "discount_until": part.discount.until(issued_on),
        "later_discounts": part.discount.later_until(issued_on),
    }
