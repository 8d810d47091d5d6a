"""Reports, coming in and going out. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Decimal,
    Flag,
    Id,
    Instant,
    PageQuery,
    Schema,
    Total,
    Whole,
)
from services.billing.ledger.rules import EARLIEST
from services.billing.reports.rules import BUCKETS


def known_at() -> Instant:
    """The field for the moment whose knowledge counts."""
    return Instant(
        load_default=None,
        metadata={
            "description": "As it was known at this moment; now if left out. Answers about a moment more "
            "than two minutes past never change again: what was being recorded then is finished."
        },
    )


class AgeingQuery(PageQuery):
    as_of = Day(
        load_default=None,
        validate=validate.Range(min=EARLIEST),
        metadata={"description": "At the end of this day; today if left out."},
    )
    known_at = known_at()
    currency = Currency(
        load_default=None,
        metadata={"description": "Only in this currency."},
    )
    account_id = Id("acc", load_default=None, metadata={"description": "Only this account."})


class AgeingBucket(Schema):
    """Items overdue by so many days: as_of less due date; current is not overdue."""

    bucket = fields.String(
        validate=validate.OneOf([bucket.name for bucket in BUCKETS]),
        metadata={"description": "Its name."},
    )
    count = Whole(metadata={"description": "How many items."})
    amount = Total(metadata={"description": "What they come to."})


class AgeingTotal(Schema):
    """What is open in one currency, by how long it is overdue."""

    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    count = Whole(metadata={"description": "Open items."})
    amount = Total(metadata={"description": "What they come to."})
    buckets = fields.List(
        fields.Nested(AgeingBucket), metadata={"description": "All five, in order of age."}
    )


class AccountAgeing(AgeingTotal):
    """What one account owes in one currency, by how long it is overdue."""

    account_id = Id("acc", metadata={"description": "The client's account."})
    account_number = fields.String(metadata={"description": "Its number."})


class Ageing(Schema):
    """What was open at the end of a day, by how long it was overdue: issued by then, and not settled
    by anything that took effect by then. `totals` covers all accounts, `items` is a page of them."""

    as_of = Day(metadata={"description": "At the end of this day."})
    known_at = Instant(metadata={"description": "As known at this moment."})
    totals = fields.List(
        fields.Nested(AgeingTotal),
        metadata={"description": "By currency, over all accounts asked for."},
    )
    items = fields.List(
        fields.Nested(AccountAgeing),
        metadata={"description": "By account, in order of number, and currency: a page."},
    )
    has_more = Flag(metadata={"description": "Whether there are accounts after these."})
    next_after = fields.String(
        allow_none=True, metadata={"description": "What to give as `after` to get them."}
    )


class PeriodQuery(Schema):
    first_day = Day(
        required=True, data_key="from", metadata={"description": "The first day of the period."}
    )
    last_day = Day(
        required=True, data_key="to", metadata={"description": "The last day of the period."}
    )
    known_at = known_at()


class Period(Schema):
    first_day = Day(data_key="from", metadata={"description": "The first day of the period."})
    last_day = Day(data_key="to", metadata={"description": "The last day of the period."})
    known_at = Instant(metadata={"description": "As known at this moment."})


class DsoQuery(PeriodQuery):
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )


class Dso(Period):
    """Days sales outstanding = receivables at the end of the period ÷ billed in the period × days of
    the period."""

    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    receivables = Total(metadata={"description": "Open at the end of the last day."})
    billed = Total(metadata={"description": "Invoices issued, less voided and credited, with tax."})
    dso = Decimal(
        allow_none=True,
        metadata={"description": "Days, to one decimal; null where nothing was billed."},
    )


class CollectedQuery(PeriodQuery):
    pass


class CollectedCurrency(Schema):
    """Money received in one currency."""

    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    payments = Whole(metadata={"description": "How many payments have their value date."})
    received = Total(metadata={"description": "What they come to."})
    reversed = Total(metadata={"description": "Payments taken back in the period."})
    refunded = Total(metadata={"description": "Money given back in the period."})
    collected = Total(metadata={"description": "received - reversed - refunded."})


class Collected(Period):
    """Money received in a period by value date, less what was reversed and refunded in it."""

    currencies = fields.List(
        fields.Nested(CollectedCurrency),
        metadata={"description": "One for each currency money moved in."},
    )
