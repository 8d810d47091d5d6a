"""A private note is seen by its author and those above them, and by nobody else in any way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from kernel.callers import ALL_ACCOUNTS, Caller
from kernel.ids import new_id
from kernel.refusals import NotFound, Refusal
from tests.services.client import Client

pytestmark = pytest.mark.server

SECRET = "Their director told me that they look for a buyer"
PROFILE = {"name": "Brown Ltd", "country": "IE", "currency": "EUR", "language": "en"}
PROFILE |= {"time_zone": "Europe/Dublin", "net_days": 14, "credit_limit": None}
PROFILE |= {"email": "ap@brown.example"}


class House:
    """An account whose owner, between a lead and an assistant, wrote a private note about it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.top = self.hire(None)
        self.lead = self.hire(self.top)
        self.owner = self.hire(self.lead)
        self.assistant = self.hire(self.owner)
        self.colleague = self.hire(self.lead)
        opened = client.call("open_account", **PROFILE, owner_id=self.owner)
        self.account_id = opened["account_id"]
        sent = {"account_id": self.account_id, "text": SECRET, "is_private": True}
        note = client.call("add_note", caller=self.person(self.owner), **sent)
        self.note = {"note_id": note["note_id"]}
        client.carry()

    def hire(self, reports_to_id: str | None) -> str:
        person = {"name": "Ada Ross", "email": f"{new_id('mail')}@steward.example"}
        above = {"role": "lead", "reports_to_id": reports_to_id}
        return str(self.client.call("add_staff", **person, **above)["staff_id"])

    def person(self, staff_id: str, *more: str) -> Caller:
        return Caller(staff_id, frozenset({"*", *more}), None, staff_id)

    def reads(self, caller: Caller, **wanted: Any) -> list[str]:
        sent = {"account_id": self.account_id, **wanted}
        return [
            one["text"] for one in self.client.call("list_notes", caller=caller, **sent)["items"]
        ]


@pytest.fixture(scope="module")
def made(modules_client: Client) -> House:
    return House(modules_client)


@pytest.fixture
def house(made: House) -> Iterator[House]:
    with made.client.undoing():
        yield made


VERBS: dict[str, dict[str, Any]] = {
    "list_note_texts": {},
    "pin_note": {},
    "unpin_note": {},
    "correct_note": {"text": "Nothing of note."},
    "withdraw_note": {"reason": "Not theirs to know."},
}


@pytest.mark.parametrize("who", ["owner", "lead", "top"])
def test_its_author_and_those_above_read_and_keep_it(house: House, who: str) -> None:
    caller = house.person(getattr(house, who))
    assert house.reads(caller) == [SECRET]
    for verb, values in VERBS.items():
        house.client.call(verb, caller=caller, **house.note, **values)


@pytest.mark.parametrize("who", ["assistant", "colleague"])
@pytest.mark.parametrize("verb", VERBS)
def test_it_is_not_there_for_who_sees_the_account_for_another_reason(
    house: House, who: str, verb: str
) -> None:
    caller = house.person(getattr(house, who), ALL_ACCOUNTS)
    assert house.reads(caller, with_withdrawn=True) == []
    with pytest.raises(NotFound) as refused:
        house.client.call(verb, caller=caller, **house.note, **VERBS[verb])
    assert refused.value.code == "note_not_found"


@pytest.mark.parametrize("verb", VERBS)
def test_nor_for_a_system_however_much_it_may(house: House, verb: str) -> None:
    assert house.reads(house.client.caller, with_withdrawn=True) == []
    with pytest.raises(NotFound):
        house.client.call(verb, **house.note, **VERBS[verb])


def test_whoever_owns_the_account_next_does_not_read_it(house: House) -> None:
    change = {"owner_id": house.colleague, "reason": "Regions were redrawn."}
    house.client.call("change_owner", account_id=house.account_id, **change)
    assert house.reads(house.person(house.colleague)) == []
    assert house.reads(house.person(house.lead)) == [SECRET]


def test_a_note_for_all_is_read_by_all_who_see_the_account(house: House) -> None:
    sent = {"account_id": house.account_id, "text": "Call before ten."}
    house.client.call("add_note", caller=house.person(house.owner), **sent)
    assert house.reads(house.person(house.colleague, ALL_ACCOUNTS)) == ["Call before ten."]
    assert house.reads(house.client.caller) == ["Call before ten."]


def test_what_it_says_leaves_its_tables_in_no_way(house: House) -> None:
    author = house.person(house.owner)
    house.client.call("correct_note", caller=author, **house.note, text=f"{SECRET} by May.")
    house.client.call("withdraw_note", caller=author, **house.note, reason="It came to nothing.")
    house.client.carry()
    colleague = house.person(house.colleague, ALL_ACCOUNTS)
    for endpoint in ("get_timeline", "get_account", "list_states", "list_notes"):
        answer = house.client.call(endpoint, caller=colleague, account_id=house.account_id)
        assert SECRET not in json.dumps(answer)
    told = [one for one in _rows(house.client, "outbox") if "note_" in one]
    assert len(told) == 3
    assert not [one for one in told if SECRET in one]
    holding = {one for one in _tables(house.client) if SECRET in "".join(_rows(house.client, one))}
    assert holding <= {"note", "note_text", "answers"}  # an answer is given to its caller again


def test_nobody_can_write_one_in_nobodys_name(house: House) -> None:
    sent = {"account_id": house.account_id, "text": SECRET, "is_private": True}
    with pytest.raises(Refusal) as refused:
        house.client.call("add_note", **sent)
    assert refused.value.code == "private_needs_person"


def _tables(client: Client) -> list[str]:
    named = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [str(one) for (one,) in client.bind.execute(named)]


def _rows(client: Client, table: str) -> list[str]:
    return [
        str(one) for (one,) in client.bind.execute(text(f'SELECT one::text FROM "{table}" one'))
    ]
