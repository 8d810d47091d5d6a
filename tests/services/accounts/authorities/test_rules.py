"""How much somebody may grant, and how much goodwill an account may be given."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Invalid
from services.accounts.authorities.rules import NONE, SYSTEM, Authority, budget_of, limits_of

MANAGER = Authority(limits={"EUR": 5000})
LEAD = Authority(limits={"EUR": 50000}, is_free_of_budget=True)


@pytest.mark.parametrize(
    ("authority", "minor", "currency", "is_within_budget", "is_covered"),
    [
        (MANAGER, 5000, "EUR", True, True),
        (MANAGER, 5001, "EUR", True, False),
        (MANAGER, 1, "USD", True, False),
        (MANAGER, 4000, "EUR", False, False),
        (LEAD, 4000, "EUR", False, True),
        (LEAD, 50001, "EUR", True, False),
        (Authority(is_unlimited=True, is_free_of_budget=True), 10**9, "USD", False, True),
        (SYSTEM, 10**9, "USD", True, True),
        (SYSTEM, 1, "USD", False, False),
        (NONE, 0, "EUR", True, False),
        (Authority(limits={"EUR": 0}), 1, "EUR", True, False),
    ],
)
def test_an_authority_covers_up_to_its_limit_in_a_currency_that_it_has(
    authority: Authority, minor: int, currency: str, is_within_budget: bool, is_covered: bool
) -> None:
    money = Money(minor, currency)
    assert authority.covers(money, is_within_budget=is_within_budget) is is_covered


@pytest.mark.parametrize(
    ("billed", "budget"),
    [(2_400_000, 24_000), (0, 0), (-5000, 0), (50, 1), (49, 0), (10**8, 100_000)],
)
def test_the_budget_is_a_percentage_of_what_was_billed_up_to_a_limit(
    billed: int, budget: int
) -> None:
    assert budget_of(billed, percent=Decimal(1), most=100_000) == budget


@given(st.integers(-(10**12), 10**12), st.decimals("0", "100", places=3), st.integers(0, 10**9))
def test_the_budget_is_never_below_nothing_or_above_what_was_billed_or_its_most(
    billed: int, percent: Decimal, most: int
) -> None:
    assert 0 <= budget_of(billed, percent=percent, most=most) <= min(max(billed, 0), most)


def test_a_currency_has_one_limit() -> None:
    assert limits_of([Money(1, "EUR"), Money(2, "USD")]) == {"EUR": 1, "USD": 2}
    with pytest.raises(Invalid, match="name it once"):
        limits_of([Money(1, "EUR"), Money(2, "EUR")])
