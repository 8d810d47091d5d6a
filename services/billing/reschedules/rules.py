"""Which open item becomes which of the instalments that replace them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, Protocol

from kernel.calendar import require_foreseeable
from kernel.money import Money
from kernel.refusals import Conflict, Invalid
from services.billing.issuing.rules import Due


class OpenItem(Protocol):
    """What is looked at of an item."""

    item_id: str
    due_date: date
    balance: int

    @property
    def askable(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What is owed on which items when, by id, where that is otherwise than now; and what on new ones."""

    changed: tuple[tuple[str, int, date], ...]
    new: tuple[Due, ...]


def read_dues(
    instalments: Sequence[Mapping[str, Any]], *, issued_on: date, today: date
) -> list[Due]:
    """The instalments that were given, the first due first; Invalid where one is due before the
    invoice or too far ahead."""
    for index, one in enumerate(instalments):
        field = f"instalments/{index}/due_date"
        require_foreseeable(one["due_date"], today=today, field=field)
        if one["due_date"] < issued_on:
            raise Invalid(
                "due_before_issue",
                f"Due on {one['due_date']}, before the invoice of {issued_on}; give a later due date.",
                field=field,
            )
    dues = [Due(one["amount"], one["due_date"]) for one in instalments]
    return sorted(dues, key=lambda due: due.due_date)


def require_same_total(items: Sequence[OpenItem], dues: Sequence[Due], *, currency: str) -> None:
    """What replaces open instalments comes to what is open; Invalid with both sums otherwise."""
    is_open = Money(sum(item.balance for item in items), currency)
    given = Money(sum(due.amount for due in dues), currency)
    if given != is_open:
        difference = is_open - given if given < is_open else given - is_open
        wrong = "missing" if given < is_open else "too much"
        raise Invalid(
            "instalments_do_not_add_up",
            f"The instalments come to {given}, and {is_open} is open: {difference} is {wrong}.",
            field="instalments",
        )


def plan_reschedule(items: Sequence[OpenItem], dues: Sequence[Due], *, currency: str) -> Plan:
    """Open items, the first due first, become the instalments in their order. What there are more
    instalments is new; what there are more items owes nothing any more, on the day that it was due."""
    pairs = list(zip_longest(items, dues))
    becoming = [
        (item, Due(0, item.due_date) if due is None else due) for item, due in pairs if item
    ]
    for item, due in becoming:
        _require_not_spoken_for(item, due, currency)
    changed = [
        (item.item_id, due.amount, due.due_date)
        for item, due in becoming
        if (item.balance, item.due_date) != (due.amount, due.due_date)
    ]
    new = [due for item, due in pairs if item is None and due is not None]
    if not changed and not new:
        raise Invalid(
            "nothing_changes",
            "That is what is due already; give other amounts or days.",
            field="instalments",
        )
    return Plan(tuple(changed), tuple(new))


def _require_not_spoken_for(item: OpenItem, due: Due, currency: str) -> None:
    """What is disputed of an item, or on its way, stays owed on it."""
    spoken_for = item.balance - item.askable
    if due.amount < spoken_for:
        raise Conflict(
            "item_spoken_for",
            f"Of what is due on {item.due_date}, {Money(spoken_for, currency)} is disputed or on its "
            "way; leave at least so much of it in one instalment, in the order of the days.",
            field="instalments",
        )
