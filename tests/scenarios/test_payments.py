"""Money that comes otherwise than expected: too little, too much, not at all after all."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from chassis.doors.transaction import write_outbox
from chassis.events import Event
from chassis.outbox import announce
from chassis.store.clock import ManualClock
from kernel.ids import new_id
from ops.client import Refused
from services.collections.fees.events import FeeAssessed
from tests.scenarios.test_copies import url_of

pytestmark = pytest.mark.server


def status(client, invoice) -> tuple[str, int]:
    found = client.get(f"/v1/invoices/{invoice['invoice_id']}")
    return found["status"], found["balance"]


def test_a_part_payment_leaves_the_rest_owed(firm, client) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 10000)
    firm.pay(account, 4000)
    assert status(client, invoice) == ("issued", 6000)
    firm.pay(account, 6000)
    assert status(client, invoice) == ("paid", 0)


def test_a_sum_without_instruction_pays_the_oldest_due_first(firm, client) -> None:
    account = firm.open_account()
    older, newer = firm.invoice(account, 10000), firm.invoice(account, 5000)
    firm.pay(account, 12000)
    assert status(client, older) == ("paid", 0)
    assert status(client, newer) == ("issued", 3000)


def test_money_that_came_early_pays_by_itself_but_for_what_is_kept(firm, client) -> None:
    account = firm.open_account()
    named = firm.invoice(account, 2000)
    share = {"invoice_id": named["invoice_id"], "amount": 2000}
    kept = firm.pay(account, 5000, instruction=[share])
    firm.pay(account, 7000)
    invoice = firm.invoice(account, 10000)
    assert status(client, invoice) == ("issued", 10000)
    firm.wait(1)
    assert status(client, invoice) == ("issued", 3000)
    client.post(f"/v1/payments/{kept['payment_id']}/allocate-oldest-first")
    assert status(client, invoice) == ("paid", 0)


def tell(servers, service: str, event: type[Event], **facts: Any) -> None:
    """Play a service: announce what it does not announce by itself yet."""
    engine = create_engine(url_of(servers, service))
    with Session(engine) as session, session.begin():
        announce(session, event, **event.example | facts)
        write_outbox(session, ManualClock(session, UTC))
    engine.dispose()


@pytest.mark.parametrize(
    ("policy", "source", "paid"),
    [
        ("oldest_due", "ours", [18000, 32000, 0, 0]),
        ("by_type", "policy", [18000, 30040, 1500, 460]),
        ("costs_interest_principal", "law", [18000, 30040, 1500, 460]),
    ],
)
def test_money_pays_first_what_was_agreed_with_the_client(
    firm, client, servers, policy, source, paid
) -> None:
    account = firm.open_account()
    path = f"/v1/accounts/{account['account_id']}"
    agreed = {"allocation_policy": policy, "reason": "Asked for by their bookkeeping."}
    assert client.put(f"{path}/billing-routine", agreed)["allocation_policy"] == policy
    days = [firm.today - timedelta(days=ago) for ago in (49, 10)]
    for amount, due_date in zip((18000, 42000), days, strict=True):
        line = {"description": "Advice", "quantity": "1", "unit_price": amount, "tax_percent": "0"}
        draft = {"account_id": account["account_id"], "currency": "EUR", "lines": [line]}
        invoice = client.post("/v1/invoices", draft | {"due_date": str(due_date)})
        issued_on = {"issued_on": str(due_date)}
        client.post(f"/v1/invoices/{invoice['invoice_id']}/issue", issued_on)
    for kind, amount in (("fee", 1500), ("interest", 460)):
        told = {"fee_id": new_id("fee"), "kind": kind, "amount": amount, "item_ids": []}
        told |= {"account_id": account["account_id"], "assessed_on": days[1]}
        tell(servers, "collections", FeeAssessed, **told)
    firm.wait()

    payment = firm.pay(account, 50000)
    items = list(client.list(f"{path}/items"))
    assert [item["kind"] for item in items] == ["invoice", "invoice", "fee", "interest"]
    assert [item["amount"] - item["balance"] for item in items] == paid
    made = client.list(f"/v1/payments/{payment['payment_id']}/allocations")
    assert {each["source"] for each in made} == {source}
    assert firm.balance(account)["open"] == 61960 - 50000


def test_an_instruction_goes_before_age(firm, client) -> None:
    account = firm.open_account()
    older, newer = firm.invoice(account, 10000), firm.invoice(account, 5000)
    share = {"invoice_id": newer["invoice_id"], "amount": 5000}
    firm.pay(account, 5000, instruction=[share])
    assert status(client, older) == ("issued", 10000)
    assert status(client, newer) == ("paid", 0)


def test_what_was_paid_too_much_is_kept_apart_and_given_back(firm, client) -> None:
    account = firm.open_account()
    firm.invoice(account, 10000)
    payment = firm.pay(account, 12500)
    assert payment["unapplied"] == 2500
    assert firm.balance(account) == {"open": 0, "unapplied": 2500, "balance": -2500}

    path = f"/v1/payments/{payment['payment_id']}/refunds"
    with pytest.raises(Refused):
        client.post(path, {"amount": 2501, "reason": "More than there is."})
    client.post(path, {"amount": 2500, "reason": "Paid too much."})
    firm.wait()
    assert firm.balance(account) == {"open": 0, "unapplied": 0, "balance": 0}


def test_a_returned_cheque_opens_its_invoice_again(firm, client) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 10000)
    payment = firm.pay(account, 10000, method="cheque")
    assert status(client, invoice) == ("paid", 0)
    firm.wait(2)
    path = f"/v1/payments/{payment['payment_id']}/reverse"
    client.post(path, {"reason": "Returned by the bank."})
    firm.wait()
    assert status(client, invoice) == ("issued", 10000)
    assert firm.balance(account) == {"open": 10000, "unapplied": 0, "balance": 10000}
    assert "invoice_reopened" in firm.timeline(account)


def test_a_wrong_invoice_is_voided_while_nothing_is_paid_and_credited_afterwards(
    firm, client
) -> None:
    account = firm.open_account()
    wrong, paid = firm.invoice(account, 10000), firm.invoice(account, 8000)
    client.post(f"/v1/invoices/{wrong['invoice_id']}/void", {"reason": "Wrong client."})
    firm.wait()
    assert status(client, wrong) == ("void", 0)
    firm.pay(account, 8000)
    assert status(client, paid) == ("paid", 0)

    with pytest.raises(Refused) as refused:
        client.post(f"/v1/invoices/{paid['invoice_id']}/void", {"reason": "Too late."})
    assert refused.value.code == "invoice_paid"
    credit = {"amount": 3000, "reason": "Two hours were not worked."}
    note = client.post(f"/v1/invoices/{paid['invoice_id']}/credit-notes", credit)
    firm.wait()
    assert (note["total"], note["unapplied"]) == (3000, 3000)
    assert firm.balance(account) == {"open": 0, "unapplied": 3000, "balance": -3000}


def test_what_was_owed_on_a_day_stays_what_it_was(firm, client) -> None:
    account = firm.open_account()
    firm.invoice(account, 10000)
    day = firm.today
    firm.wait(1)
    firm.pay(account, 10000)
    question = {"as_of": day, "account_id": account["account_id"]}
    [then] = client.get("/v1/reports/ageing", **question)["totals"]
    assert then["amount"] == 10000
    assert client.get("/v1/reports/ageing", account_id=account["account_id"])["totals"] == []


def test_a_cheque_that_bounces_after_part_of_it_was_given_back_leaves_both_owed(
    firm, client
) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 90000)
    payment = firm.pay(account, 100000, method="cheque")
    path = f"/v1/payments/{payment['payment_id']}"
    client.post(f"{path}/refunds", {"amount": 10000, "reason": "Paid too much."})
    client.post(f"{path}/reverse", {"reason": "Returned by the bank."})
    firm.wait()
    assert status(client, invoice) == ("issued", 90000)
    assert firm.balance(account) == {"open": 100000, "unapplied": 0, "balance": 100000}
    owed = client.list("/v1/receivables", account_id=account["account_id"], status="open")
    assert {item["invoice_number"][:3]: item["balance"] for item in owed} == {
        invoice["number"][:3]: 90000,
        "DN-": 10000,
    }
    firm.pay(account, 100000)
    assert status(client, invoice) == ("paid", 0)
    assert firm.balance(account) == {"open": 0, "unapplied": 0, "balance": 0}


def test_money_is_fetched_and_asked_for_once_until_it_fails(firm, client) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 9000)
    of = {"account_id": account["account_id"], "currency": "EUR"}
    items = {"item_ids": [invoice["items"][0]["item_id"]]}

    def step(debit, verb: str, **said):
        return client.post(f"/v1/debits/{debit['debit_id']}/{verb}", said)

    with pytest.raises(Refused) as refused:
        client.post("/v1/debits", of)  # nothing is due yet
    assert refused.value.code == "nothing_to_ask"
    edited_down = client.post("/v1/debits", of | items | {"amount": 3500})
    rest = client.post("/v1/debits", of | items)
    assert (edited_down["status"], rest["amount"]) == ("submitted", 5500)
    for debit in (edited_down, rest):
        step(debit, "approve")
        step(debit, "send")
    step(edited_down, "fail", reason="Insufficient funds.")
    item = client.get(f"/v1/items/{items['item_ids'][0]}")
    assert (item["balance"], item["in_flight"], item["askable"]) == (9000, 5500, 3500)
    paid = step(rest, "succeed")
    firm.wait()
    assert status(client, invoice) == ("issued", 3500)
    assert client.get(f"/v1/payments/{paid['payment_id']}")["method"] == "direct_debit"
    with pytest.raises(Refused) as refused:
        step(paid, "approve")
    assert refused.value.code == "wrong_status"
    step(paid, "fail", reason="The client had it charged back.")
    step(edited_down, "succeed")
    firm.wait()
    assert status(client, invoice) == ("issued", 5500)
    assert "debit_changed" in firm.timeline(account)


def test_an_import_may_be_sent_again(firm, client) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 10000)
    row = {"account_id": account["account_id"], "currency": "EUR", "method": "transfer"}
    row |= {"value_date": invoice["issued_on"]}
    rows = [row | {"amount": 100 * n, "external_id": f"line {n}"} for n in range(1, 11)]
    first = client.post("/v1/payment-batches", {"payments": [*rows[:6], {"amount": "much"}]})
    assert (first["received"], first["refused"]) == (6, 1)
    again = client.post("/v1/payment-batches", {"payments": rows})
    assert (again["received"], again["refused"]) == (10, 0)
    one_by_one = client.post("/v1/payments", rows[0])
    assert one_by_one["payment_id"] == first["results"][0]["payment_id"]
    with pytest.raises(Refused) as refused:
        client.post("/v1/payments", rows[0] | {"amount": 101})
    assert refused.value.code == "external_id_used"
    firm.wait()
    assert status(client, invoice) == ("issued", 4500)


def test_a_trifle_that_is_missing_is_settled_in_full_and_owed_again_when_that_was_wrong(
    firm, client
) -> None:
    account = firm.open_account()
    invoice = firm.invoice(account, 10000)
    firm.pay(account, 9998)
    path = f"/v1/invoices/{invoice['invoice_id']}/settle-in-full"
    made = client.post(path, {"reason": "Bank charges."})
    assert (made["kind"], made["amount"]) == ("payment_difference", 2)
    firm.wait()
    assert status(client, invoice) == ("paid", 0)
    assert firm.balance(account) == {"open": 0, "unapplied": 0, "balance": 0}
    with pytest.raises(Refused):
        client.post(path, {"reason": "Once more."})

    client.post(f"/v1/adjustments/{made['adjustment_id']}/reverse", {"reason": "They pay it."})
    firm.wait()
    assert status(client, invoice) == ("issued", 2)
    assert client.get("/v1/reports/reconciliation")["is_reconciled"]
    told = firm.timeline(account)
    assert {"adjustment_made", "adjustment_reversed", "invoice_reopened"} <= set(told)


def test_who_pays_early_owes_less_and_gets_back_what_was_paid(firm, client) -> None:
    account = firm.open_account()
    path = f"/v1/accounts/{account['account_id']}"
    terms = {"name": "3 % in 10 days", "lines": [{"net_days": 30}]}
    terms |= {"discount_percent": "3", "discount_days": 10}
    terms_id = client.post("/v1/payment-terms", terms)["payment_terms_id"]
    agreed = {"payment_terms_id": terms_id, "reason": "Pays early."}
    client.put(f"{path}/billing-routine", agreed)
    invoice = firm.invoice(account, 80000)
    first = firm.pay(account, 40000)
    [item] = client.list(f"{path}/items")
    assert (item["balance"], item["discounted_balance"]) == (38763, 37600)
    assert item["discount_until"] == str(firm.today + timedelta(days=10))
    firm.pay(account, 37600)
    assert status(client, invoice) == ("paid", 0)

    client.post(f"/v1/payments/{first['payment_id']}/reverse", {"reason": "Returned."})
    assert status(client, invoice) == ("issued", 41237)
    firm.pay(account, 40000)
    assert status(client, invoice) == ("paid", 0)
    [made, *_] = client.list(
        "/v1/adjustments", account_id=account["account_id"], kind="early_payment_discount"
    )
    assert (made["amount"], made["net"], made["tax"]) == (1237, 1237, 0)
    credit = {"reason": "None of it was wanted."}
    note = client.post(f"/v1/invoices/{invoice['invoice_id']}/credit-notes", credit)
    assert (note["total"], note["unapplied"]) == (80000, 77600)
    firm.wait()
    assert firm.balance(account) == {"open": 0, "unapplied": 77600, "balance": -77600}


def test_too_little_is_given_up_within_the_tolerance_and_too_much_is_kept_when_asked_for(
    firm, client
) -> None:
    account = firm.open_account(currency="CHF")
    tolerated = {"amount": 50, "percent": "1", "reason": "Charges of foreign banks."}
    assert client.put("/v1/tolerances/CHF", tolerated)["version"] == 1
    assert client.get("/v1/tolerances/CHF")["amount"] == 50
    invoice = firm.invoice(account, 14000, currency="CHF")
    payment = firm.pay(account, 13960, currency="CHF")
    assert status(client, invoice) == ("paid", 0)
    path = f"/v1/payments/{payment['payment_id']}"
    client.post(f"{path}/reverse", {"reason": "Returned."})
    assert status(client, invoice) == ("issued", 14000)

    paid = firm.pay(account, 15500, currency="CHF")
    assert paid["unapplied"] == 1500
    path = f"/v1/payments/{paid['payment_id']}"
    made = client.post(f"{path}/write-off-overpayment", {"reason": "Left to us by mail."})
    assert (made["kind"], made["amount"]) == ("overpayment", 1500)
    assert client.get(path)["overpaid"] == 1500
    path = f"/v1/adjustments/{made['adjustment_id']}/reverse-overpayment"
    client.post(path, {"reason": "They want it after all."})
    firm.wait()
    [balance] = client.get(f"/v1/accounts/{account['account_id']}/balance")["balances"]
    assert (balance["open"], balance["unapplied"]) == (0, 1500)
