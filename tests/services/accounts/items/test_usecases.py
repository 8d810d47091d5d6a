"""Claims about the copy of items: the newest word of billing counts, in whatever order it comes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.ids import new_id
from services.accounts.items.models import AccountItem
from services.accounts.items.usecases import keep_items
from services.billing.fees.events import FeePosted

pytestmark = pytest.mark.server


def owed(office: Any, account_id: str) -> list[tuple[date, int]]:
    item = AccountItem
    open_ones = select(item.due_date, item.balance).where(item.account_id == account_id)
    found = office.session.execute(open_ones.where(item.status == "open").order_by(item.balance))
    return [tuple(row) for row in found]


def item(version: int, balance: int, **values: Any) -> dict[str, Any]:
    return {
        "item_id": "itm_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "version": version,
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "invoice_number": "RE-100001",
        "due_date": "2026-05-30",
        "currency": "EUR",
        "amount": 500,
        "balance": balance,
        "disputed": 0,
        "status": "open" if balance else "paid",
    } | values


LATER = {"due_date": "2026-07-30"}
# Of the kinds of events that tell items, those that nobody else here listens to.
TELLS = [
    lambda item_id: ("allocation_made", {"item": item(1, 500, item_id=item_id)}),
    lambda item_id: ("allocation_made", {"item": item(2, 0, item_id=item_id)}),
    lambda item_id: ("allocation_reversed", {"item": item(3, 300, item_id=item_id)}),
    lambda item_id: ("item_due_changed", {"items": [item(4, 300, **LATER, item_id=item_id)]}),
    lambda item_id: (
        "item_changed",
        {"item": item(5, 300, **LATER, item_id=item_id, disputed=100)},
    ),
    lambda item_id: ("item_introduced", item(6, 200, **LATER, item_id=item_id)),
]


@given(
    order=st.permutations(range(len(TELLS))),
    repeats=st.lists(st.integers(0, len(TELLS) - 1), max_size=3),
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_newest_word_counts(office, order: list[int], repeats: list[int]) -> None:
    account_id, item_id = office.account()["account_id"], new_id("itm")
    for index in [*order, *repeats]:
        name, facts = TELLS[index](item_id)
        office.hear("billing", name, account_id=account_id, **facts)
    assert owed(office, account_id) == [(date(2026, 7, 30), 200)]


def test_what_lateness_costs_is_owed_like_any_item(office) -> None:
    account_id = office.account()["account_id"]
    office.hear("billing", "fee_posted", **FeePosted.example | {"account_id": account_id})
    assert owed(office, account_id) == [(date(2026, 4, 16), 1040)]


def test_an_invoice_opens_its_items_and_voided_it_has_none(office) -> None:
    account_id = office.account()["account_id"]
    invoice = {
        "account_id": account_id,
        "items": [item(1, 300, item_id=new_id("itm")), item(1, 200, item_id=new_id("itm"))],
    }
    keep_items(office.session, [invoice])
    assert [balance for _, balance in owed(office, account_id)] == [200, 300]
    for one in invoice["items"]:
        one |= {"version": 2, "balance": 0, "status": "void"}
    keep_items(office.session, [invoice])
    assert owed(office, account_id) == []
