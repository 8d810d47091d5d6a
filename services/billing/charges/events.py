"""What is announced of charges. Amounts are in minor units of the `currency`."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Quantity, Whole
from services.billing.charges.rules import ChargeKind
from services.billing.events import ACCOUNT, told
from services.billing.service_periods.rules import Unit

_CHARGE = ACCOUNT | {
    "charge_id": "chg_01jd3v4q6ye8z9t5k2m7n0p1xc",
    "version": 2,
    "kind": "recurring",
    "description": "Hosting, standard",
    "currency": "EUR",
    "order_id": None,
    "unit_price": 29900,
    "quantity": "1",
    "unit": "month",
    "every": 1,
    "start_on": "2026-01-01",
    "end_on": None,
    "from_on": "2026-03-12",
}
_REASON = told("Why, for the record.")


class _ChargeEvent(AccountEvent):
    """What every event of a charge says."""

    charge_id = Id("chg", required=True)
    version = Whole(**told("Grows with each event of the charge; the highest is the truth."))
    kind = fields.String(
        **told("How often it is charged.", validate=validate.OneOf(list(ChargeKind)))
    )
    description = fields.String(**told("What for; stands on the bill."))
    currency = Currency(required=True)
    order_id = Id("ord", **told("The order it belongs to.", allow_none=True, dump_default=None))
    unit_price = Minor(**told("The net price of one, for a whole period, from `from_on` on."))
    quantity = Quantity(**told("How many, from `from_on` on; by use: 1."))
    unit = fields.String(
        **told(
            "What its periods are so many of; null: it is charged once.",
            allow_none=True,
            validate=validate.OneOf(list(Unit)),
        )
    )
    every = Whole(**told("Of how many units a period is.", allow_none=True))
    start_on = Day(**told("Its first day."))
    end_on = Day(**told("Its last day, where one is agreed.", allow_none=True))
    from_on = Day(**told("From which day on what happened holds."))


class ChargeAdded(_ChargeEvent):
    """Something is charged to an account from a day on: once, by use, or again and again. Bills for it
    come by themselves, and say its days."""

    says = "Charged from {from_on}: {description}, {unit_price}."
    example: ClassVar = _CHARGE | {"version": 1, "from_on": "2026-01-01"}


class _ChargeDecided(_ChargeEvent):
    """What was decided of a charge, and why."""

    reason = fields.String(**_REASON)


class ChargeChanged(_ChargeDecided):
    """A charge has another price from a day on. What was recorded is billed as it is now, or repaired."""

    says = "{description}: {unit_price} from {from_on}. {reason}"
    example: ClassVar = _CHARGE | {"unit_price": 39900, "reason": "More storage."}


class ChargePaused(_ChargeDecided):
    """A charge rests from a day on, and is not billed."""

    says = "{description} paused from {from_on}: {reason}"
    example: ClassVar = _CHARGE | {"reason": "Works holidays."}


class ChargeResumed(_ChargeDecided):
    """A charge that was paused, or suspended, is billed again from a day on."""

    says = "{description} billed again from {from_on}: {reason}"
    example: ClassVar = _CHARGE | {"version": 3, "reason": "Back from the holidays."}


class ChargeEnded(_ChargeDecided):
    """It is agreed that a charge has a last day, or another."""

    says = "{description} ends on {end_on}: {reason}"
    example: ClassVar = _CHARGE | {"end_on": "2026-03-12", "reason": "Contract given notice."}


class ChargeSuspended(_ChargeDecided):
    """A charge rests from a day on as the account's services are suspended, and is not billed."""

    says = "{description} not billed from {from_on}, service suspended: {reason}"
    example: ClassVar = _CHARGE | {"reason": "412.00 EUR is 60 days overdue."}
