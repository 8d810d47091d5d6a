"""Contacts have roles and a time; they are ended, never deleted."""

from __future__ import annotations

import pytest

from kernel.refusals import Conflict, Invalid, NotFound
from services.accounts.contacts.models import Contact

pytestmark = pytest.mark.server


@pytest.fixture
def account_id(office) -> str:
    account_id: str = office.account()["account_id"]
    office.announced()
    return account_id


def jutta(office, account_id: str, **values):
    person = {"name": "Jutta Müller", "phone": "+49 (30) 123-4567", "roles": ["payer"]}
    return office.do("add_contact", account_id=account_id, **person | values)


def test_a_contact_is_announced_as_it_is(office, account_id: str) -> None:
    contact = jutta(office, account_id, roles=["payer", "disputes", "payer"])
    [(event, data, _)] = office.session.info["announced"]
    assert event.name == "contact_changed"
    assert data == contact
    assert contact["phone"] == "+49301234567"
    assert contact["roles"] == ["disputes", "payer"]
    assert (contact["valid_from"], contact["valid_to"]) == ("2026-01-05", None)


def test_an_edit_changes_what_was_sent_and_announces_it(office, account_id: str) -> None:
    contact = jutta(office, account_id)
    office.announced()
    edited = office.do("edit_contact", contact_id=contact["contact_id"], roles=["shipping"])
    assert edited == contact | {"roles": ["shipping"], "version": 2}
    assert office.announced() == ["contact_changed"]
    same = office.do("edit_contact", contact_id=contact["contact_id"], roles=["shipping"])
    assert same == edited
    assert office.announced() == []


@pytest.mark.parametrize("phone", ["030 1234567", "+49", "call me", "+4930123456789012345"])
def test_what_is_no_phone_number_is_refused_with_one_of_the_country(
    office, account_id: str, phone: str
) -> None:
    with pytest.raises(Invalid, match="like 0121 234 5678 or") as refused:
        jutta(office, account_id, phone=phone)
    assert refused.value.errors[0]["field"] == "phone"
    phones = [{"number": "020 7946 0123"}, {"number": phone}]
    with pytest.raises(Invalid) as refused:
        jutta(office, account_id, phone=None, phones=phones)
    assert refused.value.errors[0]["field"] == "phones/1/number"


def test_a_contact_has_several_numbers_and_phone_is_the_first(office, account_id: str) -> None:
    phones = [{"kind": "mobile", "number": "07911 123456"}, {"number": "020 7946 0123"}]
    contact = jutta(office, account_id, phone=None, phones=phones)
    assert contact["phone"] == "+447911123456"
    assert contact["phones"] == [
        {"kind": "mobile", "number": "+447911123456"},
        {"kind": "office", "number": "+442079460123"},
    ]
    path = {"contact_id": contact["contact_id"]}
    edited = office.do("edit_contact", **path, phone="0121 234 5678")
    assert [one["number"] for one in edited["phones"]] == ["+441212345678", "+442079460123"]
    assert edited["phone"] == "+441212345678"
    edited = office.do("edit_contact", **path, phones=[], email="jutta@mueller.example")
    assert (edited["phone"], edited["phones"]) == (None, [])


def test_a_number_that_was_taken_once_stays_valid(office, account_id: str) -> None:
    contact_id = jutta(office, account_id)["contact_id"]
    odd = {"kind": "office", "number": "+9991234567"}  # of a plan that has changed since
    contact = office.session.get(Contact, contact_id)
    contact.phone, contact.phones = odd["number"], [odd]
    office.session.flush()
    edited = office.do("edit_contact", contact_id=contact_id, name="J. Müller", phone="+9991234567")
    assert (edited["phone"], edited["phones"]) == ("+9991234567", [odd])


def test_a_contact_can_be_reached(office, account_id: str) -> None:
    with pytest.raises(Invalid) as refusal:
        jutta(office, account_id, phone=None)
    assert refusal.value.code == "unreachable"
    contact = jutta(office, account_id)
    with pytest.raises(Invalid):
        office.do("edit_contact", contact_id=contact["contact_id"], phone=None)


def test_a_contact_ends_on_its_last_day_and_stays_in_the_books(office, account_id: str) -> None:
    contact = jutta(office, account_id)
    office.do("end_contact", contact_id=contact["contact_id"], valid_to="2026-01-10")

    def names(**filters: str) -> list[str]:
        page = office.do("list_contacts", account_id=account_id, **filters)
        return [one["name"] for one in page["items"]]

    assert names(valid_on="2026-01-04") == []
    assert names(valid_on="2026-01-10") == ["Jutta Müller"]
    assert names(valid_on="2026-01-11") == []
    assert names() == ["Jutta Müller"]


def test_a_contact_whose_time_is_over_is_history(office, account_id: str) -> None:
    contact_id = jutta(office, account_id)["contact_id"]
    office.do("end_contact", contact_id=contact_id)
    office.pass_days(1)
    with pytest.raises(Conflict, match="add a new contact"):
        office.do("edit_contact", contact_id=contact_id, name="Jutta Maier")
    with pytest.raises(Conflict):
        office.do("end_contact", contact_id=contact_id, valid_to="2026-02-01")


def test_no_contact_ends_before_it_begins(office, account_id: str) -> None:
    contact_id = jutta(office, account_id)["contact_id"]
    with pytest.raises(Invalid) as refusal:
        office.do("end_contact", contact_id=contact_id, valid_to="2026-01-04")
    assert refusal.value.code == "ends_before_it_begins"


def test_there_is_no_contact_without_an_account(office) -> None:
    with pytest.raises(NotFound):
        jutta(office, "acc_01jd3v4q6ye8z9t5k2m7n0p1xw")
