"""A shop's customers as accounts: opened where lacking, known again by what the shop calls them."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ops.client import Client, Refused
from ops.replay.hand import Hand, find_owner, list_accounts
from ops.replay.retail.records import Heading

SYSTEM = "retail"
"""What the shop is called in references."""
ACCOUNTS = 500
SECONDS_MAX = 120.0
NOT_FOUND = 404


class Opened(NamedTuple):
    """The ids of accounts by the customer's, and why others could not be opened."""

    ids: dict[str, str]
    refused: dict[str, str]


def open_accounts(
    hand: Hand,
    customers: Mapping[str, Heading],
    *,
    currency: str,
    is_known: Callable[[Client, str], bool],
    waived_reason: str | None = None,
) -> Opened:
    """The accounts of these customers, each with the first of its documents: new ones are prospects, or
    active with the reason why they need no onboarding. It returns once another service, which is asked
    by `is_known`, has heard of the newest, as it has of those before it."""
    ids = _list_ids(hand.client)
    missing = [one for name, one in customers.items() if name not in ids]
    refused: dict[str, str] = {}
    if missing:
        alike = {"owner_id": find_owner(hand.client), "currency": currency}
        if waived_reason is not None:
            alike["onboarding_waived_reason"] = waived_reason
        for first in range(0, len(missing), ACCOUNTS):
            refused |= _open(hand, missing[first : first + ACCOUNTS], alike)
        ids = _list_ids(hand.client)
        _wait_for(hand.client, sorted(ids.values())[-1:], is_known)
    return Opened(ids, refused)


def answers(client: Client, path: str) -> bool:
    """Whether what stands there is known; it is looked for for a second before that is denied."""
    try:
        client.get(path)
    except Refused as refusal:
        if refusal.status == NOT_FOUND:
            return False
        raise
    return True


def _open(hand: Hand, customers: Sequence[Heading], alike: Mapping[str, str]) -> dict[str, str]:
    accounts = [{**_describe(one), **alike} for one in customers]
    answer = hand.post("/v1/account-batches", {"accounts": accounts})
    return {
        customers[one["index"]].customer: one["detail"]
        for one in answer["results"]
        if "code" in one
    }


def _describe(first: Heading) -> dict[str, Any]:
    return {
        "system": SYSTEM,
        "reference_id": first.customer,
        "name": f"Customer {first.customer}",
        "country": first.country,
        "time_zone": "UTC",
        "language": "en",
        "net_days": 30,
        "credit_limit": None,
        "preferred_channel": "post",
    }


def _list_ids(client: Client) -> dict[str, str]:
    accounts = list_accounts(client, SYSTEM)
    return {name: account["account_id"] for name, account in accounts.items()}


def _wait_for(
    client: Client, newest: Sequence[str], is_known: Callable[[Client, str], bool]
) -> None:
    until = time.monotonic() + SECONDS_MAX
    for account_id in newest:
        while not is_known(client, account_id) and time.monotonic() < until:
            pass
