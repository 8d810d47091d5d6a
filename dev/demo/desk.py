"""Where the business meets the system: what it sees on a day, and how it asks for things."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from dev.demo.house import DIRECTOR, STOREKEEPER, list_leads
from ops.client import Client, Refused

Thing = dict[str, Any]
ByAccount = dict[str, list[Thing]]

OPENS_AT = time(8, tzinfo=UTC)
SCOPES = (
    *("accounts:read", "accounts:write", "billing:read", "billing:write"),
    *("collections:read", "sales:read", "sales:write"),
)
"""What the key of somebody of the house may do."""

MORE_SCOPES = {
    STOREKEEPER: ("accounts:all",),
    DIRECTOR: ("accounts:all", "sales:approve"),
    **dict.fromkeys(list_leads(), ("sales:approve",)),
}
"""What these may do besides: who keeps the stock sees whom it is for, and leads let things pass."""

EXPECTED = frozenset({"credit_limit_exceeded", "credit_hold", "account_not_active"})
"""Refusals that are part of the story."""

TO_BE_SENT = frozenset({"confirmed", "processing"})
OVER = frozenset({"closed", "withdrawn", "duplicate"})
ORDERS_WITHIN = timedelta(days=60)
"""By then an order is sent, or given up."""


@dataclass(frozen=True)
class Sight:
    """What the business sees in the morning; things by account id, accounts by number."""

    accounts: dict[str, Thing]
    drafts: ByAccount
    orders: ByAccount
    items: ByAccount
    debits: ByAccount
    placements: ByAccount
    activities: ByAccount
    cases: ByAccount
    exceptions: ByAccount


class Desk:
    """Asks the system for things; the same thing asked twice on one day is done once."""

    def __init__(self, client: Client, pool: ThreadPoolExecutor, papers: Path) -> None:
        """Take the gateway, the threads that ask it, and where papers are left."""
        self.client = client
        self.papers = papers
        self.day = date.min
        self.failures: list[str] = []
        self.staff: dict[str, str] = {}
        self.causes: dict[str, str] = {}
        self._pool = pool
        self._people: dict[str, Client] = {}
        self._hiring = Lock()

    @property
    def now(self) -> datetime:
        """The moment at which the day is played."""
        return datetime.combine(self.day, OPENS_AT)

    def meet(self) -> None:
        """Learn who works in the house and what cases come from: ids by name."""
        self.staff = {one["name"]: one["staff_id"] for one in self.client.list("/v1/staff")}
        causes = self.client.list("/v1/case-causes")
        self.causes = {one["name"]: one["case_cause_id"] for one in causes}

    def name_of(self, staff_id: str) -> str:
        """Who has that id."""
        return next(name for name, one in self.staff.items() if one == staff_id)

    def person(self, name: str) -> Client:
        """The gateway as somebody of the house has it, with a key of their own."""
        with self._hiring:
            if name not in self._people:
                scopes = [*SCOPES, *MORE_SCOPES.get(name, ())]
                sent = {"name": f"{name}'s", "scopes": scopes, "staff_id": self.staff[name]}
                key = self.client.post("/v1/api-keys", sent)["key"]
                self._people[name] = self.client.as_holder_of(key)
            return self._people[name]

    def look(self) -> Sight:
        """Read what the business decides by, all at once."""
        wanted: dict[str, tuple[str, dict[str, object]]] = {
            "accounts": ("/v1/accounts", {}),
            "orders": ("/v1/orders", {"ordered_from": self.day - ORDERS_WITHIN}),
            "items": ("/v1/items", {"status": "open"}),
            "debits": ("/v1/debits", {"status": "in_process"}),
            "placements": ("/v1/placements", {}),
            "activities": ("/v1/activities", {"status": "planned"}),
            "cases": ("/v1/cases", {}),
            "exceptions": ("/v1/order-exceptions", {"is_settled": False}),
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
            debits=_by_account(seen["debits"]),
            placements=_by_account(seen["placements"]),
            activities=_by_account(seen["activities"]),
            cases=_by_account(one for one in seen["cases"] if one["status"] not in OVER),
            exceptions=_by_account(seen["exceptions"]),
        )

    def _read(self, path: str, query: dict[str, object]) -> list[Thing]:
        return list(self.client.list(path, **query))

    def do(self, path: str, body: Any = None, *, verb: str = "POST", by: str | None = None) -> Any:
        """Ask for something that must succeed, with the key of the firm's systems or of a person.

        Raises:
            Refused: it did not.
        """
        digest = hashlib.sha256(orjson.dumps([self.day, verb, path, body, by])).hexdigest()
        client = self.client if by is None else self.person(by)
        ask = {"POST": client.post, "PATCH": client.patch, "PUT": client.put}[verb]
        return ask(path, body if body is not None else {}, key=f"demo-{digest[:40]}")

    def leave(self, paper: str, path: str) -> None:
        """Leave a document among the papers."""
        (self.papers / paper).write_bytes(self.client.send("GET", path).body)

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
        self.finish(self.begin(jobs))

    def begin(self, jobs: Iterable[Callable[[], None]]) -> list[Future[None]]:
        """Begin to do independent jobs."""
        return [self._pool.submit(job) for job in jobs]

    def finish(self, running: Iterable[Future[None]]) -> None:
        """Wait until jobs are done, and note what was refused."""
        for one in running:
            try:
                one.result()
            except Refused as refusal:
                self.failures.append(f"{self.day}: {refusal}")


def _by_account(things: Iterable[Thing]) -> ByAccount:
    grouped: ByAccount = defaultdict(list)
    for thing in things:
        grouped[thing["account_id"]].append(thing)
    return grouped
