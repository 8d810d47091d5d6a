"""An item is settled by what is good today; a checklist by all its items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.onboarding.rules import (
    ItemStatus,
    item_status,
    require_completable,
    require_complete,
    require_waivable,
)

TODAY = date(2026, 1, 5)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("is_completed", "is_waived", "expires_on", "status"),
    [
        (False, False, None, "open"),
        (True, False, None, "completed"),
        (True, False, TODAY, "completed"),  # good on the day it expires
        (True, False, TODAY - DAY, "expired"),
        (False, True, None, "waived"),
        (True, True, TODAY - DAY, "waived"),
    ],
)
def test_where_an_item_stands(
    is_completed: bool, is_waived: bool, expires_on: date | None, status: str
) -> None:
    assert status == item_status(
        is_completed=is_completed, is_waived=is_waived, expires_on=expires_on, today=TODAY
    )


@pytest.mark.parametrize(
    ("status", "needs_expiry", "expires_on", "code"),
    [
        (ItemStatus.OPEN, False, None, None),
        (ItemStatus.OPEN, True, TODAY, None),
        (ItemStatus.EXPIRED, True, TODAY + DAY, None),
        (ItemStatus.COMPLETED, True, TODAY + DAY, None),  # renewed
        (ItemStatus.OPEN, True, None, "expiry_missing"),
        (ItemStatus.OPEN, False, TODAY - DAY, "document_expired"),
        (ItemStatus.WAIVED, False, None, "checklist_item_waived"),
        (ItemStatus.OPEN, False, date(2076, 1, 5), None),
        (ItemStatus.OPEN, False, date(2076, 1, 6), "too_far_ahead"),
    ],
)
def test_what_completes_an_item(
    status: ItemStatus, needs_expiry: bool, expires_on: date | None, code: str | None
) -> None:
    def complete() -> None:
        require_completable(
            status=status, needs_expiry=needs_expiry, expires_on=expires_on, today=TODAY
        )

    if code is None:
        complete()
    else:
        with pytest.raises((Conflict, Invalid)) as refusal:
            complete()
        assert refusal.value.code == code


@pytest.mark.parametrize("status", ItemStatus)
def test_only_what_is_missing_is_waived(status: ItemStatus) -> None:
    if status in {ItemStatus.OPEN, ItemStatus.EXPIRED}:
        require_waivable(status)
    else:
        with pytest.raises(Conflict):
            require_waivable(status)


def test_the_refusal_names_what_is_missing() -> None:
    items = [
        ("Contract", ItemStatus.COMPLETED),
        ("Credit check", ItemStatus.WAIVED),
        ("Tax certificate", ItemStatus.EXPIRED),
        ("Address", ItemStatus.OPEN),
    ]
    with pytest.raises(Conflict, match=r"Tax certificate \(expired\), Address \(open\)\.$"):
        require_complete("A-1", items)
    require_complete("A-1", items[:2])
    require_complete("A-1", [])
