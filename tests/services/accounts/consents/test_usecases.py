"""What a client says of being contacted is kept for ever; what it said last is told with the account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.refusals import NotFound

pytestmark = pytest.mark.server


@pytest.fixture
def account_id(office) -> str:
    account_id: str = office.account()["account_id"]
    office.announced()
    return account_id


def say(office, account_id: str, channel: str, is_given: bool, **when: Any) -> dict[str, Any]:
    said = {"channel": channel, "is_given": is_given, "how": "Said on the phone.", **when}
    recorded: dict[str, Any] = office.do("record_consent", account_id=account_id, **said)
    return recorded


def told(office) -> list[dict[str, bool]]:
    announced = office.session.info.pop("announced", [])
    assert {tuple(data["changed"]) for _, data, _ in announced} <= {("consents",)}
    return [
        {one["channel"]: one["is_given"] for one in data["consents"]} for _, data, _ in announced
    ]


def test_a_consent_is_given_and_withdrawn_and_both_are_kept(office, account_id: str) -> None:
    assert say(office, account_id, "email", is_given=True) == {
        "account_id": account_id,
        "channel": "email",
        "is_given": True,
        "since": "2026-01-05T09:00:00+00:00",
        "how": "Said on the phone.",
        "recorded_by": "key_office",
        "recorded_at": "2026-01-05T09:00:00+00:00",
    }
    say(office, account_id, "phone", is_given=False)
    office.moment += timedelta(days=1)
    say(office, account_id, "email", is_given=False)
    assert told(office) == [
        {"email": True},
        {"email": True, "phone": False},
        {"email": False, "phone": False},
    ]
    kept = office.do("list_consents", account_id=account_id)["items"]
    assert [(one["channel"], one["is_given"]) for one in kept] == [
        ("email", True),
        ("phone", False),
        ("email", False),
    ]
    account = office.do("get_account", account_id=account_id)
    assert {one["channel"]: one["is_given"] for one in account["consents"]} == {
        "email": False,
        "phone": False,
    }


def test_what_was_said_before_and_is_written_down_late_is_history(office, account_id: str) -> None:
    say(office, account_id, "email", is_given=False)
    say(office, account_id, "email", is_given=True, since="2025-12-01T10:00:00Z")
    assert told(office) == [{"email": False}]
    assert len(office.do("list_consents", account_id=account_id)["items"]) == 2


def test_it_is_withdrawn_of_a_closed_account_too(office) -> None:
    account_id = office.active_account()["account_id"]
    office.close(account_id)
    assert not say(office, account_id, "post", is_given=False)["is_given"]


def test_what_is_not_there_says_nothing(office) -> None:
    with pytest.raises(NotFound):
        say(office, "acc_01jd3v4q6ye8z9t5k2m7n0p1xw", "email", is_given=True)
