"""Bills of a run: planned, foreseen, issued; many at once, in a number of statements that does not grow
with them. One that fails alone is parked."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import each_apart, insert_rows
from kernel.ids import new_ids
from kernel.refusals import why
from services.billing.accounts.models import Account
from services.billing.accounts.queries import find_accounts, find_payers
from services.billing.accounts.usecases import lock_accounts_to_bill
from services.billing.addressees.queries import find_unaddressed
from services.billing.billables.queries import find_pending
from services.billing.bills import queries, rules
from services.billing.bills.models import Bill
from services.billing.bills.rules import (
    BillAction,
    BillStatus,
    Foreseen,
    Outlook,
    Reason,
    Step,
    Verdict,
    look,
)
from services.billing.company.queries import find_rounding
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.rules import AccountCurrency
from services.billing.items.usecases import lock_balances
from services.billing.pricing.rules import require_amount
from services.billing.routines.queries import find_agreements
from services.billing.routines.rules import Agreement

log = logging.getLogger(__name__)
Row = Mapping[str, Any]
Work = Callable[[Session, Step, Sequence[Bill]], None]


def plan_bills(session: Session, *, billing_run_id: str, keys: Sequence[AccountCurrency]) -> int:
    """Have a run bill whoever pays for these accounts and currencies; how many bills that makes."""
    payers = find_payers(session, account_ids={account_id for account_id, _ in keys})
    members: defaultdict[AccountCurrency, list[str]] = defaultdict(list)
    for account_id, currency in keys:
        members[payers.get(account_id, account_id), currency].append(account_id)
    rows = [
        {
            "billing_run_id": billing_run_id,
            "account_id": account_id,
            "currency": currency,
            "account_ids": account_ids,
            "status": BillStatus.PENDING,
            "is_accepted": False,
        }
        for (account_id, currency), account_ids in sorted(members.items())
    ]
    insert_rows(session, Bill, rows)
    return len(rows)


def foresee_bills(session: Session, step: Step) -> int:
    """Foresee the next bills of a run, and judge which may go out by themselves; how many they were."""
    bills = queries.read_unforeseen(session, billing_run_id=step.billing_run_id)
    _apart(session, step, bills, _foresee)
    return len(bills)


def issue_bills(session: Session, step: Step) -> int:
    """Issue the next bills of a run; how many they were."""
    bills = queries.read_pending(session, billing_run_id=step.billing_run_id)
    _apart(session, step, bills, _issue)
    return len(bills)


def issue_bill(session: Session, step: Step, bill: Bill) -> None:
    """Issue one, as `issue_bills`."""
    _apart(session, step, [bill], _issue)


def retry_bill(
    session: Session, step: Step, bill: Bill, *, reason: str, client_order_number: str | None
) -> None:
    """Have a parked bill go out as it is now, with the client's order number if one is given: a person
    has looked at its lines and its amount. It stays parked for what nobody can accept."""
    bill.status = rules.next_status(bill.status, BillAction.RETRY)
    bill.is_accepted = True
    bill.client_order_number = client_order_number or bill.client_order_number
    _note_decision(session, step, bill, reason)
    _apart(session, step, [bill], _foresee)
    session.refresh(bill)


def judge_again(session: Session, step: Step, bill: Bill, *, reason: str) -> None:
    """Judge a parked bill as if it were new, as what it lacked has come: nobody has looked at it."""
    bill.status = rules.next_status(bill.status, BillAction.RETRY)
    _note_decision(session, step, bill, reason)
    _apart(session, step, [bill], _foresee)
    session.refresh(bill)


def skip_bill(session: Session, step: Step, bill: Bill, *, reason: str) -> None:
    """Leave a bill out of its run; what is pending waits for the next one."""
    bill.status = rules.next_status(bill.status, BillAction.SKIP)
    bill.reason, bill.detail = Reason.BY_HAND, None
    _note_decision(session, step, bill, reason)


def _note_decision(session: Session, step: Step, bill: Bill, reason: str) -> None:
    bill.decided_by, bill.decided_at, bill.decided_reason = step.by, step.now, reason
    session.flush()


def _apart(session: Session, step: Step, bills: Sequence[Bill], work: Work) -> None:
    """Do this with bills at once; those with which it is not possible are parked."""
    by_key = {(bill.account_id, bill.currency): bill for bill in bills}
    errors = each_apart(
        session, list(by_key), lambda keys: work(session, step, [by_key[key] for key in keys])
    )
    if errors:
        refused = {key: rules.refused(why(error)) for key, error in errors.items()}
        rows = [_told(by_key[key], verdict, hash="") for key, verdict in refused.items()]
        _store(session, step, rows)
        first = next(iter(errors.values()))
        log.error("%s bills of a run parked, the first:", len(errors), exc_info=first)


def _foresee(session: Session, step: Step, bills: Sequence[Bill]) -> None:
    keys = [(bill.account_id, bill.currency) for bill in bills]
    accounts = find_accounts(session, account_ids={account_id for account_id, _ in keys})
    totals = queries.find_last_totals(session, keys=keys)
    previous = queries.find_invoiced(session, billing_run_id=step.previous_run_id, keys=keys)
    rows = [
        _foreseen(one, step, totals=totals[one.key], previous=previous.get(one.key))
        for one in _look(session, step, bills, accounts)
    ]
    _store(session, step, rows)


def _foreseen(outlook: Outlook, step: Step, *, totals: Sequence[int], previous: int | None) -> Row:
    priced, usual = outlook.priced, rules.usual_of(totals)
    return _told(
        outlook.bill,
        rules.judge(outlook.facts(usual), step.limits),
        lines=len(priced.lines),
        net=priced.net,
        tax=priced.tax,
        total=priced.total,
        hash=outlook.hash,
        usual=usual,
        previous=previous,
        change=rules.change_of(priced.total, invoices=len(totals), previous=previous),
    )


def _issue(session: Session, step: Step, bills: Sequence[Bill]) -> None:
    keys = [(bill.account_id, bill.currency) for bill in bills]
    accounts = lock_accounts_to_bill(session, account_ids={account_id for account_id, _ in keys})
    lock_balances(session, keys={*keys, *_members(bills)})
    agreements = find_agreements(session, accounts=accounts.values())
    outlooks = _look(session, step, bills, accounts)
    judged = [(one, one.judge_again(step.limits)) for one in outlooks]
    fit = [one for one, verdict in judged if verdict.action is BillAction.INVOICE]
    new = {
        one.key: _invoice(invoice_id, one, step, agreements[one.bill.account_id])
        for invoice_id, one in zip(new_ids("inv", len(fit)), fit, strict=True)
    }
    numbers = issue_new(session, new=[*new.values()], now=step.now, by=step.by) if new else {}
    _store(session, step, [_settled(one.bill, v, new.get(one.key), numbers) for one, v in judged])


def _look(
    session: Session, step: Step, bills: Sequence[Bill], accounts: Mapping[str, Account]
) -> Iterator[Outlook]:
    pending = find_pending(
        session,
        account_ids=sorted({account_id for account_id, _ in _members(bills)}),
        until=step.cutoff_on,
        known_at=step.known_at,
    )
    billed = {bill.account_id for bill in bills}
    unaddressed = find_unaddressed(session, account_ids=billed, on=step.today)
    rounding = find_rounding(session)
    return look(bills, accounts, pending, unaddressed=unaddressed, rounding=rounding)


def _members(bills: Sequence[Bill]) -> set[AccountCurrency]:
    """The accounts that bills are for, with their currencies."""
    return {(account_id, bill.currency) for bill in bills for account_id in bill.account_ids}


def _invoice(invoice_id: str, outlook: Outlook, step: Step, agreement: Agreement) -> NewInvoice:
    bill, priced = outlook.bill, outlook.priced
    require_amount(priced)
    day, dues = fix_dates(
        total=priced.total,
        currency=bill.currency,
        terms=None,
        agreement=agreement,
        issued_on=step.invoice_on,
        today=step.today,
    )
    demand = Demand(
        bill.account_id,
        bill.currency,
        priced,
        terms=None,
        client_order_number=outlook.client_order_number,
        billing_run_id=step.billing_run_id,
        for_account_id=outlook.for_account_id,
    )
    return NewInvoice(invoice_id, demand, day, dues)


def _settled(
    bill: Foreseen, verdict: Verdict, new: NewInvoice | None, numbers: Mapping[str, str]
) -> Row:
    invoice_id = new.invoice_id if new else None
    number = numbers[new.invoice_id] if new else None
    return _told(bill, verdict, invoice_id=invoice_id, invoice_number=number)


def _told(bill: Foreseen, verdict: Verdict, **facts: Any) -> dict[str, Any]:
    """What is kept of a bill after a verdict; one that may go out stays as it is until it is issued."""
    goes_out = verdict.action is BillAction.INVOICE and not facts.get("invoice_id")
    status = bill.status if goes_out else rules.next_status(bill.status, verdict.action)
    return {
        "account_id": bill.account_id,
        "currency": bill.currency,
        "status": status,
        "reason": verdict.reason,
        "detail": verdict.detail,
        **facts,
    }


def _store(session: Session, step: Step, rows: Sequence[Row]) -> None:
    names = [name for name in rows[0] if name not in ("account_id", "currency")]
    changes = ", ".join(f"{name} = new.{name}" for name in names)
    session.execute(
        text(
            f"UPDATE bill SET {changes} "  # noqa: S608
            "FROM json_populate_recordset(NULL::bill, :rows) AS new "
            "WHERE bill.billing_run_id = :billing_run_id"
            " AND (bill.account_id, bill.currency) = (new.account_id, new.currency)"
        ),
        {"rows": json.dumps(rows), "billing_run_id": step.billing_run_id},
    )
