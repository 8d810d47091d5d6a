"""Disputes, going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Id, Minor, PageQuery, Schema, Whole


class ItemDisputeQuery(PageQuery):
    item_id = Id("itm", required=True, metadata={"description": "The item."})


class Dispute(Schema):
    """A dispute: amount = remaining + settled + credited + released, gross, in minor units of
    `currency`."""

    dispute_id = Id("dsp", metadata={"description": "The dispute."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    item_id = Id("itm", metadata={"description": "The item of which something is contested."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What it is about."})
    remaining = Minor(metadata={"description": "Contested and owed still; not asked for."})
    settled = Minor(
        metadata={
            "description": "Contested still, but paid, credited otherwise or written off meanwhile."
        }
    )
    credited = Minor(metadata={"description": "Upheld: the credit note that names it."})
    released = Minor(metadata={"description": "Not contested any more, and not credited."})
    status = fields.String(metadata={"description": "As collections has it."})
    reason = fields.String(metadata={"description": "Why, in the client's words."})
    credit_note_id = Id(
        "crn", allow_none=True, metadata={"description": "The credit note that names it, if any."}
    )
    refusal = fields.String(
        allow_none=True,
        metadata={
            "description": "Why what was upheld last could not be credited, if it could not."
        },
    )
    version = Whole(metadata={"description": "The dispute's version, as collections counts."})
