"""How much is written off as too much."""

from datetime import date

import pytest

from kernel.money import Money
from kernel.refusals import Conflict
from services.billing.overpayments.rules import choose_amount, overpayment_journal


@pytest.mark.parametrize(("asked", "amount"), [(None, 1500), (700, 700), (1500, 1500)])
def test_all_that_is_unapplied_is_written_off_unless_less_is_asked_for(asked, amount):
    assert choose_amount(asked, unapplied=Money(1500, "EUR"), payment_id="pay_1") == amount


@pytest.mark.parametrize(("asked", "unapplied"), [(1501, 1500), (None, 0)])
def test_only_what_is_unapplied_is_written_off(asked, unapplied):
    with pytest.raises(Conflict) as refused:
        choose_amount(asked, unapplied=Money(unapplied, "EUR"), payment_id="pay_1")
    assert refused.value.code == "overpayment_exceeds_unapplied"


@pytest.mark.parametrize(
    ("amount", "kind"), [(1500, "overpayment_written_off"), (-1500, "overpayment_reversed")]
)
def test_what_was_owed_to_the_client_is_ours_or_theirs_again(amount, kind):
    journal = overpayment_journal(
        adjustment_id="adj_1",
        account_id="acc_1",
        currency="EUR",
        day=date(2026, 3, 2),
        amount=amount,
    )
    assert journal.kind == kind
    assert journal.amounts == {"unapplied_cash": amount, "overpayments": -amount}
