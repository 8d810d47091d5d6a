"""Placements: who speaks to the client about a debt, and when it is handed over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from kernel.calendar import add_days
from kernel.refusals import Conflict
from services.collections.dunning.rules import Claim, is_last_level_sent, why_silent
from services.collections.procedures.rules import Level


class PlacementStatus(StrEnum):
    """Where a debt is between the account manager and collections."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    IN_COLLECTIONS = "in_collections"
    CURED = "cured"
    WITHDRAWN = "withdrawn"


class PlacementAction(StrEnum):
    """What moves a placement from one state to another."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    RETURN = "return"
    CURE = "cure"
    WITHDRAW = "withdraw"


MOVES: Mapping[PlacementStatus, Mapping[PlacementAction, PlacementStatus]] = {
    PlacementStatus.PROPOSED: {
        PlacementAction.ACCEPT: PlacementStatus.IN_COLLECTIONS,
        PlacementAction.RETURN: PlacementStatus.RETURNED,
        PlacementAction.CURE: PlacementStatus.CURED,
        PlacementAction.WITHDRAW: PlacementStatus.WITHDRAWN,
    },
    PlacementStatus.RETURNED: {
        PlacementAction.PROPOSE: PlacementStatus.PROPOSED,
        PlacementAction.CURE: PlacementStatus.CURED,
        PlacementAction.WITHDRAW: PlacementStatus.WITHDRAWN,
    },
    PlacementStatus.IN_COLLECTIONS: {
        PlacementAction.CURE: PlacementStatus.CURED,
        PlacementAction.WITHDRAW: PlacementStatus.WITHDRAWN,
    },
    PlacementStatus.CURED: {},
    PlacementStatus.WITHDRAWN: {},
}
STANDING = tuple(status for status, moves in MOVES.items() if moves)


def move_placement(status: str, action: PlacementAction) -> PlacementStatus:
    """Where the action leads; Conflict, which says when it would be possible, where it leads nowhere."""
    moves = MOVES[PlacementStatus(status)]
    if action not in moves:
        possible = " or ".join(state for state, known in MOVES.items() if action in known)
        raise Conflict(
            "placement_state",
            f"The placement is {status}; one can {action} only what is {possible}.",
            state=status,
        )
    return moves[action]


def ripe_claims(
    claims: Iterable[Claim], *, levels: Sequence[Level], hand_over_days: int, on: date
) -> list[Claim]:
    """What is to be handed over: the last level was sent, it is that many days overdue (without those
    on hold), and it may be asked for."""
    return [
        claim
        for claim in claims
        if why_silent(claim) is None
        and is_last_level_sent(claim.item, levels=levels)
        and on >= add_days(claim.item.due_date, hand_over_days + claim.item.days_frozen)
    ]


def by_debt(claims: Iterable[Claim]) -> dict[tuple[str, str], list[Claim]]:
    """One placement each: an account and a currency."""
    debts: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        debts.setdefault((claim.item.account_id, claim.item.currency), []).append(claim)
    return debts


def pack(
    claims: Sequence[Claim], *, account: dict[str, Any], notices: Sequence[dict[str, Any]], on: date
) -> dict[str, Any]:
    """The package that goes with a placement, frozen: what collections needs without asking back.
    `claims` are in the order of their documents, and stay in it."""
    return {
        "packed_on": on.isoformat(),
        "account": account,
        "items": [
            {
                "item_id": claim.item.item_id,
                "invoice_number": claim.item.invoice_number,
                "due_date": claim.item.due_date.isoformat(),
                "days_overdue": (on - claim.item.due_date).days,
                "invoiced": claim.item.amount,
                "amount": claim.amount,
            }
            for claim in claims
        ],
        "notices": list(notices),
        "amount": sum(claim.amount for claim in claims),
        "currency": claims[0].item.currency,
    }
