"""A firm brings its clients along: many accounts at once, each once, each or refused by itself."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from kernel.ids import new_id

pytestmark = pytest.mark.server


def client(office, **facts: Any) -> dict[str, Any]:
    profile = {
        "name": f"Client {new_id('cli')}",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "net_days": 30,
        "credit_limit": None,
        "preferred_channel": "post",
    }
    return profile | {"owner_id": facts.pop("owner_id", None) or office.staff()["staff_id"]} | facts


def called(name: str) -> dict[str, str]:
    return {"system": "shop", "reference_id": name}


def bring(office, *clients: dict[str, Any]) -> dict[str, Any]:
    return office.do("open_account_batch", accounts=[*clients])


def codes(answer: dict[str, Any]) -> list[str | None]:
    return [one.get("code") for one in answer["results"]]


def test_each_is_a_prospect_with_an_owner_a_number_and_its_event(office) -> None:
    owner_id = office.staff()["staff_id"]
    office.announced()
    answer = bring(office, *(client(office, owner_id=owner_id) for _ in range(3)))
    assert (answer["opened"], answer["found"], answer["refused"]) == (3, 0, 0)
    events = office.session.info.pop("announced")
    told = [data["account_id"] for event, data, _ in events if event.name == "account_opened"]
    assert told == [one["account_id"] for one in answer["results"]]
    account = office.do("get_account", account_id=told[-1])
    assert (account["status"], account["owner_id"]) == ("prospect", owner_id)
    assert account["number"] == answer["results"][-1]["number"]
    [state] = office.do("list_states", account_id=told[0])["items"]
    assert state["status"] == "prospect"
    assert len({due.key for due in office.due_times.values()} & {*told}) in (0, 3)


def test_a_list_that_is_sent_again_opens_nothing_twice_and_changes_nothing(office) -> None:
    clients = [client(office) | called("1"), client(office) | called("2")]
    first = bring(office, *clients)
    third = client(office) | called("3")
    again = bring(office, third, *({**one, "name": "Other"} for one in clients))
    assert (again["opened"], again["found"]) == (1, 2)
    names = [one["account_id"] for one in first["results"]]
    assert [one["account_id"] for one in again["results"][1:]] == names
    assert [one["is_new"] for one in again["results"]] == [True, False, False]
    known = office.do("get_account", account_id=names[0])
    assert (known["name"], known["external_references"]) == (clients[0]["name"], [called("1")])
    alone = office.do("find_or_open_account", **third)
    assert alone["account_id"] == again["results"][0]["account_id"]


def test_who_stands_twice_in_a_list_is_opened_once(office) -> None:
    same = client(office) | called("7")
    answer = bring(office, same, same)
    assert (answer["opened"], answer["found"]) == (1, 1)
    assert len({one["account_id"] for one in answer["results"]}) == 1


ALREADY = {"onboarding_waived_reason": "A client of the shop already."}


def states(office, account_id: str) -> list[str]:
    return [one["status"] for one in office.do("list_states", account_id=account_id)["items"]]


def test_one_that_is_of_a_client_already_is_active_and_what_is_required_is_waived(office) -> None:
    office.announced()
    answer = bring(office, client(office) | ALREADY, client(office))
    told = office.session.info["announced"]
    active_id, prospect_id = (one["account_id"] for one in answer["results"])
    assert states(office, active_id) == ["prospect", "onboarding", "active"]
    assert states(office, prospect_id) == ["prospect"]
    account = office.do("get_account", account_id=active_id)
    assert (account["status"], account["version"]) == ("active", 3)
    items = office.do("list_checklist_items", account_id=active_id)["items"]
    required = office.do("list_requirements", limit=100)["items"]
    asked = {one["name"] for one in required if one["retired_on"] is None}
    assert {one["name"] for one in items} == asked != set()
    why = ALREADY["onboarding_waived_reason"]
    by = {(one["status"], one["waived_by"], one["waived_reason"], one["version"]) for one in items}
    assert by == {("waived", "key_office", why, 2)}
    of_active = [
        (event.name, data) for event, data, _ in told if data.get("account_id") == active_id
    ]
    moves = {"account_opened": 1, "account_onboarding": 2, "account_activated": 3}
    versions = {name: data["version"] for name, data in of_active if name in moves}
    assert versions == moves
    names = [name for name, _ in of_active]
    assert names[2:-1] == ["checklist_item_waived"] * len(asked)


def test_a_prospect_that_is_found_stays_one_whatever_is_said_of_it_now(office) -> None:
    one = client(office) | called("1")
    [opened] = bring(office, one)["results"]
    again = bring(office, one | ALREADY)
    assert again["found"] == 1
    assert states(office, opened["account_id"]) == ["prospect"]
    [twice, _] = bring(office, one | called("2"), one | called("2") | ALREADY)["results"]
    assert states(office, twice["account_id"]) == ["prospect"]


def test_a_client_that_was_found_is_not_waived_anything_again(office) -> None:
    one = client(office) | called("1") | ALREADY
    [opened] = bring(office, one)["results"]
    office.announced()
    assert bring(office, one)["found"] == 1
    assert office.announced() == []
    assert states(office, opened["account_id"]) == ["prospect", "onboarding", "active"]


TAX_ID = "DE136695976"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xq"}, "staff_not_found"),
        ({"preferred_channel": "email"}, "email_missing"),
        ({"tax_id": TAX_ID}, "duplicate_tax_id"),
        ({"number": "K-1"}, "duplicate_number"),
        ({"tax_id": "DE1"}, "tax_id_form"),
        ({"currency": "XXX"}, "invalid_fields"),
        ({"system": "shop"}, "invalid_fields"),
        ({"onboarding_waived_reason": " "}, "invalid_fields"),
    ],
)
def test_one_that_is_refused_is_named_with_its_place_and_stops_no_other(
    office, wrong, code
) -> None:
    good = client(office, tax_id=TAX_ID, number="K-1")
    answer = bring(office, good, client(office) | wrong, client(office))
    assert codes(answer) == [None, code, None]
    assert (answer["opened"], answer["refused"]) == (2, 1)
    assert answer["results"][1]["index"] == 1
    assert answer["results"][1]["detail"]


def test_what_is_taken_already_is_refused_as_when_it_is_opened_alone(office) -> None:
    bring(office, client(office, tax_id=TAX_ID, number="K-1"))
    answer = bring(office, client(office, tax_id=TAX_ID), client(office, number="K-1"))
    assert codes(answer) == ["duplicate_tax_id", "duplicate_number"]


@pytest.mark.parametrize("facts", [{}, ALREADY], ids=["prospects", "clients"])
def test_the_number_of_statements_does_not_grow_with_the_accounts(office, facts) -> None:
    owner_id = office.staff()["staff_id"]

    def count(clients: int) -> int:
        asked = [
            client(office, owner_id=owner_id) | called(new_id("ref")) | facts
            for _ in range(clients)
        ]
        statements: list[str] = []
        engine = office.session.get_bind()

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            bring(office, *asked)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    few = count(2)
    assert 0 < count(60) <= few
