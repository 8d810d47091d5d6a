"""What goes into and comes out of places."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Code, Id, Instant, OneLine, PageQuery, Schema, Whole


class PlaceCode(Code):
    """What the warehouse calls a place."""

    pattern = "[A-Za-z0-9][A-Za-z0-9._/+-]{0,31}"
    remedy = "Must be up to 32 letters, digits and . _ / + - without spaces."
    sample = "HALL-2"


class PlacePath(Schema):
    """Names one place."""

    place_id = Id("pla", required=True, metadata={"description": "The place."})


class NewPlace(Schema):
    """A place where goods are kept."""

    code = PlaceCode(required=True, metadata={"description": "Unique; stays for ever."})
    name = OneLine(
        longest=200, required=True, metadata={"description": "What people call it, in words."}
    )


class EditPlace(PlacePath):
    """What is to be changed; all else stays."""

    name = OneLine(longest=200, metadata={"description": "What people call it, in words."})


class PlaceQuery(PageQuery):
    """Which places to list."""


class Place(NewPlace):
    """A place where goods are kept."""

    place_id = Id("pla", required=True, metadata={"description": "The place."})
    created_at = Instant(required=True, metadata={"description": "Since when there is it."})
    created_by = fields.String(required=True, metadata={"description": "Who made it."})
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})
