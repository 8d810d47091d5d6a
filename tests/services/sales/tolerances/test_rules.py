"""How much less or more than was ordered completes a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kernel.refusals import Invalid
from services.sales.tolerances.rules import EXACT, Tolerance, Tolerances, require_tolerance


def tolerance(under: str, over: str) -> Tolerance:
    return Tolerance(Decimal(under), Decimal(over))


@pytest.mark.parametrize(
    ("under", "over", "field"),
    [
        ("0.95", "1.05", None),
        ("1", "1", None),
        ("0.001", "2", None),
        ("1.001", "1.05", "under"),
        ("0.95", "0.99", "over"),
        ("0.95", "2.001", "over"),
    ],
)
def test_a_tolerance_is_around_what_was_ordered(under: str, over: str, field: str | None) -> None:
    if field is None:
        require_tolerance(tolerance(under, over))
        return
    with pytest.raises(Invalid, match=f"{field} is ") as refused:
        require_tolerance(tolerance(under, over))
    assert refused.value.errors[0]["field"] == field


@pytest.mark.parametrize(
    ("account", "product", "found"),
    [
        ("loose", "tight", ("0.8", "1.2")),
        ("other", "tight", ("0.99", "1.01")),
        ("other", "other", None),
    ],
)
def test_what_was_agreed_with_the_client_counts_before_the_products(
    account: str, product: str, found: tuple[str, str] | None
) -> None:
    tolerances = Tolerances(
        {"loose": tolerance("0.8", "1.2")}, {"tight": tolerance("0.99", "1.01")}
    )
    expected = EXACT if found is None else tolerance(*found)
    assert tolerances.choose(account_id=account, product_id=product) == expected
