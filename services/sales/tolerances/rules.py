"""How much less or more than was ordered completes a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kernel.refusals import Invalid

OVER_MAX = Decimal(2)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Factors of what was ordered: from `under` on a line is complete, up to `over` may be shipped."""

    under: Decimal = Decimal(1)
    over: Decimal = Decimal(1)


EXACT = Tolerance()


def require_tolerance(tolerance: Tolerance) -> None:
    """Refuse (`invalid_tolerance`) what is no tolerance: 0 < under <= 1 <= over <= 2."""
    if tolerance.under > 1:
        raise Invalid(
            "invalid_tolerance",
            f"under is {tolerance.under:f}, more than what is ordered; give at most 1, such as 0.95.",
            field="under",
        )
    if not 1 <= tolerance.over <= OVER_MAX:
        raise Invalid(
            "invalid_tolerance",
            f"over is {tolerance.over:f}; give 1 to {OVER_MAX}, such as 1.05.",
            field="over",
        )


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Those that were set, by account and by product."""

    of_accounts: Mapping[str, Tolerance]
    of_products: Mapping[str, Tolerance]

    def choose(self, *, account_id: str, product_id: str) -> Tolerance:
        """What was agreed with the client counts, else the product's; without either, exactly what was
        ordered is shipped."""
        return self.of_accounts.get(account_id) or self.of_products.get(product_id) or EXACT
