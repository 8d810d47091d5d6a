"""An account is closed by agreement: asked, answered in any order, done, refused or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.accounts.closings.rules import MUST_AGREE

pytestmark = pytest.mark.server

OWES = "50.00 EUR is still owed."


def ask(office, account: dict[str, Any]) -> dict[str, Any]:
    return office.do("close_account", account_id=account["account_id"], reason="Moved abroad.")


def now(office, account: dict[str, Any]) -> dict[str, Any]:
    return office.do("get_account", account_id=account["account_id"])


def status(office, account: dict[str, Any]) -> str:
    return now(office, account)["status"]


def events(office) -> list[tuple[str, dict[str, Any]]]:
    return [(event.name, data) for event, data, _ in office.session.info.pop("announced", [])]


def last_closing(office, account: dict[str, Any]) -> dict[str, Any]:
    return office.do("list_closings", account_id=account["account_id"])["items"][-1]


def test_an_account_is_closing_until_all_agree(office) -> None:
    account = office.active_account()
    closing = ask(office, account)
    assert closing["status"] == "closing"
    assert last_closing(office, account)["waits_for"] == ["billing", "sales"]
    office.answer(closing, "sales")
    assert status(office, account) == "closing"
    assert last_closing(office, account)["waits_for"] == ["billing"]
    office.answer(closing, "billing")
    assert status(office, account) == "closed"
    done = last_closing(office, account)
    assert (done["status"], done["waits_for"], done["reason"]) == ("closed", [], "Moved abroad.")
    assert [one["service"] for one in done["answers"]] == ["billing", "sales"]


def test_what_is_asked_and_what_came_of_it_is_announced_with_the_version_to_answer(office) -> None:
    account = office.active_account()
    events(office)
    closing = ask(office, account)
    [(name, asked)] = events(office)
    assert (name, asked["status"], asked["reason"]) == (
        "account_closing",
        "closing",
        "Moved abroad.",
    )
    assert asked["version"] == closing["version"] == account["version"] + 1
    office.answer(closing, "billing", OWES)
    [(name, refused)] = events(office)
    assert (name, refused["status"]) == ("account_closing_refused", "active")
    assert refused["version"] == closing["version"] + 1
    told = {"objected_by": "billing", "code": "balance_open", "reason": OWES}
    assert {key: refused[key] for key in told} == told


@pytest.mark.parametrize(
    ("make", "before"),
    [
        (lambda office: office.account(), "prospect"),
        (lambda office: office.onboarding_account(), "onboarding"),
        (lambda office: office.active_account(), "active"),
        (
            lambda office: office.do(
                "hold_account",
                account_id=office.active_account()["account_id"],
                reason="Unreachable.",
            ),
            "on_hold",
        ),
    ],
)
def test_after_an_objection_an_account_is_where_it_was_and_says_why(
    office, make: Callable[[Any], dict[str, Any]], before: str
) -> None:
    account = make(office)
    office.pass_days(3)
    office.answer(ask(office, account), "billing", OWES)
    after = now(office, account)
    assert after == account | {
        "version": account["version"] + 2,
        "closing_objection": OWES,
    }
    assert (after["status"], last_closing(office, account)["status"]) == (before, "refused")
    states = office.do("list_states", account_id=account["account_id"])["items"]
    assert [(one["action"], one["status"], one["moved_by"]) for one in states[-2:]] == [
        ("close", "closing", "key_office"),
        ("refuse_closing", before, "billing"),
    ]


def test_an_objection_is_shown_until_the_account_moves_again(office) -> None:
    account = office.active_account()
    office.answer(ask(office, account), "sales", "Order SO-1 is not shipped.")
    assert now(office, account)["closing_objection"] == "Order SO-1 is not shipped."
    assert office.close(account["account_id"])["closing_objection"] is None


def test_a_closing_that_waits_can_be_withdrawn(office) -> None:
    account = office.active_account()
    closing = ask(office, account)
    office.answer(closing, "billing")
    events(office)
    office.do("withdraw_closing", account_id=account["account_id"], reason="They stay.")
    [(name, data)] = events(office)
    assert (name, data["status"], data["reason"]) == (
        "account_closing_withdrawn",
        "active",
        "They stay.",
    )
    office.answer(closing, "sales")
    assert status(office, account) == "active"
    assert last_closing(office, account)["status"] == "withdrawn"


def test_while_it_is_closing_an_account_is_not_changed(office) -> None:
    account = office.active_account()
    ask(office, account)
    with pytest.raises(Conflict, match="withdraw the closing") as refusal:
        office.do("edit_account", account_id=account["account_id"], name="Other")
    assert refusal.value.code == "account_closing"


def test_an_account_that_is_closing_can_get_another_owner(office) -> None:
    account = office.active_account()
    closing = ask(office, account)
    new = office.staff()["staff_id"]
    office.pass_days(1)
    office.do(
        "change_owner", account_id=account["account_id"], owner_id=new, reason="Regions redrawn."
    )
    for service in MUST_AGREE:
        office.answer(closing, service)
    assert now(office, account) | {"owner_id": new, "status": "closed"} == now(office, account)


def test_an_account_with_an_open_balance_is_refused_at_once(office) -> None:
    account = office.active_account()
    office.owe(account["account_id"], 12_345, version=1)
    with pytest.raises(Conflict, match=r"123\.45 GBP") as refusal:
        ask(office, account)
    assert refusal.value.code == "balance_open"
    office.owe(account["account_id"], 0, version=2)
    assert ask(office, account)["status"] == "closing"


def test_an_older_balance_does_not_replace_a_newer_one(office) -> None:
    account = office.active_account()
    office.owe(account["account_id"], 0, version=2)
    office.owe(account["account_id"], 12_345, version=1)
    assert ask(office, account)["status"] == "closing"


# What each event makes of an account in each status; None is refused. "stale" answers an earlier closing.
TABLE: dict[str, dict[str, str | None]] = {
    "active": {
        "close": "closing",
        "withdraw": None,
        "hold": "on_hold",
        "reopen": None,
        "agreed": "active",
        "objected": "active",
        "stale agreed": "active",
        "stale objected": "active",
    },
    "closing": {
        "close": None,
        "withdraw": "active",
        "hold": None,
        "reopen": None,
        "agreed": "closed",
        "objected": "active",
        "stale agreed": "closing",
        "stale objected": "closing",
    },
    "closed": {
        "close": None,
        "withdraw": None,
        "hold": None,
        "reopen": "onboarding",
        "agreed": "closed",
        "objected": "closed",
        "stale agreed": "closed",
        "stale objected": "closed",
    },
}


@pytest.mark.parametrize("before", TABLE)
@pytest.mark.parametrize("event", TABLE["active"])
def test_every_event_in_every_status_does_what_the_table_says(
    office, before: str, event: str
) -> None:
    account = office.active_account()
    stale = ask(office, account)
    current = office.do("withdraw_closing", account_id=account["account_id"])
    if before != "active":
        current = ask(office, account)
        office.answer(current, "sales")
    if before == "closed":
        office.answer(current, "billing")
    assert status(office, account) == before

    path = {"account_id": account["account_id"]}
    happens: dict[str, Callable[[], Any]] = {
        "close": lambda: office.do("close_account", **path, reason="Again."),
        "withdraw": lambda: office.do("withdraw_closing", **path),
        "hold": lambda: office.do("hold_account", **path, reason="Why not."),
        "reopen": lambda: office.do("reopen_account", **path, reason="Came back."),
        "agreed": lambda: office.answer(current, "billing"),
        "objected": lambda: office.answer(current, "billing", OWES),
        "stale agreed": lambda: [office.answer(stale, service) for service in MUST_AGREE],
        "stale objected": lambda: office.answer(stale, "billing", OWES),
    }
    after = TABLE[before][event]
    if after is None:
        with pytest.raises(Conflict) as refusal:
            happens[event]()
        assert refusal.value.code == "wrong_status"
    else:
        happens[event]()
    assert status(office, account) == (after or before)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    does_billing_agree=st.booleans(),
    does_sales_agree=st.booleans(),
    data=st.data(),
)
def test_answers_that_come_twice_late_and_shuffled_decide_as_if_each_came_once(
    office, *, does_billing_agree: bool, does_sales_agree: bool, data: st.DataObject
) -> None:
    account = office.active_account()
    earlier = ask(office, account)
    office.do("withdraw_closing", account_id=account["account_id"])
    present = ask(office, account)
    agrees = {"billing": does_billing_agree, "sales": does_sales_agree}
    answers = [(present, service, agrees[service]) for service in agrees]
    noise = [(earlier, service, is_agreed) for service in agrees for is_agreed in (True, False)]
    repeated = data.draw(st.lists(st.sampled_from(answers + noise), max_size=6))
    for closing, service, is_agreed in data.draw(st.permutations(answers + repeated)):
        office.answer(closing, service, None if is_agreed else OWES)
    assert status(office, account) == ("closed" if all(agrees.values()) else "active")
    names = [name for name, _ in events(office)]
    ends = ("account_closed", "account_closing_refused")
    assert [name for name in names if name in ends] == [ends[not all(agrees.values())]]
