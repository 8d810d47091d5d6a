"""What comes in and goes out about ownership."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Id, Instant, PageQuery, Schema


class OwnershipPeriod(Schema):
    """One owner's time with the account."""

    staff_id = Id("stf", required=True, metadata={"description": "The owner."})
    since_on = Day(required=True, metadata={"description": "The first day."})
    until_on = Day(
        required=True,
        allow_none=True,
        metadata={"description": "The day the successor began; null for the present owner."},
    )
    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the owner changed."}
    )
    changed_by = fields.String(required=True, metadata={"description": "Who entered the change."})
    changed_at = Instant(required=True, metadata={"description": "When it was entered."})


class OwnershipQuery(PageQuery):
    """Whose owners to list."""

    account_id = Id("acc", required=True)


class LeaveStaff(Schema):
    """Who leaves, and when."""

    staff_id = Id("stf", required=True)
    left_on = Day(
        load_default=None,
        metadata={"description": "The person's last day, not in the future; today if left out."},
    )
