"""What accounts announces of checklists."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Id, Instant


class ChecklistItemCompleted(AccountEvent):
    """An item of an account's onboarding checklist was completed, or renewed with a newer document."""

    says = "Checklist: {name} completed by {completed_by}."
    example = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "checklist_item_id": "chi_01jd3v4q6ye8z9t5k2m7n0p1xd",
        "name": "Tax certificate",
        "document": "scan-2026-0017.pdf",
        "file_id": "fil_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "expires_on": "2027-12-31",
        "completed_by": "key_office",
        "completed_at": "2026-01-31T09:00:00+00:00",
    }

    checklist_item_id = Id("chi", required=True)
    name = fields.String(required=True)
    document = fields.String(required=True, allow_none=True)
    file_id = Id("fil", required=True, allow_none=True)
    expires_on = Day(required=True, allow_none=True)
    completed_by = fields.String(required=True)
    completed_at = Instant(required=True)


class ChecklistItemWaived(AccountEvent):
    """An item of an account's onboarding checklist was declared unnecessary."""

    says = "Checklist: {name} waived: {reason}"
    example = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "checklist_item_id": "chi_01jd3v4q6ye8z9t5k2m7n0p1xd",
        "name": "Credit check",
        "reason": "Pays in advance.",
        "waived_by": "key_office",
    }

    checklist_item_id = Id("chi", required=True)
    name = fields.String(required=True)
    reason = fields.String(required=True)
    waived_by = fields.String(required=True)
