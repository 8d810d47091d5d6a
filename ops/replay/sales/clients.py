"""A shop's customers are clients already: their accounts are active before anything is sold to them. New
ones begin so; those that were opened otherwise, as by `retail`, are activated one by one."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.client import Client, Refused
from ops.replay.hand import Hand, list_accounts
from ops.replay.retail.accounts import SECONDS_MAX, SYSTEM
from ops.replay.retail.records import Heading

PROSPECT, ONBOARDING, ACTIVE = "prospect", "onboarding", "active"
OPEN = ("open", "expired")
INCOMPLETE = "checklist_incomplete"
REASON = "A client of the shop already."
LAST = 32  # as several become active at once, one of these was the last


@dataclass(frozen=True, slots=True)
class Begun:
    """An account that is not active yet, and the first line of its customer."""

    line: int
    account_id: str
    status: str

    @property
    def path(self) -> str:
        """Where the account stands."""
        return f"/v1/accounts/{self.account_id}"


def activate_accounts(hand: Hand, customers: Mapping[str, Heading]) -> None:
    """Have the accounts of these customers active that are not yet, what their checklists ask for waived;
    and wait until sales has heard of all that are."""
    accounts = list_accounts(hand.client, SYSTEM)
    known = {name: accounts[name] for name in customers if name in accounts}
    begun = [
        Begun(customers[name].line, account["account_id"], account["status"])
        for name, account in known.items()
        if account["status"] in (PROSPECT, ONBOARDING)
    ]
    active = [one["account_id"] for one in known.values() if one["status"] == ACTIVE]
    hand.each("account", lambda one: _activate(hand, one), begun)
    activated = [one.account_id for one in begun]
    _wait_for(hand.client, [*activated[-LAST:], *sorted(active)[-LAST:]])


def _activate(hand: Hand, one: Begun) -> None:
    if one.status == PROSPECT:
        hand.post(f"{one.path}/begin-onboarding", None)
    try:
        hand.post(f"{one.path}/activate", None)
    except Refused as refusal:
        if refusal.code != INCOMPLETE:
            raise
        for item in hand.client.list(f"{one.path}/checklist-items"):
            if item["status"] in OPEN:
                path = f"/v1/checklist-items/{item['checklist_item_id']}/waive"
                hand.post(path, {"reason": REASON})
        hand.client.post(
            f"{one.path}/activate"
        )  # under another key: it was refused under the first


def _wait_for(client: Client, newest: Sequence[str]) -> None:
    until = time.monotonic() + SECONDS_MAX
    for account_id in newest:
        while not _is_supplied(client, account_id) and time.monotonic() < until:
            time.sleep(0.1)


def _is_supplied(client: Client, account_id: str) -> bool:
    standing: Mapping[str, Any] = client.get(f"/v1/accounts/{account_id}/standing")
    return bool(standing["status"] == ACTIVE)
