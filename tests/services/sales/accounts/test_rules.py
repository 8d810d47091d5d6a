"""Who may be supplied, and up to which amount."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.money import TOTAL_MAX
from kernel.refusals import Conflict
from services.sales.accounts.rules import Standing, limit_in, require_credit, require_supplied


def standing(**facts: Any) -> Standing:
    known = {
        "account_id": "acc_1",
        "number": "A-1",
        "status": "active",
        "currency": "EUR",
        "credit_limit": 500_000,
        "open": 300_000,
        "unapplied": 0,
        "balance": 300_000,
        "open_orders": 100_000,
        "hold_reason": None,
    }
    return Standing(**known | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, None),
        ({"status": "prospect"}, "account_not_active"),
        ({"status": "onboarding"}, "account_not_active"),
        ({"status": "on_hold"}, "account_not_active"),
        ({"status": "closed"}, "account_not_active"),
        ({"hold_reason": "level 3 reminder"}, "credit_hold"),
        ({"hold_reason": ""}, "credit_hold"),
        ({"status": "on_hold", "hold_reason": "level 3"}, "account_not_active"),
    ],
)
def test_only_active_accounts_without_a_hold_are_supplied(
    facts: dict[str, Any], code: str | None
) -> None:
    if code is None:
        require_supplied(standing(**facts))
        return
    with pytest.raises(Conflict) as refused:
        require_supplied(standing(**facts))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("facts", "gross", "allowed"),
    [
        ({}, 100_000, True),  # reaches the limit exactly
        ({}, 100_001, False),
        ({"open_orders": 0}, 200_000, True),
        ({"balance": -100_000}, 500_000, True),  # unapplied money adds to what is available
        ({"balance": -100_000}, 500_001, False),
        ({"balance": 600_000}, 0, False),  # overdrawn: not even for nothing
        ({"credit_limit": 0, "balance": 0, "open_orders": 0}, 1, False),
        ({"credit_limit": 0, "balance": -5_000, "open_orders": 0}, 5_000, True),
        ({"credit_limit": None}, 10**15, True),
    ],
)
def test_exposure_never_exceeds_the_limit(
    facts: dict[str, Any], gross: int, *, allowed: bool
) -> None:
    if allowed:
        require_credit(standing(**facts), gross=gross)
        return
    with pytest.raises(Conflict, match="above its limit") as refused:
        require_credit(standing(**facts), gross=gross)
    assert refused.value.code == "credit_limit_exceeded"


@pytest.mark.parametrize(("gross", "allowed"), [(1, True), (2, False)])
def test_without_a_limit_the_exposure_is_a_sum_that_can_be_kept(gross: int, allowed: bool) -> None:
    owing = standing(credit_limit=None, balance=TOTAL_MAX - 100_001)
    if allowed:
        require_credit(owing, gross=gross)
        return
    with pytest.raises(Conflict) as refused:
        require_credit(owing, gross=gross)
    assert refused.value.code == "exposure_out_of_range"


def test_the_refusal_shows_all_figures() -> None:
    with pytest.raises(Conflict) as refused:
        require_credit(standing(), gross=119_000)
    assert refused.value.detail == (
        "This order of 1,190.00 EUR would take account A-1 to 5,190.00 EUR (balance 3,000.00 EUR, "
        "open orders 1,000.00 EUR), above its limit of 5,000.00 EUR. Available: 1,000.00 EUR. Order "
        "less, collect what is owed, or have the limit raised."
    )
    assert refused.value.facts == {
        "currency": "EUR",
        "order_gross": 119_000,
        "balance": 300_000,
        "open_orders": 100_000,
        "drafts": 0,
        "exposure": 519_000,
        "credit_limit": 500_000,
        "available": 100_000,
    }


@pytest.mark.parametrize(
    ("currency", "credit_limit", "limit"),
    [("EUR", 500, 500), ("USD", 500, 0), ("EUR", None, None), ("USD", None, None), ("EUR", 0, 0)],
)
def test_a_limit_gives_credit_in_the_accounts_currency_only(
    currency: str, credit_limit: int | None, limit: int | None
) -> None:
    assert limit_in(currency, account_currency="EUR", credit_limit=credit_limit) == limit
