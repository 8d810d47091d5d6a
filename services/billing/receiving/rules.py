"""What a payment is set against, one after the other; and whether one came before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.billing.allocations.rules import (
    Share,
    Standing,
    by_instruction,
    by_policy,
    close_differences,
    total,
)
from services.billing.items.rules import AccountCurrency, Held, require_room
from services.billing.policies.rules import AllocationPolicy
from services.billing.tolerances.rules import Tolerance, Tolerances


def _nothing() -> Tolerances:
    none: defaultdict[str, Tolerance] = defaultdict(Tolerance)
    return none


@dataclass(slots=True)
class Till:
    """What payments find, one after the other: open items, those due first first, and what each account
    has open and unapplied."""

    held: dict[AccountCurrency, Held]
    items: Iterable[Standing]
    policies: Mapping[str, AllocationPolicy]
    tolerances: Tolerances = field(default_factory=_nothing)
    _of: dict[AccountCurrency, list[Standing]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.items:
            self._of.setdefault((item.account_id, item.currency), []).append(item)

    def choose(self, values: Mapping[str, Any], *, sees_all: bool) -> list[Share]:
        """What a payment is set against: what its instruction names, else as its account's policy has
        it. Who does not see all accounts is not told what another account has."""
        key = values["account_id"], values["currency"]
        money = {name: values[name] for name in ("account_id", "currency", "amount")}
        paid_on = values["value_date"]
        if values["instruction"] is None:
            policy = self.policies[key[0]]
            of = self._of.get(key, ())
            shares = by_policy(policy, values["amount"], of, paid_on=paid_on)
        else:
            visible = [one for one in self.items if sees_all or one.account_id == key[0]]
            shares = by_instruction(values["instruction"], visible, **money, paid_on=paid_on)
        left = values["amount"] - total(shares)
        require_room(self.held[key].unapplied + left, currency=key[1], field="amount")
        return close_differences(shares, self.tolerances)

    def take(self, key: AccountCurrency, *, shares: Iterable[Share], unapplied: int) -> None:
        """What is set against something is owed no more by whoever pays next."""
        open_before, unapplied_before = self.held[key]
        standing = {item.item_id: item for item in self._of.get(key, ())}
        for share in shares:
            standing[share.item.item_id].balance -= share.settled
            open_before -= share.settled
        self.held[key] = Held(open_before, unapplied_before + unapplied)
