"""What is unapplied is set against items every morning."""

import pytest
from sqlalchemy import select, text

from services.billing.allocations.models import Allocation
from services.billing.items.models import Item
from services.billing.reconciliation.queries import reconcile
from services.billing.unapplied.usecases import apply_credit

pytestmark = pytest.mark.server


def morning(books):
    books.wait(1)
    apply_credit(books.session, now=books.now, by=books.by)
    books.session.expire_all()


def line(item, amount):
    return {"item_id": item.item_id, "invoice_id": None, "amount": amount}


def item_of(books, invoice):
    return books.session.scalars(select(Item).where(Item.invoice_id == invoice.invoice_id)).one()


def test_what_came_before_it_was_owed_pays_it_the_next_morning(books, account):
    paid, note = books.pay(account, 700), books.credit_freely(account, 500)
    first, second = books.bill(account, 1000), books.bill(account, 900)
    morning(books)

    assert (first.status, second.balance) == ("paid", 700)
    assert (paid.unapplied, note.unapplied, books.balance(account)) == (0, 0, (700, 0))
    assert paid.version == 2
    sources = books.session.scalars(
        select(Allocation.source).where(Allocation.account_id == account)
    ).all()
    assert set(sources) == {"ours"}
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()
    before = len(books.allocation_ids())
    morning(books)
    assert len(books.allocation_ids()) == before


def test_what_is_disputed_or_on_its_way_is_not_paid_by_itself(books, account):
    """450.00, of which 130.00 are disputed: 350.00 come in, and 30.00 wait for the decision."""
    item = item_of(books, books.bill(account, 45000))
    told = books.dispute(item, 13000)
    payment = books.pay(account, 35000)
    morning(books)
    assert (item.balance, payment.unapplied) == (13000, 3000)

    books.dispute(item, **(told | {"version": 2, "contested": 0, "upheld": 8000}))
    item.in_flight_total = 4000
    books.session.flush()
    morning(books)
    assert (item.balance, payment.unapplied) == (4000, 2000)
    item.in_flight_total = 0
    books.session.flush()
    morning(books)
    assert (item.balance, payment.unapplied) == (2000, 0)


def test_what_a_person_kept_apart_stays_so_until_a_person_lets_it_go(books, account):
    item = item_of(books, books.bill(account, 1000))
    instructed = books.pay(account, 500, instruction=[line(item, 100)])
    taken_off = books.pay(account, 300)
    [_, allocation_id] = books.allocation_ids()
    books.reverse_allocation(allocation_id)
    shared = books.pay(books.open_account(), 900)
    morning(books)
    assert (item.balance, instructed.unapplied, taken_off.unapplied) == (900, 400, 300)

    books.allocate(instructed)
    books.allocate(taken_off, line(item, 200))
    books.bill(account, 5000)
    morning(books)
    assert (instructed.unapplied, taken_off.unapplied, shared.unapplied) == (0, 100, 900)


def test_currencies_and_accounts_are_never_mixed(books, account):
    dollars = books.pay(account, 500, currency="USD")
    other = books.pay(books.open_account(), 500)
    invoice = books.bill(account, 1000)
    morning(books)
    assert (invoice.balance, dollars.unapplied, other.unapplied) == (1000, 500, 500)


def test_an_account_with_which_it_is_not_possible_stops_no_other(books):
    accounts = sorted(books.open_account() for _ in range(3))
    for account in accounts:
        books.pay(account, 500)
        books.bill(account, 500)
    harm = "UPDATE account_balance SET open = 100 WHERE account_id = :account_id"
    books.session.execute(text(harm), {"account_id": accounts[1]})  # cannot fall below nothing
    morning(books)
    assert [books.balance(account) for account in accounts] == [(0, 0), (100, 500), (0, 0)]


def test_however_many_accounts_it_takes_as_many_statements(books):
    def count(accounts):
        for _ in range(accounts):
            account = books.open_account()
            books.pay(account, 300)
            books.pay(account, 300)
            books.credit_freely(account, 200)
            books.bill(account, 500)
            books.bill(account, 900)
        with books.counted() as statements:
            apply_credit(books.session, now=books.now, by=books.by)
        return len(statements)

    assert count(1) == count(6)
