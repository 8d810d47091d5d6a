"""Allocations and payments taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict, Invalid
from services.billing.allocations.models import Allocation
from services.billing.allocations.queries import list_allocations
from services.billing.reconciliation.queries import reconcile

pytestmark = pytest.mark.server


def test_a_reversed_payment_opens_what_it_paid(books, account):
    first, second = books.bill(account, 1000), books.bill(account, 1000)
    payment = books.pay(account, 1500)
    books.wait(5)
    books.reverse(payment)
    assert (first.balance, second.balance) == (1000, 1000)
    assert (payment.status, payment.allocated, payment.unapplied) == ("reversed", 0, 0)
    assert books.balance(account) == (2000, 0)
    books.check_constraints()


def test_a_reversal_is_announced_allocation_by_allocation_then_as_a_whole(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1500)
    books.session.info["announced"].clear()
    books.wait(5)
    books.reverse(payment)
    assert books.announced_names() == [
        "AllocationReversed",
        "InvoiceReopened",
        "PaymentReversed",
        "BalanceChanged",
    ]
    [reversed_allocation] = books.announced("AllocationReversed")
    assert reversed_allocation["amount"] == 1000
    assert reversed_allocation["effective_on"] == "2026-03-02"
    assert reversed_allocation["reversed_on"] == "2026-03-07"
    assert reversed_allocation["item"]["balance"] == 1000


def test_an_invoice_still_owed_in_part_is_not_reopened_again(books, account):
    books.bill(account, 1000)
    books.reverse(books.pay(account, 600))
    assert books.announced("InvoiceReopened") == []


def test_a_payment_is_reversed_once(books, account):
    payment = books.reverse(books.pay(account, 100))
    with pytest.raises(Conflict) as refused:
        books.reverse(payment)
    assert refused.value.code == "payment_reversed"


def test_nothing_is_allocated_or_refunded_of_a_reversed_payment(books, account):
    payment = books.reverse(books.pay(account, 100))
    for act in (books.allocate, lambda payment: books.refund(payment, 1)):
        with pytest.raises(Conflict) as refused:
            act(payment)
        assert refused.value.code == "payment_reversed"


def test_what_was_refunded_of_a_payment_that_bounced_is_owed(books, account):
    invoice = books.bill(account, 90000)
    payment = books.pay(account, 100000)
    books.refund(payment, 10000)
    books.reverse(payment)
    assert (invoice.balance, payment.unapplied, payment.allocated) == (90000, -10000, 0)
    assert books.balance(account) == (90000, -10000)
    assert books.announced("BalanceChanged")[-1]["balance"] == 100000
    books.check_constraints()
    assert reconcile(books.session)["differences"] == []


def test_the_next_money_covers_it_and_is_not_given_back(books, account):
    payment = books.pay(account, 1000)
    books.refund(payment, 100)
    books.refund(payment, 200)
    books.reverse(payment)
    later = books.pay(account, 500)
    assert books.balance(account) == (0, 200)
    with pytest.raises(Conflict) as refused, books.session.begin_nested():
        books.refund(later, 201)
    assert (refused.value.code, refused.value.facts) == ("refund_exceeds_amount", {"left": 200})
    books.refund(later, 200)
    assert books.balance(account) == (0, 0)
    books.check_constraints()


def test_a_payment_refunded_item_by_item_is_reversed_too(books, account):
    invoice = books.bill(account, 1000)
    payment = books.pay(account, 1000)
    [allocation_id] = books.allocation_ids()
    books.refund_allocation(allocation_id, 300)
    books.reverse(payment)
    assert (invoice.balance, payment.unapplied) == (1000, -300)
    assert books.balance(account) == (1000, -300)


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 3, 1), "too_early"), (date(2026, 3, 8), "in_the_future")]
)
def test_a_payment_is_reversed_between_its_value_date_and_today(books, account, day, code):
    payment = books.pay(account, 100)
    books.wait(5)
    with pytest.raises(Invalid) as refused:
        books.reverse(payment, on=day)
    assert refused.value.code == code


def test_a_reversed_allocation_leaves_its_money_unapplied(books, account):
    invoice = books.bill(account, 1000)
    payment = books.pay(account, 600)
    books.reverse_allocation(*books.allocation_ids())
    assert (invoice.balance, payment.unapplied) == (1000, 600)
    assert books.balance(account) == (1000, 600)
    books.check_constraints()


def test_an_allocation_is_reversed_once(books, account):
    books.bill(account, 1000)
    books.pay(account, 600)
    [allocation_id] = books.allocation_ids()
    books.reverse_allocation(allocation_id)
    with pytest.raises(Conflict) as refused:
        books.reverse_allocation(allocation_id)
    assert refused.value.code == "allocation_reversed"


def test_a_credit_notes_allocation_is_reversed_too(books, account):
    invoice = books.bill(account, 1000)
    note = books.credit(invoice, 400)
    books.reverse_allocation(*books.allocation_ids())
    assert (invoice.balance, note.unapplied) == (1000, 400)
    books.check_constraints()


def test_a_reversal_is_no_allocation_to_reverse(books, account):
    books.bill(account, 1000)
    books.pay(account, 600)
    books.reverse_allocation(*books.allocation_ids())
    reversal = books.session.scalars(
        select(Allocation).where(Allocation.account_id == account, Allocation.amount < 0)
    ).one()
    with pytest.raises(Conflict) as refused:
        books.reverse_allocation(reversal.allocation_id)
    assert refused.value.code == "allocation_reversed"


def test_what_is_allocated_anew_counts_from_the_reversal_on(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.wait(10)
    books.reverse_allocation(*books.allocation_ids())
    books.wait(10)
    books.allocate(payment)
    assert books.announced("AllocationMade")[-1]["effective_on"] == "2026-03-12"


def test_money_used_anew_for_another_item_counts_from_the_reversal_on(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1000)
    other = books.bill(account, 1000)
    books.wait(10)
    books.reverse_allocation(*books.allocation_ids())
    books.allocate(payment, {"item_id": None, "invoice_id": other.invoice_id, "amount": 1000})
    assert books.announced("AllocationMade")[-1]["effective_on"] == "2026-03-12"


def test_a_payment_is_not_reversed_from_before_its_money_was_last_set_free(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.wait(10)
    books.reverse_allocation(*books.allocation_ids())
    with pytest.raises(Invalid) as refused:
        books.reverse(payment, on=date(2026, 3, 11))
    assert refused.value.code == "too_early"


def test_an_item_paid_anew_by_other_money_counts_from_the_reversal_on(books, account):
    books.bill(account, 1000)
    bounced = books.pay(account, 1000)
    books.wait(10)
    books.reverse(bounced)
    books.pay(account, 1000, value_date=date(2026, 3, 5))
    assert books.announced("AllocationMade")[-1]["effective_on"] == "2026-03-12"


def test_allocations_are_listed_with_the_day_they_were_reversed(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.wait(10)
    books.reverse_allocation(*books.allocation_ids())
    books.allocate(payment)
    page = list_allocations(books.session, limit=10, after=None, payment_id=payment.payment_id)
    assert [(row.amount, row.reversed_on) for row in page["items"]] == [
        (1000, date(2026, 3, 12)),
        (1000, None),
    ]
