"""Whether a difference is too small to ask for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tolerance:
    """At most an amount, in minor units, and at most so many percent of what was demanded."""

    amount: int = 0
    percent: Decimal = Decimal(0)

    def takes(self, difference: int, *, demanded: int) -> bool:
        """Whether a difference is within both."""
        return difference <= self.amount and 100 * difference <= self.percent * demanded


NONE = Tolerance()


class Tolerances(Protocol):
    """What is tolerated by currency, asked for when something is missing."""

    def __getitem__(self, currency: str, /) -> Tolerance: ...
