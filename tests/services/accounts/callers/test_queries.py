"""Who is ringing is told in one answer: everything of the account, by any of a contact's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen, remove

from kernel.refusals import Invalid

pytestmark = pytest.mark.server

START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # the office's Monday
PHONE, MOBILE = "+442079460123", "+447911123456"


class Ringing:
    """An account with a contact of two numbers."""

    def __init__(self, office: Any, **facts: Any) -> None:
        self.office = office
        self.owner = office.staff(name="Ada Ross")
        self.account = office.account(owner_id=self.owner["staff_id"], **facts)
        self.account_id = self.account["account_id"]
        self.contact_id = self.add("Ben Hall", PHONE, MOBILE)

    def add(self, name: str, *numbers: str) -> str:
        phones = [{"kind": "office", "number": number} for number in numbers]
        person = {"account_id": self.account_id, "name": name, "roles": ["payer"]}
        return str(self.office.do("add_contact", **person, phones=phones)["contact_id"])

    def hear(self) -> None:
        while self.office.session.info.get("announced"):
            self.office.hear_itself()


def ask(office: Any, phone: str = PHONE) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = office.do("get_callers", phone=phone)["items"]
    return items


@pytest.fixture
def ringing(office) -> Ringing:
    return Ringing(office, tier="key", name="Acme")


def test_a_number_nobody_has_is_an_empty_list(office) -> None:
    assert office.do("get_callers", phone="+44 20 7946 0999") == {
        "phone": "+442079460999",
        "items": [],
    }


def test_what_is_no_number_is_refused(office) -> None:
    with pytest.raises(Invalid) as refused:
        ask(office, "12345")
    assert refused.value.errors[0]["field"] == "phone"


@pytest.mark.parametrize("phone", [PHONE, MOBILE, "+44 (0)7911 123456"])
def test_an_account_is_found_by_any_number_of_its_people(ringing: Ringing, phone: str) -> None:
    [found] = ask(ringing.office, phone)
    facts = ("account_id", "number", "name", "status", "tier")
    assert {name: found[name] for name in facts} == {name: ringing.account[name] for name in facts}
    assert found["owner"] == {"staff_id": ringing.owner["staff_id"], "name": "Ada Ross"}
    [contact] = found["contacts"]
    assert contact == {
        "contact_id": ringing.contact_id,
        "name": "Ben Hall",
        "roles": ["payer"],
        "kind": "office",
        "is_former": False,
    }
    empty = ("balances", "reasons", "open_cases", "latest_contacts")
    assert [found[name] for name in empty] == [[]] * 4
    assert (found["promise"], found["next_activity"]) == (None, None)


def test_whose_time_is_over_is_said_to_be_former(ringing: Ringing) -> None:
    office = ringing.office
    office.do("end_contact", contact_id=ringing.contact_id)
    office.moment += timedelta(days=1)
    eve = ringing.add("Eve Black", PHONE)
    other = Ringing(office)
    office.do("edit_contact", contact_id=other.contact_id, phones=[], email="b@b.example")
    office.do("end_contact", contact_id=other.add("Old Hand", PHONE))
    office.moment += timedelta(days=1)
    here, there = ask(office)
    assert [(one["contact_id"], one["is_former"]) for one in here["contacts"]] == [
        (eve, False),
        (ringing.contact_id, True),
    ]
    assert there["account_id"] == other.account_id, "present ones first"
    assert [one["is_former"] for one in there["contacts"]] == [True]


def test_what_is_open_and_why_one_would_call_is_told(ringing: Ringing) -> None:
    office = ringing.office
    office.owe(ringing.account_id, 11_900, version=1)
    office.owe(ringing.account_id, 5_000, version=1, unapplied=700, currency="EUR")
    due = {"reason": "overdue", "about": "GBP", "version": 1, "currency": "GBP", "amount": 11_900}
    due |= {"since": "2026-01-02", "roles": [], "channel": None, "earliest": None}
    due |= {"sentence": "119.00 GBP is overdue since 2026-01-02."}
    office.hear("collections", "contact_due", account_id=ringing.account_id, **due)
    [found] = ask(office)
    euro, pound = found["balances"]
    assert (euro["open"]["amount"], euro["unapplied"]["amount"]) == (5_000, 700)
    assert pound["open"] == {"amount": 11_900, "currency": "GBP"}
    [reason] = found["reasons"]
    assert (reason["kind"], reason["sentence"]) == ("overdue", due["sentence"])
    [item] = office.do("get_worklist", staff_id=ringing.owner["staff_id"])["items"]
    done = {"worklist_item_id": item["worklist_item_id"], "outcome": "will_pay"}
    office.do("finish_worklist_item", **done, note="Transfers on Friday.")
    [found] = ask(office)
    assert len(found["reasons"]) == 1, "it rests on the list, and still stands"
    [latest] = found["latest_contacts"]
    assert latest == {
        "at": START.isoformat(),
        "kind": "worklist",
        "direction": "out",
        "outcome": "will_pay",
        "note": "Transfers on Friday.",
        "by": "key_office",
    }


def test_what_they_brought_up_and_is_not_closed_is_told(ringing: Ringing) -> None:
    office, account = ringing.office, {"account_id": ringing.account_id}
    lamps = office.do("open_case", **account, kind="complaint", subject="Broken lamps.")
    praise = office.do("open_case", **account, kind="request", subject="A catalogue.")
    office.do("withdraw_case", case_id=praise["case_id"], note="They have one.")
    [found] = ask(office)
    assert found["open_cases"] == [{name: lamps[name] for name in found["open_cases"][0]}]
    assert found["open_cases"][0]["number"] == lamps["number"]


def test_the_last_contacts_the_last_promise_and_what_is_next_are_told(ringing: Ringing) -> None:
    office, account = ringing.office, {"account_id": ringing.account_id}
    said = {"kind": "call", "outcome": "reached", "minutes": 3}
    for days, promise in ((9, "We send a list."), (8, "They pay on Friday."), (7, None), (6, None)):
        held_at = (START - timedelta(days=days)).isoformat()
        office.do("log_activity", **account, **said, promise=promise, held_at=held_at)
    rung = {"phone": MOBILE, "rung_at": (START - timedelta(days=5)).isoformat()}
    office.do("record_call", **rung)
    office.do("log_activity", **account, kind="visit", outcome="reached", minutes=60)
    later, sooner = (
        office.do(
            "plan_activity",
            **account,
            kind="visit",
            subject="Review",
            at=(START + timedelta(days=days)).isoformat(),
        )
        for days in (9, 3)
    )
    [found] = ask(office)
    assert [
        (one["kind"], one["direction"], one["outcome"]) for one in found["latest_contacts"]
    ] == [
        ("visit", "out", "reached"),
        ("call", "in", "missed"),
        ("call", "out", "reached"),
        ("call", "out", "reached"),
        ("call", "out", "reached"),
    ]
    assert found["promise"]["promise"] == "They pay on Friday."
    assert found["next_activity"] == {name: sooner[name] for name in found["next_activity"]}
    office.do("cancel_activity", activity_id=sooner["activity_id"], reason="They are away.")
    [found] = ask(office)
    assert found["next_activity"]["activity_id"] == later["activity_id"]
    ringing.hear()
    [reason] = ask(office)[0]["reasons"]
    assert reason["kind"] == "callback"
    office.moment = START + timedelta(days=10)
    assert ask(office)[0]["next_activity"] is None, "what is over is not next"


def test_one_contact_about_several_reasons_is_one(ringing: Ringing) -> None:
    office = ringing.office
    told = {"account_id": ringing.account_id, "version": 1, "since": "2026-01-02", "amount": None}
    told |= {
        "currency": None,
        "roles": [],
        "channel": None,
        "earliest": None,
        "sentence": "So it is.",
    }
    for about in ("one", "other"):
        office.hear("sales", "contact_due", reason="quote_expiring", about=about, **told)
    [item] = office.do("get_worklist", staff_id=ringing.owner["staff_id"])["items"]
    item_id = item["worklist_item_id"]
    office.do("finish_worklist_item", worklist_item_id=item_id, outcome="reached")
    assert [one["kind"] for one in ask(office)[0]["latest_contacts"]] == ["worklist"]


@contextmanager
def counting(office: Any) -> Iterator[list[str]]:
    bind, asked = office.session.connection(), []

    def note(*given: Any) -> None:
        asked.append(given[2])

    listen(bind, "before_cursor_execute", note)
    yield asked
    remove(bind, "before_cursor_execute", note)


def test_ten_accounts_are_told_of_with_as_many_statements_as_one(ringing: Ringing) -> None:
    office = ringing.office
    with counting(office) as for_one:
        assert len(ask(office)) == 1
    for _ in range(11):
        other = Ringing(office)
        office.do(
            "log_activity", account_id=other.account_id, kind="visit", outcome="reached", minutes=1
        )
    office.session.expire_all()
    with counting(office) as for_ten:
        found = ask(office)
    assert [len(one["latest_contacts"]) for one in found] == [0] + [1] * 9
    assert len(for_ten) == len(for_one) == 2


def test_a_number_is_looked_for_in_an_index(ringing: Ringing) -> None:
    session = ringing.office.session
    ask(ringing.office)
    look_ups = "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%phones @>%'"
    [look_up] = session.scalars(text(look_ups))
    condition = "phones @> jsonb_build_array(jsonb_build_object('number', {}))".format
    assert condition("$1") in look_up
    for way in ("seqscan", "indexscan"):  # such an index is read as a bitmap
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    explain = f"EXPLAIN SELECT 1 FROM contact WHERE {condition(repr('+442079460123'))}"
    assert "ix_contact_phones" in "\n".join(session.scalars(text(explain)))


def test_within_our_country_no_country_code_is_needed(ringing: Ringing) -> None:
    with pytest.raises(Invalid, match="with its country code"):
        ask(ringing.office, "020 7946 0123")
    seat = {"kind": "legal", "street": ["1 High St"], "city": "London", "postal_code": "SW1A 1AA"}
    company = {"legal_name": "Steward Ltd", "country": "GB", "time_zone": "Europe/London"}
    addresses = [seat | {"country": "GB"}]
    ringing.office.do(
        "set_company",
        **company,
        languages=["en"],
        addresses=addresses,
        tax_ids=[],
        bank_accounts=[],
    )
    [found] = ask(ringing.office, "020 7946 0123")
    assert found["account_id"] == ringing.account_id
