"""What collections tells of write-offs, with only the fields that are used."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Schema


class WriteOffItem(Schema):
    """What is given up of one item."""

    class Meta:
        unknown = EXCLUDE

    item_id = Id("itm", required=True)
    amount = Minor(required=True, least=1)


class WriteOffApproved(Subscription, source="collections"):
    account_id = Id("acc", required=True)
    write_off_id = Id("wof", required=True)
    currency = Currency(required=True)
    items = fields.List(fields.Nested(WriteOffItem), required=True)
    approved_on = fields.Date(required=True)
    reason = fields.String(required=True)
