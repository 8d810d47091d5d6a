"""Statements as PDF tell what the ledger does, of one account or of several in one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.refusals import NotKnownYet
from services.billing.statements.queries import get_statement, list_open_items, read_statements
from services.billing.statements.rules import Period
from services.billing.statements.usecases import draw_statement
from tests.services.billing.offices import Office, text_of

pytestmark = pytest.mark.server
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@pytest.fixture
def office(books: Any) -> Office:
    return Office(books)


def _draw(office: Office, *, is_in_one: bool = False, **facts: Any) -> tuple[str, str]:
    asked = {"account_id": office.account_id, "currency": "EUR", "known_at": None}
    asked |= {"first_day": FIRST, "last_day": LAST, "today": office.books.today} | facts
    pdf, name = draw_statement(office.session, **asked, is_in_one=is_in_one, now=office.books.now)
    return text_of(pdf), name


def _live(office: Office, account_id: str) -> None:
    """An invoice of 100.00, 60.00 paid of it, 50.00 more, 30.00 of that credited, 10.00 reversed."""
    books = office.books
    books.bill(account_id, 10_000)
    payment = books.pay(account_id, 6_000)
    other = books.bill(account_id, 5_000)
    books.credit(other, 3_000)
    books.reverse(payment, amount=1_000)


def test_the_paper_says_the_figures(office: Office) -> None:
    _live(office, office.account_id)
    office.books.wait(60)
    text, name = _draw(office)
    assert name == "A-1-2026-03-31-EUR"
    for figure in ("100.00 EUR", "-60.00 EUR", "90.00 EUR", "-30.00 EUR", "70.00 EUR"):
        assert figure in text, figure
    assert "Closing balance" in text and "Page 1 of" in text and "DE89 3704" in text


@pytest.mark.parametrize("count", [2, 50])
def test_many_are_read_in_as_few_statements_as_one(books: Any, count: int) -> None:
    office = Office(books)
    members = {books.open_account(): [] for _ in range(count)}
    for account_id, ids in members.items():
        books.bill(account_id, 1_000)
        ids.append(account_id)
    period = Period(FIRST, LAST, books.now)
    with books.counted() as statements:
        told = read_statements(office.session, members, currency="EUR", period=period)
    assert len(statements) == 4
    assert {one.closing for one in told.values()} == {1_000} and len(told) == count


def test_it_says_what_the_ledger_and_the_open_items_say(office: Office) -> None:
    account_id, books = office.account_id, office.books
    _live(office, account_id)
    books.credit_freely(account_id, 500)
    books.wait(3)
    books.void(books.bill(account_id, 700))
    books.wait(40)
    same = {"account_id": account_id, "currency": "EUR", "known_at": None, "now": books.now}
    days = {"first_day": date(2026, 3, 4), "last_day": LAST}
    period = Period(*days.values(), books.now)
    told = read_statements(
        office.session, {account_id: [account_id]}, currency="EUR", period=period
    )
    facts = told[account_id]
    listed = get_statement(office.session, **same, **days, limit=100, after=None)
    assert (facts.opening, facts.closing) == (listed["opening"], listed["closing"])
    moves = [(move.kind, move.amount, move.number) for move in facts.parts[0].moves]
    assert moves == [(one["kind"], one["amount"], one["name"]) for one in listed["items"]]
    then = {"as_of": LAST, "today": books.today, "limit": 100, "after": None}
    items = list_open_items(office.session, **same, **then)["items"]
    assert [(one.number, one.open) for one in facts.open_items] == [
        (one.invoice_number, one.open) for one in items
    ]
    assert sum(amount for _, amount in facts.aged()) == facts.open
    assert facts.open - facts.unapplied == facts.closing


def test_several_in_one_are_those_below_each_under_its_name(office: Office) -> None:
    books = office.books
    child = books.open_account(parent_id=office.account_id, number="A-2")
    grandchild = books.open_account(parent_id=child, number="A-3")
    for account_id, number, name in ((child, "A-2", "North"), (grandchild, "A-3", "Far North")):
        office.tell(account_id=account_id, number=number, name=name)
    for account_id, amount in ((office.account_id, 100), (child, 200), (grandchild, 400)):
        books.bill(account_id, amount)
    text, _ = _draw(office, is_in_one=True)
    for word in ("A-1 · Brown & Sons", "A-2 · North", "A-3 · Far North", "7.00 EUR"):
        assert word in text, word
    alone, _ = _draw(office)
    assert "North" not in alone and "1.00 EUR" in alone


def test_whom_nobody_told_of_is_waited_for(office: Office) -> None:
    with pytest.raises(NotKnownYet):
        _draw(office, account_id=office.books.open_account())
