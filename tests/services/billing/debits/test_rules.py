"""Where a debit may go, and what it fetches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Conflict, NotFound
from services.billing.debits.rules import (
    DebitAction,
    DebitStatus,
    choose_parts,
    next_status,
    require_own_items,
    still_owed,
)
from tests.services.tables import claim_moves

S, A = DebitStatus, DebitAction


@dataclass
class Item:
    item_id: str
    askable: int
    balance: int = 0
    account_id: str = "acc_1"
    currency: str = "EUR"


def test_a_debit_goes_where_the_table_says() -> None:
    claim_moves(
        next_status,
        (S, A),
        {
            (S.SUBMITTED, A.APPROVE): S.APPROVED,
            (S.SUBMITTED, A.CANCEL): S.CANCELLED,
            (S.APPROVED, A.SEND): S.IN_PROCESS,
            (S.APPROVED, A.CANCEL): S.CANCELLED,
            (S.IN_PROCESS, A.SUCCEED): S.SUCCEEDED,
            (S.IN_PROCESS, A.FAIL): S.FAILED,
            (S.SUCCEEDED, A.FAIL): S.FAILED,
            (S.FAILED, A.SUCCEED): S.SUCCEEDED,
        },
    )


@pytest.mark.parametrize(
    ("askable", "amount", "fetched"),
    [
        ([9000], None, [9000]),
        ([9000], 3500, [3500]),
        ([5500, 0, 100], None, [5500, 100]),
        ([5500, 0, 100], 5501, [5500, 1]),
    ],
)
def test_what_may_be_asked_for_is_fetched_oldest_first(
    askable: list[int], amount: int | None, fetched: list[int]
) -> None:
    items: Any = [Item(f"itm_{place}", most) for place, most in enumerate(askable)]
    assert [share.amount for share in choose_parts(items, currency="EUR", amount=amount)] == fetched


@pytest.mark.parametrize(
    ("askable", "amount", "code"),
    [
        ([], None, "nothing_to_ask"),
        ([0, 0], 1, "nothing_to_ask"),
        ([10, 5], 16, "more_than_askable"),
    ],
)
def test_no_more_is_fetched_than_may_be_asked_for(
    askable: list[int], amount: int | None, code: str
) -> None:
    items: Any = [Item(f"itm_{place}", most) for place, most in enumerate(askable)]
    with pytest.raises(Conflict) as refused:
        choose_parts(items, currency="EUR", amount=amount)
    assert refused.value.code == code
    assert f"{Money(sum(askable), 'EUR')} may be asked for" in refused.value.detail


@pytest.mark.parametrize(
    ("amount", "due_by", "field"),
    [
        (None, None, "item_ids"),
        (1, None, "amount"),
        (None, date(2026, 3, 2), "due_by"),
        (1, date(2026, 3, 2), "amount"),
    ],
)
def test_where_nothing_is_due_yet_it_says_how_more_is_asked_for(
    amount: int | None, due_by: date | None, field: str
) -> None:
    with pytest.raises(Conflict) as refused:
        choose_parts([], currency="EUR", amount=amount, due_by=due_by)
    assert refused.value.errors[0]["field"] == field
    later = (
        "what is due by 2026-03-02: the rest is paid, disputed or on its way, or owed by another "
    )
    later += "account. Ask for no more than that. For what is due later give a later due_by, or "
    later += "name the items."
    assert refused.value.detail.endswith(later) is (due_by is not None)


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(0, 900)), min_size=1, max_size=6))
def test_its_money_pays_no_item_more_than_it_owes_or_was_fetched_for(
    parts: list[tuple[int, int]],
) -> None:
    items: Any = [Item(f"itm_{place}", 0, balance) for place, (_, balance) in enumerate(parts)]
    fetched = {f"itm_{place}": amount for place, (amount, _) in enumerate(parts)}
    lines = {line["item_id"]: line["amount"] for line in still_owed(fetched, items)}
    assert lines == {f"itm_{place}": min(part) for place, part in enumerate(parts) if min(part) > 0}


@pytest.mark.parametrize("wrong", [{"account_id": "acc_2"}, {"currency": "USD"}])
def test_an_item_is_of_the_account_and_currency(wrong: dict[str, str]) -> None:
    both: list[Any] = [Item("itm_1", 1), Item("itm_2", 1, **wrong)]
    of: dict[str, Any] = {"account_id": "acc_1", "currency": "EUR"}
    require_own_items(both, item_ids=["itm_1"], **of)
    with pytest.raises(NotFound) as refused:
        require_own_items(both, item_ids=["itm_1", "itm_2"], **of)
    assert "itm_2" in refused.value.detail
