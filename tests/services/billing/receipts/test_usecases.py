"""A payment has one receipt, numbered when it is asked for first."""

from datetime import date

import pytest

from kernel.refusals import Conflict, NotFound
from services.billing.receipts.queries import find_receipt, get_receipt
from services.billing.receipts.usecases import issue_receipt

pytestmark = pytest.mark.server


def receipt_of(books, payment):
    return issue_receipt(books.session, payment_id=payment.payment_id, **books.moment)


def test_receipts_are_numbered_without_gaps_when_they_are_asked_for_and_by_year(books, account):
    payments = [books.pay(account, 100) for _ in range(3)]
    numbers = [receipt_of(books, payment)["number"] for payment in payments[1:]]
    assert numbers == ["RCPT-2026-000001", "RCPT-2026-000002"]
    assert receipt_of(books, payments[1])["number"] == numbers[0]
    books.today = date(2027, 1, 4)
    assert receipt_of(books, payments[0])["number"] == "RCPT-2027-000001"
    assert receipt_of(books, payments[2])["number"] == numbers[1]


def test_a_receipt_says_who_paid_when_and_what_for(books, account):
    first, second = books.bill(account, 300), books.bill(account, 500)
    payment = books.pay(account, 1000, value_date=date(2026, 3, 2))
    receipt = receipt_of(books, payment)
    assert (receipt["account_id"], receipt["account_number"]) == (account, "A-1")
    assert (receipt["amount"], receipt["currency"]) == (1000, "EUR")
    assert (receipt["value_date"], receipt["method"]) == (date(2026, 3, 2), "transfer")
    assert [(part.invoice_number, part.amount) for part in receipt["parts"]] == [
        (first.number, 300),
        (second.number, 500),
    ]
    assert (receipt["allocated"], receipt["unapplied"], receipt["status"]) == (
        800,
        200,
        "unapplied",
    )


def test_the_receipt_of_a_payment_that_is_reversed_says_so_and_keeps_its_number(books, account):
    books.bill(account, 800)
    payment = books.pay(account, 1000)
    number = receipt_of(books, payment)["number"]
    books.reverse(payment, 700)
    part = receipt_of(books, payment)
    assert (part["reversed"], part["status"]) == (700, "applied")
    assert [each.amount for each in part["parts"]] == [300]
    books.reverse(payment)
    receipt = get_receipt(books.session, payment_id=payment.payment_id)
    assert (receipt["number"], receipt["status"], receipt["parts"]) == (number, "reversed", [])
    assert (receipt["reversed_on"], receipt["reversal_reason"]) == (books.today, "bounced")


def test_money_that_is_not_there_gets_no_first_receipt(books, account):
    payment = books.pay(account, 1000)
    books.reverse(payment)
    with pytest.raises(Conflict) as refused:
        receipt_of(books, payment)
    assert refused.value.code == "payment_reversed"


def test_who_only_looks_numbers_nothing(books, account):
    payment = books.pay(account, 1000)
    assert find_receipt(books.session, payment_id=payment.payment_id) is None
    with pytest.raises(NotFound) as refused:
        get_receipt(books.session, payment_id=payment.payment_id)
    assert refused.value.code == "receipt_not_found"
    assert receipt_of(books, payment)["number"] == "RCPT-2026-000001"
