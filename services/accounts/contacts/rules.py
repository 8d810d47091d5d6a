"""What contacts are for, and which of them can be reached when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict, Invalid


class ContactRole(StrEnum):
    """What to contact a person about."""

    DECISION_MAKER = "decision_maker"
    PAYER = "payer"
    DISPUTES = "disputes"
    SHIPPING = "shipping"


def require_reachable(*, email: str | None, phone: str | None) -> None:
    """Refuse a contact who cannot be reached."""
    if not email and not phone:
        raise Invalid("unreachable", "Give an e-mail address or a phone number.", field="email")


def require_period(*, valid_from: date, valid_to: date | None, today: date) -> None:
    """Refuse a time that ends before it begins, or begins or ends too far ahead."""
    require_foreseeable(valid_from, today=today, field="valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(
            "ends_before_it_begins",
            f"The contact is valid from {valid_from}; name that day or a later one.",
            field="valid_to",
        )
    if valid_to is not None:
        require_foreseeable(valid_to, today=today, field="valid_to")


def require_not_ended(*, name: str, valid_to: date | None, today: date) -> None:
    """Refuse to change a contact whose time is over: it is history."""
    if valid_to is not None and valid_to < today:
        raise Conflict("contact_ended", f"{name} ended on {valid_to}; add a new contact.")
