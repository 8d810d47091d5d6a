"""Payment terms, coming in and going out."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Percent,
    Schema,
    Whole,
)
from services.billing.business_days.rules import BusinessDays
from services.billing.discounts.rules import STAGES_MAX
from services.billing.terms.rules import Weekday

NET_DAYS_MAX = 3650
MONTHS_MAX = 120
INSTALMENTS_MAX = 120
LINES_MAX = 36
BUSINESS_DAYS = {
    "description": "Where a due day moves that is no business day in the client's country: not at all, "
    "to the next one, or to the previous one (if that is not before the invoice)."
}


def net_days() -> Whole:
    """The field for days from issue to the day something is due."""
    return Whole(
        load_default=None,
        allow_none=True,
        least=0,
        most=NET_DAYS_MAX,
        metadata={"description": "Due so many days after issue."},
    )


def business_days(**options: Any) -> fields.String:
    """The field for where due days move."""
    return fields.String(
        validate=validate.OneOf(list(BusinessDays)), metadata=BUSINESS_DAYS, **options
    )


def discount_percent(**options: Any) -> Percent:
    """The field for what is less for paying early."""
    text = "What is less for paying within `discount_days`, on part payments, too; null: nothing."
    return Percent(allow_none=True, metadata={"description": text}, **options)


def discount_days(**options: Any) -> Whole:
    """The field for how long paying early is less."""
    text = "Money that is there so many days after issue, or before, is early."
    return Whole(
        allow_none=True, least=0, most=NET_DAYS_MAX, metadata={"description": text}, **options
    )


class LaterDiscount(Schema):
    """What is less for paying later than the first discount is granted, and still early."""

    percent = Percent(required=True, metadata={"description": "Less than before."})
    days = Whole(
        required=True,
        least=0,
        most=NET_DAYS_MAX,
        metadata={"description": "After issue; more than before."},
    )


def later_discounts(**options: Any) -> ListOf:
    """The field for what is less later on."""
    text = "After `discount_days` still so much less, stage by stage; null: nothing."
    return ListOf(
        fields.Nested(LaterDiscount),
        least=0,
        most=STAGES_MAX,
        allow_none=True,
        metadata={"description": text},
        **options,
    )


class TermsLine(Schema):
    """A part of an invoice: a percent, an amount or (neither, last) what is left of it; and from the day
    of the invoice to the day it is due: days, then months, then the month's end or the next such day."""

    percent = Percent(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Of the total, rounded half up; without a remainder they add up to 100."
        },
    )
    amount = Minor(
        load_default=None,
        allow_none=True,
        least=1,
        metadata={"description": "Without a remainder, the amounts add up to the total."},
    )
    net_days = net_days()
    months = Whole(
        load_default=None,
        allow_none=True,
        least=0,
        most=MONTHS_MAX,
        metadata={"description": "Then so many months on."},
    )
    is_end_of_month = Flag(
        load_default=False, metadata={"description": "Then at the end of that month."}
    )
    day_of_month = Whole(
        load_default=None,
        allow_none=True,
        least=1,
        most=31,
        metadata={
            "description": "Then on the next such day of a month, its last where it has none."
        },
    )
    weekday = fields.String(
        validate=validate.OneOf(list(Weekday)),
        load_default=None,
        allow_none=True,
        metadata={"description": "Then on the next such day of the week."},
    )


class NewInstalment(TermsLine):
    """A part of an invoice with its own due date: a day, or from when on it is due."""

    due_date = Day(load_default=None, metadata={"description": "Due on this day."})


class Terms(Schema):
    """At most one of four ways to say what is due when; without any, the account's own terms."""

    net_days = net_days()
    due_date = Day(load_default=None, metadata={"description": "All of it is due on this day."})
    instalments = ListOf(
        fields.Nested(NewInstalment),
        least=1,
        most=INSTALMENTS_MAX,
        load_default=None,
        metadata={"description": "Parts with due dates of their own; each is an open item."},
    )
    payment_terms_id = Id(
        "ptm",
        load_default=None,
        allow_none=True,
        metadata={"description": "As these terms say, as they are now."},
    )
    business_days = business_days(load_default=None, allow_none=True)
    discount_percent = discount_percent(load_default=None)
    discount_days = discount_days(load_default=None)
    later_discounts = later_discounts(load_default=None)


class NewPaymentTerms(Schema):
    """Terms that invoices and accounts name."""

    name = OneLine(
        required=True, longest=100, metadata={"description": "What people call them; each once."}
    )
    lines = ListOf(
        fields.Nested(TermsLine),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "The parts of an invoice; what is left stands last."},
    )
    currency = Currency(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of the amounts in the lines; null where there are none."},
    )
    business_days = business_days(load_default=BusinessDays.NONE)
    discount_percent = discount_percent(load_default=None)
    discount_days = discount_days(load_default=None)
    later_discounts = later_discounts(load_default=None)

    example: ClassVar = {
        "name": "30 / 30 / rest",
        "lines": [
            {"percent": "30", "net_days": 10},
            {"percent": "30", "net_days": 30, "is_end_of_month": True},
            {"net_days": 60},
        ],
        "business_days": "next",
    }


class PaymentTermsPath(Schema):
    payment_terms_id = Id("ptm", required=True, metadata={"description": "The terms."})


class ChangePaymentTerms(NewPaymentTerms, PaymentTermsPath):
    """Terms said anew, the whole of them."""


class PaymentTermsQuery(PageQuery):
    is_retired = Flag(
        load_default=None, metadata={"description": "Only those that are retired, or are not."}
    )


class PaymentTerms(Schema):
    """Terms that invoices and accounts name."""

    payment_terms_id = Id("ptm", metadata={"description": "The terms."})
    name = fields.String(metadata={"description": "What people call them."})
    lines = fields.List(
        fields.Nested(TermsLine), metadata={"description": "The parts of an invoice."}
    )
    currency = Currency(
        allow_none=True, metadata={"description": "Of the amounts in the lines, if there are any."}
    )
    business_days = business_days()
    discount_percent = discount_percent()
    discount_days = discount_days()
    later_discounts = later_discounts()
    changed_at = Instant(metadata={"description": "When they were last said anew."})
    changed_by = fields.String(metadata={"description": "Who did."})
    is_retired = Flag(metadata={"description": "Whether they are named no more."})
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})
