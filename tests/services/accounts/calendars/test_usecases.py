"""Working hours are said anew, follow the company, and keep their history."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Invalid
from services.accounts.calendars.queries import read_working_time
from services.accounts.events import CompanyChanged

pytestmark = pytest.mark.server

MORNING = [{"weekday": "monday", "opens": "08:00", "closes": "12:00"}]


def company(version: int, **facts: Any) -> dict[str, Any]:
    seat = {"country": "DE", "time_zone": "Europe/Berlin"}
    return CompanyChanged.example | {"version": version} | seat | facts


def hear(office: Any, **company_: Any) -> None:
    # The company's events are about it, not about an account.
    office.hear("accounts", "company_changed", staff_id=new_id("cmp"), **company_)


def test_before_anybody_said_it_is_monday_to_friday_nine_to_five(office: Any) -> None:
    hours = office.do("get_working_hours")
    assert (hours["version"], hours["effective_at"], hours["country"]) == (0, None, None)
    assert (hours["time_zone"], len(hours["week"])) == ("UTC", 5)
    assert hours["week"][0] == {"weekday": "monday", "opens": "09:00", "closes": "17:00"}


def test_hours_hold_from_now_on_and_what_they_were_is_known(office: Any) -> None:
    sent = {"week": MORNING, "closed_days": ["2026-12-31", "2026-12-24", "2026-12-24"]}
    hours = office.do("set_working_hours", **sent)
    assert hours["closed_days"] == ["2026-12-24", "2026-12-31"]
    assert (hours["version"], hours["effective_at"][:16]) == (1, "2026-01-05T09:00")
    office.do("set_working_hours", week=hours["week"])
    history = office.do("list_working_hours")["items"]
    assert [len(one["closed_days"]) for one in history] == [2, 0]
    assert history[0]["set_by"] == "key_office"


def test_hours_follow_the_company_in_the_newest_version_that_was_heard(office: Any) -> None:
    office.do("set_working_hours", week=MORNING)
    hear(office, **company(2))
    hear(office, **company(1, country="US", time_zone="America/New_York"))
    hours = office.do("get_working_hours")
    assert (hours["country"], hours["time_zone"], hours["week"]) == ("DE", "Europe/Berlin", MORNING)
    assert hours["set_by"] == "accounts"
    hear(office, **company(4))
    hear(office, **company(3, country="US"))
    assert office.do("get_working_hours")["country"] == "DE"
    working_time = read_working_time(
        office.session, zone=office.clock.zone, moment=office.clock.now()
    )
    assert str(working_time.zone) == "Europe/Berlin"


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([MORNING[0] | {"opens": "12:00"}], "hours_backwards"),
        (MORNING * 2, "hours_meet"),
    ],
)
def test_hours_that_cannot_be_are_refused(office: Any, week: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.do("set_working_hours", week=week)
    assert refused.value.code == code


def test_before_anybody_said_it_is_the_week_of_the_company_s_country(office: Any) -> None:
    hear(office, **company(1, country="SA", time_zone="Asia/Riyadh"))
    week = office.do("get_working_hours")["week"]
    assert [one["weekday"] for one in week[:4]] == ["monday", "tuesday", "wednesday", "thursday"]
    assert [one["weekday"] for one in week[4:]] == ["sunday"]
