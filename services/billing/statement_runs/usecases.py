"""Plan statement runs, go through their statements in chunks, by due times, and send them one by one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from chassis.bulk import each_apart, insert_new_rows
from chassis.database import fetch_for_change
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import why
from services.billing.accounts.queries import find_below
from services.billing.addressees.queries import find_routes
from services.billing.company.queries import find_company
from services.billing.document_facts.queries import read_correspondents
from services.billing.document_facts.rules import Correspondents, DocumentKind, company_unknown
from services.billing.documents.queries import get_document
from services.billing.documents.usecases import keep_document, mail_document
from services.billing.dues import StatementRunGoesOn
from services.billing.items.rules import AccountCurrency
from services.billing.reports.rules import require_period
from services.billing.routines.queries import find_accounts_in_one, find_accounts_stated_on
from services.billing.routines.rules import bill_days_on
from services.billing.statement_runs import events, queries, rules
from services.billing.statement_runs.models import RunStatement, StatementRun
from services.billing.statement_runs.rules import (
    Reason,
    RunAction,
    RunStatus,
    StatementAction,
    StatementStatus,
    Verdict,
    Which,
)
from services.billing.statements.queries import read_statements
from services.billing.statements.rules import (
    StatementFacts,
    compose_statement,
    is_too_long,
    name_statement,
    require_within_reach,
)
from stationery.mail.messages import RefusedForGood
from stationery.mail.sending import our_sender

log = logging.getLogger(__name__)


def plan_run(
    session: Session,
    *,
    first_day: date,
    last_day: date,
    accounts: Sequence[str] | None,
    currency: str | None,
    statement_day: int | None,
    which: str,
    is_again: bool,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Plan to make and send statements of some days, as known now. What was stated of just these days by
    another run is left out, unless it is sent again."""
    rules.require_one_choice(accounts=accounts, statement_day=statement_day)
    require_period(first_day, last_day)
    require_within_reach(first_day, last_day)
    rules.require_over(last_day, today=today)
    chosen = accounts
    if statement_day is not None:
        chosen = find_accounts_stated_on(session, days=[statement_day])
    run = _new_run(
        first_day=first_day,
        last_day=last_day,
        accounts=None if accounts is None else sorted({*accounts}),
        currency=currency,
        statement_day=statement_day,
        which=which,
        is_again=is_again,
        is_automatic=False,
        now=now,
        by=by,
    )
    rules.require_statements(_plan(session, run, chosen))
    return queries.get_run(session, statement_run_id=run.statement_run_id)


def plan_runs_of_day(session: Session, *, day: date, now: datetime, by: str) -> None:
    """Plan a run for each statement day that falls on a day, of the month before it. None where nothing
    is to be told, or nobody has said who we are."""
    if find_company(session) is None:
        return
    for statement_day in bill_days_on(day):
        accounts = find_accounts_stated_on(session, days=[statement_day])
        if accounts:
            first_day, last_day = rules.period_before(day, statement_day)
            run = _new_run(
                first_day=first_day,
                last_day=last_day,
                statement_day=statement_day,
                which=Which.ACTIVE,
                is_again=False,
                is_automatic=True,
                now=now,
                by=by,
            )
            _plan(session, run, accounts)


def cancel_run(
    session: Session, *, statement_run_id: str, reason: str, now: datetime
) -> dict[str, Any]:
    """Make no more statements by a run; those that are made go out."""
    run = fetch_for_change(session, StatementRun, statement_run_id)
    run.status = rules.next_run_status(run.status, RunAction.CANCEL)
    run.closed_at, run.reason = now, reason
    session.execute(
        update(RunStatement)
        .where(
            RunStatement.statement_run_id == statement_run_id,
            RunStatement.status == StatementStatus.PENDING,
        )
        .values(status=StatementStatus.SKIPPED, reason=Reason.BY_HAND)
    )
    drop(session, StatementRunGoesOn, key=statement_run_id)
    session.flush()
    return queries.get_run(session, statement_run_id=statement_run_id)


def go_on(session: Session, *, statement_run_id: str, today: date, now: datetime) -> None:
    """Make the next statements of a run; nothing where it is over."""
    run = fetch_for_change(session, StatementRun, statement_run_id)
    if run.status != RunStatus.RUNNING:
        return
    statements = queries.read_pending(session, statement_run_id=statement_run_id)
    _make_apart(session, run, statements, today=today, now=now)
    counts = queries.count_statements(session, statement_run_id=statement_run_id)
    left = queries.count_in(counts, StatementStatus.PENDING)
    if left:
        _tell(session, run, events.StatementRunProgressed, left=left)
        _schedule(session, run, now)
        return
    run.status, run.closed_at = rules.next_run_status(run.status, RunAction.COMPLETE), now
    session.flush()
    parked = queries.count_in(counts, StatementStatus.PARKED)
    _tell(session, run, events.StatementRunCompleted, left=0, parked=parked)


def retry_statement(
    session: Session,
    *,
    statement_run_id: str,
    account_id: str,
    currency: str,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> RunStatement:
    """Make and send a parked statement as the account is addressed now, with the figures that the run
    froze. It stays parked where something stops it still."""
    one = queries.lock_statement(session, (statement_run_id, account_id, currency))
    one.status = rules.next_status(one.status, StatementAction.RETRY)
    _note_decision(session, one, reason, now=now, by=by)
    run = session.get_one(StatementRun, statement_run_id)
    _make_apart(session, run, [one], today=today, now=now)
    return one


def skip_statement(
    session: Session,
    *,
    statement_run_id: str,
    account_id: str,
    currency: str,
    reason: str,
    now: datetime,
    by: str,
) -> RunStatement:
    """Leave a statement out of its run."""
    one = queries.lock_statement(session, (statement_run_id, account_id, currency))
    one.status = rules.next_status(one.status, StatementAction.SKIP)
    one.reason, one.detail = Reason.BY_HAND, None
    _note_decision(session, one, reason, now=now, by=by)
    return one


def mark_printed(
    session: Session, *, statement_run_id: str, account_id: str, currency: str, now: datetime
) -> RunStatement:
    """Take a statement that goes by post out of the print queue."""
    one = queries.lock_statement(session, (statement_run_id, account_id, currency))
    one.status, one.sent_at = rules.next_status(one.status, StatementAction.PRINT), now
    session.flush()
    announce(session, events.StatementSent, **_facts(one), status=one.status)
    return one


def send_statement(
    session: Session, *, statement_run_id: str, account_id: str, currency: str, now: datetime
) -> None:
    """Send a statement that was made to go by e-mail; once it is over, nothing. Unavailable where the
    mail server is away: it is tried again, under the same id, and so known for the same message."""
    one = queries.lock_statement(session, (statement_run_id, account_id, currency))
    if one.status != StatementStatus.ASKED:
        return
    assert one.document_id is not None and one.recipient is not None, "it was made"
    document = get_document(session, document_id=one.document_id)
    try:
        mail_document(session, document, recipient=one.recipient, now=now)
    except RefusedForGood as refused:
        one.status = rules.next_status(one.status, StatementAction.PARK)
        one.reason, one.detail = Reason.MAIL_REFUSED, str(refused)
        session.flush()
        return
    one.status, one.sent_at = rules.next_status(one.status, StatementAction.SEND), now
    session.flush()
    announce(session, events.StatementSent, **_facts(one), status=one.status)


def _new_run(*, now: datetime, by: str, **facts: Any) -> StatementRun:
    return StatementRun(
        statement_run_id=new_id("srn"),
        status=RunStatus.RUNNING,
        known_at=now,
        planned_by=by,
        planned_at=now,
        statements=0,
        **facts,
    )


def _plan(session: Session, run: StatementRun, accounts: Sequence[str] | None) -> int:
    """Store a run with its statements, to be made; how many these are. It is not kept without any."""
    if find_company(session) is None:
        raise company_unknown()
    below = find_below(session, account_ids=find_accounts_in_one(session, among=accounts))
    told = (
        None if accounts is None else {*accounts, *(one for each in below.values() for one in each)}
    )
    keys = queries.find_to_state(
        session,
        which=run.which,
        accounts=told,
        currency=run.currency,
        period=queries.period_of(run),
    )
    if keys:
        session.add(run)
        session.flush()
        run.statements = _keep_statements(session, run, rules.group(keys, below))
        session.flush()
    if run.statements:
        _tell(session, run, events.StatementRunStarted, left=run.statements)
        _schedule(session, run, run.planned_at)
    elif keys:
        session.delete(run)
    return run.statements


def _keep_statements(
    session: Session, run: StatementRun, members: Mapping[AccountCurrency, Sequence[str]]
) -> int:
    """Keep whom the run is to state what; who was stated it before is left out."""
    same = ("statement_run_id", "first_day", "last_day", "is_again")
    rows = [
        {
            **{name: getattr(run, name) for name in same},
            "account_id": account_id,
            "currency": currency,
            "account_ids": list(ids),
            "status": StatementStatus.PENDING,
        }
        for (account_id, currency), ids in sorted(members.items())
    ]
    insert_new_rows(session, RunStatement, rows)
    named = {"statement_run_id": run.statement_run_id}
    return queries.count_in(queries.count_statements(session, **named), StatementStatus.PENDING)


def _make_apart(
    session: Session,
    run: StatementRun,
    statements: Sequence[RunStatement],
    *,
    today: date,
    now: datetime,
) -> None:
    """Make statements at once; those with which it is not possible are parked."""
    by_key = {(one.account_id, one.currency): one for one in statements}

    def make(keys: Sequence[AccountCurrency]) -> None:
        _make(session, run, [by_key[key] for key in keys], today=today, now=now)

    errors = each_apart(session, list(by_key), make)
    for key, error in errors.items():
        session.refresh(by_key[key])
        _settle(by_key[key], rules.refused(why(error)))
    if errors:
        first, *_ = errors.values()
        log.error("%s statements of a run parked, the first:", len(errors), exc_info=first)
    session.flush()


def _make(
    session: Session,
    run: StatementRun,
    statements: Sequence[RunStatement],
    *,
    today: date,
    now: datetime,
) -> None:
    ids = {one.account_id for one in statements}
    routes = find_routes(session, account_ids=ids, on=today)
    for currency, some in rules.by_currency(statements):
        members = {one.account_id: one.account_ids for one in some}
        period = queries.period_of(run)
        told = read_statements(session, members, currency=currency, period=period)
        known = read_correspondents(session, account_ids=[*members], currency=currency, on=today)
        for one in some:
            facts, route = told[one.account_id], routes.get(one.account_id)
            one.opening, one.closing = facts.opening, facts.closing
            verdict = rules.judge(
                is_known=route is not None,
                is_too_long=is_too_long(facts),
                is_post=route is not None and route.email is None,
                is_addressed=route is not None and route.is_addressed,
            )
            if verdict.action is not StatementAction.PARK:
                assert route is not None, "it was judged"
                parties = known[one.account_id]
                _keep_document(session, run, one, facts, parties, today=today, now=now)
                one.recipient = route.email
            _settle(one, verdict)
    session.flush()
    for one in statements:
        if one.status == StatementStatus.ASKED:
            announce(session, events.StatementAsked, **_facts(one))


def _keep_document(
    session: Session,
    run: StatementRun,
    one: RunStatement,
    facts: StatementFacts,
    parties: Correspondents,
    *,
    today: date,
    now: datetime,
) -> None:
    """Its document, once: what was made stays as it was, wherever it goes in the end."""
    if one.document_id is not None:
        return
    document_id, ours = new_id("doc"), our_sender().address
    sheet = compose_statement(facts, parties, made_on=today, reference=document_id, email=ours)
    keep_document(
        session,
        sheet,
        account_id=one.account_id,
        kind=DocumentKind.STATEMENT,
        number=name_statement(facts, parties),
        issued_on=today,
        now=now,
        by=run.planned_by,
    )
    one.document_id, one.made_at = document_id, now


def _settle(one: RunStatement, verdict: Verdict) -> None:
    one.status = rules.next_status(one.status, verdict.action)
    one.reason, one.detail = verdict.reason, verdict.detail


def _note_decision(
    session: Session, one: RunStatement, reason: str, *, now: datetime, by: str
) -> None:
    one.decided_by, one.decided_at, one.decided_reason = by, now, reason
    session.flush()


def _schedule(session: Session, run: StatementRun, at: datetime) -> None:
    key = run.statement_run_id
    schedule(session, StatementRunGoesOn, key=key, at=at, statement_run_id=key)


def _tell(session: Session, run: StatementRun, event: type[Any], **facts: Any) -> None:
    same = ("statement_run_id", "version", "status", "first_day", "last_day", "statements")
    announce(session, event, **{name: getattr(run, name) for name in same}, **facts)


def _facts(one: RunStatement) -> dict[str, Any]:
    same = ("account_id", "statement_run_id", "document_id", "currency", "first_day", "last_day")
    return {name: getattr(one, name) for name in (*same, "closing")}
