"""A month of an account manager's life, from the first call to the hand-over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.firm import Firm
from tests.scenarios.test_remedies import Office

pytestmark = pytest.mark.server

DUBLIN = ZoneInfo("Europe/Dublin")
PHONE = "+353871230000"


class Month(Office):
    """What Max does on his days, by the list, the phone and the account at a glance."""

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        eve = {
            "phones": [{"kind": "mobile", "number": PHONE}],
            "roles": ["payer", "decision_maker"],
        }
        self.manager.patch(f"/v1/contacts/{self.contact['contact_id']}", eve)
        self.first_on = firm.today

    def morning(self) -> dict[str, Any]:
        """The list of the day."""
        return dict(self.manager.get("/v1/worklist", staff_id=self.manager_id))

    def line(self) -> dict[str, Any]:
        """The client's line on the list; there is one however many reasons there are."""
        [line] = self.morning()["items"]
        assert line["account_id"] == self.account["account_id"]
        return dict(line)

    def kinds(self) -> set[str]:
        return {reason["kind"] for reason in self.line()["reasons"]}

    def done(self, **said: Any) -> dict[str, Any]:
        """Say what came of it."""
        item_id = self.line()["worklist_item_id"]
        return dict(self.manager.post(f"/v1/worklist/{item_id}/done", said))

    def glance(self) -> dict[str, Any]:
        return dict(self.manager.get(f"{self.path}/glance"))

    def at(self, days: int) -> str:
        day = self.firm.today + timedelta(days=days)
        return datetime.combine(day, time(10), DUBLIN).isoformat()


def take_the_call(office: Month) -> str:
    """The phone rings: who is it, and what is open there? It is written down in one request, with what is
    to be done next, which is answered."""
    account_id = office.account["account_id"]
    [ringing] = office.manager.get(f"/v1/callers/{PHONE}")["items"]
    assert ringing["contacts"][0]["name"] == "Eve Black"
    assert ringing["balances"][0]["open"]["amount"] == office.invoice["total"]
    said = {"kind": "call", "direction": "in", "outcome": "reached", "minutes": 7}
    said |= {"note": "Two of the lamps came broken.", "promise": "We look into it today."}
    step = {"kind": "call", "at": office.at(1), "subject": "What became of the lamps?"}
    said |= {"account_id": account_id, "contact_ids": [office.contact["contact_id"]]}
    call = office.manager.post("/v1/activities/log", {**said, "next_step": step})
    assert call["created"]["subject"] == "What became of the lamps?"
    return str(call["created"]["activity_id"])


def settle_the_complaint(office: Month) -> None:
    """What went wrong is made good within my authority, once, and confirmed."""
    case = office.complain()
    office.give(case, "credit", **office.lamps("1", 4000))
    office.firm.wait()
    confirmed = {"contact_id": office.contact["contact_id"], "satisfaction": 5}
    office.manager.post(f"{case}/confirm", confirmed)
    assert office.manager.post(f"{case}/close", {})["status"] == "closed"
    assert office.glance()["open_cases"] == []


def sell_more(office: Month, activity_id: str) -> None:
    """The promised call is made, and they want more: the complaint becomes an upsell."""
    firm = office.firm
    firm.wait(2)
    assert office.kinds() == {"visit_due"}
    held = {"outcome": "wants_offer", "minutes": 12, "note": "They like how it was settled."}
    office.manager.post(f"/v1/activities/{activity_id}/hold", held)
    order = firm.order(office.account, TEA=2)
    firm.wait()
    assert office.morning()["items"] == []
    assert [one["number"] for one in office.glance()["orders"]] == [order["number"]]
    firm.ship(order)


def be_paid(office: Month) -> None:
    """They do not pay in time: the list says whom, why, how much, and at which number; they promise. The
    money comes: nothing is left to be done about it, and the list of the day says so."""
    firm = office.firm
    firm.wait(15)
    line = office.line()
    assert office.kinds() == {"overdue"}
    assert line["at_stake"][0]["amount"] > 0
    assert (line["contact"]["name"], line["time_zone"]) == ("Eve Black", "Europe/Dublin")
    assert [one["bucket"] for one in office.glance()["balances"][0]["ageing"]] == ["1-30"]
    step = {"kind": "call", "at": office.at(3), "subject": "Is the money there?"}
    item = office.done(outcome="will_pay", note="Transfers on Friday.", next_step=step)
    assert item["outcomes"][0]["next_activity_id"]
    assert office.morning()["items"] == []
    place = office.manager.get(f"{office.path}/worklist-place")
    assert "rests after a contact until" in place["because"]
    firm.pay(office.account, office.glance()["balances"][0]["open"]["amount"])
    assert [one["kind"] for one in office.morning()["settled"]] == ["overdue"]


def hand_the_book_over(office: Month) -> str:
    """I am away, and somebody covers; then the book goes over, with a pack a stranger can work from."""
    firm, account_id = office.firm, office.account["account_id"]
    successor = office._hire("Nora New", "account_manager", office.lead_id)
    nora = office._key_of(successor)
    away = {"staff_id": office.manager_id, "delegate_id": successor, "reason": "Away."}
    tomorrow = str(firm.today + timedelta(days=1))
    office.manager.post("/v1/absences", {**away, "from_on": tomorrow, "until_on": tomorrow})
    firm.wait(1)
    assert office.glance()["owner"]["cover"]["name"] == "Nora New"
    assert nora.get(f"{office.path}/glance")["account"]["account_id"] == account_id
    sent = {"from_id": office.manager_id, "to_id": successor, "reason": "Max goes to sales."}
    book = office.manager.post("/v1/hand-overs", {**sent, "by_on": str(firm.today)})
    path = f"/v1/hand-overs/{book['hand_over_id']}"
    for verb in ("pack", "offer"):
        office.manager.post(f"{path}/{verb}")
        firm.wait()
    pack = nora.get(f"{path}/accounts/{account_id}/pack")["pack"]
    assert [one["subject"] for one in pack["next_activities"]] == ["Is the money there?"]
    nora.post(f"{path}/accept")
    firm.wait(1)
    return successor


def test_a_month_from_the_first_call_to_the_hand_over(firm: Firm) -> None:
    office = Month(firm)
    assert office.morning()["items"] == []
    next_activity_id = take_the_call(office)
    settle_the_complaint(office)
    sell_more(office, next_activity_id)
    be_paid(office)
    successor = hand_the_book_over(office)
    assert firm.client.get(office.path)["owner_id"] == successor

    # Nothing got lost on the way, and the whole story is there.
    period = {"first_on": str(office.first_on), "last_on": str(firm.today)}
    figures = firm.client.get("/v1/worklist-figures", **period)
    ended = figures["done"] + figures["settled"]
    assert figures["open_before"] + figures["opened"] == ended + figures["open_after"]
    team = office.lead.get("/v1/team-worklist", staff_id=office.lead_id)
    assert {one["name"] for one in team["people"]} == {"Lou Lead", "Max Manager", "Nora New"}
    story = firm.timeline(office.account)
    assert {"case_closed", "remedy_executed", "worklist_item_done", "hand_over_accepted"} <= {
        *story
    }
