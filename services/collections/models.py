"""All tables of the service, for migrations."""

from services.collections.accounts.models import Account, AccountBalance, Contact
from services.collections.company.models import Company
from services.collections.contact_dues.models import ContactDue
from services.collections.credit_holds.models import CreditHold
from services.collections.dunning.models import Notice, NoticeItem, Run, Skip
from services.collections.holds.models import Hold
from services.collections.placements.models import Placement, PlacementItem, PlacementMove
from services.collections.procedures.models import Assignment, Procedure, ProcedureVersion
from services.collections.receivables.models import Receivable

__all__ = [
    "Account",
    "AccountBalance",
    "Assignment",
    "Company",
    "Contact",
    "ContactDue",
    "CreditHold",
    "Hold",
    "Notice",
    "NoticeItem",
    "Placement",
    "PlacementItem",
    "PlacementMove",
    "Procedure",
    "ProcedureVersion",
    "Receivable",
    "Run",
    "Skip",
]
