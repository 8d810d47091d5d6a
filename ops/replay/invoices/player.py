"""Plays a history through the gateway, day by day, and goes on where it was stopped.

Nothing is noted outside the system. The clock stands at the day that is being played, and is moved on
only when all of that day is done; so whatever stopped the player, that one day is sent again, and the
same requests under the same Idempotency-Keys have no second effect.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ops.client import Client, Refused
from ops.replay.hand import find_owner, key_of
from ops.replay.invoices.history import History, Invoice
from ops.replay.rows import Broken

CONNECTIONS = 16
BATCH = 500
ONE_DAY = timedelta(days=1)

Outcome = Future[list[Broken]]
"""What was refused of a request that is under way."""


@dataclass
class Progress:
    """How far the player has come; `day` is the last one done."""

    day: date
    accounts: int = 0
    invoices: int = 0
    payments: int = 0
    refused: list[Broken] = field(default_factory=list)


class Player:
    """Plays one history into one system."""

    def __init__(self, client: Client, history: History, *, currency: str) -> None:
        """Describe what to play where; `play` does it."""
        self._client = client
        self._history = history
        self._currency = currency
        self._owner_id = ""
        self._account_ids: dict[str, str] = {}
        self._asked_for: set[str] = set()
        self._invoice_ids: dict[str, str] = {}
        self.progress = Progress(history.first_day - 2 * ONE_DAY)

    def _prepare(self) -> datetime:
        """Find out what the system has of the history, and return the moment it stands at."""
        before = self._history.first_day - ONE_DAY
        now = self._client.read_clock()
        if now is None or now.date() < before:
            self._move_clock(before)
            now = _midnight(before)
        self._owner_id = find_owner(self._client)
        self._account_ids = {
            account["number"]: account["account_id"]
            for account in self._client.list("/v1/accounts")
            if account["number"] in self._history.customers
        }
        self._invoice_ids = {
            invoice["number"]: invoice["invoice_id"]
            for invoice in self._client.list("/v1/invoices")
        }
        self._note_what_is_done(now.date())
        return now

    def play(self, until: date, show: Callable[[Progress], None]) -> None:
        """Play from where the system stands to the end of the day `until`."""
        now = self._prepare()
        day = now.date()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            if missing := self._begin_opening(pool, day):
                self._note(missing)
                self._client.move_clock(now)  # every service hears of them
            while day <= until:
                self._play_day(pool, day)
                self._move_clock(day + ONE_DAY)
                self.progress.day = day
                show(self.progress)
                day += ONE_DAY

    def _play_day(self, pool: ThreadPoolExecutor, day: date) -> None:
        """Issue the day's invoices, then enter its payments; open the accounts of the next day, which
        every service will know when the clock has moved there."""
        opened = self._begin_opening(pool, day + ONE_DAY)
        issued = self._history.issued.get(day, ())
        for part in _parts([one for one in issued if one.customer in self._account_ids]):
            self._issue(part)
        settled = self._history.settled.get(day, ())
        paid = [pool.submit(self._pay, one) for one in settled if one.number in self._invoice_ids]
        self._note(opened)
        self._note(paid)
        self.progress.accounts = len(self._account_ids)
        self.progress.payments += sum(not payment.result() for payment in paid)

    def _begin_opening(self, pool: ThreadPoolExecutor, day: date) -> list[Outcome]:
        """Begin to open the accounts that are needed up to a day."""
        customers = [one for one, first in self._history.customers.items() if first <= day]
        new = sorted(set(customers) - self._asked_for - self._account_ids.keys())
        self._asked_for.update(new)
        return [pool.submit(self._open_account, customer) for customer in new]

    def _note(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.progress.refused += outcome.result()

    def _open_account(self, customer: str) -> list[Broken]:
        account = {
            "number": customer,
            "name": f"Customer {customer}",
            "country": "US",
            "currency": self._currency,
            "language": "en",
            "time_zone": "UTC",
            "net_days": 30,
            "credit_limit": None,
            "preferred_channel": "post",
            "owner_id": self._owner_id,
        }
        try:
            self._account_ids[customer] = self._post("/v1/accounts", account)["account_id"]
        except Refused as refusal:
            lines = [one.line for one in self._history.invoices if one.customer == customer]
            return [Broken(line, f"account: {refusal.detail}") for line in lines]
        return []

    def _issue(self, invoices: Sequence[Invoice]) -> None:
        batch = {"invoices": [self._describe(invoice) for invoice in invoices]}
        for result in self._post("/v1/invoice-batches", batch)["results"]:
            invoice = invoices[result["index"]]
            if "invoice_id" in result:
                self._invoice_ids[invoice.number] = result["invoice_id"]
                self.progress.invoices += 1
            else:
                reason = f"invoice {invoice.number}: {result['detail']}"
                self.progress.refused.append(Broken(invoice.line, reason))

    def _describe(self, invoice: Invoice) -> dict[str, Any]:
        line = {
            "description": f"Invoice {invoice.number}",
            "quantity": "1",
            "unit_price": invoice.amount,
            "tax_percent": "0.00",
        }
        return {
            "account_id": self._account_ids[invoice.customer],
            "currency": self._currency,
            "number": invoice.number,
            "issued_on": invoice.issued_on.isoformat(),
            "due_date": invoice.due_date.isoformat(),
            "lines": [line],
        }

    def _pay(self, invoice: Invoice) -> list[Broken]:
        share = {"invoice_id": self._invoice_ids[invoice.number], "amount": invoice.amount}
        payment = {
            "account_id": self._account_ids[invoice.customer],
            "currency": self._currency,
            "amount": invoice.amount,
            "value_date": str(invoice.settled_on),
            "method": "transfer",
            "reference": invoice.number,
            "instruction": [share],
        }
        try:
            self._post("/v1/payments", payment)
        except Refused as refusal:
            return [Broken(invoice.line, f"payment of {invoice.number}: {refusal.detail}")]
        return []

    def _post(self, path: str, body: Any) -> Any:
        """Ask for what the history says; the same request always has the same key."""
        return self._client.post(path, body, key=key_of(path, body))

    def _move_clock(self, day: date) -> None:
        self._client.move_clock(_midnight(day))

    def _note_what_is_done(self, today: date) -> None:
        """Count what was played before today, and report what was not and now cannot be."""
        past = [one for one in self._history.invoices if one.issued_on < today]
        for invoice in past:
            if invoice.number not in self._invoice_ids:
                reason = (
                    f"invoice {invoice.number} is not in the system, where it is {today} already"
                )
                self.progress.refused.append(Broken(invoice.line, f"{reason}."))
        self.progress.day = today - ONE_DAY
        self.progress.accounts = len(self._account_ids)
        self.progress.invoices = len(past) - len(self.progress.refused)
        self.progress.payments = sum(
            one.settled_on is not None and one.settled_on < today for one in past
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _parts(invoices: Sequence[Invoice]) -> Iterator[Sequence[Invoice]]:
    for start in range(0, len(invoices), BATCH):
        yield invoices[start : start + BATCH]


def list_ends_of_half_years(first: date, last: date) -> Iterable[date]:
    """The last days of June and December within a period."""
    for year in range(first.year, last.year + 1):
        for end in (date(year, 6, 30), date(year, 12, 31)):
            if first <= end <= last:
                yield end
