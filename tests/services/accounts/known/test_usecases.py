"""Those that must know an account say so once; where one does not in time, the owner is told which."""

from __future__ import annotations

from datetime import timedelta

import pytest

pytestmark = pytest.mark.server

PROFILE = {"name": "Acme Trading Ltd", "country": "GB", "currency": "GBP", "language": "en"}
PROFILE |= {"time_zone": "Europe/London", "net_days": 30, "credit_limit": None}
PROFILE |= {"email": "hello@acme.example"}


@pytest.fixture
def account_id(office) -> str:
    owner_id = office.staff()["staff_id"]
    account_id: str = office.do("open_account", **PROFILE, owner_id=owner_id)["account_id"]
    office.announced()
    return account_id


def answer(office, account_id: str, service: str, version: int = 1) -> None:
    known = {"account_id": account_id, "account_version": version, "known_by": service}
    office.hear(service, "account_known", **known)


def pass_minutes(office, minutes: int) -> None:
    office.pass_until(office.moment + timedelta(minutes=minutes))


def sentences(office) -> list[str]:
    """How each reason that was told since this was last asked begins; empty: it is over."""
    announced = office.session.info.pop("announced", [])
    return [data.get("sentence", "").partition(" not said")[0] for _, data, _ in announced]


def test_who_knows_an_account_is_shown_with_since_when(office, account_id: str) -> None:
    answer(office, account_id, "sales", version=2)
    pass_minutes(office, 5)
    answer(office, account_id, "billing")
    answer(office, account_id, "billing", version=7)  # again, as after a repair: not news
    assert office.do("list_known", account_id=account_id)["items"] == [
        {
            "account_id": account_id,
            "known_by": "billing",
            "account_version": 1,
            "known_at": "2026-01-05T09:05:00+00:00",
        },
        {
            "account_id": account_id,
            "known_by": "sales",
            "account_version": 2,
            "known_at": "2026-01-05T09:00:00+00:00",
        },
    ]


def test_where_all_have_said_so_nobody_is_asked(office, account_id: str) -> None:
    answer(office, account_id, "billing")
    answer(office, account_id, "sales")
    pass_minutes(office, 600)
    assert sentences(office) == []


def test_after_an_hour_the_owner_is_told_who_has_not(office, account_id: str) -> None:
    answer(office, account_id, "sales")
    pass_minutes(office, 59)
    assert sentences(office) == []
    pass_minutes(office, 1)
    office.hear_itself()
    [owner] = office.do("list_owners", account_id=account_id)["items"]
    [line] = office.do("get_worklist", staff_id=owner["staff_id"])["items"]
    assert [one["sentence"].partition(" not")[0] for one in line["reasons"]] == ["Billing has"]
    answer(office, account_id, "billing")
    office.hear_itself()
    office.session.expire_all()
    assert office.do("get_worklist", staff_id=owner["staff_id"])["total"] == 0


def test_each_late_answer_leaves_those_that_are_still_missing(office, account_id: str) -> None:
    pass_minutes(office, 60)
    assert sentences(office) == ["Billing and sales have"]
    pass_minutes(office, 60 * 30)
    answer(office, account_id, "billing")
    [(_, data, _)] = office.session.info.pop("announced")
    assert data["sentence"].startswith("Sales has")
    assert data["since"] == "2026-01-05"  # the same reason
    answer(office, account_id, "billing")
    assert sentences(office) == []
    answer(office, account_id, "sales")
    assert sentences(office) == [""]
