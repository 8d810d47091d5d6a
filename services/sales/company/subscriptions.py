"""What sales hears of the company, with only the fields it uses."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Id, Schema, Whole


class CompanyAddress(Schema):
    """Where our delivery notes come from."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    country = fields.String(required=True)


class CompanySnapshot(Subscription):
    """Who we are."""

    company_id = Id("cmp", required=True)
    version = Whole(required=True)
    legal_name = fields.String(required=True)
    country = fields.String(required=True)
    addresses = fields.List(fields.Nested(CompanyAddress), required=True)
    email_from = fields.String(allow_none=True, required=True)
    logo_file_id = fields.String(allow_none=True, required=True)
    logo = fields.String(allow_none=True, required=True)


COMPANY = CompanySnapshot.to("accounts", "company_changed", "company_introduced")
