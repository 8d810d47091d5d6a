"""What becomes of a bill: what stops it, how it compares, what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.billables.rules import BillableLine
from services.billing.bills.rules import (
    BillAction,
    BillStatus,
    Change,
    Facts,
    Limits,
    Reason,
    change_of,
    changed,
    hash_of,
    is_unusual,
    judge,
    name_orders,
    next_status,
    refused,
    usual_of,
)
from services.billing.pricing.rules import Priced, total_by_rate
from services.billing.taxes.rules import Rounding
from tests.services.tables import claim_moves

S, A = BillStatus, BillAction
LIMITS = Limits(lines_max=100, ratio_max=Decimal(5))
FACTS = Facts(
    currency="EUR",
    account_number="A-1",
    account_status="active",
    lines=3,
    total=11900,
    usual=10000,
    lacks_order_number=False,
)


def test_a_bill_goes_where_the_table_says() -> None:
    claim_moves(
        next_status,
        (S, A),
        {
            (S.PENDING, A.INVOICE): S.INVOICED,
            (S.PENDING, A.LEAVE): S.NOTHING_DUE,
            (S.PENDING, A.SKIP): S.SKIPPED,
            (S.PENDING, A.PARK): S.PARKED,
            (S.PARKED, A.RETRY): S.PENDING,
            (S.PARKED, A.SKIP): S.SKIPPED,
        },
        "bill_state",
    )


@pytest.mark.parametrize(
    ("facts", "action", "reason"),
    [
        ({}, A.INVOICE, None),
        ({"usual": None, "total": 10**9}, A.INVOICE, None),
        ({"account_status": "held"}, A.INVOICE, None),
        ({"lines": 0, "total": 0}, A.LEAVE, Reason.NOTHING_PENDING),
        ({"total": 0}, A.LEAVE, Reason.BELOW_NOTHING),
        ({"total": -1, "account_status": "closed"}, A.LEAVE, Reason.BELOW_NOTHING),
        ({"account_status": None}, A.PARK, Reason.ACCOUNT_UNKNOWN),
        ({"account_status": "closing"}, A.PARK, Reason.ACCOUNT_CLOSING),
        ({"account_status": "closed"}, A.PARK, Reason.ACCOUNT_CLOSED),
        ({"lacks_order_number": True}, A.PARK, Reason.ORDER_NUMBER_MISSING),
        ({"lacks_address": True}, A.PARK, Reason.NO_ADDRESS),
        ({"lines": 100}, A.INVOICE, None),
        ({"lines": 101}, A.PARK, Reason.TOO_MANY_LINES),
        ({"total": 50000}, A.INVOICE, None),
        ({"total": 50001}, A.PARK, Reason.AMOUNT_UNUSUAL),
        ({"total": 2000}, A.INVOICE, None),
        ({"total": 1999}, A.PARK, Reason.AMOUNT_UNUSUAL),
    ],
)
def test_what_stops_a_bill(facts: dict[str, Any], action: BillAction, reason: Any) -> None:
    verdict = judge(replace(FACTS, **facts), LIMITS)
    assert (verdict.action, verdict.reason) == (action, reason)
    assert (verdict.detail is None) is (reason is None)


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        ({"lines": 101}, A.INVOICE),
        ({"total": 50001}, A.INVOICE),
        ({"lacks_order_number": True}, A.PARK),
        ({"account_status": "closed"}, A.PARK),
        ({"lacks_address": True}, A.PARK),
        ({"total": -1}, A.LEAVE),
    ],
)
def test_a_person_accepts_lines_and_amount_and_nothing_else(
    facts: dict[str, Any], action: BillAction
) -> None:
    assert judge(replace(FACTS, is_accepted=True, **facts), LIMITS).action is action


def test_what_could_not_be_billed_says_why() -> None:
    assert refused("the account has no room").detail == (
        "It could not be billed: the account has no room."
    )
    assert (changed(5, foreseen=7, currency="EUR").detail or "").startswith(
        "It comes to 0.05 EUR now, foreseen was 0.07 EUR"
    )


@pytest.mark.parametrize(
    ("totals", "usual"),
    [([], None), ([100, 100], None), ([100, 101, 101, 100], 101), ([1, 1, 2], 1)],
)
def test_usual_is_the_average_half_up(totals: list[int], usual: int | None) -> None:
    assert usual_of(totals) == usual


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 50))
def test_what_is_unusual_one_way_is_so_the_other(total: int, usual: int, ratio: int) -> None:
    limit = Decimal(ratio)
    assert is_unusual(total, usual=usual, ratio_max=limit) == is_unusual(
        usual, usual=total, ratio_max=limit
    )
    assert not is_unusual(total, usual=total, ratio_max=limit)


@pytest.mark.parametrize(
    ("invoices", "previous", "change"),
    [
        (0, None, Change.FIRST),
        (1, None, Change.NEW),
        (1, 99, Change.UP),
        (6, 100, Change.SAME),
        (6, 101, Change.DOWN),
    ],
)
def test_a_bill_beside_what_was_billed_before(
    invoices: int, previous: int | None, change: Change
) -> None:
    assert change_of(100, invoices=invoices, previous=previous) is change


def priced(**facts: Any) -> Priced:
    line = BillableLine(
        description="Support",
        quantity=Decimal(2),
        unit_price=50,
        tax_percent=Decimal(19),
        tax_code="standard",
        exemption_reason=None,
        net=100,
        order_line_id=None,
        billable_id="bil_1",
        service_from=None,
        service_until=None,
        shipment_id=None,
    )._replace(**facts)
    return Priced((line,), total_by_rate([line], rounding=Rounding.DOCUMENT))


@pytest.mark.parametrize(
    "facts",
    [
        {"description": "Help"},
        {"quantity": Decimal(3)},
        {"unit_price": 51},
        {"tax_percent": Decimal(7)},
        {"tax_code": "reduced"},
        {"net": 101},
        {"billable_id": "bil_2"},
        {"service_from": date(2026, 3, 1)},
    ],
)
def test_a_bill_that_says_something_else_has_another_hash(facts: dict[str, Any]) -> None:
    assert hash_of("EUR", priced()) == hash_of("EUR", priced())
    assert hash_of("EUR", priced(**facts)) != hash_of("EUR", priced())
    assert hash_of("USD", priced()) != hash_of("EUR", priced())


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ([], None),
        ([None, ""], None),
        (["PO 1", None, "PO 1", "PO 2"], "PO 1, PO 2"),
        (["a" * 60, "b" * 38, "c"], "a" * 60 + ", " + "b" * 38),
        (["a" * 100, "b"], "a" * 100),
    ],
)
def test_a_bill_names_the_clients_orders_as_far_as_there_is_room(
    numbers: list[str | None], named: str | None
) -> None:
    assert name_orders(numbers) == named
