"""What happens to consents: they are given and withdrawn, and all that was ever said is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Channel
from services.accounts.accounts.usecases import tell_consents
from services.accounts.consents import rules
from services.accounts.consents.models import Consent


def record_consent(
    session: Session,
    *,
    account_id: str,
    channel: Channel,
    is_given: bool,
    since: datetime | None,
    how: str,
    now: datetime,
    by: str,
) -> Consent:
    """Write down what a client said of being contacted by a channel; what it said last holds."""
    account = fetch_for_change(session, Account, account_id)
    since = since or now
    rules.require_said(since=since, now=now)
    consent = Consent(
        account_id=account_id,
        channel=channel,
        is_given=is_given,
        since=since,
        how=how,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(consent)
    session.flush()
    said = {"channel": channel, "is_given": is_given, "since": since}
    tell_consents(session, account, rules.current(account.consents, said))
    return consent
