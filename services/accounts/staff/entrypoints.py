"""The ways into staff."""

from __future__ import annotations

from chassis.contract import Reach, command, introduces, query
from chassis.fields import page_of
from services.accounts import introductions
from services.accounts.staff import queries, schemas, usecases


class Staff:
    """The people who look after accounts."""

    @command(
        "POST /v1/staff",
        schemas.AddStaff,
        returns=schemas.Staff,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def add_staff(self, session, **values):
        """Take on a person. Refused with `duplicate_email` where the address is somebody else's."""
        return usecases.add_staff(session, **values)

    @query(
        "GET /v1/staff/{staff_id}",
        schemas.StaffId,
        returns=schemas.Staff,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_staff(self, session, **values):
        """One person, whether they still work here or not."""
        return queries.get_staff(session, **values)

    @query(
        "GET /v1/staff",
        schemas.StaffQuery,
        returns=page_of(schemas.Staff),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_staff(self, session, **values):
        """People, in the order in which they joined, by role, superior or whether they work here."""
        return queries.list_staff(session, **values)

    @command(
        "PATCH /v1/staff/{staff_id}",
        schemas.EditStaff,
        returns=schemas.Staff,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def edit_staff(self, session, **values):
        """Change a person's name, e-mail, role or superior. Refused with `reporting_circle` where the
        new superior reports to this person, directly or through others."""
        return usecases.edit_staff(session, **values)

    @command(
        "POST /v1/staff/{staff_id}/return",
        schemas.StaffId,
        returns=schemas.Staff,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def return_staff(self, session, **values):
        """Take back a person who had left. Refused with `superior_left` where whom they reported to has
        left, too: say first to whom they report now."""
        return usecases.return_staff(session, **values)

    @introduces(introductions.StaffIntroduced)
    def introduce_staff(self):
        """All who work here, and who did."""
        return queries.EVERY
