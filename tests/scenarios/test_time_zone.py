"""A firm far from Greenwich: its days begin and end where it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dev import servers as development_servers
from ops.client import Client, Refused
from tests.migrated import MigratedSystem, make_migrated
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server

AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.fixture(scope="module")
def auckland() -> Iterator[Firm]:
    """A firm in New Zealand, where it is 13 hours later than in Greenwich in March."""
    name = f"auckland{os.getpid()}"
    environment = {"STEWARD_TIME_ZONE": "Pacific/Auckland"}
    with MigratedSystem(servers=make_migrated(name), environment=environment) as system:
        yield Firm(Client(system.url, system.api_key), system.mailbox)
    development_servers.drop_instance(name)


def test_what_was_paid_today_is_entered_today(auckland: Firm) -> None:
    client, account = auckland.client, auckland.open_account()
    client.move_clock(datetime.fromisoformat("2026-03-04T22:00+00:00"))
    payment = {
        "account_id": account["account_id"],
        "currency": "EUR",
        "amount": 1000,
        "method": "cash",
    }
    with pytest.raises(Refused, match="in_the_future"):
        client.post("/v1/payments", {**payment, "value_date": "2026-03-06"})
    paid = client.post("/v1/payments", {**payment, "value_date": "2026-03-05"})
    assert paid["value_date"] == "2026-03-05"


def test_an_invoice_is_of_the_day_it_is_there_and_its_letter_leaves_in_the_morning_there(
    auckland: Firm,
) -> None:
    client = auckland.client
    client.move_clock(datetime.fromisoformat("2026-03-08T09:00+00:00"))
    account = auckland.open_account(net_days=1)
    client.move_clock(datetime.fromisoformat("2026-03-08T22:00+00:00"))  # 11:00 on the 9th
    line = {"description": "Advice", "quantity": "1", "unit_price": 5000, "tax_percent": "0"}
    draft = {"account_id": account["account_id"], "currency": "EUR", "lines": [line]}
    invoice = client.post("/v1/invoices", draft)
    issued = client.post(f"/v1/invoices/{invoice['invoice_id']}/issue")
    assert issued["issued_on"] == "2026-03-09"
    assert [item["due_date"] for item in issued["items"]] == ["2026-03-10"]
    client.move_clock(datetime.fromisoformat("2026-04-07T00:00+00:00"))  # summer has ended there
    sent = [datetime.fromisoformat(one["sent_at"]) for one in auckland.letters(account)]
    assert {(one.hour, one.minute) for one in (day.astimezone(AUCKLAND) for day in sent)} == {
        (6, 0)
    }
