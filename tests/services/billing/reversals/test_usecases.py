"""Allocations and payments taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict, Invalid
from services.billing.allocations.models import Allocation
from services.billing.allocations.queries import list_allocations
from services.billing.reports.queries import report_collected
from services.billing.reversals.models import PaymentReversal
from services.billing.reversals.queries import list_payment_reversals

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


def reversal_of(books):
    return books.announced("PaymentReversed")[-1]["reversal_id"]


def test_of_a_part_that_is_charged_back_what_was_paid_last_is_owed_again(books, account):
    first, second = books.bill(account, 1000), books.bill(account, 1000)
    payment = books.pay(account, 2000)
    books.reverse(payment, 300)
    assert (first.balance, second.balance) == (0, 300)
    assert (payment.status, payment.reversed, payment.allocated) == ("applied", 300, 1700)
    assert payment.reversed_on is None
    [told] = books.announced("PaymentReversed")
    assert (told["amount"], told["left"]) == (300, 1700)
    books.check_constraints()


def test_of_a_payment_reversed_in_part_the_rest_is_money_still(books, account):
    payment = books.pay(account, 1000)
    books.reverse(payment, 400)
    assert payment.unapplied == 600
    books.refund(payment, 100)
    books.bill(account, 200)
    books.allocate(payment)
    assert books.balance(account) == (0, 300)
    books.reverse(payment)
    assert books.balance(account) == (300, 0)
    books.check_constraints()


def test_no_more_of_a_payment_is_reversed_than_is_left(books, account):
    payment = books.pay(account, 1000)
    books.reverse(payment, 400)
    with pytest.raises(Conflict) as refused:
        books.reverse(payment, 601)
    assert refused.value.code == "reversal_exceeds_amount"


def test_a_payment_that_was_there_after_all_closes_again_what_it_had_paid(books, account):
    first, second = books.bill(account, 1000), books.bill(account, 1000)
    payment = books.pay(account, 1500)
    books.wait(5)
    books.reverse(payment)
    books.wait(2)
    books.reinstate(reversal_of(books))
    assert (first.balance, second.balance) == (0, 500)
    assert (payment.status, payment.allocated, payment.reversed) == ("applied", 1500, 0)
    assert (payment.reversed_on, payment.reversal_reason) == (None, None)
    assert books.balance(account) == (500, 0)
    assert books.announced("AllocationMade")[-1]["effective_on"] == "2026-03-09"
    books.check_constraints()


def test_it_is_announced(books, account):
    books.bill(account, 1000)
    books.reverse(books.pay(account, 1000))
    books.session.info["announced"] = books.session.info["announced"][-2:]
    reversal_id = reversal_of(books)
    books.session.info["announced"].clear()
    books.reinstate(reversal_id)
    assert books.announced_names() == [
        "PaymentReinstated",
        "AllocationMade",
        "InvoicePaid",
        "BalanceChanged",
    ]
    [told] = books.announced("PaymentReinstated")
    assert (told["reversal_id"], told["amount"]) == (reversal_id, 1000)


def test_what_others_paid_meanwhile_stays_paid_and_the_rest_is_unapplied(books, account):
    books.bill(account, 1000)
    payment = books.pay(account, 1000)
    books.reverse(payment)
    books.pay(account, 700)
    books.reinstate(reversal_of(books))
    assert (payment.allocated, payment.unapplied) == (300, 700)
    assert books.balance(account) == (0, 700)


def test_what_was_claimed_back_is_paid_first_by_money_that_was_there_after_all(books, account):
    invoice = books.bill(account, 900)
    payment = books.pay(account, 1000)
    books.refund(payment, 100)
    books.reverse(payment)
    books.reinstate(reversal_of(books))
    assert (invoice.balance, books.balance(account)) == (0, (0, 0))
    assert (payment.allocated, payment.refunded, payment.unapplied) == (1000, 0, 0)
    books.reverse(payment)  # the bank changes its mind once more
    assert books.balance(account) == (1000, 0)
    books.check_constraints()


def test_a_reversal_is_taken_back_once_and_a_reinstatement_never(books, account):
    payment = books.pay(account, 1000)
    books.reverse(payment)
    reversal_id = reversal_of(books)
    books.reinstate(reversal_id)
    reinstatement = books.session.scalars(
        select(PaymentReversal.reversal_id).where(PaymentReversal.reverses_id == reversal_id)
    ).one()
    for taken_back in (reversal_id, reinstatement):
        with pytest.raises(Conflict) as refused:
            books.reinstate(taken_back)
        assert refused.value.code == "reversal_reversed"


def test_a_reversal_is_not_taken_back_from_before_it_was(books, account):
    payment = books.pay(account, 1000)
    books.wait(5)
    books.reverse(payment)
    with pytest.raises(Invalid) as refused:
        books.reinstate(reversal_of(books), on=date(2026, 3, 6))
    assert refused.value.code == "too_early"


def test_reversals_are_listed_with_the_day_the_money_was_there_after_all(books, account):
    payment = books.pay(account, 1000)
    books.reverse(payment, 300)
    books.reverse(payment, 200)
    books.wait(1)
    books.reinstate(reversal_of(books))
    page = list_payment_reversals(
        books.session, payment_id=payment.payment_id, limit=10, after=None
    )
    assert [(row.amount, row.reinstated_on) for row in page["items"]] == [
        (300, None),
        (200, date(2026, 3, 3)),
    ]


def test_a_refund_entered_in_error_is_unapplied_money_again(books, account):
    payment = books.pay(account, 1000)
    refund = books.refund(payment, 300)
    taken_back = books.reverse_refund(refund.refund_id)
    assert (taken_back.refund_id, taken_back.reversed_on) == (refund.refund_id, books.today)
    assert (payment.unapplied, payment.refunded) == (1000, 0)
    assert books.balance(account) == (0, 1000)
    assert books.announced_names()[-2:] == ["RefundReversed", "BalanceChanged"]
    books.check_constraints()


def test_a_refund_of_what_had_paid_an_item_pays_it_again(books, account):
    invoice = books.bill(account, 1000)
    payment = books.pay(account, 1000)
    refund = books.refund_allocation(*books.allocation_ids(), 300)
    books.reverse_refund(refund.refund_id)
    assert (invoice.status, payment.allocated, payment.refunded) == ("paid", 1000, 0)
    assert books.balance(account) == (0, 0)
    books.check_constraints()


def test_a_refund_of_a_credit_note_is_credit_again(books, account):
    note = books.credit_freely(account, 500)
    refund = books.refund_credit_note(note, 200)
    books.reverse_refund(refund.refund_id)
    assert (note.unapplied, note.refunded, books.balance(account)) == (500, 0, (0, 500))
    books.check_constraints()


def test_a_refund_is_taken_back_once(books, account):
    refund = books.refund(books.pay(account, 1000), 300)
    books.reverse_refund(refund.refund_id)
    with pytest.raises(Conflict) as refused:
        books.reverse_refund(refund.refund_id)
    assert refused.value.code == "refund_reversed"


def test_a_refund_that_is_claimed_back_in_part_returns_the_other_part(books, account):
    payment = books.pay(account, 1000)
    refund = books.refund(payment, 400)
    books.reverse(payment, 700)  # 600 were there, 100 are claimed back
    books.reverse_refund(refund.refund_id)
    assert (payment.unapplied, payment.refunded, payment.reversed) == (300, 0, 700)
    assert books.balance(account) == (0, 300)
    books.check_constraints()


def test_what_came_back_counts_as_collected_again(books, account):
    payment = books.pay(account, 1000, currency="NOK")
    books.reverse_refund(books.refund(payment, 300).refund_id)
    books.reverse(payment, 400)
    books.reinstate(reversal_of(books))
    books.reverse(payment, 100)
    period = {"first_day": books.today, "last_day": books.today, "known_at": None}
    [collected] = [
        each
        for each in report_collected(books.session, **period, now=books.now)["currencies"]
        if each["currency"] == "NOK"
    ]
    assert (collected["reversed"], collected["refunded"], collected["collected"]) == (100, 0, 900)
