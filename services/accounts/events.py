"""What accounts announces. Each snapshot of an account or a person carries all that others may copy."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.events import AccountEvent, Event
from chassis.fields import Currency, Day, Flag, Id, Instant, Minor, Schema, Whole
from services.accounts.accounts.rules import Channel, ContactRole, Status, Tier
from services.accounts.company.rules import TaxRounding
from services.accounts.shapes import (
    ADDRESS,
    COMPANY,
    BankAccount,
    CompanyAddress,
    ContactPhone,
    ExternalReference,
    Opening,
    PostalAddress,
    TaxId,
    told,
)
from services.accounts.staff.rules import Role

ACCOUNT = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "version": 3,
    "number": "A-000017",
    "name": "Müller & Söhne GmbH",
    "status": "active",
    "currency": "EUR",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "net_days": 30,
    "credit_limit": 2500000,
    "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "email": "buchhaltung@mueller-soehne.example",
    "tax_id": "DE136695976",
    "preferred_channel": "email",
    "tier": "standard",
    "addresses": [ADDRESS],
    "external_references": [{"system": "crm", "reference_id": "0015g00000Xq"}],
    "consents": [{"channel": "email", "is_given": True, "since": "2026-01-31T09:00:00+00:00"}],
    "parent_id": None,
    "payer_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "credit_group_id": None,
    "order_number_required": True,
    "invoice_recipients": ["payer"],
    "opening_hours": [{"weekday": "monday", "opens": "08:00", "closes": "16:30"}],
}


class Consent(Schema):
    """Whether the client agrees to be contacted by a channel."""

    channel = fields.Enum(Channel, by_value=True, **told("phone, email or post."))
    is_given = Flag(**told("Else it was withdrawn, or refused."))
    since = Instant(**told("When the client said so."))


class AccountSnapshot(AccountEvent):
    """An account as it is after the event. Keep the one with the highest `version`."""

    sight = "owners"

    version = Whole(**told("Grows with every change of the account."))
    number = fields.String(**told("The number people read."))
    name = fields.String(**told("The client's name."))
    status = fields.Enum(Status, by_value=True, **told("Where it stands."))
    currency = Currency(**told("The currency it does business in."))
    language = fields.String(**told("A language tag (BCP 47); what letters are written in."))
    time_zone = fields.String(**told("IANA name; the client's hours."))
    country = fields.String(**told("ISO 3166-1 code; whose holidays are the client's."))
    net_days = Whole(**told("Days from an invoice to its due date."))
    credit_limit = Minor(**told("Minor units of `currency`; null is no limit.", allow_none=True))
    owner_id = Id("stf", **told("Who looks after the account."))
    email = fields.String(**told("The client's general address.", allow_none=True))
    tax_id = fields.String(
        allow_none=True, metadata={"description": "The client's tax or VAT id, where it is known."}
    )
    preferred_channel = fields.Enum(Channel, by_value=True, **told("How they like to hear."))
    tier = fields.Enum(Tier, by_value=True, **told("How much attention it gets."))
    addresses = fields.List(
        fields.Nested(PostalAddress), **told("Those that are valid or will be; choose by the day.")
    )
    external_references = fields.List(
        fields.Nested(ExternalReference),
        **told("What other systems call it; ids are unique within a system."),
    )
    parent_id = Id("acc", **told("To which account it belongs.", allow_none=True))
    payer_id = Id("acc", **told("Who pays in the end what it owes: itself, or one above it."))
    credit_group_id = Id(
        "acc",
        **told("Whose credit limit counts for it and others; null: its own.", allow_none=True),
    )
    consents = fields.List(
        fields.Nested(Consent),
        **told("What the client said last of each channel; of what is not here, nothing."),
    )
    order_number_required = Flag(**told("Whether bills must name the client's order number."))
    invoice_recipients = fields.List(
        fields.Enum(ContactRole, by_value=True),
        **told("The roles of contacts who get its invoices; empty: who pays."),
    )
    opening_hours = fields.List(
        fields.Nested(Opening),
        **told("In `time_zone`; null: 09:00 to 17:00 of its country's week.", allow_none=True),
    )


STAFF = {
    "staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "version": 1,
    "name": "Ada Ross",
    "role": "account_manager",
    "reports_to_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    "is_active": True,
}


class StaffSnapshot(Event):
    """A member of staff as they are after the event. Keep the one with the highest `version`."""

    about = "staff_id"
    sight = "staff"

    staff_id = Id("stf", required=True)
    version = Whole(**told("Grows with every change of the person's entry."))
    name = fields.String(**told("First and last name."))
    role = fields.Enum(Role, by_value=True, **told("Their place in the firm."))
    reports_to_id = Id(
        "stf",
        **told(
            "Whom they report to, and who sees what they see; null at the top.", allow_none=True
        ),
    )
    is_active = Flag(**told("Whether they still work here."))


class StaffAdded(StaffSnapshot):
    """A person was taken on."""

    says = "{name} joined as {role}."
    example = STAFF


class StaffChanged(StaffSnapshot):
    """Something about a person changed: name, e-mail, role, or whom they report to."""

    says = "{name} changed: {role}."
    example = STAFF | {"version": 2, "role": "lead"}


class StaffLeft(StaffSnapshot):
    """A person left; nobody reports to them, and they own no account."""

    says = "{name} left."
    example = STAFF | {"version": 3, "is_active": False}


class StaffReturned(StaffSnapshot):
    """A person who had left works here again."""

    says = "{name} returned as {role}."
    example = STAFF | {"version": 4}


class AccountOpened(AccountSnapshot):
    """An account was opened, as a prospect."""

    lead_id = Id("led", **told("The lead that became this account, if any.", allow_none=True))
    campaign = fields.String(**told("What brought that lead.", allow_none=True))

    says = "Account {number} opened for {name}."
    example = ACCOUNT | {"version": 1, "status": "prospect", "lead_id": None, "campaign": None}


class AccountEdited(AccountSnapshot):
    """Something about an account changed that has no event of its own."""

    changed = fields.List(
        fields.String(), **told("The names of what changed; some are not among these fields.")
    )

    says = "Account changed: {changed}."
    example = ACCOUNT | {"changed": ["name", "tax_id"]}


class AccountOnboarding(AccountSnapshot):
    """An account's onboarding began, for the first time or again after it was closed."""

    says = "Onboarding began."
    example = ACCOUNT | {"version": 2, "status": "onboarding"}


class AccountActivated(AccountSnapshot):
    """An account's onboarding is complete; business may be done with it."""

    says = "Account activated; business may begin."
    example = ACCOUNT


class AccountHeld(AccountSnapshot):
    """No new business with the account until it is released."""

    reason = fields.String(**told("Why.", allow_none=True))

    says = "Account put on hold: {reason:no reason given}"
    example = ACCOUNT | {"version": 4, "status": "on_hold", "reason": "Disputes every bill."}


class AccountReleased(AccountSnapshot):
    """Business with the account goes on."""

    reason = fields.String(**told("Why.", allow_none=True))

    says = "Account released from hold."
    example = ACCOUNT | {"version": 5, "reason": None}


class AccountClosing(AccountSnapshot):
    """An account is to be closed. Each service that must agree answers with `account_closing_agreed` or
    `account_closing_objected`, naming this `version`, and does nothing new with the account meanwhile."""

    reason = fields.String(**told("Why."))

    says = "To be closed: {reason}"
    example = ACCOUNT | {"version": 6, "status": "closing", "reason": "Moved abroad."}


class AccountClosingRefused(AccountSnapshot):
    """An account was not closed, as somebody objected; business goes on as before."""

    reason = fields.String(**told("The objection."))
    objected_by = fields.String(**told("The service that objected."))
    code = fields.String(**told("The objection, for programs."))

    says = "Not closed, as {objected_by} objected: {reason}"
    example = ACCOUNT | {
        "version": 7,
        "reason": "50.00 EUR is still owed; it can be closed once that is paid, credited or written off.",
        "objected_by": "billing",
        "code": "balance_open",
    }


class AccountClosingWithdrawn(AccountSnapshot):
    """An account is not to be closed after all; business goes on as before."""

    reason = fields.String(**told("Why.", allow_none=True))

    says = "Not to be closed after all."
    example = ACCOUNT | {"version": 7, "reason": "They stay."}


class AccountClosed(AccountSnapshot):
    """The relationship ended: all who had to agree did."""

    reason = fields.String(**told("Why.", allow_none=True))

    says = "Account closed: {reason:no reason given}"
    example = ACCOUNT | {"version": 7, "status": "closed", "reason": "Moved abroad."}


class CompanyChanged(Event):
    """Who we are was said, for the first time or anew. There is one; keep the highest `version`."""

    about = "company_id"

    company_id = Id("cmp", required=True)
    version = Whole(required=True)
    legal_name = fields.String(**told("Letters are from it."))
    country = fields.String(**told("Whose holidays are ours."))
    time_zone = fields.String(**told("IANA name."))
    languages = fields.List(fields.String(), **told("The best first."))
    addresses = fields.List(fields.Nested(CompanyAddress), required=True)
    tax_ids = fields.List(fields.Nested(TaxId), required=True)
    bank_accounts = fields.List(fields.Nested(BankAccount), **told("The usual one first."))
    tax_rounding = fields.String(
        **told(
            "What tax is rounded by: all of a document at one rate, or each line.",
            validate=validate.OneOf(list(TaxRounding)),
            dump_default=TaxRounding.DOCUMENT,
        )
    )
    email_from = fields.String(**told("What mail is from.", allow_none=True))
    logo_file_id = fields.String(**told("Another with each other logo.", allow_none=True))
    logo = fields.String(**told("The logo's PNG or JPEG in Base64.", allow_none=True))

    says = "The company is {legal_name}."
    example = COMPANY


class AddressesChanged(AccountSnapshot):
    """An address of the account was added or ended."""

    says = "Addresses changed."
    example = ACCOUNT | {"version": 7}


class ParentChanged(AccountSnapshot):
    """The account belongs to another one, or to none any more; or who pays for it in the end, or whose
    credit limit counts, changed above it. What was issued before stays as it is."""

    parent_number = fields.String(**told("The parent's number.", allow_none=True))
    payer_number = fields.String(**told("The payer's number."))

    says = "Parent account: {parent_number:none}; {payer_number} pays."
    example = ACCOUNT | {
        "version": 8,
        "parent_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xv",
        "payer_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xv",
        "parent_number": "A-000003",
        "payer_number": "A-000003",
    }


class TermsChanged(AccountSnapshot):
    """The account's payment terms (`net_days`, `currency`) changed."""

    says = "Terms changed: {net_days} days net, {currency}."
    example = ACCOUNT | {"version": 7, "net_days": 14}


class CreditLimitChanged(AccountSnapshot):
    """The account's credit limit changed."""

    says = "Credit limit changed to {credit_limit:no limit}."
    example = ACCOUNT | {"version": 8, "credit_limit": 5000000}


class OwnerChanged(AccountSnapshot):
    """Somebody else looks after the account now."""

    reason = fields.String(**told("Why.", allow_none=True))
    former_owner_id = Id("stf", **told("Who looked after it until then."))
    changed_by = fields.String(**told("Who gave it to somebody else."))

    says = "Owner changed: {reason:no reason given}"
    example = ACCOUNT | {
        "version": 9,
        "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
        "reason": "Regions were redrawn.",
        "former_owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "changed_by": "stf_01jd3v4q6ye8z9t5k2m7n0p1xd",
    }


class ContactChanged(AccountEvent):
    """A person at an account was added, changed or ended."""

    says = "Contact {name} added or changed."
    example = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "contact_id": "con_01jd3v4q6ye8z9t5k2m7n0p1xc",
        "version": 1,
        "name": "Jutta Müller",
        "email": "jutta@mueller-soehne.example",
        "phone": "+49301234567",
        "phones": [{"kind": "office", "number": "+49301234567"}],
        "roles": ["payer", "disputes"],
        "valid_from": "2026-01-01",
        "valid_to": None,
    }

    contact_id = Id("con", required=True)
    version = Whole(**told("Grows with every change of the contact."))
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(**told("With country code, +49...: the first.", allow_none=True))
    phones = fields.List(fields.Nested(ContactPhone), **told("All numbers, the best first."))
    roles = fields.List(
        fields.Enum(ContactRole, by_value=True), **told("What to contact this person about.")
    )
    valid_from = Day(**told("The first day."))
    valid_to = Day(**told("The last day; null: until further.", allow_none=True))
