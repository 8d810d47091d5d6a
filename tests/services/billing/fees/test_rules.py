"""What becomes of a fee when it is told of."""

from dataclasses import dataclass
from datetime import date

import pytest

from kernel.refusals import Conflict
from services.billing.fees.rules import (
    Act,
    FeeState,
    Told,
    act_on,
    choose_day,
    fee_document,
    require_about,
)
from services.billing.invoices.rules import issue_journal, kind_of

TABLE = {
    (FeeState.NOT_OWED, Told.ASSESSED): Act.DEMAND,
    (FeeState.NOT_OWED, Told.WAIVED): None,
    (FeeState.NOT_OWED, Told.REINSTATED): Act.DEMAND,
    (FeeState.OWED, Told.ASSESSED): None,
    (FeeState.OWED, Told.WAIVED): Act.FORGIVE,
    (FeeState.OWED, Told.REINSTATED): None,
}
TODAY = date(2026, 4, 20)


@dataclass
class Item:
    account_id: str = "acc_1"
    currency: str = "EUR"
    invoice_number: str = "R-1"


@pytest.mark.parametrize("told", Told)
@pytest.mark.parametrize("state", FeeState)
def test_what_is_done_about_a_fee_follows_from_whether_it_is_owed_and_what_was_told(state, told):
    assert act_on(state, told) is TABLE[state, told]


@pytest.mark.parametrize(
    ("told_on", "earliest", "day"),
    [
        (date(2026, 4, 16), date.min, date(2026, 4, 16)),
        (date(2026, 4, 16), date(2026, 4, 18), date(2026, 4, 18)),
        (date(2026, 4, 21), date.min, TODAY),
    ],
)
def test_a_fee_counts_from_the_day_told_but_not_from_one_to_come(told_on, earliest, day):
    assert choose_day(told_on, today=TODAY, earliest=earliest) == day


@pytest.mark.parametrize(
    ("item", "code"),
    [(Item("acc_2"), "other_account"), (Item(currency="USD"), "other_currency"), (Item(), None)],
)
def test_a_fee_is_about_what_the_same_account_owes_in_the_same_currency(item, code):
    about = {"account_id": "acc_1", "currency": "EUR"}
    if code is None:
        require_about([item], **about)
        return
    with pytest.raises(Conflict) as refused:
        require_about([item], **about)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "ledger_account"), [("fee", "fees"), ("letter", "fees"), ("interest", "interest")]
)
def test_what_paying_late_costs_is_due_at_once_and_no_sale(kind, ledger_account):
    new = fee_document(
        invoice_id="inv_1",
        fee_id="fee_1",
        notice_id="dnt_1",
        account_id="acc_1",
        kind=kind,
        currency="EUR",
        amount=1500,
        told_on=date(2026, 4, 16),
        today=TODAY,
    )
    assert kind_of(new.demand.series) == kind
    assert (new.demand.total, new.demand.priced.net, new.demand.priced.tax) == (1500, 0, 0)
    assert [(due.amount, due.due_date) for due in new.dues] == [(1500, date(2026, 4, 16))]
    journal = issue_journal(
        invoice_id="inv_1",
        account_id="acc_1",
        currency="EUR",
        issued_on=new.issued_on,
        net=0,
        tax=0,
        reclaimed=0,
        kind=kind,
        assessed=1500,
    )
    posted = {name: amount for name, amount in journal.amounts.items() if amount}
    assert posted == {"receivables": 1500, ledger_account: -1500}
