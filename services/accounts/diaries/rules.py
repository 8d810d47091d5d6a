"""A diary as calendars read it (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Steward//Diary//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something in a diary, from one moment to another, or from one day to another, which is not part of
    it. With the same `uid` it is the same thing, of which the last `changed_at` counts."""

    uid: str
    begins: datetime | date
    ends: datetime | date
    title: str
    text: str
    changed_at: datetime


def draw_calendar(name: str, entries: Iterable[Entry]) -> bytes:
    """The diary as a file; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_draw(entry))
    return bytes(calendar.to_ical())


def _draw(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@steward")
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.begins)
    event.add("dtend", entry.ends)
    event.add("summary", entry.title)
    if entry.text:
        event.add("description", entry.text)
    return event
