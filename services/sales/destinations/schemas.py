"""What goes into and comes out of destinations."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.fields import Code, Id, ListOf, OneLine, Schema

ADDRESS_LINES_MAX = 6
ADDRESS_ID = {
    "description": "One of the account's addresses that is valid today; or give delivery_address."
}
CONTACT_ID = {"description": "One of the account's contacts who is there today."}
CONTACT = {"description": "Who takes the goods in, by name; left out, the contact's name."}


class Country(Code):
    """An ISO 3166-1 country code in capitals."""

    pattern = "[A-Z]{2}"
    remedy = "Must be an ISO 3166-1 country code in capitals, such as DE."
    sample = "DE"


class GivenAddress(Schema):
    """Where goods go that do not go to an address of the account, such as a building site."""

    recipient = OneLine(
        longest=100,
        load_default=None,
        allow_none=True,
        metadata={"description": "Who is to get it there, besides the client's name."},
    )
    lines = ListOf(
        OneLine(longest=100),
        least=1,
        most=ADDRESS_LINES_MAX,
        required=True,
        metadata={"description": "As on an envelope there, without name and country."},
    )
    country = Country(required=True, metadata={"description": "ISO 3166-1 code."})
    country_name = OneLine(
        longest=100,
        load_default=None,
        allow_none=True,
        metadata={"description": "As it stands on an envelope; left out, the code."},
    )

    example: ClassVar = {"lines": ["Hafenstr. 12", "20457 HAMBURG"], "country": "DE"}


class DeliveryAddress(Schema):
    """Where an order's goods go. Parts are known of addresses that came from the account."""

    recipient = fields.String(
        required=True, allow_none=True, metadata={"description": "Who is to get it there."}
    )
    lines = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "As on an envelope there, without name and country."},
    )
    country = fields.String(required=True, metadata={"description": "ISO 3166-1 code."})
    country_name = fields.String(required=True, metadata={"description": "As on an envelope."})
    street = fields.List(
        fields.String(), required=True, metadata={"description": "Empty where it is not known."}
    )
    district = fields.String(required=True, allow_none=True, metadata={"description": "Or null."})
    city = fields.String(required=True, allow_none=True, metadata={"description": "Or null."})
    region = fields.String(required=True, allow_none=True, metadata={"description": "Or null."})
    postal_code = fields.String(
        required=True, allow_none=True, metadata={"description": "Or null."}
    )


class _Destination(Schema):
    @validates_schema
    def name_one_address(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("delivery_address_id") and data.get("delivery_address"):
            raise ValidationError(
                "Give either delivery_address_id or delivery_address.", "delivery_address"
            )


class GivenDestination(_Destination):
    """Where the goods of a new order are to go."""

    delivery_address_id = Id("adr", load_default=None, metadata=ADDRESS_ID)
    delivery_address = fields.Nested(
        GivenAddress,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Where the goods go; left out, to the account's shipping address, else to "
            "its seat, else where its bills go."
        },
    )
    delivery_contact_id = Id("con", load_default=None, metadata=CONTACT_ID)
    delivery_contact = OneLine(longest=100, load_default=None, allow_none=True, metadata=CONTACT)


class ChangedDestination(_Destination):
    """Where the goods of a draft are to go instead."""

    delivery_address_id = Id("adr", metadata=ADDRESS_ID)
    delivery_address = fields.Nested(
        GivenAddress,
        allow_none=True,
        metadata={"description": "Where the goods go; null for nowhere yet."},
    )
    delivery_contact_id = Id("con", allow_none=True, metadata=CONTACT_ID)
    delivery_contact = OneLine(longest=100, allow_none=True, metadata=CONTACT)
