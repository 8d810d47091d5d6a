"""Money given back."""

from datetime import date

import pytest

from kernel.refusals import Conflict, Invalid
from services.billing.refunds.queries import list_refunds

pytestmark = pytest.mark.server


def test_unapplied_money_is_given_back(books, account):
    payment = books.pay(account, 1000)
    books.refund(payment, 300)
    assert (payment.unapplied, payment.refunded, payment.allocated) == (700, 300, 0)
    assert books.balance(account) == (0, 700)
    assert books.announced_names()[-2:] == ["PaymentRefunded", "BalanceChanged"]
    books.check_constraints()


def test_no_more_is_given_back_than_is_unapplied(books, account):
    books.bill(account, 400)
    payment = books.pay(account, 1000)
    with pytest.raises(Conflict) as refused:
        books.refund(payment, 601)
    assert refused.value.code == "refund_exceeds_amount"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 3, 1), "too_early"), (date(2026, 3, 3), "in_the_future")]
)
def test_money_is_given_back_between_its_value_date_and_today(books, account, day, code):
    with pytest.raises(Invalid) as refused:
        books.refund(books.pay(account, 100), 1, on=day)
    assert refused.value.code == code


def test_a_refund_without_crediting_opens_the_item_again(books, account):
    invoice = books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.wait(5)
    books.refund_allocation(*books.allocation_ids())
    assert (invoice.status, invoice.balance) == ("issued", 1000)
    assert (payment.unapplied, payment.refunded, payment.allocated) == (0, 1000, 0)
    assert books.balance(account) == (1000, 0)
    assert books.announced("InvoiceReopened")
    books.check_constraints()


def test_of_an_allocation_given_back_in_part_the_rest_stays_allocated(books, account):
    invoice = books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.refund_allocation(*books.allocation_ids(), 300)
    assert (invoice.balance, payment.allocated, payment.refunded) == (300, 700, 300)
    assert books.balance(account) == (300, 0)
    assert books.announced("AllocationMade")[-1]["amount"] == 700
    books.check_constraints()


def test_no_more_is_given_back_than_was_allocated(books, account):
    books.bill(account, 1000)
    books.pay(account, 1000)
    with pytest.raises(Conflict) as refused:
        books.refund_allocation(*books.allocation_ids(), 1001)
    assert refused.value.code == "refund_exceeds_amount"


def test_a_refund_with_crediting_leaves_the_invoice_paid(books, account):
    invoice = books.bill(account, 1000)
    books.pay(account, 1000)
    note = books.credit(invoice, 300)
    books.refund_credit_note(note, 300)
    assert (invoice.status, note.unapplied, note.refunded) == ("paid", 0, 300)
    assert books.balance(account) == (0, 0)
    [refunded] = books.announced("PaymentRefunded")
    assert (refunded["payment_id"], refunded["credit_note_id"]) == (None, note.credit_note_id)
    books.check_constraints()


def test_refunds_are_listed_by_what_they_were_of(books, account):
    payment = books.pay(account, 1000)
    refund = books.refund(payment, 300)
    note = books.credit_freely(account, 500)
    books.refund_credit_note(note, 500)
    none = {"limit": 10, "after": None, "account_id": account, "credit_note_id": None}
    page = list_refunds(books.session, **none, payment_id=payment.payment_id)
    assert [each.refund_id for each in page["items"]] == [refund.refund_id]
    assert len(list_refunds(books.session, **none, payment_id=None)["items"]) == 2
