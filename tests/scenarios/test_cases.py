"""A complaint from its receipt to its end: over a weekend, a holiday and a night, in our hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from ops.client import Client, Refused
from tests.scenarios.firm import Firm
from tests.scenarios.test_company import COMPANY

pytestmark = pytest.mark.server

BERLIN = ZoneInfo("Europe/Berlin")
SEATS = ("DE", "AR", "AU", "CA", "CO", "GB", "IE", "JP", "MX", "NZ", "US", "ZA")


class Office:
    """A lead, a manager below, and a client of hers; the clock in Berlin."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.client = firm, firm.client
        self.client.put("/v1/company", COMPANY)
        self.lead = self._hire("Lea Lead", "lead", None)
        self.manager = self._hire("Mia Manager", "account_manager", self.lead)
        self.account = firm.open_account(owner_id=self.manager)
        path = f"/v1/accounts/{self.account['account_id']}/contacts"
        eve = {"name": "Eve Black", "roles": ["shipping"], "email": "eve@example.com"}
        self.contact = self.client.post(path, eve)

    def _hire(self, name: str, role: str, reports_to_id: str | None) -> str:
        email = f"{name.split()[0].lower()}@firm.example"
        sent = {"name": name, "email": email, "role": role, "reports_to_id": reports_to_id}
        return str(self.client.post("/v1/staff", sent)["staff_id"])

    def go_to(self, day: date, hour: int, minute: int) -> None:
        self.client.move_clock(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN))

    def settle(self) -> None:
        """Let arrive what is on its way."""
        self.client.move_clock(self.client.read_clock())

    def on_the_list(self) -> list[str]:
        """Why the manager is to contact her client about a case, in words."""
        items = self.client.get("/v1/worklist", staff_id=self.manager, limit=500)["items"]
        reasons = [one for item in items for one in item["reasons"]]
        return [one["sentence"] for one in reasons if one["kind"] == "case_waiting"]


def long_weekend(today: date) -> tuple[str, date]:
    """The next Friday that is worked on before a Monday that is a public holiday, and the country where
    it is: in one country a year may go by without, and every day of it would be played."""
    free = {country: holidays.country_holidays(country) for country in SEATS}
    fridays = (
        day for day in (today + timedelta(days=n) for n in range(1, 400)) if day.weekday() == 4
    )
    return next(
        (country, friday)
        for friday in fridays
        for country, of_country in free.items()
        if [friday + timedelta(days=n) in of_country for n in (0, 3, 4, 5)]
        == [False, True, False, False]
    )


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


def due(client: Client, path: str, clock: str) -> datetime | None:
    [one] = [one for one in client.get(path)["clocks"] if one["clock"] == clock]
    return None if one["due_at"] is None else datetime.fromisoformat(one["due_at"])


def open_complaint(office: Office) -> str:
    """The path of the complaint about an order; a second one about it is shown the first."""
    order = office.firm.order(office.account, LAMP=3)
    country, friday = long_weekend(office.firm.today)
    office.client.put("/v1/company", COMPANY | {"country": country})
    office.go_to(friday, 15, 30)
    about = {"kind": "order", "id": order["order_id"], "number": order["number"]}
    sent = {"account_id": office.account["account_id"], "kind": "complaint", "about": about}
    sent |= {"subject": "Two of the lamps came broken.", "contact_id": office.contact["contact_id"]}
    case = office.client.post("/v1/cases", sent, key="the-complaint")
    assert office.client.post("/v1/cases", sent, key="the-complaint") == case
    with pytest.raises(Refused) as refused:
        office.client.post("/v1/cases", sent)
    assert refused.value.problem["cases"][0]["number"] == case["number"]
    return f"/v1/cases/{case['case_id']}"


def solve(office: Office, path: str) -> None:
    client = office.client
    client.post(f"{path}/acknowledge", {"problem": "Two of three lamps arrived broken."})
    office.settle()
    assert office.on_the_list() == []
    causes = {one["name"]: one["case_cause_id"] for one in client.list("/v1/case-causes")}
    cause = {"case_cause_id": causes["Damaged on its way"], "product": "LAMP"}
    client.post(f"{path}/diagnose", cause)
    client.post(f"{path}/propose", {"proposal": "Two new lamps."})
    client.post(f"{path}/accept")
    client.post(f"{path}/execute")
    confirmed = {"contact_id": office.contact["contact_id"], "satisfaction": 4}
    client.post(f"{path}/confirm", confirmed)
    assert client.post(f"{path}/close")["status"] == "closed"
    outcomes = {one["clock"]: one["outcome"] for one in client.get(path)["clocks"]}
    assert outcomes == {"first_response": "missed", "update": "met", "solution": "met"}


@pytest.fixture
def office(firm: Firm) -> Iterator[Office]:
    yield Office(firm)
    firm.client.put("/v1/company", COMPANY)


def test_a_complaint_is_answered_solved_and_confirmed(
    firm: Firm, client: Client, office: Office
) -> None:
    path = open_complaint(office)
    number, friday = client.get(path)["number"], firm.today
    tuesday, wednesday = friday + timedelta(days=4), friday + timedelta(days=5)
    assert due(client, path, "first_response") == at(tuesday, 11, 30)

    office.go_to(tuesday, 10, 29)
    assert office.on_the_list() == []
    office.go_to(tuesday, 10, 30)
    waits = f"Complaint {number} waits for its first answer until {tuesday} 11:30."
    assert office.on_the_list() == [waits]

    client.post(f"{path}/wait", {"note": "Which lamps? A photo would help."})
    office.settle()
    assert due(client, path, "first_response") is None
    assert office.on_the_list() == []
    office.go_to(wednesday, 10, 30)
    client.post(f"{path}/resume")
    office.go_to(wednesday, 11, 30)
    [sentence] = office.on_the_list()
    assert sentence.endswith(f"its first answer by {wednesday} 11:30. Lea Lead has been told.")

    solve(office, path)
    office.go_to(wednesday + timedelta(days=7), 9, 0)
    assert office.on_the_list() == []
    told = [name for name in firm.timeline(office.account) if name.startswith("case_")]
    moved = ["case_moved"] * 6
    assert told == ["case_opened", *moved[:2], "case_escalated", *moved, "case_closed"]
    log = list(client.list(f"{path}/states"))
    assert (len(log), log[1]["note"]) == (10, "Which lamps? A photo would help.")
    figures = client.get("/v1/case-figures", **{"from": str(friday), "to": str(friday)})
    [mine] = [one for one in figures["owners"] if one["owner_id"] == office.manager]
    assert (mine["cases"], mine["first_response_missed"], mine["solution_met"]) == (1, 1, 1)
