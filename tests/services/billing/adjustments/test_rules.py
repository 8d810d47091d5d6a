"""What is given up of which items, and of what components it is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, NotFound, Refusal
from services.billing.adjustments.rules import (
    COMPONENTS,
    LEDGER_ACCOUNTS,
    AdjustmentKind,
    Part,
    components_of,
    divide_by_rate,
    give_up,
    require_items,
    require_standing,
    settle,
    sum_rates,
)
from services.billing.allocations.rules import AllocationSource, total


@dataclass(frozen=True)
class Item:
    item_id: str
    balance: int
    account_id: str = "acc_1"
    currency: str = "EUR"
    invoice_id: str = "inv_1"
    invoice_number: str = "R-1"
    disputed: int = 0
    open_from: date = date(2026, 3, 1)


@dataclass
class Adjusted:
    adjustment_id: str = "adj_1"
    is_reversed: bool = False


def given_up(asked, *items):
    lines = [{"item_id": item_id, "amount": amount} for item_id, amount in asked]
    shares = give_up(lines, {i.item_id: i for i in items}, source=AllocationSource.WRITE_OFF)
    return [(share.item.item_id, share.amount) for share in shares]


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ([("itm_1", 400)], [("itm_1", 400)]),
        ([("itm_1", 600)], [("itm_1", 500)]),
        ([("itm_1", 300), ("itm_1", 300)], [("itm_1", 500)]),
        ([("itm_1", 1), ("itm_2", 9), ("itm_0", 9)], [("itm_1", 1), ("itm_2", 9)]),
    ],
)
def test_of_each_item_is_given_up_what_is_approved_and_still_owed(asked, made):
    assert given_up(asked, Item("itm_0", 0), Item("itm_1", 500), Item("itm_2", 90)) == made


def test_all_that_is_owed_is_settled_and_nothing_owed_is_refused():
    of = {"status": "paid", "name": "R-1"}
    assert total(settle([Item("itm_0", 0), Item("itm_1", 5), Item("itm_2", 7)], **of)) == 12
    for act in (
        lambda: settle([Item("itm_0", 0)], **of),
        lambda: given_up([("itm_0", 9)], Item("itm_0", 0)),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "nothing_owed"


@pytest.mark.parametrize(
    ("status", "says"),
    [("draft", "is a draft and demands nothing yet; issue"), ("void", "is void")],
)
def test_why_nothing_is_owed_of_an_invoice_is_said(status, says):
    with pytest.raises(Conflict) as refused:
        settle([], status=status, name="R-1")
    assert refused.value.code == "nothing_owed"
    assert f"Invoice R-1 {says}" in refused.value.detail


@pytest.mark.parametrize(
    ("item", "code", "kind"),
    [
        (Item("itm_9", 5), "item_not_found", NotFound),
        (Item("itm_1", 5, account_id="acc_2"), "other_account", Conflict),
        (Item("itm_1", 5, currency="USD"), "other_currency", Conflict),
    ],
)
def test_what_is_given_up_is_the_accounts_own_in_one_currency(item, code, kind):
    with pytest.raises(Refusal) as refused:
        require_items({item.item_id: item}, ["itm_1"], account_id="acc_1", currency="EUR")
    assert (refused.value.code, type(refused.value)) == (code, kind)
    assert refused.value.errors


@pytest.mark.parametrize(
    ("parts", "components"),
    [
        ([("invoice", 48000, 48000, 8000)], (40000, 8000, 0, 0)),
        ([("invoice", 300, 1190, 190)], (252, 48, 0, 0)),
        ([("debit_note", 500, 500, 0)], (500, 0, 0, 0)),
        ([("fee", 1500, 1500, 0), ("letter", 250, 250, 0)], (0, 0, 1750, 0)),
        ([("interest", 460, 460, 0), ("invoice", 119, 119, 19)], (100, 19, 0, 460)),
    ],
)
def test_what_is_given_up_is_told_by_component(parts, components):
    assert components_of(Part(*one) for one in parts) == dict(
        zip(COMPONENTS, components, strict=True)
    )


PARTS = st.builds(
    lambda kind, amount, net, tax: Part(kind, amount, net + tax, tax),
    st.sampled_from(["invoice", "fee", "interest", "letter", "debit_note"]),
    *[st.integers(1, 10**15)] * 3,
)


@given(st.lists(PARTS, max_size=5))
def test_components_add_up_to_what_is_given_up(parts):
    components = components_of(parts)
    assert sum(components.values()) == sum(part.amount for part in parts)
    assert all(part >= 0 for part in components.values())


class Rated(NamedTuple):
    tax_code: str
    tax_percent: Decimal
    net: int
    tax: int


RATES = st.lists(
    st.builds(Rated, st.just("standard"), st.just(Decimal(19)), *[st.integers(0, 10**15)] * 2),
    min_size=1,
    max_size=4,
).filter(lambda rates: sum(rate.net + rate.tax for rate in rates) > 0)


@given(st.integers(1, 10**15), RATES)
def test_what_is_given_up_by_rate_adds_up_too(amount, rates):
    parts = divide_by_rate(amount, rates)
    assert sum(part.net + part.tax for part in parts) == amount
    assert sum_rates(parts) == dict.fromkeys(COMPONENTS, 0) | {
        "net": sum(part.net for part in parts),
        "tax": sum(part.tax for part in parts),
    }
    assert all(not part.tax for part, rate in zip(parts, rates, strict=True) if not rate.tax)


def test_each_kind_is_posted_to_an_account_of_its_own():
    assert set(LEDGER_ACCOUNTS) == set(AdjustmentKind)
    assert len(set(LEDGER_ACCOUNTS.values())) == len(AdjustmentKind)


def test_what_was_taken_back_is_not_taken_back_again():
    require_standing(Adjusted())
    with pytest.raises(Conflict) as refused:
        require_standing(Adjusted(is_reversed=True))
    assert refused.value.code == "adjustment_reversed"
