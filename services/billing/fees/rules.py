"""What becomes of a fee when it is told of, and the document that demands it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from kernel.refusals import Conflict
from services.billing.invoices.rules import SERIES, Demand
from services.billing.issuing.rules import Due, NewInvoice
from services.billing.items.rules import ItemKind
from services.billing.ledger.rules import require_past
from services.billing.pricing.rules import Priced


class Told(StrEnum):
    """What collections last said of a fee."""

    ASSESSED = "assessed"
    WAIVED = "waived"
    REINSTATED = "reinstated"


class FeeState(StrEnum):
    """Whether a document demands it."""

    OWED = "owed"
    NOT_OWED = "not_owed"


class Act(StrEnum):
    """What is to be done, where anything is."""

    DEMAND = "demand"
    FORGIVE = "forgive"


MOVES: Mapping[FeeState, Mapping[Told, Act]] = {
    FeeState.NOT_OWED: {Told.ASSESSED: Act.DEMAND, Told.REINSTATED: Act.DEMAND},
    FeeState.OWED: {Told.WAIVED: Act.FORGIVE},
}
"""What follows from news of a fee; nothing where it is so already, since only the newest is looked at."""


class AboutItem(Protocol):
    """What is looked at of an item that a fee is about."""

    account_id: str
    currency: str
    invoice_number: str


def act_on(state: FeeState, told: str) -> Act | None:
    """What is to be done about a fee of which this was told last."""
    return MOVES[state].get(Told(told))


def choose_day(told_on: date, *, today: date, earliest: date = date.min) -> date:
    """The day from which it is owed, or not: as told; not before what it undoes, and not to come, where
    whoever told us is a day ahead."""
    return min(max(told_on, earliest), today)


def require_about(items: Iterable[AboutItem], *, account_id: str, currency: str) -> None:
    """What a fee is about is the same account's (`other_account`), in its currency (`other_currency`)."""
    for item in items:
        if item.account_id != account_id:
            raise Conflict(
                "other_account",
                f"{item.invoice_number} is of another account; assess the fee to the one that owes it.",
                field="item_ids",
            )
        if item.currency != currency:
            raise Conflict(
                "other_currency",
                f"{item.invoice_number} is in {item.currency}, the fee in {currency}; "
                f"assess it in {item.currency}.",
                field="currency",
            )


def fee_document(
    *,
    invoice_id: str,
    fee_id: str,
    notice_id: str,
    account_id: str,
    kind: str,
    currency: str,
    amount: int,
    told_on: date,
    today: date,
) -> NewInvoice:
    """The demand for a fee: due at once, neither sale nor tax."""
    day = choose_day(told_on, today=today)
    require_past(day, today=today, field="told_on")
    fee = Demand(
        account_id,
        currency,
        Priced((), ()),
        terms=None,
        series=SERIES[ItemKind(kind)],
        assessed=amount,
        fee_id=fee_id,
        notice_id=notice_id,
    )
    return NewInvoice(invoice_id, fee, day, (Due(amount, day),))
