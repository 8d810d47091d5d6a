"""What accounts announces of leads."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Id
from services.accounts.shapes import told


class LeadRefused(Event):
    """A lead did not become an account. What it lacks is corrected, and the lead converted again."""

    about = "lead_id"

    lead_id = Id("led", required=True)
    code = fields.String(**told("Why, for programs."))
    reason = fields.String(**told("Why, in a sentence."))

    says = "Not opened as an account: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "lead_id": "led_01jd3v4q6ye8z9t5k2m7n0p1xm",
        "code": "duplicate_tax_id",
        "reason": "Account A-000017 (Müller & Söhne GmbH, active) has this tax id; use that account.",
    }
