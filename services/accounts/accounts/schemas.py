"""What comes in and goes out about accounts."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import ValidationError, fields

from chassis.fields import (
    Code,
    Currency,
    Day,
    Email,
    Flag,
    Id,
    Instant,
    Language,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Schema,
    Text,
    Whole,
)
from services.accounts.accounts import rules
from services.accounts.accounts.rules import Action, Channel, ContactRole, Status, Tier
from services.accounts.calendars.schemas import HoursOfDay, KeptHours

NET_DAYS_MAX = 365
HOURS_MAX = 28  # stretches of a week

NUMBER = {"description": "The number people read: A-000017, or the one given at opening."}
NAME = {"description": "The client's name, with its legal form."}
TAX_ID = {"description": "The client's tax or VAT id; one account per tax id."}
COUNTRY = {"description": "ISO 3166-1 code."}
STATUS = {"description": "Where the account stands."}
CURRENCY = {"description": "The currency business is done in; fixed once the account is active."}
LANGUAGE = {
    "description": "A language tag (BCP 47): language, script and region, such as de, pt-BR or zh-Hant; "
    "kept in its proper case. Letters are written in it."
}
TIME_ZONE = {"description": "IANA name; the client's hours are in it."}
NET_DAYS = {"description": "Days from an invoice to its due date."}
CREDIT_LIMIT = {"description": "In minor units of `currency`; null is no limit."}
EMAIL = {"description": "The client's general address; required where e-mail is preferred."}
CHANNEL = {"description": "How the client prefers to hear from us."}
TIER = {"description": "How much attention the account gets."}
ORDER_NUMBER = {"description": "Whether the client wants its order's number on every bill."}
RECIPIENTS = {"description": "The roles of the contacts who get invoices; empty: who pays."}
HOURS = {"description": "In its `time_zone`; null: 09:00 to 17:00 of its country's week."}
PARENT = {"description": "The account to which it belongs."}
PAYER = {"description": "Who pays in the end what it owes: itself, or one above it."}
IS_CREDIT_GROUP = {
    "description": "Whether its credit limit counts for it and all below it together."
}
CREDIT_GROUP = {"description": "Whose credit limit counts for it and others; null: its own."}
CONSENTS = {"description": "What the client said last of each channel."}
CONSENT_CHANNEL = {"description": "phone, email or post."}
IS_GIVEN = {"description": "Whether the client agrees; else it refuses, or withdrew what it gave."}
CONSENT_SINCE = {"description": "When the client said so."}
LEAD = {"description": "The lead that became this account, if any."}
CAMPAIGN = {"description": "What brought that lead."}
SYSTEM = {"description": "The other system: crm, shop."}
REFERENCE_ID = {"description": "The account's id there."}
ADDRESS_KIND = {
    "description": "billing: bills and letters go there; shipping: goods; legal: where the client has "
    "its seat. One of billing and of legal at a time."
}
RECIPIENT = {
    "description": "Who is to get it there, below the client's name: a department, a person."
}
STREET = {"description": "Street and number, building, box; what a country has no part for."}
DISTRICT = {"description": "A part of the city, where the country writes it."}
CITY = {"description": "City or post town."}
REGION = {
    "description": "State, province, county, where the country writes it: by name or by code."
}
POSTAL_CODE = {"description": "In the form of the country, where it has any."}
COUNTRY_NAME = {"description": "The country in English capitals, for letters from abroad."}
LINES = {
    "description": "As they stand on an envelope there, below the name and without the country."
}
VALID_TO = {"description": "The last day; null until further."}
OWNER = {"description": "Who looks after the account; somebody who works here."}


class Country(Code):
    """An ISO 3166-1 country code in capitals."""

    pattern = "[A-Z]{2}"
    remedy = "Must be an ISO 3166-1 country code in capitals, such as DE."
    sample = "DE"

    def is_one(self, code: str) -> bool:
        return code in rules.COUNTRIES


class TimeZone(Code):
    """The IANA name of a time zone."""

    pattern = "[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}"
    remedy = "Must be the IANA name of a time zone, such as Europe/Berlin."
    sample = "Europe/Berlin"

    def is_one(self, name: str) -> bool:
        return rules.is_time_zone(name)


class System(Code):
    """The name of another system, as we call it."""

    pattern = "[a-z0-9][a-z0-9_.-]{0,39}"
    remedy = "Must be up to 40 small letters, digits and _ . - beginning with a letter or digit."
    sample = "crm"


class AccountNumber(Code):
    """The number of an account that was numbered elsewhere."""

    pattern = "[A-Za-z0-9][A-Za-z0-9._/-]{0,39}"
    remedy = "Must be up to 40 letters, digits and . _ / - beginning with a letter or digit."
    sample = "K-4711"


def _require_number(number: str) -> None:
    if rules.is_assigned_form(number):
        raise ValidationError("Numbers such as A-000017 are assigned; leave it out to get one.")


class PostalAddress(Schema):
    """A postal address, valid from the first day to the last, both included."""

    address_id = Id("adr", required=True)
    kind = fields.String(required=True, metadata=ADDRESS_KIND)
    recipient = fields.String(required=True, allow_none=True, metadata=RECIPIENT)
    street = fields.List(fields.String(), required=True, metadata=STREET)
    district = fields.String(required=True, allow_none=True, metadata=DISTRICT)
    city = fields.String(required=True, allow_none=True, metadata=CITY)
    region = fields.String(required=True, allow_none=True, metadata=REGION)
    postal_code = fields.String(required=True, allow_none=True, metadata=POSTAL_CODE)
    country = fields.String(required=True, metadata=COUNTRY)
    country_name = fields.String(required=True, metadata=COUNTRY_NAME)
    lines = fields.List(fields.String(), required=True, metadata=LINES)
    valid_from = Day(required=True, metadata={"description": "The first day."})
    valid_to = Day(required=True, allow_none=True, metadata=VALID_TO)


class ExternalReference(Schema):
    """What another system calls the account."""

    system = fields.String(required=True, metadata=SYSTEM)
    reference_id = fields.String(required=True, metadata=REFERENCE_ID)


class HeldConsent(Schema):
    """What the client said last of being contacted by a channel."""

    channel = fields.Enum(Channel, by_value=True, required=True, metadata=CONSENT_CHANNEL)
    is_given = Flag(required=True, metadata=IS_GIVEN)
    since = Instant(required=True, metadata=CONSENT_SINCE)


class Account(Schema):
    """A client's relationship with the business."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True, metadata=NUMBER)
    name = fields.String(required=True, metadata=NAME)
    tax_id = fields.String(required=True, allow_none=True, metadata=TAX_ID)
    country = fields.String(required=True, metadata=COUNTRY)
    status = fields.Enum(Status, by_value=True, required=True, metadata=STATUS)
    status_since_on = Day(
        required=True, metadata={"description": "The day it came to this status."}
    )
    closing_objection = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it could not be closed, until it moves again."},
    )
    currency = Currency(required=True, metadata=CURRENCY)
    language = fields.String(required=True, metadata=LANGUAGE)
    time_zone = fields.String(required=True, metadata=TIME_ZONE)
    net_days = Whole(required=True, metadata=NET_DAYS)
    credit_limit = Minor(required=True, allow_none=True, metadata=CREDIT_LIMIT)
    email = fields.String(required=True, allow_none=True, metadata=EMAIL)
    preferred_channel = fields.Enum(Channel, by_value=True, required=True, metadata=CHANNEL)
    tier = fields.Enum(Tier, by_value=True, required=True, metadata=TIER)
    owner_id = Id("stf", required=True, metadata=OWNER)
    owner_since_on = Day(required=True, metadata={"description": "The owner's first day."})
    opened_on = Day(required=True, metadata={"description": "The day it was opened."})
    addresses = fields.List(
        fields.Nested(PostalAddress),
        required=True,
        metadata={"description": "Those that are valid or will be, as of the last change of one."},
    )
    external_references = fields.List(
        fields.Nested(ExternalReference),
        required=True,
        metadata={"description": "What other systems call it."},
    )
    parent_id = Id("acc", required=True, allow_none=True, metadata=PARENT)
    payer_id = Id("acc", required=True, metadata=PAYER)
    is_credit_group = Flag(required=True, metadata=IS_CREDIT_GROUP)
    credit_group_id = Id("acc", required=True, allow_none=True, metadata=CREDIT_GROUP)
    lead_id = Id("led", required=True, allow_none=True, metadata=LEAD)
    campaign = fields.String(required=True, allow_none=True, metadata=CAMPAIGN)
    consents = fields.List(fields.Nested(HeldConsent), required=True, metadata=CONSENTS)
    order_number_required = Flag(required=True, metadata=ORDER_NUMBER)
    invoice_recipients = fields.List(
        fields.Enum(ContactRole, by_value=True), required=True, metadata=RECIPIENTS
    )
    opening_hours = fields.List(
        fields.Nested(KeptHours), required=True, allow_none=True, metadata=HOURS
    )


class OpenAccount(Schema):
    """A new account. What can hurt when it is assumed must be said: terms, limit, owner."""

    number = AccountNumber(load_default=None, validate=_require_number, metadata=NUMBER)
    name = OneLine(longest=200, required=True, metadata=NAME)
    tax_id = OneLine(longest=40, load_default=None, allow_none=True, metadata=TAX_ID)
    country = Country(required=True, metadata=COUNTRY)
    currency = Currency(required=True, metadata=CURRENCY)
    language = Language(required=True, metadata=LANGUAGE)
    time_zone = TimeZone(required=True, metadata=TIME_ZONE)
    net_days = Whole(most=NET_DAYS_MAX, required=True, metadata=NET_DAYS)
    credit_limit = Minor(least=0, required=True, allow_none=True, metadata=CREDIT_LIMIT)
    email = Email(load_default=None, allow_none=True, metadata=EMAIL)
    preferred_channel = fields.Enum(
        Channel, by_value=True, load_default=Channel.EMAIL, metadata=CHANNEL
    )
    tier = fields.Enum(Tier, by_value=True, load_default=Tier.STANDARD, metadata=TIER)
    owner_id = Id("stf", required=True, metadata=OWNER)

    example: ClassVar = {
        "name": "Brown & Sons Ltd",
        "country": "IE",
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/Dublin",
        "net_days": 14,
        "credit_limit": 500000,
        "email": "accounts@brown.example",
        "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xw",
    }


class EditAccount(Schema):
    """What changes of an account; what is left out stays as it is."""

    account_id = Id("acc", required=True)
    name = OneLine(longest=200, metadata=NAME)
    tax_id = OneLine(longest=40, allow_none=True, metadata=TAX_ID)
    country = Country(metadata=COUNTRY)
    currency = Currency(metadata=CURRENCY)
    language = Language(metadata=LANGUAGE)
    time_zone = TimeZone(metadata=TIME_ZONE)
    net_days = Whole(most=NET_DAYS_MAX, metadata=NET_DAYS)
    credit_limit = Minor(least=0, allow_none=True, metadata=CREDIT_LIMIT)
    email = Email(allow_none=True, metadata=EMAIL)
    preferred_channel = fields.Enum(Channel, by_value=True, metadata=CHANNEL)
    tier = fields.Enum(Tier, by_value=True, metadata=TIER)
    order_number_required = Flag(metadata=ORDER_NUMBER)
    invoice_recipients = ListOf(
        fields.Enum(ContactRole, by_value=True), most=len(ContactRole), metadata=RECIPIENTS
    )
    opening_hours = ListOf(
        fields.Nested(HoursOfDay), least=1, most=HOURS_MAX, allow_none=True, metadata=HOURS
    )

    example: ClassVar = {"net_days": 30, "credit_limit": 750000}


class AccountId(Schema):
    """One account."""

    account_id = Id("acc", required=True)


class MoveAccount(Schema):
    """One account, and why it moves."""

    account_id = Id("acc", required=True)
    reason = Text(longest=500, required=True, metadata={"description": "Why; kept for ever."})


class ReleaseAccount(Schema):
    """One account, and why it is released."""

    account_id = Id("acc", required=True)
    reason = Text(longest=500, load_default=None, allow_none=True, metadata={"description": "Why."})


class ChangeOwner(Schema):
    """The account's next owner."""

    account_id = Id("acc", required=True)
    owner_id = Id("stf", required=True, metadata=OWNER)
    since_on = Day(
        load_default=None,
        metadata={
            "description": "The new owner's first day, not in the future; today if left out."
        },
    )
    reason = Text(longest=500, required=True, metadata={"description": "Why the owner changes."})


class HandOverBook(Schema):
    """Whose accounts go to whom."""

    staff_id = Id("stf", required=True)
    owner_id = Id("stf", required=True, metadata=OWNER)
    reason = Text(longest=500, required=True, metadata={"description": "Why the owner changes."})


class HandedOver(Schema):
    """What came of a hand-over."""

    handed_over = Whole(
        required=True, metadata={"description": "How many accounts have the new owner now."}
    )
    has_more = Flag(required=True, metadata={"description": "Whether accounts remain: call again."})


class AccountQuery(PageQuery):
    """Which accounts to list."""

    q = OneLine(
        longest=100,
        load_default=None,
        metadata={
            "description": "Words; each begins a word of the name, the number, e-mail or tax id."
        },
    )
    status = fields.Enum(
        Status, by_value=True, load_default=None, metadata={"description": "Only these."}
    )
    owner_id = Id("stf", load_default=None, metadata={"description": "Only this person's."})
    tier = fields.Enum(
        Tier, by_value=True, load_default=None, metadata={"description": "Only this tier."}
    )
    country = Country(load_default=None, metadata={"description": "Only in this country."})
    reference_system = System(
        load_default=None, metadata={"description": "Only those that have an id in this system."}
    )
    reference_id = OneLine(
        longest=100,
        load_default=None,
        metadata={"description": "Only that which is called so there."},
    )


class AccountHistoryQuery(PageQuery):
    """Whose history to list."""

    account_id = Id("acc", required=True)


class AccountState(Schema):
    """One move of the account from status to status."""

    action = fields.Enum(
        Action,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "What moved it; null when it was opened."},
    )
    status = fields.Enum(
        Status, by_value=True, required=True, metadata={"description": "Where it stood then."}
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why."})
    moved_by = fields.String(required=True, metadata={"description": "Who moved it."})
    moved_at = Instant(required=True, metadata={"description": "When."})


class Duplicate(Schema):
    """An account that may be the same client."""

    account_id = Id("acc", required=True)
    number = fields.String(required=True, metadata=NUMBER)
    name = fields.String(required=True, metadata=NAME)
    status = fields.Enum(Status, by_value=True, required=True, metadata=STATUS)
    likeness = Whole(required=True, metadata={"description": "How alike the names are, 0 to 100."})
    reasons = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Of same_name, similar_name and same_email, those that hold."},
    )


class Duplicates(Schema):
    """Accounts that may be the same client, likeliest first."""

    items = fields.List(fields.Nested(Duplicate), required=True)
