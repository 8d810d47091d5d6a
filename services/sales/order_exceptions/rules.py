"""What of an order is undone, and how a person settles that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from kernel.refusals import Conflict

ORDER_EXCEPTION = "order_exception"
ROLES = ("decision_maker", "payer")


class ExceptionKind(StrEnum):
    """What was undone."""

    SHIPMENT_CANCELLED = "shipment_cancelled"
    INVOICE_VOIDED = "invoice_voided"
    BILLED_TOO_MUCH = "billed_too_much"


class Settlement(StrEnum):
    """What becomes of it: it is billed or shipped again, or not any more (of what is billed too much: it
    stays billed). It is mended by itself where nothing is billed too much any more."""

    AGAIN = "again"
    LEAVE = "leave"
    MENDED = "mended"


BY_HAND = (Settlement.AGAIN, Settlement.LEAVE)
MENDED = "It was credited, or is agreed after all."
ITSELF = "sales"  # who settles what nobody has to look at any more


class ExceptionStatus(StrEnum):
    """Where an exception stands."""

    RAISED = "raised"
    SETTLED = "settled"


MOVES: Mapping[ExceptionStatus, Mapping[Settlement, ExceptionStatus]] = {
    ExceptionStatus.RAISED: {
        Settlement.AGAIN: ExceptionStatus.SETTLED,
        Settlement.LEAVE: ExceptionStatus.SETTLED,
        Settlement.MENDED: ExceptionStatus.SETTLED,
    },
    ExceptionStatus.SETTLED: {},
}


def require_settleable(settled_as: str | None, how: Settlement, *, number: str) -> None:
    """An exception is settled once (`exception_settled`)."""
    status = ExceptionStatus.RAISED if settled_as is None else ExceptionStatus.SETTLED
    if how not in MOVES[status]:
        raise Conflict(
            "exception_settled",
            f"Exception {number} is settled ({settled_as}) already; what is still to be billed stands on "
            "the order's money page.",
            state=status,
        )


def say_raised(kind: str, *, about_number: str, order_number: str) -> str:
    """Why a person is to look at an order."""
    if kind == ExceptionKind.SHIPMENT_CANCELLED:
        return (
            f"Shipment {about_number} of order {order_number} was cancelled. Say whether it is shipped "
            "again, or left."
        )
    if kind == ExceptionKind.BILLED_TOO_MUCH:
        return (
            f"Of order {order_number} more is billed than is agreed by now. Credit it by a credit note "
            f"for lines of its invoices, or say that it is left."
        )
    return (
        f"Invoice {about_number} of order {order_number} was voided. Say whether it is billed again, or "
        "left."
    )


def require_by_hand(kind: str, how: Settlement, *, number: str) -> None:
    """Refuse (`credited_in_billing`) to have done again what is billed too much: billing credits it."""
    if kind == ExceptionKind.BILLED_TOO_MUCH and how is Settlement.AGAIN:
        raise Conflict(
            "credited_in_billing",
            f"What exception {number} says is billed too much is credited by a credit note for lines of "
            "its invoices, which settles this by itself; or settle it with leave.",
            field="settled_as",
        )


def at_most(quantities: Mapping[str, Decimal], left: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """So much of each line, and no more than there is left of it; lines of which nothing is are left
    out."""
    none = Decimal(0)
    parts = {
        line_id: min(quantity, left.get(line_id, none)) for line_id, quantity in quantities.items()
    }
    return {line_id: quantity for line_id, quantity in parts.items() if quantity > 0}
