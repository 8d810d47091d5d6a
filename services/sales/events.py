"""What sales announces. Amounts are in minor units of the event's currency."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent, DueContact, Event, SettledContact
from chassis.fields import Currency, Day, Flag, Id, Minor, Percent, Quantity, Schema, Whole

ACCOUNT = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"
TAX_CODES = ("standard", "reduced", "zero", "exempt", "reverse_charge")
ORDER = "ord_01jd3v4q6ye8z9t5k2m7n0p1xw"


class OrderStopped(AccountEvent):
    """The credit limit was lowered and has no room for a confirmed order: nothing more of it is shipped
    until it fits again or somebody releases it. Keep what has the highest `version` for the order."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True, metadata={"description": "Of the order's stops."})
    currency = Currency(required=True)
    gross = Minor(required=True, metadata={"description": "What is open of the order."})
    reason = fields.String(required=True)

    says = "Order {number} is not shipped: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "number": "SO-100001",
        "version": 1,
        "currency": "EUR",
        "gross": 59500,
        "reason": "The credit limit was lowered to 500.00 EUR "
        "and has no room for order SO-100001 any more.",
    }


class OrderReleased(AccountEvent):
    """A stopped order goes on: it fits the credit limit again, nothing of it is open, or somebody
    released it."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    version = Whole(required=True, metadata={"description": "Of the order's stops."})
    reason = fields.String(required=True)
    released_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Null: it goes on by itself."}
    )

    says = "Order {number} goes on: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "order_id": ORDER,
        "number": "SO-100001",
        "version": 2,
        "reason": "Pays in advance from now on.",
        "released_by": "key_office",
    }


_STOPPED = {"account_id": ACCOUNT, "reason": "order_stopped", "about": ORDER}


class ContactDue(DueContact):
    """An account is to be contacted: about a confirmed order that a lowered credit limit stops
    (`order_stopped`, about the order), or about what is promised for soon and not picked
    (`shipment_late`, about the late shipment), or about a return that is on its way too long
    (`return_late`), here and not dealt with (`return_unanswered`), not credited by billing
    (`return_not_credited`), or of more than was sold (`return_impossible`); more reasons may come."""

    example: ClassVar[dict[str, Any]] = {
        **DueContact.sample,
        **_STOPPED,
        "amount": 59500,
        "sentence": "Goods for 595.00 EUR are not shipped. The credit limit was lowered to 500.00 EUR "
        "and has no room for order SO-100001 any more.",
        "roles": ["payer", "decision_maker"],
        "channel": None,
    }


class ContactSettled(SettledContact):
    """There is no need any more to contact the account for this reason: the order goes on, or the
    client was told, what was late has left or is promised for another day."""

    example: ClassVar[dict[str, Any]] = {**SettledContact.sample, **_STOPPED}


class SentLine(Schema):
    """What was sent of one order line, at the price agreed when it was ordered."""

    line_id = Id("orl", required=True)
    sku = fields.String(required=True)
    description = fields.String(required=True)
    quantity = Quantity(required=True)
    unit_price = Minor(required=True, metadata={"description": "Net price of one, after discount."})
    tax_percent = Percent(required=True)
    tax_code = fields.String(
        allow_none=True,
        validate=validate.OneOf(TAX_CODES),
        metadata={"description": "Why the percentage is so; left out, as the percentage says."},
    )
    exemption_reason = fields.String(
        allow_none=True, metadata={"description": "Why it is exempt, where it is."}
    )


class Destination(Schema):
    """Where goods go."""

    recipient = fields.String(required=True, allow_none=True)
    lines = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "In the form of the country, without name and country."},
    )
    country = fields.String(required=True, metadata={"description": "ISO 3166-1 code."})
    country_name = fields.String(required=True, allow_none=True)
    street = fields.List(fields.String(), required=True)
    district = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    postal_code = fields.String(required=True, allow_none=True)


class ShipmentSent(AccountEvent):
    """Goods of an order have left: some or all of it. They are to be invoiced."""

    shipment_id = Id("shp", required=True)
    number = fields.String(required=True)
    order_id = Id("ord", required=True)
    order_number = fields.String(required=True)
    client_order_number = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What the client calls the order (its `reference`)."},
    )
    currency = Currency(required=True)
    is_billed_apart = Flag(
        required=True,
        dump_default=False,
        metadata={
            "description": "Whether it is invoiced by itself although the account is billed monthly."
        },
    )
    bills_on = fields.String(
        required=True,
        dump_default="shipment",
        validate=validate.OneOf(["order", "shipment"]),
        metadata={"description": "order: it is billed by itself, and not with its shipments."},
    )
    shipped_on = Day(required=True)
    delivery_address = fields.Nested(
        Destination,
        required=True,
        allow_none=True,
        dump_default=None,
        metadata={"description": "Where the goods go; null where nobody said."},
    )
    delivery_contact = fields.String(
        required=True,
        allow_none=True,
        dump_default=None,
        metadata={"description": "Who takes them in."},
    )
    lines = fields.List(fields.Nested(SentLine), required=True)

    says = "Shipment {number} of order {order_number} sent on {shipped_on}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "shipment_id": "shp_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "number": "SH-100001",
        "order_id": ORDER,
        "order_number": "SO-100001",
        "client_order_number": "PO 4500012345",
        "currency": "EUR",
        "is_billed_apart": False,
        "bills_on": "shipment",
        "shipped_on": "2026-01-31",
        "delivery_address": {
            "recipient": "Goods in, gate 3",
            "lines": ["Hafenstraße 7", "20457 Hamburg"],
            "country": "DE",
            "country_name": "Deutschland",
            "street": ["Hafenstraße 7"],
            "district": None,
            "city": "Hamburg",
            "region": None,
            "postal_code": "20457",
        },
        "delivery_contact": "Ben Hall",
        "lines": [
            {
                "line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw",
                "sku": "CHAIR-01",
                "description": "Office chair",
                "quantity": "2.5",
                "unit_price": 12500,
                "tax_percent": "19.00",
            }
        ],
    }


class LeadContact(Schema):
    """A person at a client to be."""

    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    roles = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "As those of an account's contacts."},
    )


class LeadConverted(Event):
    """A lead is to become an account. Accounts opens it, once for each lead, and says so by an
    `account_opened` with this `lead_id`; or refuses it by `lead_refused`, after which it may be converted
    again."""

    about = "lead_id"

    lead_id = Id("led", required=True)
    name = fields.String(required=True, metadata={"description": "The client's name."})
    country = fields.String(required=True, metadata={"description": "ISO 3166-1 code."})
    currency = Currency(required=True)
    language = fields.String(required=True, metadata={"description": "A language tag (BCP 47)."})
    time_zone = fields.String(required=True, metadata={"description": "IANA name."})
    tax_id = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    owner_id = Id(
        "stf",
        required=True,
        allow_none=True,
        metadata={"description": "Who is to look after the account; without, it is refused."},
    )
    campaign = fields.String(
        required=True, allow_none=True, metadata={"description": "What brought the lead."}
    )
    contacts = fields.List(fields.Nested(LeadContact), required=True)
    notes = fields.List(
        fields.String(), required=True, metadata={"description": "What was written of the lead."}
    )

    says = "{name} is to become an account."
    example: ClassVar[dict[str, Any]] = {
        "lead_id": "led_01jd3v4q6ye8z9t5k2m7n0p1xm",
        "name": "Müller & Söhne GmbH",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "tax_id": "DE136695976",
        "email": "info@mueller-soehne.example",
        "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "campaign": "Spring fair",
        "contacts": [
            {
                "name": "Jutta Müller",
                "email": "jutta@mueller-soehne.example",
                "phone": "+49301234567",
                "roles": ["decision_maker"],
            }
        ],
        "notes": ["Met at the fair; wants tea for the whole office."],
    }


class AccountKnown(AccountEvent):
    """Sales knows an account; announced once, with the first that it was told of it."""

    account_version = Whole(
        required=True,
        metadata={"description": "The account's version by which it is known first."},
    )
    known_by = fields.String(required=True)

    says = "Known to sales."
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "account_version": 1,
        "known_by": "sales",
    }


class AccountClosingAgreed(AccountEvent):
    """Sales has nothing against the closing of an account, and confirms no order of it meanwhile."""

    account_version = Whole(
        required=True, metadata={"description": "The `version` of the account_closing answered."}
    )
    answered_by = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "Why, in a sentence."})

    says = "Sales agrees to the closing: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "account_version": 6,
        "answered_by": "sales",
        "reason": "All that was ordered is shipped and invoiced.",
    }


class AccountClosingObjected(AccountClosingAgreed):
    """An account cannot be closed, as something is ordered and not shipped, or not invoiced."""

    code = fields.String(
        required=True, metadata={"description": "orders_open or goods_not_invoiced; more may come."}
    )
    orders = fields.List(
        fields.String(), required=True, metadata={"description": "Their numbers, the first ten."}
    )

    says = "Sales objects to the closing: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "account_version": 6,
        "answered_by": "sales",
        "code": "orders_open",
        "reason": "Of SO-100001 something is not shipped; "
        "it can be closed once that is shipped or cancelled.",
        "orders": ["SO-100001"],
    }
