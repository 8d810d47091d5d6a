"""What is about a member of staff is for them, whoever stands in for them and those above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chassis.contract import Endpoint, Reach
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from tests.services.client import Client

pytestmark = pytest.mark.server

PROFILE = {"name": "Brown Ltd", "country": "IE", "currency": "EUR", "language": "en"}
PROFILE |= {"time_zone": "Europe/Dublin", "net_days": 14, "credit_limit": None}
PROFILE |= {"email": "ap@b.example"}


class Firm:
    """Ada, to whose lead a colleague reports too, with an absence and a hand-over; and Ben, their other
    side."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.lead = self._hire()
        self.ada, self.colleague = self._hire(self.lead), self._hire(self.lead)
        self.ben = self._hire()
        for _ in range(2):
            client.call("open_account", **PROFILE, owner_id=self.ada)
        absence = {"staff_id": self.ada, "delegate_id": self.ben, "reason": "Ill."}
        self.absence = absence | {"until_on": "2026-03-20"}
        self.hand_over = {"from_id": self.ada, "to_id": self.ben, "reason": "Leaves."}
        self.hand_over |= {"by_on": "2050-01-01"}

    def _hire(self, reports_to_id: str | None = None) -> str:
        person = {"name": "Somebody", "email": f"{new_id('mail')}@steward.example"}
        sent = {**person, "role": "account_manager", "reports_to_id": reports_to_id}
        return str(self.client.call("add_staff", **sent)["staff_id"])

    def refusal(self, who: str, endpoint: str, **values: Any) -> str | None:
        """The code with which somebody is refused."""
        caller = Caller(who, frozenset({"*"}), None, who)
        try:
            self.client.call(endpoint, caller=caller, **values)
        except Refusal as refusal:
            return refusal.code
        return None


@pytest.fixture
def firm(modules_client: Client) -> Iterator[Firm]:
    with modules_client.undoing():
        yield Firm(modules_client)


Sent = Callable[[Firm], dict[str, Any]]


def of_absence(firm: Firm) -> dict[str, Any]:
    return {"absence_id": firm.client.call("plan_absence", **firm.absence)["absence_id"]}


def of_hand_over(firm: Firm) -> dict[str, Any]:
    drafted = firm.client.call("draft_hand_over", **firm.hand_over)
    return {"hand_over_id": drafted["hand_over_id"]}


OF_ADA: dict[str, Sent] = {
    "plan_absence": lambda firm: firm.absence,
    "extend_absence": lambda firm: of_absence(firm) | {"until_on": "2050-01-01"},
    "end_absence": of_absence,
    "cancel_absence": of_absence,
    "draft_hand_over": lambda firm: firm.hand_over,
    "get_hand_over": of_hand_over,
    "get_diary": lambda firm: {"staff_id": firm.ada},
    "list_hand_overs": lambda firm: {"staff_id": firm.ada},
    "pack_hand_over": of_hand_over,
    "offer_hand_over": of_hand_over,
    "cancel_hand_over": of_hand_over,
}
OF_BEN: dict[str, Sent] = {
    "accept_accounts": of_hand_over,
    "return_accounts": lambda firm: of_hand_over(firm) | {"missing": "All."},
}


def test_every_endpoint_about_a_person_is_walked(firm: Firm) -> None:
    contracts = firm.client.contracts(Endpoint).items()
    about_people = {name for name, contract in contracts if contract.reach is Reach.STAFF}
    assert about_people == {*OF_ADA, *OF_BEN}


@pytest.mark.parametrize("endpoint", OF_ADA)
def test_what_is_hers_is_for_her_and_her_lead(firm: Firm, endpoint: str) -> None:
    sent = OF_ADA[endpoint](firm)
    assert firm.refusal(firm.colleague, endpoint, **sent) == "staff_not_below"
    for who in (firm.ada, firm.lead):
        with firm.client.undoing():
            assert firm.refusal(who, endpoint, **sent) != "staff_not_below"


@pytest.mark.parametrize("endpoint", OF_BEN)
def test_what_is_offered_is_for_whom_it_is_offered_to(firm: Firm, endpoint: str) -> None:
    sent = OF_BEN[endpoint](firm)
    assert firm.refusal(firm.ada, endpoint, **sent) == "staff_not_below"
    assert firm.refusal(firm.ben, endpoint, **sent) != "staff_not_below"


def test_both_sides_read_a_hand_over(firm: Firm) -> None:
    sent = of_hand_over(firm)
    assert firm.refusal(firm.ben, "get_hand_over", **sent) is None


def test_who_stands_in_does_what_is_hers(firm: Firm) -> None:
    firm.client.call("plan_absence", **firm.absence)
    assert firm.refusal(firm.ben, "draft_hand_over", **firm.hand_over) is None
