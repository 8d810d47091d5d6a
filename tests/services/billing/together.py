"""Firms of whom much is billed at once, and one thing after the other: both come to the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from kernel.ids import new_id
from services.billing.invoices.models import Invoice
from services.billing.shipments.usecases import bill_shipments
from services.billing.terms.usecases import make_payment_terms
from tests.services.billing.conftest import Books, line

Sent = dict[str, Any]
AHEAD = 1777 + 338 + 333 + 23 + 900 + 171  # what each order is billed ahead, if any
PARTS = " AS t JOIN invoice USING (invoice_id)"
NOTES = " AS t JOIN credit_note USING (credit_note_id)"
BACK = " AS t JOIN accepted_return USING (return_id, part)"
TABLES = {
    "invoice AS t": "t.number",
    f"invoice_line{PARTS}": "invoice.number, t.position",
    f"invoice_rate{PARTS}": "invoice.number, t.tax_percent",
    "item AS t": "t.invoice_number, t.position",
    "advance_use AS t": "t.use_id",
    "billable AS t": "t.billable_id",
    "shipped_line AS t": "t.shipment_id, t.position",
    "sales_order AS t": "t.order_id",
    "account_balance AS t": "t.account_id, t.currency",
    "journal_entry AS t": "t.journal_id, t.position",
    "order_bill AS t": "t.bill_id",
    "deposit AS t": "t.deposit_id",
    "credit_note AS t": "t.number",
    f"credit_note_line{NOTES}": "credit_note.number, t.position",
    f"credit_note_rate{NOTES}": "credit_note.number, t.tax_percent",
    "allocation AS t": "t.allocation_id",
    "accepted_return AS t": "t.return_id, t.part",
    f"returned_line{BACK}": "t.return_id, t.part, t.order_line_id",
    "refused_remedy AS t": "t.remedy_id",
    "dispute AS t": "t.dispute_id",
    "adjustment AS t": "t.adjustment_id",
}
TOLD = (
    *("InvoiceIssued", "InvoicePaid", "DepositBilled", "DepositRefused"),
    *("OrderBilled", "OrderBillRefused"),
    *("CreditNoteIssued", "ReturnSettled", "ReturnRefused"),
    *("RemedyRefused", "DisputeCreditRefused", "WriteOffBooked", "WriteOffRefused"),
)
MADE = re.compile(r"\b(?:inv|itm|use|bil|jrn|crn|alc|adj)_\w{26}")


class Firm(NamedTuple):
    """Accounts that are billed in every way, and orders of theirs, some of them billed ahead."""

    books: Books
    accounts: Sequence[str]
    orders: Sequence[tuple[str, str]]

    def send(self, order: int, *lines: dict[str, Any], **facts: Any) -> Sent:
        """What is heard of a shipment of one of the orders."""
        return self.books.sent(*self.orders[order], *lines, **facts)

    def bill(self, shipments: Sequence[Sent]) -> None:
        bill_shipments(self.books.session, shipments, **self.books.moment)

    def count(self, act: Callable[[], object]) -> int:
        """How many statements are sent to the database meanwhile."""
        with self.books.counted() as sent:
            act()
        return len(sent)

    def undone(self, act: Callable[[], object]) -> dict[str, Any]:
        """What the books say after an act, of which nothing stays."""
        self.books.session.info["announced"] = []
        with self.books.session.begin_nested() as savepoint:
            act()
            self.books.check_constraints()
            state = self.state()
            savepoint.rollback()
        self.books.session.expire_all()
        return state

    def state(self) -> dict[str, Any]:
        """All that is kept, and told of documents, in the order in which it was made; ids that were made
        are named by the place at which each comes first. What rises by each step of an account is left
        out."""
        found: dict[str, Any] = {
            table: [
                row[0]
                for row in self.books.session.execute(
                    text(
                        f"SELECT row_to_json(t)::jsonb - 'version' FROM {table}"
                        f" WHERE account_id = ANY(:ids) ORDER BY {order}"
                    ),
                    {"ids": list(self.accounts)},
                )
            ]
            for table, order in TABLES.items()
        }
        for name in TOLD:
            told = self.books.announced(name)
            found[name] = [{**one, "account_balance": None} for one in told]
        places: dict[str, str] = {}
        return {
            name: MADE.sub(
                lambda made: places.setdefault(made[0], f"{made[0][:3]}-{len(places)}"), str(rows)
            )
            for name, rows in found.items()
        }


def open_firm(books: Books) -> Firm:
    """A parent that pays for two of its children, of whom one would be billed monthly; an account that is
    billed monthly, one of its own, one that is closed."""
    whole, monthly, closed = (
        books.open_account(number=f"A-{number}", status=status, payer_id=None)
        for number, status in enumerate(["active", "active", "closed"])
    )
    child = books.open_account(number="A-3", payer_id=whole)
    other = books.open_account(number="A-4", payer_id=monthly)
    books.agree(monthly, bills="monthly")
    books.agree(closed, bills="monthly")
    accounts = [whole, monthly, closed, child, other]
    orders = [
        (account, books.order(account)) for account in [*accounts, whole, monthly, child, other]
    ]
    for account, order in orders[5:]:
        rates = [line(1777, tax="19"), line(333, tax="7")]
        books.bill(account, lines=rates, order_id=order)
        books.bill(account, lines=[line(900, tax="19")], order_id=order)
    orders += [(account, new_id("ord")) for account in (whole, child)]
    return Firm(books, accounts, orders)


class Owed(NamedTuple):
    """A firm that is owed much, and what of it is asked for: of some a part is credited, of the last
    something was discounted."""

    firm: Firm
    invoices: Sequence[Invoice]

    @property
    def books(self) -> Books:
        return self.firm.books

    def both(self, act: Callable[..., object], asked: Sequence[Any]) -> tuple[Any, Any]:
        """What the books say when all is told at once, and when one after the other."""
        return self.firm.undone(lambda: act(*asked)), self.firm.undone(
            lambda: [act(one) for one in asked]
        )


def agree_discount(books: Books, account_id: str) -> None:
    """Two per cent less within ten days."""
    terms = make_payment_terms(
        books.session,
        name="Early",
        lines=[{"percent": None, "amount": None, "net_days": 30}],
        currency=None,
        business_days="none",
        discount_percent=Decimal(2),
        discount_days=10,
        now=books.now,
        by=books.by,
    )
    books.agree(account_id, payment_terms_id=terms.payment_terms_id)


def open_owed(books: Books) -> Owed:
    """Two invoices of each account that is open, in two instalments and at two rates, and one that was
    paid early."""
    firm = open_firm(books)
    early = books.open_account(number="A-9")
    firm = firm._replace(accounts=[*firm.accounts, early])
    halves = [
        {"percent": 50, "amount": None, "net_days": days, "due_date": None} for days in (10, 40)
    ]
    rates = [line(6000, tax="19", quantity="2"), line(1000, tax="7")]
    invoices = [
        books.bill(account, lines=rates, instalments=halves)
        for account in (*firm.accounts[:2], *firm.accounts[3:5])
        for _ in range(2)
    ]
    books.credit(invoices[0], 3000)
    agree_discount(books, early)
    invoices.append(books.bill(early, lines=rates))
    books.pay(early, 10000)
    return Owed(firm, invoices)
