"""The tolerances of counts: by quantity in percent, at cost by currency; what holds without any."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from kernel.refusals import Invalid

CURRENCIES_MAX = 50
PERCENT = Decimal(5)
COSTS = {"EUR": 6000}


class Tolerances(NamedTuple):
    """How far what is counted may be from what is expected: in percent of it, and at cost, in minor units
    of each currency. In a currency that is not there nothing may be amiss."""

    percent: Decimal
    costs: dict[str, int]

    def cost(self, currency: str | None) -> int:
        """What may be amiss at cost, in minor units of a currency."""
        return self.costs.get(currency or "", 0)


DEFAULT = Tolerances(PERCENT, COSTS)


def read_costs(named: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Tolerances at cost by currency; Invalid (`named_twice`) where one is named twice."""
    costs = dict(named)
    if len(costs) != len(named):
        raise Invalid(
            "named_twice", "Name each currency once in cost_tolerances.", field="cost_tolerances"
        )
    return costs
