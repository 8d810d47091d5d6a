"""Issue invoices: fix number and date, open the items, post to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.outbox import announce
from kernel.ids import new_ids
from services.billing import events
from services.billing.accounts.models import Account
from services.billing.accounts.rules import account_not_found, require_still_payer
from services.billing.accounts.usecases import lock_all_billed
from services.billing.advances.queries import find_billed_orders
from services.billing.advances.usecases import bill_again
from services.billing.billables import usecases as billables
from services.billing.billables.queries import find_waiting_orders
from services.billing.discounts.rules import offers_of
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.invoices.queries import find_invoices
from services.billing.invoices.rules import (
    Action,
    facts_of_demand,
    issue_journal,
    kind_of,
    require_allowed,
)
from services.billing.invoices.usecases import lock_invoice, lock_invoices, mark_issued
from services.billing.issuing.queries import find_readdressed, read_lines
from services.billing.issuing.rules import Due, NewInvoice, fix_dates
from services.billing.items.rules import AccountCurrency, BalanceChange, ItemStatus
from services.billing.items.usecases import change_balances, lock_balances, open_items
from services.billing.ledger.usecases import post_journals
from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.orders.rules import require_not_billed, require_not_waiting
from services.billing.pricing.rules import Line
from services.billing.routines.queries import find_agreements
from services.billing.terms.rules import load_terms

_DISCOUNT = ("discount_percent", "discount_until", "later_discounts")


class Issued(NamedTuple):
    """An invoice that was issued: what is said of it, and its items."""

    facts: dict[str, Any]
    items: list[dict[str, Any]]


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
    _issue_locked(session, [invoice], issued_on=issued_on, today=today, now=now, by=by)
    return invoice


def issue_drafts(
    session: Session,
    *,
    invoice_ids: Collection[str],
    issued_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue drafts, in a fixed number of statements: all of them, or none where one is refused."""
    found = find_invoices(session, invoice_ids=invoice_ids)
    lock_balances(session, keys={(each.account_id, each.currency) for each in found})
    drafts = lock_invoices(session, invoice_ids=invoice_ids)
    in_order = [drafts[invoice_id] for invoice_id in invoice_ids if invoice_id in drafts]
    _issue_locked(session, in_order, issued_on=issued_on, today=today, now=now, by=by)


def _issue_locked(
    session: Session,
    drafts: Sequence[Invoice],
    *,
    issued_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> None:
    payers = _require_issuable(session, drafts)
    agreements = find_agreements(session, accounts=payers.values())
    dated = [
        fix_dates(
            total=each.total,
            currency=each.currency,
            terms=load_terms(each.terms),
            agreement=agreements[each.account_id],
            issued_on=issued_on,
            today=today,
        )
        for each in drafts
    ]
    day = issued_on or today
    _post(session, [{**_facts_of_draft(each, day), "assessed": 0} for each in drafts], now)
    unnumbered = [each.invoice_id for each in drafts if each.number is None]
    taken = []
    if unnumbered:
        count = len(unnumbered)
        taken = take_numbers(session, series=Series.INVOICE, year=day.year, count=count)
    lines = read_lines(session, invoice_ids=[each.invoice_id for each in drafts])
    mark_issued(
        session, drafts, numbers=dict(zip(unnumbered, taken, strict=True)), day=day, now=now, by=by
    )
    facts = [
        {
            **_facts_of_draft(each, day),
            "number": each.number,
            "version": each.version,
            "lines": lines[each.invoice_id],
        }
        for each in drafts
    ]
    opened = zip(facts, [dues for _, dues in dated], strict=True)
    _announce_raised(session, _open(session, list(opened), now), now)


def _require_issuable(session: Session, drafts: Sequence[Invoice]) -> dict[str, Account]:
    """Who pays drafts that may be issued, by id."""
    for each in drafts:
        require_allowed(Action.ISSUE, status=each.status, name=each.name)
    whose = {each.invoice_id: each.for_account_id or each.account_id for each in drafts}
    billed = lock_all_billed(session, account_ids={*whose.values()})
    readdressed = find_readdressed(session, invoice_ids=whose)
    order_ids = {each.order_id for each in drafts if each.order_id is not None}
    ended = find_billed_orders(session, order_ids=order_ids)
    waiting = find_waiting_orders(session, order_ids=order_ids)
    payers: dict[str, Account] = {}
    for each in drafts:
        account_id = whose[each.invoice_id]
        if account_id not in billed:
            raise account_not_found(account_id)
        billed[account_id].require_billable()
        payer = billed[account_id].payer
        is_payer = each.account_id == payer.account_id and each.invoice_id not in readdressed
        require_still_payer(name=each.name, is_payer=is_payer)
        require_not_billed(each.order_id, billed=ended)
        require_not_waiting(each.order_id, waiting=waiting)
        payers[payer.account_id] = payer
    return payers


def issue_new(
    session: Session, *, new: Sequence[NewInvoice], now: datetime, by: str
) -> dict[str, str]:
    """Issue invoices that were no drafts, in a fixed number of statements; their numbers by id."""
    issued = store_new(session, new=new, now=now, by=by)
    _announce_raised(session, issued, now)
    return {each.facts["invoice_id"]: each.facts["number"] for each in issued}


def store_new(
    session: Session, *, new: Sequence[NewInvoice], now: datetime, by: str
) -> list[Issued]:
    """Store invoices that were no drafts, with their items, and post them. What their accounts owe is
    the caller's to raise; then they are to be announced. The ledger is posted before numbers are taken,
    since those are locked until the commit."""
    facts = [_facts_of_new(each) for each in new]
    posted = zip(facts, new, strict=True)
    _post(session, [{**of_it, "assessed": each.demand.assessed} for of_it, each in posted], now)
    numbers = _take_numbers(session, new)
    for of_it in facts:
        of_it["number"] = numbers[of_it["invoice_id"]]
    insert_rows(
        session,
        Invoice,
        [
            {
                **{name: value for name, value in of_it.items() if name != "kind"},
                "series": each.demand.series,
                "balance": each.demand.total,
                "credited": 0,
                "tax_rounding": each.demand.priced.rounding,
                "reversal_id": each.demand.reversal_id,
                "payment_terms_id": each.demand.payment_terms_id,
                "assessed": each.demand.assessed,
                "fee_id": each.demand.fee_id,
                "notice_id": each.demand.notice_id,
                "settled_on": each.settled_on,
                "created_by": by,
                "created_at": now,
                "issued_by": by,
                "recorded_at": now,
            }
            for of_it, each in zip(facts, new, strict=True)
        ],
    )
    for of_it, each in zip(facts, new, strict=True):
        of_it["lines"] = _number_lines(each.demand.priced.lines)
    lines = [
        {"invoice_id": of_it["invoice_id"], **line} for of_it in facts for line in of_it["lines"]
    ]
    insert_rows(session, InvoiceLine, lines)
    billables.bill(session, lines)
    insert_rows(
        session,
        InvoiceRate,
        [
            {"invoice_id": each.invoice_id, **rate._asdict()}
            for each in new
            for rate in each.demand.priced.rates
        ],
    )
    return _open(session, list(zip(facts, [each.dues for each in new], strict=True)), now)


def announce_issued(
    session: Session,
    *,
    issued: Sequence[Issued],
    balances: Mapping[AccountCurrency, Mapping[str, int]],
    now: datetime,
) -> None:
    """Announce issued invoices with what their accounts owe; what they bill again is ahead no more."""
    for facts, items in issued:
        balance = balances[facts["account_id"], facts["currency"]]
        told = {**facts, "items": to_snapshots(items), "account_balance": balance}
        announce(session, events.InvoiceIssued, **told)
        if facts["total"] == 0:
            announce(session, events.InvoicePaid, **_paid(facts))
    bill_again(session, orders=_made_ahead(each.facts for each in issued), now=now)


def raise_balances(
    session: Session, issued: Sequence[Issued], *, field: str = "lines"
) -> dict[AccountCurrency, dict[str, int]]:
    """Raise what accounts owe by stored invoices; what they owe now. Refused by `field`."""
    changes: defaultdict[AccountCurrency, BalanceChange] = defaultdict(
        lambda: BalanceChange(field=field)
    )
    for facts, _ in issued:
        changes[facts["account_id"], facts["currency"]].open += facts["total"]
    return change_balances(session, changes=changes)


def to_snapshots(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Items that were just opened, as they are told of."""
    return [
        {
            **item,
            "balance": item["amount"],
            "version": 1,
            "status": ItemStatus.OPEN,
            "discounts": offers_of(item["amount"], *(item.get(name) for name in _DISCOUNT)),
        }
        for item in items
    ]


def _announce_raised(session: Session, issued: Sequence[Issued], now: datetime) -> None:
    balances = raise_balances(session, issued)
    announce_issued(session, issued=issued, balances=balances, now=now)


def _take_numbers(session: Session, new: Sequence[NewInvoice]) -> dict[str, str]:
    numbers = {each.invoice_id: each.demand.number for each in new if each.demand.number}
    by_series: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for each in new:
        if each.demand.number is None:
            by_series[each.demand.series, each.issued_on.year].append(each.invoice_id)
    for (series, year), invoice_ids in sorted(by_series.items()):
        taken = take_numbers(session, series=Series(series), year=year, count=len(invoice_ids))
        numbers.update(zip(invoice_ids, taken, strict=True))
    return numbers


def _number_lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"position": place, **line._asdict()} for place, line in enumerate(lines, start=1)]


def _facts_of_draft(invoice: Invoice, issued_on: date) -> dict[str, Any]:
    same = (
        "invoice_id",
        "account_id",
        "for_account_id",
        "kind",
        "currency",
        "net",
        "tax",
        "total",
        "reclaimed",
        "refund_id",
        "shipment_id",
        "order_id",
        "client_order_number",
        "raises_invoice_id",
        "taken_off",
        "billing_run_id",
    )
    return {**{name: getattr(invoice, name) for name in same}, "issued_on": issued_on}


def _facts_of_new(new: NewInvoice) -> dict[str, Any]:
    return {
        "invoice_id": new.invoice_id,
        **facts_of_demand(new.demand),
        "kind": kind_of(new.demand.series),
        "issued_on": new.issued_on,
        "version": 1,
    }


def _post(session: Session, invoices: Sequence[Mapping[str, Any]], now: datetime) -> None:
    posted = (
        "invoice_id",
        "account_id",
        "kind",
        "currency",
        "issued_on",
        "net",
        "tax",
        "reclaimed",
        "assessed",
    )
    journals = [issue_journal(**{name: facts[name] for name in posted}) for facts in invoices]
    post_journals(session, journals=journals, now=now)


def _open(
    session: Session, invoices: Sequence[tuple[dict[str, Any], Sequence[Due]]], now: datetime
) -> list[Issued]:
    """Open the items of invoices."""
    item_ids = iter(new_ids("itm", sum(len(dues) for _, dues in invoices)))
    issued = [
        Issued(
            facts,
            [_item(next(item_ids), facts, place, due) for place, due in enumerate(dues, start=1)],
        )
        for facts, dues in invoices
    ]
    open_items(session, items=[item for each in issued for item in each.items], now=now)
    return issued


def _paid(facts: Mapping[str, Any]) -> dict[str, Any]:
    same = ("account_id", "invoice_id", "number", "version", "currency")
    return {**{name: facts[name] for name in same}, "paid_on": facts["issued_on"]}


def _made_ahead(issued: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {
        facts["invoice_id"]: facts["order_id"]
        for facts in issued
        if facts["order_id"] is not None and facts["shipment_id"] is None
    }


def _item(item_id: str, facts: Mapping[str, Any], position: int, due: Due) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "invoice_id": facts["invoice_id"],
        "kind": facts["kind"],
        "invoice_number": facts["number"],
        "account_id": facts["account_id"],
        "currency": facts["currency"],
        "issued_on": facts["issued_on"],
        "position": position,
        "due_date": due.due_date,
        "amount": due.amount,
        "discount_percent": due.discount_percent,
        "discount_until": due.discount_until,
        "later_discounts": due.later_discounts,
    }
