"""What was refunded of a payment that bounced is owed, as an item of its own."""

from datetime import date

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict
from services.billing.invoices.models import Invoice
from services.billing.items.queries import list_items
from services.billing.reconciliation.queries import reconcile

pytestmark = pytest.mark.server


@pytest.fixture
def bounced(books, account):
    """An invoice of 900.00, a payment of 1,000.00 of which 100.00 were refunded and that bounced."""
    books.bill(account, 90000)
    payment = books.pay(account, 100000)
    books.refund(payment, 10000)
    books.session.info["announced"].clear()
    books.wait(5)
    return books.reverse(payment)


@pytest.fixture
def note(books, account, bounced):
    return notes_of(books, account)[0]


def notes_of(books, account):
    notes = select(Invoice).where(Invoice.account_id == account, Invoice.refund_id.is_not(None))
    return books.session.scalars(notes.order_by(Invoice.invoice_id)).all()


def is_true(books):
    books.check_constraints()
    return reconcile(books.session)["differences"] == []


def test_it_is_owed_in_all_and_item_by_item(books, account, bounced):
    assert books.balance(account) == (100000, 0)
    page = {"limit": 10, "after": None}
    items = list_items(books.session, **page, account_id=account, status="open")["items"]
    assert [(item.kind, item.balance, item.due_date) for item in items] == [
        ("debit_note", 10000, date(2026, 3, 7)),
        ("invoice", 90000, date(2026, 4, 1)),
    ]
    assert (bounced.reversed, bounced.allocated, bounced.refunded, bounced.unapplied) == (
        100000,
        0,
        0,
        0,
    )
    assert is_true(books)


def test_it_is_numbered_dated_and_says_what_it_claims_back(books, note):
    assert note.number.startswith("DN-2026-")
    assert (note.kind, note.net, note.tax, note.reclaimed, note.total) == (
        "debit_note",
        0,
        0,
        10000,
        10000,
    )
    assert (note.issued_on, note.refund_id) == (date(2026, 3, 7), note.refund_id)


def test_it_is_announced_with_the_balance_after_all_of_the_reversal(books, bounced):
    assert books.announced_names() == [
        "AllocationReversed",
        "InvoiceReopened",
        "PaymentReversed",
        "BalanceChanged",
        "InvoiceIssued",
    ]
    [issued] = books.announced("InvoiceIssued")
    assert (issued["kind"], issued["net"], issued["reclaimed"]) == ("debit_note", 0, 10000)
    assert issued["account_balance"]["balance"] == 100000
    assert [item["kind"] for item in issued["items"]] == ["debit_note"]


def test_it_ages_from_the_day_after_the_reversal(books, account, bounced):
    assert books.owed(account, as_of=date(2026, 3, 6)) == 0
    assert books.owed(account, as_of=date(2026, 3, 7)) == 100000
    books.wait(10)
    assert books.aged(account) == {"current": (1, 90000), "1-30": (1, 10000)}


def test_the_next_money_pays_it(books, account, note):
    books.pay(account, 10000)
    assert (note.status, books.balance(account)) == ("paid", (90000, 0))
    assert is_true(books)


def test_each_refund_is_claimed_back_by_a_note_of_its_own(books, account):
    payment = books.pay(account, 1000)
    books.refund(payment, 100)
    books.wait(2)
    books.refund(payment, 300)
    books.reverse(payment, on=date(2026, 3, 3))
    assert [(note.total, note.issued_on) for note in notes_of(books, account)] == [
        (100, date(2026, 3, 3)),
        (300, date(2026, 3, 4)),
    ]
    assert books.balance(account) == (400, 0)
    assert is_true(books)


def test_a_refund_that_left_an_item_owed_is_claimed_back_too(books, account):
    invoice = books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.refund_allocation(*books.allocation_ids(), 300)
    books.reverse(payment)
    assert (invoice.balance, books.balance(account)) == (1000, (1300, 0))
    assert is_true(books)


def test_a_payment_taken_back_in_parts_is_claimed_back_only_as_far_as_it_is_missing(books, account):
    books.bill(account, 500)
    payment = books.pay(account, 1000)
    books.refund(payment, 400)
    books.reverse(payment, 550)  # 100 were unapplied, 450 had paid the invoice
    assert books.balance(account) == (450, 0)
    books.reverse(payment, 150)
    assert [note.total for note in notes_of(books, account)] == [100]
    books.reverse(payment)
    assert [note.total for note in notes_of(books, account)] == [100, 300]
    assert books.balance(account) == (900, 0)
    assert payment.status == "reversed"
    assert is_true(books)


def test_a_debit_note_is_neither_voided_nor_credited_by_hand(books, note):
    for act in (books.void, books.credit):
        with pytest.raises(Conflict) as refused:
            act(note)
        assert refused.value.code == "debit_note"


def test_a_free_credit_note_forgives_it(books, account, note):
    books.allocate_credit(books.credit_freely(account, 10000))
    assert (note.status, books.balance(account)) == ("paid", (90000, 0))


def test_a_refund_that_was_none_leaves_no_claim(books, account, bounced, note):
    books.reverse_refund(note.refund_id)
    assert (note.status, books.balance(account)) == ("void", (90000, 0))
    assert (bounced.unapplied, bounced.refunded, bounced.allocated) == (0, 0, 0)
    assert is_true(books)


def test_what_paid_a_claim_that_is_dropped_is_unapplied_again(books, account, note):
    later = books.pay(account, 4000)
    credit = books.credit_freely(account, 7000)
    books.allocate_credit(credit)
    books.reverse_refund(note.refund_id)
    assert (later.unapplied, credit.unapplied) == (4000, 6000)
    assert (note.status, books.balance(account)) == ("void", (90000 - 1000, 10000))
    assert is_true(books)


def test_a_refund_is_taken_back_from_the_day_on_its_debit_note_can_be(books, account):
    """Told to be so from an earlier day, there would be more of the payment in between than came."""
    payment = books.pay(account, 700)
    refund = books.refund(payment, 200)
    books.reverse(payment)
    earlier = books.today
    books.wait(2)
    books.pay(account, 200)
    books.reverse_refund(refund.refund_id, on=earlier)
    [note] = books.announced("InvoiceVoided")
    [undone] = books.announced("RefundReversed")
    assert note["voided_on"] == undone["reversed_on"] == str(books.today)
