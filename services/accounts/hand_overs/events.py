"""What is announced of hand-overs."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Day, Id, Whole
from services.accounts.hand_overs.rules import Status
from services.accounts.shapes import told

HAND_OVER = {
    "hand_over_id": "hov_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "version": 1,
    "from_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "to_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    "reason": "Leaves at the end of the month.",
    "by_on": "2026-03-31",
    "status": "drafted",
}


class HandOverSnapshot(Event):
    """A hand-over as it is after the event. Keep the one with the highest `version`."""

    about = "hand_over_id"

    hand_over_id = Id("hov", required=True)
    version = Whole(**told("Grows with every change of the hand-over."))
    from_id = Id("stf", **told("Whose accounts they are."))
    to_id = Id("stf", **told("To whom they go."))
    reason = fields.String(**told("Why."))
    by_on = Day(**told("The day until which it is to be done."))
    status = fields.Enum(Status, by_value=True, **told("Where it stands."))


class HandOverDrafted(HandOverSnapshot):
    """Accounts are to go from one owner to another; nothing has happened to them yet."""

    says = "Hand-over drafted: {reason}"
    example = HAND_OVER


class HandOverPacked(HandOverSnapshot):
    """What a successor needs to know of each account is frozen."""

    says = "Hand-over packed."
    example = HAND_OVER | {"version": 3, "status": "packed"}


class HandOverOffered(HandOverSnapshot):
    """The successor sees the accounts, and accepts or returns each. The predecessor answers for them."""

    says = "Hand-over offered, until {by_on}."
    example = HAND_OVER | {"version": 5, "status": "offered"}


class HandOverCompleted(HandOverSnapshot):
    """Every account was accepted, was returned, or could not go on and stayed."""

    says = "Hand-over completed."
    example = HAND_OVER | {"version": 7, "status": "completed"}


class HandOverCancelled(HandOverSnapshot):
    """What was not accepted or returned by then stays with the predecessor."""

    says = "Hand-over cancelled."
    example = HAND_OVER | {"version": 7, "status": "cancelled"}
