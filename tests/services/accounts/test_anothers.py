"""Nobody changes what is another account's: not its people, its checklist or its worklist item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.ids import new_id
from tests.services.anothers import (
    WHO_DOES_NOT,
    WHO_SEES,
    accounts_listed,
    refusal_of,
    require_refused,
)
from tests.services.client import Client

pytestmark = pytest.mark.server

PROFILE = {"name": "Brown Ltd", "country": "IE", "currency": "EUR", "language": "en"}
PROFILE |= {
    "time_zone": "Europe/Dublin",
    "net_days": 14,
    "credit_limit": None,
    "email": "ap@b.example",
}
CREDIT = {
    "kind": "credit",
    "amount": {"amount": 100, "currency": "EUR"},
    "reason": "Broken.",
}


LATER = "2026-04-01T10:00:00Z"
HELD = {"kind": "call", "outcome": "reached", "minutes": 5}
EVERY_WEEK = {"unit": "weeks", "weekday": "monday", "time_of_day": "10:00"}


class Two:
    """Two accounts; the other has a contact, a checklist, activities, calls, something to be done."""

    def __init__(self, client: Client) -> None:
        self.client = client
        person = {"name": "Ada Ross", "email": f"{new_id('mail')}@steward.example"}
        self.owner_id = client.call("add_staff", **person, role="account_manager")["staff_id"]
        self.ours, self.other = self._account("Brown Ltd"), self._account("Other Ltd")
        their = {"account_id": self.other}
        self.contact = client.call(
            "add_contact", **their, name="Eve Black", roles=["payer"], phone="+353 1 234 5678"
        )
        visit = {"kind": "visit", "subject": "Review"}
        self.planned = client.call("plan_activity", **their, **visit, at=LATER)["activity_id"]
        self.held = client.call("log_activity", **their, **HELD)["activity_id"]
        self.series = client.call("begin_series", **their, **visit, **EVERY_WEEK)["series_id"]
        rung = {"rung_at": str(client.now).replace(" ", "T"), "phone": "+353 1 234 5678"}
        self.missed = client.call("record_call", **rung)["call_id"]
        client.call("begin_onboarding", **their)
        self.checklist_item, *_ = client.call("list_checklist_items", **their)["items"]

        case = {"kind": "complaint", "subject": "Broken lamps."}
        self.case = client.call("open_case", **their, **case)
        self.our_case = client.call("open_case", account_id=self.ours, **case)
        self.remedy = self._remedy(case)

    def _remedy(self, case: dict[str, str]) -> Any:
        their = {"account_id": self.other, "is_not_similar": True}
        about = {"case_id": self.client.call("open_case", **their, **case)["case_id"]}
        self.client.call("acknowledge_case", **about, problem="Broken.")
        cause = self.client.call("list_case_causes")["items"][0]["case_cause_id"]
        self.client.call("diagnose_case", **about, case_cause_id=cause)
        return self.client.call("give_remedy", **about, **CREDIT)

    def _account(self, name: str) -> str:
        opened = self.client.call(
            "open_account", **PROFILE | {"name": name}, owner_id=self.owner_id
        )
        return str(opened["account_id"])


THEIRS = {
    "edit_account": lambda two: {"account_id": two.other, "name": "Mine"},
    "change_owner": lambda two: {
        "account_id": two.other,
        "owner_id": two.owner_id,
        "reason": "Mine now.",
    },
    "add_contact": lambda two: {
        "account_id": two.other,
        "name": "Me",
        "roles": [],
        "email": "me@b.example",
    },
    "edit_contact": lambda two: {"contact_id": two.contact["contact_id"], "name": "Me"},
    "end_contact": lambda two: {"contact_id": two.contact["contact_id"]},
    "add_checklist_item": lambda two: {"account_id": two.other, "name": "Passport"},
    "complete_checklist_item": lambda two: {
        "checklist_item_id": two.checklist_item["checklist_item_id"],
        "expires_on": "2030-12-31",
    },
    "open_case": lambda two: {
        "account_id": two.other,
        "kind": "praise",
        "subject": "So quick!",
    },
    **{
        endpoint: lambda two, sent=sent: {"case_id": two.case["case_id"], **sent}
        for endpoint, sent in {
            "get_case": {},
            "list_case_states": {},
            "acknowledge_case": {"problem": "Broken."},
            "note_case": {"note": "Mine."},
            "prioritise_case": {"priority": "low", "note": "Mine."},
            "withdraw_case": {"note": "Mine."},
            "wait_for_client": {"note": "Mine."},
        }.items()
    },
    "give_remedy": lambda two: {"case_id": two.remedy["case_id"], **CREDIT},
    **{
        endpoint: lambda two, sent=sent: {"remedy_id": two.remedy["remedy_id"], **sent}
        for endpoint, sent in {
            "get_remedy": {},
            "approve_remedy": {},
            "decline_remedy": {"reason": "Mine."},
            "withdraw_remedy": {"reason": "Mine."},
            "execute_remedy": {"executed_as": "other"},
            "note_remedy_refused": {"reason": "Mine."},
        }.items()
    },
    "get_goodwill": lambda two: {"account_id": two.other, "currency": "EUR"},
    "reassign_case": lambda two: {"case_id": two.case["case_id"], "owner_id": two.owner_id},
    "plan_activity": lambda two: {
        "account_id": two.other,
        "kind": "visit",
        "subject": "Mine",
        "at": LATER,
    },
    "log_activity": lambda two: {"account_id": two.other, **HELD},
    "hold_activity": lambda two: {
        "activity_id": two.planned,
        "outcome": "reached",
        "minutes": 1,
    },
    "miss_activity": lambda two: {"activity_id": two.planned, "reason": "Mine."},
    "cancel_activity": lambda two: {"activity_id": two.planned, "reason": "Mine."},
    "reschedule_activity": lambda two: {
        "activity_id": two.planned,
        "reason": "Mine.",
        "at": LATER,
    },
    "correct_activity": lambda two: {"activity_id": two.held, "minutes": 1},
    "begin_series": lambda two: {
        "account_id": two.other,
        "kind": "visit",
        "subject": "Mine",
        **EVERY_WEEK,
    },
    "end_series": lambda two: {"series_id": two.series},
    "call_back": lambda two: {"call_id": two.missed},
    "waive_checklist_item": lambda two: {
        "checklist_item_id": two.checklist_item["checklist_item_id"],
        "reason": "Not needed.",
    },
}


@pytest.fixture(scope="module")
def made(modules_client: Client) -> Two:
    return Two(modules_client)


@pytest.fixture
def two(made: Two) -> Iterator[Two]:
    with made.client.undoing():
        yield made


@pytest.mark.parametrize("who", WHO_DOES_NOT)
@pytest.mark.parametrize("endpoint", THEIRS)
def test_what_is_theirs_is_not_there_for_who_sees_ours(two: Two, endpoint: str, who: str) -> None:
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    values: dict[str, Any] = THEIRS[endpoint](two)
    assert require_refused(two.client, endpoint, values, caller=caller).status == 404


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_lists_show_nothing_that_is_theirs(two: Two, who: str) -> None:
    assert two.other in accounts_listed(two.client, two.client.caller)
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    assert accounts_listed(two.client, caller) <= {two.ours}


@pytest.mark.parametrize("who", WHO_SEES)
@pytest.mark.parametrize("endpoint", THEIRS)
def test_what_is_theirs_is_there_for_who_sees_it(two: Two, endpoint: str, who: str) -> None:
    caller = WHO_SEES[who](two.client, two.other)
    refusal = refusal_of(two.client, endpoint, THEIRS[endpoint](two), caller=caller)
    assert refusal is None or refusal.status == 409 or refusal.code == "authority_exceeded"


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_a_case_is_no_duplicate_of_one_that_is_theirs(two: Two, who: str) -> None:
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    values = {"case_id": two.our_case["case_id"], "duplicate_of_id": two.case["case_id"]}
    refusal = require_refused(two.client, "mark_case_duplicate", values, caller=caller)
    assert refusal.code == "case_not_found"


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_who_rings_is_told_of_the_accounts_that_the_caller_sees(two: Two, who: str) -> None:
    rings = {"phone": "+35312345678"}
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    assert two.client.call("get_callers", caller=caller, **rings)["items"] == []
    ours = {"account_id": two.ours, "name": "Ann Brown", "roles": []}
    two.client.call("add_contact", **ours, **rings)
    [found] = two.client.call("get_callers", caller=caller, **rings)["items"]
    assert (found["account_id"], found["latest_contacts"]) == (two.ours, [])
    both = two.client.call("get_callers", **rings)["items"]
    assert {one["account_id"] for one in both} == {two.ours, two.other}
    days = {"since": "2026-03-01", "until": "2026-03-31"}
    assert two.client.call("report_calls", caller=caller, **days)["items"] == []


@pytest.mark.parametrize("who", WHO_SEES)
def test_a_call_of_nobody_is_there_for_who_sees_all(two: Two, who: str) -> None:
    rung = {"rung_at": str(two.client.now).replace(" ", "T"), "phone": "+353 1 999 9999"}
    call = {"call_id": two.client.call("record_call", **rung)["call_id"]}
    caller = WHO_SEES[who](two.client, two.ours)
    for endpoint, more in (("get_call", {}), ("assign_call", {"account_id": two.ours})):
        refusal = refusal_of(two.client, endpoint, call | more, caller=caller)
        assert refusal is not None and refusal.code == "call_not_found"
    assigned = two.client.call("assign_call", **call, account_id=two.ours)
    assert two.client.call("get_call", caller=caller, **call) == assigned
