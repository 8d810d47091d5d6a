"""What accounts does at a moment."""

from __future__ import annotations

from marshmallow import fields

from chassis.due import DueTime
from chassis.fields import Id, Whole
from services.accounts.clocks.rules import Clock


class ActivityDue(DueTime):
    """The time of a planned activity is over: it stays on the worklist until it has an outcome."""

    activity_id = Id("act", required=True)


class CallbackLate(DueTime):
    """Whoever called and was not answered should have been called back by now."""

    call_id = Id("cll", required=True)


class EventsMissing(DueTime):
    """Events that had not arrived some time ago are asked for again, unless they have."""

    account_id = Id("acc", required=True)
    source = fields.String(required=True)
    last = Whole(required=True)
    tried = Whole(required=True)


class CaseClockDue(DueTime):
    """A clock of a case has counted so much that somebody is warned, or that it is escalated."""

    account_id = Id("acc", required=True)
    case_id = Id("cas", required=True)
    clock = fields.Enum(Clock, by_value=True, required=True)


class MembershipTurns(DueTime):
    """A member's time in a team begins or ends."""

    membership_id = Id("mem", required=True)


class SharingTurns(DueTime):
    """A helper's time with an account begins or ends."""

    sharing_id = Id("shr", required=True)


class AbsenceTurns(DueTime):
    """Somebody's absence begins or ends."""

    absence_id = Id("abs", required=True)


class HandOverGoesOn(DueTime):
    """The step of a hand-over goes through the next accounts."""

    hand_over_id = Id("hov", required=True)


class HandOverLate(DueTime):
    """The last day of a hand-over has passed; kept under its id."""

    hand_over_id = Id("hov", required=True)


class DocumentDue(DueTime):
    """A document of a checklist is about to expire, or has expired; kept under its item's id."""

    checklist_item_id = Id("chi", required=True)


class AccountKnownDue(DueTime):
    """By now those that must should know an account that was opened; kept under its id."""

    account_id = Id("acc", required=True)
