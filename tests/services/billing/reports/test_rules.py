"""Buckets and days sales outstanding."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kernel.refusals import Invalid
from services.billing.reports.rules import (
    BUCKETS,
    choose_moment,
    days_sales_outstanding,
    require_period,
)

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("days_overdue", "name"),
    [
        (-400, "current"),
        (0, "current"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "over_90"),
        (4000, "over_90"),
    ],
)
def test_an_item_is_in_the_one_bucket_of_its_days_overdue(days_overdue, name):
    due = AS_OF - timedelta(days=days_overdue)
    within = [
        bucket.name
        for bucket in BUCKETS
        if bucket.due_dates(AS_OF)[0] <= due <= bucket.due_dates(AS_OF)[1]
    ]
    assert within == [name]


@pytest.mark.parametrize(
    ("receivables", "billed", "dso"),
    [(3000, 9000, "10.0"), (0, 9000, "0.0"), (100, 9000, "0.3"), (9000, 0, None), (1, -5, None)],
)
def test_dso_is_receivables_by_billed_times_days(receivables, billed, dso):
    found = days_sales_outstanding(
        receivables=receivables,
        billed=billed,
        first_day=date(2026, 6, 1),
        last_day=date(2026, 6, 30),
    )
    assert found == (dso and Decimal(dso))


def test_nothing_is_known_of_a_moment_to_come():
    now = datetime(2026, 6, 30, 9, tzinfo=UTC)
    assert choose_moment(None, now=now) == now
    with pytest.raises(Invalid):
        choose_moment(now + timedelta(seconds=1), now=now)


def test_a_period_does_not_end_before_it_begins():
    require_period(AS_OF, AS_OF)
    with pytest.raises(Invalid):
        require_period(AS_OF, AS_OF - timedelta(days=1))
