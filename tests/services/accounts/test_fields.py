"""What is taken as an e-mail address, wherever one is entered."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from services.accounts.accounts.schemas import EditAccount, OpenAccount
from services.accounts.contacts.schemas import AddContact, EditContact
from services.accounts.staff.schemas import AddStaff, EditStaff

SCHEMAS = [OpenAccount, EditAccount, AddContact, EditContact, AddStaff, EditStaff]


def _load(schema: type[Schema], email: Any) -> Any:
    return schema().fields["email"].deserialize(email)


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize(
    "typed",
    ["ann@brown.example", "kunde@bücher-müller.example", "jürgen@example.com", "Ann@Brown.Example"],
)
def test_an_address_in_any_script_is_kept_as_it_was_typed(schema: type[Schema], typed: str) -> None:
    assert _load(schema, typed) == typed
    assert _load(schema, f" {typed}\n") == typed


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("typed", ["", "ann", "a b@c.de", "ann@brown", "a@b.c\r\nBcc: d@e.f", 5])
def test_what_is_no_address_is_refused_with_an_example(schema: type[Schema], typed: Any) -> None:
    with pytest.raises(ValidationError):
        _load(schema, typed)


def test_the_refusal_says_what_is_wrong_and_what_is_right() -> None:
    with pytest.raises(ValidationError, match=r"SPACE.*such as ann@example\.com"):
        _load(OpenAccount, "a b@c.de")


@pytest.mark.parametrize("schema", [OpenAccount, EditAccount, AddContact, EditContact])
def test_an_account_and_a_contact_may_have_none(schema: type[Schema]) -> None:
    assert _load(schema, None) is None


@pytest.mark.parametrize("schema", [AddStaff, EditStaff])
def test_staff_have_one(schema: type[Schema]) -> None:
    with pytest.raises(ValidationError):
        _load(schema, None)
