"""A series plans its next activity when the last has its outcome, and no more once it is ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.refusals import Conflict, Invalid

pytestmark = pytest.mark.server

START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # the office's Monday


class Visits:
    """Visits to an account, every other Tuesday at ten."""

    def __init__(self, office: Any, **facts: Any) -> None:
        self.office = office
        self.account_id = office.account()["account_id"]
        when = {"every": 2, "unit": "weeks", "weekday": "tuesday", "time_of_day": "10:00"}
        visit = {"account_id": self.account_id, "kind": "visit", "subject": "The usual"}
        self.series = office.do("begin_series", **visit | when | facts)

    def planned(self) -> list[dict[str, Any]]:
        """What is planned at the account."""
        self.office.hear_itself()
        path = {"account_id": self.account_id, "status": "planned"}
        items: list[dict[str, Any]] = self.office.do("list_activities", **path)["items"]
        return items

    def days(self) -> list[str]:
        return [one["at"][:10] for one in self.planned()]

    def do(self, verb: str, **facts: Any) -> None:
        [visit] = self.planned()
        self.office.do(f"{verb}_activity", activity_id=visit["activity_id"], **facts)


@pytest.fixture
def visits(office) -> Visits:
    return Visits(office)


def pass_to(office: Any, day: int) -> None:
    office.pass_until(datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(days=day - 5))


OUTCOMES = {
    "hold": {"outcome": "reached", "minutes": 30},
    "miss": {"reason": "Nobody there."},
    "cancel": {"reason": "They are away."},
}


@pytest.mark.parametrize("verb", OUTCOMES)
def test_the_next_is_planned_when_the_last_has_its_outcome(visits: Visits, verb: str) -> None:
    visits.office.do("set_follow_up_rules", rules=[])
    [first] = visits.planned()
    assert (first["at"], first["subject"]) == ("2026-01-06T10:00:00+00:00", "The usual")
    assert first["series_id"] == visits.series["series_id"]
    pass_to(visits.office, 7)
    assert visits.days() == ["2026-01-06"]
    visits.do(verb, **OUTCOMES[verb])
    assert visits.days() == ["2026-01-20"]


def test_the_days_of_a_series_stay_however_often_one_is_rescheduled(visits: Visits) -> None:
    visits.do("reschedule", at="2026-01-08T14:00:00Z", reason="They asked for Thursday.")
    assert visits.days() == ["2026-01-08"]
    pass_to(visits.office, 9)
    visits.do("hold", **OUTCOMES["hold"])
    assert visits.days() == ["2026-01-20"]


def test_days_that_are_over_meanwhile_are_left_out(visits: Visits) -> None:
    pass_to(visits.office, 5 + 40)  # 14 February
    visits.do("hold", **OUTCOMES["hold"])
    assert visits.days() == ["2026-02-17"]


def test_one_that_is_still_to_come_today_is_not_left_out(visits: Visits) -> None:
    visits.office.pass_until(datetime(2026, 1, 20, 8, tzinfo=UTC))
    visits.do("hold", **OUTCOMES["hold"])
    assert visits.days() == ["2026-01-20"]


def test_a_series_that_is_ended_plans_no_more(visits: Visits) -> None:
    path = {"series_id": visits.series["series_id"]}
    ended = visits.office.do("end_series", **path)
    assert (ended["ended_by"], ended["version"]) == ("key_office", 2)
    with pytest.raises(Conflict, match="ended at"):
        visits.office.do("end_series", **path)
    assert visits.days() == ["2026-01-06"], "what is planned stays"
    visits.do("hold", **OUTCOMES["hold"])
    assert visits.days() == []
    listed = visits.office.do("list_series", account_id=visits.account_id)["items"]
    assert listed == [ended]


def test_a_series_is_over_after_its_last_day(office) -> None:
    visits = Visits(office, until="2026-01-20")
    for days in (["2026-01-06"], ["2026-01-20"]):
        assert visits.days() == days
        visits.do("hold", **OUTCOMES["hold"])
    assert visits.days() == []


def test_one_of_a_day_that_has_begun_is_planned_only_if_its_time_is_to_come(office) -> None:
    assert Visits(office, weekday="monday", time_of_day="08:00").days() == ["2026-01-19"]
    assert Visits(office, weekday="monday", time_of_day="10:00").days() == ["2026-01-05"]


def test_whose_it_is_follows_the_account_unless_somebody_is_named(office) -> None:
    visits = Visits(office)
    ada, bob = (office.staff()["staff_id"] for _ in range(2))
    office.do("change_owner", account_id=visits.account_id, owner_id=ada, reason="Regions.")
    visits.do("hold", **OUTCOMES["hold"])
    assert [one["owner_id"] for one in visits.planned()] == [ada]
    assert [one["owner_id"] for one in Visits(office, owner_id=bob).planned()] == [bob]
    office.do("leave_staff", staff_id=bob)
    with pytest.raises(Conflict, match="left"):
        Visits(office, owner_id=bob)


def test_a_series_says_on_which_day(office) -> None:
    with pytest.raises(Invalid) as refused:
        Visits(office, weekday=None)
    assert refused.value.errors[0]["field"] == "weekday"


def test_an_outcome_that_is_told_twice_plans_one(visits: Visits) -> None:
    [first] = visits.planned()
    visits.do("hold", **OUTCOMES["hold"])
    assert visits.days() == ["2026-01-20"]
    facts = {"account_id": visits.account_id, "activity_id": first["activity_id"]}
    facts |= {"series_id": visits.series["series_id"], "kind": "visit", "direction": "out"}
    facts |= {"outcome": "reached", "at": first["at"], "closed_by": "key_office"}
    visits.office.hear("accounts", "activity_held", **facts)
    assert visits.days() == ["2026-01-20"]
