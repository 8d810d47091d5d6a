"""Which items unapplied money and credit is set against by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from services.billing.allocations.rules import Share, Standing, by_policy, close_differences
from services.billing.items.rules import AccountCurrency
from services.billing.policies.rules import AllocationPolicy
from services.billing.tolerances.rules import Tolerances


class Fund(Protocol):
    """What is looked at of a payment or credit note."""

    account_id: str
    currency: str
    unapplied: int

    @property
    def paid_on(self) -> date | None: ...


AFund = TypeVar("AFund", bound=Fund)


def set_off(
    funds: Iterable[AFund], items: Iterable[Standing], tolerances: Tolerances
) -> Iterator[tuple[AFund, list[Share]]]:
    """What each fund is set against, one fund after the other, of its own account's items in its currency
    one after the other, in the orders given; none where nothing is left."""
    own: defaultdict[AccountCurrency, list[Standing]] = defaultdict(list)
    by_id = {}
    for item in items:
        own[item.account_id, item.currency].append(item)
        by_id[item.item_id] = item
    for fund in funds:
        of = own[fund.account_id, fund.currency]
        oldest = AllocationPolicy.OLDEST_DUE
        shares = by_policy(oldest, fund.unapplied, of, paid_on=fund.paid_on)
        if fund.paid_on is not None:
            shares = close_differences(shares, tolerances)
        for share in shares:
            by_id[share.item.item_id].balance -= share.settled
        if shares:
            yield fund, shares
