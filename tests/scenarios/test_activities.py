"""What is planned and who rings is not forgotten: a visit, a missed call, calling back, another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from ops.client import Refused

pytestmark = pytest.mark.server


class Desk:
    """An account manager's morning on a working day, with a client who has a phone."""

    def __init__(self, firm: Any) -> None:
        self.firm, self.client = firm, firm.client
        number = len(list(self.client.list("/v1/staff")))
        person = {"name": "Bob Gray", "email": f"bob{number}@firm.example"}
        hired = self.client.post("/v1/staff", {**person, "role": "account_manager"})
        self.owner_id = hired["staff_id"]
        self.account = firm.open_account(owner_id=self.owner_id)
        self.account_id = self.account["account_id"]
        self.mobile = f"+35387123{number:04d}"
        phones = [
            {"kind": "office", "number": "01 555 7777"},
            {"kind": "mobile", "number": self.mobile.replace("+353", "0")},
        ]
        ben = {"name": "Ben Hall", "roles": ["decision_maker"], "phones": phones}
        self.ben = self.client.post(f"/v1/accounts/{self.account_id}/contacts", ben)
        monday = firm.today + timedelta(days=7 - firm.today.weekday())
        self.monday = datetime.combine(monday, time(9), UTC)
        self.go_to(0)

    def at(self, days: int, hour: int = 10) -> str:
        return (self.monday + timedelta(days=days)).replace(hour=hour).isoformat()

    def go_to(self, days: int, hour: int = 9) -> None:
        self.client.move_clock(datetime.fromisoformat(self.at(days, hour)))

    def reasons(self) -> list[str]:
        """What the list says of the client, in sentences."""
        items = self.client.get("/v1/worklist", staff_id=self.owner_id, limit=500)["items"]
        return [reason["sentence"] for item in items for reason in item["reasons"]]

    def ring(self) -> dict[str, Any]:
        """A call of the client that nobody answers."""
        rung = {"phone": self.mobile, "rung_at": self.client.read_clock().isoformat()}
        call: dict[str, Any] = self.client.post("/v1/calls", rung)
        self.firm.wait()
        return call

    def who(self) -> dict[str, Any]:
        """What is told when the client rings."""
        [found] = self.client.get(f"/v1/callers/{self.mobile}")["items"]
        return dict(found)


@pytest.fixture
def desk(firm) -> Iterator[Desk]:
    """Leaves the firm's calendar at the opening of another day."""
    yield Desk(firm)
    firm.wait(1)


def test_a_visit_is_planned_forgotten_reminded_of_and_held(desk: Desk) -> None:
    visit = {"account_id": desk.account_id, "kind": "visit", "subject": "Annual review"}
    visit |= {"at": desk.at(1), "minutes": 60, "contact_ids": [desk.ben["contact_id"]]}
    planned = desk.client.post("/v1/activities", visit)
    assert desk.who()["next_activity"]["activity_id"] == planned["activity_id"]
    desk.go_to(1, 10)
    assert desk.reasons() == []
    desk.go_to(1, 11)
    [reason] = desk.reasons()
    assert reason.endswith("has no outcome yet (Annual review).")

    path = f"/v1/activities/{planned['activity_id']}"
    later = {"at": desk.at(8), "reason": "They asked for a week later."}
    again = desk.client.post(f"{path}/reschedule", later)
    desk.go_to(1, 12)
    assert desk.reasons() == []
    assert desk.client.get(path)["rescheduled_to_id"] == again["activity_id"]
    desk.go_to(9)
    assert len(desk.reasons()) == 1

    path = f"/v1/activities/{again['activity_id']}"
    said = {"outcome": "wants_offer", "minutes": 75, "promise": "An offer by Friday."}
    with pytest.raises(Refused, match="held_in_future"):
        desk.client.post(f"{path}/hold", {**said, "held_at": desk.at(10)})
    held = desk.client.post(f"{path}/hold", said)
    assert held["suggested"]["kind"] == "call" and held["created"] is None
    assert desk.client.post(f"{path}/correct", {"minutes": 70})["minutes"] == 70
    desk.go_to(9, 10)
    assert desk.reasons() == []
    timeline = desk.firm.timeline(desk.account)
    story = [name for name in timeline if name.startswith("activity_")]
    assert story == [
        "activity_planned",
        "activity_rescheduled",
        "activity_planned",
        "activity_held",
        "activity_corrected",
    ]


def test_who_was_not_answered_is_called_back_or_told_of_as_late(desk: Desk) -> None:
    call = desk.ring()
    assert (call["account_id"], call["contact_id"]) == (desk.account_id, desk.ben["contact_id"])
    [reason] = desk.reasons()
    assert reason.startswith(f"Ben Hall ({desk.mobile}) rang at") and "call back until" in reason
    assert [one["sentence"] for one in desk.who()["reasons"]] == [reason]

    desk.go_to(0, 14)
    [reason] = desk.reasons()
    assert "nobody has, call now" in reason
    tried = {"account_id": desk.account_id, "kind": "call", "minutes": 1}
    missed = desk.client.post("/v1/activities/log", {**tried, "outcome": "left_message"})
    assert missed["created"]["kind"] == "call"
    desk.go_to(0, 15)
    assert len(desk.reasons()) == 1

    reached = {**tried, "outcome": "agreed", "promise": "They pay on Friday."}
    desk.client.post("/v1/activities/log", reached)
    desk.go_to(0, 16)
    assert desk.reasons() == []
    assert desk.client.get(f"/v1/calls/{call['call_id']}")["status"] == "called_back"
    caller = desk.who()
    assert caller["promise"]["promise"] == "They pay on Friday."
    assert [one["outcome"] for one in caller["latest_contacts"]] == [
        "agreed",
        "left_message",
        "called_back",
    ]
    day = desk.at(0)[:10]
    figures = desk.client.get("/v1/call-figures", since=day, until=day)["items"]
    [mine] = [one for one in figures if one["staff_id"] == desk.owner_id]
    assert (mine["calls"], mine["missed"], mine["called_back_in_time"]) == (1, 1, 0)


def test_a_call_of_nobody_waits_to_be_assigned(desk: Desk) -> None:
    now = desk.client.read_clock().isoformat()
    call = desk.client.post("/v1/calls", {"phone": "+353 1 234 0000", "rung_at": now})
    assert call["account_id"] is None
    assert desk.client.get("/v1/callers/+35312340000")["items"] == []
    path = f"/v1/calls/{call['call_id']}"
    assert desk.client.post(f"{path}/assign", {"account_id": desk.account_id})["due_at"]
    desk.go_to(0, 10)
    assert len(desk.reasons()) == 1
    desk.client.post(f"{path}/called-back", {})
    desk.go_to(0, 11)
    assert desk.reasons() == []


def test_visits_that_come_again_go_on_until_somebody_ends_them(desk: Desk) -> None:
    visits = {"account_id": desk.account_id, "kind": "visit", "subject": "The usual"}
    visits |= {"unit": "weeks", "weekday": "tuesday", "time_of_day": "10:00"}
    series = desk.client.post("/v1/activity-series", visits)
    planned = {"account_id": desk.account_id, "status": "planned"}
    for week in range(2):
        [visit] = desk.client.list("/v1/activities", **planned)
        assert (visit["at"], visit["series_id"]) == (desk.at(1 + 7 * week), series["series_id"])
        path = f"/v1/activities/{visit['activity_id']}"
        desk.client.post(f"{path}/cancel", {"reason": "They are away."})
        desk.go_to(1 + 7 * week)
    desk.client.post(f"/v1/activity-series/{series['series_id']}/end")
    [visit] = desk.client.list("/v1/activities", **planned)
    path = f"/v1/activities/{visit['activity_id']}"
    desk.client.post(f"{path}/cancel", {"reason": "They have moved."})
    desk.go_to(10)
    assert list(desk.client.list("/v1/activities", **planned)) == []
