"""What follows from the edges of a family: who pays in the end, whose credit limit counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from kernel.refusals import Conflict
from services.accounts.accounts.rules import Status

FAMILY_MAX = 500  # accounts
IS_OVER = frozenset({Status.CLOSING, Status.CLOSED})


class Payer(StrEnum):
    """Who pays what the child owes, by the edge between the two."""

    CHILD = "child"
    PARENT = "parent"


class Member(Protocol):
    """An account as its family sees it."""

    @property
    def account_id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def is_paid_by_parent(self) -> bool: ...
    @property
    def is_credit_group(self) -> bool: ...


Family = Mapping[str, Member]


def find_payer(family: Family, account_id: str) -> str:
    """Who pays in the end, along the edges: the first one that pays for itself."""
    one = family[account_id]
    while one.parent_id is not None and one.is_paid_by_parent:
        one = family[one.parent_id]
    return one.account_id


def find_credit_group(family: Family, account_id: str) -> str | None:
    """Whose credit limit counts for the account and those around it: the nearest one, itself or above,
    whose limit counts for a group. A limit is an amount in a currency, so none where the account does
    business in another."""
    one = family[account_id]
    currency = one.currency
    while not one.is_credit_group:
        if one.parent_id is None:
            return None
        one = family[one.parent_id]
    return one.account_id if one.currency == currency else None


def walk(family: Family, order: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The family from its top, each with how far below the top it is, children right after their parent
    and among themselves in the order of `order`, which names all."""
    children: dict[str | None, list[str]] = {}
    for one in order:
        children.setdefault(family[one].parent_id, []).append(one)
    waiting = [(one, 0) for one in children[None]]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting += [(child, depth + 1) for child in reversed(children.get(one, ()))]


def require_no_circle(*, number: str, parent_id: str, below: Collection[str]) -> None:
    """Refuse a parent that is the account itself, or below it."""
    if parent_id in below:
        raise Conflict(
            "parent_circle",
            f"{parent_id} is {number} itself or belongs to it, directly or through others; "
            "name an account that does not.",
            field="parent_id",
        )


def require_open(*, number: str, status: Status) -> None:
    """Refuse a parent that is closed, or about to be."""
    if status in IS_OVER:
        raise Conflict(
            "parent_closed",
            f"Account {number} is {status} and no parent; name another, or reopen it first.",
            field="parent_id",
            state=status,
        )


def require_one_currency(payer: Payer, *, child: Member, parent: Member) -> None:
    """Refuse to have a parent pay in another currency than its own."""
    if payer is Payer.PARENT and child.currency != parent.currency:
        raise Conflict(
            "payer_currency",
            f"{child.number} is billed in {child.currency} and {parent.number} pays in "
            f"{parent.currency}; let the child pay.",
            field="payer",
        )


def require_room(count: int) -> None:
    """Refuse a family that is larger than can be moved at once."""
    if count > FAMILY_MAX:
        raise Conflict(
            "family_full",
            f"A family has at most {FAMILY_MAX} accounts; this one would have {count}.",
            field="parent_id",
        )


def require_childless(*, number: str, open_children: int) -> None:
    """Refuse to close an account to which others belong that are not closed."""
    if open_children:
        raise Conflict(
            "children_open",
            f"{open_children} account(s) belong to {number} and are not closed; close them first, or "
            "give them another parent.",
            open_children=open_children,
        )
