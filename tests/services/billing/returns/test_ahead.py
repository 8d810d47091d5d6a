"""Goods of which a part was billed ahead are credited by both documents, to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from services.billing.order_billing.queries import get_order_billing
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


class Ordered:
    """An order of three at 96.00 net each, of which 72.00 net was billed ahead; both with 20 % tax."""

    def __init__(self, books: Books, account: str, *, ahead: int = 7200, tax: str = "20") -> None:
        self.books, self.account = books, account
        self.order_id, self.line_id = books.order(account), new_id("orl")
        lines = [books.line(ahead, tax="20")]
        self.advance = books.bill(account, lines=lines, order_id=self.order_id)
        sent = books.line(9600, tax=tax, quantity="3") | {"order_line_id": self.line_id}
        books.ship(account, self.order_id, sent)

    def come_back(self, quantity: str) -> None:
        self.books.come_back(self.account, self.order_id, (self.line_id, quantity))

    @property
    def notes(self) -> list[tuple[bool, int, int]]:
        """Each credit note: whether it is of what was billed ahead, net and tax."""
        return [
            (note["invoice_id"] == self.advance.invoice_id, note["net"], note["tax"])
            for note in self.books.announced("CreditNoteIssued")
        ]

    @property
    def to_bill(self) -> Any:
        [line] = get_order_billing(self.books.session, order_id=self.order_id)["lines"]
        return line.to_bill


@pytest.fixture
def ordered(books: Books, account: str) -> Ordered:
    return Ordered(books, account)


def test_all_that_comes_back_is_credited_on_the_shipments_invoice_and_what_was_billed_ahead(
    books: Books, ordered: Ordered
) -> None:
    assert books.balance(ordered.account) == (34560, 0)
    ordered.come_back("3")
    assert ordered.notes == [(False, 21600, 4320), (True, 7200, 1440)]
    assert books.balance(ordered.account) == (0, 0)
    assert books.announced("ReturnRefused") == []
    assert ordered.to_bill == 0
    books.check_constraints()


def test_what_comes_back_in_parts_is_credited_in_proportion_and_comes_to_all(
    books: Books, ordered: Ordered
) -> None:
    for _ in range(3):
        ordered.come_back("1")
    assert ordered.notes == [(False, 7200, 1440), (True, 2400, 480)] * 3
    assert books.balance(ordered.account) == (0, 0)
    assert ordered.to_bill == 0


def test_what_was_paid_of_both_is_the_clients_again(books: Books, ordered: Ordered) -> None:
    books.pay(ordered.account, 34560)
    ordered.come_back("3")
    assert books.balance(ordered.account) == (0, 34560)


def test_where_all_was_billed_ahead_a_person_credits_it(books: Books, account: str) -> None:
    ordered = Ordered(books, account, ahead=28800)
    ordered.come_back("3")
    [refused] = books.announced("ReturnRefused")
    assert (refused["code"], ordered.notes) == ("nothing_credited", [])
    name = ordered.advance.number
    assert f"was billed ahead, on invoice {name}; credit that by hand" in refused["reason"]


def test_so_it_is_while_more_of_it_is_ahead(books: Books, account: str) -> None:
    ordered = Ordered(books, account, ahead=50000)
    ordered.come_back("1")
    [refused] = books.announced("ReturnRefused")
    assert (
        "by a credit note of no invoice or order by hand, naming this return" in refused["reason"]
    )
