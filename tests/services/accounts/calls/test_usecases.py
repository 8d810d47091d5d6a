"""Who rings is known by their number, and who was not answered is called back in time, or told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.refusals import Conflict, Invalid, NotFound

pytestmark = pytest.mark.server

START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # the office's Monday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PHONE = "+442079460123"


class Switchboard:
    """An account with a number, and the calls that come in."""

    def __init__(self, office: Any, **facts: Any) -> None:
        self.office = office
        self.owner_id = office.staff()["staff_id"]
        self.account_id = office.account(owner_id=self.owner_id, **facts)["account_id"]
        self.contact_id = self.add_contact(self.account_id, PHONE)
        office.announced()

    def add_contact(self, account_id: str, phone: str) -> str:
        person = {"account_id": account_id, "name": "Ben Hall", "roles": []}
        return str(self.office.do("add_contact", **person, phone=phone)["contact_id"])

    def ring(self, phone: str | None = PHONE, **facts: Any) -> dict[str, Any]:
        at = {"rung_at": self.office.moment.isoformat()}
        return self.office.do("record_call", phone=phone, **at | facts)

    def call_out(self, **facts: Any) -> dict[str, Any]:
        call = {"account_id": self.account_id, "kind": "call", "outcome": "reached", "minutes": 3}
        return self.office.do("log_activity", **call | facts)

    def get(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.office.do("get_call", call_id=call["call_id"])

    def reasons(self) -> list[str]:
        """Why the account is on its owner's worklist, in sentences."""
        while self.office.session.info.get("announced"):
            self.office.hear_itself()
        items = self.office.do("get_worklist", staff_id=self.owner_id)["items"]
        return [reason["sentence"] for item in items for reason in item["reasons"]]


@pytest.fixture
def board(office) -> Switchboard:
    return Switchboard(office)


WAITS = "Ben Hall (+442079460123) rang at 2026-01-05 09:00 and was not answered; "
LATE = "Ben Hall (+442079460123) rang at 2026-01-05 09:00 and was to be called back until "


def test_an_answered_call_is_known_by_its_number(board: Switchboard) -> None:
    board.office.moment += HOUR
    times = {"rung_at": "2026-01-05T09:30:00Z", "answered_at": "2026-01-05T09:30:07Z", "minutes": 6}
    call = board.ring("+44 (0)20 7946-0123", **times)
    assert (call["account_id"], call["contact_id"]) == (board.account_id, board.contact_id)
    assert (call["status"], call["phone"], call["due_at"]) == ("answered", PHONE, None)
    [(event, data, _)] = board.office.session.info["announced"]
    assert event.name == "call_answered"
    assert data == {name: call[name] for name in data}
    assert board.reasons() == []


@pytest.mark.parametrize(
    ("tier", "until"),
    [("key", "2026-01-05 10:00"), ("standard", "2026-01-05 13:00"), ("small", "2026-01-05 17:00")],
)
def test_a_missed_call_is_to_be_called_back_within_the_tiers_time(
    office, tier: str, until: str
) -> None:
    board = Switchboard(office, tier=tier)
    call = board.ring()
    assert (call["status"], call["staff_id"]) == ("missed", board.owner_id)
    assert board.reasons() == [f"{WAITS}call back until {until}."]
    office.pass_until(datetime.fromisoformat(f"{until}:00+00:00") - MINUTE)
    assert board.reasons() == [f"{WAITS}call back until {until}."]
    office.pass_until(office.moment + MINUTE)
    assert board.reasons() == [f"{LATE}{until}: nobody has, call now."]


def test_only_working_time_counts(board: Switchboard) -> None:
    friday = datetime(2026, 1, 9, 15, 30, tzinfo=UTC)
    board.office.pass_until(friday)
    assert board.ring()["due_at"] == "2026-01-12T11:30:00+00:00"


def test_how_soon_is_data(board: Switchboard) -> None:
    times = {"key_minutes": 60, "standard_minutes": 240, "small_minutes": 480}
    assert board.office.do("get_callback_times") == times
    changed = times | {"standard_minutes": 30}
    assert board.office.do("set_callback_times", **changed) == changed
    assert board.ring()["due_at"] == "2026-01-05T09:30:00+00:00"


def test_a_call_out_that_reaches_somebody_settles_it(board: Switchboard) -> None:
    call = board.ring()
    board.office.moment += HOUR
    for facts in (
        {"outcome": "not_reached"},
        {"outcome": "left_message"},
        {"direction": "in"},
        {"kind": "email"},
        {"held_at": (START - MINUTE).isoformat()},
    ):
        board.call_out(**facts)
        assert len(board.reasons()) == 1, facts
    board.call_out()
    assert board.reasons() == []
    call = board.get(call)
    assert (call["status"], call["called_back_by"]) == ("called_back", "key_office")
    assert call["called_back_at"] == (START + HOUR).isoformat()
    board.office.pass_until(START + 10 * HOUR)
    assert board.reasons() == []


def test_a_correction_that_says_somebody_was_reached_settles_it(board: Switchboard) -> None:
    board.ring()
    made = board.call_out(
        outcome="not_reached", next_step={"kind": "letter", "at": "2026-02-01T09:00:00Z"}
    )
    assert len(board.reasons()) == 1
    board.office.do("correct_activity", activity_id=made["activity_id"], outcome="reached")
    assert board.reasons() == []


def test_who_says_so_settles_it_once(board: Switchboard) -> None:
    path = {"call_id": board.ring()["call_id"]}
    board.office.moment += HOUR
    at = (START + MINUTE).isoformat()
    back = board.office.do("call_back", **path, at=at)
    assert (back["status"], back["called_back_at"], back["version"]) == ("called_back", at, 2)
    assert board.reasons() == []
    with pytest.raises(Conflict) as refused:
        board.office.do("call_back", **path)
    assert refused.value.code == "wrong_status"


def test_who_was_called_back_is_not_told_of_as_late(board: Switchboard) -> None:
    path = {"call_id": board.ring()["call_id"]}
    board.office.do("call_back", **path)
    board.office.pass_until(START)
    assert board.office.due_times == {}
    board.office.tell_late_callback(board.office.session, **path)  # one that was parked
    assert board.reasons() == []


def test_a_number_nobody_has_is_kept_and_assigned_by_hand(board: Switchboard) -> None:
    call = board.ring("+44 20 7946 0999")
    assert (call["account_id"], call["status"], call["due_at"]) == (None, "missed", None)
    assert board.office.announced() == []
    unknown = board.office.do("list_calls", is_assigned=False)["items"]
    assert [one["call_id"] for one in unknown] == [call["call_id"]]
    board.office.moment += 6 * HOUR
    path = {"call_id": call["call_id"]}
    assigned = board.office.do("assign_call", **path, account_id=board.account_id)
    assert (assigned["account_id"], assigned["assigned_by"]) == (board.account_id, "key_office")
    assert assigned["due_at"] == (START + 4 * HOUR).isoformat(), "from when it rang"
    board.office.pass_until(board.office.moment)
    assert board.reasons() == [
        "Somebody (+442079460999) rang at 2026-01-05 09:00 and was to be called back until "
        "2026-01-05 13:00: nobody has, call now."
    ]
    with pytest.raises(Conflict, match=board.account_id):
        board.office.do("assign_call", **path, account_id=board.account_id)
    assert board.office.do("list_calls", is_assigned=False)["items"] == []


def test_a_number_of_several_accounts_is_nobodys(board: Switchboard) -> None:
    other = board.office.account()["account_id"]
    contact_id = board.add_contact(other, PHONE)
    assert board.ring()["account_id"] is None
    board.office.do("end_contact", contact_id=contact_id)
    board.office.moment += timedelta(days=1)
    assert board.ring()["account_id"] == board.account_id


def test_whose_call_it_was_may_be_said_at_once(board: Switchboard) -> None:
    said = {"account_id": board.account_id, "contact_id": board.contact_id}
    call = board.ring(None, **said)
    assert (call["phone"], call["contact_id"]) == (None, board.contact_id)
    assert board.reasons()[0].startswith("Ben Hall rang at 2026-01-05 09:00")
    with pytest.raises(Invalid) as refused:
        board.ring(
            None, account_id=board.office.account()["account_id"], contact_id=board.contact_id
        )
    assert refused.value.errors[0]["field"] == "contact_id"
    with pytest.raises(NotFound):
        board.ring(staff_id="stf_01jd3v4q6ye8z9t5k2m7n0p1xa")


def test_what_cannot_be_true_is_refused(board: Switchboard) -> None:
    with pytest.raises(Invalid) as refused:
        board.ring("12345")
    assert refused.value.errors[0]["field"] == "phone"
    with pytest.raises(Invalid) as refused:
        board.ring(rung_at="2026-01-05T10:00:00Z")
    assert refused.value.errors[0]["field"] == "rung_at"


def test_an_answered_call_is_whoevers_who_tells_of_it(board: Switchboard) -> None:
    assert board.ring(answered_at=START.isoformat())["staff_id"] is None
    staff_id = board.office.staff()["staff_id"]
    board.office.caller = Caller(staff_id, frozenset({"*"}), None, staff_id)
    assert board.ring(answered_at=START.isoformat())["staff_id"] == staff_id
    assert board.ring()["staff_id"] == board.owner_id
    assert board.ring(staff_id=staff_id)["staff_id"] == staff_id


def test_calls_are_listed_the_newest_first(board: Switchboard) -> None:
    first = board.ring()
    board.office.moment += MINUTE
    second = board.ring(answered_at=board.office.moment.isoformat())

    def found(**filters: Any) -> list[str]:
        page = board.office.do("list_calls", account_id=board.account_id, **filters)
        return [one["call_id"] for one in page["items"]]

    assert found() == [second["call_id"], first["call_id"]]
    assert found(status="answered") == [second["call_id"]]
    assert found(status="missed") == [first["call_id"]]
    assert found(status="called_back") == []
    assert found(limit=1) == [second["call_id"]]


def test_figures_are_by_person_and_hour(board: Switchboard) -> None:
    board.office.moment = START + timedelta(hours=30)
    for seconds in (4, 8, 12, 60):
        rung_at = START + timedelta(minutes=seconds)
        answered_at = (rung_at + timedelta(seconds=seconds)).isoformat()
        who = {"staff_id": board.owner_id, "answered_at": answered_at}
        board.ring(rung_at=rung_at.isoformat(), **who)
    for minutes in (5, 6):
        call = board.ring(rung_at=(START + minutes * MINUTE).isoformat())
        if minutes == 5:
            board.office.do("call_back", call_id=call["call_id"], at=(START + HOUR).isoformat())
    board.ring("+44 20 7946 0999", rung_at=(START - MINUTE).isoformat())
    board.ring(rung_at=(START - timedelta(days=1)).isoformat())  # of another day
    figures = board.office.do("report_calls", since="2026-01-05", until="2026-01-05")
    nobodys = {
        "staff_id": None,
        "staff_name": None,
        "hour": 8,
        "calls": 1,
        "answered": 0,
        "missed": 1,
    }
    nobodys |= {"called_back_in_time": 0, "seconds_median": None, "seconds_90th": None}
    owners = {"staff_id": board.owner_id, "staff_name": "Ada Manager", "hour": 9, "calls": 5}
    owners |= {"answered": 3, "missed": 2, "called_back_in_time": 1}
    owners |= {"seconds_median": 8, "seconds_90th": 12}
    tens = owners | {"hour": 10, "calls": 1, "answered": 1, "missed": 0, "called_back_in_time": 0}
    tens |= {"seconds_median": 60, "seconds_90th": 60}
    assert figures["items"] == [owners, tens, nobodys]
    with pytest.raises(Invalid, match="Name a day from 2026-01-05"):
        board.office.do("report_calls", since="2026-01-05", until="2026-01-04")
