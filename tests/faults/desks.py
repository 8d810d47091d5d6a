"""People who work one book all at once, and the log of what they were answered."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ops.client import Client, Refused

ONCE = datetime(2000, 1, 1, tzinfo=UTC)
Key = tuple[str, str, str]
"""A reason: its account, kind, and what it is about."""

REST_DAYS = {"reached": 7, "not_reached": 1, "left_message": 2, "will_pay": 7, "other": 7}
REPEATED = 0.1  # of the requests, sent once more although they were answered
# What is refused because somebody else was first, or the clock was.
TOO_LATE = frozenset(
    {
        *("worklist_item_closed", "reason_not_on_item", "wrong_status", "same_owner"),
        *("balance_open", "absence_overlaps", "delegate_away", "account_closing", "account_closed"),
        *("planned_in_past", "snooze_out_of_range", "until_too_early"),
    }
)


@dataclass
class Known:
    """A reason as the log has it."""

    due_at: datetime = ONCE
    is_settled: bool = False
    rests_until: date | None = None
    hidden_until: date | None = None  # the latest day that was asked for

    def stands(self, now: datetime) -> bool:
        """Whether its time has come, and its cause has not ended."""
        return self.due_at <= now and not self.is_settled

    def is_wanted(self, now: datetime) -> bool:
        """Whether somebody is to be contacted about it, snoozed or not."""
        return self.stands(now) and (self.rests_until is None or self.rests_until <= now.date())


@dataclass
class Log:
    """What was answered, by whoever was asked; what was never answered is not in it."""

    reasons: dict[Key, Known] = field(default_factory=dict)
    owners: dict[str, tuple[int, str]] = field(default_factory=dict)  # with the account's version
    outcomes: Counter[tuple[str, ...]] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)  # items
    asleep: dict[str, date] = field(default_factory=dict)  # accounts, as items are snoozed
    refused: Counter[str] = field(default_factory=Counter)

    def know(self, key: Key) -> Known:
        """What is known of a reason; others may see it before whoever caused it has the answer."""
        return self.reasons.setdefault(key, Known())

    def come_due(self, key: Key, due_at: datetime) -> None:
        """From then on it is a reason, until its cause ends."""
        self.know(key).due_at = due_at

    def of_account(self, account_id: str) -> dict[tuple[str, str], Known]:
        """What is known of an account's reasons, by kind and what they are about."""
        return {key[1:]: one for key, one in [*self.reasons.items()] if key[0] == account_id}

    def pick(self, chance: random.Random, *kinds: str) -> Key | None:
        """A reason of these kinds whose cause goes on, whether or not its time has come."""
        found = [
            key for key, one in [*self.reasons.items()] if key[1] in kinds and not one.is_settled
        ]
        return chance.choice(found) if found else None


class Desks:
    """The firm's people at their desks: each does at random what people do, and logs the answers."""

    def __init__(
        self, client: Client, chance: random.Random, *, accounts: int, people: int
    ) -> None:
        self.client = client
        self.log = Log()
        self.now = client.read_clock() or datetime.now(UTC)
        client.move_clock(self.now)
        self._chance = chance
        self._turn = threading.Lock()
        self._sent = 0
        self.people = [self._hire(number) for number in range(people)]
        for number in range(accounts):
            account = self._open_account(number, self.people[number % people])
            self.log.owners[account["account_id"]] = account["version"], account["owner_id"]

    @property
    def accounts(self) -> list[str]:
        return [*self.log.owners]

    @contextmanager
    def working(self, steps: int, *, desks: int) -> Iterator[None]:
        """So many steps at random, from so many desks at once, while the block runs; each is answered in
        the end."""
        chances = [random.Random(self._chance.random()) for _ in range(desks)]
        with ThreadPoolExecutor(desks) as pool:
            working = [pool.submit(self._work, one, -(-steps // desks)) for one in chances]
            yield
            for one in working:
                one.result()

    def bill(self, account_ids: Iterable[str], *, net_days: int) -> None:
        """Send invoices of today, which are overdue from the morning after their due day on."""
        for account_id in account_ids:
            line = {"description": "x", "quantity": "1", "unit_price": 100_00, "tax_percent": "0"}
            draft = {"account_id": account_id, "currency": "EUR", "lines": [line]}
            invoice = self._do("/v1/invoices", draft)
            self._do(f"/v1/invoices/{invoice['invoice_id']}/issue", {})
            morning = self.now.replace(hour=6) + timedelta(days=net_days + 1)
            self.log.come_due((account_id, "overdue", "EUR"), morning)

    def _work(self, chance: random.Random, steps: int) -> None:
        acts: Sequence[Callable[[random.Random], None]] = (
            *(self._miss_call, self._plan, self._close_activity, self._call_back, self._be_paid),
            *(self._finish, self._finish, self._finish_one, self._snooze, self._snooze_one),
            *(self._change_owner, self._delegate, self._call_who_rang, self._close_account),
        )
        for _ in range(steps):
            try:
                chance.choice(acts)(chance)
            except Refused as refused:
                with self._turn:
                    self.log.refused[refused.code] += 1

    def _miss_call(self, chance: random.Random) -> None:
        now = self.now
        rung = {"account_id": chance.choice(self.accounts), "rung_at": now.isoformat()}
        call = self._do("/v1/calls", rung)
        self.log.come_due((call["account_id"], "callback", call["call_id"]), now)

    def _call_back(self, chance: random.Random) -> None:
        if key := self.log.pick(chance, "callback"):
            self._do(f"/v1/calls/{key[2]}/called-back", {})
            self.log.reasons[key].is_settled = True

    def _call_who_rang(self, chance: random.Random) -> None:
        """Reach an account: who rang there on an earlier day has been called back."""
        account_id, at = chance.choice(self.accounts), self.now - timedelta(hours=1)
        said = {"kind": "call", "outcome": "agreed", "minutes": 5, "held_at": at.isoformat()}
        self._do("/v1/activities/log", {**said, "account_id": account_id})
        for key, one in [*self.log.reasons.items()]:
            if key[:2] == (account_id, "callback") and one.due_at <= at:
                one.is_settled = True

    def _plan(self, chance: random.Random) -> None:
        account_id = chance.choice(self.accounts)
        self._note_plan(
            self._do("/v1/activities", {"account_id": account_id, **self._step(chance)})
        )

    def _close_activity(self, chance: random.Random) -> None:
        if not (key := self.log.pick(chance, "visit_due")):
            return
        path = f"/v1/activities/{key[2]}"
        match chance.choice(["hold", "cancel", "reschedule"]):
            case "hold":
                self._do(f"{path}/hold", {"outcome": "no_decision", "minutes": 5})
            case "cancel":
                self._do(f"{path}/cancel", {"reason": "Not needed."})
            case "reschedule":
                at = self._step(chance)["at"]
                self._note_plan(self._do(f"{path}/reschedule", {"at": at, "reason": "Ill."}))
        self.log.reasons[key].is_settled = True

    def _be_paid(self, chance: random.Random) -> None:
        if key := self.log.pick(chance, "overdue"):
            self.log.reasons[key].is_settled = True  # nobody else is to take it as well
            money = {"account_id": key[0], "currency": key[2], "amount": 100_00}
            day = {"value_date": str(self.now.date()), "method": "transfer"}
            self._do("/v1/payments", money | day)

    def _finish(self, chance: random.Random) -> None:
        """All of an item, sometimes with what is to be done next."""
        if line := self._pick_line(chance):
            said = {"outcome": chance.choice([*REST_DAYS])}
            step = {"next_step": self._step(chance)} if chance.random() < 0.3 else {}
            self._answer(line, {**said, **step})

    def _finish_one(self, chance: random.Random) -> None:
        if line := self._pick_line(chance):
            some = chance.sample(line["reasons"], chance.randint(1, len(line["reasons"])))
            said = [{**_named(one), "outcome": chance.choice([*REST_DAYS])} for one in some]
            self._answer(line, {"reasons": said})

    def _answer(self, line: Mapping[str, Any], said: Mapping[str, Any]) -> None:
        with self._turn:
            self._sent += 1
            note = f"Answer {self._sent}."
        item = self._do(f"/v1/worklist/{line['worklist_item_id']}/done", {**said, "note": note})
        with self._turn:
            self.log.done[item["worklist_item_id"]] += item["status"] == "done"
            for one in item["outcomes"]:
                if one["note"] == note:
                    key = item["account_id"], one["kind"], one["about"]
                    self.log.outcomes[*key, note] += 1
                    on = datetime.fromisoformat(one["done_at"]).date()
                    rest = timedelta(days=REST_DAYS[one["outcome"]])
                    self.log.know(key).rests_until = on + rest
        for planned in {one["next_activity_id"] for one in item["outcomes"] if one["note"] == note}:
            if planned:
                self._note_plan(self.client.get(f"/v1/activities/{planned}"))

    def _snooze(self, chance: random.Random) -> None:
        if line := self._pick_line(chance):
            until = self._until(chance)
            path = f"/v1/worklist/{line['worklist_item_id']}/snooze"
            self._do(path, {"until": str(until)})
            with self._turn:
                asleep = self.log.asleep
                asleep[line["account_id"]] = max(until, asleep.get(line["account_id"], until))

    def _snooze_one(self, chance: random.Random) -> None:
        if line := self._pick_line(chance):
            one, until = chance.choice(line["reasons"]), self._until(chance)
            path = f"/v1/worklist/{line['worklist_item_id']}/snooze"
            self._do(path, {"until": str(until), "reasons": [_named(one)]})
            with self._turn:
                known = self.log.know((line["account_id"], one["kind"], one["about"]))
                known.hidden_until = max(until, known.hidden_until or until)

    def _change_owner(self, chance: random.Random) -> None:
        account_id = chance.choice(self.accounts)
        to = {"owner_id": chance.choice(self.people), "reason": "Nearer."}
        account = self._do(f"/v1/accounts/{account_id}/change-owner", to)
        with self._turn:
            owner = account["version"], account["owner_id"]
            self.log.owners[account_id] = max(owner, self.log.owners[account_id])

    def _delegate(self, chance: random.Random) -> None:
        away, delegate = chance.sample(self.people, 2)
        both = {"staff_id": away, "delegate_id": delegate, "reason": "Ill."}
        self._do("/v1/absences", {**both, "until_on": str(self._until(chance))})

    def _close_account(self, chance: random.Random) -> None:
        path = f"/v1/accounts/{chance.choice(self.accounts)}"
        self._do(f"{path}/close", {"reason": "Moved."})

    def _pick_line(self, chance: random.Random) -> dict[str, Any] | None:
        lines = self.client.get("/v1/worklist", staff_id=chance.choice(self.people), limit=500)
        return chance.choice(lines["items"]) if lines["items"] else None

    def _note_plan(self, activity: Mapping[str, Any]) -> None:
        ends = datetime.fromisoformat(activity["at"]) + timedelta(minutes=activity["minutes"])
        self.log.come_due((activity["account_id"], "visit_due", activity["activity_id"]), ends)

    def _step(self, chance: random.Random) -> dict[str, Any]:
        at = self.now + timedelta(hours=chance.randint(1, 40))
        return {"kind": "visit", "at": at.isoformat(), "subject": "How are you?"}

    def _until(self, chance: random.Random) -> date:
        return self.now.date() + timedelta(days=chance.randint(1, 3))

    def _do(self, path: str, body: Any) -> Any:
        """Command under one key until it is answered; now and then once more, for the same answer."""
        with self._turn:
            key, again = f"desk-{self._chance.getrandbits(80)}", self._chance.random() < REPEATED
        answer = self.client.post(path, body, key=key)
        assert not again or self.client.post(path, body, key=key) == answer, (
            f"{path} was done twice"
        )
        return answer

    def _hire(self, number: int) -> str:
        person = {
            "name": f"Person {number}",
            "email": f"p{self._chance.getrandbits(40)}@firm.example",
        }
        return str(self.client.post("/v1/staff", {**person, "role": "account_manager"})["staff_id"])

    def _open_account(self, number: int, owner_id: str) -> dict[str, Any]:
        terms = {"country": "IE", "currency": "EUR", "language": "en", "time_zone": "UTC"}
        terms |= {"net_days": 1, "credit_limit": None, "preferred_channel": "post"}
        account = {**terms, "name": f"Book {number} Ltd", "owner_id": owner_id}
        return dict(self.client.post("/v1/accounts", account))


def _named(reason: Mapping[str, Any]) -> dict[str, str]:
    return {name: reason[name] for name in ("kind", "about")}
