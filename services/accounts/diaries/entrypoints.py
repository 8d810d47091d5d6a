"""The way to diaries."""

from __future__ import annotations

from chassis.contract import Document, Reach, query
from services.accounts.diaries import queries
from services.accounts.staff.schemas import StaffId

MEDIA_TYPE = "text/calendar"


class Diaries:
    """What people have planned, for their calendars."""

    @query(
        "GET /v1/staff/{staff_id}/calendar.ics",
        StaffId,
        media_type=MEDIA_TYPE,
        scope="accounts:read",
        reach=Reach.STAFF,
    )
    def get_diary(self, session, *, staff_id):
        """What a person has planned and when they are away, as a feed that calendars subscribe to
        (iCalendar): a month back and a year ahead. A calendar sends an API key of the person's as the
        password, with any name; once it is revoked, the feed ends. Refused with `staff_not_below` for
        whoever is neither the person, nor above, nor stands in."""
        diary = queries.get_diary(
            session, staff_id=staff_id, now=self.clock.now(), today=self.clock.today()
        )
        return Document(diary, MEDIA_TYPE, "calendar.ics")
