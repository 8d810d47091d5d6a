"""Where a debit is, and what may be fetched by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any, Protocol

from kernel.money import Money
from kernel.refusals import Conflict, NotFound
from services.billing.allocations.rules import AllocationSource, OpenItem, Share, in_order

PARTS_MAX = 500


class AskableItem(OpenItem, Protocol):
    """What is looked at of an item."""

    @property
    def askable(self) -> int: ...


class DebitStatus(StrEnum):
    """From submitted to in_process it is in flight: what it fetches is owed and not asked for."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    IN_PROCESS = "in_process"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DebitAction(StrEnum):
    """What may be done to a debit."""

    APPROVE = "approve"
    SEND = "send"
    SUCCEED = "succeed"
    FAIL = "fail"
    CANCEL = "cancel"


IN_FLIGHT = frozenset({DebitStatus.SUBMITTED, DebitStatus.APPROVED, DebitStatus.IN_PROCESS})
MOVES: Mapping[DebitStatus, Mapping[DebitAction, DebitStatus]] = {
    DebitStatus.SUBMITTED: {
        DebitAction.APPROVE: DebitStatus.APPROVED,
        DebitAction.CANCEL: DebitStatus.CANCELLED,
    },
    DebitStatus.APPROVED: {
        DebitAction.SEND: DebitStatus.IN_PROCESS,
        DebitAction.CANCEL: DebitStatus.CANCELLED,
    },
    DebitStatus.IN_PROCESS: {
        DebitAction.SUCCEED: DebitStatus.SUCCEEDED,
        DebitAction.FAIL: DebitStatus.FAILED,
    },
    DebitStatus.SUCCEEDED: {DebitAction.FAIL: DebitStatus.FAILED},
    DebitStatus.FAILED: {DebitAction.SUCCEED: DebitStatus.SUCCEEDED},
    DebitStatus.CANCELLED: {},
}
"""Banks tell late: what succeeded fails after all, and what failed succeeds."""


def next_status(status: str, action: DebitAction) -> DebitStatus:
    """Where an action leads; Conflict where it leads nowhere, naming what may be done."""
    moves = MOVES[DebitStatus(status)]
    if action not in moves:
        may = f"what may be done is: {', '.join(moves)}" if moves else "submit a new one"
        raise Conflict(
            "wrong_status",
            f"The debit is {status}, so {action} is not possible; {may}.",
            state=status,
        )
    return moves[action]


def choose_parts(
    items: Iterable[AskableItem],
    *,
    currency: str,
    amount: int | None,
    due_by: date | None = None,
) -> list[Share]:
    """What a debit fetches of items, in their order: what may be asked for of them, or so much of it.
    They are named, or those that are due by a day."""
    items = list(items)
    askable = sum(item.askable for item in items)
    asked = askable if amount is None else amount
    if asked > askable or askable == 0:
        named = due_by is None
        which = "these items" if named else f"what is due by {due_by}"
        further = "" if named else " For what is due later give a later due_by, or name the items."
        chosen_by = "item_ids" if named else "due_by"
        raise Conflict(
            "nothing_to_ask" if askable == 0 else "more_than_askable",
            f"{Money(askable, currency)} may be asked for of {which}: the rest is paid, disputed or on "
            f"its way, or owed by another account. Ask for no more than that.{further}",
            field=chosen_by if amount is None else "amount",
            askable=askable,
        )
    return in_order(asked, items, AllocationSource.INSTRUCTION, most=attrgetter("askable"))


def require_own_items(
    items: Iterable[AskableItem], *, item_ids: Sequence[str], account_id: str, currency: str
) -> None:
    """What is fetched is owed by the account, in the currency."""
    own = {
        item.item_id for item in items if (item.account_id, item.currency) == (account_id, currency)
    }
    for item_id in item_ids:
        if item_id not in own:
            raise NotFound(
                "item_not_found",
                f"The account has no item {item_id} in {currency}; list its items to see those it has.",
                field="item_ids",
            )


def still_owed(parts: Mapping[str, int], items: Sequence[AskableItem]) -> list[dict[str, Any]]:
    """What of a debit's parts its items still owe, as an instruction for its money."""
    return [
        {"item_id": item.item_id, "invoice_id": None, "amount": share}
        for item in items
        if (share := min(parts[item.item_id], item.balance))
    ]
