"""An item is settled by what is good today; a checklist by all its items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import Action, Status
from services.accounts.onboarding.rules import (
    ItemStatus,
    item_status,
    judge_hold,
    next_reminder,
    reminded_on,
    require_completable,
    require_complete,
    require_other_person,
    require_waivable,
    why_renew,
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


LAST = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("today", "reminded", "next_"),
    [
        (date(2026, 2, 28), None, date(2026, 3, 1)),
        (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 24)),
        (date(2026, 3, 23), date(2026, 3, 1), date(2026, 3, 24)),
        (date(2026, 3, 24), date(2026, 3, 24), date(2026, 4, 1)),
        (date(2026, 3, 31), date(2026, 3, 24), date(2026, 4, 1)),
        (date(2026, 4, 1), date(2026, 4, 1), None),
        (date(2027, 1, 1), date(2026, 4, 1), None),
    ],
)
def test_a_document_is_asked_for_30_and_7_days_before_its_end_and_on_the_day_after(
    today: date, reminded: date | None, next_: date | None
) -> None:
    assert reminded_on(LAST, today=today) == reminded
    assert next_reminder(LAST, today=today) == next_


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.dates())
def test_who_follows_the_reminders_misses_none(last: date, begun: date) -> None:
    came, day = [], begun
    while (day_ := next_reminder(last, today=day)) is not None:
        day = day_
        came.append(day)
        assert reminded_on(last, today=day) == day
    assert came == [one for offset in (-30, -7, 1) if (one := last + offset * DAY) > begun]


@pytest.mark.parametrize(
    ("today", "holds", "sentence"),
    [
        (LAST, False, "Licence is good until 2026-03-31: ask for a newer one."),
        (
            LAST,
            True,
            "Licence is good until 2026-03-31: ask for a newer one, or there is no new business from the "
            "day after.",
        ),
        (LAST + DAY, False, "Licence expired on 2026-03-31: ask for a newer one."),
        (
            LAST + DAY,
            True,
            "Licence expired on 2026-03-31: ask for a newer one; there is no new business until then.",
        ),
    ],
)
def test_the_account_manager_is_told_why(today: date, holds: bool, sentence: str) -> None:
    said = why_renew("Licence", expires_on=LAST, holds_business=holds, today=today)
    assert said == sentence


@pytest.mark.parametrize("for_documents", [True, False])
@pytest.mark.parametrize("has_expired", [True, False])
@pytest.mark.parametrize("status", Status)
def test_documents_hold_what_is_active_and_release_what_they_alone_held(
    status: Status, has_expired: bool, for_documents: bool
) -> None:
    action = {
        (Status.ACTIVE, True, False): Action.HOLD,
        (Status.ACTIVE, True, True): Action.HOLD,
        (Status.ON_HOLD, False, True): Action.RELEASE,
    }.get((status, has_expired, for_documents))
    judged = judge_hold(status, is_held_for_documents=for_documents, has_expired=has_expired)
    assert judged == action


def test_what_is_missing_is_excused_by_another_person() -> None:
    require_other_person("bo", filled_in_by={"ada"})
    with pytest.raises(Conflict) as refused:
        require_other_person("ada", filled_in_by={"ada"})
    assert refused.value.code == "same_person"
