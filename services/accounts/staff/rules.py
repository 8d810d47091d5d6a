"""What staff are and how they may report to one another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kernel.refusals import Conflict


class Role(StrEnum):
    """A person's place in the hierarchy, lowest first."""

    ASSISTANT = "assistant"
    ACCOUNT_MANAGER = "account_manager"
    LEAD = "lead"
    DIRECTOR = "director"
    VICE_PRESIDENT = "vice_president"


def require_no_circle(
    staff_id: str, reports_to_id: str, superiors: Mapping[str, str | None]
) -> None:
    """Refuse a reporting line that leads back to where it began. `superiors` is everybody's line as it
    stands, which has no circle."""
    above: str | None = reports_to_id
    while above is not None:
        if above == staff_id:
            raise Conflict(
                "reporting_circle",
                "Nobody reports to themselves, directly or through others; name somebody who does not "
                f"report to {staff_id}.",
                field="reports_to_id",
            )
        above = superiors.get(above)


def require_superior_here(name: str, superior: str, *, left_on: date | None) -> None:
    """Refuse that somebody comes back to report to a person who left meanwhile: what needs whoever is
    above them would come to nobody."""
    if left_on is not None:
        detail = (
            f"{superior}, to whom {name} reported, left on {left_on}; change `reports_to_id` first."
        )
        raise Conflict("superior_left", detail)
