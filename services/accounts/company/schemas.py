"""What comes in and goes out about the company."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.fields import (
    Code,
    Currency,
    Email,
    Id,
    Language,
    ListOf,
    OneLine,
    Schema,
    Whole,
)
from kernel.grammar import Unreadable
from services.accounts.accounts.schemas import (
    CITY,
    DISTRICT,
    POSTAL_CODE,
    REGION,
    STREET,
    Country,
    TimeZone,
)
from services.accounts.addresses.rules import AddressKind
from services.accounts.company.rules import TaxRounding, read_bic, read_iban

LEGAL_NAME = {"description": "As it is registered, with its legal form; letters are from it."}
COUNTRY = {"description": "Where it has its seat; its holidays are those of the business."}
TIME_ZONE = {"description": "IANA name; its hours are in it."}
LANGUAGES = {"description": "What we read and write, the best first (BCP 47)."}
ADDRESSES = {
    "description": "legal: the seat; billing: where letters and bills come from and answers go, if "
    "elsewhere; shipping: where goods come back to."
}
TAX_IDS = {"description": "Tax, VAT and registration numbers, as they stand on documents."}
BANK_ACCOUNTS = {"description": "Where clients pay to; that which letters name first."}
TAX_ROUNDING = {
    "description": "What tax is rounded by on documents that are written from now on: document, once for "
    "each rate; line, for each line."
}
EMAIL_FROM = {
    "description": "What mail is from, in ASCII before the @; else STEWARD_MAIL_FROM. Our mail server "
    "must be allowed to send it."
}
LOGO = {
    "description": "The logo's file, which letters show: kind logo, PNG or JPEG, at most 100 KiB and "
    "2,000 pixels each way."
}


class Iban(Code):
    """An international bank account number; spaces are dropped."""

    pattern = "[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{10,40}"
    remedy = "Must be an IBAN whose check digits are right, such as DE89 3704 0044 0532 0130 00."
    sample = "DE89370400440532013000"

    def read(self, value: Any) -> str:
        number = read_iban(super().read(value))
        if number is None:
            raise Unreadable(self.remedy)
        return number


class Bic(Code):
    """The code of a bank."""

    pattern = "[A-Za-z]{6}[A-Za-z0-9]{2}([A-Za-z0-9]{3})?"
    remedy = "Must be a BIC, such as COBADEFFXXX."
    sample = "COBADEFFXXX"

    def read(self, value: Any) -> str:
        code = read_bic(super().read(value))
        if code is None:
            raise Unreadable(self.remedy)
        return code


class TaxId(Schema):
    """A number under which authorities know the company."""

    kind = OneLine(
        longest=40, required=True, metadata={"description": "As documents call it: VAT."}
    )
    value = OneLine(longest=40, required=True)


class BankAccount(Schema):
    """An account of the company's at a bank."""

    iban = Iban(required=True)
    bic = Bic(load_default=None, allow_none=True)
    bank = OneLine(longest=100, load_default=None, allow_none=True)
    currency = Currency(load_default=None, allow_none=True, metadata={"description": "Null: any."})


class CompanyPlace(Schema):
    """An address of the company, in the form of its country."""

    kind = fields.Enum(AddressKind, by_value=True, required=True, metadata=ADDRESSES)
    street = ListOf(OneLine(longest=100), least=1, most=3, required=True, metadata=STREET)
    district = OneLine(longest=100, load_default=None, allow_none=True, metadata=DISTRICT)
    city = OneLine(longest=100, load_default=None, allow_none=True, metadata=CITY)
    region = OneLine(longest=100, load_default=None, allow_none=True, metadata=REGION)
    postal_code = OneLine(longest=20, load_default=None, allow_none=True, metadata=POSTAL_CODE)
    country = Country(required=True, metadata={"description": "ISO 3166-1 code."})


class SetCompany(Schema):
    """Who we are, the whole of it."""

    legal_name = OneLine(longest=200, required=True, metadata=LEGAL_NAME)
    country = Country(required=True, metadata=COUNTRY)
    time_zone = TimeZone(required=True, metadata=TIME_ZONE)
    languages = ListOf(Language(), least=1, most=10, required=True, metadata=LANGUAGES)
    addresses = ListOf(
        fields.Nested(CompanyPlace), least=1, most=3, required=True, metadata=ADDRESSES
    )
    tax_ids = ListOf(fields.Nested(TaxId), most=10, required=True, metadata=TAX_IDS)
    bank_accounts = ListOf(
        fields.Nested(BankAccount), most=10, required=True, metadata=BANK_ACCOUNTS
    )
    tax_rounding = fields.String(
        load_default=TaxRounding.DOCUMENT,
        validate=validate.OneOf(list(TaxRounding)),
        metadata=TAX_ROUNDING,
    )
    email_from = Email(load_default=None, allow_none=True, metadata=EMAIL_FROM)
    logo_file_id = Id("fil", load_default=None, allow_none=True, metadata=LOGO)

    example: ClassVar = {
        "legal_name": "Steward Trading GmbH",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "languages": ["de", "en"],
        "addresses": [
            {
                "kind": "legal",
                "street": ["Hafenstr. 12"],
                "city": "Hamburg",
                "postal_code": "20457",
                "country": "DE",
            }
        ],
        "tax_ids": [{"kind": "VAT", "value": "DE136695976"}],
        "bank_accounts": [{"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"}],
        "email_from": "accounts@steward.example",
    }


class CompanyAddress(CompanyPlace):
    """An address of the company as letters have it."""

    kind = fields.String(required=True, metadata=ADDRESSES)  # type: ignore[assignment]
    country_name = fields.String(required=True, metadata={"description": "In English capitals."})
    lines = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Below the name, without the country."},
    )


class Company(Schema):
    """Who we are."""

    company_id = Id("cmp", required=True)
    version = Whole(required=True)
    legal_name = fields.String(required=True, metadata=LEGAL_NAME)
    country = fields.String(required=True, metadata=COUNTRY)
    time_zone = fields.String(required=True, metadata=TIME_ZONE)
    languages = fields.List(fields.String(), required=True, metadata=LANGUAGES)
    addresses = fields.List(fields.Nested(CompanyAddress), required=True, metadata=ADDRESSES)
    tax_ids = fields.List(fields.Nested(TaxId), required=True, metadata=TAX_IDS)
    bank_accounts = fields.List(fields.Nested(BankAccount), required=True, metadata=BANK_ACCOUNTS)
    tax_rounding = fields.String(required=True, metadata=TAX_ROUNDING)
    email_from = fields.String(required=True, allow_none=True, metadata=EMAIL_FROM)
    logo_file_id = fields.String(required=True, allow_none=True, metadata=LOGO)
