"""Billing as a caller meets it: JSON in, JSON out, one transaction each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from chassis.doors.transaction import EVENT_LAG_SECONDS
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Forbidden, Invalid, NotFound, NotKnownYet, VersionMismatch
from services.billing.service import Billing
from tests.services.client import Client

pytestmark = pytest.mark.server

CLERK = Caller("kim", frozenset({"billing:read", "billing:write"}))
LINES = [{"description": "Chair", "quantity": "2", "unit_price": 5000, "tax_percent": "19.00"}]
STANDARD = {"tax_percent": "19.00", "tax_code": "standard", "exemption_reason": None}


class Clerk(Client):
    """Somebody who bills and receives payments."""

    def __init__(self, bind: Connection | Engine) -> None:
        super().__init__("billing", bind)
        self.caller = CLERK

    def knows_account(self, event: str = "account_activated", **facts: Any) -> str:
        account = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
        account |= {"account_id": new_id("acc"), "name": "not needed", "currency": "EUR"} | facts
        self.hear("keep_accounts", event=event, **account)
        return account["account_id"]

    def bill(self, account_id: str, **facts: Any) -> Any:
        draft = self.call(
            "draft_invoice", account_id=account_id, currency="EUR", lines=LINES, **facts
        )
        return self.call("issue_invoice", invoice_id=draft["invoice_id"])

    def pay(self, amount: int, **facts: Any) -> Any:
        money = {"currency": "EUR", "amount": amount, "method": "transfer"}
        return self.call("receive_payment", **money | {"value_date": "2026-03-02"} | facts)


@pytest.fixture
def client(connection: Connection, timed_by: Callable[[Clerk], Clerk]) -> Clerk:
    return timed_by(Clerk(connection))


def test_from_draft_to_void(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    draft = client.call("draft_invoice", **account, currency="EUR", lines=LINES)
    assert (draft["status"], draft["number"], draft["total"]) == ("draft", None, 11900)
    assert draft["rates"] == [STANDARD | {"net": 10000, "tax": 1900}]
    client.call("delete_draft", invoice_id=draft["invoice_id"])
    with pytest.raises(NotFound):
        client.call("get_invoice", invoice_id=draft["invoice_id"])

    invoice = client.bill(**account)
    path = {"invoice_id": invoice["invoice_id"]}
    assert client.call("get_invoice", **path) == invoice
    [item] = invoice["items"]
    assert (item["due_date"], item["balance"], item["status"]) == ("2026-04-01", 11900, "open")
    assert client.call("get_item", item_id=item["item_id"]) == item
    assert client.call("list_account_items", **account)["items"] == [item]
    assert client.call("list_items", **path)["items"] == [item]
    [listed] = client.call("list_invoices", **account)["items"]
    assert listed.items() <= invoice.items()

    void = client.call("void_invoice", **path, reason="Sent twice.")
    assert (void["status"], void["voided_on"]) == ("void", "2026-03-02")
    assert [each["status"] for each in void["items"]] == ["void"]


def test_from_shipment_to_invoice(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    shipment = {**account, "shipment_id": new_id("shp"), "order_id": new_id("ord")}
    client.hear("bill_shipment", **shipment, currency="EUR", lines=LINES)
    [billed] = client.call("list_invoices", shipment_id=shipment["shipment_id"])["items"]
    assert (billed["order_id"], billed["total"]) == (shipment["order_id"], 11900)


@pytest.mark.parametrize("event", sorted(Billing.contracts["keep_orders"].names))
def test_every_event_of_an_order_lets_it_be_named(client: Clerk, event: str) -> None:
    names = {"account_id": client.knows_account(), "order_id": new_id("ord"), "currency": "EUR"}
    news = {"version": 2, "number": "SO-1", "reason": "not needed", "is_ended": False}
    client.hear("keep_orders", event=event, **names, **news)
    assert client.call("draft_invoice", **names, lines=LINES)["order_id"] == names["order_id"]


def test_from_payment_to_refund(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    invoice = client.bill(**account)
    [item] = invoice["items"]
    payment = client.pay(
        2000, **account, instruction=[{"item_id": item["item_id"], "amount": 1900}]
    )
    assert (payment["allocated"], payment["unapplied"]) == (1900, 100)
    path = {"payment_id": payment["payment_id"]}
    instruction = [{"invoice_id": invoice["invoice_id"], "amount": 40}]
    assert client.call("allocate_payment", **path, instruction=instruction)["unapplied"] == 60
    assert client.call("allocate_payment_oldest_first", **path)["unapplied"] == 0
    allocations = client.call("list_payment_allocations", **path)["items"]
    assert [(each["amount"], each["source"]) for each in allocations] == [
        (1900, "instruction"),
        (40, "instruction"),
        (60, "ours"),
    ]
    assert client.call("list_item_allocations", item_id=item["item_id"])["items"] == allocations

    _, second, third = (each["allocation_id"] for each in allocations)
    assert client.call("reverse_allocation", allocation_id=second)["unapplied"] == 40
    refund = client.call("refund_payment", **path, amount=40, reason="Too much.")
    again = client.call("refund_allocation", allocation_id=third, reason="Too much.")
    assert client.call("list_refunds", **path)["items"] == [again, refund]
    now = client.call("get_payment", **path)
    assert (now["allocated"], now["refunded"], now["unapplied"]) == (1900, 100, 0)
    assert client.call("list_payments", **account)["items"] == [now]


def test_a_payment_taken_back(client: Clerk) -> None:
    bounced = client.pay(500, account_id=client.knows_account(), value_date="2026-03-01")
    gone = client.call("reverse_payment", payment_id=bounced["payment_id"], reason="No cover.")
    assert (gone["status"], gone["reversed_on"]) == ("reversed", "2026-03-02")


def test_from_refund_to_debit_note_and_back(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    path = {"payment_id": client.pay(1000, **account)["payment_id"]}
    refund = client.call("refund_payment", **path, amount=300, reason="Too much.")
    charged_back = client.call("reverse_payment", **path, amount=600, reason="Not wanted.")
    assert (charged_back["status"], charged_back["unapplied"]) == ("unapplied", 100)
    client.call("reverse_payment", **path, reason="No cover.")
    [note] = client.call("list_invoices", **account)["items"]
    assert (note["kind"], note["total"], note["net"], note["reclaimed"]) == (
        "debit_note",
        300,
        0,
        300,
    )
    assert note["refund_id"] == refund["refund_id"]
    [item] = client.call("list_items", **account)["items"]
    assert (item["kind"], item["due_date"], item["balance"]) == ("debit_note", "2026-03-02", 300)

    first, second = client.call("list_payment_reversals", **path)["items"]
    assert (first["amount"], second["amount"]) == (600, 400)
    back = client.call("reinstate_payment", reversal_id=second["reversal_id"], reason="Cleared.")
    assert (back["allocated"], back["unapplied"], back["reversed"]) == (300, 100, 600)
    _, second = client.call("list_payment_reversals", **path)["items"]
    assert second["reinstated_on"] == "2026-03-02"
    gone = client.call("reverse_refund", refund_id=refund["refund_id"], reason="Never sent.")
    assert gone == {**refund, "reversed_on": "2026-03-02"}
    assert client.call("list_refunds", **account)["items"] == [gone]
    assert client.call("get_payment", **path)["unapplied"] == 400


def test_what_was_billed_ahead_is_shown_on_the_shipments_invoice(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    order = {**account, "order_id": new_id("ord"), "currency": "EUR"}
    client.hear("keep_orders", **order, version=2, number="SO-1")
    line = {**LINES[0], "quantity": "1"}
    draft = client.call("draft_invoice", **order, lines=[line])
    ahead = client.call("issue_invoice", invoice_id=draft["invoice_id"])
    shipment_id = new_id("shp")
    client.hear("bill_shipment", **order, shipment_id=shipment_id, lines=LINES)
    [listed] = client.call("list_invoices", shipment_id=shipment_id)["items"]
    billed = client.call("get_invoice", invoice_id=listed["invoice_id"])
    assert (billed["total"], billed["taken_off"]) == (5950, 5950)
    assert billed["lines"][1] == {
        "position": 2,
        "description": f"Billed ahead on invoice {ahead['number']} of 2026-03-02",
        "quantity": "-1",
        "unit_price": 5000,
        **STANDARD,
        "net": -5000,
        "advance_id": ahead["invoice_id"],
        "order_line_id": None,
        "billable_id": None,
        "service_from": None,
        "service_until": None,
        "shipment_id": None,
    }
    assert billed["rates"] == [STANDARD | {"net": 5000, "tax": 950}]
    credit = client.call("credit_account", **order, lines=LINES, reason="None of it was wanted.")
    assert (credit["order_id"], credit["taken_back"]) == (order["order_id"], 0)


def test_from_credit_note_to_refund(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    invoice = client.bill(**account)
    note = client.call(
        "credit_invoice", invoice_id=invoice["invoice_id"], amount=1190, reason="Scratched."
    )
    assert (note["net"], note["tax"], note["unapplied"]) == (1000, 190, 0)
    assert client.call("get_credit_note", credit_note_id=note["credit_note_id"]) == note

    free = client.call("credit_account", **account, currency="EUR", lines=LINES, reason="A gift.")
    path = {"credit_note_id": free["credit_note_id"]}
    instruction = [{"item_id": invoice["items"][0]["item_id"], "amount": 10}]
    client.call("allocate_credit_note", **path, instruction=instruction)
    left = client.call("allocate_credit_note_oldest_first", **path)
    assert (left["unapplied"], left["status"]) == (1190, "unapplied")
    assert len(client.call("list_credit_note_allocations", **path)["items"]) == 2
    assert len(client.call("list_credit_notes", **account)["items"]) == 2
    refund = client.call("refund_credit_note", **path, amount=1190, reason="Wanted money.")
    assert (refund["payment_id"], refund["amount"]) == (None, 1190)


def test_from_invoices_to_reports(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    row = {**account, "currency": "EUR", "lines": LINES, "due_date": "2026-03-02"}
    batch = client.call("issue_batch", invoices=[row, row])
    assert (batch["issued"], batch["results"][0]["total"]) == (2, 11900)
    client.pay(11900, **account)

    client.now += timedelta(days=31)
    [balance] = client.call("get_balance", **account)["balances"]
    assert balance == {
        "currency": "EUR",
        "open": 11900,
        "overdue": 11900,
        "unapplied": 0,
        "balance": 11900,
        "version": 2,
    }
    ageing = client.call("report_ageing", **account)
    assert ageing["totals"][0]["buckets"][2] == {"bucket": "31-60", "count": 1, "amount": 11900}
    assert [each["account_id"] for each in ageing["items"]] == [account["account_id"]]
    period = {"from": "2026-03-01", "to": "2026-03-31"}
    assert float(client.call("report_dso", **period, currency="EUR")["dso"]) > 0
    assert client.call("report_collected", **period)["to"] == "2026-03-31"
    assert client.call("reconcile")["differences"] == []


@pytest.mark.parametrize("event", sorted(Billing.contracts["keep_accounts"].names))
def test_every_event_of_an_account_brings_the_account(client: Clerk, event: str) -> None:
    account_id = client.knows_account(event, net_days=7)
    assert client.bill(account_id)["items"][0]["due_date"] == "2026-03-09"


def test_broken_rows_of_a_batch_are_reported_and_stop_no_other(client: Clerk) -> None:
    taken_off = {**LINES[0], "quantity": "-0.5"}
    good = {"account_id": client.knows_account(), "currency": "EUR", "lines": [*LINES, taken_off]}
    broken = [{**LINES[0], "quantity": "0"}]
    result = client.call(
        "issue_batch",
        invoices=[{**good, "lines": broken}, good, "not an invoice", {**good, "colour": "red"}],
    )
    assert [each.get("code", "issued") for each in result["results"]] == [
        "invalid_fields",
        "issued",
        "invalid_fields",
        "invalid_fields",
    ]
    [first, _, _, last] = result["results"]
    assert [error["field"] for error in first["errors"]] == ["lines/0/quantity"]
    assert [error["field"] for error in last["errors"]] == ["colour"]


def test_a_batch_waits_for_an_account_on_its_way_and_refuses_only_who_is_unknown(
    engine: Engine, timed_by: Callable[[Clerk], Clerk]
) -> None:
    client = timed_by(Clerk(engine))
    known, coming, never = client.knows_account(), new_id("acc"), new_id("acc")
    rows = [
        {"account_id": each, "currency": "EUR", "lines": LINES} for each in (known, coming, never)
    ]
    has_looked = threading.Event()

    def looked(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM account" in statement:
            has_looked.set()

    event.listen(engine, "after_cursor_execute", looked)
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(client.call, "issue_batch", invoices=rows)
        assert has_looked.wait(5)
        client.knows_account(account_id=coming)
        results = batch.result()["results"]
    event.remove(engine, "after_cursor_execute", looked)
    assert [each.get("code", "issued") for each in results] == [
        "issued",
        "issued",
        "account_not_found",
    ]
    assert [error["field"] for error in results[2]["errors"]] == ["account_id"]


def test_the_balance_of_an_account_on_its_way_is_waited_for(client: Clerk) -> None:
    started = time.monotonic()
    with pytest.raises(NotKnownYet):
        client.call("get_balance", account_id=new_id("acc"))
    assert time.monotonic() - started >= EVENT_LAG_SECONDS


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_has_one_to_a_thousand_invoices(client: Clerk, count: int) -> None:
    with pytest.raises(Invalid):
        client.call("issue_batch", invoices=[{}] * count)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 10.5},
        {"amount": "10"},
        {"currency": "XYZ"},
        {"value_date": "02.03.2026"},
        {"method": "barter"},
        {"instruction": []},
        {"account_id": "acc_1"},
        {"colour": "red"},
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(client: Clerk, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        client.pay(**{"amount": 100, "account_id": client.knows_account()} | wrong)
    assert [error["field"] for error in refused.value.errors] == list(wrong)


def test_who_may_see_some_accounts_sees_and_reports_only_those(client: Clerk) -> None:
    mine, other = client.knows_account(), client.knows_account()
    invoice = client.bill(other)
    client.bill(mine)
    limited = Caller("lee", CLERK.scopes, accounts=frozenset({mine}))
    page = client.call("list_invoices", caller=limited)
    assert {each["account_id"] for each in page["items"]} == {mine}
    assert client.call("report_ageing", caller=limited)["totals"][0]["amount"] == 11900
    with pytest.raises(NotFound):
        client.call("void_invoice", caller=limited, invoice_id=invoice["invoice_id"], reason="x")
    instruction = [{"invoice_id": invoice["invoice_id"], "amount": 1}]
    with pytest.raises(NotFound):
        client.pay(100, caller=limited, account_id=mine, instruction=instruction)
    batch = {"account_id": other, "currency": "EUR", "lines": LINES}
    result = client.call("issue_batch", caller=limited, invoices=[batch])
    assert result["results"][0]["code"] == "account_not_found"


def test_a_change_on_top_of_a_stale_version_is_refused(client: Clerk) -> None:
    invoice = client.bill(client.knows_account())
    path = {"invoice_id": invoice["invoice_id"], "reason": "Sent twice."}
    with pytest.raises(VersionMismatch):
        client.call("void_invoice", **path, if_match=invoice["version"] - 1)
    assert client.call("void_invoice", **path, if_match=invoice["version"])["status"] == "void"


def test_whoever_may_only_read_changes_nothing(client: Clerk) -> None:
    reader = Caller("eve", frozenset({"billing:read"}))
    with pytest.raises(Forbidden):
        client.pay(100, caller=reader, account_id=client.knows_account())


def test_the_same_command_is_done_once(client: Clerk) -> None:
    account = {"account_id": client.knows_account()}
    first = client.pay(100, **account, command_id="cmd_once")
    assert client.pay(100, **account, command_id="cmd_once") == first
    assert client.call("list_payments", **account)["items"] == [first]


def test_a_durable_payment_is_few_statements(client: Clerk) -> None:
    account_id = client.knows_account()
    client.bill(account_id)
    sent: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):  # of the test's own transaction
            sent.append(statement)

    event.listen(client.bind, "before_cursor_execute", count)
    client.pay(11900, account_id=account_id)
    event.remove(client.bind, "before_cursor_execute", count)
    assert len(sent) <= 13, "\n".join(sent)  # claim, 10 of billing, outbox, answer
