"""Who does not pay is reminded, held, handed over, and let go when the money comes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ops.client import Refused

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def brisk_procedure(firm) -> str:
    """A procedure that comes to its end in four days."""
    letter = {"subject": "{total} overdue", "opening": "Please pay.", "closing": "Thank you."}
    levels = [
        {"name": f"Letter {day}", "delay_days": day, "letters": {"en": letter}} for day in (1, 2)
    ]
    levels[-1]["holds_orders"] = True
    procedure = {"name": "Brisk", "levels": levels, "hand_over_days": 3, "is_automatic": True}
    return firm.client.post("/v1/dunning-procedures", procedure)["procedure_id"]


def open_brisk_account(firm, procedure_id: str) -> dict[str, object]:
    """An account whose invoices are due at once and whose letters come day by day."""
    account = firm.open_account(net_days=0)
    path = f"/v1/accounts/{account['account_id']}/dunning-procedure"
    firm.client.put(path, {"procedure_id": procedure_id})
    return account


def test_a_late_payer_is_reminded_held_and_released_by_paying(firm, client) -> None:
    account = firm.open_account(net_days=4)
    firm.ship(firm.order(account, TEA=1))
    drafted = client.post("/v1/shipments", {"order_id": firm.order(account, LAMP=1)["order_id"]})
    picked = f"/v1/shipments/{drafted['shipment_id']}"
    client.post(f"{picked}/assign")
    [invoice] = firm.invoices(account)
    due = firm.today + timedelta(days=4)
    firm.wait(4 + 40)
    sent = [
        (letter["level"], date.fromisoformat(letter["sent_on"])) for letter in firm.letters(account)
    ]
    assert sent == [(level, due + timedelta(days)) for level, days in enumerate((-3, 5, 20, 40))]
    mails = firm.mailbox.list_messages(to=account["email"])
    assert len(mails) == 4
    assert all(invoice["number"] in mail.as_string() for mail in mails)

    order = firm.draft_order(account, LAMP=1)
    with pytest.raises(Refused, match="credit_hold"):
        client.post(f"{picked}/pick")
    with pytest.raises(Refused) as refused:
        client.post(f"/v1/orders/{order['order_id']}/confirm")
    assert refused.value.code == "credit_hold"

    firm.pay(account, 11900)
    [hold] = client.list("/v1/credit-holds", account_id=account["account_id"])
    assert hold["lifted_at"] is not None
    assert client.post(f"/v1/orders/{order['order_id']}/confirm")["status"] == "confirmed"
    assert client.post(f"{picked}/pick")["status"] == "picked"


def test_a_hopeless_debt_is_handed_over_returned_proposed_again_accepted_and_cured(
    firm, client, brisk_procedure
) -> None:
    account = open_brisk_account(firm, brisk_procedure)
    invoice = firm.invoice(account, 25000)
    firm.wait(4)
    [placement] = client.list("/v1/placements", account_id=account["account_id"])
    assert (placement["status"], placement["amount"]) == ("proposed", 25000)
    path = f"/v1/placements/{placement['placement_id']}"
    package = client.get(path)["package"]
    assert [item["invoice_number"] for item in package["items"]] == [invoice["number"]]
    assert [notice["level"] for notice in package["notices"]] == [1, 2]

    client.post(f"{path}/return", {"reason": "The signed contract is missing."})
    firm.wait()
    worklist = client.get("/v1/worklist", staff_id=firm.owner_id, limit=500)["items"]
    [line] = [one for one in worklist if one["account_id"] == account["account_id"]]
    assert "The signed contract is missing" in str(line["reasons"])

    client.post(f"{path}/propose")
    assert client.post(f"{path}/accept")["status"] == "in_collections"
    letters = len(firm.letters(account))
    firm.wait(3)
    assert len(firm.letters(account)) == letters, "only collections speaks to the client now"

    firm.pay(account, 25000)
    moves = [move["status"] for move in client.get(path)["moves"]]
    assert moves == ["proposed", "returned", "proposed", "in_collections", "cured"]


def test_a_payment_in_time_stops_everything(firm, client, brisk_procedure) -> None:
    account = open_brisk_account(firm, brisk_procedure)
    firm.invoice(account, 7000)
    firm.wait(1)
    assert [letter["level"] for letter in firm.letters(account)] == [1]
    firm.pay(account, 7000)
    firm.wait(4)
    assert [letter["level"] for letter in firm.letters(account)] == [1]
    assert list(client.list("/v1/placements", account_id=account["account_id"])) == []
    assert list(client.list("/v1/credit-holds", account_id=account["account_id"])) == []


def test_why_an_item_was_not_dunned_is_explained_for_every_day(
    firm, client, brisk_procedure
) -> None:
    account = open_brisk_account(firm, brisk_procedure)
    [item] = firm.invoice(account, 7000)["items"]
    due = firm.today
    hold = {"account_id": account["account_id"], "reason": "The goods are being looked at."}
    client.post("/v1/dunning-holds", {**hold, "until_on": str(due + timedelta(days=2))})
    firm.wait(5)

    def explain(days: int) -> tuple[str, str]:
        found = client.get(
            "/v1/dunning-explanations", item_id=item["item_id"], on=due + timedelta(days=days)
        )
        assert found["sentence"]
        return found["outcome"], found.get("reason", "")

    assert explain(1) == ("skipped", "on_hold")
    assert explain(2) == ("skipped", "on_hold")
    assert explain(3) == ("dunned", "due"), "a day later than the two on hold"
    assert explain(5) == ("skipped", "all_levels_sent")
    assert [letter["sent_on"] for letter in firm.letters(account)] == [
        str(due + timedelta(days=days)) for days in (3, 4)
    ]
