"""Which items unapplied money and credit is set against by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from services.billing.allocations.rules import AllocationSource, OpenItem, Share, in_order
from services.billing.items.rules import AccountCurrency


class Fund(Protocol):
    """What is looked at of a payment or credit note."""

    account_id: str
    currency: str
    unapplied: int


AFund = TypeVar("AFund", bound=Fund)


def set_off(
    funds: Iterable[AFund], items: Iterable[OpenItem]
) -> Iterator[tuple[AFund, list[Share]]]:
    """What each fund is set against, one fund after the other, of its own account's items in its currency
    one after the other, in the orders given; none where nothing is left."""
    own: defaultdict[AccountCurrency, list[OpenItem]] = defaultdict(list)
    left: dict[str, int] = {}
    for item in items:
        own[item.account_id, item.currency].append(item)
        left[item.item_id] = item.askable
    for fund in funds:
        shares = in_order(
            fund.unapplied,
            own[fund.account_id, fund.currency],
            AllocationSource.OURS,
            most=lambda item: left[item.item_id],
        )
        for share in shares:
            left[share.item.item_id] -= share.amount
        if shares:
            yield fund, shares
