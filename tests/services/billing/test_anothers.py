"""Nobody sets money against, bills for or undoes what is another account's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.ids import new_id
from tests.services.anothers import (
    WHO_DOES_NOT,
    WHO_SEES,
    accounts_listed,
    limited_to,
    refusal_of,
    require_refused,
    state_of,
)
from tests.services.client import Client

pytestmark = pytest.mark.server

LINES = [{"description": "Chair", "quantity": "1", "unit_price": 5000, "tax_percent": "19.00"}]
MONEY = {"currency": "EUR", "amount": 1000, "method": "transfer", "value_date": "2026-03-02"}
WHY = {"reason": "Somebody asked for it."}


class Two:
    """Two accounts: ours, with a payment and a credit note, and another, with one of everything."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.ours, self.other = self._account(), self._account()
        self.payment = self._pay(self.ours)
        self.credit_note = self._credit(self.ours)
        self.order_id = new_id("ord")
        order = {"order_id": self.order_id, "number": "SO-1", "version": 1, "currency": "EUR"}
        client.hear("keep_orders", account_id=self.other, **order)
        bounced = self._pay(self.other)["payment_id"]
        self.refund = client.call("refund_payment", payment_id=bounced, amount=1, **WHY)
        client.call("reverse_payment", payment_id=bounced, **WHY)
        [self.reversal] = client.call("list_payment_reversals", payment_id=bounced)["items"]
        self.draft = self._draft()
        self.invoice = client.call("issue_invoice", invoice_id=self._draft()["invoice_id"])
        settled = client.call("issue_invoice", invoice_id=self._draft()["invoice_id"])
        self.adjustment = client.call("settle_invoice", invoice_id=settled["invoice_id"], **WHY)
        self.their_payment, self.their_note = self._pay(self.other), self._credit(self.other)
        paid = {"payment_id": self.their_payment["payment_id"]}
        [_, allocation] = client.call("list_payment_allocations", **paid)["items"]
        self.allocation_id = allocation["allocation_id"]

    def _account(self) -> str:
        account = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
        account |= {"account_id": new_id("acc")}
        self.client.hear("keep_accounts", **account)
        return str(account["account_id"])

    def _pay(self, account_id: str) -> Any:
        return self.client.call("receive_payment", account_id=account_id, **MONEY)

    def _credit(self, account_id: str) -> Any:
        credit = {"account_id": account_id, "currency": "EUR", "lines": LINES}
        return self.client.call("credit_account", **credit, **WHY)

    def _draft(self) -> Any:
        invoice = {"account_id": self.other, "currency": "EUR", "lines": LINES}
        return self.client.call("draft_invoice", **invoice)

    @property
    def line(self) -> dict[str, Any]:
        """An invoice or credit note of ours that names their order."""
        names = {"account_id": self.ours, "order_id": self.order_id}
        return {**names, "currency": "EUR", "lines": LINES}

    @property
    def for_item(self) -> list[dict[str, Any]]:
        return [{"item_id": self.invoice["items"][0]["item_id"], "amount": 1}]

    @property
    def for_invoice(self) -> list[dict[str, Any]]:
        return [{"invoice_id": self.invoice["invoice_id"], "amount": 1}]


# What is ours, naming what is theirs: refused even to who may see both.
MIXED = {
    "an invoice for their order": ("draft_invoice", lambda two: two.line),
    "credit for their order": ("credit_account", lambda two: two.line | WHY),
    "money for their item": (
        "receive_payment",
        lambda two: {"account_id": two.ours, **MONEY, "instruction": two.for_item},
    ),
    "money for their invoice": (
        "receive_payment",
        lambda two: {"account_id": two.ours, **MONEY, "instruction": two.for_invoice},
    ),
    "a payment set against their item": (
        "allocate_payment",
        lambda two: {"payment_id": two.payment["payment_id"], "instruction": two.for_item},
    ),
    "a payment set against their invoice": (
        "allocate_payment",
        lambda two: {"payment_id": two.payment["payment_id"], "instruction": two.for_invoice},
    ),
    "a refund that credits their invoice": (
        "refund_payment",
        lambda two: {
            "payment_id": two.payment["payment_id"],
            "credit": {"invoice_id": two.invoice["invoice_id"]},
            **WHY,
        },
    ),
    "a credit note set against their item": (
        "allocate_credit_note",
        lambda two: {
            "credit_note_id": two.credit_note["credit_note_id"],
            "instruction": two.for_item,
        },
    ),
}
# What is theirs: not there for who may see ours only.
THEIRS = {
    "issue_invoice": lambda two: {"invoice_id": two.draft["invoice_id"]},
    "delete_draft": lambda two: {"invoice_id": two.draft["invoice_id"]},
    "edit_draft": lambda two: {"invoice_id": two.draft["invoice_id"], "lines": LINES},
    "void_invoice": lambda two: {"invoice_id": two.invoice["invoice_id"], **WHY},
    "raise_invoice": lambda two: {"invoice_id": two.invoice["invoice_id"], "lines": LINES},
    "credit_invoice": lambda two: {"invoice_id": two.invoice["invoice_id"], **WHY},
    "void_credit_note": lambda two: {"credit_note_id": two.their_note["credit_note_id"], **WHY},
    "allocate_payment_oldest_first": lambda two: {"payment_id": two.their_payment["payment_id"]},
    "refund_payment": lambda two: {
        "payment_id": two.their_payment["payment_id"],
        "amount": 1,
        **WHY,
    },
    "reverse_payment": lambda two: {"payment_id": two.their_payment["payment_id"], **WHY},
    "charge_back_payment": lambda two: {
        "payment_id": two.their_payment["payment_id"],
        "fee": 1,
        **WHY,
    },
    "issue_receipt": lambda two: {"payment_id": two.their_payment["payment_id"]},
    "reinstate_payment": lambda two: {"reversal_id": two.reversal["reversal_id"], **WHY},
    "allocate_credit_note_oldest_first": lambda two: {
        "credit_note_id": two.their_note["credit_note_id"]
    },
    "refund_credit_note": lambda two: {
        "credit_note_id": two.their_note["credit_note_id"],
        "amount": 1,
        **WHY,
    },
    "reverse_allocation": lambda two: {"allocation_id": two.allocation_id},
    "refund_allocation": lambda two: {"allocation_id": two.allocation_id, **WHY},
    "reverse_refund": lambda two: {"refund_id": two.refund["refund_id"], **WHY},
    "settle_item": lambda two: {"item_id": two.invoice["items"][0]["item_id"], **WHY},
    "settle_invoice": lambda two: {"invoice_id": two.invoice["invoice_id"], **WHY},
    "reverse_adjustment": lambda two: {"adjustment_id": two.adjustment["adjustment_id"], **WHY},
}


@pytest.fixture(scope="module")
def made(modules_client: Client) -> Two:
    return Two(modules_client)


@pytest.fixture
def two(made: Two) -> Iterator[Two]:
    with made.client.undoing():
        yield made


@pytest.mark.parametrize(("endpoint", "values"), MIXED.values(), ids=MIXED)
def test_what_is_ours_never_names_what_is_theirs(two: Two, endpoint: str, values: Any) -> None:
    asked = values(two)
    assert require_refused(two.client, endpoint, asked, caller=two.client.caller).errors
    limited = limited_to(two.client, two.ours)
    assert require_refused(two.client, endpoint, asked, caller=limited).status == 404


@pytest.mark.parametrize("who", WHO_DOES_NOT)
@pytest.mark.parametrize("endpoint", THEIRS)
def test_what_is_theirs_is_not_there_for_who_sees_ours(two: Two, endpoint: str, who: str) -> None:
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    values = THEIRS[endpoint](two)
    assert require_refused(two.client, endpoint, values, caller=caller).status == 404


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_lists_show_nothing_that_is_theirs(two: Two, who: str) -> None:
    assert two.other in accounts_listed(two.client, two.client.caller)
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    assert accounts_listed(two.client, caller) <= {two.ours}


@pytest.mark.parametrize("who", WHO_SEES)
@pytest.mark.parametrize("endpoint", THEIRS)
def test_what_is_theirs_is_there_for_who_sees_it(two: Two, endpoint: str, who: str) -> None:
    caller = WHO_SEES[who](two.client, two.other)
    refusal = refusal_of(two.client, endpoint, THEIRS[endpoint](two), caller=caller)
    assert refusal is None or refusal.status == 409


def test_a_credit_note_for_their_order_or_on_their_invoice_is_refused_by_itself(two: Two) -> None:
    before = state_of(two.client.bind)
    limited = limited_to(two.client, two.ours)
    rows = [
        {"free": two.line | WHY},
        {"on_invoice": {"invoice_id": two.invoice["invoice_id"], **WHY}},
    ]
    told = two.client.call("issue_credit_batch", credit_notes=rows, caller=limited)["results"]
    assert [each["code"] for each in told] == ["order_not_found", "invoice_not_found"]
    assert [each["errors"][0]["field"] for each in told] == [
        "free/order_id",
        "on_invoice/invoice_id",
    ]
    assert state_of(two.client.bind) == before


def test_a_row_that_names_their_order_is_refused_by_itself(two: Two) -> None:
    before = state_of(two.client.bind)
    [result] = two.client.call("issue_batch", invoices=[two.line])["results"]
    assert (result["code"], result["errors"][0]["field"]) == ("order_not_found", "order_id")
    assert state_of(two.client.bind) == before


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_the_tax_of_theirs_is_in_no_sum_for_who_sees_ours(two: Two, who: str) -> None:
    period = {"from": "2026-01-01", "to": "2026-12-31"}
    figure = {"currency": "EUR", "tax_code": "standard", "tax_percent": "19.00"}
    caller = WHO_DOES_NOT[who](two.client, two.ours)
    [ours] = two.client.call("report_tax", caller=caller, **period)["rates"]
    assert (ours["invoiced_net"], ours["credited_net"], ours["documents"]) == (0, 5000, 1)
    listed = two.client.call("list_tax_documents", caller=caller, **period, **figure)["items"]
    assert [one["document_id"] for one in listed] == [two.credit_note["credit_note_id"]]
    [all_of_it] = two.client.call("report_tax", **period)["rates"]
    assert all_of_it["documents"] == 4
