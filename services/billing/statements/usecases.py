"""Draw statements of account."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from services.billing.accounts.queries import find_below, get_account
from services.billing.accounts.rules import account_not_found
from services.billing.company.queries import find_logo
from services.billing.document_facts.queries import read_correspondents
from services.billing.paper.drawing import draw_sheet
from services.billing.reports.rules import choose_moment, require_period
from services.billing.statements import rules
from services.billing.statements.queries import read_statements
from services.billing.statements.rules import Period
from stationery.mail.sending import our_sender
from stationery.paper.archive import Archive


def draw_statement(
    session: Session,
    *,
    account_id: str,
    currency: str,
    first_day: date,
    last_day: date,
    known_at: datetime | None,
    is_in_one: bool,
    today: date,
    now: datetime,
) -> tuple[bytes, str]:
    """A statement as PDF, as it is drawn now, and what its file is called. In one it tells of the
    accounts below, too."""
    require_period(first_day, last_day)
    rules.require_within_reach(first_day, last_day)
    period = Period(first_day, last_day, choose_moment(known_at, now=now))
    get_account(session, account_id=account_id)
    below = find_below(session, account_ids=[account_id]) if is_in_one else {}
    ids = below.get(account_id, [account_id])
    found = read_statements(session, {account_id: ids}, currency=currency, period=period)
    facts = found[account_id]
    rules.require_short(facts)
    known = read_correspondents(session, account_ids=[account_id], currency=currency, on=today)
    if account_id not in known:
        raise account_not_found(account_id)
    parties = known[account_id]
    ours = {"reference": account_id, "email": our_sender().address}
    sheet = rules.compose_statement(facts, parties, made_on=today, **ours)
    logo = find_logo(session, sheet.logo_file_id)
    pdf = draw_sheet(sheet, logo=logo, archive=Archive(now, None))
    return pdf, rules.name_statement(facts, parties)
