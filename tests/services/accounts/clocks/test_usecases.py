"""Clocks warn, escalate, stand still and are over; what is entered later is judged by its times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.refusals import Invalid

pytestmark = pytest.mark.server

FRIDAY = datetime(2026, 6, 12, 15, 30, tzinfo=UTC)
TO_MONDAY = timedelta(days=3)


def monday(hour: int, minute: int = 0) -> datetime:
    return FRIDAY.replace(hour=hour, minute=minute) + TO_MONDAY


class Desk:
    """One account's cases, and what is told of them."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.lead = office.staff(name="Lea Lead", role="lead")["staff_id"]
        owner_id = office.staff(reports_to_id=self.lead)["staff_id"]
        self.account_id = office.account(owner_id=owner_id)["account_id"]
        office.moment = FRIDAY

    def open(self, **values: Any) -> dict[str, Any]:
        sent = {"kind": "complaint", "subject": "Broken lamps.", "account_id": self.account_id}
        case = self.office.do("open_case", **sent | values)
        self.office.session.info.pop("announced")
        return case

    def do(self, endpoint: str, case: dict[str, Any], **values: Any) -> dict[str, Any]:
        return self.office.do(endpoint, case_id=case["case_id"], **values)

    def clock(self, case: dict[str, Any], name: str = "first_response") -> dict[str, Any]:
        clocks = self.office.do("get_case", case_id=case["case_id"])["clocks"]
        [found] = [one for one in clocks if one["clock"] == name]
        return found

    def told(self) -> list[Any]:
        """What was announced since this was last asked, but for how cases moved."""
        announced = self.office.session.info.pop("announced", [])
        return [
            data.get("sentence") or (event.name, data.get("to_staff_id"))
            for event, data, _ in announced
            if event.name in ("contact_due", "contact_settled", "case_escalated")
        ]


@pytest.fixture
def desk(office: Any) -> Desk:
    return Desk(office)


def number(case: dict[str, Any]) -> str:
    return f"Complaint {case['number']}"


def test_it_warns_at_three_quarters_and_escalates_to_the_superior_at_the_target(desk: Desk) -> None:
    case = desk.open()
    desk.office.pass_until(monday(10, 29))
    assert desk.told() == []
    desk.office.pass_until(monday(10, 30))
    waits = f"{number(case)} waits for its first answer until 2026-06-15 11:30."
    assert desk.told() == [waits]
    desk.office.pass_until(monday(11, 30))
    over = f"{number(case)} should have had its first answer by 2026-06-15 11:30. Lea Lead has been told."
    assert desk.told() == [("case_escalated", desk.lead), over]
    desk.office.pass_until(monday(13))
    assert desk.told() == []
    assert desk.clock(case)["outcome"] == "missed"
    desk.do("acknowledge_case", case, problem="Broken.")
    assert desk.told() == [("contact_settled", None)]
    assert desk.clock(case)["outcome"] == "missed"


def test_what_is_answered_in_time_warns_nobody(desk: Desk) -> None:
    case = desk.open()
    desk.office.pass_until(monday(10))
    desk.do("acknowledge_case", case, problem="Broken.")
    desk.office.pass_until(monday(17))
    assert desk.told() == []
    clock = desk.clock(case)
    assert (clock["outcome"], clock["elapsed_minutes"], clock["standstill"]) == ("met", 150, "over")
    assert clock["due_at"] is None


def test_while_the_client_is_waited_for_it_stands_still_and_then_goes_on(desk: Desk) -> None:
    case = desk.open()
    assert desk.clock(case)["standstill"] is None
    desk.office.pass_until(FRIDAY.replace(hour=17))
    assert desk.clock(case)["standstill"] == "outside_hours"
    desk.office.pass_until(monday(10))
    desk.do("wait_for_client", case, note="Needs a photo.")
    clock = desk.clock(case)
    assert (clock["standstill"], clock["due_at"]) == ("waiting_for_client", None)
    desk.office.pass_until(monday(10) + timedelta(days=1))
    assert desk.clock(case)["elapsed_minutes"] == 150
    assert desk.told() == []
    desk.do("resume_case", case)
    assert desk.clock(case)["due_at"] == "2026-06-16T11:30:00+00:00"


def test_a_warning_is_taken_back_while_the_client_is_waited_for(desk: Desk) -> None:
    case = desk.open()
    desk.office.pass_until(monday(11))
    [waits] = desk.told()
    desk.do("wait_for_client", case, note="Needs a photo.")
    assert desk.told() == [("contact_settled", None)]
    desk.office.pass_until(monday(12))
    desk.do("resume_case", case)
    assert desk.told() == [waits.replace("11:30", "12:30")]


def test_each_word_to_the_client_begins_the_wait_for_news_anew(desk: Desk) -> None:
    case = desk.open(priority="urgent")
    desk.do("acknowledge_case", case, problem="Broken.")
    desk.office.pass_until(monday(9))
    assert desk.clock(case, "update")["elapsed_minutes"] == 90
    desk.do("note_case", case, note="Rang the carrier.")
    assert desk.clock(case, "update")["elapsed_minutes"] == 90
    desk.do("update_client", case, note="The carrier looks for it.")
    clock = desk.clock(case, "update")
    assert (clock["elapsed_minutes"], clock["due_at"][11:16]) == (0, "13:00")
    desk.office.pass_until(monday(14))
    desk.do("update_client", case, note="Still looking.")
    clock = desk.clock(case, "update")
    assert (clock["is_missed"], clock["elapsed_minutes"]) == (True, 0)


def test_another_priority_has_other_targets_and_what_is_over_stays_judged(desk: Desk) -> None:
    case = desk.open()
    desk.office.pass_until(monday(11))
    desk.do("acknowledge_case", case, problem="Broken.")
    assert desk.clock(case, "solution")["target_minutes"] == 2400
    desk.do("prioritise_case", case, priority="urgent", note="They stand still.")
    first, solution = desk.clock(case), desk.clock(case, "solution")
    assert (first["target_minutes"], first["outcome"]) == (240, "met")
    assert (solution["target_minutes"], solution["due_at"][:16]) == (480, "2026-06-15T15:30")
    log = desk.office.do("list_case_states", case_id=case["case_id"])["items"]
    assert (log[-1]["action"], log[-1]["note"]) == ("prioritise", "They stand still.")


def test_what_is_less_pressing_than_it_was_taken_for_warns_at_its_own_time(desk: Desk) -> None:
    case = desk.open(priority="urgent")
    desk.office.pass_until(FRIDAY.replace(hour=16, minute=30))
    assert ("case_escalated", desk.lead) in desk.told()
    desk.do("prioritise_case", case, priority="normal", note="They have another.")
    assert desk.told() == [("contact_settled", None)]
    desk.office.pass_until(monday(10, 30))
    waits = f"{number(case)} waits for its first answer until 2026-06-15 11:30."
    assert desk.told() == [waits]
    assert desk.clock(case)["is_missed"]
    desk.do("prioritise_case", case, priority="urgent", note="It broke too.")
    desk.office.pass_until(monday(10, 30))
    assert desk.told().count(("case_escalated", desk.lead)) == 1


def test_targets_are_data_and_hold_for_cases_opened_from_then_on(desk: Desk) -> None:
    before = desk.open()
    targets = desk.office.do("list_case_targets")["items"]
    assert len(targets) == 48
    mine = {"kind": "complaint", "priority": "normal", "tier": "standard"}
    minutes = {"first_response": 30, "update": None, "solution": 480}
    answer = desk.office.do("set_case_targets", items=[mine | minutes])["items"]
    assert [one for one in answer if one not in targets] == [mine | minutes]
    case = desk.open(is_not_similar=True)
    clocks = desk.office.do("get_case", case_id=case["case_id"])["clocks"]
    assert [one["target_minutes"] for one in clocks] == [30, 480]
    assert desk.clock(before)["target_minutes"] == 240
    assert desk.office.do("set_case_targets", items=[])["items"] == targets
    with pytest.raises(Invalid, match="is there twice"):
        desk.office.do("set_case_targets", items=[mine | minutes] * 2)


def test_an_old_case_is_judged_by_its_times_and_warns_of_nothing(desk: Desk) -> None:
    case = desk.open(received_at="2024-03-01T10:00:00Z")
    desk.do("acknowledge_case", case, problem="Broken.", at="2024-03-04T11:00:00Z")
    desk.do("withdraw_case", case, note="Found it.", at="2024-03-05T09:00:00Z")
    desk.office.pass_until(FRIDAY + timedelta(days=1))
    assert desk.told() == []
    clock = desk.clock(case)
    assert (clock["outcome"], clock["elapsed_minutes"]) == ("missed", 540)
    assert desk.clock(case, "solution")["outcome"] == "met"
    log = desk.office.do("list_case_states", case_id=case["case_id"])["items"]
    assert [one["moved_at"][:10] for one in log] == ["2024-03-01", "2024-03-04", "2024-03-05"]
    assert {one["recorded_at"][:10] for one in log} == {"2026-06-12"}


def test_what_is_entered_later_and_still_open_is_escalated_an_hour_after(desk: Desk) -> None:
    desk.open(received_at="2024-03-01T10:00:00Z")
    desk.office.pass_until(FRIDAY + timedelta(minutes=59))
    assert desk.told() == []
    desk.office.pass_until(FRIDAY + timedelta(hours=1))
    assert desk.told().count(("case_escalated", desk.lead)) == 3


def test_hours_that_change_leave_what_was_counted(desk: Desk) -> None:
    case = desk.open()
    desk.office.pass_until(monday(10))
    evening = [{"weekday": "monday", "opens": "18:00", "closes": "20:00"}]
    desk.office.do("set_working_hours", week=evening)
    assert desk.clock(case)["elapsed_minutes"] == 150
    desk.office.do("note_case", case_id=case["case_id"], note="Later.")
    assert desk.clock(case)["due_at"] == "2026-06-15T19:30:00+00:00"


@pytest.mark.parametrize(("minute", "outcome"), [(29, "met"), (30, "missed")])
def test_time_is_over_at_the_moment_at_which_it_is_due(
    desk: Desk, minute: int, outcome: str
) -> None:
    case = desk.open()
    desk.office.pass_until(monday(11, minute))
    desk.do("acknowledge_case", case, problem="Broken.")
    assert desk.clock(case)["outcome"] == outcome
