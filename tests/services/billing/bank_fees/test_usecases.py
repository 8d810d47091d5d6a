"""What the bank charges for a chargeback is owed, until the money was there after all."""

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict
from services.billing.credits.models import CreditNote
from services.billing.invoices.models import Invoice
from services.billing.reconciliation.queries import reconcile
from services.billing.reversals.queries import list_payment_reversals

pytestmark = pytest.mark.server


def find_fee(books, account):
    of_account = Invoice.account_id == account
    return books.session.scalars(select(Invoice).where(of_account, Invoice.assessed > 0)).one()


def test_a_chargeback_and_its_fee_are_owed_and_its_reversal_undoes_both(books, account):
    invoice = books.bill(account, 32000)
    payment = books.pay(account, 7500)
    charged = books.charge_back(payment, fee=800)
    fee = find_fee(books, account)
    assert (invoice.balance, fee.balance, fee.kind) == (32000, 800, "fee")
    assert books.balance(account) == (32800, 0)
    assert (charged.kind, charged.fee) == ("chargeback", 800)
    assert charged.fee_invoice_id == fee.invoice_id
    assert books.announced("PaymentReversed")[0]["kind"] == "chargeback"
    [posted] = books.announced("FeePosted")
    assert (posted["number"], posted["notice_id"], posted["total"]) == (fee.number, None, 800)
    books.check_constraints()

    books.wait(3)
    books.reinstate(charged.reversal_id)
    books.session.expire_all()
    assert (invoice.balance, fee.balance, payment.allocated) == (24500, 0, 7500)
    assert books.balance(account) == (24500, 0)
    assert books.announced("CreditNoteIssued")[-1]["waived"] == 800
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_a_fee_that_was_paid_is_a_credit_when_the_money_was_there_after_all(books, account):
    charged = books.charge_back(books.pay(account, 7500), fee=800)
    books.pay(account, 800)
    books.reinstate(charged.reversal_id)
    note = books.session.scalars(select(CreditNote).where(CreditNote.account_id == account)).one()
    assert (note.waived, note.unapplied) == (800, 800)
    assert books.balance(account) == (0, 8300)


def test_what_was_refunded_and_charged_back_is_claimed_beside_the_fee_and_paid_by_what_comes_back(
    books, account
):
    payment = books.pay(account, 7500)
    books.refund(payment, 7500)
    charged = books.charge_back(payment, fee=800)
    assert books.balance(account) == (8300, 0)
    books.reinstate(charged.reversal_id)
    assert books.balance(account) == (0, 0)


def test_without_a_fee_a_chargeback_is_a_reversal_of_another_kind(books, account):
    payment = books.pay(account, 7500)
    books.charge_back(payment, 500)
    books.reverse(payment, 600)
    listed = list_payment_reversals(
        books.session, payment_id=payment.payment_id, limit=10, after=None
    )["items"]
    assert [(each.kind, each.amount, each.fee) for each in listed] == [
        ("chargeback", 500, None),
        ("reversal", 600, None),
    ]


def test_nothing_is_charged_back_where_its_fee_cannot_be_demanded(books, account):
    payment = books.pay(account, 7500)
    books.open_account(account_id=account, version=2, status="closed")
    with pytest.raises(Conflict) as refused, books.session.begin_nested():
        books.charge_back(payment, fee=800)
    assert refused.value.code == "account_closed"
    books.session.refresh(payment)
    assert (payment.reversed, books.balance(account)) == (0, (0, 7500))
    assert books.charge_back(payment).amount == 7500


@pytest.mark.parametrize("act", ["void", "credit"])
def test_by_hand_what_the_bank_charged_is_settled_and_not_undone(books, account, act):
    books.charge_back(books.pay(account, 7500), fee=800)
    fee = find_fee(books, account)
    with pytest.raises(Conflict) as refused:
        getattr(books, act)(fee)
    assert refused.value.code == "bank_fee"
    books.settle_invoice(fee)
    assert books.balance(account) == (0, 0)
