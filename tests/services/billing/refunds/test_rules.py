"""How much may be given back, and what that posts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Conflict, Invalid
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.refunds.rules import (
    choose_how,
    placed_in_credit,
    refund_journal,
    require_amount,
    require_at_most,
    require_credited,
    require_paid,
)

AMOUNTS = st.integers(0, 10**15)


@given(left=AMOUNTS, amount=AMOUNTS)
def test_what_is_left_can_be_given_back_and_no_more(left, amount):
    if amount <= left:
        require_at_most(Money(left, "EUR"), amount=amount, what="payment pay_1")
        return
    with pytest.raises(Conflict) as refused:
        require_at_most(Money(left, "EUR"), amount=amount, what="payment pay_1")
    assert refused.value.code == "refund_exceeds_amount"
    assert refused.value.facts == {"left": left}
    assert refused.value.errors == [{"field": "amount", "detail": refused.value.detail}]
    assert f"Of payment pay_1, {Money(left, 'EUR')} can be refunded" in refused.value.detail


@pytest.mark.parametrize(
    ("name", "named", "field"),
    [
        ("", "lines/0/quantity", "credit/lines/0/quantity"),
        ("invoice_id", None, "credit/invoice_id"),
        (None, "amount", "amount"),
    ],
)
def test_what_is_refused_of_a_credit_names_its_place_in_there(name, named, field):
    with pytest.raises(Conflict) as refused, placed_in_credit(name):
        raise Conflict("so_it_is", "So it is.", field=named)
    assert refused.value.errors == [{"field": field, "detail": "So it is."}]


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


@pytest.mark.parametrize("amount", [None, 7000])
def test_what_is_refunded_with_crediting_is_what_is_credited(amount):
    assert require_credited(amount, credited=Money(7000, "EUR")) == 7000


@pytest.mark.parametrize("amount", [6999, 7001])
def test_a_refund_of_another_amount_than_is_credited_is_refused_with_the_amount_that_is_not(amount):
    with pytest.raises(Invalid) as refused:
        require_credited(amount, credited=Money(7000, "EUR"))
    assert refused.value.code == "refund_not_credited"
    assert "The credit comes to 70.00 EUR" in refused.value.detail


@pytest.mark.parametrize(("paid", "amount"), [(6999, 7000), (0, 0)])
def test_no_more_is_refunded_and_credited_than_the_payment_paid_of_the_invoice(paid, amount):
    with pytest.raises(Conflict) as refused:
        require_paid(Money(paid, "EUR"), amount=amount, payment_id="pay_1", invoice="2026-000001")
    assert (refused.value.code, refused.value.facts) == ("refund_exceeds_amount", {"left": paid})


@pytest.mark.parametrize(
    ("said", "how"),
    [({}, {"amount": 500}), ({"amount": 300}, {"amount": 300}), ({"lines": [1]}, {"lines": [1]})],
)
def test_unless_it_is_said_how_an_invoice_is_credited_by_what_is_refunded(said, how):
    nothing = {"amount": None, "lines": None, "rates": None}
    assert choose_how({**nothing, **said, "invoice_id": "inv_1"}, amount=500) == {**nothing, **how}


def test_what_is_not_credited_is_refunded_by_an_amount():
    assert require_amount(5) == 5
    with pytest.raises(Invalid) as refused:
        require_amount(None)
    assert refused.value.code == "amount_missing"
