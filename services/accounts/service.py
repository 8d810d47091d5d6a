"""The accounts service."""

from chassis.service import service
from services.accounts import files, measures
from services.accounts.absences.entrypoints import Absences
from services.accounts.account_batches.entrypoints import AccountBatches
from services.accounts.accounts.entrypoints import Accounts as Clients
from services.accounts.activities.entrypoints import Activities
from services.accounts.addresses.entrypoints import Addresses
from services.accounts.assignment.entrypoints import Assignment
from services.accounts.authorities.entrypoints import Authorities
from services.accounts.billed.entrypoints import Billed
from services.accounts.calendars.entrypoints import Calendars
from services.accounts.callers.entrypoints import Callers
from services.accounts.calls.entrypoints import Calls
from services.accounts.case_batches.entrypoints import CaseBatches
from services.accounts.case_figures.entrypoints import CaseFigures
from services.accounts.cases.entrypoints import Cases
from services.accounts.causes.entrypoints import Causes
from services.accounts.clocks.entrypoints import Clocks
from services.accounts.closings.entrypoints import Closings
from services.accounts.company.entrypoints import TheCompany
from services.accounts.consents.entrypoints import Consents
from services.accounts.contacts.entrypoints import Contacts
from services.accounts.diaries.entrypoints import Diaries
from services.accounts.escalations.entrypoints import Escalations
from services.accounts.glance.entrypoints import Glance
from services.accounts.hand_overs.entrypoints import HandOvers
from services.accounts.holds.entrypoints import Holds
from services.accounts.items.entrypoints import Items
from services.accounts.known.entrypoints import Known
from services.accounts.leads.entrypoints import Leads
from services.accounts.notes.entrypoints import Notes
from services.accounts.onboarding.entrypoints import Onboarding
from services.accounts.orders.entrypoints import Orders
from services.accounts.ownership.entrypoints import Ownership
from services.accounts.parents.entrypoints import Parents
from services.accounts.parked.entrypoints import ParkedWorklists
from services.accounts.references.entrypoints import References
from services.accounts.remedies.entrypoints import Remedies
from services.accounts.series.entrypoints import Series
from services.accounts.sharing.entrypoints import Sharing
from services.accounts.staff.entrypoints import Staff
from services.accounts.successions.entrypoints import Successions
from services.accounts.teams.entrypoints import Teams
from services.accounts.timeline.entrypoints import Timeline
from services.accounts.worklist.entrypoints import Worklist
from services.accounts.workload.entrypoints import Workload


@service(
    "accounts",
    files=[files.CHECKLIST_DOCUMENT, files.LOGO],
    measures=[measures.WORKLIST],
)
class Accounts(
    Staff,
    Teams,
    Absences,
    Ownership,
    Items,
    Orders,
    Clients,
    Parents,
    Sharing,
    Assignment,
    Onboarding,
    Holds,
    Consents,
    Notes,
    Contacts,
    Addresses,
    References,
    AccountBatches,
    TheCompany,
    Closings,
    Known,
    Leads,
    Calendars,
    Clocks,
    Causes,
    Cases,
    CaseBatches,
    CaseFigures,
    Escalations,
    Activities,
    Series,
    Successions,
    Calls,
    Billed,
    Authorities,
    Remedies,
    Timeline,
    Worklist,
    Workload,
    ParkedWorklists,
    Callers,
    Glance,
    Diaries,
    HandOvers,
):
    """Who the clients are and who looks after them."""
