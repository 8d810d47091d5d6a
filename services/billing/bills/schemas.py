"""Bills of billing runs, going out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.fields import Currency, Flag, Id, Instant, Minor, Schema, Whole
from services.billing.bills.rules import BillStatus, Change
from services.billing.verdicts.rules import Reason


def _says(description: str) -> dict[str, Any]:
    return {"metadata": {"description": description}}


class Bill(Schema):
    """What a run bills an account in a currency; amounts in minor units of `currency`."""

    billing_run_id = Id("brn", **_says("The run."))
    account_id = Id("acc", **_says("Who is billed."))
    currency = Currency(**_says("ISO 4217 code; all amounts here are in its minor units."))
    account_ids = fields.List(Id("acc"), **_says("The accounts whose things it bills."))
    status = fields.String(
        validate=validate.OneOf(list(BillStatus)),
        **_says(
            "Pending until it is invoiced, or `drafted` until its draft is issued; `parked` waits for a "
            "person, who has it retried or skipped."
        ),
    )
    reason = fields.String(
        allow_none=True,
        validate=validate.OneOf(list(Reason)),
        **_says("Why it is not invoiced, for programs; of a draft, why it could not be issued."),
    )
    detail = fields.String(allow_none=True, **_says("Why, in words, and what to do."))
    lines = Whole(allow_none=True, **_says("How many lines it has; null until it is foreseen."))
    net = Minor(allow_none=True, **_says("Without tax, as foreseen."))
    tax = Minor(allow_none=True, **_says("Tax on it, as foreseen."))
    total = Minor(
        allow_none=True, **_says("With tax, as foreseen; what is issued or drafted is the same.")
    )
    hash = fields.String(
        allow_none=True,
        **_says(
            "The SHA-256, in hex, of what is foreseen: issued or drafted is only what has the same."
        ),
    )
    usual = Minor(
        allow_none=True,
        **_says("The average of its last six invoices, half up; null before there are three."),
    )
    previous = Minor(allow_none=True, **_says("What the run before billed it."))
    change = fields.String(
        allow_none=True,
        validate=validate.OneOf(list(Change)),
        **_says(
            "`first`: never invoiced in this currency; `new`: not by the run before; else more, less or "
            "the same as that billed."
        ),
    )
    is_accepted = Flag(**_says("Whether a person let it go out with these lines and this amount."))
    client_order_number = fields.String(
        allow_none=True, **_says("The client's order number, where a person gave it.")
    )
    decided_by = fields.String(
        allow_none=True, **_says("Who had it retried or skipped, or deleted its draft.")
    )
    decided_at = Instant(allow_none=True, **_says("When."))
    decided_reason = fields.String(allow_none=True, **_says("Why."))
    invoice_id = Id("inv", allow_none=True, **_says("The invoice that was issued, or its draft."))
    invoice_number = fields.String(allow_none=True, **_says("Its number, once issued."))
