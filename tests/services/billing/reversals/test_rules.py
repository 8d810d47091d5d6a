"""What a reversal takes back first, what comes back with it, and what that posts."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Conflict
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.reversals.rules import (
    choose_again,
    choose_amount,
    divide,
    refund_reversal_journal,
    reinstatement_journal,
    require_standing,
    reversal_journal,
)

TODAY = date(2026, 3, 2)
AMOUNTS = st.integers(0, 10**15)
MONEY = {"account_id": "acc_1", "currency": "EUR", "amount": 700}
CASH, UNAPPLIED = LedgerAccount.CASH, LedgerAccount.UNAPPLIED_CASH


@dataclass(frozen=True)
class Allocated:
    item_id: str
    amount: int
    source: str = "policy"


@dataclass
class Owed:
    item_id: str
    balance: int
    invoice_id: str = "inv_1"
    invoice_number: str = "1"
    account_id: str = "acc_1"
    currency: str = "EUR"
    open_from: date = TODAY


def owed(**balances):
    return [Owed(item_id, balance) for item_id, balance in balances.items()]


@pytest.mark.parametrize(
    ("asked", "left", "amount"), [(None, 700, 700), (300, 700, 300), (700, 700, 700)]
)
def test_all_that_is_left_is_reversed_unless_less_is_asked_for(asked, left, amount):
    assert choose_amount(asked, left=Money(left, "EUR"), payment_id="pay_1") == amount


def test_no_more_is_reversed_than_is_left():
    with pytest.raises(Conflict) as refused:
        choose_amount(701, left=Money(700, "EUR"), payment_id="pay_1")
    assert (refused.value.code, refused.value.facts) == ("reversal_exceeds_amount", {"left": 700})
    assert "Of payment pay_1, 7.00 EUR can be reversed" in refused.value.detail
    assert refused.value.errors[0]["field"] == "amount"


@pytest.mark.parametrize(
    ("amount", "unapplied", "allocated", "parts"),
    [
        (1000, 100, 900, (100, 900, 0)),
        (50, 100, 900, (50, 0, 0)),
        (500, 100, 900, (100, 400, 0)),
        (1000, 0, 900, (0, 900, 100)),
        (300, 0, 0, (0, 0, 300)),
    ],
)
def test_what_is_unapplied_goes_first_then_what_is_allocated_the_rest_was_refunded(
    amount, unapplied, allocated, parts
):
    assert divide(amount, unapplied=unapplied, allocated=allocated) == parts


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_parts_add_up_and_none_is_more_than_there_is(amount, unapplied, allocated):
    parts = divide(amount, unapplied=unapplied, allocated=allocated)
    assert sum(parts) == amount
    assert 0 <= parts.unapplied <= unapplied
    assert 0 <= parts.allocated <= allocated
    assert parts.refunded == max(0, amount - unapplied - allocated)


@pytest.mark.parametrize(
    ("amount", "claimed", "taken", "items", "shares"),
    [
        # as it was before
        (1000, {}, {"a": -900}, {"a": 900}, {"a": 900}),
        # what was claimed back meanwhile goes first
        (1000, {"d": 100}, {"a": -900}, {"a": 900}, {"d": 100, "a": 900}),
        # no more than is still owed, nor than had been paid
        (1000, {"d": 40}, {"a": -900}, {"a": 300}, {"d": 40, "a": 300}),
        (1000, {}, {"a": -200}, {"a": 900}, {"a": 200}),
        (1000, {}, {"a": -200}, {"a": 0}, {}),
        # no more than there is
        (
            250,
            {"d": 100},
            {"a": -100, "b": -100},
            {"a": 100, "b": 100},
            {"d": 100, "a": 100, "b": 50},
        ),
    ],
)
def test_money_that_was_there_after_all_pays_what_it_had_paid(
    amount, claimed, taken, items, shares
):
    reversed_allocations = [Allocated(item_id, share) for item_id, share in taken.items()]
    found = choose_again(amount, owed(**claimed), reversed_allocations, owed(**items))
    assert {share.item.item_id: share.amount for share in found} == shares


def test_what_paid_an_item_twice_over_pays_it_again_up_to_both():
    twice = [Allocated("a", -100), Allocated("a", -200, "instruction")]
    [share] = choose_again(1000, [], twice, owed(a=900))
    assert share.amount == 300


def test_what_is_taken_back_is_so_once():
    require_standing(is_standing=True, code="refund_reversed", what="Refund rfd_1")
    with pytest.raises(Conflict, match="Refund rfd_1 is taken back already") as refused:
        require_standing(is_standing=False, code="refund_reversed", what="Refund rfd_1")
    assert refused.value.code == "refund_reversed"


@pytest.mark.parametrize(
    ("journal", "kind", "document", "amounts"),
    [
        (
            reversal_journal(payment_id="pay_1", reversed_on=TODAY, **MONEY),
            JournalKind.PAYMENT_REVERSED,
            "pay_1",
            {UNAPPLIED: 700, CASH: -700},
        ),
        (
            reinstatement_journal(payment_id="pay_1", reinstated_on=TODAY, **MONEY),
            JournalKind.PAYMENT_REINSTATED,
            "pay_1",
            {UNAPPLIED: -700, CASH: 700},
        ),
        (
            refund_reversal_journal(
                refund_id="rfd_1", reversed_on=TODAY, ledger_account=LedgerAccount.CREDITS, **MONEY
            ),
            JournalKind.REFUND_REVERSED,
            "rfd_1",
            {LedgerAccount.CREDITS: -700, CASH: 700},
        ),
    ],
)
def test_what_is_undone_is_posted_turned_round(journal, kind, document, amounts):
    assert (journal.kind, journal.document_id, journal.amounts) == (kind, document, amounts)
    assert (journal.account_id, journal.currency) == ("acc_1", "EUR")
    assert journal.effective_on == TODAY
