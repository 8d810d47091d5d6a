"""Nobody pauses the dunning of what is another account's, or hands it over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
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
)
from tests.services.client import Client

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)
PAUSE = {"reason": "Called us.", "until_on": "2026-06-30"}


class Two:
    """Two accounts; the other has an item that is late enough to be handed over, and a hold."""

    def __init__(self, client: Client) -> None:
        client.now = datetime(2026, 1, 1, 9, tzinfo=UTC)
        self.client = client
        self.ours, self.other = self._account(), self._account()
        self.item_id = self._item(self.other)
        for days in (5, 20, 40, 60):
            client.day(DUE + timedelta(days=days))
        [self.placement] = client.call("list_placements", account_id=self.other)["items"]
        self.hold = client.call("place_hold", account_id=self.other, item_id=None, **PAUSE)

    def _account(self) -> str:
        account = {
            "account_id": new_id("acc"),
            "version": 1,
            "number": "A-1",
            "name": "Brown & Sons",
        }
        self.client.hear(
            "keep_accounts",
            **account,
            status="active",
            language="en",
            email=None,
            preferred_channel="post",
            tier="b",
        )
        return account["account_id"]

    def _item(self, account_id: str) -> str:
        item = {
            "item_id": new_id("itm"),
            "invoice_id": new_id("inv"),
            "invoice_number": "2026-000001",
            "due_date": DUE.isoformat(),
            "amount": 11_900,
            "balance": 11_900,
            "currency": "EUR",
            "version": 1,
            "status": "open",
        }
        self.client.hear(
            "open_receivables", account_id=account_id, issued_on=DUE.isoformat(), items=[item]
        )
        return str(item["item_id"])


THEIRS = {
    "place_hold": lambda two: {"account_id": two.other, "item_id": None, **PAUSE},
    "lift_hold": lambda two: {"hold_id": two.hold["hold_id"]},
    "accept_placement": lambda two: {"placement_id": two.placement["placement_id"]},
    "return_placement": lambda two: {
        "placement_id": two.placement["placement_id"],
        "reason": "The contract is missing.",
    },
    "withdraw_placement": lambda two: {
        "placement_id": two.placement["placement_id"],
        "reason": "Agreed otherwise.",
    },
}


@pytest.fixture(scope="module")
def made(modules_client: Client) -> Two:
    return Two(modules_client)


@pytest.fixture
def two(made: Two) -> Iterator[Two]:
    with made.client.undoing():
        yield made


def test_a_pause_of_ours_never_names_their_item(two: Two) -> None:
    asked: dict[str, Any] = {"account_id": two.ours, "item_id": two.item_id, **PAUSE}
    refusal = require_refused(two.client, "place_hold", asked, caller=two.client.caller)
    assert refusal.errors[0]["field"] == "item_id"
    limited = limited_to(two.client, two.ours)
    assert require_refused(two.client, "place_hold", asked, caller=limited).status == 404


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
