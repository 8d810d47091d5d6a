"""What is credited of goods that came back, and what is kept back of that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.sales.return_answers import rules
from services.sales.return_answers.rules import Accepted


@pytest.mark.parametrize(
    ("quantity", "net", "good", "fee", "kept_back"),
    [
        ("2", 2160, None, "5", 216),  # of 43.20
        ("2", 2160, None, "0", 0),
        ("2", 2160, 1400, "0", 1520),
        ("2", 2160, 1400, "10", 1520 + 280),
        ("1", 50, None, "5", 3),  # 2.5, half up
        ("0.5", 333, None, "100", 167),
    ],
)
def test_kept_back_is_what_it_is_not_made_good_for_and_a_fee_of_the_rest(
    quantity: str, net: int, good: int | None, fee: str, kept_back: int
) -> None:
    one = Accepted("orl_1", Decimal(quantity), net, good)
    assert rules.kept_back(one, fee_percent=Decimal(fee)) == kept_back


@given(
    st.decimals("0.001", "99", places=3),
    st.integers(0, 9999),
    st.none() | st.integers(0, 9999),
    st.decimals(0, 100, places=3),
)
def test_never_is_more_kept_back_than_was_paid(
    quantity: Decimal, net: int, good: int | None, fee: Decimal
) -> None:
    kept_back = rules.kept_back(Accepted("orl_1", quantity, net, good), fee_percent=fee)
    assert 0 <= kept_back <= quantity * net + Decimal("0.5")


def test_what_stays_with_the_client_for_less_goes_along() -> None:
    stays = [{"line_id": "orl_2", "quantity": "1", "unit_price": 1000}]
    back = [Accepted("orl_1", Decimal(2), 1400, None)]
    lines = rules.say_credit(back, fee_percent=Decimal(0), lowered=stays)
    assert [(line["line_id"], line["kept_back"], line["lowered_by"]) for line in lines] == [
        ("orl_1", 0, None),
        ("orl_2", 0, 1000),
    ]


def test_what_is_not_accepted_is_not_answered() -> None:
    rules.require_accepted(1, number="RT-1")
    with pytest.raises(Conflict, match="inspect what came"):
        rules.require_accepted(0, number="RT-1")
