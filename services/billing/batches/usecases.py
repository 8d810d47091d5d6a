"""Issue many invoices at once, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import each_by_itself, tell_refusal
from kernel.ids import new_ids
from kernel.refusals import Refusal
from services.billing.accounts.rules import account_not_found
from services.billing.accounts.usecases import Billed, lock_all_billed
from services.billing.advances.queries import find_billed_orders
from services.billing.billables.queries import find_waiting_orders
from services.billing.company.queries import find_rounding
from services.billing.invoices.rules import demand
from services.billing.invoices.usecases import find_taken_numbers, number_taken
from services.billing.issuing.rules import NewInvoice, fix_dates
from services.billing.issuing.usecases import issue_new
from services.billing.items.rules import require_room
from services.billing.items.usecases import lock_balances
from services.billing.orders.queries import find_orders
from services.billing.orders.rules import require_not_billed, require_not_waiting, require_own_order
from services.billing.routines.queries import find_agreements
from services.billing.routines.rules import Agreement
from services.billing.taxes.rules import Rounding
from services.billing.terms.queries import choose_terms, find_terms
from services.billing.terms.rules import Terms

Row = Mapping[str, Any]


class Known(NamedTuple):
    """A row, and who is billed for whom by it."""

    row: Row
    billed: Billed
    agreement: Agreement
    terms: Terms | None
    rounding: Rounding


def issue_batch(
    session: Session,
    *,
    invoices: Sequence[Row | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Issue many invoices at once. Each is issued or refused by itself; the refused ones are
    reported with their place and the reason and do not keep the others from being issued."""
    known = _require_known(session, invoices)
    invoice_ids = iter(new_ids("inv", len(known)))
    checked = each_by_itself(session, known, lambda each: _fix(next(invoice_ids), each, today))
    checked = _require_free_numbers(session, checked)
    checked = _require_room(session, checked)
    new = [each for each in checked if isinstance(each, NewInvoice)]
    numbers = issue_new(session, new=new, now=now, by=by) if new else {}
    results = [_report(index, each, numbers) for index, each in enumerate(checked)]
    return {"issued": len(new), "refused": len(checked) - len(new), "results": results}


def _require_known(session: Session, rows: Sequence[Row | Refusal]) -> list[Known | Refusal]:
    """Each row with its account, if that is known and so is the order that it may name. Before anything
    is figured out, since what is on its way is waited for."""
    named = [row for row in rows if not isinstance(row, Refusal)]
    accounts = lock_all_billed(session, account_ids={row["account_id"] for row in named})
    order_ids = {row["order_id"] for row in named} - {None}
    orders = find_orders(session, order_ids=order_ids)
    billed = find_billed_orders(session, order_ids=order_ids)
    waiting = find_waiting_orders(session, order_ids=order_ids)
    payers = [each.found_payer for each in accounts.values() if each.found_payer is not None]
    agreements = find_agreements(session, accounts=payers)
    named_terms = {row["payment_terms_id"] for row in named}
    terms = find_terms(session, payment_terms_ids=named_terms)
    rounding = find_rounding(session)

    def with_account(row: Row) -> Known:
        billed_account = accounts.get(row["account_id"])
        if billed_account is None:
            raise account_not_found(row["account_id"])
        if row["order_id"] is not None:
            names = {name: row[name] for name in ("order_id", "account_id", "currency")}
            require_own_order(orders.get(row["order_id"]), **names)
            require_not_billed(row["order_id"], billed=billed)
            require_not_waiting(row["order_id"], waiting=waiting)
        chosen = choose_terms(terms, row["payment_terms_id"])
        agreement = agreements[billed_account.payer.account_id]
        return Known(row, billed_account, agreement, chosen, rounding)

    return each_by_itself(session, rows, with_account)


def _fix(invoice_id: str, known: Known, today: date) -> NewInvoice:
    row = known.row
    known.billed.require_billable()
    given = {key: value for key, value in row.items() if key != "issued_on"} | known.billed.names
    asked = demand(**given, terms=known.terms, rounding=known.rounding)
    day, dues = fix_dates(
        total=asked.priced.total,
        currency=asked.currency,
        terms=asked.terms,
        agreement=known.agreement,
        issued_on=row["issued_on"],
        today=today,
    )
    return NewInvoice(invoice_id, asked, day, dues)


def _require_free_numbers(
    session: Session, invoices: Sequence[NewInvoice | Refusal]
) -> list[NewInvoice | Refusal]:
    numbers = [
        each.own_number for each in invoices if isinstance(each, NewInvoice) and each.own_number
    ]
    taken = find_taken_numbers(session, numbers=numbers) if numbers else set()

    def with_free_number(invoice: NewInvoice) -> NewInvoice:
        if (own := invoice.own_number) is not None:
            if own in taken:
                raise number_taken(series=own[0], number=own[1])
            taken.add(own)
        return invoice

    return each_by_itself(session, invoices, with_free_number)


def _require_room(
    session: Session, invoices: Sequence[NewInvoice | Refusal]
) -> list[NewInvoice | Refusal]:
    """Lock the balances that are to be raised; they must have room."""
    keys = {each.balance for each in invoices if isinstance(each, NewInvoice)}
    held = lock_balances(session, keys=keys) if keys else {}
    owed = {key: balance.open for key, balance in held.items()}

    def with_room(invoice: NewInvoice) -> NewInvoice:
        total = owed[invoice.balance] + invoice.demand.priced.total
        require_room(total, currency=invoice.demand.currency, field="lines")
        owed[invoice.balance] = total
        return invoice

    return each_by_itself(session, invoices, with_room)


def _report(
    index: int, checked: NewInvoice | Refusal, numbers: Mapping[str, str]
) -> dict[str, Any]:
    if isinstance(checked, Refusal):
        return {"index": index, **tell_refusal(checked)}
    return {
        "index": index,
        "invoice_id": checked.invoice_id,
        "number": numbers[checked.invoice_id],
        "total": checked.demand.priced.total,
    }
