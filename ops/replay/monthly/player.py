"""Plays a shop's months through the gateway: enters what waits to be billed, has each month billed by a
run, credits what came back.

Nothing is noted outside the system. A line waits under its document's number and its place there, once in
an account; a credit note says its number in its reason, and names the bill that it lowers. So whatever
stopped the player, it goes on with what is lacking. What was under way is sent again as it was, under
the same Idempotency-Key or the line's own name, and done once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ops.replay.hand import Hand
from ops.replay.monthly import notes, runs
from ops.replay.monthly.matching import Credit, Matching
from ops.replay.monthly.records import Due, Shop, last_of_month, read_waiting
from ops.replay.monthly.runs import Looked
from ops.replay.retail.accounts import by_email, open_accounts
from ops.replay.retail.batches import cut, post, send
from ops.replay.retail.player import is_billed
from ops.replay.retail.records import Left, Sale, bill, list_customers
from ops.replay.retail.refusals import LeftOut
from ops.replay.retail.ways import require_not_by_shipment
from ops.replay.rows import BrokenRow

CONNECTIONS = 4
CHARGES = 1000
CHARGES_CHARACTERS = 250_000  # of descriptions; a request may have 1 MiB
CREDITS = 200
Show = Callable[[int], None]
Answer = Mapping[str, Any]


class Waiting(NamedTuple):
    """A line that waits to be billed, as it is sent."""

    charge: Answer
    sale: Sale


class Player:
    """Plays one file into one system. Nothing that is there is changed."""

    def __init__(
        self,
        hand: Hand,
        path: Path,
        shop: Shop,
        *,
        currency: str,
        leave: Callable[[Left], object],
        tell: Callable[[Looked], object],
    ) -> None:
        """Describe what to play where, who takes what is refused, and who is told of each run; `play`
        does it."""
        self._hand = hand
        self._client = hand.client
        self._path = path
        self._shop = shop
        self._currency = currency
        self._left = LeftOut(leave)
        self._tell = tell
        self._seen: set[int] = set()
        self.account_ids: dict[str, str] = {}
        self.credits: Sequence[Credit] = ()
        self.taken = 0
        self.credited = 0

    def play(self, show: Show) -> None:
        """Enter what the system does not have; `show` is told how many lines have been seen to.

        Raises:
            UnusableFile: it is billed there by shipment.
            NotApproved: something else waits to be billed there.
        """
        found = self._shop.found
        self._hand.stand_after(self._shop.months[-1])
        customers = list_customers(found.headings.values())
        opened = open_accounts(
            self._hand,
            customers,
            currency=self._currency,
            is_known=is_billed,
            reached=by_email,
        )
        self.account_ids, self._left.customers = opened
        require_not_by_shipment(self._client, self._path, found, {*self.account_ids.values()})
        matching = Matching(self._shop)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            self._wait(pool, matching, show)
            self.credits = [*matching.credits.values()]
            self._bill()
            self._credit(pool, show)

    def _wait(self, pool: ThreadPoolExecutor, matching: Matching, show: Show) -> None:
        """Have what is sold wait for its bill. What is there under its name is found."""
        for batch, results in send(pool, self._add, self._cut(matching), ahead=CONNECTIONS):
            for one, result in zip(batch, results, strict=True):
                self.taken += "charge_id" in result
                if "code" in result:
                    self._left.note([one.sale], result["detail"])
            show(len(batch))

    def _cut(self, matching: Matching) -> Iterator[list[Waiting]]:
        batch: list[Waiting] = []
        characters = 0
        for one in self._list_waiting(matching):
            batch.append(one)
            characters += len(one.charge["description"])
            if len(batch) >= CHARGES or characters >= CHARGES_CHARACTERS:
                yield batch
                batch, characters = [], 0
        if batch:
            yield batch

    def _list_waiting(self, matching: Matching) -> Iterator[Waiting]:
        """What is sold, line by line; on the way it is found what comes back of it."""
        places: Counter[str] = Counter()
        for one in read_waiting(self._path, currency=self._currency):
            if isinstance(one, Left) or one.number not in self._shop.found.headings:
                continue
            if one.is_credit:
                matching.take_back(one)
                continue
            places[one.number] += 1
            matching.sell(one)
            if self._left.has_account([one]):
                yield Waiting(self._describe(one, places[one.number]), one)

    def _describe(self, sale: Sale, place: int) -> Answer:
        return {
            "account_id": self.account_ids[sale.customer],
            "external_id": f"{sale.number}/{place}",
            "kind": "one_off",
            "currency": self._currency,
            "start_on": self._shop.day_of(sale).isoformat(),
            **bill(sale),
        }

    def _add(self, batch: Sequence[Waiting]) -> Sequence[Answer]:
        return post(self._hand, "/v1/charge-batches", "charges", [one.charge for one in batch])

    def _bill(self) -> None:
        """Have each month billed, one after the other, and leave out what stands on a parked bill."""
        by_month: defaultdict[date, dict[str, Due]] = defaultdict(dict)
        for (customer, month), due in self._shop.due.items():
            if customer in self.account_ids:
                by_month[month][self.account_ids[customer]] = due
        names = {account_id: name for name, account_id in self.account_ids.items()}
        parked: dict[tuple[str, date], str] = {}
        for month in self._shop.months:
            made = runs.bill_month(self._client, month, by_month[month], currency=self._currency)
            if made is not None:
                self._tell(made)
                for account_id, detail in made.parked.items():
                    parked[names[account_id], month] = detail
        if parked:
            self._leave_out_parked(parked)

    def _leave_out_parked(self, parked: Mapping[tuple[str, date], str]) -> None:
        for one in read_waiting(self._path, currency=self._currency):
            if not isinstance(one, Left) and not one.is_credit:
                detail = parked.get((one.customer, last_of_month(self._shop.day_of(one))))
                if detail is not None:
                    self._left.note([one], f"bill: {detail}")

    def _credit(self, pool: ThreadPoolExecutor, show: Show) -> None:
        ids = frozenset(self.account_ids.values())
        invoices = [*notes.list_invoices(self._client, self._shop.months, ids)]
        months = {
            one["invoice_id"]: last_of_month(date.fromisoformat(one["issued_on"]))
            for one in invoices
        }
        numbers = {one.number for one in self.credits}
        held = {
            (one["reason"], one["account_id"], months.get(one["invoice_id"]))
            for one in notes.list_notes(self._client, numbers, ids)
        }
        bills = notes.index_bills(invoices)

        def issue(batch: Sequence[Credit]) -> Sequence[Answer]:
            return self._issue(batch, held, bills)

        fit = (one for one in self.credits if self._left.has_account(one.sales))
        for batch, results in send(pool, issue, cut(fit, CREDITS), ahead=CONNECTIONS):
            for credit, result in zip(batch, results, strict=True):
                self.credited += "credit_note_id" in result
                if "code" in result:
                    self._left.note(credit.sales, result["detail"])
            show(self._count_new(batch))

    def _count_new(self, batch: Iterable[Credit]) -> int:
        """How many lines are seen to for the first time: one may be of several bills."""
        lines = {sale.line for one in batch for sale in one.sales} - self._seen
        self._seen |= lines
        return len(lines)

    def _issue(
        self,
        batch: Sequence[Credit],
        held: set[tuple[str, str, date | None]],
        bills: notes.Bills,
    ) -> Sequence[Answer]:
        """What became of credit notes, of which those that are `held` are there already."""
        results: list[Answer] = [{} for _ in batch]
        sent: list[tuple[int, Answer]] = []
        for index, credit in enumerate(batch):
            account_id = self.account_ids[credit.customer]
            if (notes.reason_of(credit.number), account_id, credit.month) in held:
                continue
            try:
                note = notes.describe_credit(
                    self._client,
                    credit,
                    account_id=account_id,
                    bills=bills,
                    currency=self._currency,
                )
                sent.append((index, note))
            except BrokenRow as reason:
                results[index] = {"code": "on_no_bill", "detail": f"{reason}."}
        if sent:
            told = [note for _, note in sent]
            answers = post(self._hand, "/v1/credit-note-batches", "credit_notes", told)
            for (index, _), answer in zip(sent, answers, strict=True):
                results[index] = answer
        return results
