"""What is late is on the list of who is above, once, until it is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.server


class Firm:
    """Ada's account; Lea is above Ada."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.lea = office.staff(name="Lea", role="lead")["staff_id"]
        self.ada = office.staff(name="Ada", reports_to_id=self.lea)["staff_id"]
        self.ben = office.staff(name="Ben", reports_to_id=self.lea)["staff_id"]
        self.accounts = sorted(
            str(office.account(owner_id=self.ada)["account_id"]) for _ in range(2)
        )

    def kinds(self, staff_id: str) -> list[str]:
        """Why accounts are on somebody's list."""
        self.office.hear_itself()
        items = self.office.do("get_worklist", staff_id=staff_id)["items"]
        return sorted(reason["kind"] for item in items for reason in item["reasons"])

    def sentences(self, staff_id: str) -> list[str]:
        items = self.office.do("get_worklist", staff_id=staff_id)["items"]
        return [reason["sentence"] for item in items for reason in item["reasons"]]

    def settled(self, staff_id: str) -> list[str]:
        found = self.office.do("get_worklist", staff_id=staff_id)["settled"]
        return [one["kind"] for one in found]

    def miss_call(self) -> str:
        rung = {"phone": "+442079460123", "rung_at": self.office.moment.isoformat()}
        return str(self.office.do("record_call", **rung, account_id=self.accounts[0])["call_id"])

    def draft(self) -> str:
        sent = {"from_id": self.ada, "to_id": self.ben, "reason": "Leaves.", "by_on": "2026-01-07"}
        return str(self.office.do("draft_hand_over", **sent)["hand_over_id"])


@pytest.fixture
def firm(office) -> Firm:
    return Firm(office)


def test_a_callback_that_is_late_is_on_the_list_of_who_is_above(firm: Firm) -> None:
    call_id = firm.miss_call()
    assert (firm.kinds(firm.ada), firm.kinds(firm.lea)) == (["callback"], [])
    firm.office.pass_until(firm.office.moment + timedelta(days=3))
    assert (firm.kinds(firm.ada), firm.kinds(firm.lea)) == (["callback"], ["callback"])
    assert "nobody has, call now" in firm.sentences(firm.lea)[0]
    firm.office.do("call_back", call_id=call_id)
    assert (firm.kinds(firm.ada), firm.kinds(firm.lea)) == ([], [])
    assert firm.settled(firm.lea) == ["callback"]


def test_what_its_owner_has_put_off_is_told_above_all_the_same(firm: Firm) -> None:
    firm.miss_call()
    firm.kinds(firm.ada)
    [item] = firm.office.do("get_worklist", staff_id=firm.ada)["items"]
    later = {"worklist_item_id": item["worklist_item_id"], "until": "2026-01-30"}
    firm.office.do("snooze_worklist_item", **later)
    firm.office.pass_until(firm.office.moment + timedelta(days=3))
    assert firm.kinds(firm.lea) == ["callback"]


def test_without_anybody_above_it_is_on_the_owners_list_alone(firm: Firm) -> None:
    firm.office.do("edit_staff", staff_id=firm.ada, reports_to_id=None)
    firm.miss_call()
    firm.office.pass_until(firm.office.moment + timedelta(days=3))
    assert (firm.kinds(firm.ada), firm.kinds(firm.lea)) == (["callback"], [])


def test_a_hand_over_that_should_be_over_is_told_above_once(firm: Firm) -> None:
    hand_over_id = firm.draft()
    firm.office.pass_until(datetime(2026, 1, 8, 4, 59, tzinfo=UTC))
    assert firm.kinds(firm.lea) == []
    firm.office.pass_until(datetime(2026, 1, 8, 9, tzinfo=UTC))
    assert firm.kinds(firm.lea) == ["hand_over_late"]
    assert firm.sentences(firm.lea) == [
        "Ada's hand-over to Ben was to be done by 2026-01-07: 2 accounts still wait."
    ]
    for verb in ("pack_hand_over", "offer_hand_over"):
        firm.office.do(verb, hand_over_id=hand_over_id)
        firm.office.pass_until(firm.office.moment)
    assert "contact_due" not in firm.office.announced()
    of_it = {"hand_over_id": hand_over_id}
    firm.office.do("accept_accounts", **of_it, accounts=firm.accounts[:1])
    assert firm.kinds(firm.lea) == ["hand_over_late"]  # the other one still waits
    firm.office.do("accept_accounts", **of_it, accounts=firm.accounts[1:])
    assert firm.kinds(firm.lea) == []
    assert firm.settled(firm.lea) == ["hand_over_late"] * 2


def test_a_hand_over_that_was_ended_in_time_is_no_reason(firm: Firm) -> None:
    firm.office.do("cancel_hand_over", hand_over_id=firm.draft())
    firm.office.pass_until(datetime(2026, 1, 9, 9, tzinfo=UTC))
    assert firm.kinds(firm.lea) == []


def test_a_hand_over_that_is_cancelled_late_is_none_any_more(firm: Firm) -> None:
    hand_over_id = firm.draft()
    firm.office.pass_until(datetime(2026, 1, 9, 9, tzinfo=UTC))
    assert firm.kinds(firm.lea) == ["hand_over_late"]
    firm.office.do("cancel_hand_over", hand_over_id=hand_over_id)
    firm.office.pass_until(firm.office.moment)
    assert firm.kinds(firm.lea) == []


def test_a_case_that_is_over_its_time_is_on_the_list_of_who_is_above(firm: Firm) -> None:
    case = {"account_id": firm.accounts[0], "kind": "complaint", "subject": "Broken lamps."}
    firm.office.do("open_case", **case)
    firm.office.pass_until(firm.office.moment + timedelta(days=30))
    assert firm.kinds(firm.lea) == firm.kinds(firm.ada) == ["case_waiting"]
