"""Draft invoices, take drafts back; keep what is still owed on each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chassis.bulk import columns, insert_rows
from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.billing import events
from services.billing.accounts.usecases import lock_billed
from services.billing.billables import usecases as billables
from services.billing.company.queries import find_rounding
from services.billing.invoices import rules
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.items.rules import ItemChange
from services.billing.items.usecases import lock_balances
from services.billing.orders.queries import require_order
from services.billing.pricing.rules import Priced
from services.billing.terms.queries import choose_terms, find_terms
from services.billing.terms.rules import require_foreseeable_terms, store_terms

_ISSUE_DRAFTS = text(
    """
    UPDATE invoice
    SET version = invoice.version + 1,
        number = coalesce(invoice.number, issued.number),
        issued_on = :issued_on,
        issued_by = :by,
        recorded_at = :now,
        balance = invoice.total
    FROM unnest(CAST(:invoice_ids AS text[]), CAST(:numbers AS text[]))
        AS issued (invoice_id, number)
    WHERE invoice.invoice_id = issued.invoice_id
    RETURNING invoice.*
    """
)
_SETTLE_INVOICES = text(
    """
    UPDATE invoice
    SET version = invoice.version + 1,
        balance = invoice.balance + change.amount,
        written_off = invoice.written_off + change.written_off,
        settled_on = greatest(invoice.settled_on, change.effective_on)
    FROM unnest(
        CAST(:invoice_ids AS text[]), CAST(:amounts AS bigint[]), CAST(:effective_on AS date[]),
        CAST(:written_off AS bigint[])
    ) AS change (invoice_id, amount, effective_on, written_off)
    WHERE invoice.invoice_id = change.invoice_id
    RETURNING invoice.*
    """
)
_CREDIT_INVOICES = text(
    """
    UPDATE invoice
    SET version = invoice.version + 1, credited = invoice.credited + change.amount
    FROM unnest(CAST(:invoice_ids AS text[]), CAST(:amounts AS bigint[]))
        AS change (invoice_id, amount)
    WHERE invoice.invoice_id = change.invoice_id
    RETURNING invoice.*
    """
)
_FIND_TAKEN_NUMBERS = text(
    """
    SELECT series, number
    FROM invoice JOIN unnest(CAST(:series AS text[]), CAST(:numbers AS text[]))
        AS wanted (series, number) USING (series, number)
    """
)
_REMOVE_DRAFTS = text("DELETE FROM invoice WHERE invoice_id = ANY(:invoice_ids)")


class Settled(NamedTuple):
    """An invoice that is paid now, or open again."""

    invoice: Invoice
    is_paid: bool


def draft_invoice(
    session: Session, *, account_id: str, today: date, now: datetime, by: str, **values: Any
) -> Invoice:
    """Store an invoice of an account, to whoever pays for it, to be issued later; until then it can be
    deleted."""
    named = values["payment_terms_id"]
    terms = choose_terms(find_terms(session, payment_terms_ids=[named]), named)
    billed = lock_billed(session, account_id=account_id)
    demand = rules.demand(**values, **billed.names, terms=terms, rounding=find_rounding(session))
    require_foreseeable_terms(demand.terms, today=today)
    billed.require_billable()
    require_order(
        session,
        order_id=demand.order_id,
        account_id=account_id,
        currency=demand.currency,
    )
    if demand.number is not None:
        require_free_number(session, series=demand.series, number=demand.number)
    invoice = Invoice(
        invoice_id=new_id("inv"),
        account_id=demand.account_id,
        for_account_id=demand.for_account_id,
        currency=demand.currency,
        series=demand.series,
        number=demand.number,
        net=demand.priced.net,
        tax=demand.priced.tax,
        total=demand.priced.total,
        balance=0,
        credited=0,
        taken_off=0,
        reclaimed=0,
        assessed=0,
        tax_rounding=demand.priced.rounding,
        terms=store_terms(demand.terms),
        payment_terms_id=demand.payment_terms_id,
        order_id=demand.order_id,
        client_order_number=demand.client_order_number,
        created_by=by,
        created_at=now,
        lines=[
            InvoiceLine(position=position, **line._asdict())
            for position, line in enumerate(demand.priced.lines, start=1)
        ],
        rates=[InvoiceRate(**rate._asdict()) for rate in demand.priced.rates],
    )
    session.add(invoice)
    session.flush()
    return invoice


def store_drafts(
    session: Session, *, new: Sequence[rules.NewDraft], now: datetime, by: str
) -> None:
    """Store drafts of what is to be billed, in a fixed number of statements. What they bill is not
    pending any more; those that are made anew are taken back before."""
    insert_rows(
        session,
        Invoice,
        [
            {
                **rules.facts_of_demand(each.demand),
                "invoice_id": each.invoice_id,
                "version": each.version,
                "series": each.demand.series,
                "balance": 0,
                "credited": 0,
                "tax_rounding": each.demand.priced.rounding,
                "created_by": by,
                "created_at": now,
            }
            for each in new
        ],
    )
    lines = [
        {"invoice_id": each.invoice_id, "position": place, **line._asdict()}
        for each in new
        for place, line in enumerate(each.demand.priced.lines, start=1)
    ]
    insert_rows(session, InvoiceLine, lines)
    billables.bill(session, lines)
    rates = [
        {"invoice_id": each.invoice_id, **rate._asdict()}
        for each in new
        for rate in each.demand.priced.rates
    ]
    insert_rows(session, InvoiceRate, rates)


def edit_draft(
    session: Session, invoice: Invoice, priced: Priced, *, now: datetime, by: str
) -> None:
    """As `rewrite_draft`, by a person, whose draft it is from then on."""
    invoice.edited_by, invoice.edited_at = by, now
    rewrite_draft(session, invoice, priced)


def rewrite_draft(session: Session, invoice: Invoice, priced: Priced) -> None:
    """Have a locked draft bill other lines; what it billed and does not any more is pending again."""
    with session.no_autoflush:  # one change, and one version
        billables.give_back(session, invoice_ids=[invoice.invoice_id])
        invoice.lines, invoice.rates = [], []
        invoice.net, invoice.tax, invoice.total = priced.net, priced.tax, priced.total
    session.flush()
    lines = [line._asdict() for line in priced.lines]
    invoice.lines = [InvoiceLine(position=at, **line) for at, line in enumerate(lines, start=1)]
    invoice.rates = [InvoiceRate(**rate._asdict()) for rate in priced.rates]
    session.flush()
    billables.bill(session, lines)


def take_back_drafts(session: Session, *, invoice_ids: Collection[str]) -> None:
    """Delete locked drafts; what they billed is pending again."""
    if invoice_ids:
        billables.give_back(session, invoice_ids=invoice_ids)
        session.execute(_REMOVE_DRAFTS, {"invoice_ids": list(invoice_ids)})


def lock_invoice(session: Session, *, invoice_id: str) -> Invoice:
    """The invoice for change, after the balance that comes before it in the order of locks."""
    found = fetch(session, Invoice, invoice_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    return fetch_for_change(session, Invoice, invoice_id)


def lock_invoices(session: Session, *, invoice_ids: Collection[str]) -> dict[str, Invoice]:
    """As `lock_invoice`, for many whose balances are locked already; those that are not there are left
    out."""
    found = fetch_all_for_change(session, Invoice, invoice_ids)
    return {invoice.invoice_id: invoice for invoice in found}


def mark_issued(
    session: Session,
    drafts: Sequence[Invoice],
    *,
    numbers: Mapping[str, str],
    day: date,
    now: datetime,
    by: str,
) -> None:
    """Note that locked drafts are issued, with these numbers by their ids; the others have their own."""
    rows = [(each.invoice_id, numbers.get(each.invoice_id)) for each in drafts]
    session.scalars(
        select(Invoice).from_statement(_ISSUE_DRAFTS),
        {**columns(rows, "invoice_ids", "numbers"), "issued_on": day, "now": now, "by": by},
        execution_options={"populate_existing": True},
    ).all()


def mark_void(
    session: Session, invoice: Invoice, *, voided_on: date, reason: str, now: datetime, by: str
) -> None:
    """Note that a locked invoice is void: nothing is owed on it any more."""
    invoice.balance = 0
    invoice.voided_on, invoice.voided_at = voided_on, now
    invoice.voided_by, invoice.void_reason = by, reason
    session.flush()


def mark_credited(session: Session, *, amounts: Mapping[str, int]) -> None:
    """Note that so much more of locked invoices, by their ids, is credited; or less."""
    if amounts:
        session.scalars(
            select(Invoice).from_statement(_CREDIT_INVOICES),
            columns(amounts.items(), "invoice_ids", "amounts"),
            execution_options={"populate_existing": True},
        ).all()


def mark_rescheduled(session: Session, invoice: Invoice) -> None:
    """Note that the items of a locked invoice are others: it is another version of it."""
    flag_modified(invoice, "balance")
    session.flush()
    session.expire(invoice, ["items"])


def settle_invoices(
    session: Session, *, changes: Iterable[tuple[str, ItemChange]]
) -> dict[str, Settled]:
    """Add up what changed on the items of invoices. Those paid or reopened by it are the caller's to
    announce."""
    merged: dict[str, tuple[int, date, int]] = {}
    for invoice_id, change in changes:
        amount, effective_on, written_off = merged.get(invoice_id, (0, date.min, 0))
        merged[invoice_id] = (
            amount + change.amount,
            max(effective_on, change.effective_on),
            written_off + change.written_off,
        )
    rows = [(invoice_id, *change) for invoice_id, change in merged.items()]
    changed = session.scalars(
        select(Invoice).from_statement(_SETTLE_INVOICES),
        columns(rows, "invoice_ids", "amounts", "effective_on", "written_off"),
        execution_options={"populate_existing": True},
    )
    found = {invoice.invoice_id: invoice for invoice in changed}
    return {
        invoice_id: Settled(invoice, is_paid=invoice.balance == 0)
        for invoice_id, (amount, *_) in merged.items()
        if (invoice := found[invoice_id]).status == rules.InvoiceStatus.PAID
        or 0 < invoice.balance == amount
    }


def announce_settled(session: Session, settled: Settled) -> None:
    """Announce that an invoice is paid, or open again."""
    invoice = settled.invoice
    if settled.is_paid:
        announce(session, events.InvoicePaid, **facts_of(invoice), paid_on=invoice.paid_on)
    else:
        announce(session, events.InvoiceReopened, **facts_of(invoice))


def require_free_number(session: Session, *, series: str, number: str) -> None:
    """Conflict when an invoice has this number in this series already."""
    if find_taken_numbers(session, numbers=[(series, number)]):
        raise number_taken(series=series, number=number)


def find_taken_numbers(
    session: Session, *, numbers: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those of the pairs of series and number that an invoice has already."""
    taken = session.execute(_FIND_TAKEN_NUMBERS, columns(numbers, "series", "numbers"))
    return {(series, number) for series, number in taken}


def number_taken(*, series: str, number: str) -> Conflict:
    return Conflict(
        "number_taken",
        f"There is an invoice {number} in series {series} already; each number is given once.",
        field="number",
    )


def facts_of(invoice: Invoice) -> dict[str, Any]:
    """What every event of an invoice says."""
    return {
        "account_id": invoice.account_id,
        "invoice_id": invoice.invoice_id,
        "number": invoice.number,
        "version": invoice.version,
        "currency": invoice.currency,
    }
