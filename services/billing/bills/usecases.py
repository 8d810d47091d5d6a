"""Bills of a run: planned, foreseen, drafted or issued; many at once, in a number of statements that does
not grow with them. One that fails alone is parked."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text, update
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
from services.billing.bills.queries import Some
from services.billing.bills.rules import (
    BillStatus,
    Draft,
    Foreseen,
    Makes,
    Outlook,
    Step,
    look,
)
from services.billing.company.queries import find_rounding
from services.billing.invoices.rules import Demand, NewDraft
from services.billing.invoices.usecases import store_drafts, take_back_drafts
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_drafts, issue_new
from services.billing.items.rules import AccountCurrency
from services.billing.items.usecases import lock_balances
from services.billing.pricing.rules import require_amount
from services.billing.routines.queries import find_agreements
from services.billing.routines.rules import Agreement
from services.billing.verdicts import rules as verdicts
from services.billing.verdicts.rules import BillAction, Reason, Verdict

log = logging.getLogger(__name__)
Row = Mapping[str, Any]
Work = Callable[[Session, Step, Sequence[Bill]], None]
_NOTE_ISSUED = text(
    """
    UPDATE bill
    SET status = 'invoiced', reason = NULL, detail = NULL, invoice_number = invoice.number
    FROM invoice
    WHERE invoice.invoice_id = ANY(:invoice_ids) AND bill.invoice_id = invoice.invoice_id
        AND bill.status = 'drafted'
        AND (bill.billing_run_id, bill.account_id, bill.currency)
            = (invoice.billing_run_id, invoice.account_id, invoice.currency)
    """
)
_NOTE_DROPPED = text(
    """
    UPDATE bill
    SET status = 'skipped', reason = :reason, detail = :detail, invoice_id = NULL,
        decided_by = :by, decided_at = :now
    FROM invoice
    WHERE invoice.invoice_id = ANY(:invoice_ids) AND bill.invoice_id = invoice.invoice_id
        AND bill.status = 'drafted'
        AND (bill.billing_run_id, bill.account_id, bill.currency)
            = (invoice.billing_run_id, invoice.account_id, invoice.currency)
    """
)


def plan_bills(
    session: Session, *, billing_run_id: str, makes: str, keys: Sequence[AccountCurrency]
) -> int:
    """Have a run bill whoever pays for these accounts and currencies; how many bills that makes. A run
    that makes drafts bills what stands on those of theirs that it makes anew, too."""
    payers = find_payers(session, account_ids={account_id for account_id, _ in keys})
    members: defaultdict[AccountCurrency, list[str]] = defaultdict(list)
    for account_id, currency in keys:
        members[payers.get(account_id, account_id), currency].append(account_id)
    drafts = _find_drafts(session, makes, {account_id for account_id, _ in members})
    for key in members.keys() & drafts.keys():
        members[key] = sorted({*members[key], *drafts[key].account_ids})
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


def foresee_bills(session: Session, step: Step) -> Some:
    """Foresee the next bills of a run, and judge which may go out by themselves; which they were."""
    some = queries.read_unforeseen(session, step)
    _apart(session, step, some.bills, _foresee)
    return some


def make_bills(session: Session, step: Step) -> Some:
    """Issue the next bills of a run, or draft them; which they were."""
    some = queries.read_pending(session, step)
    _apart(session, step, some.bills, _MAKE[Makes(step.makes)])
    return some


def make_bill(session: Session, step: Step, bill: Bill) -> None:
    """Issue or draft one, as `make_bills`."""
    _apart(session, step, [bill], _MAKE[Makes(step.makes)])


def issue_drafted(session: Session, step: Step) -> Some:
    """Issue the next drafts of a run, with its date; which they were. Those with which that is not
    possible stay drafts, and say why."""
    some = queries.read_drafted(session, step)
    by_draft = {str(bill.invoice_id): bill for bill in some.bills}
    moment: dict[str, Any] = {"today": step.today, "now": step.now, "by": step.by}

    def issue(invoice_ids: Sequence[str]) -> None:
        issue_drafts(session, invoice_ids=invoice_ids, issued_on=step.invoice_on, **moment)
        note_issued(session, invoice_ids=invoice_ids)

    errors = each_apart(session, list(by_draft), issue)
    if errors:
        refused = [
            (by_draft[each], verdicts.draft_refused(why(error))) for each, error in errors.items()
        ]
        _store(session, step, [_told(bill, verdict) for bill, verdict in refused])
    return some


def forget_refusals(session: Session, *, billing_run_id: str) -> int:
    """Have all drafts of a run tried that are left of it, those too that could not be issued before; how
    many they are."""
    drafted = update(Bill).where(
        Bill.billing_run_id == billing_run_id, Bill.status == BillStatus.DRAFTED
    )
    forgotten = drafted.values(reason=None, detail=None).returning(Bill.account_id)
    return len(session.scalars(forgotten).all())


def note_issued(session: Session, *, invoice_ids: Collection[str]) -> None:
    """Note on the bills of which these were drafts that they are issued."""
    session.execute(_NOTE_ISSUED, {"invoice_ids": list(invoice_ids)})


def note_dropped(
    session: Session, *, invoice_ids: Collection[str], reason: Reason, now: datetime, by: str
) -> None:
    """Note on the bills whose drafts are about to go why they are not billed by their run."""
    told = {"reason": reason, "detail": rules.DROPPED[reason], "now": now, "by": by}
    session.execute(_NOTE_DROPPED, {"invoice_ids": list(invoice_ids), **told})


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
        refused = {key: verdicts.refused(why(error)) for key, error in errors.items()}
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
    priced, usual = outlook.priced, verdicts.usual_of(totals)
    return _told(
        outlook.bill,
        verdicts.judge(outlook.facts(usual), step.limits),
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
    accounts, judged = _judge_locked(session, step, bills)
    agreements = find_agreements(session, accounts=accounts.values())
    fit = [one for one, verdict in judged if verdict.action is BillAction.INVOICE]
    new = {
        one.key: _invoice(invoice_id, one, step, agreements[one.bill.account_id])
        for invoice_id, one in zip(new_ids("inv", len(fit)), fit, strict=True)
    }
    numbers = issue_new(session, new=[*new.values()], now=step.now, by=step.by) if new else {}
    _store(session, step, [_settled(one.bill, v, new.get(one.key), numbers) for one, v in judged])


def _draft(session: Session, step: Step, bills: Sequence[Bill]) -> None:
    """Draft bills. A draft that an earlier run made and nobody has edited is made anew, under its id."""
    _, judged = _judge_locked(session, step, bills)
    fit = [one for one, verdict in judged if verdict.action is BillAction.INVOICE]
    new = {
        one.key: _new_draft(invoice_id, one, step)
        for invoice_id, one in zip(new_ids("inv", len(fit)), fit, strict=True)
    }
    moment: dict[str, Any] = {"now": step.now, "by": step.by}
    if anew := [one.draft.invoice_id for one in fit if one.draft]:
        note_dropped(session, invoice_ids=anew, reason=Reason.DRAFTED_ANEW, **moment)
        take_back_drafts(session, invoice_ids=anew)
    store_drafts(session, new=[*new.values()], **moment)
    _store(session, step, [_drafted(one.bill, v, new.get(one.key)) for one, v in judged])


_MAKE: Mapping[Makes, Work] = {Makes.INVOICES: _issue, Makes.DRAFTS: _draft}


def _judge_locked(
    session: Session, step: Step, bills: Sequence[Bill]
) -> tuple[dict[str, Account], list[tuple[Outlook, Verdict]]]:
    """The accounts that are billed, and each bill as it is under the locks under which it is made."""
    keys = [(bill.account_id, bill.currency) for bill in bills]
    accounts = lock_accounts_to_bill(session, account_ids={account_id for account_id, _ in keys})
    lock_balances(session, keys={*keys, *_members(bills)})
    outlooks = _look(session, step, bills, accounts)
    return accounts, [(one, one.judge_again(step.limits)) for one in outlooks]


def _look(
    session: Session, step: Step, bills: Sequence[Bill], accounts: Mapping[str, Account]
) -> Iterator[Outlook]:
    billed = {bill.account_id for bill in bills}
    drafts = _find_drafts(session, step.makes, billed)
    pending = find_pending(
        session,
        account_ids=sorted({account_id for account_id, _ in _members(bills)}),
        until=step.cutoff_on,
        known_at=step.known_at,
        drafted=[billable_id for each in drafts.values() for billable_id in each.quantities],
    )
    unaddressed = find_unaddressed(session, account_ids=billed, on=step.today)
    rounding = find_rounding(session)
    facts: dict[str, Any] = {"unaddressed": unaddressed, "rounding": rounding, "drafts": drafts}
    return look(bills, accounts, pending, **facts)


def _find_drafts(
    session: Session, makes: str, account_ids: Collection[str]
) -> dict[AccountCurrency, Draft]:
    """The drafts that a run makes anew, if it makes any."""
    return queries.find_drafts(session, account_ids=account_ids) if makes == Makes.DRAFTS else {}


def _members(bills: Sequence[Bill]) -> set[AccountCurrency]:
    """The accounts that bills are for, with their currencies."""
    return {(account_id, bill.currency) for bill in bills for account_id in bill.account_ids}


def _new_draft(invoice_id: str, outlook: Outlook, step: Step) -> NewDraft:
    demand, draft = _demand(outlook, step), outlook.draft
    if draft is None:
        return NewDraft(invoice_id, demand)
    return NewDraft(draft.invoice_id, demand, draft.version + 1)


def _invoice(invoice_id: str, outlook: Outlook, step: Step, agreement: Agreement) -> NewInvoice:
    demand = _demand(outlook, step)
    day, dues = fix_dates(
        total=demand.total,
        currency=demand.currency,
        terms=None,
        agreement=agreement,
        issued_on=step.invoice_on,
        today=step.today,
    )
    return NewInvoice(invoice_id, demand, day, dues)


def _demand(outlook: Outlook, step: Step) -> Demand:
    require_amount(outlook.priced)
    return Demand(
        outlook.bill.account_id,
        outlook.bill.currency,
        outlook.priced,
        terms=None,
        client_order_number=outlook.client_order_number,
        billing_run_id=step.billing_run_id,
        for_account_id=outlook.for_account_id,
    )


def _settled(
    bill: Foreseen, verdict: Verdict, new: NewInvoice | None, numbers: Mapping[str, str]
) -> Row:
    invoice_id = new.invoice_id if new else None
    number = numbers[new.invoice_id] if new else None
    return _told(bill, verdict, invoice_id=invoice_id, invoice_number=number)


def _drafted(bill: Foreseen, verdict: Verdict, new: NewDraft | None) -> Row:
    """What is kept of a bill that is drafted, or is not."""
    made = Verdict(BillAction.DRAFT) if new else verdict
    return _told(bill, made, invoice_id=new.invoice_id if new else None)


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
