"""Write-offs that wait together are booked as if one came after the other, in a few statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.adjustments.usecases import book_write_offs
from services.billing.reconciliation.queries import reconcile
from services.collections.write_offs.events import WriteOffApproved
from tests.services.billing.conftest import Books
from tests.services.billing.together import Owed, open_owed
from tests.services.client import Client

pytestmark = pytest.mark.server

Row = dict[str, Any]
NAMES = [new_id("wof") for _ in range(7)]
MISSING = new_id("itm")


class Approving(NamedTuple):
    """Who approves write-offs of what a firm is owed."""

    owed: Owed

    @property
    def books(self) -> Books:
        return self.owed.books

    def of(self, *amounts: tuple[int, int], **facts: Any) -> Row:
        """What is heard of a write-off: how much of the last items of which invoices, all of the first's
        account."""
        items = [max(one.items, key=lambda item: item.position) for one in self.owed.invoices]
        told: Row = {"account_id": items[amounts[0][0]].account_id, "currency": "EUR"}
        told |= {"write_off_id": new_id("wof"), "reason": "Gone.", "approved_on": self.books.today}
        lines = [{"item_id": items[place].item_id, "amount": amount} for place, amount in amounts]
        return told | {"items": lines} | facts

    def book(self, *told: Row) -> None:
        book_write_offs(self.books.session, told, **self.books.moment)

    def answers(self, *told: Row) -> list[Any]:
        """How write-offs are answered when they are told at once: the amount, or why not."""
        self.books.session.info["announced"] = []
        self.book(*told)
        answers = self.books.announced("WriteOffBooked", "WriteOffRefused")
        return [one.get("code", one.get("amount")) for one in answers]


@pytest.fixture
def approving(books: Books) -> Approving:
    return Approving(open_owed(books))


AMOUNT = st.tuples(
    st.sampled_from([0, 0, 1, 1, 2, 4, 5, 6, 7, 8]), st.sampled_from([1, 700, 5000, 7675, 9999])
)
FACTS = st.sampled_from([{}] * 5 + [{"currency": "USD"}, {"account_id": new_id("acc")}])
DRAWN = st.tuples(st.lists(AMOUNT, min_size=1, max_size=3), st.integers(0, 6), FACTS)


def test_write_offs_at_once_are_booked_as_one_after_the_other(approving: Approving) -> None:
    @settings(max_examples=20, deadline=None)
    @given(st.lists(DRAWN, min_size=3, max_size=10))
    def check(drawn: list[tuple[list[tuple[int, int]], int, Row]]) -> None:
        asked = [
            approving.of(*amounts, write_off_id=NAMES[name], **facts)
            for amounts, name, facts in drawn
        ]
        at_once, one_by_one = approving.owed.both(approving.book, asked)
        assert at_once == one_by_one

    check()


def test_each_gives_up_what_those_before_it_left(approving: Approving) -> None:
    """Of 76.75: 50.00, then 50.00, then nothing is left; and the same once more."""
    asked = [approving.of((2, 5000)), approving.of((2, 5000)), approving.of((2, 1))]
    missing = approving.of((2, 1), items=[{"item_id": MISSING, "amount": 1}])
    others = [missing, approving.of((0, 1), (8, 1)), approving.of((8, 1), currency="USD")]
    later = approving.of((3, 7), approved_on=approving.books.today + timedelta(days=9))
    assert approving.answers(*asked, *others, asked[0], later, asked[2]) == [
        *(5000, 2675, "nothing_owed"),
        *("item_not_found", "other_account", "other_currency"),
        *(7, "nothing_owed"),
    ]
    approving.books.check_constraints()
    assert reconcile(approving.books.session)["differences"] == []


def test_statements_do_not_grow_with_the_write_offs(approving: Approving) -> None:
    def count(*invoices: int) -> int:
        asked = [approving.of((invoice, 10)) for invoice in invoices]
        asked.append(approving.of((1, 1), currency="USD"))
        return approving.owed.firm.count(lambda: approving.book(*asked))

    assert count(3, 4) == count(*[0, 1, 3, 5] * 10) <= 20


def test_among_others_none_is_refused_whose_account_may_come_later(client: Client) -> None:
    told = [
        (
            "write_off_approved",
            WriteOffApproved.example | {"account_id": new_id("acc"), "write_off_id": new_id("wof")},
        )
        for _ in range(2)
    ]
    with client.undoing(), pytest.raises(NotKnownYet):
        client.tell_all("collections", *told)
    assert client.announced("write_off_refused") == []
