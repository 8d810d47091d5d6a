"""Money given back."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.refusals import Conflict, Invalid, Refusal
from services.billing.allocations.queries import find_standing
from services.billing.credits.models import CreditNote
from services.billing.refunds.queries import list_refunds
from services.billing.unapplied.usecases import apply_credit

pytestmark = pytest.mark.server

HALVES = [
    {"percent": share, "amount": None, "net_days": days, "due_date": None}
    for share, days in ((40, 10), (60, 40))
]


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


def test_what_is_refunded_with_crediting_is_not_owed_again(books, account):
    invoice = books.bill(account, 32000)
    payment = books.pay(account, 32000)
    books.refund_allocation(*books.allocation_ids(), 4000)
    assert (invoice.balance, payment.refunded) == (4000, 4000)
    refund = books.refund_and_credit(payment, invoice, 500)
    note = books.session.get_one(CreditNote, refund.crediting_note_id)
    assert (invoice.balance, payment.refunded) == (4000, 4500)
    assert (note.total, note.unapplied, note.reason) == (500, 0, "returned")
    assert books.balance(account) == (4000, 0)
    assert books.announced("PaymentRefunded")[-1]["crediting_note_id"] == note.credit_note_id
    books.check_constraints()


def two_lines(books, account):
    invoice = books.bill(account, lines=[books.line(6000), books.line(2500)])
    return invoice, books.pay(account, 8500)


def lines(*prices):
    return [
        {"position": place, "quantity": None, "unit_price": price}
        for place, price in enumerate(prices, start=1)
    ]


def test_by_lines_two_are_credited_and_refunded_in_one_step(books, account):
    invoice, payment = two_lines(books, account)
    refund = books.refund_and_credit(payment, invoice, lines=lines(5500, 1500))
    assert (refund.amount, payment.refunded, payment.allocated) == (7000, 7000, 1500)
    assert (invoice.balance, invoice.credited, invoice.status) == (0, 7000, "paid")
    assert books.balance(account) == (0, 0)
    books.check_constraints()


def test_each_instalment_owes_what_it_owed_before_and_what_was_paid_last_is_given_back_first(
    books, account
):
    invoice = books.bill(account, 10000, instalments=HALVES)
    payment = books.pay(account, 8000)
    before = [item.balance for item in invoice.items]
    refund = books.refund_and_credit(payment, invoice, 5000)
    note = books.session.get_one(CreditNote, refund.crediting_note_id)
    books.session.expire_all()
    assert [item.balance for item in invoice.items] == before == [0, 2000]
    allocated = find_standing(books.session, credit_note_id=note.credit_note_id)
    assert [(each.item_id, each.amount) for each in allocated] == [
        (invoice.items[0].item_id, 1000),
        (invoice.items[1].item_id, 4000),
    ]


@pytest.mark.parametrize("first", ["refund", "credit note"])
def test_undone_in_either_order_it_is_owed_and_paid_as_before(books, account, first):
    invoice, payment = two_lines(books, account)
    refund = books.refund_and_credit(payment, invoice, 7000)
    note = books.session.get_one(CreditNote, refund.crediting_note_id)
    books.wait(1)
    if first == "refund":
        books.reverse_refund(refund.refund_id)
        assert (invoice.balance, payment.unapplied) == (0, 7000)
        books.void_credit(note)
        apply_credit(books.session, now=books.now, by="daily")
    else:
        books.void_credit(note)
        assert (invoice.balance, payment.refunded) == (7000, 7000)
        books.reverse_refund(refund.refund_id)
    books.session.expire_all()
    assert (invoice.balance, invoice.credited, payment.allocated) == (0, 0, 8500)
    assert books.balance(account) == (0, 0)
    books.check_constraints()


@pytest.mark.parametrize(
    ("amount", "credit", "code"),
    [
        (6999, {"lines": lines(5500, 1500)}, "refund_not_credited"),
        (None, {"lines": lines(5501, 3000)}, "price_above_invoice"),
        (None, {"amount": 8501}, "credit_exceeds_invoice"),
        (8001, {}, "refund_exceeds_amount"),
    ],
)
def test_all_of_it_happens_or_nothing(books, account, amount, credit, code):
    invoice = books.bill(account, lines=[books.line(6000), books.line(2500)])
    payment = books.pay(account, 8000)
    told = len(books.announced_names())
    with pytest.raises(Refusal) as refused:
        books.refund_and_credit(payment, invoice, amount, **credit)
    assert refused.value.code == code
    assert (invoice.balance, invoice.credited, payment.refunded) == (500, 0, 0)
    assert len(books.announced_names()) == told


def test_what_another_payment_paid_is_not_given_back(books, account):
    invoice, _ = two_lines(books, account)
    other = books.pay(account, 1000)
    with pytest.raises(Conflict) as refused:
        books.refund_and_credit(other, invoice, 100)
    assert (refused.value.code, refused.value.facts) == ("refund_exceeds_amount", {"left": 0})


def test_of_an_invoice_with_a_discount_the_credit_note_is_refunded_instead(books, account):
    terms = {"net_days": 30, "discount_percent": Decimal(3), "discount_days": 10}
    invoice = books.bill(account, 80000, **terms)
    payment = books.pay(account, 77600)
    with pytest.raises(Conflict) as refused:
        books.refund_and_credit(payment, invoice, 77600)
    assert refused.value.code == "given_up_along"
    note = books.credit(invoice)
    books.refund_credit_note(note, note.unapplied)
    assert (note.refunded, books.balance(account)) == (77600, (0, 0))
