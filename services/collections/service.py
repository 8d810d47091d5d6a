"""The collections service: what it is made of."""

from __future__ import annotations

from chassis.service import service
from services.collections.accounts.entrypoints import Accounts
from services.collections.company.entrypoints import TheCompany
from services.collections.contact_dues.entrypoints import ContactDues
from services.collections.credit_holds.entrypoints import CreditHolds
from services.collections.dunning.entrypoints import Dunning
from services.collections.holds.entrypoints import Holds
from services.collections.intake.entrypoints import Intake
from services.collections.notices.entrypoints import Notices
from services.collections.parked.entrypoints import ParkedAccounts
from services.collections.placements.entrypoints import Placements
from services.collections.planning.entrypoints import Planning
from services.collections.procedures.entrypoints import Procedures
from services.collections.receivables.entrypoints import Receivables
from stationery.mail.settings import mail_settings


@service("collections", settings=[mail_settings])
class Collections(
    Accounts,
    TheCompany,
    Receivables,
    Procedures,
    Holds,
    Dunning,
    Planning,
    Notices,
    ContactDues,
    CreditHolds,
    Placements,
    ParkedAccounts,
    Intake,
):
    """Reminds, warns and hands over what is not paid."""
