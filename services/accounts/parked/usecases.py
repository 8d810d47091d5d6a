"""Parking accounts that the daily review could not decide about."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from kernel.refusals import why
from services.accounts.parked.models import ParkedAccount

log = logging.getLogger(__name__)


def park_accounts(session: Session, *, day: date, errors: Mapping[str, Exception]) -> None:
    """Keep whose worklist could not be reviewed that day and why, and tell operators."""
    if not errors:
        return
    rows = [
        {"day": day, "account_id": account_id, "reason": why(error)}
        for account_id, error in errors.items()
    ]
    insert_new_rows(session, ParkedAccount, rows)
    first = next(iter(errors.values()))
    log.error("%s worklists parked on %s, the first:", len(errors), day, exc_info=first)
