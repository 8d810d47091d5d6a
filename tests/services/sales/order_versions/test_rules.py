"""How a client accepts what was agreed."""

from __future__ import annotations

from datetime import date

import pytest

from kernel.refusals import Refusal
from services.sales.order_versions.rules import require_acceptable

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("day", [date(2026, 2, 27), TODAY])
def test_what_the_client_said_is_entered_on_the_day_or_later(day: date) -> None:
    require_acceptable(day, today=TODAY, accepted_by=None, revision=1)


@pytest.mark.parametrize(
    ("day", "accepted_by", "code"),
    [
        (date(2026, 3, 3), None, "accepted_in_future"),
        (TODAY, "Jutta", "already_accepted"),
        (date(2026, 3, 3), "Jutta", "already_accepted"),
    ],
)
def test_a_version_is_accepted_once_and_not_ahead(
    day: date, accepted_by: str | None, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        require_acceptable(day, today=TODAY, accepted_by=accepted_by, revision=2)
    assert refused.value.code == code
