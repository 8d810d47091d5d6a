"""Claims about how an exception is settled."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.refusals import Conflict
from services.sales.order_exceptions.rules import (
    MOVES,
    ExceptionKind,
    ExceptionStatus,
    Settlement,
    at_most,
    require_by_hand,
    require_settleable,
    say_raised,
)


@pytest.mark.parametrize("how", Settlement)
def test_an_exception_is_settled_once(how: Settlement) -> None:
    assert set(MOVES) == set(ExceptionStatus)
    require_settleable(None, how, number="OX-1")
    for before in Settlement:
        with pytest.raises(Conflict) as refused:
            require_settleable(before, how, number="OX-1")
        assert refused.value.code == "exception_settled"


def test_what_is_billed_too_much_is_left_by_hand_and_credited_in_billing() -> None:
    for kind in ExceptionKind:
        require_by_hand(kind, Settlement.LEAVE, number="OX-1")
        if kind != ExceptionKind.BILLED_TOO_MUCH:
            require_by_hand(kind, Settlement.AGAIN, number="OX-1")
    with pytest.raises(Conflict) as refused:
        require_by_hand(ExceptionKind.BILLED_TOO_MUCH, Settlement.AGAIN, number="OX-1")
    assert refused.value.code == "credited_in_billing"


@pytest.mark.parametrize(
    ("undone", "left", "found"),
    [
        ({"a": 4}, {"a": 10}, {"a": 4}),
        ({"a": 4, "b": 6}, {"a": 1, "b": 0}, {"a": 1}),
        ({"a": 4}, {}, {}),
        ({"a": 4}, {"a": -2}, {}),
    ],
)
def test_no_more_is_done_again_or_left_than_there_is(
    undone: dict[str, int], left: dict[str, int], found: dict[str, int]
) -> None:
    quantities = {key: Decimal(many) for key, many in undone.items()}
    assert at_most(quantities, {key: Decimal(many) for key, many in left.items()}) == found


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("shipment_cancelled", "shipped again"),
        ("invoice_voided", "billed again"),
        ("billed_too_much", "credit note"),
    ],
)
def test_the_worklist_says_what_is_to_be_decided(kind: ExceptionKind, says: str) -> None:
    assert says in say_raised(kind, about_number="SH-1", order_number="SO-1")
