"""What may be asked of each open item: its dunnable part. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class ItemStatus(StrEnum):
    """The state of an open item, as billing has it."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    WRITTEN_OFF = "written_off"


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
