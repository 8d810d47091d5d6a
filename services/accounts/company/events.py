"""What accounts announces of the company."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Id, Whole
from services.accounts.shapes import COMPANY, BankAccount, CompanyAddress, TaxId, told


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
    email_from = fields.String(**told("What mail is from.", allow_none=True))
    logo_file_id = fields.String(**told("Another with each other logo.", allow_none=True))
    logo = fields.String(**told("The logo's PNG or JPEG in Base64.", allow_none=True))

    says = "The company is {legal_name}."
    example = COMPANY
