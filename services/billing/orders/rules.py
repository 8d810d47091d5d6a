"""Whose orders may be named."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from kernel.refusals import Conflict, NotKnownYet


class KnownOrder(Protocol):
    """What is looked at of an order."""

    @property
    def account_id(self) -> str: ...

    @property
    def currency(self) -> str | None: ...


def require_own_order(
    order: KnownOrder | None, *, order_id: str, account_id: str, currency: str
) -> None:
    """Whoever names an order names one of the same account, in the same currency. Another account's is
    answered as one that does not exist."""
    if order is None or order.account_id != account_id:
        raise NotKnownYet(
            "order_not_found",
            f"Account {account_id} has no confirmed order {order_id}; name one of its own, or none.",
            field="order_id",
        )
    if order.currency not in (None, currency):
        raise Conflict(
            "other_currency",
            f"Order {order_id} is in {order.currency}, this in {currency}; currencies are never mixed.",
            field="order_id",
        )


def require_all_known(asked: Iterable[str], known: Collection[str]) -> None:
    """Sales tells of an order before it asks for anything of it: what is not known yet is on its way, and
    is waited for. Nothing is refused for it."""
    unknown = sorted({*asked}.difference(known))
    if unknown:
        raise NotKnownYet(
            "order_not_found",
            f"Sales has not told of order {unknown[0]} yet; what is asked of it waits until then.",
            field="order_id",
        )


def require_not_billed(order_id: str | None, *, billed: Collection[str]) -> None:
    """Nothing is billed ahead of an order that is ended, when all that was shipped is billed."""
    if order_id in billed:
        raise Conflict(
            "order_ended",
            f"Order {order_id} is completed or cancelled and nothing of it is left to be billed; for an "
            "extra charge make an invoice without order_id.",
            field="order_id",
        )


def require_not_waiting(order_id: str | None, *, waiting: Collection[str]) -> None:
    """Nothing is billed ahead of an order while goods of it wait to be billed: they come first."""
    if order_id in waiting:
        raise Conflict(
            "order_waits_for_bill",
            f"Goods of order {order_id} are sent and wait for the account's monthly bill. Bill ahead "
            "when that is issued; for an extra charge make an invoice without order_id.",
            field="order_id",
        )
