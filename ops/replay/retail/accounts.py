"""A shop's customers as accounts: opened where lacking, known again by what the shop calls them."""

import re
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
_NO_EMAIL = re.compile("[^A-Za-z0-9]+")


Reached = Callable[[str], Mapping[str, str]]
"""How a customer is reached."""


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
    reached: Reached | None = None,
) -> Opened:
    """The accounts of these customers, each with the first of its documents: new ones are prospects, or
    active with the reason why they need no onboarding, and reached by post unless said. It returns once
    another service, which is asked by `is_known`, has heard of the newest, as it has of those before
    it."""
    ids = _list_ids(hand.client)
    missing = [one for name, one in customers.items() if name not in ids]
    refused: dict[str, str] = {}
    if missing:
        alike = {"owner_id": find_owner(hand.client), "currency": currency}
        if waived_reason is not None:
            alike["onboarding_waived_reason"] = waived_reason
        for first in range(0, len(missing), ACCOUNTS):
            some = missing[first : first + ACCOUNTS]
            refused |= _open(hand, some, alike, reached or by_post)
        ids = _list_ids(hand.client)
        _wait_for(hand.client, sorted(ids.values())[-1:], is_known)
    return Opened(ids, refused)


def by_post(_: str) -> Mapping[str, str]:
    """As a customer is reached of whom nothing else is known."""
    return {"preferred_channel": "post"}


def by_email(customer: str) -> Mapping[str, str]:
    """A file has neither addresses nor e-mail addresses: customer 17850 is 17850@retail.example."""
    name = _NO_EMAIL.sub("-", customer)
    return {"preferred_channel": "email", "email": f"{name}@{SYSTEM}.example"}


def answers(client: Client, path: str) -> bool:
    """Whether what stands there is known; it is looked for for a second before that is denied."""
    try:
        client.get(path)
    except Refused as refusal:
        if refusal.status == NOT_FOUND:
            return False
        raise
    return True


def _open(
    hand: Hand, customers: Sequence[Heading], alike: Mapping[str, str], reached: Reached
) -> dict[str, str]:
    accounts = [{**_describe(one), **reached(one.customer), **alike} for one in customers]
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
