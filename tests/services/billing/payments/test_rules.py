"""What a payment's amounts say about it, and what it posts."""

from datetime import date

import pytest

from kernel.refusals import Conflict
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.payments.rules import (
    PaymentStatus,
    payment_status,
    receipt_journal,
    require_standing,
)


@pytest.mark.parametrize(
    ("is_reversed", "unapplied", "status"),
    [
        (False, 1, PaymentStatus.UNAPPLIED),
        (False, 0, PaymentStatus.APPLIED),
        (True, 0, PaymentStatus.REVERSED),
        (True, 1, PaymentStatus.REVERSED),
    ],
)
def test_a_payment_is_unapplied_while_some_of_it_is_left_unless_it_is_reversed(
    is_reversed, unapplied, status
):
    assert payment_status(is_reversed=is_reversed, unapplied=unapplied) == status


@pytest.mark.parametrize("status", [PaymentStatus.UNAPPLIED, PaymentStatus.APPLIED])
def test_a_payment_stands_until_it_is_reversed(status):
    require_standing(status=status, payment_id="pay_1")


def test_a_reversed_payment_is_no_money_any_more():
    with pytest.raises(Conflict, match="pay_1 is reversed") as refused:
        require_standing(status=PaymentStatus.REVERSED, payment_id="pay_1")
    assert refused.value.code == "payment_reversed"


def test_money_received_is_there_and_owed_to_the_client_until_it_is_allocated():
    journal = receipt_journal(
        payment_id="pay_1",
        account_id="acc_1",
        currency="EUR",
        value_date=date(2026, 1, 9),
        amount=700,
    )

    assert journal.amounts == {LedgerAccount.CASH: 700, LedgerAccount.UNAPPLIED_CASH: -700}
    assert (journal.kind, journal.document_id) == (JournalKind.PAYMENT_RECEIVED, "pay_1")
    assert (journal.account_id, journal.currency) == ("acc_1", "EUR")
    assert journal.effective_on == date(2026, 1, 9)
