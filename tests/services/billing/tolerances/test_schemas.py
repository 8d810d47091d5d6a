"""What is tolerated is given as it can be kept."""

from __future__ import annotations

import pytest

from services.billing.tolerances.schemas import SetTolerance


@pytest.mark.parametrize(("amount", "is_taken"), [(-1, False), (0, True), (500, True)])
def test_no_less_than_nothing_is_tolerated(amount: int, is_taken: bool) -> None:
    said = {"currency": "EUR", "amount": amount, "percent": "1", "reason": "Bank charges."}
    assert (SetTolerance().validate(said) == {}) is is_taken
