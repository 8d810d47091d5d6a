"""The document that demands what the bank charged."""

from datetime import date

import pytest

from kernel.refusals import Conflict
from services.billing.bank_fees.rules import bank_fee, require_chargeable
from services.billing.invoices.rules import kind_of, require_sale


def test_what_the_bank_charged_is_due_at_once_and_neither_sale_nor_tax():
    day = date(2026, 3, 2)
    document = bank_fee(
        invoice_id="inv_1",
        fee_id="fee_1",
        account_id="acc_1",
        currency="EUR",
        amount=800,
        charged_on=day,
        reversal_id="rev_1",
    )
    demand = document.demand
    assert (demand.total, demand.priced.total, demand.assessed) == (800, 0, 800)
    assert kind_of(demand.series) == "fee"
    assert (demand.reversal_id, demand.notice_id) == ("rev_1", None)
    assert [(due.amount, due.due_date) for due in document.dues] == [(800, day)]


@pytest.mark.parametrize("status", ["closing", "closed"])
def test_who_is_not_billed_is_charged_no_fee_and_it_is_said_that_it_can_be_left_out(status):
    require_chargeable(number="A-1", status="active")
    with pytest.raises(Conflict) as refused:
        require_chargeable(number="A-1", status=status)
    assert refused.value.code == f"account_{status}"
    assert refused.value.detail.endswith("Or leave the fee out; it is ours then.")
    assert refused.value.errors[0]["field"] == "fee"


@pytest.mark.parametrize(
    ("notice_id", "code"), [(None, "bank_fee"), ("dnt_1", "assessed_by_collections")]
)
def test_by_hand_a_fee_is_neither_voided_nor_credited_and_it_is_said_what_is_done_instead(
    notice_id, code
):
    with pytest.raises(Conflict) as refused:
        require_sale("fee", reclaimed=0, notice_id=notice_id, name="FEE-2026-000001")
    assert refused.value.code == code
