"""What may be asked of each open item: its dunnable part. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any


class ItemStatus(StrEnum):
    """The state of an open item, as billing has it."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"


def newest(snapshots: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One snapshot for each item: the one with the highest version."""
    best: dict[str, dict[str, Any]] = {}
    for snapshot in snapshots:
        known = best.get(snapshot["item_id"])
        if known is None or snapshot["version"] > known["version"]:
            best[snapshot["item_id"]] = snapshot
    return list(best.values())


def dunnable_parts(balances: Iterable[int], *, unapplied: int) -> list[int]:
    """What is left of each balance after the account's unapplied credit, set against the oldest
    first, as billing would allocate it. `balances` are one account's open items of one currency in
    the order of their documents. All zero means that the account is in net credit."""
    credit = max(0, unapplied)
    parts = []
    for balance in balances:
        covered = min(balance, credit)
        credit -= covered
        parts.append(balance - covered)
    return parts
