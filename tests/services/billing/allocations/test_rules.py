"""Which items an amount is set against."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid, NotFound
from services.billing.allocations.rules import (
    AllocationSource,
    Share,
    allocation_journal,
    by_instruction,
    by_policy,
    in_order,
    total,
)
from services.billing.ledger.rules import LedgerAccount


@dataclass
class Item:
    item_id: str
    balance: int
    disputed: int = 0
    in_flight: int = 0
    kind: str = "invoice"
    invoice_id: str = "inv_1"
    invoice_number: str = "R-1"
    account_id: str = "acc_1"
    currency: str = "EUR"
    open_from: date = date(2026, 3, 2)

    @property
    def askable(self) -> int:
        return self.balance - self.disputed - self.in_flight


def line(amount, *, item_id=None, invoice_id=None) -> dict:
    return {"item_id": item_id, "invoice_id": invoice_id, "amount": amount}


def instructed(lines, items, amount=1000):
    shares = by_instruction(lines, items, account_id="acc_1", currency="EUR", amount=amount)
    return [(share.item.item_id, share.amount) for share in shares]


@pytest.mark.parametrize(
    ("amount", "balances", "shares"),
    [
        (100, [100], [100]),
        (60, [100], [60]),
        (150, [100, 100], [100, 50]),
        (500, [100, 100], [100, 100]),
        (100, [], []),
        (100, [0, 100], [100]),
    ],
)
def test_items_are_paid_one_after_the_other(amount, balances, shares):
    items = [Item(f"itm_{index}", balance) for index, balance in enumerate(balances)]
    made = in_order(amount, items, AllocationSource.POLICY)
    assert [share.amount for share in made] == shares


@pytest.mark.parametrize(
    ("policy", "amounts", "source"),
    [
        ("oldest_due", [320, 80], "ours"),
        ("by_type", [100, 300], "policy"),
        ("costs_interest_principal", [100, 300], "law"),
        ("pro_rata", [305, 95], "policy"),
    ],
)
def test_what_is_disputed_or_on_its_way_is_paid_only_when_somebody_says_so(policy, amounts, source):
    contested = Item("itm_0", 450, disputed=130)
    other = Item("itm_1", 200, in_flight=100, kind="fee")

    made = by_policy(policy, 400, [contested, other])
    assert [(share.amount, share.source) for share in made] == [
        (amount, source) for amount in amounts
    ]
    assert instructed([line(400, item_id="itm_0")], [contested]) == [("itm_0", 400)]


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**5), max_size=20))
def test_no_item_is_paid_above_its_balance_and_nothing_is_left_while_any_is_open(amount, balances):
    items = [Item(f"itm_{index}", balance) for index, balance in enumerate(balances)]
    made = in_order(amount, items, AllocationSource.POLICY)
    assert all(0 < share.amount <= share.item.balance for share in made)
    assert total(made) == min(amount, sum(balances))


def test_an_instruction_names_items_or_invoices():
    items = [Item("itm_1", 300), Item("itm_2", 300), Item("itm_3", 300, invoice_id="inv_2")]
    assert instructed([line(400, invoice_id="inv_1")], items) == [("itm_1", 300), ("itm_2", 100)]
    assert instructed([line(100, item_id="itm_3")], items) == [("itm_3", 100)]


def test_an_item_named_twice_gets_both():
    items = [Item("itm_1", 300), Item("itm_2", 300)]
    lines = [line(200, item_id="itm_1"), line(300, invoice_id="inv_1")]
    assert instructed(lines, items) == [("itm_1", 300), ("itm_2", 200)]


@pytest.mark.parametrize(
    ("lines", "refusal", "code"),
    [
        ([line(301, item_id="itm_1")], Conflict, "more_than_owed"),
        ([line(200, item_id="itm_1")] * 2, Conflict, "more_than_owed"),
        ([line(1001, item_id="itm_1")], Invalid, "instruction_exceeds_amount"),
        ([line(1, item_id="itm_9")], NotFound, "item_not_found"),
        ([line(1, invoice_id="inv_9")], NotFound, "item_not_found"),
        ([line(1)], Invalid, "item_or_invoice"),
        ([line(1, item_id="itm_1", invoice_id="inv_1")], Invalid, "item_or_invoice"),
        ([line(1, item_id="other_account")], Conflict, "other_account"),
        ([line(1, item_id="other_currency")], Conflict, "other_currency"),
    ],
)
def test_an_instruction_that_cannot_be_followed_is_refused(lines, refusal, code):
    items = [
        Item("itm_1", 300),
        Item("other_account", 300, invoice_id="inv_2", account_id="acc_2"),
        Item("other_currency", 300, invoice_id="inv_3", currency="USD"),
    ]
    with pytest.raises(refusal) as refused:
        instructed(lines, items)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("open_from", "free_from", "effective_on"),
    [
        (date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 20)),
        (date(2026, 3, 20), date(2026, 3, 2), date(2026, 3, 20)),
    ],
)
def test_it_counts_from_the_day_both_money_and_item_were_there(open_from, free_from, effective_on):
    share = Share(Item("itm_1", 1, open_from=open_from), 1, AllocationSource.POLICY)
    assert share.effective_on(free_from) == effective_on


@pytest.mark.parametrize(
    ("amount", "kind"), [(100, "allocation_made"), (-100, "allocation_reversed")]
)
def test_a_reversal_posts_the_allocation_turned_round(amount, kind):
    journal = allocation_journal(
        allocation_id="alc_1",
        account_id="acc_1",
        currency="EUR",
        effective_on=date(2026, 3, 2),
        ledger_account=LedgerAccount.UNAPPLIED_CASH,
        amount=amount,
    )
    assert journal.kind == kind
    assert journal.amounts == {"unapplied_cash": amount, "receivables": -amount}
