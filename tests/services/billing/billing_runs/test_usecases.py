"""What is pending is foreseen, approved and billed; what is not as it should be waits for a person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.billing.billables.models import Billable
from services.billing.billables.usecases import cancel_billables
from services.billing.billing_runs.usecases import approve_run, cancel_run, go_on
from services.billing.invoices.models import Invoice
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


def invoices(books: Books, run_id: str) -> list[Invoice]:
    found = select(Invoice).where(Invoice.billing_run_id == run_id).order_by(Invoice.number)
    return list(books.session.scalars(found))


def assert_numbered(books: Books, run_id: str, count: int) -> None:
    """A run has so many invoices, with numbers in a row."""
    numbers = [int((one.number or "").removeprefix("2026-")) for one in invoices(books, run_id)]
    assert numbers == list(range(numbers[0], numbers[0] + count))


def billable(books: Books, key: str) -> Billable:
    return books.session.scalars(select(Billable).where(Billable.key == key)).one()


def cancel(books: Books, key: str, quantity: str) -> None:
    cancel_billables(books.session, {billable(books, key).billable_id: Decimal(quantity)})


def test_one_invoice_bills_all_that_is_pending_of_an_account(books: Books, runs: Runs) -> None:
    first, second = sorted(books.open_account() for _ in range(2))
    days = {"service_from": date(2026, 2, 1), "service_until": date(2026, 2, 28)}
    runs.charge(first, 29900, tax_percent=Decimal(20), client_order_number="PO 7", **days)
    runs.charge(first, 1250, quantity="-1", tax_percent=Decimal(20), description="Too much")
    runs.charge(second, 5000)
    runs.charge(second, 700, bill_on=books.today + timedelta(days=1))
    run_id = runs.plan()
    assert runs.counts(run_id) == {"pending": (2, 39380)}
    assert (runs.run(run_id)["status"], runs.run(run_id)["left"]) == ("previewed", 2)
    assert invoices(books, run_id) == []

    done = runs.approve(run_id)
    assert (done["status"], done["left"], done["bills"]) == ("completed", 0, 2)
    assert runs.counts(run_id) == {"invoiced": (2, 39380)}
    [one, other] = invoices(books, run_id)
    assert (one.total, one.client_order_number) == (34380, "PO 7")
    assert (one.issued_on, other.total, other.account_id) == (books.today, 5000, second)
    told = books.announced("InvoiceIssued")[0]
    assert told["billing_run_id"] == run_id
    assert [line["service_from"] for line in told["lines"]] == [None, "2026-02-01"]
    assert runs.bill(run_id, first).invoice_number == one.number
    assert books.balance(first) == (34380, 0)
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_what_is_billed_is_not_billed_again(books: Books, runs: Runs, account: str) -> None:
    runs.charge(account, 5000)
    run_id = runs.plan()
    runs.approve(run_id)
    with pytest.raises(Conflict, match="The billing run is completed"):
        approve_run(books.session, billing_run_id=run_id, **books.moment)
    go_on(books.session, billing_run_id=run_id, today=books.today, now=books.now)
    assert len(invoices(books, run_id)) == 1
    with pytest.raises(Conflict, match="Nothing of these accounts is to be billed"):
        runs.plan()


def test_of_two_runs_over_the_same_the_second_finds_nothing(
    books: Books, runs: Runs, account: str
) -> None:
    other = books.open_account()
    runs.charge(account, 5000)
    runs.charge(other, 300)
    one, two = runs.plan(), runs.plan(accounts=[account])
    runs.approve(one)
    assert runs.approve(two)["status"] == "completed"
    bill = runs.bill(two, account)
    assert (bill.status, bill.reason) == ("nothing_due", "nothing_pending")
    assert books.balance(account) == (5000, 0)


def test_what_was_learned_after_planning_waits_for_another_run(
    books: Books, runs: Runs, account: str
) -> None:
    runs.charge(account, 5000)
    run_id = runs.plan()
    books.wait(1)
    runs.charge(account, 900, bill_on=books.today - timedelta(days=9))
    runs.approve(run_id)
    assert [one.total for one in invoices(books, run_id)] == [5000]
    again = runs.plan()
    assert runs.counts(again) == {"pending": (1, 900)}


def test_what_is_other_than_foreseen_is_parked_until_a_person_has_looked(
    books: Books, runs: Runs, account: str
) -> None:
    other = books.open_account()
    key = runs.charge(account, 1000, quantity="5")
    runs.charge(other, 300)
    run_id = runs.plan()
    cancel(books, key, "2")
    assert runs.approve(run_id)["status"] == "completed_with_parked"
    bill = runs.bill(run_id, account)
    assert (bill.status, bill.reason, bill.total) == ("parked", "changed", 5000)
    [told] = books.announced("BillingRunCompleted")
    assert (told["parked"], told["amounts"]) == (
        1,
        [{"currency": "EUR", "invoices": 1, "total": 300, "drafts": 0, "drafted": 0}],
    )

    bill = runs.retry(run_id, account)
    assert (bill.status, bill.total, bill.is_accepted) == ("invoiced", 3000, True)
    assert (bill.decided_by, bill.decided_reason) == ("tester", "Looked.")
    assert runs.run(run_id)["status"] == "completed"
    [_, told] = books.announced("BillingRunCompleted")
    assert (told["parked"], told["status"]) == (0, "completed")
    assert books.balance(account) == (3000, 0)


@pytest.mark.parametrize(
    ("facts", "asked", "reason"),
    [
        ({"status": "closing"}, {}, "account_closing"),
        ({"status": "closed"}, {}, "account_closed"),
        ({"order_number_required": True}, {}, "order_number_missing"),
        ({}, {"lines_max": 1}, "too_many_lines"),
    ],
)
def test_what_may_not_go_out_by_itself_is_parked(
    books: Books, runs: Runs, facts: dict[str, Any], asked: dict[str, Any], reason: str
) -> None:
    account = books.open_account(**facts)
    runs.charge(account, 400, client_order_number="PO 1")
    runs.charge(account, 100)
    run_id = runs.plan(**asked)
    assert runs.bill(run_id, account).reason == reason
    [left_out] = runs.preview(run_id)["left_out"]
    assert (left_out["status"], left_out["reason"], left_out["total"]) == ("parked", reason, 500)
    assert runs.approve(run_id)["status"] == "completed_with_parked"
    assert books.balance(account) == (0, 0)


def test_what_is_of_an_account_not_heard_of_waits_for_its_events(books: Books, runs: Runs) -> None:
    unknown = new_id("acc")
    runs.charge(unknown, 500)
    run_id = runs.plan()
    assert runs.bill(run_id, unknown).reason == "account_unknown"
    books.open_account(account_id=unknown)
    assert runs.retry(run_id, unknown).status == "pending"
    assert runs.approve(run_id)["status"] == "completed"
    assert books.balance(unknown) == (500, 0)


def test_what_somebody_else_pays_for_is_on_their_bill(
    books: Books, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, parent = sorted(books.open_account() for _ in range(2))
    payers = {child: parent, parent: parent}
    monkeypatch.setattr("services.billing.bills.usecases.find_payers", lambda *_, **__: payers)
    runs.charge(child, 500)
    runs.charge(parent, 70)
    run_id = runs.plan()
    assert runs.bill(run_id, parent).account_ids == [child, parent]
    runs.approve(run_id)
    assert (books.balance(parent), books.balance(child)) == ((570, 0), (0, 0))
    with pytest.raises(Conflict, match="Nothing of these accounts"):
        runs.plan()


def test_what_is_far_off_what_is_usual_is_parked(books: Books, runs: Runs) -> None:
    accounts = sorted(books.open_account() for _ in range(3))
    for account in accounts:
        for amount in (90000, 1000, 1000, 1000, 1000, 1000, 1000):
            books.bill(account, amount)
    books.void(books.bill(accounts[0], 500000))
    for account, amount in zip(accounts, (5001, 5000, 199), strict=True):
        runs.charge(account, amount)
    run_id = runs.plan()
    bills = runs.bills(run_id)
    assert [bills[one].usual for one in accounts] == [1000] * 3
    assert [bills[one].status for one in accounts] == ["parked", "pending", "parked"]
    assert runs.run(run_id)["left"] == 1
    assert runs.retry(run_id, accounts[0]).status == "pending"
    runs.skip(run_id, accounts[1])
    assert runs.run(run_id)["left"] == 1
    assert runs.approve(run_id)["status"] == "completed_with_parked"
    assert runs.counts(run_id) == {
        "invoiced": (1, 5001),
        "parked": (1, 199),
        "skipped": (1, 5000),
    }
    assert runs.skip(run_id, accounts[2]).reason == "by_hand"
    assert runs.run(run_id)["status"] == "completed"
    with pytest.raises(Conflict, match="The billing run is completed"):
        runs.retry(run_id, accounts[2])


def test_the_clients_order_number_is_given_by_hand_where_it_is_demanded(
    books: Books, runs: Runs
) -> None:
    account = books.open_account(order_number_required=True)
    runs.charge(account, 400)
    run_id = runs.plan()
    assert runs.retry(run_id, account).status == "parked"
    assert runs.retry(run_id, account, client_order_number="PO 9").status == "pending"
    runs.approve(run_id)
    assert [one.client_order_number for one in invoices(books, run_id)] == ["PO 9"]


def test_what_comes_to_nothing_waits_for_the_next_bill(
    books: Books, runs: Runs, account: str
) -> None:
    """199.99 for September, 60.00 of it taken back: October's bill takes it first."""
    runs.charge(account, 6000, quantity="-1", description="Repair")
    run_id = runs.plan()
    bill = runs.bill(run_id, account)
    assert (bill.status, bill.reason, bill.total) == ("nothing_due", "below_nothing", -6000)
    assert runs.approve(run_id)["status"] == "completed"
    runs.charge(account, 19999)
    run_id = runs.plan()
    runs.approve(run_id)
    [invoice] = invoices(books, run_id)
    assert (invoice.total, invoice.lines[0].description) == (13999, "Repair")


def test_what_was_billed_in_error_is_billed_again_when_it_is_void(
    books: Books, runs: Runs, account: str
) -> None:
    runs.charge(account, 5000)
    run_id = runs.plan()
    runs.approve(run_id)
    books.void(invoices(books, run_id)[0])
    again = runs.plan()
    runs.approve(again)
    assert [one.total for one in invoices(books, again)] == [5000]


def test_a_preview_says_what_changed_since_the_run_before(books: Books, runs: Runs) -> None:
    up, down, same, gone, new, first = sorted(books.open_account() for _ in range(6))
    runs.month(3)
    for account, amount in ((up, 100), (down, 200), (same, 300), (gone, 400)):
        runs.charge(account, amount)
    everybody = [up, down, same, gone, new, first]
    before = runs.plan(accounts=everybody)
    runs.approve(before)
    runs.month(4)
    books.bill(new, 500)
    for account, amount in ((up, 110), (down, 190), (same, 300), (new, 500), (first, 600)):
        runs.charge(account, amount)
    runs.approve(runs.plan(accounts=[same]))  # of another choice
    runs.charge(same, 300)
    run_id = runs.plan(accounts=everybody)

    shown = runs.preview(run_id)
    assert shown["previous_run_id"] == before
    assert {
        one["change"]: (one["bills"], one["total"], one["previous"]) for one in shown["changes"]
    } == {
        "up": (1, 110, 100),
        "down": (1, 190, 200),
        "same": (1, 300, 300),
        "new": (1, 500, 0),
        "first": (1, 600, 0),
    }
    assert shown["gone"] == [{"currency": "EUR", "bills": 1, "previous": 400}]
    assert shown["left_out"] == []
    assert [one.account_id for one in shown["largest"]] == [first, new, same, down, up]
    assert [one.account_id for one in shown["first"]] == [first]
    assert shown["counts"] == runs.run(run_id)["counts"]


def test_currencies_have_bills_of_their_own(books: Books, runs: Runs, account: str) -> None:
    runs.charge(account, 100)
    runs.charge(account, 200, currency="USD")
    run_id = runs.plan()
    assert {one["currency"]: one["total"] for one in runs.run(run_id)["counts"]} == {
        "EUR": 100,
        "USD": 200,
    }
    only = runs.plan(currency="USD")
    assert [one["currency"] for one in runs.run(only)["counts"]] == ["USD"]


def test_a_run_is_cancelled_until_it_runs(books: Books, runs: Runs, account: str) -> None:
    runs.charge(account, 100)
    run_id, later = runs.plan(), runs.plan(invoice_on=books.today + timedelta(days=3))
    with pytest.raises(Conflict, match="approve the run on that day"):
        approve_run(books.session, billing_run_id=later, **books.moment)
    cancelled = cancel_run(
        books.session, billing_run_id=later, reason="Another day.", now=books.now
    )
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "Another day.")
    runs.approve(run_id)
    with pytest.raises(Conflict, match="The billing run is completed"):
        cancel_run(books.session, billing_run_id=run_id, reason="Late.", now=books.now)
    with pytest.raises(NotFound):
        runs.retry(runs_with_parked(books, runs), account)


def runs_with_parked(books: Books, runs: Runs) -> str:
    """A run with a parked bill of another account."""
    runs.charge(books.open_account(status="closed"), 100)
    return runs.plan()


def test_one_that_fails_alone_is_parked_and_stops_no_other(books: Books, runs: Runs) -> None:
    accounts = sorted(books.open_account() for _ in range(3))
    for account in accounts:
        runs.charge(account, 500)
    run_id = runs.plan()
    harm = "UPDATE account_balance SET open = 9007199254740990 WHERE account_id = :account_id"
    books.pay(accounts[1], 1)
    books.session.execute(text(harm), {"account_id": accounts[1]})  # has no room for more
    assert runs.approve(run_id)["status"] == "completed_with_parked"
    bills = runs.bills(run_id)
    assert [bills[one].status for one in accounts] == ["invoiced", "parked", "invoiced"]
    assert "would have to hold" in bills[accounts[1]].detail
    assert_numbered(books, run_id, 2)


def test_a_run_goes_through_its_bills_in_chunks_and_says_how_far_it_is(
    books: Books, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.billing.bills.queries.CHUNK", 2)
    accounts = sorted(books.open_account() for _ in range(5))
    for account in accounts:
        runs.charge(account, 500)
    run_id = runs.plan()
    runs.approve(run_id)
    assert [data["left"] for data in books.announced("BillingRunStarted")] == [5]
    assert [data["left"] for data in books.announced("BillingRunProgressed")] == [3, 1]
    [told] = books.announced("BillingRunCompleted")
    assert (told["left"], told["bills"], told["status"]) == (0, 5, "completed")
    assert_numbered(books, run_id, 5)


def test_what_is_done_at_once_has_few_lines_unless_one_bill_alone_has_more(
    books: Books, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.billing.bills.queries.LINES_AT_ONCE", 3)
    accounts = sorted(books.open_account() for _ in range(5))
    for place in [0, 0, 1, 2, 2, 2, 2, 3, 3, 4, 4]:
        runs.charge(accounts[place], 100)
    run_id = runs.plan()
    runs.approve(run_id)
    assert [data["left"] for data in books.announced("BillingRunProgressed")] == [3, 2, 1]
    assert runs.counts(run_id) == {"invoiced": (5, 1100)}
    assert_numbered(books, run_id, 5)


def test_however_many_bills_it_takes_as_many_statements(books: Books, runs: Runs) -> None:
    def statements(accounts: int) -> int:
        for _ in range(accounts):
            account = books.open_account()
            runs.address(account, version=1, email="ann@brown.example")
            runs.charge(account, 500)
            runs.charge(account, 200)
        with books.counted() as sent:
            runs.approve(runs.plan())
        return len(sent)

    assert statements(1) == statements(6)


def test_who_wants_their_bill_today_is_billed_by_the_day(books: Books, runs: Runs) -> None:
    today, end, other = sorted(books.open_account() for _ in range(3))
    for account, day in ((today, 30), (end, 31), (other, 29)):
        runs.agree_on_bill_day(account, day)
        runs.charge(account, 500)
    assert runs.of_day(date(2026, 4, 28)) == []
    [run_id] = runs.of_day(date(2026, 4, 30))
    run = runs.run(run_id)
    assert (run["status"], run["is_automatic"], run["approved_by"]) == (
        "completed",
        True,
        "billing",
    )
    assert [one.account_id for one in invoices(books, run_id)] == [today, end]
    runs.charge(other, 100)
    chosen = runs.plan(bill_day=29)
    assert runs.counts(chosen) == {"pending": (1, 600)}
