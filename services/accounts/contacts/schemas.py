"""What comes in and goes out about contacts."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.fields import Code, Day, Email, Id, ListOf, OneLine, PageQuery, Schema, Whole
from kernel.grammar import ONE_LINE
from services.accounts.accounts.rules import ContactRole
from services.accounts.contacts.rules import PhoneKind

NAME = {"description": "First and last name."}
EMAIL = {"description": "Where the person reads mail."}
PHONE = {"description": "The first of `phones`, in E.164."}
ONE_PHONE = {"description": "The only number, or the first: instead of `phones`."}
PHONES = {"description": "Where the person can be called, the best first; each once."}
PHONE_KIND = {"description": "office, mobile, home or other."}
PHONES_MAX = 10
ROLES = {"description": "What to contact this person about."}
VALID_FROM = {"description": "The first day; today if left out."}
VALID_TO = {"description": "The last day; null until further."}


class Phone(Code):
    """A phone number as people write it, with its country code or as it is dialled in the country; which
    number that is, and whether it is one, the rules say."""

    pattern = ONE_LINE
    remedy = "Must be a phone number in one line, such as +49 30 1234567."
    sample = "+49 30 1234567"

    def read(self, value: Any) -> str:
        return super().read(value).strip()


def _roles(**options: Any) -> ListOf:
    each = fields.Enum(ContactRole, by_value=True)
    return ListOf(each, most=len(ContactRole), **options)


class PhoneOfContact(Schema):
    """A number of a person."""

    kind = fields.String(required=True, metadata=PHONE_KIND)
    number = fields.String(required=True, metadata={"description": "In E.164, +49301234567."})


class GivenPhone(Schema):
    """A number of a person, as it is entered."""

    kind = fields.Enum(PhoneKind, by_value=True, load_default=PhoneKind.OFFICE)
    number = Phone(required=True)


def _phones(**options: Any) -> ListOf:
    return ListOf(fields.Nested(GivenPhone), most=PHONES_MAX, metadata=PHONES, **options)


class Contact(Schema):
    """A person at an account."""

    contact_id = Id("con", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    email = fields.String(required=True, allow_none=True, metadata=EMAIL)
    phone = fields.String(required=True, allow_none=True, metadata=PHONE)
    phones = fields.List(fields.Nested(PhoneOfContact), required=True, metadata=PHONES)
    roles = _roles(required=True, metadata=ROLES)
    valid_from = Day(required=True, metadata=VALID_FROM)
    valid_to = Day(required=True, allow_none=True, metadata=VALID_TO)


class AddContact(Schema):
    """A new person at an account."""

    account_id = Id("acc", required=True)
    name = OneLine(longest=200, required=True, metadata=NAME)
    email = Email(load_default=None, allow_none=True, metadata=EMAIL)
    phone = Phone(load_default=None, allow_none=True, metadata=ONE_PHONE)
    phones = _phones(load_default=None, allow_none=True)
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
    phone = Phone(allow_none=True, metadata=ONE_PHONE)
    phones = _phones()
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
