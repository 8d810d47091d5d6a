"""Plays a shop's documents through the gateway: looks at what the system has of them, enters the rest.

Nothing is noted outside the system. Invoices keep their numbers; a credit note says its own in its
reason. So whatever stopped the player, it goes on with what is lacking. Batches are cut from the whole
file, and what is there is left out of them; so one that was under way is sent again as it was, under the
same Idempotency-Key, and done once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from ops.client import Client, Refused
from ops.replay.hand import Hand
from ops.replay.retail.accounts import answers, open_accounts
from ops.replay.retail.batches import send
from ops.replay.retail.records import (
    Document,
    Left,
    Survey,
    bill,
    list_customers,
    read_documents,
)
from ops.replay.retail.refusals import LeftOut
from ops.replay.retail.reports import list_held, reason_of
from ops.replay.retail.ways import require_not_by_month

CONNECTIONS = 4
BATCH = 500
BATCH_CHARACTERS = (
    250_000  # of rows; as a request they are twice that, of the 1 MiB that it may have
)
Results = Sequence[Mapping[str, Any]]


class Answer(NamedTuple):
    """A document that the system refused, and why."""

    document: Document
    detail: str


class Player:
    """Plays one file into one system. Nothing that is there is changed."""

    def __init__(
        self,
        hand: Hand,
        path: Path,
        found: Survey,
        *,
        currency: str,
        leave: Callable[[Left], object],
    ) -> None:
        """Describe what to play where, and who takes what is refused; `play` does it."""
        self._hand = hand
        self._client = hand.client
        self._path = path
        self._found = found
        self._currency = currency
        self._left = LeftOut(leave)
        self.account_ids: dict[str, str] = {}

    def play(self, show: Callable[[int, int], None]) -> None:
        """Enter what the system does not have. Whenever some is entered, `show` is told how many
        documents and lines.

        Raises:
            UnusableFile: it is billed there by the month.
        """
        self._hand.stand_after(self._found.last_day)
        customers = list_customers(self._found.headings.values())
        opened = open_accounts(self._hand, customers, currency=self._currency, is_known=is_billed)
        self.account_ids, self._left.customers = opened
        ids = frozenset(self.account_ids.values())
        require_not_by_month(self._client, self._path, self._found, ids)
        held = {one.number for one in list_held(self._client, self._found, ids)}
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for batch, refused in send(
                pool, self._enter, self._list_lacking(held), ahead=CONNECTIONS
            ):
                for document, detail in refused:
                    self._left.note(document.sales, detail)
                lines = _count_lines(batch) - _count_lines(one.document for one in refused)
                show(len(batch) - len(refused), lines)

    def _list_lacking(self, held: set[str]) -> Iterator[Sequence[Document]]:
        documents = read_documents(self._path, self._found, currency=self._currency)
        billed = (one for one in documents if self._left.has_account(one.sales))
        for batch in divide(billed):
            if lacking := [one for one in batch if one.heading.number not in held]:
                yield lacking

    def _enter(self, batch: Sequence[Document]) -> list[Answer]:
        try:
            results = self._credit(batch) if batch[0].heading.is_credit else self._issue(batch)
        except Refused as refusal:
            return [Answer(one, refusal.detail) for one in batch]
        return [Answer(batch[one["index"]], one["detail"]) for one in results if "code" in one]

    def _issue(self, batch: Sequence[Document]) -> Results:
        invoices = [self._describe(one) | {"number": one.heading.number} for one in batch]
        return self._hand.post("/v1/invoice-batches", {"invoices": invoices})["results"]

    def _credit(self, batch: Sequence[Document]) -> Results:
        notes = [self._describe(one) | {"reason": reason_of(one.heading.number)} for one in batch]
        body = {"credit_notes": [{"free": note} for note in notes]}
        return self._hand.post("/v1/credit-note-batches", body)["results"]

    def _describe(self, document: Document) -> dict[str, Any]:
        return {
            "account_id": self.account_ids[document.heading.customer],
            "currency": self._currency,
            "issued_on": document.heading.issued_on.isoformat(),
            "lines": [bill(sale) for sale in document.sales],
        }


def _count_lines(documents: Iterable[Document]) -> int:
    return sum(len(one.sales) for one in documents)


def is_billed(client: Client, account_id: str) -> bool:
    """Whether billing has heard of an account."""
    return answers(client, f"/v1/accounts/{account_id}/balance")


def divide(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Batches of documents of one kind, as they are read."""
    batches: dict[bool, list[Document]] = {False: [], True: []}
    characters = {False: 0, True: 0}
    for one in documents:
        kind = one.heading.is_credit
        batches[kind].append(one)
        characters[kind] += sum(len(sale.row) for sale in one.sales)
        if len(batches[kind]) >= BATCH or characters[kind] >= BATCH_CHARACTERS:
            yield batches[kind]
            batches[kind], characters[kind] = [], 0
    yield from (batch for batch in batches.values() if batch)
