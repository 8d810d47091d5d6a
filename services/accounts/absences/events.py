"""What is announced of absences. Who stands in for somebody sees what that one sees: every service keeps
that. Why somebody is away is not announced."""

from __future__ import annotations

from chassis.events import Event
from chassis.fields import Day, Flag, Id, Whole
from services.accounts.shapes import told

ABSENCE = {
    "staff_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "absence_id": "abs_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "version": 1,
    "delegate_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    "from_on": "2026-03-02",
    "until_on": "2026-03-13",
    "may_act": True,
    "is_standing": False,
}
AWAY = ABSENCE | {"version": 2, "is_standing": True}


class AbsenceSnapshot(Event):
    """An absence as it is after the event. Keep the one with the highest `version`."""

    about = "staff_id"
    sight = "absences"

    staff_id = Id("stf", **told("Who is away."))
    absence_id = Id("abs", required=True)
    version = Whole(**told("Grows with every change of the absence."))
    delegate_id = Id("stf", **told("Who stands in."))
    from_on = Day(**told("The first day."))
    until_on = Day(**told("The last day, included."))
    may_act = Flag(**told("Whether the delegate changes what they see, or only sees it."))
    is_standing = Flag(**told("Whether the delegate stands in now."))


class AbsencePlanned(AbsenceSnapshot):
    """Somebody will be away, or is from now on; another stands in."""

    says = "Away from {from_on} to {until_on}; another stands in."
    example = ABSENCE


class AbsenceBegan(AbsenceSnapshot):
    """The first day of an absence has come: the delegate stands in."""

    says = "Away until {until_on}; another stands in."
    example = AWAY


class AbsenceExtended(AbsenceSnapshot):
    """An absence lasts longer than it was said."""

    says = "Away for longer, until {until_on}."
    example = AWAY | {"version": 3, "until_on": "2026-03-20"}


class AbsenceEnded(AbsenceSnapshot):
    """Somebody is back, and nobody stands in for them any more."""

    says = "Back again."
    example = AWAY | {"version": 4, "is_standing": False}


class AbsenceCancelled(AbsenceSnapshot):
    """Somebody will not be away after all."""

    says = "Not away after all."
    example = ABSENCE | {"version": 2}
