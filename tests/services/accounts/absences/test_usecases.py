"""Somebody is away, and another stands in: from a day to a day, by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.refusals import Conflict, Refusal

pytestmark = pytest.mark.server

TUESDAY = "2026-01-06"
FRIDAY = "2026-01-09"


def plan(office: Any, staff_id: str, delegate_id: str, **more: Any) -> dict[str, Any]:
    sent = {"from_on": TUESDAY, "until_on": FRIDAY, "reason": "Ill."}
    who = {"staff_id": staff_id, "delegate_id": delegate_id}
    planned: dict[str, Any] = office.do("plan_absence", **who, **sent | more)
    return planned


def people(office: Any, count: int) -> list[str]:
    return [str(office.staff()["staff_id"]) for _ in range(count)]


def status(office: Any, absence: dict[str, Any]) -> str:
    return str(office.do("get_absence", absence_id=absence["absence_id"])["status"])


def refusal(office: Any, *who: str, **more: Any) -> str:
    with pytest.raises(Refusal) as refused:
        plan(office, *who, **more)
    return refused.value.code


def test_it_begins_and_ends_by_itself(office: Any) -> None:
    ada, ben = people(office, 2)
    absence = plan(office, ada, ben)
    office.session.info.pop("announced")
    for moment, expected, announced in (
        (datetime(2026, 1, 6, 4, 59, tzinfo=UTC), "planned", []),
        (datetime(2026, 1, 6, 5, tzinfo=UTC), "away", ["absence_began"]),
        (datetime(2026, 1, 10, 4, 59, tzinfo=UTC), "away", []),
        (datetime(2026, 1, 10, 5, tzinfo=UTC), "ended", ["absence_ended"]),
    ):
        office.pass_until(moment)
        assert (status(office, absence), office.announced()) == (expected, announced)


def test_from_today_it_begins_at_once(office: Any) -> None:
    absence = plan(office, *people(office, 2), from_on=None)
    assert (absence["status"], absence["from_on"], absence["may"]) == ("away", "2026-01-05", "act")


def test_who_stands_in_is_another_who_works_here_and_is_there(office: Any) -> None:
    ada, ben, cleo, gone = people(office, 4)
    office.do("leave_staff", staff_id=gone)
    plan(office, ben, cleo, from_on=FRIDAY, until_on="2026-01-12")
    assert refusal(office, ada, ada) == "delegate_oneself"
    assert refusal(office, ada, gone) == "staff_left"
    assert refusal(office, gone, ada) == "staff_left"
    assert refusal(office, ada, ben) == "delegate_away"
    assert plan(office, ada, ben, until_on="2026-01-08")["status"] == "planned"


def test_a_person_is_away_once_at_a_time(office: Any) -> None:
    ada, ben, cleo = people(office, 3)
    first = plan(office, ada, ben)
    assert refusal(office, ada, cleo, from_on=FRIDAY, until_on="2026-01-20") == "absence_overlaps"
    office.do("cancel_absence", absence_id=first["absence_id"])
    assert plan(office, ada, cleo)["status"] == "planned"


def test_who_stands_in_may_fall_ill_too_and_no_circle_closes(office: Any) -> None:
    ada, ben, cleo = people(office, 3)
    plan(office, ada, ben)
    assert plan(office, ben, cleo)["status"] == "planned"
    assert refusal(office, cleo, ada) == "delegate_away"


def test_it_is_extended_to_days_on_which_the_delegate_is_there(office: Any) -> None:
    ada, ben, cleo = people(office, 3)
    absence = plan(office, ada, ben)
    plan(office, ben, cleo, from_on="2026-01-14", until_on="2026-01-15")
    extend = {"absence_id": absence["absence_id"]}
    with pytest.raises(Conflict) as refused:
        office.do("extend_absence", **extend, until_on="2026-01-14")
    assert refused.value.code == "delegate_away"
    office.do("extend_absence", **extend, until_on="2026-01-13")
    office.pass_until(datetime(2026, 1, 13, 12, tzinfo=UTC))
    assert status(office, absence) == "away"
    office.pass_until(datetime(2026, 1, 14, 5, tzinfo=UTC))
    assert status(office, absence) == "ended"


def test_one_that_is_over_before_its_last_day_ends_then(office: Any) -> None:
    absence = plan(office, *people(office, 2))
    with pytest.raises(Conflict):
        office.do("end_absence", absence_id=absence["absence_id"])
    office.pass_until(datetime(2026, 1, 7, 12, tzinfo=UTC))
    ended = office.do("end_absence", absence_id=absence["absence_id"])
    assert (ended["status"], ended["until_on"]) == ("ended", "2026-01-07")
    office.session.info.pop("announced")
    office.pass_until(datetime(2026, 1, 20, tzinfo=UTC))
    assert office.announced() == []


def test_who_stands_in_does_not_leave(office: Any) -> None:
    ada, ben = people(office, 2)
    absence = plan(office, ada, ben)
    with pytest.raises(Conflict) as refused:
        office.do("leave_staff", staff_id=ben)
    assert refused.value.code == "staff_stands_in"
    office.do("cancel_absence", absence_id=absence["absence_id"])
    assert office.do("leave_staff", staff_id=ben)["is_active"] is False


def test_nobody_stands_in_for_who_left(office: Any) -> None:
    ada, ben = people(office, 2)
    absences = [
        plan(office, ada, ben, from_on=None, until_on=TUESDAY),
        plan(office, ada, ben, from_on=FRIDAY),
    ]
    office.do("leave_staff", staff_id=ada)
    office.hear_itself()
    assert [status(office, one) for one in absences] == ["ended", "cancelled"]
    assert office.do("leave_staff", staff_id=ben)["is_active"] is False


def test_why_somebody_is_away_is_told_to_nobody(office: Any) -> None:
    absence = plan(office, *people(office, 2), reason="A broken leg.")
    told = [data for _, data, _ in office.session.info["announced"]]
    assert "broken" not in str([absence, told, office.do("list_absences")])


def test_two_do_not_stand_in_for_each_other_however_near_they_plan_it(at_once: Any) -> None:
    for _ in range(4):
        [(ada, ben)] = at_once(lambda office: people(office, 2))
        answers = at_once(
            lambda office, one=ada, other=ben: plan(office, one, other)["status"],
            lambda office, one=ben, other=ada: plan(office, one, other)["status"],
        )
        assert sorted(answers) == ["delegate_away", "planned"]
