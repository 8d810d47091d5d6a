"""Where the business meets the system: what it sees on a day, and how it asks for things."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

from ops.client import Client, Refused

Thing = dict[str, Any]
ByAccount = dict[str, list[Thing]]

EXPECTED = frozenset({"credit_limit_exceeded", "credit_hold"})
"""Refusals that are part of the story."""

TO_BE_SENT = frozenset({"confirmed", "processing"})
ORDERS_WITHIN = timedelta(days=60)
"""By then an order is sent, or given up."""


@dataclass(frozen=True)
class Sight:
    """What the business sees in the morning; things by account id, accounts by number."""

    accounts: dict[str, Thing]
    drafts: ByAccount
    orders: ByAccount
    items: ByAccount
    placements: ByAccount


class Desk:
    """Asks the system for things; the same thing asked twice on one day is done once."""

    def __init__(self, client: Client, pool: ThreadPoolExecutor) -> None:
        """Take the gateway and the threads that ask it."""
        self.client = client
        self.day = date.min
        self.failures: list[str] = []
        self._pool = pool

    def look(self) -> Sight:
        """Read what the business decides by, all at once."""
        wanted: dict[str, tuple[str, dict[str, object]]] = {
            "accounts": ("/v1/accounts", {}),
            "orders": ("/v1/orders", {"ordered_from": self.day - ORDERS_WITHIN}),
            "items": ("/v1/items", {"status": "open"}),
            "placements": ("/v1/placements", {}),
        }
        running = {
            name: self._pool.submit(self._read, path, query)
            for name, (path, query) in wanted.items()
        }
        seen = {name: reading.result() for name, reading in running.items()}
        accounts = {account["number"]: account for account in seen["accounts"]}
        numbers = {account["account_id"]: number for number, account in accounts.items()}
        for item in seen["items"]:
            item["account_number"] = numbers[item["account_id"]]
        return Sight(
            accounts=accounts,
            drafts=_by_account(one for one in seen["orders"] if one["status"] == "draft"),
            orders=_by_account(one for one in seen["orders"] if one["status"] in TO_BE_SENT),
            items=_by_account(seen["items"]),
            placements=_by_account(seen["placements"]),
        )

    def _read(self, path: str, query: dict[str, object]) -> list[Thing]:
        return list(self.client.list(path, **query))

    def do(self, path: str, body: Any = None, *, verb: str = "POST") -> Any:
        """Ask for something that must succeed.

        Raises:
            Refused: it did not.
        """
        digest = hashlib.sha256(orjson.dumps([self.day, verb, path, body])).hexdigest()
        ask = self.client.patch if verb == "PATCH" else self.client.post
        return ask(path, body if body is not None else {}, key=f"demo-{digest[:40]}")

    def is_done(self, path: str, body: Any = None) -> bool:
        """Ask for something that credit may forbid, and say whether it was done."""
        try:
            self.do(path, body)
        except Refused as refusal:
            if refusal.code not in EXPECTED:
                raise
            return False
        return True

    def at_once(self, jobs: Iterable[Callable[[], None]]) -> None:
        """Do independent jobs at the same time; a refusal is noted and stops only its own job."""
        for running in [self._pool.submit(job) for job in jobs]:
            try:
                running.result()
            except Refused as refusal:
                self.failures.append(f"{self.day}: {refusal}")


def _by_account(things: Iterable[Thing]) -> ByAccount:
    grouped: ByAccount = defaultdict(list)
    for thing in things:
        grouped[thing["account_id"]].append(thing)
    return grouped
