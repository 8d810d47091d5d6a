"""Claims about telling reasons of our own: each when it changes, in the general form, with a version that
grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kernel.money import Money
from services.accounts.reasons.rules import Due
from services.accounts.reasons.usecases import tell_due, tell_settled

pytestmark = pytest.mark.server

DAY = date(2026, 1, 5)


@pytest.fixture
def due(office) -> Due:
    return Due(
        account_id=office.account()["account_id"],
        reason="case_waiting",
        about="cas_1",
        since=DAY,
        sentence="Complaint C-000017 waits for its first answer.",
    )


def told(office) -> list[dict[str, Any]]:
    announced = office.session.info.pop("announced", [])
    return [
        {"name": event.name, **data} for event, data, _ in announced if "contact_" in event.name
    ]


def test_it_is_told_once_however_often_it_is_found(office, due) -> None:
    tell_due(office.session, due)
    tell_due(office.session, due)
    assert [(one["name"], one["version"]) for one in told(office)] == [("contact_due", 1)]


@pytest.mark.parametrize(
    "change",
    [
        {"since": date(2026, 1, 6)},
        {"sentence": "It is late."},
        {"amount": Money(3800, "GBP")},
        {"roles": ("payer",)},
        {"channel": "phone"},
        {"earliest": datetime(2026, 1, 6, 9, tzinfo=UTC)},
    ],
)
def test_what_changes_is_told_again_with_a_higher_version(office, due, change) -> None:
    tell_due(office.session, due)
    tell_due(office.session, replace(due, **change))
    assert [one["version"] for one in told(office)] == [1, 2]


def test_what_is_over_is_settled_once_and_may_come_again(office, due) -> None:
    tell_due(office.session, due)
    tell_settled(office.session, due.key)
    tell_settled(office.session, due.key)
    tell_due(office.session, due)
    assert [(one["name"], one["version"]) for one in told(office)] == [
        ("contact_due", 1),
        ("contact_settled", 2),
        ("contact_due", 3),
    ]


def test_what_was_never_told_is_not_settled(office, due) -> None:
    tell_settled(office.session, due.key)
    assert told(office) == []


def test_many_are_told_together_and_the_list_has_them(office, due) -> None:
    other = replace(due, about="cas_2", sentence="Complaint C-000018 waits, too.")
    tell_due(office.session, due, other)
    office.hear_itself()
    [owner] = office.do("list_owners", account_id=due.account_id)["items"]
    [line] = office.do("get_worklist", staff_id=owner["staff_id"])["items"]
    assert {one["sentence"] for one in line["reasons"]} == {due.sentence, other.sentence}
    tell_settled(office.session, due.key, other.key)
    office.hear_itself()
    office.session.expire_all()
    assert office.do("get_worklist", staff_id=owner["staff_id"])["total"] == 0
