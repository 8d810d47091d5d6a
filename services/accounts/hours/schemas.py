"""What comes in and goes out about hours."""

from __future__ import annotations

from chassis.fields import Code, Schema, Whole


class TimeOfDay(Code):
    """A time of day to the minute, on a clock of 24 hours."""

    pattern = "([01][0-9]|2[0-3]):[0-5][0-9]"
    remedy = "Must be a time of day with hours and minutes, such as 09:00 or 17:30."
    sample = "09:00"


class Opening(Schema):
    """A stretch of the week in which the client is there, on its own clocks; not on holidays."""

    weekday = Whole(
        least=1, most=7, required=True, metadata={"description": "1 is Monday, 7 Sunday."}
    )
    opens = TimeOfDay(required=True, metadata={"description": "From when."})
    closes = TimeOfDay(
        required=True, metadata={"description": "Until when; 00:00 is the end of the day."}
    )
