"""What is to be taken off and finds no bill is credited to who pays, and never taken off twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from services.billing.billables.models import Billable
from services.billing.billables.rules import BillableKind
from services.billing.billables.usecases import add_billables
from services.billing.closings.usecases import answer_closing
from services.billing.credits.models import CreditNote
from services.billing.take_offs.usecases import credit_waiting
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def to_bill(books: Books, account_id: str, *amounts: int) -> None:
    """Have so much billed, or taken off, from today on."""
    rows = [
        {
            "key": new_id("bil"),
            "account_id": account_id,
            "kind": BillableKind.CHARGE,
            "currency": "EUR",
            "description": "Hosting",
            "quantity": Decimal(1 if amount > 0 else -1),
            "unit_price": abs(amount),
            "tax_percent": Decimal(0),
            "bill_on": books.today,
        }
        for amount in amounts
    ]
    add_billables(books.session, rows, now=books.now, by=books.by)


def morning(books: Books) -> None:
    credit_waiting(books.session, **books.moment)
    books.session.expire_all()


def notes(books: Books, account_id: str) -> list[CreditNote]:
    of = select(CreditNote).where(CreditNote.account_id == account_id)
    return list(books.session.scalars(of.order_by(CreditNote.credit_note_id)))


def pending(books: Books, account_id: str) -> Decimal:
    found = select(Billable).where(Billable.account_id == account_id)
    found = found.execution_options(populate_existing=True)
    return sum((one.pending * one.unit_price for one in books.session.scalars(found)), Decimal(0))


@pytest.mark.parametrize(("days", "credited"), [(59, []), (60, [6000])])
def test_what_has_waited_sixty_days_for_a_bill_is_credited_once(
    books: Books, account: str, days: int, credited: list[int]
) -> None:
    to_bill(books, account, -6000)
    books.wait(days)
    morning(books)
    morning(books)
    assert [note.total for note in notes(books, account)] == credited
    assert books.balance(account) == (0, sum(credited))
    assert pending(books, account) == (0 if credited else -6000)
    books.check_constraints()


@pytest.mark.parametrize(("more", "credited"), [(5000, [1000]), (6000, []), (7000, [])])
def test_what_stands_beside_it_is_billed_with_it(
    books: Books, account: str, more: int, credited: list[int]
) -> None:
    to_bill(books, account, -6000, more)
    books.wait(60)
    morning(books)
    assert [note.total for note in notes(books, account)] == credited
    assert pending(books, account) == (0 if credited else more - 6000)


def test_it_is_credited_to_who_pays_and_says_for_whom(books: Books) -> None:
    payer = books.open_account()
    child = books.open_account(payer_id=payer)
    to_bill(books, child, -6000)
    books.wait(60)
    morning(books)
    [note] = notes(books, payer)
    assert (note.for_account_id, note.total) == (child, 6000)


def test_it_waits_anew_where_its_credit_note_is_void(books: Books, account: str) -> None:
    to_bill(books, account, -6000)
    books.wait(60)
    morning(books)
    books.void_credit(notes(books, account)[0])
    assert pending(books, account) == -6000
    morning(books)
    assert len(notes(books, account)) == 1
    books.wait(60)
    morning(books)
    assert [note.is_void for note in notes(books, account)] == [True, False]


def test_a_closed_account_gets_what_it_has_to_get(books: Books, account: str) -> None:
    to_bill(books, account, -6000)
    books.open_account(account_id=account, version=2, status="closed")
    books.wait(60)
    morning(books)
    assert [note.total for note in notes(books, account)] == [6000]


def close(books: Books, account_id: str) -> list[dict[str, Any]]:
    known = {"version": 2, "number": "A-1", "status": "closing", "net_days": 30, "country": "DE"}
    known |= {"parent_id": None, "payer_id": None, "order_number_required": False}
    answer_closing(books.session, account_id=account_id, **known, **books.moment)
    return books.announced("AccountClosingAgreed", "AccountClosingObjected")


def test_who_is_closing_is_credited_at_once_and_has_money_to_get(
    books: Books, account: str
) -> None:
    to_bill(books, account, -6000)
    [answer] = close(books, account)
    assert answer["code"] == "money_unapplied"
    assert [note.total for note in notes(books, account)] == [6000]


def test_what_is_to_be_billed_keeps_an_account_from_closing_and_nothing_is_credited(
    books: Books, account: str
) -> None:
    to_bill(books, account, -6000, 7000)
    [answer] = close(books, account)
    assert answer["code"] == "not_billed"
    assert notes(books, account) == []


def test_the_statements_do_not_grow_with_the_accounts(books: Books) -> None:
    def statements(count: int) -> int:
        for _ in range(count):
            to_bill(books, books.open_account(), -100)
        books.wait(60)
        with books.counted() as sent:
            credit_waiting(books.session, **books.moment)
        return len(sent)

    assert statements(2) == statements(50)
