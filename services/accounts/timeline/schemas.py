"""What comes in and goes out about the timeline."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Flag, Id, Instant, OneLine, PageQuery, Schema, Whole, page_of
from services.accounts.timeline.rules import SOURCES

SOURCE = {"description": "The service that announced it."}


class TimelineEntry(Schema):
    """Something that happened to the account."""

    event_id = fields.String(required=True, metadata={"description": "The event's id."})
    source = fields.String(required=True, metadata=SOURCE)
    sequence = Whole(
        required=True,
        metadata={
            "description": "Its place among the source's events about the account, from 1; 0 where "
            "it is about something else."
        },
    )
    name = fields.String(required=True, metadata={"description": "The event's name."})
    occurred_at = Instant(required=True, metadata={"description": "When it happened."})
    summary = fields.String(required=True, metadata={"description": "A sentence for people."})
    person = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose deed it is: a member of staff, or whose API key it was."},
    )
    data = fields.Dict(required=True, metadata={"description": "The event as it was announced."})


class MissingEvents(Schema):
    """Events that were announced, as later ones show, and have not arrived."""

    source = fields.String(required=True, metadata=SOURCE)
    first = Whole(required=True, metadata={"description": "The first missing sequence."})
    last = Whole(required=True, metadata={"description": "The last missing sequence."})


class Timeline(page_of(TimelineEntry)):  # type: ignore[misc]
    """A page of what happened to the account, and whether anything of the whole is missing."""

    is_complete = Flag(
        required=True,
        metadata={"description": "Whether nothing is missing between the first and last event."},
    )
    missing = fields.List(fields.Nested(MissingEvents), required=True)


class TimelineQuery(PageQuery):
    """Whose timeline to read, and what of it."""

    account_id = Id("acc", required=True)
    source = fields.String(load_default=None, validate=validate.OneOf(SOURCES), metadata=SOURCE)
    name = OneLine(
        longest=100, load_default=None, metadata={"description": "Only events of this name."}
    )
    person = OneLine(
        longest=100,
        load_default=None,
        metadata={"description": "Only deeds of this person or key, such as stf_…."},
    )
    order = fields.String(
        load_default="oldest_first",
        validate=validate.OneOf(["oldest_first", "newest_first"]),
        metadata={"description": "Which end to begin at."},
    )
