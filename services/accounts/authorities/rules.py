"""Whether somebody's authority covers a remedy, and how much goodwill an account has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kernel.money import Money, round_half_up
from kernel.refusals import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """How much somebody may grant with one remedy: minor units by currency, or any amount; and whether
    goodwill beyond the account's budget is theirs to grant."""

    is_unlimited: bool = False
    is_free_of_budget: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)

    def covers(self, amount: Money, *, is_within_budget: bool) -> bool:
        """Whether it is theirs to grant. In a currency without a limit nothing is."""
        limit = self.limits.get(amount.currency)
        is_covered = self.is_unlimited or (limit is not None and amount.minor <= limit)
        return is_covered and (is_within_budget or self.is_free_of_budget)


NONE = Authority()
SYSTEM = Authority(is_unlimited=True)  # of a key that is no person's and has the scope
SYSTEM_SCOPE = "remedies:grant"  # must be named, "*" is not enough


def budget_of(billed_net: int, *, percent: Decimal, most: int) -> int:
    """How much goodwill an account may be given in twelve months for what it was billed in them."""
    share, _ = round_half_up(Decimal(max(billed_net, 0)) * percent / 100)
    return min(share, most)


def limits_of(amounts: Sequence[Money]) -> dict[str, int]:
    """Limits by currency; refused where a currency is named twice."""
    limits = {amount.currency: amount.minor for amount in amounts}
    if len(limits) < len(amounts):
        raise Invalid(
            "currency_twice", "Each currency has one amount; name it once.", field="amounts"
        )
    return limits
