"""Notes are written for all, pinned, corrected and withdrawn; what was written is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.refusals import Conflict, NotFound

pytestmark = pytest.mark.server


@pytest.fixture
def account_id(office) -> str:
    account_id: str = office.account()["account_id"]
    office.announced()
    return account_id


def write(office, account_id: str, text: str = "Call before ten.", **facts: Any) -> dict[str, Any]:
    note: dict[str, Any] = office.do("add_note", account_id=account_id, text=text, **facts)
    return note


def texts(office, account_id: str, **wanted: Any) -> list[str]:
    return [
        one["text"] for one in office.do("list_notes", account_id=account_id, **wanted)["items"]
    ]


def test_a_note_says_who_wrote_it_and_when_and_is_told(office, account_id: str) -> None:
    note = write(office, account_id)
    assert (note["noted_by"], note["noted_at"]) == ("key_office", "2026-01-05T09:00:00+00:00")
    [(event, told, _)] = office.session.info.pop("announced")
    assert (event.name, told["text"]) == ("note_added", "Call before ten.")


def test_those_that_are_pinned_come_first_then_the_newest(office, account_id: str) -> None:
    notes = []
    for text in ("first", "second", "third"):
        notes.append(write(office, account_id, text)["note_id"])
        office.pass_days(1)
    office.do("pin_note", note_id=notes[0])
    assert texts(office, account_id) == ["first", "third", "second"]
    page = office.do("list_notes", account_id=account_id, limit=1)
    rest = office.do("list_notes", account_id=account_id, after=page["next_after"])
    assert [one["text"] for one in rest["items"]] == ["third", "second"]
    assert not office.do("unpin_note", note_id=notes[0])["is_pinned"]
    assert texts(office, account_id) == ["third", "second", "first"]


def test_what_it_said_before_it_was_corrected_is_kept(office, account_id: str) -> None:
    note_id = write(office, account_id)["note_id"]
    office.moment += timedelta(days=1)
    corrected = office.do("correct_note", note_id=note_id, text="Call before nine.")
    assert (corrected["text"], corrected["corrections"]) == ("Call before nine.", 1)
    office.do("correct_note", note_id=note_id, text="Call before nine.")
    assert office.announced() == ["note_added", "note_corrected"]
    kept = office.do("list_note_texts", note_id=note_id)["items"]
    assert [(one["text"], one["written_at"][:10]) for one in kept] == [
        ("Call before ten.", "2026-01-05"),
        ("Call before nine.", "2026-01-06"),
    ]


def test_one_that_is_withdrawn_is_shown_on_request_with_the_reason(office, account_id: str) -> None:
    note_id = write(office, account_id, is_pinned=True)["note_id"]
    withdrawn = office.do("withdraw_note", note_id=note_id, reason="Of another client.")
    assert (withdrawn["status"], withdrawn["is_pinned"]) == ("withdrawn", False)
    assert texts(office, account_id) == []
    assert texts(office, account_id, with_withdrawn=True) == ["Call before ten."]
    with pytest.raises(Conflict):
        office.do("pin_note", note_id=note_id)
    assert office.announced() == ["note_added", "note_withdrawn"]


def test_it_may_be_about_a_contact_or_a_case(office, account_id: str) -> None:
    jo = {"name": "Jo", "email": "jo@acme.example", "roles": []}
    contact_id = office.do("add_contact", account_id=account_id, **jo)["contact_id"]
    write(office, account_id, "of Jo", contact_id=contact_id)
    case = {"account_id": account_id, "kind": "request", "subject": "A price list"}
    case_id = office.do("open_case", **case)["case_id"]
    write(office, account_id, "of the case", case_id=case_id)
    write(office, account_id, "of the account")
    assert texts(office, account_id, contact_id=contact_id) == ["of Jo"]
    assert texts(office, account_id, case_id=case_id) == ["of the case"]
    assert len(texts(office, account_id)) == 3
    other = office.account(name="Other")["account_id"]
    with pytest.raises(NotFound) as refused:
        write(office, other, case_id=case_id)
    assert refused.value.errors[0]["field"] == "case_id"
    with pytest.raises(NotFound) as refused:
        write(office, other, contact_id=contact_id)
    assert refused.value.errors[0]["field"] == "contact_id"
