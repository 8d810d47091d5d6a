"""What comes in and goes out about who knows accounts."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Id, Instant, PageQuery, Schema, Whole


class KnownQuery(PageQuery):
    """Of which account to ask."""

    account_id = Id("acc", required=True)


class KnownBy(Schema):
    """A service that knows an account."""

    account_id = Id("acc", required=True)
    known_by = fields.String(required=True, metadata={"description": "The service."})
    account_version = Whole(
        required=True, metadata={"description": "The version by which it first knew the account."}
    )
    known_at = Instant(required=True, metadata={"description": "When it said so."})
