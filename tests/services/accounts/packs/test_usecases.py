"""A pack has what we know of an account, read for many at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from kernel.callers import Caller
from services.accounts.packs.queries import READERS, read_sections
from services.accounts.packs.usecases import pack_accounts

pytestmark = pytest.mark.server

TODAY = date(2026, 1, 5)


def pack(office: Any, account_id: str) -> dict[str, Any]:
    office.session.flush()
    text = pack_accounts(office.session, [account_id], TODAY)[account_id].text
    found: dict[str, Any] = json.loads(text)
    return found


def test_it_says_who_they_are_what_they_owe_and_who_knows_them(office: Any) -> None:
    lead = office.staff(name="Lea Lead", role="lead")["staff_id"]
    owner = office.staff(name="Ada Ross", reports_to_id=lead)["staff_id"]
    account_id = office.onboarding_account(owner_id=owner, tier="key")["account_id"]
    office.do(
        "add_contact", account_id=account_id, name="Jutta", roles=["payer"], email="j@acme.example"
    )
    item = office.do("add_checklist_item", account_id=account_id, name="Register extract")
    office.do(
        "complete_checklist_item",
        checklist_item_id=item["checklist_item_id"],
        document="extract.pdf",
        expires_on="2027-12-31",
    )
    helper = office.staff(name="Ben Cole")["staff_id"]
    office.do("add_helper", account_id=account_id, staff_id=helper, purpose="The review.")
    office.owe(account_id, 12_000, version=1)
    debt = {"reason": "overdue", "currency": "GBP", "version": 1, "amount": 12_000}
    debt |= {"oldest_due_date": "2025-12-01", "since": "2025-12-02"}
    office.hear("collections", "contact_due", account_id=account_id, **debt)

    case = {"kind": "request", "subject": "A new price list", "priority": "normal"}
    office.do("open_case", account_id=account_id, **case)
    meeting = {"kind": "meeting", "subject": "Yearly review", "at": "2026-02-02T10:00:00+00:00"}
    office.do("plan_activity", account_id=account_id, **meeting)

    found = pack(office, account_id)
    assert list(found) == list(READERS)
    assert [one["subject"] for one in found["open_cases"]] == ["A new price list"]
    assert [one["subject"] for one in found["next_activities"]] == ["Yearly review"]
    assert found["account"]["name"] == "Acme Trading Ltd"
    assert found["account"]["tier"] == "key"
    assert (found["owner"]["name"], found["owner"]["reports_to"]) == ("Ada Ross", "Lea Lead")
    assert found["terms"] == {
        "currency": "GBP",
        "net_days": 30,
        "credit_limit": "5,000.00 GBP",
    }
    assert found["balances"][0]["balance"] == "120.00 GBP"
    assert found["reasons_to_contact"][0]["oldest_due"] == "2025-12-01"
    assert "120.00 GBP" in found["reasons_to_contact"][0]["why"]
    assert [one["name"] for one in found["contacts"]] == ["Jutta"]
    assert [one["name"] for one in found["who_helps"]] == ["Ben Cole"]
    [extract] = [one for one in found["checklist"] if one["name"] == "Register extract"]
    assert (extract["expires"], extract["status"]) == ("2027-12-31", "completed")


def test_the_last_five_contacts_are_in_it_the_newest_first(office: Any) -> None:
    account_id = office.active_account()["account_id"]
    for number in range(7):
        office.hear(
            "accounts",
            "worklist_item_done",
            account_id=account_id,
            worklist_item_id="wli_01jd3v4q6ye8z9t5k2m7n0p1xe",
            outcome="other",
            note=f"Call {number}",
            done_by="key_office",
            done_on="2026-01-05",
        )
    found = pack(office, account_id)
    assert [one["note"] for one in found["last_contacts"]] == [f"Call {n}" for n in (6, 5, 4, 3, 2)]


def test_notes_for_all_are_in_it_the_pinned_first_and_nobodys_private_ones(office: Any) -> None:
    ada = office.staff(name="Ada Ross")["staff_id"]
    account_id = office.active_account(owner_id=ada)["account_id"]
    contact = {"name": "Jutta", "roles": [], "email": "j@acme.example"}
    jutta = office.do("add_contact", account_id=account_id, **contact)["contact_id"]
    case = {"kind": "request", "subject": "A new price list", "account_id": account_id}
    case = office.do("open_case", **case)

    def note(text: str, **more: Any) -> str:
        return str(office.do("add_note", account_id=account_id, text=text, **more)["note_id"])

    note("Call in the morning.", is_pinned=True, contact_id=jutta)
    note("Ask for the list.", case_id=case["case_id"])
    office.do("withdraw_note", note_id=note("They will close."), reason="They will not.")
    office.caller = Caller(ada, frozenset({"*"}), None, ada)
    note("Nobody likes her.", is_private=True)
    office.moment += timedelta(hours=1)
    note("They are friendly.")
    found = pack(office, account_id)["notes"]
    assert [one["note"] for one in found] == [
        "Call in the morning.",
        "They are friendly.",
        "Ask for the list.",
    ]
    assert [one["by"] for one in found] == ["key_office", "Ada Ross", "key_office"]
    assert [one["about"] for one in found] == ["Jutta", None, case["number"]]
    assert [one["pinned"] for one in found] == ["yes", None, None]


def test_what_was_promised_is_in_it_the_newest_first(office: Any) -> None:
    account_id = office.active_account()["account_id"]
    call = {"account_id": account_id, "kind": "call", "outcome": "reached", "minutes": 5}
    for promise in ("We send the contract.", None, "They pay on Friday."):
        office.moment += timedelta(hours=1)
        office.do("log_activity", **call, promise=promise, subject="The offer")
    found = pack(office, account_id)["promises"]
    assert [one["promise"] for one in found] == ["They pay on Friday.", "We send the contract."]
    assert {one["about"] for one in found} == {"The offer"}


def test_a_contact_names_who_had_it(office: Any) -> None:
    account_id = office.active_account()["account_id"]
    ada = office.staff(name="Ada Ross")["staff_id"]
    contact: dict[str, Any] = {"account_id": account_id, "outcome": "reached", "note": None}
    contact |= {"worklist_item_id": "wli_01jd3v4q6ye8z9t5k2m7n0p1xe", "done_on": "2026-01-05"}
    contact |= {"done_by": ada}
    told = office.envelope("accounts", "worklist_item_done", **contact)
    office.deliver(replace(told, sentence=f"Contacted by {ada}: reached."))
    [last] = pack(office, account_id)["last_contacts"]
    assert last["what"] == "Contacted by Ada Ross: reached."


def test_what_is_in_the_words_of_a_contact_is_not_told_again(office: Any) -> None:
    account_id = office.active_account()["account_id"]
    contact = {"worklist_item_id": "wli_01jd3v4q6ye8z9t5k2m7n0p1xe", "done_on": "2026-01-05"}
    contact |= {"account_id": account_id, "outcome": "other", "done_by": "key_office"}
    told = office.envelope("accounts", "worklist_item_done", **contact, note="They moved.")
    office.deliver(replace(told, sentence="Contacted by key_office: other. They moved."))
    [last] = pack(office, account_id)["last_contacts"]
    assert last["note"] is None


def test_many_are_read_with_as_many_statements_as_one(office: Any) -> None:
    accounts = [office.active_account()["account_id"] for _ in range(4)]
    connection = office.session.connection()
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    listen(connection, "before_cursor_execute", note)
    try:
        read_sections(office.session, accounts[:1], TODAY)
        alone = len(asked)
        office.session.expire_all()
        asked.clear()
        read_sections(office.session, accounts, TODAY)
    finally:
        remove(connection, "before_cursor_execute", note)
    assert len(asked) == alone
