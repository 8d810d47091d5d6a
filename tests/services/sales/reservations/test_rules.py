"""What is reserved, and what leaves a reservation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.sales.reservations.rules import Kept, Want, going_out


@pytest.mark.parametrize(
    ("quantity", "reserved", "shipped", "left"),
    [
        (5, 3, 2, (3, 1)),
        (5, 3, 3, (2, 0)),
        (5, 3, 4, (1, 0)),
        (5, 3, 5, (0, 0)),
        (5, 5, 6, (0, 0)),
        (5, 0, 1, (4, 0)),
    ],
)
def test_what_is_shipped_is_first_what_was_reserved(
    quantity: int, reserved: int, shipped: int, left: tuple[int, int]
) -> None:
    kept = Kept("orl_1", "prd_1", Decimal(quantity), Decimal(reserved)).less(Decimal(shipped))
    assert (kept.quantity, kept.reserved) == left


def test_what_comes_back_is_not_reserved() -> None:
    wants = [Want("orl_1", "acc_1", "ord_1", "prd_1", Decimal(n)) for n in (5, 0, -2)]
    assert going_out(wants) == wants[:1]
