"""What comes in and goes out about staff."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Email, Flag, Id, OneLine, PageQuery, Schema, Whole
from services.accounts.staff.rules import Role

NAME = {"description": "First and last name."}
EMAIL = {"description": "Where the person is reached; belongs to one person only."}
ROLE = {"description": "The person's place in the hierarchy."}
REPORTS_TO = {"description": "Whom the person reports to; null at the top."}


class Staff(Schema):
    """A person who works here."""

    staff_id = Id("stf", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    email = fields.String(required=True, metadata=EMAIL)
    role = fields.Enum(Role, by_value=True, required=True, metadata=ROLE)
    reports_to_id = Id("stf", required=True, allow_none=True, metadata=REPORTS_TO)
    is_active = Flag(
        required=True, metadata={"description": "Whether the person still works here."}
    )
    left_on = Day(
        required=True, allow_none=True, metadata={"description": "The day the person left."}
    )


class AddStaff(Schema):
    """A new person."""

    name = OneLine(longest=200, required=True, metadata=NAME)
    email = Email(required=True, metadata=EMAIL)
    role = fields.Enum(Role, by_value=True, required=True, metadata=ROLE)
    reports_to_id = Id("stf", load_default=None, allow_none=True, metadata=REPORTS_TO)


class EditStaff(Schema):
    """What changes about a person; what is left out stays as it is."""

    staff_id = Id("stf", required=True)
    name = OneLine(longest=200, metadata=NAME)
    email = Email(metadata=EMAIL)
    role = fields.Enum(Role, by_value=True, metadata=ROLE)
    reports_to_id = Id("stf", allow_none=True, metadata=REPORTS_TO)

    example: ClassVar = {"name": "Ada Ross-Lee", "email": "ada.ross-lee@firm.example"}


class StaffId(Schema):
    """One person."""

    staff_id = Id("stf", required=True)


class StaffQuery(PageQuery):
    """Which people to list."""

    role = fields.Enum(
        Role, by_value=True, load_default=None, metadata={"description": "Only this role."}
    )
    reports_to_id = Id(
        "stf", load_default=None, metadata={"description": "Only those who report to this person."}
    )
    is_active = Flag(
        load_default=None,
        metadata={"description": "True: only who works here. False: only who left."},
    )
