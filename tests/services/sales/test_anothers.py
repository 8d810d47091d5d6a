"""Nobody ships, changes or counts what is another account's order."""

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


class Two:
    """Two accounts with a confirmed order each."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sku = "CHAIR"
        price = {"unit_price": 1000, "currency": "EUR", "tax_percent": "0"}
        client.call("create_product", sku=self.sku, name="Chair", **price)
        self.ours, self.other = self._account(), self._account()
        self.order, self.their_order = self._order(self.ours), self._order(self.other)
        self.draft = self._draft(self.ours)
        self.their_draft = self._draft(self.other)

    def _account(self) -> str:
        account = {"version": 1, "number": "A-1", "status": "active", "currency": "EUR"}
        account |= {"account_id": new_id("acc"), "credit_limit": 100_000}
        self.client.hear("keep_accounts", **account)
        return str(account["account_id"])

    def _draft(self, account_id: str) -> Any:
        lines = [{"sku": self.sku, "quantity": 2}, {"sku": self.sku, "quantity": 2}]
        return self.client.call("create_order", account_id=account_id, lines=lines)

    def _order(self, account_id: str) -> Any:
        return self.client.call("confirm_order", order_id=self._draft(account_id)["order_id"])

    def open_orders(self, account_id: str) -> int:
        return int(self.client.call("get_standing", account_id=account_id)["open_orders"])


def line_of(order: Any) -> str:
    return str(order["lines"][0]["line_id"])


# What is ours, naming what is theirs: refused even to who may see both.
MIXED = {
    "change_order_line": lambda two: {
        "order_id": two.draft["order_id"],
        "line_id": line_of(two.their_draft),
        "quantity": 1,
    },
    "remove_order_line": lambda two: {
        "order_id": two.draft["order_id"],
        "line_id": line_of(two.their_draft),
    },
    "send_shipment": lambda two: {
        "order_id": two.order["order_id"],
        "lines": [{"line_id": line_of(two.their_order), "quantity": 1}],
    },
}
# What is theirs: not there for who may see ours only.
THEIRS = {
    "edit_order": lambda two: {"order_id": two.their_draft["order_id"], "reference": "PO-1"},
    "add_order_lines": lambda two: {
        "order_id": two.their_draft["order_id"],
        "lines": [{"sku": two.sku, "quantity": 1}],
    },
    "confirm_order": lambda two: {"order_id": two.their_draft["order_id"]},
    "cancel_order": lambda two: {"order_id": two.their_order["order_id"], "reason": "No more."},
    "release_order": lambda two: {"order_id": two.their_order["order_id"], "reason": "Go on."},
    "send_shipment": lambda two: {"order_id": two.their_order["order_id"]},
}


@pytest.fixture(scope="module")
def made(modules_client: Client) -> Two:
    return Two(modules_client)


@pytest.fixture
def two(made: Two) -> Iterator[Two]:
    with made.client.undoing():
        yield made


@pytest.mark.parametrize("endpoint", MIXED)
def test_what_is_ours_never_names_what_is_theirs(two: Two, endpoint: str) -> None:
    asked = MIXED[endpoint](two)
    for caller in (two.client.caller, limited_to(two.client, two.ours)):
        require_refused(two.client, endpoint, asked, caller=caller)


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


# What billing tells of our account, naming their order: their exposure is what it was.
EVENTS = {
    "record_invoice": {
        "invoice_id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "shipment_id": None,
        "currency": "EUR",
        "total": 4000,
    },
    "record_credit": {
        "credit_note_id": "crn_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "currency": "EUR",
        "taken_back": 1000,
    },
}


@pytest.mark.parametrize("handler", EVENTS)
def test_what_is_told_of_ours_changes_nothing_of_theirs(two: Two, handler: str) -> None:
    names = {"account_id": two.ours, "order_id": two.their_order["order_id"]}
    two.client.hear(handler, **names, **EVENTS[handler])
    assert two.open_orders(two.other) == 4000
    assert two.open_orders(two.ours) == 4000


def test_whoever_may_not_see_it_learns_nothing_of_their_standing(two: Two) -> None:
    before = state_of(two.client.bind)
    limited = limited_to(two.client, two.ours)
    require_refused(two.client, "get_standing", {"account_id": two.other}, caller=limited)
    assert state_of(two.client.bind) == before
