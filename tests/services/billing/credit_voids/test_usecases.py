"""A credit note issued in error is void, and all is as before it."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.billing.reconciliation.queries import reconcile
from services.billing.reports.queries import report_dso
from tests.services.billing.conftest import line

pytestmark = pytest.mark.server


def refused(act):
    with pytest.raises(Conflict) as refusal:
        act()
    return refusal.value.code


def test_its_allocations_are_reversed_and_its_invoice_is_owed_again(books, account):
    invoice = books.bill(account, 1000)
    books.pay(account, 900)
    note = books.credit(invoice, 300)
    assert (invoice.status, note.unapplied) == ("paid", 200)
    books.wait(3)
    books.session.info["announced"].clear()
    books.void_credit(note)
    assert (note.status, note.unapplied, str(note.voided_on)) == ("void", 0, "2026-03-05")
    books.session.expire_all()
    assert (invoice.status, invoice.balance, invoice.credited) == ("issued", 100, 0)
    assert books.balance(account) == (100, 0)
    assert books.announced_names() == [
        "AllocationReversed",
        "InvoiceReopened",
        "CreditNoteVoided",
        "BalanceChanged",
    ]
    books.check_constraints()
    assert reconcile(books.session)["differences"] == []


def test_what_it_credited_of_lines_and_rates_may_be_credited_again(books, account):
    invoice = books.bill(account, lines=[line(1000, tax="5", quantity="3")])
    first = books.credit_lines(invoice, (1, 2))
    assert refused(lambda: books.credit_lines(invoice, (1, 2))) == "exceeds_line"
    books.void_credit(first)
    again = books.credit_lines(invoice, (1, 3))
    assert (again.net, again.tax, invoice.balance) == (3000, 150, 0)
    [_, told] = books.announced("CreditNoteIssued")
    assert told["lines"][0]["quantity"] == "3"


def test_what_was_paid_out_is_taken_back_first(books, account):
    note = books.credit_freely(account, 1000)
    refund = books.refund_credit_note(note, 1)
    assert refused(lambda: books.void_credit(note)) == "credit_note_refunded"
    books.reverse_refund(refund.refund_id)
    books.void_credit(note)
    assert books.balance(account) == (0, 0)
    assert refused(lambda: books.void_credit(note)) == "credit_note_void"
    assert refused(lambda: books.allocate_credit(note)) == "nothing_unapplied"


def test_another_may_be_issued_for_the_same_remedy(books, account):
    invoice, remedy_id = books.bill(account, 1000), new_id("rem")
    books.void_credit(books.credit(invoice, 300, remedy_id=remedy_id))
    assert books.credit(invoice, 200, remedy_id=remedy_id).total == 200
    [told] = books.announced("CreditNoteVoided")
    assert (told["remedy_id"], told["reason"], told["total"]) == (remedy_id, "in error", 300)


def test_past_days_stay_as_they_were_and_the_turnover_is_as_without_it(books, account):
    invoice, day = books.bill(account, 1000), books.today
    period = {"first_day": day, "last_day": date(2026, 3, 31), "currency": "EUR", "known_at": None}
    before = report_dso(books.session, **period, now=books.now)["billed"]
    note = books.credit(invoice, 400)
    books.wait(10)
    books.void_credit(note)
    assert (books.owed(account, as_of=day), books.owed(account)) == (600, 1000)
    assert report_dso(books.session, **period, now=books.now)["billed"] == before


def test_what_it_took_back_is_billed_ahead_again(books, account):
    order_id = books.order(account)
    ahead = books.bill(account, 1000, order_id=order_id)
    note = books.credit(ahead, 400)
    books.void_credit(note)
    books.ship(account, order_id, line(1000))
    [_, shipped] = books.announced("InvoiceIssued")
    assert (shipped["total"], shipped["taken_off"]) == (0, 1000)
    assert note.total == Decimal(400)
    books.check_constraints()
