"""Teams are opened and closed, and people are in them from a day to a day."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from kernel.refusals import Conflict, NotFound

pytestmark = pytest.mark.server


def team(office: Any, name: str = "North") -> str:
    return str(office.do("open_team", name=name)["team_id"])


def member(office: Any, team_id: str, **days: str) -> dict[str, Any]:
    staff_id = office.staff()["staff_id"]
    added: dict[str, Any] = office.do("add_team_member", team_id=team_id, staff_id=staff_id, **days)
    return added


def status(office: Any, one: dict[str, Any]) -> str:
    members = office.do("list_team_members", team_id=one["team_id"])["items"]
    [found] = [it for it in members if it["membership_id"] == one["membership_id"]]
    return str(found["status"])


def test_a_name_is_one_teams(office: Any) -> None:
    team(office)
    south = team(office, "South")
    ways = (("open_team", {}), ("edit_team", {"team_id": south}))
    for (endpoint, sent), name in product(ways, ("North", "NORTH")):
        with pytest.raises(Conflict, match="a team North already") as refused:
            office.do(endpoint, name=name, **sent)
        assert refused.value.code == "duplicate_team"
    assert office.do("edit_team", team_id=south, name="SOUTH")["version"] == 2


def test_a_member_is_in_it_from_the_first_day_to_the_last(office: Any) -> None:
    later = member(office, team(office), from_on="2026-01-07", until_on="2026-01-08")
    assert later["status"] == "planned"
    for moment, expected in (
        (datetime(2026, 1, 7, 4, 59, tzinfo=UTC), "planned"),
        (datetime(2026, 1, 7, 5, tzinfo=UTC), "standing"),
        (datetime(2026, 1, 9, 4, 59, tzinfo=UTC), "standing"),
        (datetime(2026, 1, 9, 5, tzinfo=UTC), "ended"),
    ):
        office.pass_until(moment)
        assert status(office, later) == expected
    names = [name for name in office.announced() if name.startswith("team_member")]
    assert names == ["team_member_added", "team_member_began", "team_member_ended"]


def test_a_time_in_a_team_overlaps_no_other_of_the_person(office: Any) -> None:
    one = member(office, team(office), until_on="2026-01-10")
    who = {"team_id": one["team_id"], "staff_id": one["staff_id"]}
    with pytest.raises(Conflict) as refused:
        office.do("add_team_member", **who, from_on="2026-01-10")
    assert refused.value.code == "in_team_already"
    assert office.do("add_team_member", **who, from_on="2026-01-11")["status"] == "planned"


def test_what_ended_does_not_end_again(office: Any) -> None:
    one = member(office, team(office))
    ended = office.do("end_team_member", membership_id=one["membership_id"])
    assert (ended["status"], ended["until_on"]) == ("ended", "2026-01-05")
    with pytest.raises(Conflict) as refused:
        office.do("end_team_member", membership_id=one["membership_id"])
    assert refused.value.code == "wrong_status"


def test_nobody_is_in_a_team_that_was_closed_or_joins_it(office: Any) -> None:
    one = member(office, team(office))
    assert office.do("close_team", team_id=one["team_id"])["closed_on"] == "2026-01-05"
    assert status(office, one) == "ended"
    for endpoint, sent in (
        ("close_team", {}),
        ("add_team_member", {"staff_id": one["staff_id"]}),
    ):
        with pytest.raises(Conflict) as refused:
            office.do(endpoint, team_id=one["team_id"], **sent)
        assert refused.value.code == "team_closed"
    for is_open in (True, False):
        listed = office.do("list_teams", is_open=is_open, limit=500)["items"]
        assert (one["team_id"] in {it["team_id"] for it in listed}) != is_open


def test_who_left_is_in_no_team(office: Any) -> None:
    one = member(office, team(office))
    office.do("leave_staff", staff_id=one["staff_id"])
    office.hear_itself()
    assert status(office, one) == "ended"


def test_a_team_that_is_not_there_is_said_to_be_so(office: Any) -> None:
    staff_id = office.staff()["staff_id"]
    missing = "team_01jd3v4q6ye8z9t5k2m7n0p1xt"
    with pytest.raises(NotFound):
        office.do("add_team_member", team_id=missing, staff_id=staff_id)
