"""What is given back, charged back and credited, and undone again."""

from __future__ import annotations

import pytest

from ops.client import Refused
from tests.scenarios.test_payments import status

pytestmark = pytest.mark.server


def test_what_is_given_back_and_credited_at_once_is_not_owed_again(firm, client) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 32000)
    payment = firm.pay(account, 32000)
    path = f"/v1/payments/{payment['payment_id']}"
    [allocation] = client.list(f"{path}/allocations")
    again = f"/v1/allocations/{allocation['allocation_id']}/refunds"
    client.post(again, {"amount": 4000, "reason": "Sent back by mistake."})
    assert status(client, invoice) == ("issued", 4000)

    crediting = {"invoice_id": invoice["invoice_id"]}
    asked = {"amount": 500, "reason": "A cup was broken.", "credit": crediting}
    with pytest.raises(Refused) as refused:
        client.post(f"{path}/refunds", asked | {"credit": crediting | {"amount": 400}})
    assert refused.value.code == "refund_not_credited"
    refund = client.post(f"{path}/refunds", asked)
    note = client.get(f"/v1/credit-notes/{refund['crediting_note_id']}")
    assert (note["total"], note["unapplied"], note["invoice_id"]) == (500, 0, invoice["invoice_id"])
    assert status(client, invoice) == ("issued", 4000)
    assert client.get(path)["refunded"] == 4500
    firm.wait()
    assert firm.balance(account) == {"open": 4000, "unapplied": 0, "balance": 4000}

    void = f"/v1/credit-notes/{note['credit_note_id']}/void"
    client.post(void, {"reason": "It was whole."})
    client.post(f"/v1/refunds/{refund['refund_id']}/reverse", {"reason": "It came back."})
    assert status(client, invoice) == ("issued", 4000)
    receipt = client.post(f"{path}/receipt")
    assert [(part["invoice_number"], part["amount"]) for part in receipt["parts"]] == [
        (invoice["number"], 28000)
    ]
    assert client.post(f"{path}/receipt") == client.get(f"{path}/receipt") == receipt


def test_a_chargeback_and_what_the_bank_took_for_it_are_owed_and_asked_for_until_it_is_reversed(
    firm, client
) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 32000)
    payment = firm.pay(account, 7500, method="card")
    path = f"/v1/payments/{payment['payment_id']}"
    charged = client.post(f"{path}/chargeback", {"fee": 800, "reason": "Never ordered."})
    firm.wait()
    assert status(client, invoice) == ("issued", 32000)
    owed = client.list("/v1/receivables", account_id=account["account_id"], status="open")
    assert {item["invoice_number"][:4]: item["balance"] for item in owed} == {
        invoice["number"][:4]: 32000,
        "FEE-": 800,
    }
    undo = f"/v1/payment-reversals/{charged['reversal_id']}/reverse"
    client.post(undo, {"reason": "The bank found for us."})
    firm.wait()
    assert status(client, invoice) == ("issued", 24500)
    assert firm.balance(account) == {"open": 24500, "unapplied": 0, "balance": 24500}
    told = firm.timeline(account)
    assert {"payment_reversed", "fee_posted", "payment_reinstated"} <= set(told)


def test_credit_notes_come_many_at_once_and_no_further_time_under_the_same_key(
    firm, client
) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 10000)
    why = {"reason": "Returned."}
    half = {"position": 1, "quantity": "0.5"}
    line = {"description": "Goodwill", "quantity": "1", "unit_price": 300, "tax_percent": "0"}
    free = {"account_id": account["account_id"], "currency": "EUR", "lines": [line]}
    of_it = {"invoice_id": invoice["invoice_id"], "lines": [half], **why}
    rows = [
        {"on_invoice": of_it},
        {"free": free | why},
        {"on_invoice": of_it},
        {"on_invoice": of_it},
    ]
    path, body = "/v1/credit-note-batches", {"credit_notes": [*rows, {"free": {}}, {}]}
    told = client.post(path, body, key="returns-of-today")
    assert [each.get("code", "issued") for each in told["results"]] == [
        *("issued", "issued", "issued", "exceeds_line"),
        *("invalid_fields", "invoice_or_free"),
    ]
    assert client.post(path, body, key="returns-of-today") == told
    firm.wait()
    assert status(client, invoice) == ("paid", 0)
    assert firm.balance(account) == {"open": 0, "unapplied": 300, "balance": -300}
    assert client.get("/v1/reports/reconciliation")["is_reconciled"]
