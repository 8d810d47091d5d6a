"""What events of accounts are made of: addresses, hours, consents, bank accounts, with examples."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Schema

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ADDRESS: dict[str, Any] = {
    "address_id": "adr_01jd3v4q6ye8z9t5k2m7n0p1xf",
    "kind": "billing",
    "recipient": "Buchhaltung",
    "lines": ["Hafenstr. 12", "20457 HAMBURG"],
    "country": "DE",
    "country_name": "GERMANY",
    "street": ["Hafenstr. 12"],
    "district": None,
    "city": "Hamburg",
    "region": None,
    "postal_code": "20457",
    "valid_from": "2026-01-01",
    "valid_to": None,
}
COMPANY: dict[str, Any] = {
    "company_id": "cmp_01jd3v4q6ye8z9t5k2m7n0p1xg",
    "version": 1,
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "languages": ["de", "en"],
    "addresses": [
        {
            "kind": "legal",
            "lines": ["Hafenstr. 12", "20457 HAMBURG"],
            "country": "DE",
            "country_name": "GERMANY",
            "street": ["Hafenstr. 12"],
            "district": None,
            "city": "Hamburg",
            "region": None,
            "postal_code": "20457",
        }
    ],
    "tax_ids": [{"kind": "VAT", "value": "DE136695976"}],
    "bank_accounts": [
        {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "bank": None, "currency": None}
    ],
    "tax_rounding": "document",
    "email_from": "accounts@steward.example",
    "logo_file_id": None,
    "logo": None,
}


def told(description: str, **options: Any) -> dict[str, Any]:
    """The options of a field that is always there, with its text."""
    return {"required": True, "metadata": {"description": description}, **options}


class Opening(Schema):
    """A stretch of the week in which the client is there, on its own clocks; not on holidays."""

    weekday = fields.String(required=True, validate=validate.OneOf(WEEKDAYS))
    opens = fields.String(**told("From when: 09:00."))
    closes = fields.String(**told("Until when; 00:00 is the end of the day."))


class ExternalReference(Schema):
    """What another system calls the account."""

    system = fields.String(**told("The other system."))
    reference_id = fields.String(**told("The account's id there."))


class ContactPhone(Schema):
    """A number under which a person can be called."""

    kind = fields.String(**told("office, mobile, home or other."))
    number = fields.String(**told("In E.164, +49301234567."))


class _Place(Schema):
    lines = fields.List(
        fields.String(), **told("As on an envelope there, below the name, without the country.")
    )
    country = fields.String(**told("ISO 3166-1 code."))
    country_name = fields.String(**told("In English capitals."))
    street = fields.List(fields.String(), required=True)
    district = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    postal_code = fields.String(required=True, allow_none=True)


class PostalAddress(_Place):
    """An address of the account, valid from the first day to the last, both included."""

    address_id = Id("adr", required=True)
    kind = fields.String(**told("billing, legal (one at a time each) or shipping; more may come."))
    recipient = fields.String(**told("Who is to get it there.", allow_none=True))
    valid_from = Day(required=True)
    valid_to = Day(**told("Null: until further.", allow_none=True))


class CompanyAddress(_Place):
    """An address of ours."""

    kind = fields.String(
        **told("legal: the seat; billing: where letters come from, if elsewhere; shipping.")
    )


class TaxId(Schema):
    """A number under which authorities know us."""

    kind = fields.String(required=True)
    value = fields.String(required=True)


class BankAccount(Schema):
    """An account of ours at a bank."""

    iban = fields.String(required=True)
    bic = fields.String(required=True, allow_none=True)
    bank = fields.String(required=True, allow_none=True)
    currency = Currency(**told("Null: any.", allow_none=True))
