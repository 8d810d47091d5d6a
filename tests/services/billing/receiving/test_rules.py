"""What payments are set against, one after the other, and what tells two of them apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import TOTAL_MAX
from kernel.refusals import Conflict, NotFound
from services.billing.allocations.rules import Standing, total
from services.billing.items.rules import Held
from services.billing.policies.rules import AllocationPolicy
from services.billing.receiving.rules import Till

KEY = ("acc_1", "EUR")
POLICIES = {"acc_1": AllocationPolicy.OLDEST_DUE}


def standing(
    item_id: str, balance: int, *, account_id: str = "acc_1", disputed: int = 0
) -> Standing:
    day = date(2026, 3, 2)
    return Standing(
        item_id, "inv_1", "R-1", account_id, "EUR", balance, day, "invoice", disputed, 0
    )


def paying(amount: int, *named: tuple[str, int]) -> dict[str, Any]:
    lines = [{"item_id": name, "invoice_id": None, "amount": most} for name, most in named]
    money = {"account_id": "acc_1", "currency": "EUR", "amount": amount}
    return money | {"instruction": lines or None, "value_date": date(2026, 3, 2)}


def receive(till: Till, values: dict[str, Any]) -> list[tuple[str, int]]:
    shares = till.choose(values, sees_all=True)
    till.take(KEY, shares=shares, unapplied=values["amount"] - total(shares))
    return [(share.item.item_id, share.amount) for share in shares]


def test_who_pays_next_finds_what_the_others_left() -> None:
    items = [standing("itm_1", 18000), standing("itm_2", 45000, disputed=13000)]
    till = Till({KEY: Held(63000, 0)}, items, POLICIES)

    assert receive(till, paying(10000)) == [("itm_1", 10000)]
    assert receive(till, paying(5000, ("itm_2", 5000))) == [("itm_2", 5000)]
    assert receive(till, paying(40000)) == [("itm_1", 8000), ("itm_2", 27000)]
    assert till.held[KEY] == Held(13000, 5000)
    assert receive(till, paying(14000, ("itm_2", 13000))) == [("itm_2", 13000)]
    assert till.held[KEY] == Held(0, 6000)


@given(st.lists(st.integers(0, 500), max_size=5), st.lists(st.integers(1, 400), max_size=8))
def test_payments_together_set_against_items_what_they_come_to_or_all_that_is_owed(
    balances: list[int], amounts: list[int]
) -> None:
    items = [standing(f"itm_{place}", balance) for place, balance in enumerate(balances)]
    till = Till({KEY: Held(sum(balances), 0)}, items, POLICIES)

    shares = [share for amount in amounts for share in receive(till, paying(amount))]
    assert sum(share for _, share in shares) == min(sum(balances), sum(amounts))
    assert till.held[KEY].open == sum(item.balance for item in items)
    assert till.held[KEY].unapplied == max(0, sum(amounts) - sum(balances))


def test_what_an_account_has_no_room_for_is_refused_and_takes_nothing() -> None:
    till = Till({KEY: Held(0, TOTAL_MAX - 5)}, [], POLICIES)

    with pytest.raises(Conflict) as refused:
        till.choose(paying(6), sees_all=True)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (
        "balance_out_of_range",
        "amount",
    )
    assert receive(till, paying(5)) == []


def test_who_does_not_see_all_accounts_is_not_told_of_anothers_items() -> None:
    till = Till({KEY: Held(0, 0)}, [standing("itm_1", 100, account_id="acc_2")], POLICIES)

    with pytest.raises(Conflict) as told:
        till.choose(paying(100, ("itm_1", 100)), sees_all=True)
    assert told.value.code == "other_account"
    with pytest.raises(NotFound):
        till.choose(paying(100, ("itm_1", 100)), sees_all=False)
