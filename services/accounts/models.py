"""All tables of accounts, for migrations."""

from services.accounts.absences.models import Absence
from services.accounts.accounts.models import Account, AccountState
from services.accounts.activities.models import Activity, ActivityWording, FollowUp
from services.accounts.addresses.models import Address
from services.accounts.assignment.models import Turn
from services.accounts.authorities.models import GoodwillRule, RemedyAuthority
from services.accounts.balances.models import AccountBalance
from services.accounts.billed.models import BilledCredit, BilledInvoice
from services.accounts.calendars.models import WorkingHours
from services.accounts.calls.models import Call, CallbackTime
from services.accounts.case_batches.models import CaseReference
from services.accounts.cases.models import Case, CaseState
from services.accounts.causes.models import CaseCause
from services.accounts.clocks.models import CaseClock, CaseTarget
from services.accounts.closings.models import Closing, ClosingAnswer
from services.accounts.company.models import Company
from services.accounts.consents.models import Consent
from services.accounts.contacts.models import Contact
from services.accounts.hand_over_steps.models import HandOverAccount
from services.accounts.hand_overs.models import HandOver
from services.accounts.items.models import AccountItem
from services.accounts.known.models import AccountKnown
from services.accounts.notes.models import Note, NoteText
from services.accounts.onboarding.models import ChecklistItem, OnboardingRequirement
from services.accounts.orders.models import AccountOrder
from services.accounts.ownership.models import OwnershipPeriod
from services.accounts.parked.models import ParkedAccount
from services.accounts.reasons.models import ToldReason
from services.accounts.references.models import AccountReference
from services.accounts.remedies.models import Remedy, RemedyLine
from services.accounts.series.models import ActivitySeries
from services.accounts.sharing.models import RoleLook, Sharing
from services.accounts.staff.models import Staff
from services.accounts.teams.models import Team, TeamMember
from services.accounts.timeline.models import TimelineEntry, TimelineReach
from services.accounts.worklist.models import (
    ReasonWeight,
    WorklistItem,
    WorklistOutcome,
    WorklistReason,
    WorklistTally,
)

__all__ = [
    "Absence",
    "Account",
    "AccountBalance",
    "AccountItem",
    "AccountKnown",
    "AccountOrder",
    "AccountReference",
    "AccountState",
    "Activity",
    "ActivitySeries",
    "ActivityWording",
    "Address",
    "BilledCredit",
    "BilledInvoice",
    "Call",
    "CallbackTime",
    "Case",
    "CaseCause",
    "CaseClock",
    "CaseReference",
    "CaseState",
    "CaseTarget",
    "ChecklistItem",
    "Closing",
    "ClosingAnswer",
    "Company",
    "Consent",
    "Contact",
    "FollowUp",
    "GoodwillRule",
    "HandOver",
    "HandOverAccount",
    "Note",
    "NoteText",
    "OnboardingRequirement",
    "OwnershipPeriod",
    "ParkedAccount",
    "ReasonWeight",
    "Remedy",
    "RemedyAuthority",
    "RemedyLine",
    "RoleLook",
    "Sharing",
    "Staff",
    "Team",
    "TeamMember",
    "TimelineEntry",
    "TimelineReach",
    "ToldReason",
    "Turn",
    "WorkingHours",
    "WorklistItem",
    "WorklistOutcome",
    "WorklistReason",
    "WorklistTally",
]
