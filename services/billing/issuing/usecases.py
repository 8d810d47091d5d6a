"""Issue invoices: fix number and date, open the items, post to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.outbox import announce
from kernel.ids import new_ids
from services.billing import events
from services.billing.accounts.rules import require_billable
from services.billing.accounts.usecases import lock_account_to_bill
from services.billing.advances.usecases import bill_again
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.invoices.rules import Action, issue_journal, require_allowed
from services.billing.invoices.usecases import lock_invoice
from services.billing.issuing.rules import Due, NewInvoice, fix_dates
from services.billing.items.rules import BalanceChange, ItemStatus
from services.billing.items.usecases import change_balances, open_items
from services.billing.ledger.usecases import post_journals
from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.terms.rules import load_terms


def issue_invoice(
    session: Session,
    *,
    invoice_id: str,
    issued_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> Invoice:
    """Issue a draft."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    require_allowed(Action.ISSUE, status=invoice.status, name=invoice.name)
    account = lock_account_to_bill(session, account_id=invoice.account_id)
    require_billable(number=account.number, status=account.status)
    day, dues = fix_dates(
        total=invoice.total,
        terms=load_terms(invoice.terms),
        account_net_days=account.net_days,
        issued_on=issued_on,
        today=today,
    )
    _post(session, [_facts_of_draft(invoice, day)], now)
    if invoice.number is None:
        [invoice.number] = take_numbers(session, series=Series.INVOICE, year=day.year, count=1)
    invoice.issued_on, invoice.issued_by, invoice.recorded_at = day, by, now
    invoice.balance = invoice.total
    session.flush()
    facts = {**_facts_of_draft(invoice, day), "number": invoice.number, "version": invoice.version}
    _open(session, [(facts, dues)], now)
    return invoice


def issue_new(
    session: Session, *, new: Sequence[NewInvoice], now: datetime, by: str
) -> dict[str, str]:
    """Issue invoices that were no drafts, in a fixed number of statements; their numbers by id. The
    ledger is posted before numbers are taken, since those are locked until the commit."""
    _post(session, [_facts_of_new(each) for each in new], now)
    numbers = _take_numbers(session, new)
    insert_rows(
        session,
        Invoice,
        [
            {
                **_facts_of_new(each),
                "series": each.demand.series,
                "number": numbers[each.invoice_id],
                "balance": each.demand.priced.total,
                "credited": 0,
                "settled_on": each.settled_on,
                "created_by": by,
                "created_at": now,
                "issued_by": by,
                "recorded_at": now,
            }
            for each in new
        ],
    )
    insert_rows(
        session,
        InvoiceLine,
        [
            {"invoice_id": each.invoice_id, "position": position, **line._asdict()}
            for each in new
            for position, line in enumerate(each.demand.priced.lines, start=1)
        ],
    )
    insert_rows(
        session,
        InvoiceRate,
        [
            {"invoice_id": each.invoice_id, **rate._asdict()}
            for each in new
            for rate in each.demand.priced.rates
        ],
    )
    _open(
        session,
        [({**_facts_of_new(each), "number": numbers[each.invoice_id]}, each.dues) for each in new],
        now,
    )
    return numbers


def _take_numbers(session: Session, new: Sequence[NewInvoice]) -> dict[str, str]:
    numbers = {each.invoice_id: each.demand.number for each in new if each.demand.number}
    by_year: defaultdict[int, list[str]] = defaultdict(list)
    for each in new:
        if each.demand.number is None:
            by_year[each.issued_on.year].append(each.invoice_id)
    for year, invoice_ids in sorted(by_year.items()):
        taken = take_numbers(session, series=Series.INVOICE, year=year, count=len(invoice_ids))
        numbers.update(zip(invoice_ids, taken, strict=True))
    return numbers


def _facts_of_draft(invoice: Invoice, issued_on: date) -> dict[str, Any]:
    same = (
        "invoice_id",
        "account_id",
        "currency",
        "net",
        "tax",
        "total",
        "shipment_id",
        "order_id",
        "taken_off",
    )
    return {**{name: getattr(invoice, name) for name in same}, "issued_on": issued_on}


def _facts_of_new(new: NewInvoice) -> dict[str, Any]:
    return {
        "invoice_id": new.invoice_id,
        "account_id": new.demand.account_id,
        "currency": new.demand.currency,
        "net": new.demand.priced.net,
        "tax": new.demand.priced.tax,
        "total": new.demand.priced.total,
        "shipment_id": new.demand.shipment_id,
        "order_id": new.demand.order_id,
        "taken_off": new.demand.taken_off,
        "issued_on": new.issued_on,
        "version": 1,
    }


def _post(session: Session, invoices: Sequence[Mapping[str, Any]], now: datetime) -> None:
    posted = ("invoice_id", "account_id", "currency", "issued_on", "net", "tax")
    journals = [issue_journal(**{name: facts[name] for name in posted}) for facts in invoices]
    post_journals(session, journals=journals, now=now)


def _open(
    session: Session, issued: Sequence[tuple[dict[str, Any], Sequence[Due]]], now: datetime
) -> None:
    """Open the items of issued invoices, raise what their accounts owe, and announce them."""
    item_ids = iter(new_ids("itm", sum(len(dues) for _, dues in issued)))
    items = [
        [_item(next(item_ids), facts, position, due) for position, due in enumerate(dues, start=1)]
        for facts, dues in issued
    ]
    open_items(session, items=[item for own in items for item in own], now=now)
    changes: defaultdict[tuple[str, str], BalanceChange] = defaultdict(_new_change)
    for facts, _ in issued:
        changes[facts["account_id"], facts["currency"]].open += facts["total"]
    balances = change_balances(session, changes=changes)
    for (facts, _), own in zip(issued, items, strict=True):
        snapshots = [
            {**item, "balance": item["amount"], "version": 1, "status": ItemStatus.OPEN}
            for item in own
        ]
        balance = balances[facts["account_id"], facts["currency"]]
        announce(session, events.InvoiceIssued, **facts, items=snapshots, account_balance=balance)
        if facts["total"] == 0:
            announce(session, events.InvoicePaid, **_paid(facts))
    bill_again(session, orders=_made_ahead(facts for facts, _ in issued), now=now)


def _paid(facts: Mapping[str, Any]) -> dict[str, Any]:
    same = ("account_id", "invoice_id", "number", "version", "currency")
    return {**{name: facts[name] for name in same}, "paid_on": facts["issued_on"]}


def _made_ahead(issued: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {
        facts["invoice_id"]: facts["order_id"]
        for facts in issued
        if facts["order_id"] is not None and facts["shipment_id"] is None
    }


def _new_change() -> BalanceChange:
    return BalanceChange(field="lines")


def _item(item_id: str, facts: Mapping[str, Any], position: int, due: Due) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "invoice_id": facts["invoice_id"],
        "invoice_number": facts["number"],
        "account_id": facts["account_id"],
        "currency": facts["currency"],
        "issued_on": facts["issued_on"],
        "position": position,
        "due_date": due.due_date,
        "amount": due.amount,
    }
