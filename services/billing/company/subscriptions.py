"""What billing hears of the company, with only the fields it uses."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields, validate

from chassis.events import Subscription
from chassis.fields import Id, Schema, Whole
from services.billing.taxes.rules import Rounding


class CompanyAddress(Schema):
    """Where documents come from."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    street = fields.List(fields.String(), required=True)
    city = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    postal_code = fields.String(required=True, allow_none=True)
    country = fields.String(required=True)
    country_name = fields.String(required=True)


class TaxId(Schema):
    """A number under which authorities know the company."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True)
    value = fields.String(required=True)


class BankAccount(Schema):
    """Where clients pay to."""

    class Meta:
        unknown = EXCLUDE

    iban = fields.String(required=True)
    bic = fields.String(allow_none=True, required=True)
    bank = fields.String(allow_none=True, required=True)
    currency = fields.String(allow_none=True, required=True)


class CompanySnapshot(Subscription):
    """Who bills."""

    company_id = Id("cmp", required=True)
    version = Whole(required=True)
    legal_name = fields.String(required=True)
    country = fields.String(required=True)
    addresses = fields.List(fields.Nested(CompanyAddress), required=True)
    tax_ids = fields.List(fields.Nested(TaxId), required=True)
    bank_accounts = fields.List(fields.Nested(BankAccount), required=True)
    email_from = fields.String(allow_none=True, required=True)
    logo_file_id = fields.String(allow_none=True, required=True)
    logo = fields.String(allow_none=True, required=True)
    tax_rounding = fields.String(
        load_default=Rounding.DOCUMENT, validate=validate.OneOf(list(Rounding))
    )


COMPANY = CompanySnapshot.to("accounts", "company_changed", "company_introduced")
