"""Runs that make drafts: previewed and approved as any, issued one by one or all at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.billing.billables.models import Billable
from services.billing.bills.rules import hash_of
from services.billing.closings.queries import count_drafts
from services.billing.drafts.usecases import delete_draft, issue_draft
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import get_invoice
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def draft_of(runs: Runs, run_id: str, account_id: str) -> Invoice:
    return get_invoice(runs.session, invoice_id=runs.bill(run_id, account_id).invoice_id)


def issue(runs: Runs, draft: Invoice) -> Invoice:
    named: dict[str, Any] = {"invoice_id": draft.invoice_id, "issued_on": None}
    return issue_draft(runs.session, **named, **runs.books.moment)


def test_a_run_makes_the_drafts_that_it_foresaw_and_nothing_is_owed_until_they_are_issued(
    books: Books, runs: Runs
) -> None:
    first, second = sorted(books.open_account() for _ in range(2))
    runs.charge(first, 29900, tax_percent=Decimal(20), client_order_number="PO 7")
    runs.charge(second, 5000)
    run_id = runs.plan(makes="drafts")
    assert runs.counts(run_id) == {"pending": (2, 40880)}
    foreseen = {account: bill.hash for account, bill in runs.bills(run_id).items()}
    assert runs.approve(run_id)["status"] == "completed"
    assert runs.counts(run_id) == {"drafted": (2, 40880)}
    assert (books.balance(first), books.announced("InvoiceIssued")) == ((0, 0), [])
    [told] = books.announced("BillingRunCompleted")
    assert told["makes"] == "drafts"
    assert told["amounts"] == [
        {"currency": "EUR", "invoices": 0, "total": 0, "drafts": 2, "drafted": 40880}
    ]
    draft = draft_of(runs, run_id, first)
    assert (draft.status, draft.number, draft.total) == ("draft", None, 35880)
    assert (draft.client_order_number, draft.billing_run_id) == ("PO 7", run_id)
    assert {account: runs.bill(run_id, account).hash for account in foreseen} == foreseen

    issued = issue(runs, draft)
    assert runs.counts(run_id) == {"drafted": (1, 5000), "invoiced": (1, 35880)}
    assert runs.bill(run_id, first).invoice_number == issued.number
    assert books.balance(first) == (35880, 0)
    run = runs.issue_drafts(run_id)
    assert (run["status"], run["left"], run["drafts_issued_by"]) == ("completed", 0, "tester")
    assert runs.counts(run_id) == {"invoiced": (2, 40880)}
    assert books.balance(second) == (5000, 0)
    with pytest.raises(Conflict, match="no drafts any more"):
        runs.issue_drafts(run_id)
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_what_stands_on_a_draft_is_what_the_hash_says(runs: Runs, account: str) -> None:
    runs.charge(account, 333, quantity="1.5", tax_percent=Decimal(19))
    runs.charge(account, 100, tax_percent=Decimal(7))
    run_id = runs.plan(makes="drafts")
    said: dict[str, str] = {}

    def keep(currency: str, priced: Any) -> str:
        said["lines"] = repr([line._asdict() for line in priced.lines])
        return hash_of(currency, priced)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.billing.bills.rules.hash_of", keep)
        runs.approve(run_id)
    draft = draft_of(runs, run_id, account)
    assert [(line.quantity, line.net) for line in draft.lines] == [(Decimal("1.5"), 500), (1, 100)]
    assert (draft.net, draft.tax, draft.total) == (600, 102, 702)
    bill = runs.bill(run_id, account)
    assert (bill.net, bill.tax, bill.total, bill.lines) == (600, 102, 702, 2)
    assert all(str(line.billable_id) in said["lines"] for line in draft.lines)


def test_a_draft_nobody_has_edited_is_made_anew_by_the_next_run_under_its_id(
    books: Books, runs: Runs, account: str
) -> None:
    runs.charge(account, 500, quantity="2")
    first = runs.draft()
    draft_id = draft_of(runs, first, account).invoice_id
    books.wait(30)
    runs.charge(account, 70)
    second = runs.plan(makes="drafts")
    assert runs.counts(second) == {"pending": (1, 1070)}
    runs.approve(second)
    draft = draft_of(runs, second, account)
    assert (draft.invoice_id, draft.version, draft.total) == (draft_id, 2, 1070)
    assert draft.billing_run_id == second
    old = runs.bill(first, account)
    assert (old.status, old.reason, old.invoice_id) == ("skipped", "drafted_anew", None)
    issue(runs, draft)
    assert books.balance(account) == (1070, 0)
    assert list(runs.counts(second)) == ["invoiced"]


def test_a_draft_that_changed_since_it_was_foreseen_parks_the_bill_that_makes_it_anew(
    books: Books, runs: Runs, account: str
) -> None:
    runs.charge(account, 500)
    draft = draft_of(runs, runs.draft(), account)
    runs.charge(account, 70)
    second = runs.plan(makes="drafts")
    issue(runs, draft)
    assert runs.approve(second)["status"] == "completed_with_parked"
    assert runs.bill(second, account).reason == "changed"
    retried = runs.retry(second, account)
    assert (retried.status, retried.total) == ("drafted", 70)
    assert runs.run(second)["status"] == "completed"


def test_a_run_that_issues_leaves_drafts_alone(books: Books, runs: Runs, account: str) -> None:
    runs.charge(account, 500)
    first = runs.draft()
    runs.charge(account, 70)
    runs.approve(runs.plan())
    assert books.balance(account) == (70, 0)
    assert runs.counts(first) == {"drafted": (1, 500)}


def test_a_draft_of_a_run_keeps_its_account_from_being_closed(
    books: Books, runs: Runs, account: str
) -> None:
    runs.charge(account, 500)
    runs.draft()
    assert count_drafts(books.session, account_id=account) == 1


def test_drafts_are_issued_in_chunks_with_the_date_of_their_run(
    books: Books, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.billing.bills.queries.CHUNK", 2)
    accounts = sorted(books.open_account() for _ in range(5))
    for account in accounts:
        runs.charge(account, 500)
    run_id = runs.draft()
    invoice_on = books.today
    books.wait(3)
    runs.issue_drafts(run_id)
    assert [one["left"] for one in books.announced("BillingRunProgressed")] == [3, 1, 3, 1]
    found = select(Invoice).where(Invoice.billing_run_id == run_id).order_by(Invoice.number)
    issued = list(books.session.scalars(found))
    assert {one.issued_on for one in issued} == {invoice_on}
    numbers = [int((one.number or "").removeprefix("2026-")) for one in issued]
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    assert {books.balance(account) for account in accounts} == {(500, 0)}


def test_however_many_drafts_it_takes_as_many_statements(books: Books, runs: Runs) -> None:
    def statements(accounts: int) -> tuple[int, int]:
        for _ in range(accounts):
            account = books.open_account()
            runs.address(account, version=1, email="ann@brown.example")
            for amount in (500, 200):
                runs.charge(account, amount)
        with books.counted() as made:
            run_id = runs.draft()
        with books.counted() as issued:
            runs.issue_drafts(run_id)
        return len(made), len(issued)

    assert statements(1) == statements(6)


def test_drafts_made_anew_take_as_many_statements_however_many(books: Books, runs: Runs) -> None:
    def statements(accounts: int) -> int:
        opened = [books.open_account() for _ in range(accounts)]
        for account in opened:
            runs.charge(account, 500)
        runs.draft()
        for account in opened:
            runs.charge(account, 200)
        with books.counted() as sent:
            run_id = runs.draft()
        runs.issue_drafts(run_id)
        return len(sent)

    assert statements(1) == statements(6)


STEPS = st.lists(
    st.tuples(st.sampled_from(["charge", "draft", "bill", "issue", "delete"]), st.integers(0, 2)),
    min_size=3,
    max_size=12,
)


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(STEPS)
def test_whatever_is_drafted_issued_and_deleted_is_billed_once(
    session: Session, steps: list[tuple[str, int]]
) -> None:
    with session.begin_nested() as savepoint:
        books = Books(session)
        runs = Runs(books)
        accounts = [books.open_account() for _ in range(3)]
        charged = dict.fromkeys(accounts, 0)
        for step, place in [*steps, ("bill", 0)]:
            account = accounts[place]
            draft = find_draft(session, account)
            books.today += timedelta(days=1)
            if step == "charge":
                charged[account] += 100 + place
                runs.charge(account, 100 + place)
            elif step in ("draft", "bill") and is_pending(session, accounts):
                makes = "drafts" if step == "draft" else "invoices"
                runs.approve(runs.plan(makes=makes, accounts=accounts))
            elif step == "issue" and draft is not None:
                issue(runs, draft)
            elif step == "delete" and draft is not None:
                moment = {"now": books.now, "by": books.by}
                delete_draft(session, invoice_id=draft.invoice_id, **moment)
            session.expire_all()
        for account in accounts:
            draft = find_draft(session, account)
            drafted = draft.total if draft else 0
            pending = sum_pending(session, account)
            assert books.balance(account)[0] + drafted + pending == charged[account]
        assert reconcile(session)["differences"] == []
        savepoint.rollback()


def find_draft(session: Session, account_id: str) -> Invoice | None:
    found = select(Invoice).where(Invoice.account_id == account_id, Invoice.issued_on.is_(None))
    return session.scalars(found).one_or_none()


def sum_pending(session: Session, account_id: str) -> int:
    of_it = Billable.account_id == account_id
    found = session.scalar(select(func.sum(Billable.pending * Billable.unit_price)).where(of_it))
    return int(found or 0)


def is_pending(session: Session, accounts: list[str]) -> bool:
    return any(sum_pending(session, account) for account in accounts)
