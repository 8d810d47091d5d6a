"""Charges, coming in and going out."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    Minor,
    OneLine,
    PageQuery,
    Percent,
    Quantity,
    Schema,
    SignedQuantity,
    Text,
    Whole,
)
from services.billing.charges.rules import ChargeAction, ChargeKind, ChargeStatus
from services.billing.courses.rules import Timing
from services.billing.pricing.schemas import exemption_reason, tax_code
from services.billing.service_periods.rules import Anchor, Unit

EVERY_MAX = 100
PREVIEW_MAX = 36


def _one_of(kinds: Any, description: str, **options: Any) -> fields.String:
    return fields.String(
        **{"load_default": None, **options},
        validate=validate.OneOf(list(kinds)),
        metadata={"description": description},
    )


_UNIT_PRICE = "Net price of one, for a whole period, in minor units."
_QUANTITY = "How many of these, each period; 1 if left out. Not for what is charged by use."


class _Said(Schema):
    """What is said of a charge when it is added, and shown again."""

    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    external_id = OneLine(
        load_default=None,
        longest=200,
        allow_none=True,
        metadata={
            "description": "What you call it, once in an account: the same charge again under it is not "
            "added again, and answered as it is now; another one is refused."
        },
    )
    kind = _one_of(
        ChargeKind,
        "one_off: charged once, on `start_on`. usage: what was used of a period is charged after it. "
        "recurring: charged for each period.",
        load_default=ChargeKind.RECURRING,
    )
    description = Text(
        required=True, longest=500, metadata={"description": "What for; stands on the bill."}
    )
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )
    tax_percent = Percent(required=True, metadata={"description": "Rate of tax."})
    tax_code = tax_code(load_default=None)
    exemption_reason = exemption_reason(load_default=None)
    client_order_number = OneLine(
        load_default=None,
        longest=100,
        allow_none=True,
        metadata={"description": "What the client calls the order it is for; stands on the bill."},
    )
    order_id = Id(
        "ord",
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The account's order that it belongs to; its lines stand by that."
        },
    )
    start_on = Day(required=True, metadata={"description": "Its first day."})
    end_on = Day(
        load_default=None, allow_none=True, metadata={"description": "Its last day, if agreed."}
    )
    unit = _one_of(Unit, "What a period is so many of. Not for one_off.", allow_none=True)
    every = Whole(
        least=1,
        most=EVERY_MAX,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of how many units a period is; 1 if left out."},
    )
    anchor = _one_of(
        Anchor,
        "Periods begin with the day of the start (the default), or with the calendar: on Monday, the "
        "first of the month, quarter or year.",
        allow_none=True,
    )
    timing = _one_of(
        Timing,
        "For recurring: billed on the first day of a period, or on the day after its last.",
        allow_none=True,
    )


class AddCharge(_Said):
    """What is charged from now on. Part periods are charged by days."""

    unit_price = Minor(required=True, least=0, metadata={"description": _UNIT_PRICE})
    quantity = Quantity(load_default=None, metadata={"description": _QUANTITY})

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "kind": "recurring",
        "description": "Hosting, standard",
        "currency": "EUR",
        "unit_price": 29900,
        "tax_percent": "19.00",
        "start_on": "2026-03-12",
        "unit": "month",
        "anchor": "calendar",
        "timing": "advance",
    }


class AgreedPrice(Schema):
    """What a charge costs from a day on."""

    from_on = Day(metadata={"description": "From which day on."})
    unit_price = Minor(metadata={"description": _UNIT_PRICE})
    quantity = Quantity(metadata={"description": "How many, each period."})


class Pause(Schema):
    """Days on which a charge is not billed."""

    first = Day(metadata={"description": "The first of them."})
    last = Day(allow_none=True, metadata={"description": "The last; null: it is paused still."})


class Charge(_Said):
    """What is charged once, by use or again and again."""

    charge_id = Id("chg", metadata={"description": "The charge."})
    status = _one_of(
        ChargeStatus, "What was decided of it; from which day on, `pauses` and `end_on` say."
    )
    prices = fields.List(
        fields.Nested(AgreedPrice), metadata={"description": "What it costs from which day on."}
    )
    pauses = fields.List(
        fields.Nested(Pause), metadata={"description": "On which days it is not billed."}
    )
    suspended_on = Day(
        allow_none=True,
        metadata={"description": "Since when it is not billed, as the service is suspended."},
    )
    recorded_until = Day(metadata={"description": "Until which day it is recorded as billables."})
    next_on = Day(
        allow_none=True, metadata={"description": "When more of it falls due; null: never."}
    )
    recorded_by = fields.String(metadata={"description": "Who added it."})
    recorded_at = Instant(metadata={"description": "When it was added."})
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class ChargePath(Schema):
    charge_id = Id("chg", required=True, metadata={"description": "The charge."})


class _Decision(ChargePath):
    from_on = Day(
        load_default=None, metadata={"description": "From which day on; today if left out."}
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class ChangeCharge(_Decision):
    """Another price, from a day on, until the next that is agreed."""

    unit_price = Minor(required=True, least=0, metadata={"description": _UNIT_PRICE})
    quantity = Quantity(
        load_default=None, metadata={"description": "How many; as before if left out."}
    )


class PauseCharge(_Decision):
    """Not billed from a day on."""


class ResumeCharge(_Decision):
    """Billed again from a day on."""


class EndCharge(ChargePath):
    """The last day of a charge, or another one."""

    end_on = Day(
        load_default=None,
        metadata={
            "description": "Its last day; today if left out. The day before it starts: nothing is billed."
        },
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})


class ChargeQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    status = _one_of(ChargeStatus, "Only those of which this was decided last.")
    is_suspended = Flag(
        load_default=None,
        metadata={
            "description": "Only those that rest as the service is suspended, or the others."
        },
    )


class HistoryQuery(ChargePath, PageQuery):
    """A page of what was done with a charge."""


class ChargeChange(Schema):
    """What was done with a charge."""

    charge_id = Id("chg", metadata={"description": "The charge."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    version = Whole(metadata={"description": "The version of the charge that came of it."})
    action = _one_of(ChargeAction, "What was done.")
    from_on = Day(metadata={"description": "From which day on it holds; of an end the last day."})
    unit_price = Minor(metadata={"description": "What one costs from that day on."})
    quantity = Quantity(metadata={"description": "How many, each period."})
    suspension_id = Id(
        "sus", allow_none=True, metadata={"description": "The suspension, where it was one."}
    )
    reason = fields.String(allow_none=True, metadata={"description": "Why."})
    recorded_by = fields.String(metadata={"description": "Who did it."})
    recorded_at = Instant(metadata={"description": "When."})


class PeriodsQuery(ChargePath):
    limit = Whole(
        least=1,
        most=PREVIEW_MAX,
        load_default=12,
        metadata={"description": f"How many periods, 1 to {PREVIEW_MAX}."},
    )


class PeriodLine(Schema):
    """What bills days of a period."""

    service_from = Day(metadata={"description": "The first of the days."})
    service_until = Day(metadata={"description": "The last of the days."})
    quantity = SignedQuantity(metadata={"description": "How many."})
    unit_price = Minor(metadata={"description": "Net price of one."})
    net = Minor(metadata={"description": "What it comes to."})


class ChargePeriod(Schema):
    """Days that fall due together."""

    service_from = Day(metadata={"description": "The first of the days."})
    service_until = Day(metadata={"description": "The last of the days."})
    bill_on = Day(metadata={"description": "When they fall due."})
    net = Minor(metadata={"description": "What they come to."})
    lines = fields.List(fields.Nested(PeriodLine), metadata={"description": "What bills them."})


class ChargePeriods(Schema):
    """The next periods of a charge that are not recorded, as things are."""

    charge_id = Id("chg", metadata={"description": "The charge."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    currency = Currency(metadata={"description": "Amounts are in its minor units."})
    periods = fields.List(fields.Nested(ChargePeriod), metadata={"description": "In their order."})
