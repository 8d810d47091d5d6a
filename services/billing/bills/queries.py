"""Reads of bills, and of what decides about them, of many accounts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, text
from sqlalchemy.orm import Session, aliased

from chassis.pages import read_page
from kernel.refusals import NotFound
from services.billing.billables.models import Billable
from services.billing.billables.queries import IS_PENDING, count_pending_lines
from services.billing.bills.models import Bill
from services.billing.bills.rules import (
    CHUNK,
    LINES_AT_ONCE,
    BillStatus,
    Change,
    Draft,
    Step,
    fit,
)
from services.billing.invoices.models import Invoice, InvoiceLine
from services.billing.items.rules import AccountCurrency
from services.billing.verdicts.rules import USUAL_MOST, Reason

LARGEST = 10
_MADE = (BillStatus.DRAFTED, BillStatus.INVOICED)
_BILLED = (BillStatus.PENDING, *_MADE)
_LAST_TOTALS = text(
    """
    SELECT wanted.account_id, wanted.currency, last.total
    FROM unnest(CAST(:account_ids AS text[]), CAST(:currencies AS text[]))
        AS wanted (account_id, currency)
    CROSS JOIN LATERAL (
        SELECT total FROM invoice
        WHERE account_id = wanted.account_id AND currency = wanted.currency
            AND issued_on IS NOT NULL AND voided_on IS NULL AND total > 0
            AND assessed = 0 AND reclaimed = 0 AND raises_invoice_id IS NULL
        ORDER BY issued_on DESC, invoice_id DESC LIMIT :usual
    ) AS last
    """
)


class Some(NamedTuple):
    """Bills that are done in one transaction: few, and of few lines."""

    bills: Sequence[Bill]
    are_last: bool


def find_lacking_numbers(
    session: Session, *, account_ids: Collection[str]
) -> list[tuple[str, str, str]]:
    """The parked bills that lack the client's order number and bill something of these accounts: run,
    account and currency of each, in the order in which they are locked."""
    if not account_ids:
        return []
    lacking = (
        select(Bill.billing_run_id, Bill.account_id, Bill.currency)
        .where(Bill.status == BillStatus.PARKED, Bill.reason == Reason.ORDER_NUMBER_MISSING)
        .where(Bill.account_ids.overlap([*account_ids]))
        .order_by(Bill.billing_run_id, Bill.account_id, Bill.currency)
    )
    rows = session.execute(lacking)
    return [(row.billing_run_id, row.account_id, row.currency) for row in rows]


def find_to_bill(
    session: Session,
    *,
    accounts: Collection[str] | None,
    currency: str | None,
    cutoff_on: date,
    known_at: datetime,
) -> list[AccountCurrency]:
    """The accounts and currencies, of these or of all, of which something is pending until a day."""
    found = (
        select(Billable.account_id, Billable.currency)
        .distinct()
        .where(IS_PENDING, Billable.bill_on <= cutoff_on, Billable.recorded_at <= known_at)
    )
    if accounts is not None:
        found = found.where(Billable.account_id.in_(accounts))
    if currency is not None:
        found = found.where(Billable.currency == currency)
    rows = session.execute(found.order_by(Billable.account_id, Billable.currency))
    return [(row.account_id, row.currency) for row in rows]


def count_drafts(
    session: Session, *, accounts: Collection[str] | None, currency: str | None, cutoff_on: date
) -> int:
    """On how many drafts stands what these accounts, or all, are to be billed until a day."""
    found = (
        select(func.count(InvoiceLine.invoice_id.distinct()))
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .join(Billable, Billable.billable_id == InvoiceLine.billable_id)
        .where(Invoice.issued_on.is_(None), Billable.bill_on <= cutoff_on)
    )
    if accounts is not None:
        found = found.where(Billable.account_id.in_(accounts))
    if currency is not None:
        found = found.where(Billable.currency == currency)
    return session.scalar(found) or 0


def read_unforeseen(session: Session, step: Step) -> Some:
    """The next bills of a run that are to be foreseen."""
    bills = _next(session, step, Bill.hash.is_(None))
    members = {account_id for bill in bills for account_id in bill.account_ids}
    counts = count_pending_lines(
        session, account_ids=members, until=step.cutoff_on, known_at=step.known_at
    )
    lines = [sum(counts.get((one, each.currency), 0) for one in each.account_ids) for each in bills]
    return _some(bills, lines)


def read_pending(session: Session, step: Step) -> Some:
    """The next bills of a run that are to be issued."""
    return _foreseen(_next(session, step, Bill.status == BillStatus.PENDING))


def read_drafted(session: Session, step: Step) -> Some:
    """The next bills of a run whose drafts are to be issued; not those that were refused before."""
    is_drafted = (Bill.status == BillStatus.DRAFTED) & Bill.reason.is_(None)
    return _foreseen(_next(session, step, is_drafted))


def find_drafts(session: Session, *, account_ids: Collection[str]) -> dict[AccountCurrency, Draft]:
    """The drafts of payers that runs made and nobody has edited, by account and currency: one of each."""
    found = session.execute(
        select(
            Invoice.invoice_id,
            Invoice.version,
            Invoice.account_id,
            Invoice.currency,
            InvoiceLine.billable_id,
            InvoiceLine.quantity,
            Billable.account_id.label("member_id"),
        )
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.invoice_id)
        .join(Billable, Billable.billable_id == InvoiceLine.billable_id)
        .where(
            Invoice.account_id.in_(account_ids),
            Invoice.issued_on.is_(None),
            Invoice.billing_run_id.is_not(None),
            Invoice.edited_at.is_(None),
        )
        .order_by(Invoice.invoice_id, InvoiceLine.position)
    )
    drafts: dict[AccountCurrency, Draft] = {}
    for row in found:
        fresh = Draft(row.invoice_id, row.version, {}, set())
        draft = drafts.setdefault((row.account_id, row.currency), fresh)
        if draft.invoice_id == row.invoice_id:
            draft.quantities[row.billable_id] = row.quantity
            draft.account_ids.add(row.member_id)
    return drafts


def get_bill(session: Session, *, billing_run_id: str, account_id: str, currency: str) -> Bill:
    """One bill of a run."""
    bill = session.get(Bill, (billing_run_id, account_id, currency), populate_existing=True)
    if bill is None:
        raise NotFound(
            "bill_not_found",
            f"Account {account_id} has no bill in {currency} in run {billing_run_id}.",
        )
    return bill


def list_bills(
    session: Session,
    *,
    billing_run_id: str,
    status: str | None,
    change: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of a run's bills."""
    found = select(Bill).where(Bill.billing_run_id == billing_run_id)
    if status is not None:
        found = found.where(Bill.status == status)
    if change is not None:
        found = found.where(Bill.change == change)
    return read_page(session, found, by=[Bill.account_id, Bill.currency], limit=limit, after=after)


def find_last_totals(
    session: Session, *, keys: Collection[AccountCurrency]
) -> dict[AccountCurrency, list[int]]:
    """What the last invoices of accounts in currencies come to, that sell something and stand."""
    wanted = {
        "account_ids": [account_id for account_id, _ in keys],
        "currencies": [currency for _, currency in keys],
    }
    totals: defaultdict[AccountCurrency, list[int]] = defaultdict(list)
    for row in session.execute(_LAST_TOTALS, wanted | {"usual": USUAL_MOST}):
        totals[row.account_id, row.currency].append(row.total)
    return totals


def find_invoiced(
    session: Session, *, billing_run_id: str | None, keys: Collection[AccountCurrency]
) -> dict[AccountCurrency, int]:
    """What a run billed accounts in currencies, be it by drafts."""
    found = session.execute(
        select(Bill.account_id, Bill.currency, Bill.total).where(
            Bill.billing_run_id == billing_run_id,
            Bill.status.in_(_MADE),
            Bill.account_id.in_([account_id for account_id, _ in keys]),
        )
    )
    return {(row.account_id, row.currency): row.total for row in found}


def count_bills(session: Session, *, billing_run_id: str) -> list[dict[str, Any]]:
    """How many bills of a run stand where, and what they come to, by currency."""
    found = session.execute(
        select(
            Bill.currency,
            Bill.status,
            func.count().label("bills"),
            _sum(Bill.total).label("total"),
        )
        .where(Bill.billing_run_id == billing_run_id)
        .group_by(Bill.currency, Bill.status)
        .order_by(Bill.currency, Bill.status)
    )
    return [dict(row._mapping) for row in found]


def compare_bills(session: Session, *, billing_run_id: str) -> list[dict[str, Any]]:
    """How a run's bills that are or will be invoiced compare with what was billed before, by currency."""
    found = session.execute(
        select(
            Bill.currency,
            Bill.change,
            func.count().label("bills"),
            _sum(Bill.total).label("total"),
            _sum(Bill.previous).label("previous"),
        )
        .where(Bill.billing_run_id == billing_run_id, Bill.status.in_(_BILLED))
        .group_by(Bill.currency, Bill.change)
        .order_by(Bill.currency, Bill.change)
    )
    return [dict(row._mapping) for row in found]


def count_left_out(session: Session, *, billing_run_id: str) -> list[dict[str, Any]]:
    """How many bills of a run are left out or wait for a person, by currency and reason."""
    found = session.execute(
        select(
            Bill.currency,
            Bill.status,
            Bill.reason,
            func.count().label("bills"),
            _sum(Bill.total).label("total"),
        )
        .where(Bill.billing_run_id == billing_run_id, Bill.reason.is_not(None))
        .group_by(Bill.currency, Bill.status, Bill.reason)
        .order_by(Bill.currency, Bill.status, Bill.reason)
    )
    return [dict(row._mapping) for row in found]


def count_gone(
    session: Session, *, billing_run_id: str, previous_run_id: str | None
) -> list[dict[str, Any]]:
    """How many accounts the run before billed that this one does not, and what that came to then."""
    now = aliased(Bill)
    is_there = (
        select(now.account_id)
        .where(
            now.billing_run_id == billing_run_id,
            now.account_id == Bill.account_id,
            now.currency == Bill.currency,
            now.status.in_(_BILLED),
        )
        .exists()
    )
    found = session.execute(
        select(Bill.currency, func.count().label("bills"), _sum(Bill.total).label("previous"))
        .where(
            Bill.billing_run_id == previous_run_id,
            Bill.status.in_(_MADE),
            ~is_there,
        )
        .group_by(Bill.currency)
        .order_by(Bill.currency)
    )
    return [dict(row._mapping) for row in found]


def read_largest(session: Session, *, billing_run_id: str) -> Sequence[Bill]:
    """The bills of a run that come to the most."""
    return session.scalars(
        select(Bill)
        .where(Bill.billing_run_id == billing_run_id, Bill.total > 0)
        .order_by(Bill.total.desc(), Bill.account_id, Bill.currency)
        .limit(LARGEST)
    ).all()


def read_first(session: Session, *, billing_run_id: str) -> Sequence[Bill]:
    """Of the bills of accounts that were never invoiced before, those that come to the most."""
    return session.scalars(
        select(Bill)
        .where(
            Bill.billing_run_id == billing_run_id,
            Bill.change == Change.FIRST,
            Bill.status.in_(_BILLED),
        )
        .order_by(Bill.total.desc(), Bill.account_id, Bill.currency)
        .limit(LARGEST)
    ).all()


def _sum(column: Any) -> Any:
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _next(session: Session, step: Step, *which: ColumnElement[bool]) -> Sequence[Bill]:
    found = select(Bill).where(Bill.billing_run_id == step.billing_run_id, *which)
    found = found.order_by(Bill.account_id, Bill.currency).limit(CHUNK)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def _foreseen(bills: Sequence[Bill]) -> Some:
    return _some(bills, [each.lines or 0 for each in bills])


def _some(bills: Sequence[Bill], lines: Sequence[int]) -> Some:
    some = bills[: fit(lines, most=LINES_AT_ONCE)]
    return Some(some, are_last=len(some) == len(bills) < CHUNK)
