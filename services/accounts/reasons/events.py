"""What is announced of our own reasons to contact accounts, in the general form."""

from __future__ import annotations

from typing import Any, ClassVar

from chassis.events import DueContact, SettledContact
from chassis.fields import Id
from services.accounts.shapes import told

_OF_CASE = {
    "reason": "case_waiting",
    "about": "cas_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "currency": None,
}


class ContactDue(DueContact):
    """An account should be contacted, for a reason that accounts found itself."""

    to_staff_id = Id(
        "stf", **told("Whose list it is on besides the owner's; null: nobody's.", allow_none=True)
    )

    example: ClassVar[dict[str, Any]] = DueContact.sample | {
        **_OF_CASE,
        "to_staff_id": None,
        "amount": None,
        "sentence": "Complaint C-000017 waits for its first answer until 2026-04-07 11:30.",
        "roles": [],
        "channel": None,
    }


class ContactSettled(SettledContact):
    """A reason that accounts found itself is over."""

    example: ClassVar[dict[str, Any]] = SettledContact.sample | _OF_CASE
