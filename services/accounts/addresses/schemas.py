"""What comes in and goes out about addresses."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, ListOf, OneLine, PageQuery, Schema, Whole
from services.accounts.accounts.schemas import (
    ADDRESS_KIND,
    CITY,
    DISTRICT,
    POSTAL_CODE,
    RECIPIENT,
    REGION,
    STREET,
    VALID_TO,
    Country,
    PostalAddress,
)
from services.accounts.addresses.rules import AddressKind

VALID_FROM = {"description": "The first day; today if left out."}


class Address(PostalAddress):
    """A postal address of an account."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)


class AddAddress(Schema):
    """A new address of an account."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(AddressKind, by_value=True, required=True, metadata=ADDRESS_KIND)
    recipient = OneLine(longest=100, load_default=None, allow_none=True, metadata=RECIPIENT)
    street = ListOf(OneLine(longest=100), least=1, most=3, required=True, metadata=STREET)
    district = OneLine(longest=100, load_default=None, allow_none=True, metadata=DISTRICT)
    city = OneLine(longest=100, load_default=None, allow_none=True, metadata=CITY)
    region = OneLine(longest=100, load_default=None, allow_none=True, metadata=REGION)
    postal_code = OneLine(longest=20, load_default=None, allow_none=True, metadata=POSTAL_CODE)
    country = Country(
        required=True, metadata={"description": "ISO 3166-1 code; its form is demanded."}
    )
    valid_from = Day(load_default=None, metadata=VALID_FROM)
    valid_to = Day(load_default=None, allow_none=True, metadata=VALID_TO)

    example: ClassVar = {
        "kind": "billing",
        "street": ["12 Harbour Street"],
        "city": "Dublin",
        "postal_code": "D02 AF30",
        "country": "IE",
    }


class EndAddress(Schema):
    """The address' last day."""

    address_id = Id("adr", required=True)
    valid_to = Day(load_default=None, metadata={"description": "The last day; today if left out."})

    example: ClassVar = {"valid_to": "2026-12-31"}


class AddressQuery(PageQuery):
    """Which addresses to list."""

    account_id = Id("acc", required=True)
    kind = fields.Enum(
        AddressKind, by_value=True, load_default=None, metadata={"description": "Only this kind."}
    )
    valid_on = Day(
        load_default=None,
        metadata={"description": "Only those valid on this day; all there ever were if left out."},
    )
