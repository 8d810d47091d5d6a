"""Issue invoices: fix number and date, open the items, post to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import insert_rows, refuse_one
from chassis.outbox import announce
from kernel.ids import new_id, new_ids
from kernel.refusals import Refusal
from services.billing import events
from services.billing.accounts.models import Account
from services.billing.accounts.rules import (
    account_not_found,
    require_billable,
    require_decided,
)
from services.billing.accounts.usecases import lock_account_to_bill, lock_accounts_to_bill
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.invoices.rules import (
    Action,
    Demand,
    demand,
    issue_journal,
    require_allowed,
)
from services.billing.invoices.usecases import find_taken_numbers, lock_invoice, number_taken
from services.billing.issuing.rules import Due, NewInvoice, fix_dates
from services.billing.items.rules import BalanceChange, ItemStatus, require_room
from services.billing.items.usecases import change_balances, lock_balances, open_items
from services.billing.ledger.usecases import post_journals
from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.pricing.rules import price, require_amount
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


def bill_shipment(
    session: Session,
    *,
    account_id: str,
    shipment_id: str,
    order_id: str,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue the invoice for what was shipped, once for each shipment."""
    account = lock_account_to_bill(session, account_id=account_id)
    lock_balances(session, keys=[(account_id, currency)])
    billed = session.scalar(select(Invoice.invoice_id).where(Invoice.shipment_id == shipment_id))
    priced = price(lines)
    if billed is not None or priced.total == 0:
        return  # goods given away are not billed
    require_amount(priced.total)
    require_decided(number=account.number, status=account.status)
    day, dues = fix_dates(
        total=priced.total,
        terms=None,
        account_net_days=account.net_days,
        issued_on=None,
        today=today,
    )
    shipped = Demand(
        account_id, currency, priced, terms=None, order_id=order_id, shipment_id=shipment_id
    )
    _issue_new(session, [NewInvoice(new_id("inv"), shipped, day, dues)], now=now, by=by)


def issue_batch(
    session: Session,
    *,
    invoices: Sequence[dict[str, Any] | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Issue many invoices at once. Each is issued or refused by itself; the refused ones are
    reported with their place and the reason and do not keep the others from being issued."""
    accounts = _accounts_of(session, [row for row in invoices if isinstance(row, dict)])
    checked = [
        _check(invoice_id, row, accounts, today)
        for invoice_id, row in zip(new_ids("inv", len(invoices)), invoices, strict=True)
    ]
    checked = _refuse_taken_numbers(session, checked)
    checked = _refuse_without_room(session, checked)
    new = [each for each in checked if isinstance(each, NewInvoice)]
    if new:
        numbers = _issue_new(session, new, now=now, by=by)
    results = [
        _refused(index, each)
        if isinstance(each, Refusal)
        else {
            "index": index,
            "invoice_id": each.invoice_id,
            "number": numbers[each.invoice_id],
            "total": each.demand.priced.total,
        }
        for index, each in enumerate(checked)
    ]
    return {"issued": len(new), "refused": len(checked) - len(new), "results": results}


def _accounts_of(session: Session, rows: Sequence[dict[str, Any]]) -> dict[str, Account | Refusal]:
    """The account of each row, or the refusal to report; looked for before anything is figured out,
    since what is on its way is waited for."""
    account_ids = {row["account_id"] for row in rows}
    found = lock_accounts_to_bill(session, account_ids=account_ids)
    return {
        account_id: found.get(account_id) or refuse_one(session, account_not_found(account_id))
        for account_id in account_ids
    }


def _check(
    invoice_id: str,
    row: dict[str, Any] | Refusal,
    accounts: Mapping[str, Account | Refusal],
    today: date,
) -> NewInvoice | Refusal:
    if isinstance(row, Refusal):
        return row
    try:
        account = accounts[row["account_id"]]
        if isinstance(account, Refusal):
            return account
        require_billable(number=account.number, status=account.status)
        asked = demand(**{key: value for key, value in row.items() if key != "issued_on"})
        day, dues = fix_dates(
            total=asked.priced.total,
            terms=asked.terms,
            account_net_days=account.net_days,
            issued_on=row["issued_on"],
            today=today,
        )
    except Refusal as refusal:
        return refusal
    return NewInvoice(invoice_id, asked, day, dues)


def _refuse_taken_numbers(
    session: Session, checked: Sequence[NewInvoice | Refusal]
) -> list[NewInvoice | Refusal]:
    new = [each for each in checked if isinstance(each, NewInvoice)]
    numbers = [each.own_number for each in new if each.own_number is not None]
    taken = find_taken_numbers(session, numbers=numbers) if numbers else set()
    result: list[NewInvoice | Refusal] = []
    for each in checked:
        own = each.own_number if isinstance(each, NewInvoice) else None
        if own is None:
            result.append(each)
        elif own in taken:
            result.append(number_taken(series=own[0], number=own[1]))
        else:
            result.append(each)
            taken.add(own)
    return result


def _refuse_without_room(
    session: Session, checked: Sequence[NewInvoice | Refusal]
) -> list[NewInvoice | Refusal]:
    """Lock the balances of all that is to be issued, and refuse what they have no room for."""
    keys = {each.balance for each in checked if isinstance(each, NewInvoice)}
    owed = lock_balances(session, keys=keys) if keys else {}
    result: list[NewInvoice | Refusal] = []
    for each in checked:
        if isinstance(each, NewInvoice):
            total = owed[each.balance] + each.demand.priced.total
            try:
                require_room(total, currency=each.demand.currency, field="lines")
                owed[each.balance] = total
            except Refusal as refusal:
                result.append(refusal)
                continue
        result.append(each)
    return result


def _refused(index: int, refusal: Refusal) -> dict[str, Any]:
    return {
        "index": index,
        "code": refusal.code,
        "detail": refusal.detail,
        "errors": refusal.errors,
    }


def _issue_new(
    session: Session, new: Sequence[NewInvoice], *, now: datetime, by: str
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
