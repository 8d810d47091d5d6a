"""Setting accounts aside that a daily job could not decide about."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from kernel.refusals import why
from services.collections.parked.models import ParkedAccount
from services.collections.parked.rules import Job

log = logging.getLogger(__name__)


def park_accounts(
    session: Session, *, job: Job, day: date, errors: Mapping[str, Exception]
) -> None:
    """Keep which accounts the job could not decide about that day and why, and tell operators."""
    if not errors:
        return
    rows = [
        {"day": day, "job": job, "account_id": account_id, "reason": why(error)}
        for account_id, error in errors.items()
    ]
    insert_new_rows(session, ParkedAccount, rows)
    first = next(iter(errors.values()))
    log.error("%s parked %s accounts on %s, the first:", job, len(errors), day, exc_info=first)
