"""To which of several people an account goes: in turn, or to whoever has the least."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import Tier

WEIGHTS = {Tier.KEY: 4, Tier.STANDARD: 2, Tier.SMALL: 1}
"""How much an open account weighs."""


class How(StrEnum):
    """How somebody is chosen."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be given an account: whose turn was when, 0 for never; what their open accounts
    weigh together."""

    staff_id: str
    name: str
    email: str
    last_turn: int
    load: int


def choose(how: How, candidates: Collection[Candidate]) -> Candidate:
    """Whose turn was longest ago, or who has the least; equals by name, then e-mail. Conflict where there
    is nobody."""
    if not candidates:
        detail = "Nobody is there to be given the account; name another team or lead."
        raise Conflict("nobody_to_assign", detail)
    if how == How.ROUND_ROBIN:
        return min(candidates, key=lambda one: (one.last_turn, one.name, one.email))
    return min(candidates, key=lambda one: (one.load, one.name, one.email))


def require_one_pool(*, team_id: str | None, lead_id: str | None) -> None:
    """Refuse what names both a team and a lead, or neither."""
    if (team_id is None) == (lead_id is None):
        detail = "Name a team, or a lead among whose people somebody is chosen; one of them."
        raise Invalid("one_pool", detail, field="team_id")
