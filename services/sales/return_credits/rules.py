"""What is given for returns, and whether credit notes credit them."""

from __future__ import annotations

from collections.abc import Collection

CREDIT = "credit"
REPLACEMENT = "replacement"


def is_credited(notes: Collection[bool]) -> bool:
    """Whether a part is credited, by whether each of its credit notes is void: one that is not void
    does, and so does billing's word where there are none."""
    return not notes or not all(notes)


def say_voided(number: str | None) -> str:
    """Why a return is to be credited anew, in words."""
    named = f"Credit note {number}" if number else "Its credit note"
    return f"{named} was voided; credit it by one that names the return and its part."
