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
    REPLACED = "replaced"


def askable(balance: int, *, disputed: int, in_flight: int) -> int:
    """What may be asked for of a balance: neither what is contested of it nor what is on its way."""
    return max(0, balance - disputed - in_flight)


def dunnable_parts(askable: Iterable[int], *, unapplied: int) -> list[int]:
    """What is left of each after the account's unapplied credit, set against the oldest first, as
    billing would allocate it. `askable` is of one account's open items of one currency in the order of
    their documents. Where any is, all zero means that the account is in net credit."""
    credit = max(0, unapplied)
    parts = []
    for amount in askable:
        covered = min(amount, credit)
        credit -= covered
        parts.append(amount - covered)
    return parts
