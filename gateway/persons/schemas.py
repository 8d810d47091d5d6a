"""What the commands about persons, roles and sessions take."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import marshmallow
from marshmallow import ValidationError, validates_schema

from gateway.keys.schemas import (
    NAME_CHARACTERS_MAX,
    PageQuery,
    Read,
    list_of,
    of_form,
    scopes_of_a_caller,
    staff_member,
)
from gateway.persons.passwords import CHARACTERS_MAX, CHARACTERS_MIN, normal_form
from kernel import grammar
from kernel.addresses import ADDRESS_MAX, read_address
from kernel.ids import FORM

ROLES_MAX = 5
SCOPES_CHARACTERS_MAX = 500  # of a role; a caller with all roles has what a token can carry
ROLE = "[a-z][a-z_]{0,39}"
PERSON_ID = f"per_{FORM}"
DEVICE_CHARACTERS_MAX = 100
ID_TOKEN = r"[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{1,6000}\.[A-Za-z0-9_-]{0,2000}"  # noqa: S105
NONCE = "[!-~]{16,255}"
BY_PASSWORD = {"email", "password", "code"}
BY_ID_TOKEN = {"id_token", "nonce"}


def _read_email(value: Any) -> str:
    text = grammar.read_one_line(value, ADDRESS_MAX)
    try:
        return read_address(text).sent.casefold()
    except ValueError as error:
        raise grammar.Unreadable(str(error)) from error


def _read_password(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= CHARACTERS_MAX:
        raise grammar.Unreadable(f"Must be text of at most {CHARACTERS_MAX} characters.")
    if not grammar.fits(grammar.ONE_LINE, value) or re.search("[\ud800-\udfff]", value):
        raise grammar.Unreadable("Must be one line, without control characters.")
    return value


def _read_new_password(value: Any) -> str:
    password = _read_password(value)
    if len(normal_form(password)) < CHARACTERS_MIN:
        raise grammar.Unreadable(f"Must have {CHARACTERS_MIN} characters or more, of any kind.")
    return password


def _email(**options: Any) -> Read:
    return Read(_read_email, **options)


def _name(**options: Any) -> Read:
    return Read(partial(grammar.read_one_line, longest=NAME_CHARACTERS_MAX), **options)


def _roles(**options: Any) -> Read:
    remedy = "Must be a role such as account_manager."
    return list_of(of_form(ROLE, remedy), ROLES_MAX, **options)


class CreatePerson(marshmallow.Schema):
    """Somebody who may sign in. That it is no member of staff must be said: such a person is held to
    nobody's accounts."""

    name = _name(required=True)
    email = _email(required=True)
    roles = _roles(required=True)
    staff_id = staff_member(required=True, allow_none=True)


class EditPerson(marshmallow.Schema):
    """What is to be otherwise; the rest stays."""

    name = _name()
    email = _email()
    roles = _roles()
    staff_id = staff_member(allow_none=True)


class SetPassword(marshmallow.Schema):
    """A password."""

    password = Read(_read_new_password, required=True)


class SetOwnPassword(SetPassword):
    """Another password, by who knows the one until now."""

    current_password = Read(_read_password, required=True)


class PutRole(marshmallow.Schema):
    """What a role may do."""

    scopes = scopes_of_a_caller()

    @validates_schema
    def _check_size(self, data: dict[str, Any], **_: Any) -> None:
        if sum(len(one) + 3 for one in data["scopes"]) > SCOPES_CHARACTERS_MAX:
            raise ValidationError("Fewer scopes: they are too long together.", "scopes")


class SignIn(marshmallow.Schema):
    """One of the two ways in, and on which device."""

    email = _email()
    password = Read(_read_password)
    code = of_form("[0-9]{6}", "Must be the six digits that the code generator shows.")
    id_token = of_form(ID_TOKEN, "Must be an id token as its issuer gave it.")
    nonce = of_form(
        NONCE, "Must be the 16 to 255 visible characters that the token was asked with."
    )
    device = Read(partial(grammar.read_one_line, longest=DEVICE_CHARACTERS_MAX), load_default=None)

    @validates_schema
    def _check_way(self, data: dict[str, Any], **_: Any) -> None:
        given = data.keys() - {"device"}
        way, other = BY_PASSWORD, BY_ID_TOKEN
        if given & BY_ID_TOKEN and not given & BY_PASSWORD:
            way, other = other, way
        wrong = {name: [grammar.MISSING] for name in sorted(way - given)}
        wrong |= {name: ["Leave it out: there are two ways in."] for name in sorted(given & other)}
        if wrong:
            raise ValidationError(wrong)


class SessionQuery(PageQuery):
    """Whose sessions, and which page of them."""

    person_id = of_form(PERSON_ID, "Must be an id that begins with per_.", load_default=None)
