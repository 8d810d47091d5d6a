"""Issue many credit notes at once, in a number of statements that does not grow with them; those on
invoices with discounts are issued one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from services.billing.credits.rules import Desk, Grounds, NewNote
from services.billing.credits.usecases import (
    credit_account,
    credit_invoice,
    credit_item,
    issue_notes,
    open_desk,
)
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


class Issued(NamedTuple):
    """A credit note that is issued, and its number."""

    note: NewNote | CreditNote
    number: str


@dataclass
class Writer:
    """Where credit notes are written one after the other, on what was read for all of them: each meets
    what those before it left. A row says what it is to be, `on_invoice` or `free`, as where it comes
    alone; one with an `item_id` is set against that item first. What is written has no id before it is
    issued."""

    accounts: Mapping[str, Billed]
    orders: Mapping[str, Order]
    invoices: Mapping[str, Invoice]
    rounding: Rounding
    desk: Desk

    def write(self, row: Row) -> NewNote:
        """One credit note; where it is refused, nothing is taken for it."""
        require_one_way(row)
        return self._freely(row) if row["free"] is not None else self._on_invoice(row)

    def write_all(self, rows: Sequence[Row]) -> list[NewNote]:
        """All of these or none: where one is refused, nothing is taken for the others, either."""
        trial = self if len(rows) == 1 else replace(self, desk=self.desk.copy())
        notes = [trial.write(row) for row in rows]
        self.desk = trial.desk
        return notes

    def _on_invoice(self, row: Row) -> NewNote:
        said = row["on_invoice"]
        invoice = self.invoices.get(said["invoice_id"])
        if invoice is None:
            raise invoice_not_found(said["invoice_id"])
        how = {name: said[name] for name in ("amount", "lines", "rates")}
        credited = self.desk.choose(invoice, **how)
        return self.desk.lower(
            invoice,
            credited,
            credit_note_id="",
            shares=self.desk.share_out(credited, invoice, first=said.get("item_id", "")),
            grounds=grounds_of(row),
            issued_on=said["issued_on"],
        )

    def _freely(self, row: Row) -> NewNote:
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
            credit_note_id="",
            **(of | account.names),
            grounds=grounds_of(row),
            issued_on=said["issued_on"],
        )


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
    answers = issue_each(session, credit_notes, today=today, now=now, by=by)
    results = [tell_refusal(each) if isinstance(each, Refusal) else _told(each) for each in answers]
    for index, result in enumerate(results):
        result["index"] = index
    issued = sum(isinstance(each, Issued) for each in answers)
    return {"issued": issued, "refused": len(results) - issued, "results": results}


def issue_each(
    session: Session, rows: Sequence[Row | Refusal], *, today: date, now: datetime, by: str
) -> list[Issued | Refusal]:
    """As `issue_credit_batch`: each with its number, or why it is refused."""
    told = [row for row in rows if not isinstance(row, Refusal)]
    lock_credited(session, invoice_ids=_named(told), free=_free(told))
    discounted = find_discounted(session, invoice_ids=_named(told))
    answers: list[Issued | Refusal] = []
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    for run in divide(rows, discounted=discounted):
        issue = _issue_alone if is_alone(run[0], discounted=discounted) else _issue_run
        answers += issue(session, run, **moment)
    return answers


def lock_credited(
    session: Session,
    *,
    invoice_ids: Collection[str] = (),
    free: Collection[Row],
    keys: Iterable[AccountCurrency] = (),
) -> None:
    """Lock the accounts and balances that credit notes change which are on invoices or free, these of
    accounts in currencies; and further balances: in the one order."""
    owed = {*keys, *_owed(free, _lock_accounts(session, free))}
    found = find_invoices(session, invoice_ids=invoice_ids)
    owed |= {(invoice.account_id, invoice.currency) for invoice in found}
    if owed:
        lock_balances(session, keys=owed)


def open_writer(
    session: Session,
    *,
    invoice_ids: Collection[str],
    free: Collection[Row],
    grounds: Iterable[Grounds],
    today: date,
) -> Writer:
    """Read what credit notes need that are on these invoices or free, whose accounts and balances are
    locked, and lock the invoices; in a number of statements that does not grow with them."""
    accounts = _lock_accounts(session, free)
    order_ids = {row["order_id"] for row in free} - {None}
    invoices = lock_invoices(session, invoice_ids=invoice_ids) if invoice_ids else {}
    desk = open_desk(
        session,
        invoices=invoices.values(),
        keys=_owed(free, accounts),
        order_ids=order_ids,
        grounds=grounds,
        today=today,
    )
    orders = find_orders(session, order_ids=order_ids)
    return Writer(accounts, orders, invoices, find_rounding(session), desk)


def issue_written(
    session: Session, notes: Sequence[NewNote], *, now: datetime, by: str
) -> list[Issued]:
    """Issue what was written, in its order."""
    ids = new_ids("crn", len(notes))
    new = [replace(note, credit_note_id=each) for note, each in zip(notes, ids, strict=True)]
    numbers = issue_notes(session, new=new, now=now, by=by) if new else {}
    return [Issued(note, numbers[note.credit_note_id]) for note in new]


def issue_one_by_one(
    session: Session, rows: Iterable[Row], *, today: date, now: datetime, by: str
) -> list[CreditNote]:
    """Issue credit notes on invoices with discounts, which are turned round, or others beside them; the
    first refusal is raised."""
    return [_issue_by_itself(session, row, today=today, now=now, by=by) for row in rows]


def _issue_by_itself(session: Session, row: Row, **moment: Any) -> CreditNote:
    said = row["on_invoice"]
    if said is None:
        return credit_account(session, **row["free"], **moment)
    if "item_id" not in said:
        return credit_invoice(session, **said, **moment)
    what = {name: said[name] for name in ("item_id", "amount")}
    return credit_item(session, **what, grounds=grounds_of(row), **moment)


def _issue_run(
    session: Session, rows: Sequence[Row | Refusal], *, today: date, now: datetime, by: str
) -> list[Issued | Refusal]:
    """Issue credit notes together, on what is read for all of them."""
    told = [row for row in rows if not isinstance(row, Refusal)]
    writer = open_writer(
        session,
        invoice_ids=_named(told),
        free=_free(told),
        grounds=[grounds_of(row) for row in told if row["on_invoice"] or row["free"]],
        today=today,
    )
    written = [_write(session, writer, row) for row in rows]
    new = [each for each in written if isinstance(each, NewNote)]
    issued = iter(issue_written(session, new, now=now, by=by))
    return [each if isinstance(each, Refusal) else next(issued) for each in written]


def _write(session: Session, writer: Writer, row: Row | Refusal) -> NewNote | Refusal:
    if isinstance(row, Refusal):
        return row
    try:
        return writer.write(row)
    except Refusal as refusal:
        return placed(refuse_one(session, refusal), row)


def _issue_alone(session: Session, rows: Sequence[Row], **moment: Any) -> list[Issued | Refusal]:
    """Issue the one credit note on a discounted invoice: what is discounted is turned round with it."""
    notes: list[CreditNote] = []
    error = attempt(session, lambda: notes.extend(issue_one_by_one(session, rows, **moment)))
    if isinstance(error, Refusal):
        return [placed(refuse_one(session, error), rows[0])]
    if error is not None:
        raise error
    return [Issued(note, note.number) for note in notes]


def _lock_accounts(session: Session, free: Collection[Row]) -> dict[str, Billed]:
    account_ids = {row["account_id"] for row in free}
    return lock_all_billed(session, account_ids=account_ids) if account_ids else {}


def _owed(free: Iterable[Row], accounts: Mapping[str, Billed]) -> set[AccountCurrency]:
    """Whose balances free credit notes change, of the accounts that are known."""
    payers = {one: each.found_payer for one, each in accounts.items()}
    return {
        (payer.account_id, row["currency"])
        for row in free
        if (payer := payers.get(row["account_id"])) is not None
    }


def _named(rows: Iterable[Row]) -> set[str]:
    return {row["on_invoice"]["invoice_id"] for row in rows if row["on_invoice"] is not None}


def _free(rows: Iterable[Row]) -> list[Row]:
    return [row["free"] for row in rows if row["free"] is not None]


def _told(issued: Issued) -> dict[str, Any]:
    names = ("credit_note_id", "total", "unapplied")
    return {"number": issued.number, **{name: getattr(issued.note, name) for name in names}}
