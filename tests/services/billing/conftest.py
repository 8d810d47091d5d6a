"""What the tests of billing begin with: books in which accounts are billed and pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from chassis.bulk import Asked
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.accounts.usecases import keep_accounts
from services.billing.batches import usecases as batches
from services.billing.credit_batches import usecases as credit_batches
from services.billing.credit_voids import usecases as credit_voids
from services.billing.credits import usecases as credit_notes
from services.billing.credits.models import CreditNote
from services.billing.debit_notes import usecases as debit_notes
from services.billing.invoices import usecases as invoices
from services.billing.invoices.models import Invoice
from services.billing.issuing import usecases as issuing
from services.billing.items.models import Item
from services.billing.items.queries import get_balance
from services.billing.orders.usecases import keep_orders
from services.billing.payments import usecases as payments
from services.billing.payments.models import Payment
from services.billing.receiving import usecases as receiving
from services.billing.reports.queries import report_ageing
from services.billing.reschedules import usecases as reschedules
from services.billing.shipments import usecases as shipments
from services.billing.statements.queries import get_statement
from services.billing.voids import usecases as voids
from tests.services.billing.agreeing import Agreeing
from tests.services.billing.collecting import Collecting
from tests.services.billing.returning import Returning
from tests.services.billing.taking_back import TakingBack


def line(net: int, *, tax: str = "0", quantity: str = "1", **taxed: str) -> dict[str, Any]:
    return {
        "description": "Service",
        "quantity": Decimal(quantity),
        "unit_price": net,
        "tax_percent": Decimal(tax),
    } | taxed


def _rescheduled(parts: Sequence[tuple[int, date]]) -> dict[str, Any]:
    instalments = [{"amount": amount, "due_date": due_date} for amount, due_date in parts]
    return {"instalments": instalments, "reason": "asked for time"}


class Books(Agreeing, Collecting, Returning, TakingBack):
    """Works on one session, on a day that can be moved forward. Amounts in cents, EUR unless said
    otherwise; invoices are free of tax unless lines are given."""

    line = staticmethod(line)

    def __init__(self, session: Session) -> None:
        self.session = session
        self.today = date(2026, 3, 2)
        self.by = "tester"

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(9), UTC)

    @property
    def moment(self) -> dict[str, Any]:
        return {"today": self.today, "now": self.now, "by": self.by}

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def open_account(self, **facts: Any) -> str:
        account_id = facts.setdefault("account_id", new_id("acc"))
        known = {"version": 1, "number": "A-1", "status": "active", "net_days": 30}
        known["country"] = "DE"
        told = [*self.session.info.get("announced", ())]
        keep_accounts(self.session, [known | facts])
        self.session.info["announced"] = told  # that it is known has tests of its own
        return account_id

    def order(self, account_id: str, *, currency: str = "EUR") -> str:
        """An order of the account that was confirmed."""
        order_id = new_id("ord")
        self.keep_order(account_id, order_id, version=2, currency=currency)
        return order_id

    def keep_order(self, account_id: str, order_id: str, **facts: Any) -> None:
        """Hear what became of an order."""
        known = {"number": "SO-100001", "currency": "EUR", "is_ended": False} | facts
        keep_orders(self.session, [{"order_id": order_id, "account_id": account_id, **known}])

    def ship(self, account_id: str, order_id: str, *lines: dict[str, Any], **facts: Any) -> str:
        """Hear that goods of an order were sent; the shipment's id."""
        shipment = self.sent(account_id, order_id, *lines, **facts)
        shipments.bill_shipments(self.session, [shipment], **self.moment)
        shipment_id: str = shipment["shipment_id"]
        return shipment_id

    def sent(
        self, account_id: str, order_id: str, *lines: dict[str, Any], **facts: Any
    ) -> dict[str, Any]:
        """What is heard of a shipment."""
        return {
            "account_id": account_id,
            "order_id": order_id,
            "order_number": "SO-100001",
            "lines": lines,
            "shipment_id": new_id("shp"),
            "number": "SH-100001",
            "currency": "EUR",
            "client_order_number": None,
            "bills_on": "shipment",
            "shipped_on": None,
            "is_billed_apart": False,
        } | facts

    def demand(self, account_id: str, amount: int = 0, **facts: Any) -> dict[str, Any]:
        """What a caller gives for an invoice."""
        return {
            "account_id": account_id,
            "currency": "EUR",
            "lines": [line(amount)],
            "net_days": None,
            "due_date": None,
            "instalments": None,
            "payment_terms_id": None,
            "business_days": None,
            "discount_percent": None,
            "discount_days": None,
            "number": None,
            "series": None,
            "order_id": None,
            "client_order_number": None,
        } | facts

    def draft(self, account_id: str, amount: int = 10000, **facts: Any) -> Invoice:
        return invoices.draft_invoice(
            self.session, **self.moment, **self.demand(account_id, amount, **facts)
        )

    def issue(self, invoice: Invoice, *, issued_on: date | None = None) -> Invoice:
        return issuing.issue_invoice(
            self.session, invoice_id=invoice.invoice_id, issued_on=issued_on, **self.moment
        )

    def bill(
        self, account_id: str, amount: int = 10000, *, issued_on: date | None = None, **facts: Any
    ) -> Invoice:
        return self.issue(self.draft(account_id, amount, **facts), issued_on=issued_on)

    def raise_invoice(self, invoice: Invoice, *lines: dict[str, Any], **facts: Any) -> Invoice:
        """Issue a debit note for an invoice."""
        terms = {"net_days": None, "due_date": None, "instalments": None, "issued_on": None}
        terms |= {"payment_terms_id": None, "business_days": None}
        terms |= {"discount_percent": None, "discount_days": None}
        return debit_notes.raise_invoice(
            self.session,
            invoice_id=invoice.invoice_id,
            lines=lines,
            **terms | facts,
            **self.moment,
        )

    def batch(self, *rows: Any) -> dict[str, Any]:
        return batches.issue_batch(self.session, invoices=rows, **self.moment)

    def invoice(self, invoice_id: str) -> Invoice:
        return self.session.get_one(Invoice, invoice_id)

    def void(self, invoice: Invoice) -> Invoice:
        return voids.void_invoice(
            self.session, invoice_id=invoice.invoice_id, reason="wrong", **self.moment
        )

    def reschedule(self, invoice: Invoice, *parts: tuple[int, date]) -> Invoice:
        """Have what is open due in these amounts on these days."""
        return reschedules.reschedule_invoice(
            self.session, invoice_id=invoice.invoice_id, **_rescheduled(parts), **self.moment
        )

    def reschedule_item(self, item: Item, *parts: tuple[int, date]) -> Invoice:
        return reschedules.reschedule_item(
            self.session, item_id=item.item_id, **_rescheduled(parts), **self.moment
        )

    def pay(
        self,
        account_id: str,
        amount: int,
        *,
        value_date: date | None = None,
        currency: str = "EUR",
        instruction: list[dict[str, Any]] | None = None,
    ) -> Payment:
        payment = {"account_id": account_id, "currency": currency, "amount": amount}
        payment |= {"value_date": value_date or self.today, "instruction": instruction}
        [received] = self.receive(payment)
        if isinstance(received, Refusal):
            raise received
        return self.session.get_one(Payment, received.payment_id)

    def receive(self, *rows: dict[str, Any]) -> list[Payment | Refusal]:
        """What becomes of payments that come at once."""
        usual = {"currency": "EUR", "value_date": self.today, "method": "transfer"}
        usual |= {"reference": None, "external_id": None, "instruction": None}
        caller = Caller(self.by, frozenset({"*"}))
        asked = [Asked(usual | row, caller, "", None, {}) for row in rows]
        return receiving.receive_payments(self.session, asked=asked, today=self.today, now=self.now)

    def allocate(self, payment: Payment, *instruction: dict[str, Any]) -> Payment:
        now = {"now": self.now, "by": self.by}
        if not instruction:
            return payments.allocate_payment_oldest_first(
                self.session, payment_id=payment.payment_id, **now
            )
        return payments.allocate_payment(
            self.session, payment_id=payment.payment_id, instruction=instruction, **now
        )

    def credit(
        self,
        invoice: Invoice,
        amount: int | None = None,
        **facts: Any,
    ) -> CreditNote:
        asked = {"lines": None, "rates": None, "issued_on": None} | facts
        return credit_notes.credit_invoice(
            self.session,
            invoice_id=invoice.invoice_id,
            amount=amount,
            reason="complaint",
            **{"remedy_id": None, "return_id": None} | asked,
            **self.moment,
        )

    def credit_batch(self, *rows: Any) -> dict[str, Any]:
        """Issue credit notes at once, each on an invoice or, where it names an account, free."""
        why = {"reason": "returned", "remedy_id": None, "return_id": None, "return_part": 1}
        why["issued_on"] = None
        usual = why | {"amount": None, "lines": None, "rates": None}
        free = why | {"currency": "EUR", "order_id": None}
        asked = [
            row
            if isinstance(row, Refusal)
            else {"on_invoice": None, "free": free | row}
            if "account_id" in row
            else {"on_invoice": usual | row, "free": None}
            for row in rows
        ]
        return credit_batches.issue_credit_batch(self.session, credit_notes=asked, **self.moment)

    def credit_lines(self, invoice: Invoice, *lines: tuple[Any, ...]) -> CreditNote:
        """Credit lines of an invoice: their position, quantity (None: all that is left) and, if at a
        lower one, unit price."""
        asked = [
            {
                "position": place,
                "quantity": None if quantity is None else Decimal(quantity),
                "unit_price": unit_price[0] if unit_price else None,
            }
            for place, quantity, *unit_price in lines
        ]
        return self.credit(invoice, lines=asked)

    def credit_freely(
        self, account_id: str, amount: int, *, tax: str = "0", order_id: str | None = None
    ) -> CreditNote:
        return credit_notes.credit_account(
            self.session,
            account_id=account_id,
            currency="EUR",
            lines=[line(amount, tax=tax)],
            order_id=order_id,
            issued_on=None,
            reason="goodwill",
            remedy_id=None,
            return_id=None,
            **self.moment,
        )

    def void_credit(self, note: CreditNote) -> CreditNote:
        return credit_voids.void_credit_note(
            self.session, credit_note_id=note.credit_note_id, reason="in error", **self.moment
        )

    def allocate_credit(self, note: CreditNote) -> CreditNote:
        return credit_notes.allocate_credit_note_oldest_first(
            self.session, credit_note_id=note.credit_note_id, now=self.now, by=self.by
        )

    def balance(self, account_id: str, currency: str = "EUR") -> tuple[int, int]:
        """What is open and what is unapplied."""
        balances = get_balance(self.session, account_id=account_id, today=self.today)["balances"]
        found = {each["currency"]: (each["open"], each["unapplied"]) for each in balances}
        return found.get(currency, (0, 0))

    def aged(
        self, account_id: str, *, as_of: date | None = None, known_at: datetime | None = None
    ) -> dict[str, tuple[int, int]]:
        """Count and amount of an account's open items in EUR by bucket, those without any left out."""
        ageing = report_ageing(
            self.session,
            as_of=as_of,
            known_at=known_at,
            currency="EUR",
            account_id=account_id,
            limit=50,
            after=None,
            today=self.today,
            now=self.now,
        )
        return {
            bucket["bucket"]: (bucket["count"], bucket["amount"])
            for total in ageing["totals"]
            for bucket in total["buckets"]
            if bucket["count"]
        }

    def owed(self, account_id: str, **asked: Any) -> int:
        """What ageing comes to for an account, in EUR."""
        return sum(amount for _, amount in self.aged(account_id, **asked).values())

    def closing(self, account_id: str) -> int:
        """What a statement says is owed in EUR at the end of today."""
        told = get_statement(
            self.session,
            account_id=account_id,
            currency="EUR",
            first_day=self.today,
            last_day=self.today,
            known_at=None,
            limit=1,
            after=None,
            now=self.now,
        )
        closing: int = told["closing"]
        return closing

    def allocation_ids(self) -> list[str]:
        """Of the allocations announced, in their order."""
        return [data["allocation_id"] for data in self.announced("AllocationMade")]

    def announced(self, *names: str) -> list[dict[str, Any]]:
        """What was announced under these names."""
        return [
            data
            for event_class, data, _ in self.session.info.get("announced", [])
            if event_class.__name__ in names
        ]

    def announced_names(self) -> list[str]:
        return [each.__name__ for each, *_ in self.session.info.get("announced", [])]

    def check_constraints(self) -> None:
        """Have the database check now what it would at the commit."""
        self.session.flush()
        self.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The statements that are sent to the database meanwhile."""
        statements: list[str] = []
        connection = self.session.connection()

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(connection, "before_cursor_execute", count)
        yield statements
        event.remove(connection, "before_cursor_execute", count)


@pytest.fixture
def books(session: Session) -> Books:
    return Books(session)


@pytest.fixture
def account(books: Books) -> str:
    """An active account with 30 days to pay."""
    return books.open_account()
