"""How a client accepts what was agreed. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from kernel.refusals import Conflict, Invalid


class AcceptedHow(StrEnum):
    """By what the client said so."""

    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    PORTAL = "portal"


def require_acceptable(
    accepted_on: date,
    *,
    today: date,
    accepted_by: str | None,
    revision: int,
    field: str = "accepted_on",
) -> None:
    """Refuse an acceptance that is still to come, and one of what is accepted already. A client may have
    agreed days before it was entered here."""
    if accepted_by is not None:
        raise Conflict(
            "already_accepted",
            f"Version {revision} was accepted by {accepted_by}; an amendment makes another.",
        )
    if accepted_on > today:
        raise Invalid(
            "accepted_in_future",
            f"{accepted_on} is yet to come; enter the acceptance when the client has given it.",
            field=field,
        )
