"""What the tests of billing runs begin with: books in which something is to be billed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from services.billing.addressees.usecases import keep_addressees
from services.billing.billables.rules import BillableKind
from services.billing.billables.usecases import add_billables
from services.billing.billing_runs import usecases
from services.billing.billing_runs.models import BillingRun
from services.billing.billing_runs.queries import get_run, list_bills, preview_run
from tests.services.billing.conftest import Books

_KEYS = count()
GOING = ("planned", "approved", "running")


class Runs:
    """Plans runs in books and lets them go on. Amounts in cents, free of tax unless said otherwise."""

    def __init__(self, books: Books) -> None:
        self.books, self.session = books, books.session
        self.charged: set[str] = set()

    def charge(self, account_id: str, unit_price: int, *, quantity: str = "1", **facts: Any) -> str:
        """Something to be billed; its key."""
        self.charged.add(account_id)
        key = str(facts.pop("key", f"key-{next(_KEYS)}"))
        row = {
            "key": key,
            "account_id": account_id,
            "kind": BillableKind.CHARGE,
            "currency": "EUR",
            "description": "Support",
            "quantity": Decimal(quantity),
            "unit_price": unit_price,
            "tax_percent": Decimal(0),
            "bill_on": self.books.today,
        }
        add_billables(self.session, [row | facts], now=self.books.now, by=self.books.by)
        return key

    def plan(self, **facts: Any) -> str:
        """Plan a run until today over the accounts with charges, and have it foreseen; its id."""
        asked: dict[str, Any] = {"cutoff_on": self.books.today, "invoice_on": None}
        asked["accounts"] = None if "bill_day" in facts else sorted(self.charged)
        asked |= {"currency": None, "bill_day": None, "lines_max": 500, "ratio_max": Decimal(5)}
        asked["makes"] = "invoices"
        run = usecases.plan_run(self.session, **asked | facts, **self.books.moment)
        run_id = str(run["billing_run_id"])
        self.go_on(run_id)
        return run_id

    def go_on(self, run_id: str) -> None:
        """Let a run go through what it does by itself."""
        moment = {"today": self.books.today, "now": self.books.now}
        while self.run(run_id)["status"] in GOING:
            usecases.go_on(self.session, billing_run_id=run_id, **moment)
        self.session.expire_all()

    def approve(self, run_id: str) -> dict[str, Any]:
        """Approve a run and let it go through."""
        usecases.approve_run(self.session, billing_run_id=run_id, **self.books.moment)
        self.go_on(run_id)
        return self.run(run_id)

    def draft(self, **facts: Any) -> str:
        """Plan a run that makes drafts, and let it make them; its id."""
        run_id = self.plan(makes="drafts", **facts)
        self.approve(run_id)
        return run_id

    def issue_drafts(self, run_id: str) -> dict[str, Any]:
        """Have all drafts of a run issued."""
        moment = {"now": self.books.now, "by": self.books.by}
        usecases.issue_drafts_of_run(self.session, billing_run_id=run_id, **moment)
        self.go_on(run_id)
        return self.run(run_id)

    def of_day(self, day: date) -> list[str]:
        """Let it be a day, and the runs that it makes go through; their ids."""
        self.books.today = day
        ids = select(BillingRun.billing_run_id)
        before = self.session.scalars(ids).all()
        usecases.plan_run_of_day(self.session, day=day, now=self.books.now, by="billing")
        made = list(self.session.scalars(ids.where(BillingRun.billing_run_id.not_in(before))))
        for run_id in made:
            self.go_on(run_id)
        return made

    def agree_on_bill_day(self, account_id: str, day: int) -> None:
        self.books.agree(account_id, bill_day=day)

    def address(self, account_id: str, *, version: int, **facts: Any) -> None:
        """Hear how an account is addressed: by nothing, unless said otherwise."""
        known = {"account_id": account_id, "version": version, "number": "A-1", "name": "Brown"}
        known |= {"language": "en", "tax_id": None, "preferred_channel": "email", "email": None}
        told = {**known, "addresses": [], "invoice_recipients": [], **facts}
        keep_addressees(self.session, [told], now=self.books.now)
        self.session.expire_all()

    def retry(self, run_id: str, account_id: str, **facts: Any) -> Any:
        return self._settle(usecases.retry_bill_of_run, run_id, account_id, **facts)

    def skip(self, run_id: str, account_id: str) -> Any:
        return self._settle(usecases.skip_bill_of_run, run_id, account_id)

    def run(self, run_id: str) -> dict[str, Any]:
        return get_run(self.session, billing_run_id=run_id)

    def preview(self, run_id: str) -> dict[str, Any]:
        return preview_run(self.session, billing_run_id=run_id)

    def bills(self, run_id: str) -> dict[str, Any]:
        """A run's bills by account."""
        page = {"status": None, "change": None, "limit": 500, "after": None}
        found = list_bills(self.session, billing_run_id=run_id, **page)
        return {bill.account_id: bill for bill in found["items"]}

    def bill(self, run_id: str, account_id: str) -> Any:
        return self.bills(run_id)[account_id]

    def counts(self, run_id: str) -> dict[str, tuple[int, int]]:
        """How many bills stand where, and what they come to, in EUR."""
        counts = self.run(run_id)["counts"]
        return {one["status"]: (one["bills"], one["total"]) for one in counts}

    def month(self, number: int) -> None:
        """Let it be the first of a month of 2026."""
        self.books.today = date(2026, number, 1)

    def _settle(self, act: Any, run_id: str, account_id: str, **facts: Any) -> Any:
        named = {"billing_run_id": run_id, "account_id": account_id, "currency": "EUR"}
        given = {"client_order_number": None} if act is usecases.retry_bill_of_run else {}
        bill = act(self.session, **named, reason="Looked.", **given | facts, **self.books.moment)
        self.session.expire_all()
        return bill


@pytest.fixture
def runs(books: Books) -> Runs:
    return Runs(books)
