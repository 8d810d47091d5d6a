"""Issue many credit notes at once, in a number of statements that does not grow with them; those on
invoices with discounts are issued one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import attempt, refuse_one, tell_refusal
from kernel.ids import new_ids
from kernel.refusals import Refusal
from services.billing.accounts.rules import account_not_found
from services.billing.accounts.usecases import Billed, lock_all_billed
from services.billing.allocations.queries import find_discounted
from services.billing.company.queries import find_rounding
from services.billing.credit_batches.rules import (
    divide,
    grounds_of,
    invoice_not_found,
    is_alone,
    placed,
    require_one_way,
)
from services.billing.credits.models import CreditNote
from services.billing.credits.rules import Desk, NewNote
from services.billing.credits.usecases import credit_invoice, issue_notes, open_desk
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import find_invoices
from services.billing.invoices.usecases import lock_invoices
from services.billing.items.rules import AccountCurrency
from services.billing.items.usecases import lock_balances
from services.billing.orders.models import Order
from services.billing.orders.queries import find_orders
from services.billing.orders.rules import require_own_order
from services.billing.pricing.rules import price, require_amount
from services.billing.taxes.rules import Rounding

Row = Mapping[str, Any]


def issue_credit_batch(
    session: Session,
    *,
    credit_notes: Sequence[Row | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Issue many credit notes at once. Each is issued or refused by itself, as if it came after those
    before it; the refused ones are reported with their place and the reason."""
    rows = [row for row in credit_notes if not isinstance(row, Refusal)]
    _lock(session, rows)
    discounted = find_discounted(session, invoice_ids=_named(rows))
    results: list[dict[str, Any]] = []
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    for run in divide(credit_notes, discounted=discounted):
        issue = _issue_alone if is_alone(run[0], discounted=discounted) else _issue_run
        results += issue(session, run, **moment)
    issued = sum("number" in result for result in results)
    for index, result in enumerate(results):
        result["index"] = index
    return {"issued": issued, "refused": len(results) - issued, "results": results}


def _issue_run(
    session: Session,
    rows: Sequence[Row | Refusal],
    *,
    today: date,
    now: datetime,
    by: str,
) -> list[dict[str, Any]]:
    """Issue credit notes together, on what is read for all of them."""
    told = [row for row in rows if not isinstance(row, Refusal)]
    writer = _open(session, told, today)
    ids = iter(new_ids("crn", len(told)))
    written = [_write(session, writer, row, ids) for row in rows]
    new = [each for each in written if isinstance(each, NewNote)]
    numbers = issue_notes(session, new=new, now=now, by=by) if new else {}
    return [
        tell_refusal(each)
        if isinstance(each, Refusal)
        else _told(each, numbers[each.credit_note_id])
        for each in written
    ]


def _issue_alone(
    session: Session, rows: Sequence[Row], *, today: date, now: datetime, by: str
) -> list[dict[str, Any]]:
    """Issue the one credit note on a discounted invoice: what is discounted is turned round with it."""
    [row] = rows
    notes: list[CreditNote] = []
    said = {**row["on_invoice"], "today": today, "now": now, "by": by}
    error = attempt(session, lambda: notes.append(credit_invoice(session, **said)))
    if isinstance(error, Refusal):
        return [tell_refusal(placed(refuse_one(session, error), row))]
    if error is not None:
        raise error
    return [_told(notes[0], notes[0].number)]


class _Writer(NamedTuple):
    """What was read for all credit notes of a batch, and the desk where they are written."""

    accounts: Mapping[str, Billed]
    orders: Mapping[str, Order]
    invoices: Mapping[str, Invoice]
    rounding: Rounding
    desk: Desk

    def write(self, row: Row, credit_note_id: str) -> NewNote:
        require_one_way(row)
        if row["free"] is None:
            return self._on_invoice(row, credit_note_id)
        return self._freely(row, credit_note_id)

    def _on_invoice(self, row: Row, credit_note_id: str) -> NewNote:
        said = row["on_invoice"]
        invoice = self.invoices.get(said["invoice_id"])
        if invoice is None:
            raise invoice_not_found(said["invoice_id"])
        how = {name: said[name] for name in ("amount", "lines", "rates")}
        credited = self.desk.choose(invoice, **how)
        return self.desk.lower(
            invoice,
            credited,
            credit_note_id=credit_note_id,
            shares=self.desk.share_out(credited, invoice),
            grounds=grounds_of(row),
            issued_on=said["issued_on"],
        )

    def _freely(self, row: Row, credit_note_id: str) -> NewNote:
        said = row["free"]
        priced = price(said["lines"], rounding=self.rounding)
        require_amount(priced)
        account = self.accounts.get(said["account_id"])
        if account is None:
            raise account_not_found(said["account_id"])
        account.require_billable()
        of = {name: said[name] for name in ("order_id", "account_id", "currency")}
        if of["order_id"] is not None:
            require_own_order(self.orders.get(of["order_id"]), **of)
        return self.desk.grant(
            priced,
            credit_note_id=credit_note_id,
            **(of | account.names),
            grounds=grounds_of(row),
            issued_on=said["issued_on"],
        )


def _lock(session: Session, rows: Sequence[Row]) -> None:
    """Lock the accounts and balances that credit notes change, in the one order."""
    free = [row["free"] for row in rows if row["free"] is not None]
    keys = _owed(free, lock_all_billed(session, account_ids={row["account_id"] for row in free}))
    found = find_invoices(session, invoice_ids=_named(rows))
    keys |= {(invoice.account_id, invoice.currency) for invoice in found}
    if keys:
        lock_balances(session, keys=keys)


def _owed(free: Sequence[Row], accounts: Mapping[str, Billed]) -> set[AccountCurrency]:
    """Whose balances free credit notes change, of the accounts that are known."""
    payers = {one: each.found_payer for one, each in accounts.items()}
    return {
        (payer.account_id, row["currency"])
        for row in free
        if (payer := payers.get(row["account_id"])) is not None
    }


def _named(rows: Sequence[Row]) -> set[str]:
    return {row["on_invoice"]["invoice_id"] for row in rows if row["on_invoice"] is not None}


def _open(session: Session, rows: Sequence[Row], today: date) -> _Writer:
    """Read what credit notes need, whose accounts and balances are locked, and lock their invoices."""
    free = [row["free"] for row in rows if row["free"] is not None]
    accounts = lock_all_billed(session, account_ids={row["account_id"] for row in free})
    order_ids = {row["order_id"] for row in free} - {None}
    named = _named(rows)
    invoices = lock_invoices(session, invoice_ids=named) if named else {}
    desk = open_desk(
        session,
        invoices=invoices.values(),
        keys=_owed(free, accounts),
        order_ids=order_ids,
        grounds=[grounds_of(row) for row in rows if row["on_invoice"] or row["free"]],
        today=today,
    )
    orders = find_orders(session, order_ids=order_ids)
    return _Writer(accounts, orders, invoices, find_rounding(session), desk)


def _write(
    session: Session, writer: _Writer, row: Row | Refusal, ids: Iterator[str]
) -> NewNote | Refusal:
    if isinstance(row, Refusal):
        return row
    try:
        return writer.write(row, next(ids))
    except Refusal as refusal:
        return placed(refuse_one(session, refusal), row)


def _told(note: NewNote | CreditNote, number: str) -> dict[str, Any]:
    names = ("credit_note_id", "total", "unapplied")
    return {"number": number, **{name: getattr(note, name) for name in names}}
