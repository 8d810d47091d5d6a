"""What is heard of items, with only the fields that are needed."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, fields, post_load

from chassis.events import Subscription
from chassis.fields import Currency, Id, Minor, Schema, Whole


class ItemSnapshot(Schema):
    """An instalment of an invoice in one version."""

    class Meta:
        unknown = EXCLUDE

    item_id = Id("itm", required=True)
    version = Whole(required=True)
    currency = Currency(required=True)
    due_date = fields.Date(required=True)
    balance = Minor(required=True)
    disputed = Minor(load_default=0)
    in_flight = Minor(load_default=0)


class _Items(Subscription):
    account_id = Id("acc", required=True)
    items = fields.List(fields.Nested(ItemSnapshot), required=True)


class _Item(Subscription):
    account_id = Id("acc", required=True)
    item = fields.Nested(ItemSnapshot, required=True)

    @post_load
    def _as_items(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"account_id": values["account_id"], "items": [values["item"]]}


class ItemIntroduced(ItemSnapshot, Subscription, source="billing"):  # type: ignore[misc]
    """An item as it is."""

    account_id = Id("acc", required=True)

    @post_load
    def _as_items(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"account_id": values.pop("account_id"), "items": [values]}


ITEMS: tuple[type[Subscription], ...] = (
    *_Items.to("billing", "invoice_issued", "invoice_voided", "item_due_changed", "fee_posted"),
    *_Item.to("billing", "allocation_made", "allocation_reversed", "item_changed"),
    ItemIntroduced,
)
