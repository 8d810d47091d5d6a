"""What comes in and goes out about contacts."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from marshmallow import fields

from chassis.fields import Code, Day, Email, Id, ListOf, OneLine, PageQuery, Schema, Whole
from services.accounts.contacts.rules import ContactRole

NAME = {"description": "First and last name."}
EMAIL = {"description": "Where the person reads mail."}
PHONE = {"description": "With country code, `+49 30 1234567`."}
ROLES = {"description": "What to contact this person about."}
VALID_FROM = {"description": "The first day; today if left out."}
VALID_TO = {"description": "The last day; null until further."}


class Phone(Code):
    """A phone number with its country code (E.164); spaces, brackets and hyphens are dropped."""

    pattern = "[ ()./-]*[+][ ()./-]*[1-9]([ ()./-]{0,3}[0-9]){6,14}[ ()./-]*"
    remedy = "Must be a number with its country code, such as +49 30 1234567."
    sample = "+49301234567"

    def read(self, value: Any) -> str:
        return re.sub("[^0-9+]", "", super().read(value))


def _roles(**options: Any) -> ListOf:
    each = fields.Enum(ContactRole, by_value=True)
    return ListOf(each, most=len(ContactRole), **options)


class Contact(Schema):
    """A person at an account."""

    contact_id = Id("con", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    email = fields.String(required=True, allow_none=True, metadata=EMAIL)
    phone = fields.String(required=True, allow_none=True, metadata=PHONE)
    roles = _roles(required=True, metadata=ROLES)
    valid_from = Day(required=True, metadata=VALID_FROM)
    valid_to = Day(required=True, allow_none=True, metadata=VALID_TO)


class AddContact(Schema):
    """A new person at an account."""

    account_id = Id("acc", required=True)
    name = OneLine(longest=200, required=True, metadata=NAME)
    email = Email(load_default=None, allow_none=True, metadata=EMAIL)
    phone = Phone(load_default=None, allow_none=True, metadata=PHONE)
    roles = _roles(required=True, metadata=ROLES)
    valid_from = Day(load_default=None, metadata=VALID_FROM)
    valid_to = Day(load_default=None, allow_none=True, metadata=VALID_TO)

    example: ClassVar = {
        "name": "Ben Hall",
        "email": "ben@brown.example",
        "phone": "+353 1 234 5678",
        "roles": ["payer", "disputes"],
    }


class EditContact(Schema):
    """What changes about a contact; what is left out stays as it is."""

    contact_id = Id("con", required=True)
    name = OneLine(longest=200, metadata=NAME)
    email = Email(allow_none=True, metadata=EMAIL)
    phone = Phone(allow_none=True, metadata=PHONE)
    roles = _roles(metadata=ROLES)


class ContactId(Schema):
    """One contact."""

    contact_id = Id("con", required=True)


class EndContact(Schema):
    """The contact's last day."""

    contact_id = Id("con", required=True)
    valid_to = Day(load_default=None, metadata={"description": "The last day; today if left out."})

    example: ClassVar = {"valid_to": "2026-12-31"}


class ContactQuery(PageQuery):
    """Which contacts to list."""

    account_id = Id("acc", required=True)
    valid_on = Day(
        load_default=None,
        metadata={"description": "Only those valid on this day; everybody ever if left out."},
    )
