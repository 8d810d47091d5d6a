"""What accounts tells of how things are, to one listener that does not know them so."""

from __future__ import annotations

from services.accounts.absences.events import ABSENCE, AbsenceSnapshot
from services.accounts.events import (
    ACCOUNT,
    STAFF,
    AccountSnapshot,
    CompanyChanged,
    ContactChanged,
    StaffSnapshot,
)
from services.accounts.sharing.events import HELPER, SharingSnapshot
from services.accounts.teams.events import MEMBER, TeamMemberSnapshot


class AccountIntroduced(AccountSnapshot):
    """An account as it is, for one listener that does not know it so."""

    key = ("account_id",)
    says = "Account {number} is {status}."
    example = ACCOUNT


class ContactIntroduced(ContactChanged):
    """A person at an account as it is, for one listener that does not know it so."""

    key = ("contact_id",)
    says = "{name} is a contact."
    example = ContactChanged.example


class StaffIntroduced(StaffSnapshot):
    """A member of staff as they are, for one listener that does not know them so."""

    key = ("staff_id",)
    says = "{name} is on the staff as {role}."
    example = STAFF


class CompanyIntroduced(CompanyChanged):
    """Who we are, for one listener that does not know it."""

    key = ("company_id",)
    says = "The company is {legal_name}."
    example = CompanyChanged.example


class SharingIntroduced(SharingSnapshot):
    """Who looks after an account beside its owner, for one listener that does not know it so."""

    key = ("account_id", "sharing_id")
    says = "{name} looks after the account too: {purpose}"
    example = HELPER


class TeamMemberIntroduced(TeamMemberSnapshot):
    """A person's time in a team as it is, for one listener that does not know it so."""

    key = ("membership_id",)
    says = "In a team from {from_on}."
    example = MEMBER


class AbsenceIntroduced(AbsenceSnapshot):
    """An absence as it is, for one listener that does not know it so."""

    key = ("absence_id",)
    says = "Away from {from_on} to {until_on}."
    example = ABSENCE
