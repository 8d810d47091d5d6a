"""More is owed on an invoice after its issue: a debit note, in all else an invoice."""

from datetime import date

import pytest

from kernel.refusals import Conflict, Invalid
from services.billing.reconciliation.queries import reconcile
from services.billing.reports.queries import report_dso
from tests.services.billing.conftest import line

pytestmark = pytest.mark.server


def code_of(act):
    with pytest.raises((Conflict, Invalid)) as refusal:
        act()
    return refusal.value.code


def billed(books) -> int:
    """What was billed in all, with tax."""
    period = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 31), "known_at": None}
    report = report_dso(books.session, **period, currency="EUR", now=books.now)
    return report["billed"]


def test_it_has_a_number_taxes_and_an_item_of_its_own_due_by_the_terms_of_its_account(
    books, account
):
    invoice = books.bill(account, lines=[line(10000, tax="19")])
    before = billed(books)
    books.wait(2)
    note = books.raise_invoice(invoice, line(1000, tax="19"))
    assert note.number.startswith("DN-2026-")
    assert (note.kind, note.raises_invoice_id) == ("debit_note", invoice.invoice_id)
    assert (note.net, note.tax, note.total, note.reclaimed) == (1000, 190, 1190, 0)
    [item] = note.items
    assert (item.kind, item.due_date, item.balance) == ("debit_note", date(2026, 4, 3), 1190)
    assert (invoice.total, books.balance(account)) == (11900, (13090, 0))
    told = books.announced("InvoiceIssued")[-1]
    assert (told["kind"], told["raises_invoice_id"]) == ("debit_note", invoice.invoice_id)
    assert billed(books) == before + 1190
    books.check_constraints()
    assert reconcile(books.session)["differences"] == []


def test_it_is_due_when_that_is_said_and_raises_a_paid_invoice_too(books, account):
    invoice = books.bill(account, 1000)
    books.pay(account, 1000)
    note = books.raise_invoice(invoice, line(100), due_date=date(2026, 3, 20))
    assert (invoice.status, note.items[0].due_date) == ("paid", date(2026, 3, 20))


def test_it_is_credited_and_voided_as_an_invoice_is(books, account):
    invoice = books.bill(account, 1000)
    first = books.raise_invoice(invoice, line(1000, tax="19", quantity="2"))
    second = books.raise_invoice(invoice, line(500))
    note = books.credit_lines(first, (1, 1))
    assert (note.invoice_id, note.net, note.tax) == (first.invoice_id, 1000, 190)
    with pytest.raises(Conflict, match=f"is raised by {first.number}, {second.number}; void"):
        books.void(invoice)
    books.void(second)
    assert books.balance(account) == (1000 + 1190, 0)
    books.check_constraints()


def test_it_bills_nothing_ahead_of_the_order_of_its_invoice(books, account):
    order_id = books.order(account)
    books.ship(account, order_id, line(1000))
    [shipped] = books.announced("InvoiceIssued")
    books.raise_invoice(books.invoice(shipped["invoice_id"]), line(300))
    books.ship(account, order_id, line(700))
    assert books.announced("InvoiceIssued")[-1]["taken_off"] == 0


def test_what_was_not_issued_stands_no_more_or_is_no_invoice_is_not_raised(books, account):
    draft, issued = books.draft(account), books.bill(account)
    void, note = books.void(books.bill(account)), books.raise_invoice(issued, line(1))
    for invoice, code in ((draft, "invoice_draft"), (void, "invoice_void"), (note, "debit_note")):
        assert code_of(lambda raised=invoice: books.raise_invoice(raised, line(1))) == code
    early = {"issued_on": date(2026, 3, 1)}
    assert code_of(lambda: books.raise_invoice(issued, line(1), **early)) == "debit_before_invoice"
    assert code_of(lambda: books.raise_invoice(issued, line(0))) == "total_out_of_range"


def test_a_closed_account_gets_no_debit_note(books, account):
    invoice = books.bill(account)
    books.open_account(account_id=account, version=2, status="closed")
    assert code_of(lambda: books.raise_invoice(invoice, line(1))) == "account_closed"
