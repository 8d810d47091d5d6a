"""What came too much stays with us only as long as the payment stands."""

from __future__ import annotations

import pytest

from kernel.refusals import Conflict
from services.billing.reconciliation.queries import reconcile

pytestmark = pytest.mark.server


def test_what_came_too_much_stays_unapplied_or_is_written_off_when_asked_for(
    books, account
) -> None:
    books.bill(account, 14000)
    payment = books.pay(account, 15500)
    assert (payment.unapplied, books.balance(account)) == (1500, (0, 1500))
    made = books.write_off_overpayment(payment)
    assert (made.kind, made.amount, made.payment_id) == ("overpayment", 1500, payment.payment_id)
    assert (payment.unapplied, payment.overpaid, payment.allocated) == (0, 1500, 14000)
    assert (payment.status, books.balance(account)) == ("applied", (0, 0))
    with pytest.raises(Conflict):
        books.write_off_overpayment(payment)
    with pytest.raises(Conflict) as refused:
        books.reverse_adjustment(made.adjustment_id)
    assert refused.value.code == "overpayment"
    books.reverse_overpayment(made.adjustment_id)
    assert (payment.unapplied, payment.overpaid, books.balance(account)) == (1500, 0, (0, 1500))
    with pytest.raises(Conflict):
        books.reverse_overpayment(made.adjustment_id)
    assert books.announced_names().count("AdjustmentReversed") == 1
    books.check_constraints()
    assert reconcile(books.session)["differences"] == []


def test_a_bounced_payment_leaves_nothing_that_came_too_much(books, account) -> None:
    invoice = books.bill(account, 14000)
    payment = books.pay(account, 15500)
    made = books.write_off_overpayment(payment, 1000)
    books.wait(3)
    books.reverse(payment)
    assert (made.is_reversed, payment.overpaid, payment.status) == (True, 0, "reversed")
    assert (invoice.balance, books.balance(account)) == (14000, (14000, 0))
    assert reconcile(books.session)["differences"] == []


def test_what_gives_up_what_was_owed_is_no_overpayment(books, account) -> None:
    invoice = books.bill(account, 100)
    made = books.settle_invoice(invoice)
    with pytest.raises(Conflict) as refused:
        books.reverse_overpayment(made.adjustment_id)
    assert refused.value.code == "no_overpayment"
