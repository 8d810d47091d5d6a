"""One book worked by many at once while the replicas of accounts, and the broker, are killed.

The oracle is the log of what they were answered: what is due and neither answered nor settled is on one
open item of whoever owns the account, and nothing else is.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

import httpx

from ops.client import Refused
from tests.faults.conftest import size
from tests.faults.desks import TOO_LATE, Desks, Known
from tests.faults.house import House, wait_until

REPLICAS = ("accounts", "accounts-2")
ROUNDS = size(15)
KILLS = 2  # in a round
REST_DAYS = 8  # after which everything that still stands is back
NET_DAYS = 1
MORNING = time_of_day(9)
MOVE_SECONDS = 300
MEASURED = re.compile(r"^steward_worklist_(opened|done|settled|open)(?:_total)? ([0-9.]+)", re.M)


class Morning:
    """The book as it is at nine on a day, held against the log."""

    def __init__(self, house: House, desks: Desks) -> None:
        self.house, self.desks, self.log = house, desks, desks.log
        self.began = desks.now.date()

    def go_on(self, days: int) -> None:
        """Let days go by, and all that is on its way arrive; who is killed meanwhile is waited for."""
        target = datetime.combine(self.desks.now.date() + timedelta(days=days), MORNING, UTC)
        wait_until(lambda: self._is_reached(target), MOVE_SECONDS)
        self.desks.now = target

    def _is_reached(self, target: datetime) -> bool:
        try:
            self.house.client.move_clock(target)
        except Refused as refused:
            if refused.code not in ("clock_moving", "not_settled", "service_unavailable"):
                raise
            return False
        return True

    def check(self) -> None:
        """All that the log says, and nothing else."""
        for account_id in self.desks.accounts:
            self._check_reasons(account_id, self.log.of_account(account_id))
        self._check_items()
        self._check_lists()
        self._check_figures()
        self._check_measures()
        assert self.log.refused.keys() <= TOO_LATE, self.log.refused

    def _check_reasons(self, account_id: str, known: dict[tuple[str, str], Known]) -> None:
        found = self.house.client.get(f"/v1/accounts/{account_id}/worklist-place")
        states = {(one["kind"], one["about"]): one["state"] for one in found["reasons"]}
        now = self.desks.now
        assert states.keys() == {key for key, one in known.items() if one.stands(now)}
        rests = {key for key, state in states.items() if state == "rests"}
        assert rests == {key for key in states if not known[key].is_wanted(now)}

    def _check_items(self) -> None:
        """An account has one open item if a reason is wanted, else none; what is done was answered."""
        ids = set(self.desks.accounts)
        items = [row for row in self.house.ask("accounts", _ITEMS) if row[1] in ids]
        opened = sorted(row[1] for row in items if row[2] == "open")
        now = self.desks.now
        assert opened == sorted(
            {key[0] for key, one in self.log.reasons.items() if one.is_wanted(now)}
        )
        assert {row[0] for row in items if row[2] == "done"} == {*+self.log.done}
        assert max(self.log.done.values(), default=1) == 1, "an item was done twice"
        settled = {key[0] for key, one in self.log.reasons.items() if one.is_settled}
        assert {row[1] for row in items if row[2] == "settled"} <= settled
        outcomes = [row for row in self.house.ask("accounts", _OUTCOMES) if row[0] in ids]
        assert sorted(outcomes) == sorted(self.log.outcomes.elements())

    def _check_lists(self) -> None:
        """Each account stands once, on its owner's list, with what is due of it."""
        shown = {}
        for person in self.desks.people:
            page = self.house.client.get("/v1/worklist", staff_id=person, limit=500)
            for line in page["items"]:
                assert line["account_id"] not in shown, "an account stands twice"
                assert line["owner_id"] == person == self.log.owners[line["account_id"]][1]
                reasons = {(one["kind"], one["about"]) for one in line["reasons"]}
                shown[line["account_id"]] = reasons
        for account_id in self.desks.accounts:
            self._check_line(account_id, shown.get(account_id, set()))

    def _check_line(self, account_id: str, shown: set[tuple[str, str]]) -> None:
        now, known = self.desks.now, self.log.of_account(account_id)
        wanted = {key for key, one in known.items() if one.is_wanted(now)}
        sure = {key for key in wanted if (known[key].hidden_until or now.date()) <= now.date()}
        is_awake = self.log.asleep.get(account_id, now.date()) <= now.date()
        assert shown <= wanted
        assert not is_awake or sure <= shown

    def _check_figures(self) -> None:
        before = None
        for number in range((self.desks.now.date() - self.began).days + 1):
            day = str(self.began + timedelta(days=number))
            of_day = self.house.client.get("/v1/worklist-figures", first_on=day, last_on=day)
            assert before in (None, of_day["open_before"])
            before = of_day["open_after"]
            came = of_day["open_before"] + of_day["opened"]
            assert came == of_day["done"] + of_day["settled"] + of_day["open_after"]

    def _check_measures(self) -> None:
        """What each replica tells Prometheus adds up, and the tally is of all there ever was."""
        supervisor = self.house.system.supervisor
        supervisor.wait_ready(*REPLICAS, seconds_max=MOVE_SECONDS)
        for name in REPLICAS:
            ready = supervisor.children[name].program.health
            assert ready is not None
            page = httpx.get(ready.replace("/health/ready", "/metrics")).text
            told = {what: float(count) for what, count in MEASURED.findall(page)}
            assert told["opened"] == told["done"] + told["settled"] + told["open"] > 0
        assert self.house.number("accounts", _TALLIED) == self.house.number("accounts", _EVER)


_TALLIED = "SELECT sum(opened) FROM worklist_tally"
_EVER = "SELECT count(*) FROM worklist_item"
_ITEMS = "SELECT worklist_item_id, account_id, status FROM worklist_item"
_OUTCOMES = "SELECT account_id, kind, about, note FROM worklist_outcome"


@contextmanager
def killed(house: House, chance: random.Random) -> Iterator[None]:
    """Replicas of accounts die at random moments while the block runs."""
    names = [(chance.choice(REPLICAS), chance.uniform(0, 1)) for _ in range(KILLS)]

    def kill() -> None:
        for name, seconds in names:
            time.sleep(seconds)
            wait_until(lambda: house.system.supervisor.is_ready(name), 120)  # noqa: B023
            house.system.kill(name)

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill)
        yield
        killing.result()


@contextmanager
def bounced(house: House) -> Iterator[None]:
    """The broker dies while the block runs, and comes back."""

    def bounce() -> None:
        house.system.servers.kill_broker()
        time.sleep(1)
        house.system.servers.start_broker()

    with ThreadPoolExecutor(1) as pool:
        bouncing = pool.submit(bounce)
        yield
        bouncing.result()


def test_nothing_leaves_the_lists_but_done_or_settled_whoever_is_killed(
    house: House, chance: random.Random
) -> None:
    desks = Desks(house.client, chance, accounts=size(120), people=4)
    morning = Morning(house, desks)
    morning.go_on(1)
    desks.bill(desks.accounts[::3], net_days=NET_DAYS)
    bounced_in = chance.randrange(ROUNDS)
    for number in range(ROUNDS):
        with (
            killed(house, chance),
            bounced(house) if number == bounced_in else nullcontext(),
            desks.working(size(600), desks=6),
        ):
            time.sleep(chance.uniform(0, 3))
            morning.go_on(chance.randint(1, 2))
        morning.go_on(0)
        morning.check()
    morning.go_on(REST_DAYS)
    morning.check()
