"""How much may be given back, and what that posts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.refunds.rules import refund_journal, require_at_most

AMOUNTS = st.integers(0, 10**15)


@given(left=AMOUNTS, amount=AMOUNTS)
def test_what_is_left_can_be_given_back_and_no_more(left, amount):
    if amount <= left:
        require_at_most(left, amount=amount, what="payment pay_1")
        return
    with pytest.raises(Conflict) as refused:
        require_at_most(left, amount=amount, what="payment pay_1")
    assert refused.value.code == "refund_exceeds_amount"
    assert refused.value.facts == {"left": left}
    assert refused.value.errors == [{"field": "amount", "detail": refused.value.detail}]
    assert f"Of payment pay_1, {left} minor units" in refused.value.detail


@pytest.mark.parametrize("fund", [LedgerAccount.UNAPPLIED_CASH, LedgerAccount.CREDITS])
def test_money_given_back_leaves_the_cash_and_what_the_client_had_with_us(fund):
    journal = refund_journal(
        refund_id="rfd_1",
        account_id="acc_1",
        currency="EUR",
        refunded_on=date(2026, 1, 9),
        ledger_account=fund,
        amount=700,
    )

    assert journal.amounts == {fund: 700, LedgerAccount.CASH: -700}
    assert (journal.kind, journal.document_id) == (JournalKind.MONEY_REFUNDED, "rfd_1")
    assert (journal.account_id, journal.currency) == ("acc_1", "EUR")
    assert journal.effective_on == date(2026, 1, 9)
