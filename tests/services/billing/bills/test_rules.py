"""What becomes of a bill: where it goes, how it compares, what it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.billing.billables.rules import BillableLine
from services.billing.bills.rules import (
    DROPPED,
    BillStatus,
    Change,
    change_of,
    fit,
    hash_of,
    name_orders,
    next_status,
)
from services.billing.pricing.rules import Priced, total_by_rate
from services.billing.taxes.rules import Rounding
from services.billing.verdicts.rules import BillAction, Reason
from tests.services.tables import claim_moves

S, A = BillStatus, BillAction


def test_a_bill_goes_where_the_table_says() -> None:
    claim_moves(
        next_status,
        (S, A),
        {
            (S.PENDING, A.INVOICE): S.INVOICED,
            (S.PENDING, A.DRAFT): S.DRAFTED,
            (S.PENDING, A.LEAVE): S.NOTHING_DUE,
            (S.PENDING, A.SKIP): S.SKIPPED,
            (S.PENDING, A.PARK): S.PARKED,
            (S.DRAFTED, A.INVOICE): S.INVOICED,
            (S.DRAFTED, A.DROP): S.SKIPPED,
            (S.DRAFTED, A.REFUSE): S.DRAFTED,
            (S.PARKED, A.RETRY): S.PENDING,
            (S.PARKED, A.SKIP): S.SKIPPED,
        },
        "bill_state",
    )


def test_where_a_draft_went_is_said_in_words() -> None:
    assert DROPPED.keys() == {Reason.DRAFT_DELETED, Reason.DRAFTED_ANEW}


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


@pytest.mark.parametrize(
    ("lines", "fitting"),
    [([], 1), ([3], 1), ([11], 1), ([4, 6], 2), ([4, 6, 1], 2), ([0, 0, 10, 0], 4), ([11, 1], 1)],
)
def test_as_many_are_done_at_once_as_come_to_so_many_lines_and_one_at_least(
    lines: list[int], fitting: int
) -> None:
    assert fit(lines, most=10) == fitting
