"""Who covers, who helps, and how a book goes over, by HTTP and the manual clock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import orjson
import pytest
from pypdf import PdfReader

from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server

SCOPES = [
    *("accounts:read", "accounts:write", "billing:read", "billing:write"),
    *("collections:read", "sales:read", "admin"),
]


class House:
    """A lead with two account managers, the one of whom has accounts."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.lead = self.hire("lead")
        self.ada, self.ben = (self.hire("account_manager", self.lead) for _ in range(2))
        self.accounts = [firm.open_account(owner_id=self.ada) for _ in range(3)]
        self.invoice = firm.invoice(self.accounts[0], 10000)
        firm.wait()

    def hire(self, role: str, reports_to_id: str | None = None) -> str:
        number = len(list(self.firm.client.list("/v1/staff")))
        person = {"name": f"Person {number}", "email": f"person{number}@firm.example"}
        sent = {**person, "role": role, "reports_to_id": reports_to_id}
        return str(self.firm.client.post("/v1/staff", sent)["staff_id"])

    def key_of(self, staff_id: str) -> Client:
        """The gateway as somebody's key has it."""
        sent = {"name": "Somebody's", "scopes": SCOPES, "staff_id": staff_id}
        key = self.firm.client.post("/v1/api-keys", sent)
        return self.firm.client.as_holder_of(key["key"])

    def path(self, number: int = 0) -> str:
        return f"/v1/accounts/{self.accounts[number]['account_id']}"

    def sees(self, client: Client) -> bool:
        """Whether somebody sees the first account, the same in every service."""
        pages = [self.path(), f"{self.path()}/balance", f"{self.path()}/standing"]
        pages += [f"{self.path()}/dunning-procedure", f"/v1/invoices/{self.invoice['invoice_id']}"]
        [found] = {_answers(lambda page=page: client.get(page)) for page in pages}
        return found

    def owner(self, number: int) -> str:
        return str(self.firm.client.get(self.path(number))["owner_id"])


def _answers(ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except Refused as refused:
        return refused.status != 404
    return True


@pytest.fixture
def house(firm: Firm) -> House:
    return House(firm)


def test_i_am_ill_and_somebody_covers_from_tomorrow(house: House) -> None:
    firm, ada, ben = house.firm, house.key_of(house.ada), house.key_of(house.ben)
    assert not house.sees(ben)
    tomorrow = firm.today + timedelta(days=1)
    days = {"from_on": str(tomorrow), "until_on": str(tomorrow + timedelta(days=1))}
    sent = {"staff_id": house.ada, "delegate_id": house.ben, "reason": "Flu.", **days}
    with pytest.raises(Refused, match="staff_not_below"):
        ben.post("/v1/absences", sent)
    absence = ada.post("/v1/absences", sent)
    mine = {**sent, "staff_id": house.lead, "delegate_id": house.ada}
    with pytest.raises(Refused, match="delegate_away"):
        firm.client.post("/v1/absences", mine)
    assert not house.sees(ben)
    firm.wait(days=1)
    assert house.sees(ben)
    assert ben.post(f"{house.path()}/contacts", _CONTACT)["name"] == "Jutta"
    assert house.owner(0) == house.ada
    firm.wait(days=2)
    assert not house.sees(ben)
    path = f"/v1/absences/{absence['absence_id']}"
    assert firm.client.get(path)["status"] == "ended"


_CONTACT = {"name": "Jutta", "email": "jutta@client.example", "roles": ["payer"]}


def test_who_only_sees_reads_in_every_service_and_changes_nothing(house: House) -> None:
    firm, ben = house.firm, house.key_of(house.ben)
    sent = {"staff_id": house.ada, "delegate_id": house.ben, "reason": "Ill.", "may": "see"}
    firm.client.post("/v1/absences", {**sent, "until_on": str(firm.today)})
    firm.wait()
    assert house.sees(ben)
    with pytest.raises(Refused, match="only_seen"):
        ben.post(f"{house.path()}/contacts", _CONTACT)
    money = {"account_id": house.accounts[0]["account_id"], "currency": "EUR", "amount": 100}
    money |= {"value_date": str(firm.today), "method": "transfer"}
    with pytest.raises(Refused, match="only_seen"):
        ben.post("/v1/payments", money)


def test_helpers_and_a_team_see_an_account_and_the_owner_looks(house: House) -> None:
    firm = house.firm
    trainee, member = house.hire("assistant"), house.hire("account_manager")
    helping = house.key_of(trainee)
    sent = {"staff_id": trainee, "purpose": "Learns."}
    help_ = house.key_of(house.ada).post(f"{house.path()}/helpers", sent)
    team = firm.client.post("/v1/teams", {"name": f"Team of {member}"})
    firm.client.post(f"/v1/teams/{team['team_id']}/members", {"staff_id": member})
    given = {"team_id": team["team_id"], "purpose": "Too large for one."}
    firm.client.post(f"{house.path()}/team", given)
    firm.wait()
    assert house.sees(helping) and house.sees(house.key_of(member))

    item = firm.client.post(f"{house.path(1)}/helpers", sent)
    assert item["needs_look"]
    prospect = firm.open_prospect(owner_id=house.ada)
    path = f"/v1/accounts/{prospect['account_id']}"
    firm.client.post(f"{path}/begin-onboarding")
    help_ = firm.client.post(f"{path}/helpers", sent)
    asked = helping.post(f"{path}/checklist-items", {"name": "A check"})
    helping.post(f"/v1/checklist-items/{asked['checklist_item_id']}/waive", {"reason": "No."})
    firm.wait()
    assert firm.client.get(f"{path}/helpers")["items"][0]["to_look_at"] == 1
    looked = house.key_of(house.ada).post(f"/v1/helpers/{help_['sharing_id']}/looked-at")
    assert (looked["to_look_at"], looked["looked_at_by"]) == (0, house.ada)


def test_i_leave_and_my_book_goes_over_account_by_account(house: House) -> None:
    firm, ada, ben = house.firm, house.key_of(house.ada), house.key_of(house.ben)
    with pytest.raises(Refused, match="staff_owns_accounts"):
        firm.client.post(f"/v1/staff/{house.ada}/leave")
    sent = {"from_id": house.ada, "to_id": house.ben, "reason": "Leaves."}
    by_on = str(firm.today + timedelta(days=7))
    with pytest.raises(Refused, match="staff_not_below"):
        ben.post("/v1/hand-overs", {**sent, "by_on": by_on})
    path = f"/v1/hand-overs/{ada.post('/v1/hand-overs', {**sent, 'by_on': by_on})['hand_over_id']}"
    for verb, status in (("pack", "packed"), ("offer", "offered")):
        ada.post(f"{path}/{verb}")
        firm.wait()
        assert ada.get(path)["accounts"] == {status: 3}

    assert house.sees(ben) and house.owner(0) == house.ada
    first, second, third = (one["account_id"] for one in house.accounts)
    pack = ben.get(f"{path}/accounts/{first}/pack")
    assert hashlib.sha256(orjson.dumps(pack["pack"])).hexdigest() == pack["sha256"]
    assert pack["pack"]["balances"][0]["balance"] == "100.00 EUR"
    paper = ben.send("GET", f"{path}/accounts/{first}/pack.pdf").body
    assert pack["sha256"] in PdfReader(BytesIO(paper)).pages[0].extract_text()

    with pytest.raises(Refused, match="staff_not_below"):
        ada.post(f"{path}/accept", {"accounts": [first]})
    ben.post(f"{path}/accept", {"accounts": [first]})
    missing = {"accounts": [second], "missing": "No contact who pays."}
    ben.post(f"{path}/return", missing)
    assert [house.owner(n) for n in range(3)] == [house.ben, house.lead, house.ada]
    ben.post(f"{path}/accept")
    firm.wait()
    assert (firm.client.get(path)["status"], house.owner(2)) == ("completed", house.ben)
    assert not house.sees(ada) and house.sees(ben)
    told = [one["summary"] for one in firm.client.list(f"{house.path(1)}/timeline")]
    assert "Returned by the successor: No contact who pays." in told
    assert third in {one["account_id"] for one in ben.list("/v1/accounts")}
    assert firm.client.post(f"/v1/staff/{house.ada}/leave")["is_active"] is False
