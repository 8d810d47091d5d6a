"""What accounts tells of whom documents go to, with only the fields that are used."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import ACCOUNT_EVENTS, Subscription
from chassis.fields import Id, Schema, Whole


class PostalAddress(Schema):
    """Where post goes from one day to another."""

    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True)
    recipient = fields.String(allow_none=True, required=True)
    lines = fields.List(fields.String(), required=True)
    country = fields.String(required=True)
    country_name = fields.String(required=True)
    street = fields.List(fields.String(), load_default=list)
    city = fields.String(allow_none=True, load_default=None)
    postal_code = fields.String(allow_none=True, load_default=None)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(allow_none=True, required=True)


class AddresseeSnapshot(Subscription):
    """How an account is addressed."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(load_default="en")
    email = fields.String(allow_none=True, load_default=None)
    preferred_channel = fields.String(load_default="email")
    tax_id = fields.String(allow_none=True, load_default=None)
    addresses = fields.List(fields.Nested(PostalAddress), load_default=list)
    invoice_recipients = fields.List(fields.String(), load_default=list)


ADDRESSEE = AddresseeSnapshot.to("accounts", *ACCOUNT_EVENTS)


class ContactSnapshot(Subscription):
    """A person at the account, who may have its documents."""

    account_id = Id("acc", required=True)
    contact_id = Id("con", required=True)
    version = Whole(required=True)
    name = fields.String(required=True)
    email = fields.String(allow_none=True, required=True)
    roles = fields.List(fields.String(), required=True)
    valid_from = fields.Date(allow_none=True, required=True)
    valid_to = fields.Date(allow_none=True, required=True)


CONTACT = ContactSnapshot.to("accounts", "contact_changed", "contact_introduced")
