"""Which items an amount is set against."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid, NotFound, Refusal
from services.billing.allocations.rules import (
    AllocationSource,
    Share,
    allocation_journal,
    by_instruction,
    by_policy,
    close_differences,
    in_order,
    total,
)
from services.billing.ledger.rules import LedgerAccount
from services.billing.policies.rules import AllocationPolicy
from services.billing.tolerances.rules import Tolerance

PAID_ON = date(2026, 3, 5)


@dataclass
class Item:
    item_id: str
    balance: int
    disputed: int = 0
    in_flight: int = 0
    kind: str = "invoice"
    amount: int = 100000
    discount_percent: Decimal | None = None
    discount_until: date | None = None
    later_discounts: Any = None
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


def instructed(lines, items, amount=1000, paid_on=PAID_ON):
    money = {"account_id": "acc_1", "currency": "EUR", "amount": amount}
    shares = by_instruction(lines, items, **money, paid_on=paid_on)
    return [
        (share.item.item_id, share.amount, *([share.settled] if share.discount else []))
        for share in shares
    ]


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

    made = by_policy(policy, 400, [contested, other], paid_on=PAID_ON)
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


def early(item_id="itm_1", balance=80000, **facts):
    return Item(item_id, balance, discount_percent=Decimal(3), discount_until=PAID_ON, **facts)


@pytest.mark.parametrize(
    ("policy", "amount", "paid"),
    [
        ("oldest_due", 40000, [(40000, 41237)]),
        ("oldest_due", 77600, [(77600, 80000)]),
        ("oldest_due", 77700, [(77600, 80000), (100, 103)]),  # what is enough, then the next one
        ("oldest_due", 106700, [(77600, 80000), (29100, 30000)]),
        ("oldest_due", 107000, [(77900, 80000), (29100, 30000)]),  # who does not deduct it pays it
        ("oldest_due", 120000, [(80000, 80000), (30000, 30000)]),
        ("pro_rata", 53350, [(38800, 40000), (14550, 15000)]),
    ],
)
def test_of_what_is_paid_early_each_gets_what_is_enough(policy, amount, paid):
    items = [early(), early("itm_2", 30000)]
    made = by_policy(AllocationPolicy(policy), amount, items, paid_on=PAID_ON)
    assert [(share.amount, share.settled) for share in made] == paid
    late = by_policy(AllocationPolicy(policy), amount, items, paid_on=date(2026, 3, 6))
    assert all(share.discount == 0 for share in late)


def test_no_discount_is_given_on_what_is_not_asked_for():
    [share] = by_policy(
        AllocationPolicy.OLDEST_DUE, 80000, [early(disputed=10000)], paid_on=PAID_ON
    )
    assert (share.amount, share.settled) == (70000, 70000)
    [share] = by_policy(
        AllocationPolicy.OLDEST_DUE, 67900, [early(disputed=10000)], paid_on=PAID_ON
    )
    assert (share.amount, share.settled) == (67900, 70000)


@pytest.mark.parametrize(
    ("amounts", "paid"),
    [
        ([77600], [("itm_1", 77600, 80000)]),
        ([80000], [("itm_1", 80000)]),
        ([40000], [("itm_1", 40000, 41237)]),
        ([40000, 37600], [("itm_1", 77600, 80000)]),
    ],
)
def test_who_names_what_they_pay_early_need_not_pay_all_of_it(amounts, paid):
    lines = [line(amount, item_id="itm_1") for amount in amounts]
    assert instructed(lines, [early()], amount=10**6) == paid
    late = instructed(lines, [early()], amount=10**6, paid_on=None)
    assert late == [("itm_1", sum(amounts))]


@pytest.mark.parametrize(
    ("item", "amount", "difference"),
    [
        (Item("itm_1", 10000), 9900, 100),
        (Item("itm_1", 10000), 9899, 0),
        (Item("itm_1", 10000, amount=9999), 9900, 0),
        (Item("itm_1", 10000, disputed=50), 9950, 0),
        (Item("itm_1", 10000, in_flight=50), 9950, 0),
        (Item("itm_1", 10000), 10000, 0),
    ],
)
def test_a_trifle_that_is_missing_is_given_up_unless_some_of_it_is_waited_for(
    item, amount, difference
):
    tolerances = {item.currency: Tolerance(100, Decimal(1))}
    [share] = close_differences([Share(item, amount, "ours")], tolerances)
    assert (share.difference, share.settled) == (difference, amount + difference)


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
    ("asked", "says"),
    [
        (line(301, item_id="itm_1"), "Of itm_1, 2.99 EUR is owed at most"),
        (line(1001, item_id="itm_1"), "comes to 10.02 EUR, but only 10.00 EUR is there"),
        (line(1, item_id="itm_2"), "or enter the money as that account's"),
    ],
)
def test_why_an_instruction_cannot_be_followed_is_said_as_people_read_it(asked, says):
    items = [Item("itm_1", 300), Item("itm_2", 300, invoice_id="inv_2", account_id="acc_2")]
    with pytest.raises(Refusal, match=says) as refused:
        instructed([line(1, item_id="itm_1"), asked], items)
    whole = refused.value.code == "instruction_exceeds_amount"
    assert refused.value.errors[0]["field"].startswith("instruction" if whole else "instruction/1")


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
        amount=amount,
        posted={LedgerAccount.UNAPPLIED_CASH: amount},
    )
    assert journal.kind == kind
    assert journal.amounts == {"unapplied_cash": amount, "receivables": -amount}
