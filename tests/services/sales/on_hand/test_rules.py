"""Of which day and moment it is told what is on hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.refusals import Invalid
from services.sales.on_hand.rules import choose_view

TODAY, THEN = date(2026, 3, 18), date(2026, 3, 5)
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
BEFORE = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "known_at", "view", "is_of_now"),
    [
        (None, None, (TODAY, None, TODAY), True),
        (date(2026, 3, 25), None, (date(2026, 3, 25), None, TODAY), True),
        (THEN, None, (THEN, None, TODAY), False),
        (None, BEFORE, (THEN, BEFORE, THEN), False),
        (TODAY, BEFORE, (TODAY, BEFORE, THEN), False),
    ],
)
def test_a_day_is_seen_from_the_moment_that_is_asked_about(
    as_of: date | None,
    known_at: datetime | None,
    view: tuple[date, datetime | None, date],
    is_of_now: bool,
) -> None:
    then = TODAY if known_at is None else THEN
    found = choose_view(as_of, known_at, today=TODAY, now=NOW, then=then)
    assert (tuple(found), found.is_of_now) == (view, is_of_now)


def test_nobody_knows_what_will_be_known() -> None:
    later = NOW + timedelta(seconds=1)
    with pytest.raises(Invalid) as refused:
        choose_view(None, later, today=TODAY, now=NOW, then=TODAY)
    assert refused.value.code == "in_the_future"
