"""Voids of credit notes, coming in."""

from __future__ import annotations

from chassis.fields import Id, Schema, Text


class VoidCreditNote(Schema):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})
