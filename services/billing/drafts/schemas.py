"""What is asked of drafts, coming in."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.fields import Day, Id, ListOf, Minor, Percent, Schema, SignedQuantity, Text, Whole
from services.billing.invoices.schemas import InvoicePath
from services.billing.issuing.schemas import issued_on
from services.billing.pricing.schemas import LINES_MAX, exemption_reason, tax_code


class IssueInvoice(Schema):
    invoice_id = Id(
        "inv", required=True, metadata={"description": "The invoice, where it was issued."}
    )
    issued_on: Day = issued_on()


def _kept(description: str, **options: Any) -> dict[str, Any]:
    text = f"{description} Left out, it stays as it is; a new line needs it."
    return {"load_default": None, "allow_none": True, "metadata": {"description": text}, **options}


class EditedLine(Schema):
    """A line that the draft has, by its place, or a new one."""

    position = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Its place on the draft as it is now; left out, it is a new line."
        },
    )
    description = Text(longest=500, **_kept("What for."))
    quantity = SignedQuantity(
        **_kept(
            "How many; up to three decimals. Below 0 it is taken off. Of what is to be billed at most "
            "what the line bills now: the rest waits for the next bill."
        )
    )
    unit_price = Minor(least=0, **_kept("Net price of one, in minor units of its currency."))
    tax_percent = Percent(**_kept("Rate of tax."))
    tax_code = tax_code(load_default=None, allow_none=True)
    exemption_reason = exemption_reason(load_default=None)


class EditDraft(InvoicePath):
    lines = ListOf(
        fields.Nested(EditedLine),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={
            "description": "All its lines from now on, in their order; what it billed by one that is not "
            "among them waits for the next bill."
        },
    )
