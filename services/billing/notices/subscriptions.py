"""What billing hears of dunning notices, with only the fields it uses. Collections tells of each once
that it is approved, and once that it is over: that is newer, in whatever order they come."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from chassis.events import Subscription
from chassis.fields import Id


class NoticeApproved(Subscription, source="collections", event="dunning_notice_approved"):
    """A letter is on its way; one from before it was told which items it asks for hinders nothing."""

    account_id = Id("acc", required=True)
    notice_id = Id("dnt", required=True)
    item_ids = fields.List(Id("itm"), load_default=list)

    @post_load
    def _is_first(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**values, "version": 1, "is_ended": False}


class _NoticeEnded(Subscription):
    account_id = Id("acc", required=True)
    notice_id = Id("dnt", required=True)

    @post_load
    def _is_last(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**values, "version": 2, "is_ended": True, "item_ids": []}


NOTICES: tuple[type[Subscription], ...] = (
    NoticeApproved,
    *_NoticeEnded.to("collections", "dunning_notice_sent", "dunning_notice_dropped"),
)
