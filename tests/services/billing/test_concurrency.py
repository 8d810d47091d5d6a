"""Several at once: nothing is paid twice, no number is skipped or given twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.refusals import Conflict, Refusal
from services.billing.allocations.models import Allocation
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.committing import OldBooks

pytestmark = pytest.mark.server

AT_ONCE = 6


@pytest.fixture
def committed(engine):
    """Run something on books of its own session and commit; what it returns."""

    def run(act):
        with Session(engine, expire_on_commit=False) as session, session.begin():
            return act(OldBooks(session))

    return run


def together(act, times=AT_ONCE):
    """Run `act` with 0, 1, 2 … at the same moment in as many threads; what each returns or refuses."""
    barrier = Barrier(times)

    def one(index):
        barrier.wait()
        try:
            return act(index)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_payments_at_once_never_pay_an_item_twice(committed):
    account = committed(lambda books: books.open_account())
    invoice = committed(lambda books: books.bill(account, 1000))
    together(lambda _: committed(lambda books: books.pay(account, 400)))

    def check(books):
        [item] = books.session.scalars(select(Item).where(Item.invoice_id == invoice.invoice_id))
        allocated = select(func.sum(Allocation.amount)).where(Allocation.item_id == item.item_id)
        assert books.session.scalar(allocated) == 1000
        assert (item.balance, books.balance(account)) == (0, (0, AT_ONCE * 400 - 1000))
        assert reconcile(books.session)["differences"] == []

    committed(check)


def test_instructions_at_once_for_the_same_item_are_refused_when_it_is_paid(committed):
    account = committed(lambda books: books.open_account())
    invoice = committed(lambda books: books.bill(account, 1000))
    instruction = [{"item_id": None, "invoice_id": invoice.invoice_id, "amount": 400}]
    results = together(
        lambda _: committed(lambda books: books.pay(account, 400, instruction=instruction))
    )
    refused = [each for each in results if isinstance(each, Conflict)]
    assert len(refused) == AT_ONCE - 2
    assert {each.code for each in refused} == {"more_than_owed"}


def test_shipments_at_once_never_take_off_twice_what_was_billed_ahead(committed):
    account = committed(lambda books: books.open_account())
    order = committed(lambda books: books.order(account))
    committed(lambda books: books.bill(account, 1000, order_id=order))
    together(lambda _: committed(lambda books: books.ship(account, order, books.line(400))))

    def check(books):
        assert books.balance(account) == (AT_ONCE * 400, 0)
        assert reconcile(books.session)["differences"] == []

    committed(check)


def test_numbers_have_no_gaps_when_many_issue_at_once_and_some_fail(committed):
    def issue(index):
        account = committed(lambda books: books.open_account())

        def bill(books):
            invoices = [books.bill(account, 1000, currency="PLN") for _ in range(5)]
            if index % 3 == 0:
                raise Conflict("changed_mind", "Rolled back with its numbers.")
            return invoices

        return committed(bill)

    before = committed(lambda books: count_numbers(books))
    together(issue)
    numbers = committed(lambda books: all_numbers(books))
    assert len(numbers) == before + 5 * AT_ONCE * 2 // 3
    assert numbers == list(range(1, len(numbers) + 1))


def all_numbers(books):
    found = books.session.scalars(
        select(Invoice.number).where(
            Invoice.series == "invoice", Invoice.number.startswith("2020-")
        )
    )
    return sorted(int(number[-6:]) for number in found)


def count_numbers(books):
    return len(all_numbers(books))


def test_accounts_are_locked_in_one_order_so_that_batches_never_wait_for_each_other(committed):
    accounts = committed(lambda books: [books.open_account() for _ in range(10)])

    def batch(index):
        order = accounts if index % 2 else accounts[::-1]
        return committed(
            lambda books: books.batch(
                *(books.demand(account, 100) | {"issued_on": None} for account in order)
            )
        )

    results = together(batch)
    assert [result["issued"] for result in results] == [10] * AT_ONCE
    for account in accounts:
        assert committed(lambda books, of=account: books.balance(of)) == (AT_ONCE * 100, 0)


def test_a_draft_is_issued_once_when_many_try(committed):
    account = committed(lambda books: books.open_account())
    draft = committed(lambda books: books.draft(account, 1000))
    results = together(lambda _: committed(lambda books: books.issue(draft)))
    assert sum(isinstance(each, Conflict) for each in results) == AT_ONCE - 1
    assert committed(lambda books: books.balance(account)) == (1000, 0)
